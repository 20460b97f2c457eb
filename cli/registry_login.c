/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/registry_login.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca/secret.h"
#include "cli/file.h"
#include "net/dial.h"
#include "net/exchange.h"
#include "parse/registry_auth.h"
#include "parse/text.h"

/* Helpers ask a keychain, which may ask a person. */
enum { CONFIG_BYTES = 1 << 20, ANSWER_BYTES = 16384, HELPER_MS = 60000 };

struct search {
    bytes host, repository;
    char *secret_out;
};

/* Room for the readers, of one block. */
struct room {
    bytes keys[LIMIT_REGISTRY_AUTH_KEYS];
    uint8_t secret_text[CONFIG_BYTES];
};

static struct registry_auth_storage lend(struct room *r)
{
    return (struct registry_auth_storage){.keys = r->keys,
                                          .key_cap = LIMIT_REGISTRY_AUTH_KEYS,
                                          .secret_text = r->secret_text,
                                          .text_cap = sizeof r->secret_text};
}

static void tell(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "contrast-fetch: %s: %s\n", text_quote(text_bytes(what)).s, err->text);
}

bool secret_join(char *secret_out, size_t cap, const bytes *parts, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len >= cap - n) return false;
        if (parts[i].len > 0) memcpy(&secret_out[n], parts[i].ptr, parts[i].len);
        n += parts[i].len;
    }
    secret_out[n] = '\0';
    return true;
}

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

/* In the child. */
static void become(const char *program, int file)
{
    if (dup2(file, STDIN_FILENO) >= 0 && dup2(file, STDOUT_FILENO) >= 0) execlp(program, program, "get", (char *)NULL);
    _exit(127);
}

static status read_all(int file, uint8_t secret_out[ANSWER_BYTES], size_t *len, struct err *err)
{
    int64_t until = dial_now() + HELPER_MS;
    for (ssize_t n = 1; n > 0; *len += n > 0 ? (size_t)n : 0) {
        TRY(exchange_await(file, POLLIN, until, err));
        if (*len == ANSWER_BYTES) return err_set(err, ERR_LIMIT, 0, "want an answer below %d bytes", ANSWER_BYTES);
        n = read(file, secret_out + *len, ANSWER_BYTES - *len);
        if (n < 0) return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    }
    return OK;
}

static status talk(int file, bytes server, uint8_t secret_out[ANSWER_BYTES], size_t *len, struct err *err)
{
    if (send(file, server.ptr, server.len, MSG_NOSIGNAL) != (ssize_t)server.len || shutdown(file, SHUT_WR) != 0)
        return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    return read_all(file, secret_out, len, err);
}

/* Docker's own registry has the name under which `docker login` keeps it. */
static bytes server_of(bytes host)
{
    return bytes_eq(host, BYTES_LIT("docker.io")) ? BYTES_LIT("https://index.docker.io/v1/") : host;
}

static status run_helper(const char *program, bytes host, uint8_t secret_out[ANSWER_BYTES], size_t *len,
                         struct err *err)
{
    int ends[2], code = 0;
    struct err why = {0};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    pid_t child = fork();
    if (child == 0) become(program, ends[1]);
    close(ends[1]);
    status s = child > 0 ? talk(ends[0], server_of(host), secret_out, len, &why) : err_set(&why, ERR_IO, 0, "fork");
    close(ends[0]);
    if (child > 0 && !is_ok(s)) (void)kill(child, SIGKILL); /* it may never end by itself */
    while (child > 0 && waitpid(child, &code, 0) < 0 && errno == EINTR)
        ;
    /* Its end says more than what it did to the connection. */
    if (code != 0) return err_set(err, ERR_DENIED, 0, "it is not there, has no password, or failed");
    return is_ok(s) ? OK : err_set(err, s.kind, 0, "%s", why.text);
}

static status put_login(const struct search *s, bytes name, bytes secret_password, struct err *err)
{
    char secret_both[REGISTRY_LOGIN_BYTES];
    const bytes parts[] = {name, BYTES_LIT(":"), secret_password};
    bool fits = secret_join(secret_both, sizeof secret_both, parts, 3);
    status done = fits ? OK : err_set(err, ERR_LIMIT, 0, "the password is too long");
    memcpy(s->secret_out, "Basic ", 6);
    if (is_ok(done))
        done = base64_write(BYTES((const uint8_t *)secret_both, name.len + 1 + secret_password.len), BASE64_STANDARD,
                            s->secret_out + 6, REGISTRY_LOGIN_BYTES - 6, err);
    secret_wipe(secret_both, sizeof secret_both);
    return done;
}

static status take_answer(const struct search *s, struct room *r, bytes secret_answer, struct err *err)
{
    const struct registry_auth_storage lent = lend(r);
    bytes name, secret_password;
    TRY(registry_helper_parse(secret_answer, &lent, &name, &secret_password, err));
    if (bytes_eq(name, BYTES_LIT("<token>")))
        return err_set(err, ERR_UNSUPPORTED, 0, "an identity token: log in with a password or an access token");
    return put_login(s, name, secret_password, err);
}

static bool ask_helper(const struct search *s, struct room *r, bytes helper)
{
    char program[sizeof "docker-credential-" + LIMIT_HELPER_NAME_BYTES];
    uint8_t secret_answer[ANSWER_BYTES];
    struct err err = {0};
    size_t len = 0;
    (void)snprintf(program, sizeof program, "docker-credential-%.*s", (int)helper.len, (const char *)helper.ptr);
    status done = run_helper(program, s->host, secret_answer, &len, &err);
    if (is_ok(done)) done = take_answer(s, r, BYTES(secret_answer, len), &err);
    secret_wipe(secret_answer, sizeof secret_answer);
    if (!is_ok(done)) tell(program, &err);
    return is_ok(done);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static status check_basic(bytes secret_basic, struct err *err)
{
    uint8_t secret_both[REGISTRY_LOGIN_BYTES];
    bytes both = BYTES_ABSENT;
    status s = base64_parse(secret_basic, BASE64_STANDARD, secret_both, sizeof secret_both, &both, err);
    if (is_ok(s) && !memchr(both.ptr, ':', both.len)) s = err_set(err, ERR_SYNTAX, 0, "want base64 of NAME:PASSWORD");
    secret_wipe(secret_both, sizeof secret_both);
    return err_in(err, s, "auth");
}

static status take_config(const struct search *s, bytes secret_in, struct room *r, bool *has_one, struct err *err)
{
    const struct registry_auth_storage lent = lend(r);
    struct registry_login login = {.has_identity = false};
    TRY(registry_login_find(secret_in, s->host, s->repository, &lent, &login, err));
    char helper[LIMIT_HELPER_NAME_BYTES + 1];
    (void)snprintf(helper, sizeof helper, "%.*s", (int)login.helper.len, (const char *)login.helper.ptr);
    if (login.secret_basic.ptr) {
        TRY(check_basic(login.secret_basic, err));
        const bytes parts[] = {BYTES_LIT("Basic "), login.secret_basic};
        *has_one = secret_join(s->secret_out, REGISTRY_LOGIN_BYTES, parts, 2);
    }
    /* It reads its answer into the same room. */
    if (login.helper.ptr && ask_helper(s, r, text_bytes(helper))) *has_one = true;
    if (!*has_one && login.has_identity)
        return err_set(err, ERR_UNSUPPORTED, 0, "an identity token: log in with a password or an access token");
    return OK;
}

static bool look_into(const struct search *s, const char *path)
{
    struct err err = {0};
    bytes secret_in;
    bool has_one = false;
    if (access(path, F_OK) != 0) return false;
    struct room *r = malloc(sizeof *r);
    if (!r) return false;
    status done = file_read(path, CONFIG_BYTES, &secret_in, &err);
    if (is_ok(done)) {
        done = take_config(s, secret_in, r, &has_one, &err);
        secret_wipe((void *)(uintptr_t)secret_in.ptr, secret_in.len);
        file_free(secret_in);
    }
    secret_wipe(r, sizeof *r);
    free(r);
    if (!is_ok(done)) tell(path, &err);
    return has_one;
}

bool registry_login_get(bytes host, bytes repository, char secret_out[REGISTRY_LOGIN_BYTES])
{
    static const struct {
        const char *variable, *file;
        const char *instead; /* of another variable that stands for this one: not looked at when that is set */
    } places[] = {
        {"REGISTRY_AUTH_FILE", "", NULL},
        {"DOCKER_CONFIG", "/config.json", NULL},
        {"HOME", "/.docker/config.json", "DOCKER_CONFIG"},
        {"XDG_RUNTIME_DIR", "/containers/auth.json", NULL},
        {"HOME", "/.config/containers/auth.json", NULL},
    };
    const struct search s = {.host = host, .repository = repository, .secret_out = secret_out};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        char path[PATH_MAX];
        const char *folder = getenv(places[i].variable);
        if (!folder || !folder[0] || (places[i].instead && getenv(places[i].instead))) continue;
        if (snprintf(path, sizeof path, "%s%s", folder, places[i].file) >= (int)sizeof path) continue;
        if (look_into(&s, path)) return true;
    }
    return false;
}
