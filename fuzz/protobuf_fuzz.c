/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: protobuf_next protobuf_inside protobuf_once protobuf_put_varint protobuf_put_bytes protobuf_begin
 * protobuf_end protobuf_finish.
 *
 * Input: a message.  Each number has one spelling here, so what consists of varints and bytes is written again as it
 * was.
 */
#include <stdlib.h>

#include "parse/protobuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

enum { DEPTH = 2 };

/* Writes what is read, going into everything that reads as a message; false when a fixed-width field was met. */
static bool copy_fields(struct cursor *c, struct protobuf_writer *w, int depth)
{
    bool all = true;
    struct protobuf_field f = {0};
    struct protobuf_seen seen = {0};
    while (protobuf_next(c, &f)) {
        bool first = protobuf_once(&seen, f.number);
        require(first || f.number < 64);
        require(protobuf_once(&seen, f.number) == (f.number >= 64));
        require(f.number >= 1 && f.number <= PROTOBUF_FIELD_NUMBER_MAX);
        require(bytes_is_absent(f.view) == (f.type != PROTOBUF_LEN));
        if (f.type == PROTOBUF_VARINT) protobuf_put_varint(w, f.number, f.value);
        if (f.type == PROTOBUF_I64 || f.type == PROTOBUF_I32) all = false;
        struct cursor inner = protobuf_inside(&f);
        require(cursor_failed(&inner) == (f.type != PROTOBUF_LEN));
        if (f.type != PROTOBUF_LEN) continue;

        (void)bytes_are_zero(f.view);
        size_t start = w->len;
        size_t mark = protobuf_begin(w, f.number);
        bool nested = depth > 0 && copy_fields(&inner, w, depth - 1) && is_ok(cursor_end(&inner, NULL));
        protobuf_end(w, mark);
        if (nested) continue;
        w->len = start;
        protobuf_put_bytes(w, f.number, f.view);
    }
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[1 << 16];
    struct cursor c = cursor_over(BYTES(data, size));
    /* Sizes that 4 divides run with too little memory. */
    size_t cap = size % 4 == 0 && size < sizeof out ? size / 2 : sizeof out;
    struct protobuf_writer w = protobuf_writer_over(out, cap);
    bool all = copy_fields(&c, &w, DEPTH);

    struct err err = {0};
    status s = cursor_end(&c, &err);
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] != '\0' && err.offset <= size);

    size_t len = 0;
    if (!is_ok(protobuf_finish(&w, &len, NULL)) || !is_ok(s) || !all) return 0;
    require(bytes_eq(BYTES(out, len), BYTES(data, size)) || size == 0);
    return 0;
}
