/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http1_client.h"

#include <stdio.h>

#include "parse/http1.h"

static status put_text(struct buffer *to, const char *text, struct err *err)
{
    if (strpbrk(text, "\r\n")) return err_set(err, ERR_SYNTAX, 0, "HTTP request: a line end in a field");
    return buffer_put(to, BYTES((const uint8_t *)text, strlen(text)), err);
}

static status put_field(struct buffer *to, const char *name, const char *value, struct err *err)
{
    TRY(put_text(to, name, err));
    TRY(buffer_put(to, BYTES_LIT(": "), err));
    TRY(put_text(to, value, err));
    return buffer_put(to, BYTES_LIT("\r\n"), err);
}

static status put_body(struct buffer *to, const struct http1_client_call *call, struct err *err)
{
    char length[24];
    if (!call->content_type) return buffer_put(to, BYTES_LIT("\r\n"), err);
    snprintf(length, sizeof length, "%zu", call->body.len);
    TRY(put_field(to, "Content-Type", call->content_type, err));
    TRY(put_field(to, "Content-Length", length, err));
    TRY(buffer_put(to, BYTES_LIT("\r\n"), err));
    return buffer_put(to, call->body, err);
}

static status put_request(struct buffer *to, const struct http1_client_call *call, struct err *err)
{
    TRY(put_text(to, call->method, err));
    TRY(put_text(to, " ", err));
    TRY(put_text(to, call->path, err));
    TRY(buffer_put(to, BYTES_LIT(" HTTP/1.0\r\n"), err));
    TRY(put_field(to, "Host", call->authority, err));
    TRY(put_field(to, "User-Agent", "contrast", err));
    TRY(put_field(to, "Connection", "close", err));
    return put_body(to, call, err);
}

status http1_client_open(struct http1_client *c, const struct http1_client_call *call, struct err *err)
{
    *c = (struct http1_client){
        .request = BUFFER("HTTP request", call->body.len + LIMIT_HTTP_HEAD_BYTES),
        .in = BUFFER("HTTP answer", call->answer_limit + LIMIT_HTTP_HEAD_BYTES),
        .answer_limit = call->answer_limit,
    };
    status r = put_request(&c->request, call, err);
    if (!is_ok(r)) http1_client_close(c);
    return r;
}

void http1_client_close(struct http1_client *c)
{
    buffer_free(&c->request);
    buffer_free(&c->in);
}

/* An answer with one of these has no body, whatever it says. */
static bool has_no_body(unsigned http_status)
{
    return http_status < 200 || http_status == 204 || http_status == 304;
}

static status read_head(struct http1_client *c, struct err *err)
{
    struct http1_response a;
    bytes in = buffer_view(&c->in);
    TRY(http1_find_head(in, &c->scanned, &c->head_len, err));
    if (c->head_len == 0) return OK;
    TRY(http1_response_parse(bytes_slice(in, 0, c->head_len), &a, err));
    if (a.fields.content_length > c->answer_limit)
        return err_set(err, ERR_LIMIT, 0, "HTTP answer: want at most %zu bytes, have %llu", c->answer_limit,
                       (unsigned long long)a.fields.content_length);
    c->is_head_read = true;
    c->status = a.status;
    c->has_length = a.fields.has_length || has_no_body(a.status);
    c->body_len = has_no_body(a.status) ? 0 : (size_t)a.fields.content_length;
    return OK;
}

static status read_answer(struct http1_client *c, struct err *err)
{
    if (!c->is_head_read) TRY(read_head(c, err));
    if (!c->is_head_read) return OK;
    size_t have = c->in.len - c->head_len;
    if (have > c->answer_limit)
        return err_set(err, ERR_LIMIT, 0, "HTTP answer: want at most %zu bytes", c->answer_limit);
    if (!c->has_length || have < c->body_len) return OK;
    if (have > c->body_len) return err_set(err, ERR_TRAILING, 0, "HTTP answer: bytes behind it");
    c->has_answer = true;
    return OK;
}

status http1_client_step(struct http1_client *c, bytes in, struct buffer *out, struct err *err)
{
    TRY(buffer_put(&c->in, in, err));
    TRY(read_answer(c, err));
    bytes due = buffer_view(&c->request);
    size_t n = due.len < buffer_room(out) ? due.len : buffer_room(out);
    TRY(buffer_put(out, bytes_slice(due, 0, n), err));
    buffer_drop(&c->request, n);
    return OK;
}

status http1_client_end(struct http1_client *c, struct err *err)
{
    if (c->has_answer) return OK;
    if (!c->is_head_read || c->has_length)
        return err_set(err, ERR_TRUNCATED, 0, "HTTP answer: the connection ended in the middle of it");
    c->body_len = c->in.len - c->head_len;
    c->has_answer = true;
    return OK;
}

bool http1_client_has_output(const struct http1_client *c)
{
    return c->request.len > 0;
}

bool http1_client_has_answer(const struct http1_client *c)
{
    return c->has_answer;
}

void http1_client_get_answer(const struct http1_client *c, struct http1_answer *out)
{
    *out = (struct http1_answer){c->status, bytes_slice(buffer_view(&c->in), c->head_len, c->body_len)};
}
