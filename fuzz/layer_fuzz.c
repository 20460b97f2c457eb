/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: layer_scan_put layer_scan_finish. */
#include <stdlib.h>

#include "parse/layer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_BYTES = 64, EXTENSION_BYTES = 1024, SUM_AT = 148, SUM_BYTES = 8, SUM_DIGITS = 6 };

struct room {
    struct layer_scan scan;
    uint8_t passwd[FILE_BYTES], group[FILE_BYTES], extension[EXTENSION_BYTES];
};

static void require(bool holds)
{
    if (!holds) abort();
}

/* Hands the input over in parts of `step` bytes. */
static status scan(struct room *r, bytes in, size_t step, struct err *err)
{
    r->scan = (struct layer_scan){
        .passwd = {.content = r->passwd, .cap = FILE_BYTES},
        .group = {.content = r->group, .cap = FILE_BYTES},
        .extension = r->extension,
        .extension_cap = EXTENSION_BYTES,
    };
    for (size_t at = 0; at < in.len; at += step) {
        size_t n = in.len - at < step ? in.len - at : step;
        TRY(layer_scan_put(&r->scan, bytes_slice(in, at, n), err));
    }
    return layer_scan_finish(&r->scan, err);
}

static void require_same(const struct layer_file *a, const struct layer_file *b)
{
    require(a->change == b->change && a->change <= LAYER_OTHER);
    if (a->change != LAYER_FILE) return;
    require(a->len <= FILE_BYTES && a->len == b->len && memcmp(a->content, b->content, a->len) == 0);
}

/* However it comes in parts, the same is found. */
static void check(bytes in)
{
    static struct room whole, parts;
    struct err err = {0}, parts_err = {0};
    status s = scan(&whole, in, in.len + 1, &err), p = scan(&parts, in, 7, &parts_err);
    require(s.kind == p.kind && strcmp(err.text, parts_err.text) == 0);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0'));
    if (!is_ok(s)) return;
    require_same(&whole.scan.passwd, &parts.scan.passwd);
    require_same(&whole.scan.group, &parts.scan.group);
    require(whole.scan.etc == parts.scan.etc && whole.scan.etc != LAYER_FILE);
}

/* The sum of each block that may be a header, as its header says it is: nobody finds it by chance. */
static void put_sums(uint8_t *archive, size_t size)
{
    for (size_t at = 0; at + LAYER_BLOCK_BYTES <= size; at += LAYER_BLOCK_BYTES) {
        uint8_t *block = &archive[at], *digits = &block[SUM_AT];
        uint32_t sum = 0;
        if (bytes_are_zero(BYTES(block, LAYER_BLOCK_BYTES))) continue;
        memset(digits, ' ', SUM_BYTES);
        for (size_t i = 0; i < LAYER_BLOCK_BYTES; i++)
            sum += block[i];
        for (size_t i = SUM_DIGITS; i > 0; i--, sum >>= 3)
            digits[i - 1] = (uint8_t)('0' + (sum & 7));
        digits[SUM_DIGITS] = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t archive[16384];
    check(BYTES(data, size));
    if (size > sizeof archive) return 0;
    memcpy(archive, data, size);
    put_sums(archive, size);
    check(BYTES(archive, size));
    return 0;
}
