/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: ustar_next ustar_put ustar_finish ustar_check_name. */
#include <stdlib.h>

#include "fuzz/tar_mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static uint8_t out[TAR_BYTES_MAX];

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_member(const struct ustar_member *m, bytes in, size_t from)
{
    require(m->offset == from && m->name.ptr == in.ptr + from && is_ok(ustar_check_name(m->name, NULL)));
    require(m->content.ptr == in.ptr + from + USTAR_BLOCK_BYTES && m->content.len <= in.len - from - USTAR_BLOCK_BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ustar_reader r = {.in = BYTES(data, size)};
    struct ustar_writer w = {.out = out, .cap = size < sizeof out ? size : sizeof out};
    struct err err = {0};
    for (bool end = false; !end;) {
        struct ustar_member m = {.offset = 77};
        const size_t from = r.pos;
        status s = ustar_next(&r, &m, &end, &err);
        if (!is_ok(s)) {
            require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= size);
            require(!end && r.pos == from && m.offset == 77);
            return 0;
        }
        if (end) break;
        require_member(&m, r.in, from);
        if (size <= sizeof out) require(is_ok(ustar_put(&w, m.name, m.content, NULL)) && w.len == r.pos);
    }
    /* What was read is written in one way. */
    if (size > sizeof out) return 0;
    require(is_ok(ustar_finish(&w, NULL)) && bytes_eq(BYTES(out, w.len), BYTES(data, size)));
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static struct tar_members t;
    size_t len = 0;
    if (seed % 3 && tar_read(data, size, &t)) {
        tar_change(&t, seed / 3);
        len = tar_write(&t, data, max);
    }
    return len > 0 ? len : tar_mutate_bytes(data, size, max, seed);
}
