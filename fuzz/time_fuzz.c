/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: time_parse_rfc3339 time_parse_utctime time_parse_generalizedtime time_write_rfc3339 time_from_civil
 * time_to_civil.
 *
 * The text goes to every parser; its first 8 bytes are also a number of seconds, its first 24 six civil fields.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/text.h"
#include "parse/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef status parse_fn(bytes text, int64_t *out, struct err *err);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Writes an accepted time in each form; false when the text was refused. */
static bool try_parse(parse_fn *parse, bytes text, char rfc3339[TIME_TEXT_SIZE], char x509[16])
{
    int64_t time = 77, again = 0;
    struct err err = {0};
    struct time_civil c = {0};
    status s = parse(text, &time, &err);
    require(is_ok(s) ? err.kind == ERR_NONE
                     : err.kind == s.kind && err.text[0] && err.offset <= text.len && time == 77);
    if (!is_ok(s)) return false;

    require(is_ok(time_write_rfc3339(time, rfc3339, NULL)));
    require(is_ok(time_parse_rfc3339(text_bytes(rfc3339), &again, NULL)) && again == time);
    require(is_ok(time_to_civil(time, &c, NULL)) && is_ok(time_from_civil(&c, &again, NULL)) && again == time);
    (void)snprintf(x509, 16, "%04u%02u%02u%02u%02u%02uZ", c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
                   c.minute % 100, c.second % 100);
    return true;
}

static void try_numbers(const uint8_t *data)
{
    int64_t time, again = 0;
    struct time_civil c, back = {0};
    char text[TIME_TEXT_SIZE];
    memcpy(&time, data, sizeof time);
    require(is_ok(time_to_civil(time, &c, NULL)) == (time >= TIME_MIN && time <= TIME_MAX));
    require(is_ok(time_write_rfc3339(time, text, NULL)) == (time >= TIME_MIN && time <= TIME_MAX));

    memcpy(&c, data, sizeof c);
    if (!is_ok(time_from_civil(&c, &again, NULL))) return;
    require(is_ok(time_to_civil(again, &back, NULL)) && memcmp(&c, &back, sizeof c) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bytes text = {data, size};
    char rfc3339[TIME_TEXT_SIZE], x509[16];
    /* What is accepted is what would be written, but for another offset than Z. */
    if (try_parse(time_parse_rfc3339, text, rfc3339, x509))
        require(size == 25 || (size == 20 && memcmp(rfc3339, data, 20) == 0));
    if (try_parse(time_parse_generalizedtime, text, rfc3339, x509)) require(size == 15 && memcmp(x509, data, 15) == 0);
    if (try_parse(time_parse_utctime, text, rfc3339, x509))
        require(size == 13 && memcmp(x509 + 2, data, 13) == 0 && memcmp(x509, "1950", 4) >= 0 &&
                memcmp(x509, "2050", 4) < 0);
    if (size >= sizeof(struct time_civil)) try_numbers(data);
    return 0;
}
