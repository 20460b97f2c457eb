/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: pem_next pem_write.
 *
 * Input: a byte of flags (1: comments, 2: two labels), a byte for a small capacity, and the file.
 */
#include <stdlib.h>
#include <string.h>

#include "parse/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const labels[] = {"CERTIFICATE", "X"};

static uint8_t buf[LIMIT_PEM_BLOCK_BYTES + 96];
static char text[PEM_TEXT_SIZE(LIMIT_PEM_BLOCK_BYTES, 11)];

static void require(bool holds)
{
    if (!holds) abort();
}

static bool is_outside(uint8_t c)
{
    return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* The file from the block's BEGIN up to `until` is what pem_write writes, but for CR and what may follow a block. */
static void require_canonical(const struct pem_reader *r, const struct pem_block *block)
{
    const char *label = labels[block->label];
    require(is_ok(pem_write(block->der, label, text, sizeof text, NULL)));
    require(strlen(text) + 1 == PEM_TEXT_SIZE(block->der.len, strlen(label)));

    size_t at = block->offset;
    for (const char *c = text; *c && c[1]; c++, at++) {
        if (*c == '\n' && r->in.ptr[at] == '\r') at++;
        require(at < r->pos && r->in.ptr[at] == (uint8_t)*c);
    }
    require(at == r->pos);
}

/* Reads the whole file; returns the number of blocks, or SIZE_MAX when it is refused. */
static size_t read_all(struct pem_reader r, size_t cap, enum err_kind *kind)
{
    struct err err = {0};
    for (;;) {
        struct pem_block block = {0};
        bool end = false;
        size_t before = r.pos;
        status s = pem_next(&r, buf, cap, &block, &end, &err);
        *kind = s.kind;
        require(r.pos >= before && r.pos <= r.in.len);
        require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] && err.offset <= r.in.len);
        if (!is_ok(s)) return SIZE_MAX;
        if (end) return r.blocks;
        require(block.der.ptr == buf && block.der.len > 0 && block.der.len <= cap && r.pos > before);
        require(block.offset >= before && block.label < r.label_count);
        require_canonical(&r, &block);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct pem_reader r = {.in = BYTES(data + 2, size - 2), .labels = labels, .label_count = data[0] & 2 ? 2 : 1};
    r.comments = (data[0] & 1) != 0;
    enum err_kind kind, small_kind;
    size_t blocks = read_all(r, sizeof buf, &kind);
    size_t small_blocks = read_all(r, data[1], &small_kind);

    require(kind != ERR_NOMEM && (blocks == SIZE_MAX || blocks <= LIMIT_PEM_BLOCKS));
    require(small_blocks == blocks || (small_blocks == SIZE_MAX && small_kind == ERR_NOMEM));
    if (blocks == 0 && !r.comments)
        for (size_t i = 0; i < r.in.len; i++)
            require(is_outside(r.in.ptr[i]));
    return 0;
}
