/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "ca/secret.h"
#include "cli/fetch_http.h"
#include "cli/registry_login.h"
#include "net/dial.h"
#include "parse/text.h"

/* A connection that is not made, and an answer that trickles, are given up before a deadline of minutes. */
enum { CONNECT_MS = 10000, REQUEST_MS = 30000, SLOWEST_BYTES_PER_S = 64, SLOW_FOR_S = 10 };

enum { HTTP_OK = 200, HTTP_PARTIAL = 206 };

struct transfer {
    const struct fetch_http_request *request;
    struct fetch_http_answer *answer;
    CURL *curl;
    struct curl_slist *headers;
    uint64_t skip; /* of a body that begins again where it was to go on */
    status kept;
    struct err *err;
    char cause[CURL_ERROR_SIZE];
};

status fetch_http_open(struct err *err)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    return code == CURLE_OK ? OK : err_set(err, ERR_BUG, 0, "libcurl: %s", curl_easy_strerror(code));
}

void fetch_http_close(void)
{
    curl_global_cleanup();
}

/* A server that knows no ranges sends all of it anew. */
static bytes drop_known(struct transfer *t, bytes part)
{
    size_t n = t->skip < part.len ? (size_t)t->skip : part.len;
    t->skip -= n;
    return bytes_slice(part, n, part.len - n);
}

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    bytes part = BYTES((const uint8_t *)data, size * count);
    long http_status = 0;
    (void)curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &http_status);
    if (t->request->body)
        t->kept = buffer_put(t->request->body, part, t->err);
    else if (http_status == HTTP_PARTIAL)
        t->kept = t->request->take(t->request->context, part, t->err);
    else if (http_status == HTTP_OK && (part = drop_known(t, part)).len > 0)
        t->kept = t->request->take(t->request->context, part, t->err);
    return is_ok(t->kept) ? size * count : CURL_WRITEFUNC_ERROR;
}

/* WWW-Authenticate alone; there may be several. */
static size_t take_field(char *data, size_t size, size_t count, void *context)
{
    static const char name[] = "www-authenticate:", bearer[] = "bearer";
    struct transfer *t = context;
    size_t all = size * count, n = all, skip = sizeof name - 1;
    if (n < skip || strncasecmp(data, name, skip) != 0) return all;
    while (skip < n && data[skip] == ' ')
        skip++;
    while (n > skip && (data[n - 1] == '\r' || data[n - 1] == '\n'))
        n--;
    bool is_bearer = n - skip >= sizeof bearer - 1 && strncasecmp(&data[skip], bearer, sizeof bearer - 1) == 0;
    if (n - skip >= sizeof t->answer->challenge || (t->answer->challenge[0] && !is_bearer)) return all;
    memcpy(t->answer->challenge, &data[skip], n - skip);
    t->answer->challenge[n - skip] = '\0';
    return all;
}

/* ---- options ---------------------------------------------------------------------------------------------------- */

static long milliseconds_until(int64_t until, int64_t most)
{
    int64_t left = until - dial_now();
    return (long)(left < 1 ? 1 : left < most ? left : most);
}

static CURLcode set_limits(CURL *c, const struct fetch_http_request *r)
{
    CURLcode code = curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_until(r->until, CONNECT_MS));
    if (!code) code = curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST_BYTES_PER_S);
    if (!code) code = curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_FOR_S);
    if (!code && r->body) code = curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, milliseconds_until(r->until, REQUEST_MS));
    if (!code && r->body) code = curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)r->body->limit);
    return code;
}

/* One protocol, that of the URL, which fetch_url_check has seen; what curl does by default and must go on not to do is
 * said too. */
static CURLcode set_manners(CURL *c, const char *url, bool is_loopback)
{
    const char *bundle = getenv("SSL_CERT_FILE"), *protocol = strncmp(url, "http:", 5) == 0 ? "http" : "https";
    CURLcode code = curl_easy_setopt(c, CURLOPT_URL, url);
    if (!code) code = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocol);
    if (!code) code = curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    if (!code) code = curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    if (!code) code = curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!code) code = curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (!code) code = curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    if (!code) code = curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L);
    if (!code && bundle && bundle[0]) code = curl_easy_setopt(c, CURLOPT_CAINFO, bundle);
    if (!code && is_loopback) code = curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    return code;
}

static bool add_header(struct transfer *t, const char *name, const char *secret_value)
{
    char secret_line[FETCH_HTTP_FIELD_BYTES + 64];
    if (!secret_value) return true;
    const bytes parts[] = {text_bytes(name), BYTES_LIT(": "), text_bytes(secret_value)};
    struct curl_slist *more = NULL;
    if (secret_join(secret_line, sizeof secret_line, parts, 3)) more = curl_slist_append(t->headers, secret_line);
    secret_wipe(secret_line, sizeof secret_line);
    if (more) t->headers = more;
    return more;
}

static CURLcode set_headers(CURL *c, struct transfer *t)
{
    char range[48];
    const struct fetch_http_request *r = t->request;
    (void)snprintf(range, sizeof range, "bytes=%llu-", (unsigned long long)r->from);
    bool is_whole = add_header(t, "Accept", r->accept) && add_header(t, "Authorization", r->secret_authorization) &&
                    add_header(t, "Range", r->from > 0 ? range : NULL);
    if (!is_whole) return CURLE_OUT_OF_MEMORY;
    CURLcode code = curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
    if (!code) code = curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_field);
    if (!code) code = curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    return code;
}

static CURLcode set_all(CURL *c, struct transfer *t)
{
    CURLcode code = set_manners(c, t->request->url, t->request->is_loopback);
    if (!code) code = set_limits(c, t->request);
    if (!code) code = set_headers(c, t);
    if (!code) code = curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
    if (!code) code = curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    if (!code) code = curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->cause);
    return code;
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static status failed(CURLcode code, const struct transfer *t, struct err *err)
{
    static const struct {
        CURLcode code;
        enum err_kind kind;
    } rows[] = {
        {CURLE_FILESIZE_EXCEEDED, ERR_LIMIT},     {CURLE_PEER_FAILED_VERIFICATION, ERR_DENIED},
        {CURLE_SSL_CACERT_BADFILE, ERR_DENIED},   {CURLE_SSL_ISSUER_ERROR, ERR_DENIED},
        {CURLE_UNSUPPORTED_PROTOCOL, ERR_DENIED}, {CURLE_OUT_OF_MEMORY, ERR_NOMEM},
    };
    enum err_kind kind = ERR_IO;
    if (!is_ok(t->kept)) return t->kept;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code) kind = rows[i].kind;
    return err_set(err, kind, 0, "%s", t->cause[0] ? t->cause : curl_easy_strerror(code));
}

static status take_results(CURL *c, bool takes_elsewhere, struct fetch_http_answer *out, struct err *err)
{
    long http_status = 0;
    curl_off_t after = 0;
    const char *elsewhere = NULL;
    CURLcode code = curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &http_status);
    if (!code) code = curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &after);
    if (!code) code = curl_easy_getinfo(c, CURLINFO_REDIRECT_URL, &elsewhere);
    if (code) return err_set(err, ERR_BUG, 0, "libcurl: %s", curl_easy_strerror(code));
    if (http_status >= 300 && http_status <= 399 && !takes_elsewhere)
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP status %ld: redirections are not followed", http_status);
    if (elsewhere && snprintf(out->elsewhere, sizeof out->elsewhere, "%s", elsewhere) >= (int)sizeof out->elsewhere)
        return err_set(err, ERR_LIMIT, 0, "HTTP status %ld: it sends us to a place with too long a name", http_status);
    out->http_status = (unsigned)http_status;
    out->retry_after_s = after < 0 ? 0 : after > INT32_MAX ? INT32_MAX : (uint32_t)after;
    return OK;
}

/* Lines of a header may hold a password. */
static void free_headers(struct curl_slist *headers)
{
    for (struct curl_slist *h = headers; h; h = h->next)
        secret_wipe(h->data, strlen(h->data));
    curl_slist_free_all(headers);
}

status fetch_http_get(const struct fetch_http_request *request, struct fetch_http_answer *out, struct err *err)
{
    struct transfer t = {.request = request, .answer = out, .skip = request->from, .err = err};
    *out = (struct fetch_http_answer){.http_status = 0};
    t.curl = curl_easy_init();
    if (!t.curl) return err_set(err, ERR_NOMEM, 0, "libcurl: out of memory");
    CURLcode code = set_all(t.curl, &t);
    if (!code) code = curl_easy_perform(t.curl);
    status s = code ? failed(code, &t, err) : take_results(t.curl, request->takes_elsewhere, out, err);
    curl_easy_cleanup(t.curl);
    free_headers(t.headers);
    return s;
}
