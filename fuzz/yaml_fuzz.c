/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: yaml_parse yaml_get yaml_is_equal yaml_write. */
#include <stdlib.h>

#include "kube/yaml_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Each node's bytes lie inside of those that hold it, behind those of its elder. */
static void require_nested(const struct yaml_node *n, size_t from, size_t to)
{
    require(n->from >= from && n->to >= n->from && n->to <= to && !n->is_new);
    require(n->count == n->read_count && (n->kind == YAML_ALIAS) == (n->target != NULL));
    for (size_t i = 0, at = n->from; i < n->count; i++) {
        require(n->items[i]->parent == n);
        require_nested(n->items[i], at, n->to);
        at = n->items[i]->to;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena memory = {0};
    struct yaml_file f = {.count = 77};
    struct yaml_changes c;
    struct err err = {0};
    status s = yaml_parse(BYTES(data, size), &memory, &f, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0' && err.offset <= size && f.count == 77));
    if (is_ok(s)) {
        for (size_t i = 0; i < f.count; i++) {
            require_nested(f.documents[i].root, 0, size);
            require(yaml_is_equal(f.documents[i].root, f.documents[i].root));
            (void)yaml_get(f.documents[i].root, "a");
        }
        require(is_ok(yaml_write(&f, &c, NULL)) && c.count == 0 && c.output.ptr == data && c.output.len == size);
    }
    arena_free(&memory);
    return 0;
}
