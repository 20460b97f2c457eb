/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/ca_sign.h"

#include <string.h>

#include "fuzz/stub_crypto.h"
#include "parse/limits.h"
#include "parse/x509.h"

struct out {
    uint8_t bytes[LIMIT_CERTIFICATE_BYTES];
    size_t len;
};

/* Everything is written from its end to its beginning, so that lengths are known when their turn comes. */
static void put(struct out *o, bytes in)
{
    if (in.len > sizeof o->bytes - o->len) return;
    o->len += in.len;
    memcpy(o->bytes + sizeof o->bytes - o->len, in.ptr, in.len);
}

static void put_header(struct out *o, uint8_t tag, size_t len)
{
    uint8_t header[4] = {tag, (uint8_t)len};
    size_t n = 2;
    if (len >= 0x80) {
        n = len < 0x100 ? 3 : 4;
        header[1] = (uint8_t)(0x80 + n - 2);
        header[n - 1] = (uint8_t)len;
        if (n == 4) header[2] = (uint8_t)(len >> 8);
    }
    put(o, BYTES(header, n));
}

static void put_integer(struct out *o, const uint8_t scalar[P384_SCALAR_BYTES])
{
    size_t from = 0, before = o->len;
    while (from + 1 < P384_SCALAR_BYTES && scalar[from] == 0)
        from++;
    put(o, BYTES(scalar + from, P384_SCALAR_BYTES - from));
    if (scalar[from] >= 0x80) put(o, BYTES_LIT("\0"));
    put_header(o, 0x02, o->len - before);
}

static void put_certificate(struct out *o, const struct x509_certificate *x, const uint8_t r[P384_SCALAR_BYTES],
                            const uint8_t s[P384_SCALAR_BYTES])
{
    o->len = 0;
    put_integer(o, s);
    put_integer(o, r);
    put_header(o, 0x30, o->len);
    put(o, BYTES_LIT("\0"));
    put_header(o, 0x03, o->len);
    put(o, x->outer_algorithm);
    put(o, x->tbs);
    put_header(o, 0x30, o->len);
}

static size_t sign_again(uint8_t *data, size_t size, size_t max, const struct x509_certificate *x, const uint8_t *point)
{
    static struct out o;
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    if (!is_ok(crypto_sha384(&x->tbs, 1, digest, NULL))) return size;
    stub_p384_sign(point, digest, r, s);
    put_certificate(&o, x, r, s);
    if (o.len > max) return size;
    memcpy(data, o.bytes + sizeof o.bytes - o.len, o.len);
    return o.len;
}

size_t ca_sign(uint8_t *data, size_t size, size_t max)
{
    struct x509_certificate x;
    if (!is_ok(x509_certificate_parse(BYTES(data, size), &x, NULL)) || x.public_key.len != P384_POINT_BYTES)
        return size;
    uint8_t *point = data + (x.public_key.ptr - data);
    point[96] = (uint8_t)((point[96] & 0xfe) | (point[48] & 1));
    return sign_again(data, size, max, &x, point);
}

size_t ca_sign_leaf(uint8_t *data, size_t size, size_t max, const uint8_t point[P384_POINT_BYTES])
{
    struct x509_certificate x;
    return is_ok(x509_certificate_parse(BYTES(data, size), &x, NULL)) ? sign_again(data, size, max, &x, point) : size;
}
