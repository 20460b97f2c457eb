/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/out.h"

#include "parse/text.h"

static uint8_t *out_room(struct out *o, size_t n)
{
    if (o->full || n > o->cap - o->len) {
        o->full = true;
        return NULL;
    }
    uint8_t *at = o->ptr + o->len;
    o->len += n;
    return at;
}

void out_bytes(struct out *o, bytes b)
{
    uint8_t *at = out_room(o, b.len);
    if (at && b.len) memcpy(at, b.ptr, b.len);
}

void out_u8(struct out *o, uint8_t v)
{
    out_bytes(o, BYTES(&v, 1));
}

void out_u32le(struct out *o, uint32_t v)
{
    for (unsigned shift = 0; shift < 32; shift += 8)
        out_u8(o, (uint8_t)(v >> shift));
}

void out_zeros(struct out *o, size_t n)
{
    uint8_t *at = out_room(o, n);
    if (at) memset(at, 0, n);
}

void out_text(struct out *o, const char *text)
{
    out_bytes(o, text_bytes(text));
}

void out_hex(struct out *o, bytes b)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < b.len; i++) {
        out_u8(o, (uint8_t)digits[b.ptr[i] >> 4]);
        out_u8(o, (uint8_t)digits[b.ptr[i] & 15]);
    }
}

static void out_base64_group(struct out *o, bytes three)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t word = 0;
    for (size_t i = 0; i < 3; i++)
        word = word << 8 | (i < three.len ? three.ptr[i] : 0u);
    for (size_t i = 0; i < 4; i++)
        out_u8(o, (uint8_t)(i <= three.len ? letters[word >> (18 - 6 * i) & 63] : '='));
}

void out_pem(struct out *o, const char *label, bytes der)
{
    enum { LINE = 48 }; /* bytes in a line of 64 characters */
    out_text(o, "-----BEGIN ");
    out_text(o, label);
    out_text(o, "-----\n");
    for (size_t i = 0; i < der.len; i += 3) {
        out_base64_group(o, BYTES(der.ptr + i, der.len - i < 3 ? der.len - i : 3));
        if (i % LINE == LINE - 3 || i + 3 >= der.len) out_u8(o, '\n');
    }
    out_text(o, "-----END ");
    out_text(o, label);
    out_text(o, "-----\n");
}

size_t der_open(struct out *o, uint8_t tag)
{
    out_u8(o, tag);
    return o->len;
}

void der_close(struct out *o, size_t mark)
{
    if (o->full) return;
    size_t len = o->len - mark;
    uint8_t head[1 + sizeof len];
    size_t n = 0;
    if (len < 0x80) {
        head[n++] = (uint8_t)len;
    } else {
        size_t octets = 1;
        while (octets < sizeof len && len >> (8 * octets))
            octets++;
        head[n++] = (uint8_t)(0x80 | octets);
        while (octets-- > 0)
            head[n++] = (uint8_t)(len >> (8 * octets));
    }
    if (!out_room(o, n)) return;
    memmove(o->ptr + mark + n, o->ptr + mark, len);
    memcpy(o->ptr + mark, head, n);
}

void der_put(struct out *o, uint8_t tag, bytes content)
{
    size_t mark = der_open(o, tag);
    out_bytes(o, content);
    der_close(o, mark);
}

void der_put_unsigned(struct out *o, bytes big_endian)
{
    size_t skip = 0;
    while (skip < big_endian.len && big_endian.ptr[skip] == 0)
        skip++;
    size_t mark = der_open(o, DER_INTEGER);
    if (skip == big_endian.len || big_endian.ptr[skip] >= 0x80) out_u8(o, 0);
    out_bytes(o, BYTES(big_endian.ptr + skip, big_endian.len - skip));
    der_close(o, mark);
}

void der_put_uint(struct out *o, uint64_t v)
{
    uint8_t big_endian[8];
    for (size_t i = 0; i < sizeof big_endian; i++)
        big_endian[i] = (uint8_t)(v >> (56 - 8 * i));
    der_put_unsigned(o, BYTES_OF(big_endian));
}

void der_put_bits(struct out *o, bytes content)
{
    size_t mark = der_open(o, DER_BIT_STRING);
    out_u8(o, 0);
    out_bytes(o, content);
    der_close(o, mark);
}
