/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as long as a form, one shorter and one longer; any number of seconds; any calendar date.
 *
 * Eva: -eva-partition-history 0 -eva-slevel 400 */
#include "parse/time.h"
#include "tests/prove/input.h"

enum { LONGEST = 26 };

static void parse(size_t n)
{
    uint8_t text[LONGEST];
    struct err err = {0};
    bytes in = INPUT(text, n);
    int64_t t;
    (void)is_ok(time_parse_rfc3339(in, &t, &err));
    (void)is_ok(time_parse_utctime(in, &t, &err));
    (void)is_ok(time_parse_generalizedtime(in, &t, &err));
}

int main(void)
{
    static const size_t lengths[] = {0, 1, 12, 13, 14, 15, 16, 19, 20, 21, 24, 25, 26};
    //@ loop unroll 13;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        parse(lengths[i]);

    struct err err = {0};
    struct time_civil civil;
    int64_t t;
    UNKNOWN(civil);
    (void)is_ok(time_from_civil(&civil, &t, &err));

    char out[TIME_TEXT_SIZE];
    UNKNOWN(t);
    (void)is_ok(time_write_rfc3339(t, out, &err));
    return 0;
}
