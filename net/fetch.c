/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/exchange.h"
#include "parse/put.h"
#include "snp/product.h"

_Static_assert(SNP_MILAN == 1 && (int)SNP_TURIN == (int)FETCH_PRODUCTS, "products of a request are those of snp/");

static const char program_name[] = "contrast-fetch";

/* The program has a moment more than it was told, for what is not waiting. */
enum { GRACE_MS = 5000, FILES_CLOSED = 1024 };

struct fetch {
    int file; /* both ways */
    pid_t child;
    uint8_t answer[FETCH_ANSWER_BYTES_MAX];
};

static status failed(const char *what, struct err *err)
{
    if (errno == EPIPE || errno == ECONNRESET)
        return err_set(err, ERR_IO, 0, "%s: the program has ended, or is not there", program_name);
    return err_set(err, ERR_IO, 0, "%s: %s: %s", program_name, what, strerror(errno));
}

/* ---- starting --------------------------------------------------------------------------------------------------- */

/* "/usr/bin/contrast" -> "/usr/bin/contrast-fetch" */
static status find_program(const char *given, char out[PATH_MAX], struct err *err)
{
    const char *named = given ? given : getenv("CONTRAST_FETCH");
    if (named && named[0]) return snprintf(out, PATH_MAX, "%s", named) < PATH_MAX ? OK : failed("its name", err);
    ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (n <= 0) return failed("/proc/self/exe", err);
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    size_t folder = slash ? (size_t)(slash + 1 - out) : 0;
    if (folder + sizeof program_name > PATH_MAX) return err_set(err, ERR_LIMIT, 0, "%s: its path is too long", out);
    memcpy(&out[folder], program_name, sizeof program_name);
    return OK;
}

enum { ARGUMENTS_MAX = 1 + 2 + 4 * FETCH_OPTION_ROOTS + 1 };

static void fill_arguments(const char *program, const struct fetch_options *o, const char *argv[ARGUMENTS_MAX])
{
    size_t n = 0;
    argv[n++] = program;
    if (o->url) argv[n++] = "--kds-url";
    if (o->url) argv[n++] = o->url;
    for (size_t i = 0; i < o->root_count; i++) {
        argv[n++] = "--insecure-root";
        argv[n++] = o->roots[i];
    }
    for (size_t i = 0; i < o->plain_count; i++) {
        argv[n++] = "--insecure-registry";
        argv[n++] = o->plain_registries[i];
    }
    argv[n] = NULL;
}

/* In the child. */
static void become(const char *program, const struct fetch_options *o, int file)
{
    const char *argv[ARGUMENTS_MAX];
    fill_arguments(program, o, argv);
    if (o->cache && setenv("CONTRAST_CACHE_DIR", o->cache, 1) != 0) _exit(127);
    if (o->is_quiet && dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) < 0) _exit(127);
    if (dup2(file, STDIN_FILENO) >= 0 && dup2(file, STDOUT_FILENO) >= 0) {
        for (int i = STDERR_FILENO + 1; i < FILES_CLOSED; i++)
            (void)close(i);
        execv(program, (char *const *)(uintptr_t)argv);
    }
    _exit(127);
}

static status start(const char *program, const struct fetch_options *o, struct fetch *f, struct err *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return failed("socketpair", err);
    f->file = ends[0];
    f->child = fork();
    if (f->child == 0) become(program, o, ends[1]);
    status s = f->child > 0 ? OK : failed("fork", err);
    close(ends[1]);
    if (is_ok(s) && fcntl(f->file, F_SETFD, FD_CLOEXEC) != 0) s = failed("socket", err);
    return s;
}

status fetch_open(const struct fetch_options *options, struct fetch **out, struct err *err)
{
    char program[PATH_MAX];
    if (options->root_count > FETCH_OPTION_ROOTS || options->plain_count > FETCH_OPTION_ROOTS)
        return err_set(err, ERR_LIMIT, 0, "%s: want at most %d roots or registries", program_name, FETCH_OPTION_ROOTS);
    TRY(find_program(options->program, program, err));
    struct fetch *f = malloc(sizeof *f);
    if (!f) return err_set(err, ERR_NOMEM, 0, "%s: out of memory", program_name);
    f->file = -1;
    f->child = -1;
    status s = start(program, options, f, err);
    if (is_ok(s))
        *out = f;
    else
        fetch_close(f);
    return s;
}

void fetch_close(struct fetch *f)
{
    if (!f) return;
    if (f->file >= 0) close(f->file);
    if (f->child > 0) (void)kill(f->child, SIGKILL); /* or it would wait for the network */
    while (f->child > 0 && waitpid(f->child, NULL, 0) < 0 && errno == EINTR)
        ;
    free(f);
}

bool fetch_is_idle(const struct fetch *f)
{
    struct pollfd p = {.fd = f->file, .events = POLLIN};
    return poll(&p, 1, 0) == 0;
}

/* ---- one request ------------------------------------------------------------------------------------------------ */

/* A program that has ended must not end this one: no SIGPIPE. */
static status send_all(int file, bytes in, int64_t until, struct err *err)
{
    while (in.len > 0) {
        TRY(err_in(err, exchange_await(file, POLLOUT, until, err), "%s", program_name));
        ssize_t n = send(file, in.ptr, in.len, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) return failed("request", err);
        if (n > 0) in = bytes_slice(in, (size_t)n, in.len - (size_t)n);
    }
    return OK;
}

/* `request` has room in front for its length. */
static status send_request(struct fetch *f, uint8_t *request, size_t len, int64_t until, struct err *err)
{
    put_u32le(request, (uint32_t)len);
    return send_all(f->file, BYTES(request, FETCH_LENGTH_BYTES + len), until, err);
}

static status read_answer(struct fetch *f, int64_t until, struct fetch_answer *out, struct err *err)
{
    uint8_t head[FETCH_LENGTH_BYTES];
    size_t len;
    TRY(err_in(err, exchange_read(f->file, head, sizeof head, until, err), "%s", program_name));
    TRY(err_in(err, fetch_length_parse(head, sizeof f->answer, &len, err), "%s", program_name));
    TRY(err_in(err, exchange_read(f->file, f->answer, len, until, err), "%s", program_name));
    return err_in(err, fetch_answer_parse(BYTES(f->answer, len), out, err), "%s", program_name);
}

status fetch_ask(struct fetch *f, const struct fetch_request *in, struct fetch_answer *out, struct err *err)
{
    int64_t until = dial_now() + in->wait_ms + GRACE_MS;
    uint8_t request[FETCH_LENGTH_BYTES + FETCH_REQUEST_BYTES_MAX];
    TRY(send_request(f, request, fetch_request_write(in, &request[FETCH_LENGTH_BYTES]), until, err));
    return read_answer(f, until, out, err);
}

status fetch_ask_image(struct fetch *f, const struct fetch_image_request *in, const struct fetch_taker *to,
                       struct fetch_answer *out, struct err *err)
{
    int64_t wait = (int64_t)in->wait_ms + GRACE_MS;
    uint8_t request[FETCH_LENGTH_BYTES + FETCH_IMAGE_REQUEST_BYTES_MAX];
    size_t len = fetch_image_request_write(in, &request[FETCH_LENGTH_BYTES]);
    TRY(send_request(f, request, len, dial_now() + wait, err));
    for (;;) {
        TRY(read_answer(f, dial_now() + wait, out, err));
        if (out->outcome != FETCH_FOUND) return OK;
        TRY(to->take(to->context, out->content, err));
    }
}
