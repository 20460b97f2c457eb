/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_build.h: what the parts of kube/policy_pod.c have in common: one pod, of which a container after the
 * other is read.
 *
 * What cannot be said in a policy becomes a finding at its place, and reading goes on.  Functions fail with ERR_NOMEM
 * and nothing else.
 */
#ifndef KUBE_POLICY_BUILD_H
#define KUBE_POLICY_BUILD_H

#include "kube/lint_look.h"
#include "kube/policy_pod.h"

struct build {
    struct look look;
    const struct policy_inputs *in;
    struct policy_pod *pod;
    struct arena *memory;
    /* The container that is being read. */
    struct yaml_node *yaml;
    const struct oci_config *image;
    bytes passwd, group; /* of the image; absent when it has none */
    struct policy_container *c;
};

/* Adds a finding about the container. */
#define REFUSE(b, rule, node, ...) look_add(&(b)->look, (rule), (node) ? (node) : (b)->yaml, __VA_ARGS__)

/* A member that is true or false; `by_default` when there is none. */
MUST_USE status build_bool(struct build *b, struct yaml_node *map, const char *key, bool by_default, bool *out);

/* A member that is a number; *is_there stays false when there is none. */
MUST_USE status build_number(struct build *b, struct yaml_node *map, const char *key, uint64_t max, bool *is_there,
                             uint64_t *out);

/* A member that is a string; absent when there is none. */
MUST_USE status build_text(struct build *b, struct yaml_node *map, const char *key, bytes *out);

/* A sequence of strings; empty when there is none. */
MUST_USE status build_texts(struct build *b, struct yaml_node *map, const char *key, struct texts *out);

/* How many items a sequence has; what is none has none.  Findings of it are those of the injection. */
size_t build_count(struct yaml_node *sequence);
struct yaml_node *build_item(struct yaml_node *sequence, size_t i);

/* A group of the container's user, in its place. */
MUST_USE status build_gid(struct build *b, uint64_t gid);

/* What containerd gives a container that asks for nothing. */
void build_default_capabilities(struct build *b);

/* The parts, each for the container that is being read; variables come before arguments. */
struct variables;
MUST_USE status build_variables(struct build *b, struct variables *out);
MUST_USE status build_process(struct build *b);
MUST_USE status build_user(struct build *b);
MUST_USE status build_mounts(struct build *b);

#endif
