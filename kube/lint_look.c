/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/lint_look.h"

#include <stdarg.h>
#include <stdio.h>

#include "parse/text.h"

status look_open(struct look *l)
{
    void *ins, *outs;
    TRY(arena_take(l->out->memory, LIMIT_MESH_ENTRIES, sizeof *l->ins, &ins, l->err));
    TRY(arena_take(l->out->memory, LIMIT_MESH_ENTRIES, sizeof *l->outs, &outs, l->err));
    l->ins = ins;
    l->outs = outs;
    return OK;
}

status look_add(const struct look *l, enum lint_rule rule, const struct yaml_node *node, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    while (node->is_new && node->parent)
        node = node->parent;
    return lint_add(l->out, rule, l->file, node->from, l->err, "%.*s %s: %s", (int)l->r->kind.len,
                    (const char *)l->r->kind.ptr, text_quote(l->r->name).s, text);
}

status look_at_containers(const struct look *l, const char *key, look_container *rule)
{
    struct yaml_node *containers = yaml_get(l->r->pod_spec, key);
    for (size_t i = 0; containers && containers->kind == YAML_SEQUENCE && i < containers->count; i++) {
        struct yaml_node *c = yaml_follow(containers->items[i]);
        if (c->kind == YAML_MAPPING) TRY(rule(l, c));
    }
    return OK;
}

struct text_quoted look_name(struct yaml_node *container)
{
    return text_quote(yaml_text(yaml_get(container, "name")));
}
