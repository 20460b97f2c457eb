/* SPDX-License-Identifier: Apache-2.0 */
/* kube/lint_look.h: what the rules of kube/lint_*.c have in common: where they look, and how they tell. */
#ifndef KUBE_LINT_LOOK_H
#define KUBE_LINT_LOOK_H

#include "kube/image_source.h"
#include "kube/lint.h"
#include "parse/mesh_config.h"

/* One object of one file. */
struct look {
    struct findings *out;
    size_t file;
    const struct resource *r;
    struct err *err;
    struct mesh_ingress_entry *ins; /* LIMIT_MESH_ENTRIES, for whoever reads annotations */
    struct mesh_egress_entry *outs;
    struct image_source *images; /* of lint_images */
};

/* Takes the memory of ins and outs. */
MUST_USE status look_open(struct look *l);

/* "Deployment web: " and the message, at a node; for what was injected at what is around it. */
MUST_USE status look_add(const struct look *l, enum lint_rule rule, const struct yaml_node *node, const char *fmt, ...)
    PRINTF(4, 5);

/* Calls `rule` for each container of a list that is a mapping. */
typedef status look_container(const struct look *l, struct yaml_node *container);
MUST_USE status look_at_containers(const struct look *l, const char *key, look_container *rule);

/* How a message calls a container. */
struct text_quoted look_name(struct yaml_node *container);

#endif
