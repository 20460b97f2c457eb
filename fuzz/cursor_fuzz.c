/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: cursor_u8 cursor_u16le cursor_u32le cursor_u64le cursor_take cursor_copy cursor_rest cursor_peek cursor_sub
 * cursor_close cursor_fail cursor_status cursor_end.
 *
 * Input: the number of operations, two bytes for each (what, how many bytes), then what the cursor reads.
 */
#include <stdlib.h>

#include "parse/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Reads a view's every byte, so that a sanitizer sees one that lies outside. */
static void require_inside(bytes view, bytes in, bool failed, size_t want)
{
    require(bytes_is_absent(view) == failed);
    if (failed) return;
    require(view.len == want && (view.len == 0 || (view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len)));
    (void)bytes_are_zero(view);
}

static void apply(struct cursor *c, uint8_t what, size_t n)
{
    uint8_t copy[256];
    uint8_t peeked;
    size_t left = cursor_left(c);
    switch (what % 10) {
    case 0:
        (void)cursor_u8(c, "u8");
        break;
    case 1:
        (void)cursor_u16le(c, "u16");
        break;
    case 2:
        (void)cursor_u32le(c, "u32");
        break;
    case 3:
        (void)cursor_u64le(c, "u64");
        break;
    case 4: {
        bytes view = cursor_take(c, n, "take");
        require_inside(view, c->in, cursor_failed(c), n);
        break;
    }
    case 5:
        cursor_copy(c, copy, n, "copy");
        break;
    case 6:
        require_inside(cursor_rest(c), c->in, cursor_failed(c), left);
        break;
    case 7:
        require(cursor_peek(c, &peeked) == (left > 0));
        break;
    case 8: {
        struct cursor inner = cursor_sub(c, n, "block");
        apply(&inner, (uint8_t)(what / 10 % 8), n / 2);
        cursor_close(c, &inner, "block");
        break;
    }
    default:
        if (n == 0) cursor_fail(c, ERR_RANGE, "fail");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size < 1 + 2 * (size_t)data[0]) return 0;
    size_t ops = data[0];
    struct cursor c = cursor_over(BYTES(data + 1 + 2 * ops, size - 1 - 2 * ops));

    for (size_t i = 0; i < ops; i++) {
        struct cursor before = c;
        apply(&c, data[1 + 2 * i], data[2 + 2 * i]);
        require(c.pos >= before.pos && c.pos <= c.in.len);
        require(cursor_left(&c) == (cursor_failed(&c) ? 0 : c.in.len - c.pos));
        if (cursor_failed(&before))
            require(c.pos == before.pos && c.kind == before.kind && c.fail_pos == before.fail_pos);
    }

    struct err err = {0};
    status s = cursor_end(&c, &err);
    require(is_ok(s) == (!cursor_failed(&c) && c.pos == c.in.len));
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] != '\0' && err.offset <= c.in.len);
    return 0;
}
