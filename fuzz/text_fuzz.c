/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: decimal_parse utf8_length utf8_check text_quote text_hex. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* What is accepted is what printf writes, and not above the maximum. */
static void try_decimal(bytes text, uint64_t max)
{
    uint64_t value = 0;
    struct err err = {0};
    status s = decimal_parse(text, max, &value, &err);
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] && err.offset <= text.len);
    if (!is_ok(s)) return;
    char written[24];
    int n = snprintf(written, sizeof written, "%llu", (unsigned long long)value);
    require(value <= max && (size_t)n == text.len && memcmp(written, text.ptr, text.len) == 0);
}

/* The code point that `n` bytes encode, counted out anew. */
static uint32_t decode(const uint8_t *c, size_t n)
{
    uint32_t code = n == 1 ? c[0] : c[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (c[i] & 0x3fu);
    return code;
}

static void try_utf8(bytes text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    struct err err = {0};
    status s = utf8_check(text, &err);
    size_t at = 0;
    for (size_t n; (n = utf8_length(text, at)) > 0; at += n) {
        uint32_t code = decode(text.ptr + at, n);
        require(n <= 4 && n <= text.len - at && code >= least[n] && code <= 0x10ffff && code >> 11 != 0x1b);
    }
    require(is_ok(s) == (at == text.len));
    require(is_ok(s) || (err.text[0] && err.offset == at));
}

/* Printable ASCII only, with an end. */
static void require_printable(const char *text, size_t room)
{
    size_t n = 0;
    while (n < room && text[n] >= 0x20 && text[n] < 0x7f)
        n++;
    require(n < room && text[n] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes text = {data, size};
    const struct text_quoted quoted = text_quote(text);
    const struct text_hexed hexed = text_hex(text);
    require_printable(quoted.s, sizeof quoted.s);
    require_printable(hexed.s, sizeof hexed.s);
    try_decimal(text, UINT64_MAX);
    try_decimal(text, 255);
    try_utf8(text);
    return 0;
}
