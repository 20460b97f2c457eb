/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/der_write.h"

#include "parse/time.h"

enum { HEAD = 2 }; /* a tag, and a length below 128 */

/* Whether `n` more bytes fit; if not, nothing fits any more. */
static bool has_room(struct der_out *o, size_t n)
{
    if (o->kind == ERR_NONE && n > o->cap - o->len) o->kind = ERR_NOMEM;
    return o->kind == ERR_NONE;
}

static void put_byte(struct der_out *o, uint8_t b)
{
    if (has_room(o, 1)) o->buf[o->len++] = b;
}

void der_add(struct der_out *o, bytes raw)
{
    if (raw.len == 0 || !has_room(o, raw.len)) return;
    memcpy(o->buf + o->len, raw.ptr, raw.len);
    o->len += raw.len;
}

size_t der_begin(struct der_out *o, uint8_t tag)
{
    size_t begun = o->len;
    put_byte(o, tag);
    put_byte(o, 0);
    o->open++;
    return begun;
}

/* Octets that the length needs behind its first one. */
static size_t more_octets(size_t len)
{
    size_t n = 0;
    if (len < 0x80) return 0;
    for (size_t rest = len; rest > 0; rest >>= 8)
        n++;
    return n;
}

void der_end(struct der_out *o, size_t begun)
{
    o->open--;
    if (o->kind != ERR_NONE) return;
    size_t len = o->len - begun - HEAD, more = more_octets(len);
    if (!has_room(o, more)) return;
    uint8_t *head = o->buf + begun;
    if (more == 0) {
        head[1] = (uint8_t)len;
        return;
    }
    memmove(head + HEAD + more, head + HEAD, len);
    head[1] = (uint8_t)(0x80 | more);
    for (size_t i = 0; i < more; i++)
        head[HEAD + i] = (uint8_t)(len >> (8 * (more - 1 - i)));
    o->len += more;
}

void der_add_element(struct der_out *o, uint8_t tag, bytes contents)
{
    size_t element = der_begin(o, tag);
    der_add(o, contents);
    der_end(o, element);
}

void der_add_unsigned(struct der_out *o, bytes n)
{
    while (n.len > 1 && n.ptr[0] == 0)
        n = bytes_slice(n, 1, n.len - 1);
    size_t element = der_begin(o, DER_INTEGER);
    if (n.len == 0 || n.ptr[0] >= 0x80) put_byte(o, 0); /* zero, or a sign octet */
    der_add(o, n);
    der_end(o, element);
}

void der_add_u64(struct der_out *o, uint64_t value)
{
    uint8_t octets[8];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = (uint8_t)(value >> (8 * (sizeof octets - 1 - i)));
    der_add_unsigned(o, BYTES_OF(octets));
}

void der_add_bool(struct der_out *o, bool value)
{
    der_add_element(o, DER_BOOLEAN, BYTES((const uint8_t *)(value ? "\xff" : "\0"), 1));
}

void der_add_octet_bits(struct der_out *o, bytes octets)
{
    size_t element = der_begin(o, DER_BIT_STRING);
    put_byte(o, 0); /* unused bits */
    der_add(o, octets);
    der_end(o, element);
}

static void put_digits(struct der_out *o, unsigned value, unsigned power)
{
    for (; power > 0; power /= 10)
        put_byte(o, (uint8_t)('0' + value / power % 10));
}

void der_add_time(struct der_out *o, int64_t time)
{
    struct time_civil t = {0};
    bool is_sayable = is_ok(time_to_civil(time, &t, NULL)) && t.year >= 1950;
    if (!is_sayable && o->kind == ERR_NONE) o->kind = ERR_RANGE;
    bool is_short = t.year < 2050;
    size_t element = der_begin(o, is_short ? DER_UTC_TIME : DER_GENERALIZED_TIME);
    put_digits(o, t.year, is_short ? 10 : 1000);
    const unsigned parts[] = {t.month, t.day, t.hour, t.minute, t.second};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        put_digits(o, parts[i], 10);
    put_byte(o, 'Z');
    der_end(o, element);
}

status der_finish(const struct der_out *o, const char *what, bytes *out, struct err *err)
{
    if (o->open != 0) return err_set(err, ERR_BUG, 0, "%s: %zu elements were not ended", what, o->open);
    if (o->kind == ERR_RANGE)
        return err_set(err, ERR_RANGE, 0, "%s: a time outside the years 1950 to 9999 cannot be written", what);
    if (o->kind != ERR_NONE) return err_set(err, o->kind, 0, "%s: does not fit into %zu bytes", what, o->cap);
    *out = BYTES(o->buf, o->len);
    return OK;
}
