/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http1_client.h"

#include <stdio.h>

#include "parse/text.h"

static status put_text(struct buffer *to, const char *text, struct err *err)
{
    if (strpbrk(text, "\r\n")) return err_set(err, ERR_SYNTAX, 0, "HTTP request: a line end in a field");
    return buffer_put(to, text_bytes(text), err);
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
    TRY(http1_target_check(text_bytes(call->path), err));
    TRY(http1_host_check(text_bytes(call->authority), err));
    TRY(put_text(to, call->method, err));
    TRY(put_text(to, " ", err));
    TRY(put_text(to, call->path, err));
    TRY(buffer_put(to, BYTES_LIT(" HTTP/1.1\r\n"), err));
    TRY(put_field(to, "Host", call->authority, err));
    TRY(put_field(to, "User-Agent", "contrast", err));
    TRY(put_field(to, "Connection", "close", err));
    return put_body(to, call, err);
}

status http1_client_open(struct http1_client *c, const struct http1_client_call *call, struct err *err)
{
    *c = (struct http1_client){
        .request = BUFFER("HTTP request", call->body.len + LIMIT_HTTP_HEAD_BYTES),
        .head = BUFFER("HTTP answer", LIMIT_HTTP_HEAD_BYTES + 1),
        .body = BUFFER("HTTP answer", call->answer_limit),
    };
    status r = put_request(&c->request, call, err);
    if (!is_ok(r)) http1_client_close(c);
    return r;
}

void http1_client_close(struct http1_client *c)
{
    buffer_free(&c->request);
    buffer_free(&c->head);
    buffer_free(&c->body);
}

/* The head of the answer, or of an interim one, which says nothing. */
static status take_head(struct http1_client *c, bytes head, struct err *err)
{
    struct http1_response a;
    TRY(http1_response_parse(head, &a, err));
    if (a.status == 101) return err_set(err, ERR_UNSUPPORTED, 0, "HTTP answer: another protocol was not asked for");
    c->is_head_read = a.status >= 200;
    if (!c->is_head_read && ++c->interim > LIMIT_HTTP_INTERIM)
        return err_set(err, ERR_LIMIT, 0, "HTTP answer: more than %d interim ones", LIMIT_HTTP_INTERIM);
    if (a.body_len > c->body.limit)
        return err_set(err, ERR_LIMIT, 0, "HTTP answer: want at most %zu bytes, have %llu", c->body.limit,
                       (unsigned long long)a.body_len);
    if (a.framing == HTTP1_LENGTH && c->is_head_read) c->body.limit = (size_t)a.body_len;
    c->framing = a.framing;
    c->status = a.status;
    c->has_answer = c->is_head_read && a.framing == HTTP1_LENGTH && a.body_len == 0;
    return OK;
}

/* How many bytes of `in` belong to the head is known only when its end was found. */
static status read_head(struct http1_client *c, bytes in, size_t *used, struct err *err)
{
    size_t before = c->head.len, room = buffer_room(&c->head), len = 0;
    *used = in.len < room ? in.len : room;
    TRY(buffer_put(&c->head, bytes_slice(in, 0, *used), err));
    TRY(http1_find_head(buffer_view(&c->head), &c->scanned, &len, err));
    if (len == 0) return OK;
    *used = len - before;
    c->scanned = 0;
    TRY(take_head(c, bytes_slice(buffer_view(&c->head), 0, len), err));
    buffer_drop(&c->head, c->head.len);
    return OK;
}

static status read_body(struct http1_client *c, bytes in, size_t *used, struct err *err)
{
    bytes data = in;
    *used = in.len;
    if (c->framing == HTTP1_CHUNKED) TRY(http1_chunks_next(&c->chunks, in, used, &data, err));
    if (c->framing == HTTP1_LENGTH && in.len > buffer_room(&c->body)) {
        *used = buffer_room(&c->body);
        data = bytes_slice(in, 0, *used);
    }
    TRY(buffer_put(&c->body, data, err));
    c->has_answer = c->framing == HTTP1_CHUNKED ? http1_chunks_end(&c->chunks)
                                                : c->framing == HTTP1_LENGTH && buffer_room(&c->body) == 0;
    return OK;
}

static status read_answer(struct http1_client *c, bytes in, struct err *err)
{
    while (in.len > 0) {
        size_t used = 0;
        if (c->has_answer) return err_set(err, ERR_TRAILING, 0, "HTTP answer: bytes behind it");
        TRY(c->is_head_read ? read_body(c, in, &used, err) : read_head(c, in, &used, err));
        in = bytes_slice(in, used, in.len - used);
    }
    return OK;
}

status http1_client_step(struct http1_client *c, bytes in, struct buffer *out, struct err *err)
{
    status s = read_answer(c, in, err);
    if (!is_ok(s)) c->has_answer = false;
    TRY(s);
    bytes due = buffer_view(&c->request);
    size_t n = due.len < buffer_room(out) ? due.len : buffer_room(out);
    TRY(buffer_put(out, bytes_slice(due, 0, n), err));
    buffer_drop(&c->request, n);
    return OK;
}

status http1_client_end(struct http1_client *c, struct err *err)
{
    if (!c->has_answer && (!c->is_head_read || c->framing != HTTP1_UNTIL_CLOSE))
        return err_set(err, ERR_TRUNCATED, 0, "HTTP answer: the connection ended in the middle of it");
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
    *out = (struct http1_answer){c->status, buffer_view(&c->body)};
}
