/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: image_reference_parse image_replacements_parse image_replace. */
#include <stdlib.h>

#include "kube/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* The parts, with what parts them, are the whole. */
static void require_whole(bytes in, const struct image_reference *r)
{
    size_t tag = r->tag.ptr ? 1 + r->tag.len : 0, digest = r->digest.ptr ? sizeof "@sha256:" - 1 + r->digest.len : 0;
    require(r->name.ptr == in.ptr && r->name.len > 0 && r->name.len + tag + digest == in.len);
    require(!r->digest.ptr || r->digest.len == 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena memory = {0};
    bytes in = BYTES(data, size);
    struct image_reference r = {.name = BYTES_ABSENT}, right;
    struct image_replacements all = {.count = 77};
    struct err err = {0}, all_err = {0};
    status s = image_reference_parse(in, &r, &err);
    require(is_ok(s) ? err.kind == ERR_NONE : err.kind == s.kind && err.text[0] != '\0' && !r.name.ptr);
    if (is_ok(s)) require_whole(in, &r);

    s = image_replacements_parse(in, &memory, &all, &all_err);
    require(is_ok(s) || (all_err.kind == s.kind && all_err.text[0] != '\0' && all.count == 77));
    for (size_t i = 0; is_ok(s) && i < all.count; i++) {
        bytes to = image_replace(&all, all.items[i].from);
        require(bytes_eq(to, all.items[i].to) && bytes_eq(image_replace(&all, to), to));
        require(is_ok(image_reference_parse(to, &right, NULL)));
    }
    arena_free(&memory);
    return 0;
}
