/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: der_get der_get_element der_enter der_next_is der_get_unsigned der_get_u64 der_get_bool der_get_oid
 * der_get_octet_bits.
 *
 * What is accepted is what a writer of DER would write, and every typed getter agrees with a plain reading of the same
 * octets.
 */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "parse/der.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { DEPTH_MAX = 24 };

static void require(bool holds)
{
    if (!holds) abort();
}

/* The header that DER wants for `tag` and `len`. */
static size_t write_header(uint8_t out[6], uint8_t tag, size_t len)
{
    size_t n = 0;
    out[n++] = tag;
    if (len < 0x80) {
        out[n++] = (uint8_t)len;
        return n;
    }
    size_t octets = 1;
    while (len >> (8 * octets) != 0)
        octets++;
    out[n++] = (uint8_t)(0x80 | octets);
    while (octets-- > 0)
        out[n++] = (uint8_t)(len >> (8 * octets));
    return n;
}

static bool is_integer(bytes b)
{
    return b.len > 0 && !(b.ptr[0] & 0x80) && !(b.len > 1 && b.ptr[0] == 0 && !(b.ptr[1] & 0x80));
}

static void check_integer(bytes element, bytes contents)
{
    struct cursor c = cursor_over(element), d = cursor_over(element);
    bytes n = der_get_unsigned(&c, "n");
    uint64_t v = der_get_u64(&d, 1000, "n");
    require(is_ok(cursor_end(&c, NULL)) == is_integer(contents));
    if (!is_ok(cursor_end(&c, NULL))) {
        require(bytes_is_absent(n) && v == 0 && cursor_failed(&d));
        return;
    }
    uint64_t plain = 0;
    bool small = true;
    for (size_t i = 0; i < contents.len && small; i++) {
        plain = plain << 8 | contents.ptr[i];
        small = plain <= 1000;
    }
    require(is_ok(cursor_end(&d, NULL)) == small && v == (small ? plain : 0));
    require(n.len == contents.len || (n.len + 1 == contents.len && contents.ptr[0] == 0));
}

static bool is_oid(bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.ptr[i] == 0x80 && (i == 0 || b.ptr[i - 1] < 0x80)) return false;
    return b.len > 0 && b.ptr[b.len - 1] < 0x80;
}

static void check_bool(bytes element, bytes contents)
{
    struct cursor c = cursor_over(element);
    bool yes = der_get_bool(&c, "b");
    require(is_ok(cursor_end(&c, NULL)) == (contents.len == 1 && (contents.ptr[0] == 0 || contents.ptr[0] == 0xff)));
    require(yes == (contents.len == 1 && contents.ptr[0] == 0xff));
}

static void check_oid(bytes element, bytes contents)
{
    struct cursor c = cursor_over(element);
    bytes oid = der_get_oid(&c, "o");
    require(is_ok(cursor_end(&c, NULL)) == is_oid(contents));
    require(bytes_is_absent(oid) == cursor_failed(&c));
}

static void check_bits(bytes element, bytes contents)
{
    struct cursor c = cursor_over(element);
    bytes octets = der_get_octet_bits(&c, "s");
    bool whole = contents.len > 0 && contents.ptr[0] == 0;
    require(is_ok(cursor_end(&c, NULL)) == whole);
    require(whole ? octets.len == contents.len - 1 : bytes_is_absent(octets));
}

static void check_typed(bytes element, bytes contents)
{
    struct cursor c;
    switch (element.ptr[0]) {
    case DER_BOOLEAN:
        check_bool(element, contents);
        return;
    case DER_INTEGER:
        check_integer(element, contents);
        return;
    case DER_OID:
        check_oid(element, contents);
        return;
    case DER_BIT_STRING:
        check_bits(element, contents);
        return;
    default:
        c = cursor_over(element);
        require(bytes_is_absent(der_get_unsigned(&c, "n")) && !is_ok(cursor_end(&c, NULL)));
    }
}

static bool require_refused(const struct cursor *c)
{
    struct err err = {0};
    require(!is_ok(cursor_end(c, &err)) && err.text[0] != '\0' && err.offset <= c->in.len);
    return false;
}

/* Every element of `in`, one behind the other, and what is inside; whether all of it is DER. */
static bool walk(bytes in, int depth)
{
    struct cursor c = cursor_over(in);
    while (cursor_left(&c) > 0) {
        size_t before = c.pos;
        struct cursor again = c;
        bytes element = der_get_element(&c, 0, "element");
        if (cursor_failed(&c)) {
            require(bytes_is_absent(element));
            return depth == 0 ? require_refused(&c) : false; /* the text of an error is dear */
        }
        require(element.ptr == in.ptr + before && element.len == c.pos - before && element.len >= 2);
        uint8_t tag = element.ptr[0], header[6];
        require(der_next_is(&again, tag) && !der_next_is(&again, (uint8_t)(tag ^ 1)));
        struct cursor inner = der_enter(&again, tag, "element");
        size_t n = write_header(header, tag, inner.in.len);
        require(n + inner.in.len == element.len && memcmp(header, element.ptr, n) == 0);
        require(tag != 0 && (tag & 0x1f) != 0x1f && again.pos == c.pos);
        check_typed(element, inner.in);
        if ((tag & 0x20) && depth < DEPTH_MAX) walk(inner.in, depth + 1);
    }
    return is_ok(cursor_end(&c, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    if (walk(in, 0) && size > 0) {
        struct cursor cut = cursor_over(bytes_slice(in, 0, size - 1));
        while (cursor_left(&cut) > 0)
            der_get(&cut, 0, "element");
        struct cursor first = cursor_over(in);
        bool one = der_get_element(&first, 0, "element").len == size;
        require(!one || cursor_failed(&cut));
    }
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 2 ? mutate_bytes(data, size, max, seed) : der_mutate(data, size, max, seed / 2);
}
