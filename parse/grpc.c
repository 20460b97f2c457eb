/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/grpc.h"

#include <stdio.h>

#include "parse/text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- statuses --------------------------------------------------------------------------------------------------- */

static const char *const names[GRPC_CODES] = {
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

const char *grpc_code_name(enum grpc_code code)
{
    return (unsigned)code < GRPC_CODES ? names[code] : names[GRPC_UNKNOWN];
}

status grpc_code_parse(bytes text, enum grpc_code *out, struct err *err)
{
    uint64_t code = 0;
    TRY(err_in(err, decimal_parse(text, UINT32_MAX, &code, err), "grpc-status"));
    *out = code < GRPC_CODES ? (enum grpc_code)code : GRPC_UNKNOWN;
    return OK;
}

enum grpc_code grpc_code_of_http(unsigned http_status)
{
    static const struct {
        unsigned http;
        enum grpc_code code;
    } rows[] = {
        {400, GRPC_INTERNAL},    {401, GRPC_UNAUTHENTICATED}, {403, GRPC_PERMISSION_DENIED}, {404, GRPC_UNIMPLEMENTED},
        {429, GRPC_UNAVAILABLE}, {502, GRPC_UNAVAILABLE},     {503, GRPC_UNAVAILABLE},       {504, GRPC_UNAVAILABLE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].http == http_status) return rows[i].code;
    return GRPC_UNKNOWN;
}

/* ---- the prefix of a message ------------------------------------------------------------------------------------ */

status grpc_prefix_parse(const uint8_t in[GRPC_PREFIX_BYTES], size_t limit, size_t *len, struct err *err)
{
    size_t n = (size_t)in[1] << 24 | (size_t)in[2] << 16 | (size_t)in[3] << 8 | in[4];
    if (in[0] != 0) return err_set(err, ERR_UNSUPPORTED, 0, "message: compressed, which was not offered");
    if (n > limit) return err_set(err, ERR_LIMIT, 1, "message: want at most %zu bytes, have %zu", limit, n);
    *len = n;
    return OK;
}

void grpc_prefix_write(uint32_t len, uint8_t out[GRPC_PREFIX_BYTES])
{
    out[0] = 0;
    out[1] = (uint8_t)(len >> 24);
    out[2] = (uint8_t)(len >> 16);
    out[3] = (uint8_t)(len >> 8);
    out[4] = (uint8_t)len;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

bool grpc_content_type_is_ours(bytes text)
{
    const bytes name = BYTES_LIT("application/grpc");
    if (!bytes_eq(bytes_slice(text, 0, name.len), name)) return false;
    return text.len == name.len || text.ptr[name.len] == '+' || text.ptr[name.len] == ';';
}

enum { TIMEOUT_DIGITS = 8 };

static const struct unit {
    char letter;
    uint32_t ms;  /* in one of it */
    uint32_t per; /* of it in one millisecond */
} units[] = {{'H', 3600000, 1}, {'M', 60000, 1}, {'S', 1000, 1}, {'m', 1, 1}, {'u', 1, 1000}, {'n', 1, 1000000}};

static const struct unit *find_unit(uint8_t letter)
{
    for (size_t i = 0; i < COUNT(units); i++)
        if (units[i].letter == letter) return &units[i];
    return NULL;
}

status grpc_timeout_parse(bytes text, uint64_t *ms, struct err *err)
{
    const struct unit *unit = text.len > 0 ? find_unit(text.ptr[text.len - 1]) : NULL;
    if (!unit || text.len < 2 || text.len > TIMEOUT_DIGITS + 1)
        return err_set(err, ERR_SYNTAX, 0, "grpc-timeout: want up to 8 digits and one of HMSmun, have %s",
                       text_quote(text).s);
    uint64_t value = 0;
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return err_set(err, ERR_SYNTAX, i, "grpc-timeout: want digits, have %s", text_quote(text).s);
        value = 10 * value + (text.ptr[i] - '0');
    }
    *ms = (value * unit->ms + unit->per - 1) / unit->per;
    return OK;
}

void grpc_timeout_write(uint64_t ms, char out[GRPC_TIMEOUT_SIZE])
{
    enum { MOST = 99999999 };
    uint64_t seconds = ms / 1000;
    if (ms <= MOST)
        snprintf(out, GRPC_TIMEOUT_SIZE, "%um", (unsigned)ms);
    else
        snprintf(out, GRPC_TIMEOUT_SIZE, "%uS", (unsigned)(seconds <= MOST ? seconds : MOST));
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c <= 0x7e && c != '%';
}

void grpc_message_write(bytes in, char *out, size_t cap)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;
    for (size_t i = 0; i < in.len; i++) {
        uint8_t c = in.ptr[i];
        if (n + (is_plain(c) ? 1 : 3) >= cap) break;
        if (is_plain(c)) {
            out[n++] = (char)c;
            continue;
        }
        out[n++] = '%';
        out[n++] = digits[c >> 4];
        out[n++] = digits[c & 0xf];
    }
    out[n] = '\0';
}

bytes grpc_message_parse(bytes in, uint8_t *buf, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < in.len && n < cap; i++) {
        uint8_t c = in.ptr[i];
        if (c == '%' && is_ok(hex_parse(bytes_slice(in, i + 1, 2), HEX_ANY_CASE, &c, 1, NULL))) i += 2;
        buf[n++] = c;
    }
    return BYTES(buf, n);
}
