/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/platform.h"

#include <stdio.h>

#include "parse/text.h"

static const struct platform_row rows[] = {
#define PLATFORM(identifier, name, printed, runtime_class) {name, printed, runtime_class},
#include "kube/platforms.def"
#undef PLATFORM
};

const struct platform_row *platform_row(enum platform platform)
{
    return &rows[platform];
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool is_named(bytes name, const char *want)
{
    bool same = name.len == strlen(want);
    for (size_t i = 0; i < name.len && same; i++)
        same = lower(name.ptr[i]) == (uint8_t)want[i];
    return same;
}

status platform_find(bytes name, enum platform *out, struct err *err)
{
    char known[256] = "";
    size_t n = 0;
    for (unsigned i = 0; i < PLATFORM_COUNT; i++) {
        if (is_named(name, rows[i].name)) {
            *out = (enum platform)i;
            return OK;
        }
        n += (size_t)snprintf(known + n, sizeof known - n, "%s%s", i > 0 ? ", " : "", rows[i].name);
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "want one of %s, have %s", known, text_quote(name).s);
}

status platform_check_runtime_class(bytes name, struct err *err)
{
    enum { DIGITS = 8 };
    bytes prefix = BYTES_LIT("contrast-cc-");
    enum platform platform;
    uint8_t generation[DIGITS / 2];
    if (bytes_eq(name, BYTES_LIT("contrast-cc")) || bytes_eq(name, BYTES_LIT("kata-cc-isolation"))) return OK;
    if (name.len > prefix.len && bytes_eq(bytes_slice(name, 0, prefix.len), prefix)) {
        bytes rest = bytes_slice(name, prefix.len, name.len - prefix.len);
        if (is_ok(platform_find(rest, &platform, NULL))) return OK;
        bool has_digits = rest.len > DIGITS + 1 && rest.ptr[rest.len - DIGITS - 1] == '-' &&
                          is_ok(hex_parse(bytes_slice(rest, rest.len - DIGITS, DIGITS), HEX_LOWER, generation,
                                          sizeof generation, NULL));
        if (has_digits && is_ok(platform_find(bytes_slice(rest, 0, rest.len - DIGITS - 1), &platform, NULL))) return OK;
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "the runtime class %s is of no platform that is known", text_quote(name).s);
}
