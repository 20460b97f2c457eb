/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: base64_parse base64_write.
 *
 * Input: a byte that selects the alphabet, a byte for the capacity, and the text.
 */
#include <stdlib.h>
#include <string.h>

#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 512

static void require(bool holds)
{
    if (!holds) abort();
}

/* What is accepted is what base64_write writes. */
static void require_canonical(bytes text, enum base64_alphabet alphabet, bytes value)
{
    char written[TEXT_MAX + 1];
    require(BASE64_TEXT_SIZE(value.len) == text.len + 1 && value.len <= BASE64_BYTES_MAX(text.len));
    require(is_ok(base64_write(value, alphabet, written, text.len + 1, NULL)));
    require(memcmp(written, text.ptr, text.len) == 0 && written[text.len] == '\0');
    require(!is_ok(base64_write(value, alphabet, written, text.len, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3 || size - 2 > TEXT_MAX) return 0;
    const enum base64_alphabet alphabet = data[0] & 1 ? BASE64_URL : BASE64_STANDARD;
    const bytes text = {data + 2, size - 2};
    uint8_t buf[TEXT_MAX], small[257];
    bytes value = BYTES_ABSENT, other = BYTES_ABSENT;
    struct err err = {0};

    status s = base64_parse(text, alphabet, buf, sizeof buf, &value, &err);
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] && err.offset <= text.len);
    require(is_ok(s) == !bytes_is_absent(value));
    if (is_ok(s)) require_canonical(text, alphabet, value);

    /* A buffer of any size: the same answer when the value fits, else untouched. */
    memset(small, 0xee, sizeof small);
    status t = base64_parse(text, alphabet, small, data[1], &other, NULL);
    require(small[data[1]] == 0xee);
    if (is_ok(s))
        require(value.len <= data[1] ? bytes_eq(value, other) : t.kind == ERR_NOMEM && small[0] == 0xee);
    else
        require(!is_ok(t) && bytes_is_absent(other));
    return 0;
}
