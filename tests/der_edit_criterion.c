/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "tests/der_edit.h"

enum { DEPTH_MAX = 16 };

struct element {
    size_t start, header, contents;
};

static struct element element_at(const struct der_edit *e, size_t start)
{
    cr_assert_lt(start + 1, e->len, "no element at %zu", start);
    struct element x = {start, 2, e->data[start + 1]};
    if (x.contents >= 0x80) {
        size_t octets = x.contents & 0x7f;
        cr_assert(octets > 0 && octets <= 4 && start + 2 + octets <= e->len);
        x.contents = 0;
        for (size_t i = 0; i < octets; i++)
            x.contents = x.contents << 8 | e->data[start + 2 + i];
        x.header += octets;
    }
    cr_assert_leq(start + x.header + x.contents, e->len, "element at %zu is too long", start);
    return x;
}

static size_t end_of(const struct element *x)
{
    return x->start + x->header + x->contents;
}

/* Where the element at `path` begins, which may be the end of its parent; the elements around it, outermost first. */
static size_t walk(const struct der_edit *e, const int *path, struct element around[DEPTH_MAX], size_t *depth)
{
    size_t at = 0;
    *depth = 0;
    for (; *path >= 0; path++) {
        cr_assert_lt(*depth, DEPTH_MAX);
        struct element outer = element_at(e, at);
        around[(*depth)++] = outer;
        at = outer.start + outer.header;
        for (int i = 0; i < *path; i++) {
            cr_assert_lt(at, end_of(&outer), "no child %d", *path);
            struct element child = element_at(e, at);
            at = end_of(&child);
        }
    }
    return at;
}

static size_t put_header(uint8_t out[6], uint8_t tag, size_t len)
{
    out[0] = tag;
    if (len < 0x80) {
        out[1] = (uint8_t)len;
        return 2;
    }
    size_t octets = len > 0xffff ? 3 : len > 0xff ? 2 : 1;
    out[1] = (uint8_t)(0x80 | octets);
    for (size_t i = 0; i < octets; i++)
        out[2 + i] = (uint8_t)(len >> (8 * (octets - 1 - i)));
    return 2 + octets;
}

static void splice(struct der_edit *e, size_t at, size_t gone, bytes with)
{
    uint8_t copy[sizeof e->data];
    cr_assert(at + gone <= e->len && e->len - gone + with.len <= sizeof e->data);
    if (with.len > 0) memcpy(copy, with.ptr, with.len); /* it may lie in what moves */
    memmove(e->data + at + with.len, e->data + at + gone, e->len - at - gone);
    if (with.len > 0) memcpy(e->data + at, copy, with.len);
    e->len = e->len - gone + with.len;
}

static void change(struct der_edit *e, const int *path, bool replace, bytes with)
{
    struct element around[DEPTH_MAX];
    size_t depth, at = walk(e, path, around, &depth);
    struct element old = {at, 0, 0};
    if (replace) old = element_at(e, at);
    size_t gone = old.header + old.contents, before = e->len;
    splice(e, at, gone, with);
    for (size_t i = depth; i-- > 0;) {
        uint8_t header[6];
        size_t contents = around[i].contents + e->len - before;
        size_t n = put_header(header, e->data[around[i].start], contents);
        splice(e, around[i].start, around[i].header, BYTES(header, n));
    }
}

void der_edit_load(struct der_edit *e, bytes der)
{
    cr_assert_leq(der.len, sizeof e->data);
    memcpy(e->data, der.ptr, der.len);
    e->len = der.len;
}

bytes der_edit_get(const struct der_edit *e, const int *path)
{
    struct element around[DEPTH_MAX];
    size_t depth;
    struct element x = element_at(e, walk(e, path, around, &depth));
    return BYTES(e->data + x.start, x.header + x.contents);
}

bytes der_edit_contents(const struct der_edit *e, const int *path)
{
    struct element around[DEPTH_MAX];
    size_t depth;
    struct element x = element_at(e, walk(e, path, around, &depth));
    return BYTES(e->data + x.start + x.header, x.contents);
}

void der_edit_replace(struct der_edit *e, const int *path, bytes with)
{
    change(e, path, true, with);
}

void der_edit_refill(struct der_edit *e, const int *path, bytes contents)
{
    uint8_t element[sizeof e->data];
    size_t n = put_header(element, der_edit_get(e, path).ptr[0], contents.len);
    cr_assert_leq(n + contents.len, sizeof element);
    if (contents.len > 0) memcpy(element + n, contents.ptr, contents.len);
    change(e, path, true, BYTES(element, n + contents.len));
}

void der_edit_insert(struct der_edit *e, const int *path, bytes element)
{
    change(e, path, false, element);
}

void der_edit_expect(const struct der_edit *e, status s, const struct err *err, enum err_kind kind, const char *what)
{
    cr_expect_eq(s.kind, kind, "%s: %s: %s", what, err_kind_name(s.kind), err->text);
    if (is_ok(s)) return;
    cr_expect_eq(err->kind, s.kind, "%s", what);
    cr_expect_neq(err->text[0], '\0', "%s: no text", what);
    cr_expect_leq(err->offset, e->len, "%s: offset", what);
}
