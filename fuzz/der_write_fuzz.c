/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: der_begin der_end der_add der_add_element der_add_unsigned der_add_u64 der_add_bool der_add_octet_bits
 * der_add_time der_finish.
 *
 * Input: a byte for the room, then steps: what to write, and its contents.  What is written is read again by
 * parse/der.h, as one sequence.
 */
#include <stdlib.h>

#include "parse/der_write.h"
#include "parse/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 1 << 16, DEPTH = 8 };
enum step { BEGIN, END, ELEMENT, UNSIGNED, U64, BOOL, OCTET_BITS, TIME, FILL, STEPS };

static uint8_t memory[ROOM + 1], filler[300];

static void require(bool holds)
{
    if (!holds) abort();
}

struct nest {
    size_t begun[DEPTH];
    size_t depth;
};

static void run_step(struct der_out *o, struct nest *n, struct cursor *c)
{
    uint8_t what = cursor_u8(c, "step"), len = cursor_u8(c, "length");
    bytes contents = cursor_take(c, len % 16, "contents");
    uint64_t number = 0;
    for (size_t i = 0; i < contents.len; i++)
        number = number << 8 | contents.ptr[i];
    if (cursor_failed(c)) return;
    switch (what % STEPS) {
    case BEGIN:
        if (n->depth < DEPTH) n->begun[n->depth++] = der_begin(o, DER_SEQUENCE);
        return;
    case END:
        if (n->depth > 0) der_end(o, n->begun[--n->depth]);
        return;
    case ELEMENT:
        der_add_element(o, DER_OCTET_STRING, contents);
        return;
    case UNSIGNED:
        der_add_unsigned(o, contents);
        return;
    case U64:
        der_add_u64(o, number);
        return;
    case BOOL:
        der_add_bool(o, number & 1);
        return;
    case OCTET_BITS:
        der_add_octet_bits(o, contents);
        return;
    case TIME:
        der_add_time(o, (int64_t)number);
        return;
    case FILL:
    default:
        der_add_element(o, DER_UTF8_STRING, BYTES(filler, sizeof filler));
    }
}

/* Every element has the form that the strict reader wants of its tag. */
static void read_all(struct cursor *c, size_t depth)
{
    require(depth <= DEPTH + 1);
    while (cursor_left(c) > 0) {
        int64_t time = 0;
        if (der_next_is(c, DER_SEQUENCE)) {
            struct cursor inner = der_enter(c, DER_SEQUENCE, "sequence");
            read_all(&inner, depth + 1);
            cursor_close(c, &inner, "sequence");
        } else if (der_next_is(c, DER_INTEGER)) {
            (void)der_get_unsigned(c, "integer");
        } else if (der_next_is(c, DER_BOOLEAN)) {
            (void)der_get_bool(c, "boolean");
        } else if (der_next_is(c, DER_BIT_STRING)) {
            (void)der_get_octet_bits(c, "bits");
        } else if (der_next_is(c, DER_UTC_TIME)) {
            require(is_ok(time_parse_utctime(der_get(c, DER_UTC_TIME, "time"), &time, NULL)));
        } else if (der_next_is(c, DER_GENERALIZED_TIME)) {
            require(is_ok(time_parse_generalizedtime(der_get(c, DER_GENERALIZED_TIME, "time"), &time, NULL)));
        } else {
            (void)der_get(c, 0, "string");
        }
        require(!cursor_failed(c));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over(BYTES(data, size));
    uint8_t room = cursor_u8(&c, "room");
    size_t cap = room < 128 ? ROOM : (size_t)(room - 128) * 4;
    struct der_out o = {.buf = memory, .cap = cap};
    struct nest n = {.depth = 0};
    size_t whole = der_begin(&o, DER_SEQUENCE);
    memory[cap] = 0xee;
    while (cursor_left(&c) > 0)
        run_step(&o, &n, &c);
    bytes out = BYTES_ABSENT;
    struct err err = {0};
    require(der_finish(&o, "thing", &out, NULL).kind == ERR_BUG); /* the outermost is open */
    while (n.depth > 0)
        der_end(&o, n.begun[--n.depth]);
    der_end(&o, whole);
    status s = der_finish(&o, "thing", &out, &err);
    require(memory[cap] == 0xee && o.len <= cap);
    if (!is_ok(s)) {
        require(err.text[0] != '\0' && bytes_is_absent(out) && (s.kind == ERR_NOMEM || s.kind == ERR_RANGE));
        return 0;
    }
    require(out.ptr == memory && out.len == o.len);
    struct cursor again = cursor_over(out);
    read_all(&again, 0);
    require(is_ok(cursor_end(&again, NULL)));
    return 0;
}
