/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http1_server.h"

#include <stdio.h>

#include "net/http_answer.h"
#include "parse/http1.h"
#include "parse/text.h"

/* Answers, and what is said of them, are ours. */
enum { OUTPUT_LIMIT = 1 << 28 };

static const struct http1_route *route_of(const struct http1_server *s)
{
    return &s->options->routes[s->route];
}

void http1_server_open(struct http1_server *s, const struct http1_server_options *options, int64_t now)
{
    size_t body = 0;
    for (size_t i = 0; i < options->route_count; i++)
        if (options->routes[i].body_limit > body) body = options->routes[i].body_limit;
    *s = (struct http1_server){
        .options = options,
        .in = BUFFER("HTTP request", LIMIT_HTTP_HEAD_BYTES + body + HTTP1_AHEAD_BYTES),
        .out = BUFFER("HTTP answer", OUTPUT_LIMIT),
        .now = now,
        .deadline = now + options->idle_ms,
    };
}

void http1_server_close(struct http1_server *s)
{
    buffer_free(&s->in);
    buffer_free(&s->out);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static const char *reason_of(unsigned http_status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } rows[] = {
        {200, "OK"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].status == http_status) return rows[i].reason;
    return "";
}

/* `more`: further lines, each with its end. */
static status put_answer(struct http1_server *s, unsigned http_status, const char *content_type, const char *more,
                         bytes body, struct err *err)
{
    char head[512];
    int n = snprintf(head, sizeof head, "HTTP/1.1 %u %s\r\nContent-Length: %zu\r\n%s%s%s%s%s\r\n", http_status,
                     reason_of(http_status), body.len, content_type ? "Content-Type: " : "",
                     content_type ? content_type : "", content_type ? "\r\n" : "", more,
                     s->keeps_alive ? "" : "Connection: close\r\n");
    if (n < 0 || (size_t)n >= sizeof head) return err_set(err, ERR_BUG, 0, "HTTP answer: a head that is too long");
    if (s->is_head_request) return buffer_put(&s->out, BYTES((const uint8_t *)head, (size_t)n), err);
    uint8_t *to;
    TRY(buffer_reserve(&s->out, (size_t)n + body.len, &to, err)); /* all of it or nothing */
    memcpy(to, head, (size_t)n);
    memcpy(to + n, body.ptr, body.len);
    buffer_commit(&s->out, (size_t)n + body.len);
    return OK;
}

/* Answers by itself; the connection ends. */
static status refuse_as(struct http1_server *s, unsigned http_status, const char *code, const char *more,
                        const char *why, struct err *err)
{
    struct buffer body = BUFFER("HTTP error body", 1 << 16);
    s->keeps_alive = false;
    s->state = HTTP1_CLOSING;
    buffer_free(&s->in);
    /* 405 has no body in this protocol. */
    if (http_status == 405) return put_answer(s, http_status, NULL, more, BYTES_LIT(""), err);
    status r = http_error_write(s->options->version, http_status, code, text_bytes(why), &body, err);
    if (is_ok(r)) r = put_answer(s, http_status, "application/json", more, buffer_view(&body), err);
    buffer_free(&body);
    return r;
}

static status refuse(struct http1_server *s, unsigned http_status, const char *more, const char *why, struct err *err)
{
    return refuse_as(s, http_status, http_error_code(http_status), more, why, err);
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

static bool is_path_of(const struct http1_route *route, bytes path)
{
    bytes name = text_bytes(route->path);
    bool is_front = name.ptr[name.len - 1] == '*';
    if (!is_front) return bytes_eq(path, name);
    name = bytes_slice(name, 0, name.len - 1);
    return bytes_eq(bytes_slice(path, 0, name.len), name);
}

static bool find_route(struct http1_server *s, bytes path)
{
    for (size_t i = 0; i < s->options->route_count; i++) {
        s->route = i;
        if (is_path_of(&s->options->routes[i], path)) return true;
    }
    return false;
}

/* The query stands behind the path and a '?'. */
static void note_target(struct http1_server *s, bytes head, const struct http1_request *q)
{
    s->target_at = (size_t)(q->path.ptr - head.ptr);
    s->target_len = q->path.len + (q->query.ptr ? 1 + q->query.len : 0);
}

static status check_media_type(struct http1_server *s, bytes value, struct err *err)
{
    bool is_json = false;
    struct err why = {0};
    if (!route_of(s)->wants_json) return OK;
    if (!is_ok(http1_media_type_is(value, "application/json", &is_json, &why)))
        return refuse(s, 400, "", value.ptr ? why.text : "Content-Type: is missing", err);
    return is_json ? OK : refuse(s, 415, "", "Content-Type: want application/json", err);
}

static status begin_body(struct http1_server *s, const struct http1_request *q, struct err *err)
{
    s->is_head_request = bytes_eq(q->method, BYTES_LIT("HEAD"));
    if (!find_route(s, q->path)) return refuse(s, 404, "", "no such path", err);
    const struct http1_route *route = route_of(s);
    if (route->is_gated && s->options->least_version && route->version < *s->options->least_version)
        return refuse_as(s, 403, "api_version_too_old", "", HTTP1_TOO_OLD, err);
    if (route->method && !bytes_eq(q->method, text_bytes(route->method))) {
        char allow[64];
        snprintf(allow, sizeof allow, "Allow: %s\r\n", route->method);
        return refuse(s, 405, allow, "", err);
    }
    TRY(check_media_type(s, q->fields.content_type, err));
    if (s->state == HTTP1_CLOSING) return OK;
    if (q->fields.content_length > route->body_limit) return refuse(s, 413, "", "the body is too long", err);
    s->requests++;
    s->body_len = (size_t)q->fields.content_length;
    s->keeps_alive = s->keeps_alive && http1_keeps_alive(q) && s->requests < s->options->request_limit;
    s->state = HTTP1_BODY;
    bool waits = q->fields.expects_continue && q->minor == 1 && s->body_len > 0;
    return waits ? buffer_put(&s->out, BYTES_LIT("HTTP/1.1 100 Continue\r\n\r\n"), err) : OK;
}

static status read_head(struct http1_server *s, struct err *err)
{
    struct err why = {0};
    struct http1_request q;
    bytes in = buffer_view(&s->in);
    status r = http1_find_head(in, &s->scanned, &s->head_len, &why);
    if (is_ok(r) && s->head_len == 0) return OK;
    s->keeps_alive = true;
    if (is_ok(r)) r = http1_request_parse(bytes_slice(in, 0, s->head_len), &q, &why);
    if (is_ok(r)) note_target(s, in, &q);
    if (!is_ok(r)) return refuse(s, http1_refusal(r), "", why.text, err);
    return begin_body(s, &q, err);
}

static void begin_request(struct http1_server *s)
{
    s->state = HTTP1_HEAD;
    s->scanned = s->head_len = s->body_len = 0;
    s->is_head_request = false;
}

/* An answer has to be on its way before the next request is looked at: who does not read does not ask. */
static bool is_held(const struct http1_server *s)
{
    return s->state == HTTP1_HEAD && s->out.len > 0;
}

/* As far as what came allows. */
static status read_request(struct http1_server *s, struct err *err)
{
    if (is_held(s)) return OK;
    if (s->state == HTTP1_HEAD) TRY(read_head(s, err));
    if (s->state != HTTP1_BODY || s->in.len - s->head_len < s->body_len) return OK;
    s->state = HTTP1_WHOLE;
    return OK;
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

/* How many more bytes are kept in this state. */
static size_t wanted(const struct http1_server *s)
{
    size_t request = s->head_len + s->body_len;
    if (s->state == HTTP1_CLOSING) return 0;
    if (s->state == HTTP1_HEAD) return HTTP1_AHEAD_BYTES - s->in.len;
    if (s->state == HTTP1_BODY) return request - s->in.len;
    return request + HTTP1_AHEAD_BYTES - s->in.len;
}

/* What is more than what is kept is thrown away, and the connection ends when the answer that is due was given. */
static void overflow(struct http1_server *s)
{
    s->keeps_alive = false;
    if (s->state == HTTP1_HEAD) s->state = HTTP1_CLOSING;
}

static status take_input(struct http1_server *s, bytes in, struct err *err)
{
    size_t n = 0;
    do {
        bool is_first = s->state == HTTP1_HEAD && s->in.len == 0 && in.len > 0;
        if (is_first) s->deadline = s->now + s->options->request_ms;
        n = wanted(s) < in.len ? wanted(s) : in.len;
        TRY(buffer_put(&s->in, bytes_slice(in, 0, n), err));
        in = bytes_slice(in, n, in.len - n);
        TRY(read_request(s, err));
    } while (n > 0 && in.len > 0);
    if (in.len > 0) overflow(s);
    return OK;
}

static status expire(struct http1_server *s, struct err *err)
{
    if (s->now < http1_server_deadline(s)) return OK;
    bool is_idle = s->state == HTTP1_HEAD && s->in.len == 0;
    if (!is_idle) return refuse(s, 408, "", "the request did not come in time", err);
    s->state = HTTP1_CLOSING;
    return OK;
}

static status write_output(struct http1_server *s, struct buffer *out, struct err *err)
{
    bytes due = buffer_view(&s->out);
    size_t n = due.len < buffer_room(out) ? due.len : buffer_room(out);
    bool was_held = is_held(s);
    TRY(buffer_put(out, bytes_slice(due, 0, n), err));
    buffer_drop(&s->out, n);
    if (was_held && !is_held(s)) s->deadline = s->now + (s->in.len > 0 ? s->options->request_ms : s->options->idle_ms);
    return OK;
}

status http1_server_step(struct http1_server *s, int64_t now, bytes in, struct buffer *out, struct err *err)
{
    s->now = now;
    TRY(write_output(s, out, err));
    TRY(take_input(s, in, err));
    TRY(expire(s, err));
    return write_output(s, out, err);
}

bool http1_server_next(struct http1_server *s, struct http1_call *out)
{
    if (s->state != HTTP1_WHOLE) return false;
    s->state = HTTP1_TAKEN;
    bytes in = buffer_view(&s->in);
    *out = (struct http1_call){.route = s->route,
                               .body = bytes_slice(in, s->head_len, s->body_len),
                               .target = bytes_slice(in, s->target_at, s->target_len)};
    return true;
}

static status answer(struct http1_server *s, unsigned http_status, const char *content_type, const char *more,
                     bytes body, struct err *err)
{
    if (s->state != HTTP1_TAKEN) return err_set(err, ERR_STATE, 0, "HTTP answer: to no request");
    TRY(put_answer(s, http_status, content_type, more, body, err));
    buffer_drop(&s->in, s->head_len + s->body_len);
    begin_request(s);
    if (s->keeps_alive) return OK;
    s->state = HTTP1_CLOSING;
    buffer_free(&s->in);
    return OK;
}

status http1_server_answer(struct http1_server *s, unsigned http_status, const char *content_type, bytes body,
                           struct err *err)
{
    return answer(s, http_status, content_type, "", body, err);
}

status http1_server_answer_later(struct http1_server *s, unsigned http_status, unsigned seconds, struct err *err)
{
    char more[48];
    snprintf(more, sizeof more, "Retry-After: %u\r\n", seconds);
    return answer(s, http_status, NULL, more, BYTES_LIT(""), err);
}

void http1_server_drain(struct http1_server *s)
{
    s->requests = s->options->request_limit;
    if (s->state == HTTP1_HEAD && s->in.len == 0) s->state = HTTP1_CLOSING;
    s->keeps_alive = false;
}

bool http1_server_has_output(const struct http1_server *s)
{
    return s->out.len > 0;
}

bool http1_server_is_done(const struct http1_server *s)
{
    return s->state == HTTP1_CLOSING && s->out.len == 0;
}

int64_t http1_server_deadline(const struct http1_server *s)
{
    bool is_reading = (s->state == HTTP1_HEAD || s->state == HTTP1_BODY) && !is_held(s);
    return is_reading ? s->deadline : HTTP1_NO_DEADLINE;
}
