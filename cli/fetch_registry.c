/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_registry.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "ca/secret.h"
#include "cli/fetch_http.h"
#include "cli/fetch_options.h"
#include "cli/registry_login.h"
#include "kube/image.h"
#include "net/dial.h"
#include "parse/registry_auth.h"
#include "parse/text.h"

enum { TRIES = 5, REDIRECTS = 5, PAUSE_MS = 1000, PAUSE_MOST_MS = 60000, TOKEN_ANSWER_BYTES = 65536 };
enum {
    HTTP_OK = 200,
    HTTP_PARTIAL = 206,
    HTTP_UNAUTHORIZED = 401,
    HTTP_FORBIDDEN = 403,
    HTTP_NOT_FOUND = 404,
    HTTP_RANGE = 416,
    HTTP_TOO_MANY = 429
};

static const char manifest_types[] =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

enum { HOST_BYTES = 262 };

/* Where a repository is. */
struct place {
    bytes host, path; /* as the reference has it; "docker.io" when it has none */
    char origin[HOST_BYTES];
    char path_text[FETCH_REPOSITORY_BYTES + sizeof "library/"];
};

struct run {
    struct fetch_registry *registry;
    const struct fetch_image_request *wanted;
    const struct fetch_parts *to;
    struct fetch_answer *out;
    char *text;
    struct place place;
    char url[FETCH_HTTP_URL_BYTES];
    uint64_t got; /* bytes that were handed on */
    int64_t until, pause_ms;
    unsigned tries, redirects;
    bool is_elsewhere;  /* redirected to another origin */
    bool has_logged_in; /* for this request: what is refused now stays so */
    status handed;
    struct err *err;
};

static void give(struct run *r, enum fetch_outcome outcome, const char *fmt, ...) PRINTF(3, 4);
static void give(struct run *r, enum fetch_outcome outcome, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(r->text, LIMIT_FETCH_TEXT_BYTES + 1, fmt, args);
    va_end(args);
    *r->out = (struct fetch_answer){.outcome = outcome, .text = text_bytes(r->text)};
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

static bool is_named_plain(const struct fetch_registry *r, bytes host)
{
    for (size_t i = 0; i < r->plain->count; i++)
        if (bytes_eq(host, text_bytes(r->plain->items[i]))) return true;
    return false;
}

/* What is in front of the path: "https://HOST:PORT". */
static bytes origin_of(const char *url)
{
    const char *host = strstr(url, "://");
    size_t n = host ? (size_t)(host + 3 - url) : 0;
    return BYTES((const uint8_t *)url, n + strcspn(url + n, "/?#"));
}

static bytes host_of(bytes origin)
{
    size_t n = 0;
    while (n < origin.len && origin.ptr[n] != ':')
        n++;
    return origin.len > n + 3 ? bytes_slice(origin, n + 3, origin.len - n - 3) : BYTES_LIT("");
}

/* Whether we may go there at all: a host, and TLS unless it is here or named.  `*is_loopback`: no proxy. */
static status check_url(const struct fetch_registry *r, const char *url, bool *is_loopback, struct err *err)
{
    char origin[HOST_BYTES];
    bytes o = origin_of(url), host = host_of(o);
    bool is_plain = strncmp(url, "http://", 7) == 0;
    if (is_plain && is_named_plain(r, host)) {
        (void)snprintf(origin, sizeof origin, "https://%.*s", (int)host.len, (const char *)host.ptr);
        return fetch_url_check(origin, is_loopback, err);
    }
    if (o.len >= sizeof origin) return err_set(err, ERR_LIMIT, 0, "the name of a host is too long");
    (void)snprintf(origin, sizeof origin, "%.*s", (int)o.len, (const char *)o.ptr);
    return fetch_url_check(origin, is_loopback, err);
}

static bool has_registry(bytes first)
{
    return memchr(first.ptr, '.', first.len) || memchr(first.ptr, ':', first.len) ||
           bytes_eq(first, BYTES_LIT("localhost"));
}

/* A name without a registry is Docker's; one without a folder is in its library. */
static status find_place(struct run *r, struct err *err)
{
    struct place *p = &r->place;
    struct image_reference reference;
    bytes name = r->wanted->repository;
    TRY(image_reference_parse(name, &reference, err));
    if (reference.name.len != name.len) return err_set(err, ERR_SYNTAX, 0, "want a name without tag and digest");
    size_t slash = 0;
    while (slash < name.len && name.ptr[slash] != '/')
        slash++;
    bool is_named = slash < name.len && has_registry(bytes_slice(name, 0, slash));
    p->host = is_named ? bytes_slice(name, 0, slash) : BYTES_LIT("docker.io");
    p->path = is_named ? bytes_slice(name, slash + 1, name.len - slash - 1) : name;
    bool is_docker = bytes_eq(p->host, BYTES_LIT("docker.io"));
    bool is_official = is_docker && !memchr(p->path.ptr, '/', p->path.len);
    int n = snprintf(p->path_text, sizeof p->path_text, "%s%.*s", is_official ? "library/" : "", (int)p->path.len,
                     (const char *)p->path.ptr);
    p->path = BYTES((const uint8_t *)p->path_text, (size_t)n);
    const char *front = "https://";
    bool is_loopback = false;
    bytes host = is_docker ? BYTES_LIT("registry-1.docker.io") : p->host;
    (void)snprintf(p->origin, sizeof p->origin, "https://%.*s", (int)host.len, (const char *)host.ptr);
    TRY(fetch_url_check(p->origin, &is_loopback, err));
    if (is_loopback || is_named_plain(r->registry, host)) front = "http://";
    (void)snprintf(p->origin, sizeof p->origin, "%s%.*s", front, (int)host.len, (const char *)host.ptr);
    return OK;
}

static void begin(struct run *r)
{
    char digest[HEX_TEXT_SIZE(FETCH_DIGEST_BYTES)] = "";
    (void)!is_ok(hex_write(r->wanted->digest, digest, sizeof digest, NULL));
    (void)snprintf(r->url, sizeof r->url, "%s/v2/%s/%s/sha256:%s", r->place.origin, r->place.path_text,
                   r->wanted->kind == FETCH_MANIFEST ? "manifests" : "blobs", digest);
    r->is_elsewhere = false;
    r->redirects = 0;
}

/* ---- tokens ----------------------------------------------------------------------------------------------------- */

/* As part of a query. */
static void put_escaped(char *out, size_t cap, bytes text)
{
    size_t n = strlen(out);
    for (size_t i = 0; i < text.len && n + 4 < cap; i++) {
        uint8_t c = text.ptr[i];
        bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~", c));
        n += (size_t)snprintf(&out[n], cap - n, is_plain ? "%c" : "%%%02X", c);
    }
}

static void put_string(char *out, size_t cap, const char *text)
{
    size_t n = strlen(out);
    (void)snprintf(&out[n], cap - n, "%s", text);
}

static status write_token_url(const struct run *r, const struct auth_challenge *c, char out[FETCH_HTTP_URL_BYTES],
                              struct err *err)
{
    if (3 * (c->realm.len + c->service.len + r->place.path.len) + 64 > FETCH_HTTP_URL_BYTES)
        return err_set(err, ERR_LIMIT, 0, "the challenge is too long");
    (void)snprintf(out, FETCH_HTTP_URL_BYTES, "%.*s%c", (int)c->realm.len, (const char *)c->realm.ptr,
                   memchr(c->realm.ptr, '?', c->realm.len) ? '&' : '?');
    if (c->service.ptr) {
        put_string(out, FETCH_HTTP_URL_BYTES, "service=");
        put_escaped(out, FETCH_HTTP_URL_BYTES, c->service);
        put_string(out, FETCH_HTTP_URL_BYTES, "&");
    }
    put_string(out, FETCH_HTTP_URL_BYTES, "scope=repository%3A");
    put_escaped(out, FETCH_HTTP_URL_BYTES, r->place.path);
    put_string(out, FETCH_HTTP_URL_BYTES, "%3Apull");
    return OK;
}

static status take_token(struct run *r, bytes secret_answer, struct err *err)
{
    bytes keys[64], secret_token;
    uint8_t secret_text[TOKEN_ANSWER_BYTES];
    const struct registry_auth_storage lent = {
        .keys = keys, .key_cap = 64, .secret_text = secret_text, .text_cap = sizeof secret_text};
    status s = registry_token_parse(secret_answer, &lent, &secret_token, err);
    if (is_ok(s)) {
        const bytes parts[] = {BYTES_LIT("Bearer "), secret_token};
        if (!secret_join(r->registry->secret_authorization, REGISTRY_TOKEN_BYTES, parts, 2))
            s = err_set(err, ERR_LIMIT, 0, "the token is too long");
    }
    secret_wipe(secret_text, sizeof secret_text);
    return s;
}

static status get_token(struct run *r, const struct auth_challenge *c, const char *secret_login, struct err *err)
{
    char url[FETCH_HTTP_URL_BYTES];
    struct buffer body = BUFFER("token", TOKEN_ANSWER_BYTES);
    struct fetch_http_request request = {
        .url = url, .until = r->until, .secret_authorization = secret_login, .body = &body};
    struct fetch_http_answer a;
    bool is_anonymous = secret_login == NULL;
    TRY(write_token_url(r, c, url, err));
    TRY(check_url(r->registry, url, &request.is_loopback, err));
    status s = fetch_http_get(&request, &a, err);
    if (is_ok(s) && a.http_status != HTTP_OK)
        s = err_set(err, a.http_status >= 500 || a.http_status == HTTP_TOO_MANY ? ERR_IO : ERR_DENIED, 0,
                    "HTTP status %u%s", a.http_status, is_anonymous ? ", without a password" : "");
    if (is_ok(s)) s = take_token(r, buffer_view(&body), err);
    buffer_free(&body);
    bytes origin = origin_of(url);
    return err_in(err, s, "token from %s", text_quote(origin).s);
}

/* After a 401 of the registry itself. */
static status log_in(struct run *r, const char *challenge, struct err *err)
{
    char secret_login[REGISTRY_LOGIN_BYTES] = "";
    struct auth_challenge c;
    TRY(auth_challenge_parse(text_bytes(challenge), &c, err));
    bool has_login = registry_login_get(r->place.host, r->place.path, secret_login);
    status s = OK;
    if (c.is_bearer)
        s = get_token(r, &c, has_login ? secret_login : NULL, err);
    else if (has_login)
        memcpy(r->registry->secret_authorization, secret_login, sizeof secret_login);
    else
        s = err_set(err, ERR_DENIED, 0, "it wants a password: use docker login or podman login");
    secret_wipe(secret_login, sizeof secret_login);
    if (!is_ok(s)) return s;
    bytes name = r->wanted->repository;
    (void)snprintf(r->registry->token_for, sizeof r->registry->token_for, "%.*s", (int)name.len,
                   (const char *)name.ptr);
    return OK;
}

static void forget(struct fetch_registry *r)
{
    secret_wipe(r->secret_authorization, sizeof r->secret_authorization);
    r->token_for[0] = '\0';
}

/* ---- patience --------------------------------------------------------------------------------------------------- */

/* Whether to begin again, after a pause. */
static bool try_again(struct run *r, uint32_t retry_after_s)
{
    int64_t ms = retry_after_s > 0 ? (int64_t)retry_after_s * 1000 : r->pause_ms;
    if (++r->tries >= TRIES || dial_now() + ms >= r->until) return false;
    if (ms > PAUSE_MS)
        (void)fprintf(stderr, "contrast-fetch: %s: trying again in %d s\n", r->place.origin, (int)(ms / 1000));
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
    r->pause_ms = 2 * r->pause_ms < PAUSE_MOST_MS ? 2 * r->pause_ms : PAUSE_MOST_MS;
    begin(r);
    return true;
}

/* ---- one request ------------------------------------------------------------------------------------------------ */

static status hand_on(void *context, bytes part, struct err *err)
{
    struct run *r = context;
    (void)err;
    r->handed = r->to->put(r->to->context, part, r->err);
    r->got += part.len;
    r->until = dial_now() + r->wanted->wait_ms;
    r->tries = 0;
    return r->handed;
}

static bool is_same_origin(const char *a, const char *b)
{
    return bytes_eq(origin_of(a), origin_of(b));
}

static bool follow(struct run *r, const struct fetch_http_answer *a)
{
    if (++r->redirects > REDIRECTS) {
        give(r, FETCH_REFUSED, "%s: more than %d redirections", r->place.origin, REDIRECTS);
        return false;
    }
    (void)snprintf(r->url, sizeof r->url, "%s", a->elsewhere);
    r->is_elsewhere = r->is_elsewhere || !is_same_origin(r->url, r->place.origin);
    return true;
}

static bool unauthorized(struct run *r, const struct fetch_http_answer *a)
{
    struct err err = {0};
    forget(r->registry);
    if (r->has_logged_in || r->is_elsewhere || !a->challenge[0]) {
        give(r, FETCH_REFUSED, "%s: HTTP status 401: the password or token is not enough", r->place.origin);
        return false;
    }
    status s = log_in(r, a->challenge, &err);
    if (s.kind == ERR_IO && try_again(r, 0)) return true;
    if (!is_ok(s)) give(r, FETCH_REFUSED, "%s: %s", r->place.origin, err.text);
    r->has_logged_in = is_ok(s);
    return is_ok(s);
}

/* What an answer means; true when another request is due. */
static bool take_answer(struct run *r, const struct fetch_http_answer *a)
{
    unsigned code = a->http_status;
    if (code == HTTP_OK || code == HTTP_PARTIAL || (code == HTTP_RANGE && r->got > 0)) {
        *r->out = (struct fetch_answer){.outcome = FETCH_END};
        return false;
    }
    if (code >= 300 && code <= 399 && a->elsewhere[0]) return follow(r, a);
    if (code == HTTP_UNAUTHORIZED) return unauthorized(r, a);
    if (code == HTTP_TOO_MANY || code >= 500) {
        if (try_again(r, a->retry_after_s)) return true;
        give(r, FETCH_LIMITED, "%s: HTTP status %u, after %u tries", r->place.origin, code, r->tries);
    } else if (code == HTTP_NOT_FOUND) {
        give(r, FETCH_ABSENT, "%s has no such thing (HTTP status 404)", r->place.origin);
    } else {
        give(r, FETCH_REFUSED, "%s: HTTP status %u%s", r->place.origin, code,
             code == HTTP_FORBIDDEN ? ": not allowed to read it" : "");
    }
    return false;
}

static bool try_once(struct run *r)
{
    struct fetch_registry *g = r->registry;
    bytes name = r->wanted->repository;
    bool has_token = bytes_eq(text_bytes(g->token_for), name) && !r->is_elsewhere;
    struct fetch_http_request request = {
        .url = r->url,
        .until = r->until,
        .accept = r->wanted->kind == FETCH_MANIFEST ? manifest_types : NULL,
        .secret_authorization = has_token ? g->secret_authorization : NULL,
        .take = hand_on,
        .context = r,
        .from = r->got,
        .takes_elsewhere = true,
    };
    struct fetch_http_answer a;
    struct err err = {0};
    status s = check_url(g, r->url, &request.is_loopback, &err);
    if (is_ok(s)) s = fetch_http_get(&request, &a, &err);
    if (is_ok(s)) return take_answer(r, &a);
    if (!is_ok(r->handed)) return false;
    if (s.kind == ERR_IO && try_again(r, 0)) return true;
    give(r, s.kind == ERR_IO ? FETCH_UNREACHABLE : FETCH_REFUSED, "%s: %s", r->place.origin, err.text);
    return false;
}

status fetch_registry_answer(struct fetch_registry *registry, const struct fetch_image_request *wanted,
                             const struct fetch_parts *to, struct fetch_answer *out,
                             char text[LIMIT_FETCH_TEXT_BYTES + 1], struct err *err)
{
    struct err why = {0};
    struct run r = {.registry = registry,
                    .wanted = wanted,
                    .to = to,
                    .out = out,
                    .text = text,
                    .until = dial_now() + wanted->wait_ms,
                    .pause_ms = PAUSE_MS,
                    .handed = OK,
                    .err = err};
    status s = find_place(&r, &why);
    if (!is_ok(s)) {
        give(&r, FETCH_REFUSED, "%s", why.text);
        return OK;
    }
    begin(&r);
    while (try_once(&r))
        ;
    return r.handed;
}
