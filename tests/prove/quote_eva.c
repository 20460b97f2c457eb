/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign bytes made fit for a message: any two; as many as are shown, and more, of each kind that takes its own room.
 *
 * Eva: -eva-partition-history 0 -eva-slevel 300 */
#include "parse/text.h"
#include "tests/prove/input.h"

enum { SHOWN = TEXT_QUOTE_BYTES + 1 };

static void show(bytes in)
{
    struct text_quoted q = text_quote(in);
    struct text_hexed h = text_hex(in);
    (void)strlen(q.s);
    (void)strlen(h.s);
}

static void show_of_kind(int least, int most)
{
    static const size_t lengths[] = {TEXT_HEX_BYTES, TEXT_HEX_BYTES + 1, TEXT_QUOTE_BYTES, SHOWN};
    uint8_t raw[SHOWN];
    //@ loop unroll SHOWN;
    for (size_t i = 0; i < SHOWN; i++)
        raw[i] = (uint8_t)any(least, most);
    //@ loop unroll 4;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        show(BYTES(raw + SHOWN - lengths[i], lengths[i]));
}

int main(void)
{
    uint8_t raw[2];
    show(BYTES_ABSENT);
    show(INPUT(raw, 0));
    show(INPUT(raw, 1));
    show(INPUT(raw, 2));
    show_of_kind('a', 'z');
    show_of_kind('\n', '\n');
    show_of_kind(0x7f, 0xff);
    return 0;
}
