/* SPDX-License-Identifier: Apache-2.0 */
/* Every getter of a cursor, at the corners of short inputs. */
#include "parse/cursor.h"
#include "tests/prove/input.h"

enum { LONGEST = 9 };

static void finish(struct cursor *c)
{
    struct err err = {0};
    struct err *e = any(0, 1) ? &err : NULL;
    status s = cursor_status(c, e);
    if (is_ok(s)) s = cursor_end(c, e);
    s = err_named(e, err_in(e, s, "%s %d", "subject", any(-1, 1)), "rule");
    //@ assert outcome: s.kind == ERR_NONE <==> c->kind == ERR_NONE && c->pos == c->in.len;
}

enum get { U8, U16, U32, U64, REST, PEEK, FAIL, WITHOUT_COUNT, TAKE = WITHOUT_COUNT, COPY, SUB, GETTERS };

static void get(struct cursor *c, int getter, size_t n)
{
    uint8_t out[LONGEST], peeked;
    struct cursor inner;
    switch (getter) {
    case U8:
        (void)cursor_u8(c, "u8");
        break;
    case U16:
        (void)cursor_u16le(c, "u16");
        break;
    case U32:
        (void)cursor_u32le(c, "u32");
        break;
    case U64:
        (void)cursor_u64le(c, "u64");
        break;
    case REST:
        (void)bytes_are_zero(cursor_rest(c));
        break;
    case PEEK:
        if (cursor_peek(c, &peeked) && !cursor_failed(c)) out[0] = peeked;
        break;
    case TAKE:
        (void)bytes_are_zero(cursor_take(c, n, "take"));
        break;
    case COPY:
        if (n <= sizeof out) cursor_copy(c, out, n, "copy");
        break;
    case SUB:
        inner = cursor_sub(c, n, "block");
        (void)cursor_u16le(&inner, "u16");
        cursor_close(c, &inner, "block");
        break;
    case FAIL:
    default:
        cursor_fail(c, ERR_RANGE, "fail");
    }
}

static void drive(size_t len, size_t at, int getter, size_t n)
{
    uint8_t input[LONGEST];
    struct cursor c = cursor_over(INPUT(input, len));
    (void)cursor_take(&c, at, "head");
    get(&c, getter, n);
    (void)cursor_u8(&c, "next");
    finish(&c);
}

/* WP proves the cursor for all inputs, positions and counts (parse/cursor.h); here are the corners, and with them what
 * WP does not see: that nothing uninitialised is read, and that the texts' arguments fit their formats. */
int main(void)
{
    static const size_t lengths[] = {0, 1, 8, LONGEST}, positions[] = {0, 1, 8, LONGEST, SIZE_MAX},
                        counts[] = {0, 1, 8, LONGEST, SIZE_MAX};

    //@ loop unroll 4;
    for (size_t len = 0; len < sizeof lengths / sizeof lengths[0]; len++) {
        //@ loop unroll 5;
        for (size_t at = 0; at < sizeof positions / sizeof positions[0]; at++) {
            //@ loop unroll 10;
            for (int getter = 0; getter < WITHOUT_COUNT; getter++)
                drive(lengths[len], positions[at], getter, 0);
            //@ loop unroll 3;
            for (int getter = WITHOUT_COUNT; getter < GETTERS; getter++) {
                //@ loop unroll 5;
                for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
                    drive(lengths[len], positions[at], getter, counts[i]);
            }
        }
    }
    return 0;
}
