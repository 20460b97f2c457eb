/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/fetch_message.h"

#include "parse/cursor.h"
#include "parse/put.h"

enum { FLAG_FROM_CACHE = 1 };

/* ---- requests --------------------------------------------------------------------------------------------------- */

static bool chip_id_fits(bytes id)
{
    return id.len == FETCH_CHIP_ID_BYTES || id.len == FETCH_CHIP_ID_BYTES_TURIN;
}

static void take_vcek(struct cursor *c, struct fetch_request *r)
{
    r->tcb = cursor_u64le(c, "TCB");
    r->chip_id = cursor_rest(c);
    if (!chip_id_fits(r->chip_id)) cursor_fail(c, ERR_RANGE, "chip id");
}

status fetch_request_parse(bytes in, struct fetch_request *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    uint8_t kind = cursor_u8(&c, "kind");
    if (kind != FETCH_VCEK && kind != FETCH_CRL) cursor_fail(&c, ERR_RANGE, "kind");
    uint8_t flags = cursor_u8(&c, "flags");
    if (flags > FLAG_FROM_CACHE) cursor_fail(&c, ERR_RANGE, "flags");
    struct fetch_request r = {
        .kind = (enum fetch_kind)kind, .product = cursor_u8(&c, "product"), .from_cache = flags == FLAG_FROM_CACHE};
    if (r.product < 1 || r.product > FETCH_PRODUCTS) cursor_fail(&c, ERR_RANGE, "product");
    r.wait_ms = cursor_u32le(&c, "wait");
    if (kind == FETCH_VCEK) take_vcek(&c, &r);
    TRY(err_in(err, cursor_end(&c, err), "fetch request"));
    *out = r;
    return OK;
}

size_t fetch_request_write(const struct fetch_request *in, uint8_t out[static FETCH_REQUEST_BYTES_MAX])
{
    size_t n = 7;
    out[0] = (uint8_t)in->kind;
    out[1] = in->from_cache ? FLAG_FROM_CACHE : 0;
    out[2] = in->product;
    put_u32le(&out[3], in->wait_ms);
    if (in->kind != FETCH_VCEK) return n;
    put_u64le(&out[n], in->tcb);
    n += 8;
    memcpy(&out[n], in->chip_id.ptr, in->chip_id.len);
    return n + in->chip_id.len;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static bool is_printable(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e;
}

static bool are_printable(bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_printable(text.ptr[i])) return false;
    return true;
}

static bool has_content(enum fetch_outcome o)
{
    return o == FETCH_FOUND || o == FETCH_STALE;
}

static void take_text(struct cursor *c, struct fetch_answer *a)
{
    size_t n = cursor_u16le(c, "length of text");
    bool has_none = a->outcome == FETCH_FOUND || a->outcome == FETCH_END;
    if ((n == 0) != has_none || n > LIMIT_FETCH_TEXT_BYTES) cursor_fail(c, ERR_RANGE, "length of text");
    a->text = cursor_take(c, n, "text");
    if (!are_printable(a->text)) cursor_fail(c, ERR_SYNTAX, "text");
}

static void take_content(struct cursor *c, struct fetch_answer *a)
{
    a->content = cursor_rest(c);
    if (has_content(a->outcome) != (a->content.len > 0)) cursor_fail(c, ERR_RANGE, "content");
    if (a->content.len > LIMIT_FETCH_CONTENT_BYTES) cursor_fail(c, ERR_LIMIT, "content");
}

status fetch_answer_parse(bytes in, struct fetch_answer *out, struct err *err)
{
    struct fetch_answer a = {0};
    struct cursor c = cursor_over(in);
    uint8_t outcome = cursor_u8(&c, "outcome");
    if (outcome >= FETCH_OUTCOMES) cursor_fail(&c, ERR_RANGE, "outcome");
    a.outcome = (enum fetch_outcome)outcome;
    a.retry_after_s = cursor_u32le(&c, "retry after");
    if (a.retry_after_s != 0 && a.outcome != FETCH_LIMITED) cursor_fail(&c, ERR_RANGE, "retry after");
    take_text(&c, &a);
    take_content(&c, &a);
    TRY(err_in(err, cursor_end(&c, err), "fetch answer"));
    *out = a;
    return OK;
}

size_t fetch_answer_write_head(const struct fetch_answer *in,
                               uint8_t out[static FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES])
{
    size_t n = in->text.len < LIMIT_FETCH_TEXT_BYTES ? in->text.len : LIMIT_FETCH_TEXT_BYTES;
    out[0] = (uint8_t)in->outcome;
    put_u32le(&out[1], in->retry_after_s);
    put_u16le(&out[5], (uint16_t)n);
    for (size_t i = 0; i < n; i++)
        out[FETCH_ANSWER_HEAD_BYTES + i] = is_printable(in->text.ptr[i]) ? in->text.ptr[i] : '?';
    return FETCH_ANSWER_HEAD_BYTES + n;
}

/* ---- the length in front ---------------------------------------------------------------------------------------- */

status fetch_length_parse(const uint8_t in[static FETCH_LENGTH_BYTES], size_t limit, size_t *out, struct err *err)
{
    struct cursor c = cursor_over(BYTES(in, FETCH_LENGTH_BYTES));
    size_t n = cursor_u32le(&c, "length");
    if (n == 0 || n > limit)
        return err_set(err, ERR_RANGE, 0, "fetch message: want a length of 1 to %zu, have %zu", limit, n);
    *out = n;
    return OK;
}
