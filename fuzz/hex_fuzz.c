/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: hex_parse hex_write.
 *
 * Input: the text; every length is tried that its own length could stand for.
 */
#include <stdlib.h>
#include <string.h>

#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_MAX 128

static void require(bool holds)
{
    if (!holds) abort();
}

/* What is accepted is what hex_write writes, but for the case of its letters. */
static void try_length(bytes text, size_t len)
{
    uint8_t value[BYTES_MAX + 1], any[BYTES_MAX + 1];
    char written[HEX_TEXT_SIZE(BYTES_MAX)];
    struct err err = {0};
    memset(value, 0xee, sizeof value);
    status s = hex_parse(text, HEX_LOWER, value, len, &err);
    status s_any = hex_parse(text, HEX_ANY_CASE, any, len, NULL);

    require(value[is_ok(s) ? len : 0] == 0xee);
    require(!is_ok(s) || is_ok(s_any));
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] && err.offset <= text.len);
    if (!is_ok(s_any)) return;
    require(text.len == 2 * len);
    require(is_ok(hex_write(BYTES(any, len), written, HEX_TEXT_SIZE(len), NULL)));
    require(len == 0 || !is_ok(hex_write(BYTES(any, len), written, 2 * len, NULL)));
    require(is_ok(s) == (memcmp(written, text.ptr, text.len) == 0));
    require(!is_ok(s) || memcmp(value, any, len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 2 * BYTES_MAX) return 0;
    for (size_t len = size / 2 > 0 ? size / 2 - 1 : 0; len <= size / 2 + 1 && len <= BYTES_MAX; len++)
        try_length(BYTES(data, size), len);
    return 0;
}
