/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/san.h"

#include "parse/text.h"

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* ---- IP addresses ----------------------------------------------------------------------------------------------- */

/* Up to the next `separator` from `*at` on; moves behind it.  `*last` when there was none. */
static bytes next_part(bytes text, uint8_t separator, size_t *at, bool *last)
{
    size_t from = *at, to = text_find(text, from, separator);
    *last = to == text.len;
    *at = to + 1;
    return bytes_slice(text, from, to - from);
}

/* Four decimal numbers without leading zeros. */
static bool parse_ipv4(bytes text, uint8_t out[4])
{
    size_t at = 0;
    bool last = false;
    for (size_t i = 0; i < 4; i++) {
        uint64_t number = 0;
        if (last || !is_ok(decimal_parse(next_part(text, '.', &at, &last), 255, &number, NULL))) return false;
        out[i] = (uint8_t)number;
    }
    return last;
}

/* One to four hex digits. */
static bool parse_group(bytes text, uint8_t out[2])
{
    uint8_t padded[4] = {'0', '0', '0', '0'};
    if (text.len < 1 || text.len > 4) return false;
    memcpy(padded + 4 - text.len, text.ptr, text.len);
    return is_ok(hex_parse(BYTES_OF(padded), HEX_ANY_CASE, out, 2, NULL));
}

/* Groups parted by ':' into out[0..16), the last one perhaps an IPv4 address; how many bytes, or SIZE_MAX. */
static size_t parse_groups(bytes text, uint8_t out[16])
{
    size_t at = 0, n = 0;
    bool last = text.len == 0;
    while (!last) {
        bytes part = next_part(text, ':', &at, &last);
        if (n <= 14 && parse_group(part, &out[n]))
            n += 2;
        else if (last && n <= 12 && parse_ipv4(part, &out[n]))
            n += 4;
        else
            return SIZE_MAX;
    }
    return n;
}

/* Eight groups, or fewer with one "::" that stands for at least one of zeros (RFC 4291, 2.2).  No zone. */
static bool parse_ipv6(bytes text, uint8_t out[16])
{
    size_t gap = 0;
    while (gap + 1 < text.len && (text.ptr[gap] != ':' || text.ptr[gap + 1] != ':'))
        gap++;
    bool has_gap = gap + 1 < text.len;
    uint8_t tail[16] = {0};
    memset(out, 0, 16);
    size_t head = parse_groups(has_gap ? bytes_slice(text, 0, gap) : text, out);
    if (!has_gap) return head == 16;
    size_t rest = parse_groups(bytes_slice(text, gap + 2, text.len - gap - 2), tail);
    /* An IPv4 address ends the whole, so none stands before the gap. */
    bool dotted = false;
    for (size_t i = 0; i < gap; i++)
        dotted = dotted || text.ptr[i] == '.';
    if (dotted || head > 14 || rest > 14 - head) return false;
    memcpy(out + 16 - rest, tail, rest);
    return true;
}

/* The length of the address in a certificate: one of IPv4 is 4 bytes, however it is written (::ffff:192.0.2.1). */
static size_t parse_ip(bytes text, uint8_t out[16])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (parse_ipv4(text, out)) return 4;
    if (!parse_ipv6(text, out)) return 0;
    if (memcmp(out, mapped, sizeof mapped) != 0) return 16;
    memmove(out, out + sizeof mapped, 4);
    return 4;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

static bool has_scheme(bytes text)
{
    size_t n = 0;
    while (n < text.len && (is_letter(text.ptr[n]) || (n > 0 && (is_digit(text.ptr[n]) || text.ptr[n] == '+' ||
                                                                 text.ptr[n] == '-' || text.ptr[n] == '.'))))
        n++;
    return n > 0 && n < text.len && text.ptr[n] == ':';
}

static bool is_name_byte(uint8_t c, enum san_kind kind)
{
    if (kind == SAN_URI) return c > 0x20 && c < 0x7f;
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '*';
}

status san_parse(bytes text, struct san *out, struct err *err)
{
    struct san s = {.text = text};
    s.ip_len = parse_ip(text, s.ip);
    s.kind = s.ip_len > 0 ? SAN_IP : has_scheme(text) ? SAN_URI : SAN_DNS;
    if (text.len == 0) return err_set(err, ERR_SYNTAX, 0, "want a DNS name, an IP address or a URI, have nothing");
    for (size_t i = 0; i < text.len && s.kind != SAN_IP; i++)
        if (!is_name_byte(text.ptr[i], s.kind))
            return err_set(err, ERR_SYNTAX, i, "want a DNS name, an IP address or a URI, have %s", text_quote(text).s);
    *out = s;
    return OK;
}
