/* SPDX-License-Identifier: Apache-2.0 */
#include <curl/curl.h>
#include <stdlib.h>

#include "cli/fetch_http.h"
#include "net/dial.h"

/* A connection that is not made, and an answer that trickles, are given up before a deadline of minutes. */
enum { CONNECT_MS = 10000, REQUEST_MS = 30000, SLOWEST_BYTES_PER_S = 64, SLOW_FOR_S = 10 };

struct transfer {
    struct buffer *body;
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

static size_t take_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    t->kept = buffer_put(t->body, BYTES((const uint8_t *)data, size * count), t->err);
    return is_ok(t->kept) ? size * count : CURL_WRITEFUNC_ERROR;
}

/* ---- options ---------------------------------------------------------------------------------------------------- */

static long milliseconds_until(int64_t until, int64_t most)
{
    int64_t left = until - dial_now();
    return (long)(left < 1 ? 1 : left < most ? left : most);
}

static CURLcode set_limits(CURL *c, int64_t until, const struct transfer *t)
{
    CURLcode code = curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, milliseconds_until(until, REQUEST_MS));
    if (!code) code = curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_until(until, CONNECT_MS));
    if (!code) code = curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST_BYTES_PER_S);
    if (!code) code = curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_FOR_S);
    if (!code) code = curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)t->body->limit);
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

static CURLcode set_all(CURL *c, const char *url, bool is_loopback, int64_t until, struct transfer *t)
{
    CURLcode code = set_manners(c, url, is_loopback);
    if (!code) code = set_limits(c, until, t);
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

static status take_results(CURL *c, struct fetch_http_answer *out, struct err *err)
{
    long http_status = 0;
    curl_off_t after = 0;
    CURLcode code = curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &http_status);
    if (!code) code = curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &after);
    if (code) return err_set(err, ERR_BUG, 0, "libcurl: %s", curl_easy_strerror(code));
    if (http_status >= 300 && http_status <= 399)
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP status %ld: redirections are not followed", http_status);
    out->http_status = (unsigned)http_status;
    out->retry_after_s = after < 0 ? 0 : after > INT32_MAX ? INT32_MAX : (uint32_t)after;
    return OK;
}

status fetch_http_get(const char *url, bool is_loopback, int64_t until, struct buffer *body,
                      struct fetch_http_answer *out, struct err *err)
{
    struct transfer t = {.body = body, .err = err};
    CURL *c = curl_easy_init();
    if (!c) return err_set(err, ERR_NOMEM, 0, "libcurl: out of memory");
    CURLcode code = set_all(c, url, is_loopback, until, &t);
    if (!code) code = curl_easy_perform(c);
    status s = code ? failed(code, &t, err) : take_results(c, out, err);
    curl_easy_cleanup(c);
    return s;
}
