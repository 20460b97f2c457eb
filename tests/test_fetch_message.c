/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/fetch_message.h"

/* By hand, from the table in parse/fetch_message.h. */
#define CRL_OF_GENOA "\x02\x00\x02\x10\x27\x00\x00"
#define CHIP_8       "\x11\x22\x33\x44\x55\x66\x77\x88"
#define VCEK_OF_TURIN                                                                                                  \
    "\x01\x01\x03\xff\xff\xff\xff"                                                                                     \
    "\x08\x07\x06\x05\x04\x03\x02\x01" CHIP_8
#define LIMITED "\x03\x1e\x00\x00\x00\x05\x00later"
#define STALE                                                                                                          \
    "\x01\x00\x00\x00\x00\x03\x00old"                                                                                  \
    "DER"

/* A copy of its own, so that a sanitizer sees a read behind it. */
static bytes copy_of(bytes in, size_t len)
{
    uint8_t *p = malloc(len ? len : 1);
    cr_assert(p);
    memcpy(p, in.ptr, len < in.len ? len : in.len);
    if (len > in.len) p[in.len] = 0;
    return BYTES(p, len);
}

static status request_of(bytes in, size_t len, struct fetch_request *r, struct err *err)
{
    bytes copy = copy_of(in, len);
    status s = fetch_request_parse(copy, r, err);
    free((void *)(uintptr_t)copy.ptr);
    return s;
}

static status answer_of(bytes in, size_t len, struct fetch_answer *a, struct err *err)
{
    bytes copy = copy_of(in, len);
    status s = fetch_answer_parse(copy, a, err);
    free((void *)(uintptr_t)copy.ptr);
    return s;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(fetch_message, requests_of_other_lengths_refused)
{
    static const bytes rows[] = {BYTES_LIT(CRL_OF_GENOA), BYTES_LIT(VCEK_OF_TURIN)};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t len = 0; len <= rows[i].len + 1; len++) {
            struct fetch_request r = {.product = 77};
            struct err err = {0};
            status s = request_of(rows[i], len, &r, &err);
            cr_expect_eq(is_ok(s), len == rows[i].len, "row %zu, %zu bytes: %s", i, len, err.text);
            cr_expect(is_ok(s) || (r.product == 77 && err.text[0] && err.offset <= len));
        }
}

Test(fetch_message, requests_refused)
{
    static const struct {
        bytes in;
        enum err_kind kind;
    } rows[] = {
        {BYTES_LIT("\x00\x00\x01\0\0\0\0"), ERR_RANGE},        /* kinds */
        {BYTES_LIT("\x03\x00\x01\0\0\0\0"), ERR_RANGE},        /* ... */
        {BYTES_LIT("\x02\x02\x01\0\0\0\0"), ERR_RANGE},        /* flags */
        {BYTES_LIT("\x02\x00\x00\0\0\0\0"), ERR_RANGE},        /* products */
        {BYTES_LIT("\x02\x00\x04\0\0\0\0"), ERR_RANGE},        /* ... */
        {BYTES_LIT(CRL_OF_GENOA "\0"), ERR_TRAILING},          /* a CRL is of no chip */
        {BYTES_LIT("\x01\x00\x01\0\0\0\0" CHIP_8), ERR_RANGE}, /* a VCEK is of one */
        {BYTES_LIT(VCEK_OF_TURIN CHIP_8), ERR_RANGE},          /* of 16 bytes: there is none */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fetch_request r;
        struct err err = {0};
        cr_expect_eq(fetch_request_parse(rows[i].in, &r, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
    }
}

Test(fetch_message, answers_of_other_lengths_refused)
{
    bytes in = BYTES_LIT(LIMITED);
    for (size_t len = 0; len <= in.len + 1; len++) {
        struct fetch_answer a = {.retry_after_s = 77};
        struct err err = {0};
        status s = answer_of(in, len, &a, &err);
        cr_expect_eq(is_ok(s), len == in.len, "%zu bytes: %s", len, err.text);
        cr_expect(is_ok(s) || (a.retry_after_s == 77 && err.text[0] && err.offset <= len));
    }
}

Test(fetch_message, answers_refused)
{
    static const struct {
        bytes in;
        enum err_kind kind;
    } rows[] = {
        {BYTES_LIT("\x08\0\0\0\0\x01\0x"), ERR_RANGE},         /* outcomes */
        {BYTES_LIT("\xff\0\0\0\0\x01\0x"), ERR_RANGE},         /* ... */
        {BYTES_LIT("\x02\x01\0\0\0\x01\0x"), ERR_RANGE},       /* to be asked later, and not why */
        {BYTES_LIT("\x00\0\0\0\0\x00\0"), ERR_RANGE},          /* found, and nothing there */
        {BYTES_LIT("\x00\0\0\0\0\x01\0xDER"), ERR_RANGE},      /* found, with a reason why not */
        {BYTES_LIT("\x01\0\0\0\0\x01\0x"), ERR_RANGE},         /* stale, and nothing there */
        {BYTES_LIT("\x01\0\0\0\0\x00\0DER"), ERR_RANGE},       /* stale, and no reason */
        {BYTES_LIT("\x02\0\0\0\0\x00\0"), ERR_RANGE},          /* absent, and no reason */
        {BYTES_LIT("\x02\0\0\0\0\x01\0xDER"), ERR_RANGE},      /* absent, and there it is */
        {BYTES_LIT("\x02\0\0\0\0\x04\0\x1b[2J"), ERR_SYNTAX},  /* steers a terminal */
        {BYTES_LIT("\x02\0\0\0\0\x01\0\x7f"), ERR_SYNTAX},     /* ... */
        {BYTES_LIT("\x02\0\0\0\0\x02\0\xc3\xa9"), ERR_SYNTAX}, /* no ASCII */
        {BYTES_LIT("\x02\0\0\0\0\x91\x01x"), ERR_RANGE},       /* 401 */
        {BYTES_LIT("\x02\0\0\0\0\xff\xffx"), ERR_RANGE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fetch_answer a;
        struct err err = {0};
        cr_expect_eq(fetch_answer_parse(rows[i].in, &a, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
    }
}

Test(fetch_message, content_has_a_limit)
{
    static uint8_t in[FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_CONTENT_BYTES + 1];
    struct fetch_answer a;
    cr_expect_eq(fetch_answer_parse(BYTES_OF(in), &a, NULL).kind, ERR_LIMIT);
    cr_expect(is_ok(fetch_answer_parse(BYTES(in, sizeof in - 1), &a, NULL)));
    cr_expect_eq(a.content.len, LIMIT_FETCH_CONTENT_BYTES);
}

Test(fetch_message, lengths)
{
    size_t n = 77;
    struct err err = {0};
    cr_expect_eq(fetch_length_parse((const uint8_t *)"\0\0\0\0", 5, &n, &err).kind, ERR_RANGE);
    cr_expect_eq(fetch_length_parse((const uint8_t *)"\x06\0\0\0", 5, &n, NULL).kind, ERR_RANGE);
    cr_expect_eq(fetch_length_parse((const uint8_t *)"\xff\xff\xff\xff", 5, &n, NULL).kind, ERR_RANGE);
    cr_expect(n == 77 && err.text[0]);
    cr_expect(is_ok(fetch_length_parse((const uint8_t *)"\x05\0\0\0", 5, &n, NULL)) && n == 5);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void expect_written(const struct fetch_request *r, bytes want)
{
    uint8_t out[FETCH_REQUEST_BYTES_MAX];
    size_t n = fetch_request_write(r, out);
    cr_expect(bytes_eq(BYTES(out, n), want));
}

Test(fetch_message, requests)
{
    struct fetch_request r;
    cr_assert(is_ok(fetch_request_parse(BYTES_LIT(CRL_OF_GENOA), &r, NULL)));
    cr_expect(r.kind == FETCH_CRL && r.product == 2 && !r.from_cache && r.wait_ms == 10000 && r.tcb == 0);
    cr_expect(bytes_is_absent(r.chip_id));
    expect_written(&r, BYTES_LIT(CRL_OF_GENOA));

    cr_assert(is_ok(fetch_request_parse(BYTES_LIT(VCEK_OF_TURIN), &r, NULL)));
    cr_expect(r.kind == FETCH_VCEK && r.product == 3 && r.from_cache && r.wait_ms == UINT32_MAX);
    cr_expect(r.tcb == 0x0102030405060708 && bytes_eq(r.chip_id, BYTES_LIT(CHIP_8)));
    expect_written(&r, BYTES_LIT(VCEK_OF_TURIN));
}

Test(fetch_message, answers)
{
    struct fetch_answer a;
    cr_assert(is_ok(fetch_answer_parse(BYTES_LIT(LIMITED), &a, NULL)));
    cr_expect(a.outcome == FETCH_LIMITED && a.retry_after_s == 30 && a.content.len == 0);
    cr_expect(bytes_eq(a.text, BYTES_LIT("later")));

    cr_assert(is_ok(fetch_answer_parse(BYTES_LIT(STALE), &a, NULL)));
    cr_expect(a.outcome == FETCH_STALE && bytes_eq(a.text, BYTES_LIT("old")) && bytes_eq(a.content, BYTES_LIT("DER")));

    cr_assert(is_ok(fetch_answer_parse(BYTES_LIT("\0\0\0\0\0\0\0DER"), &a, NULL)));
    cr_expect(a.outcome == FETCH_FOUND && a.text.len == 0 && bytes_eq(a.content, BYTES_LIT("DER")));
}

Test(fetch_message, texts_are_cut_and_made_printable)
{
    static uint8_t long_text[LIMIT_FETCH_TEXT_BYTES + 1];
    uint8_t out[FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    struct fetch_answer a = {.outcome = FETCH_LIMITED, .retry_after_s = 30, .text = BYTES_LIT("later")};
    cr_expect(bytes_eq(BYTES(out, fetch_answer_write_head(&a, out)), BYTES_LIT(LIMITED)));
    memset(long_text, '\n', sizeof long_text);
    a.text = BYTES_OF(long_text);
    cr_expect_eq(fetch_answer_write_head(&a, out), sizeof out);
    cr_assert(is_ok(fetch_answer_parse(BYTES_OF(out), &a, NULL)));
    cr_expect(a.text.len == LIMIT_FETCH_TEXT_BYTES && a.text.ptr[0] == '?');
}
