/* SPDX-License-Identifier: Apache-2.0 */
/* kube/lint.h: what is wrong with objects before anybody applies them: each finding with its place, its rule and what
 * to do.
 *
 * lint_before looks at what people write, before anything is injected, and lint_after at what will run.  Only
 * confidential pods are judged, beside the few rules that ask why a pod is none.
 *
 * Not checked here: anything that needs a cluster.
 */
#ifndef KUBE_LINT_H
#define KUBE_LINT_H

#include "kube/image_source.h"
#include "kube/inject.h"

enum lint_severity { LINT_WARNING, LINT_ERROR };

enum lint_rule {
#define RULE(identifier, id, severity, advice) LINT_##identifier,
#include "kube/lint.def"
#undef RULE
    LINT_RULE_COUNT,
};

struct lint_row {
    const char *id;
    enum lint_severity severity;
    const char *advice;
};

const struct lint_row *lint_row(enum lint_rule rule);

struct lint_file {
    struct yaml_file yaml;
    struct resources resources;
};

struct finding {
    enum lint_rule rule;
    size_t file;   /* its index */
    size_t offset; /* in its input */
    bytes text;
};

struct findings {
    struct arena *memory;
    struct finding *items;
    size_t count;
};

/* Adds one; the text is that of a message. */
MUST_USE status lint_add(struct findings *f, enum lint_rule rule, size_t file, size_t offset, struct err *err,
                         const char *fmt, ...) PRINTF(6, 7);

/* ERR_NOMEM alone: what is wrong becomes a finding. */
MUST_USE status lint_before(const struct lint_file *files, size_t count, struct findings *out, struct err *err);
MUST_USE status lint_after(const struct lint_file *files, size_t count, struct findings *out, struct err *err);

/* Of what will run: whether its images are to be had, and what they ask for.  What has no digest is passed over. */
MUST_USE status lint_images(const struct lint_file *files, size_t count, struct image_source *images,
                            struct findings *out, struct err *err);

/* Sorts them by file, place and rule; what is said twice of one place is said once. */
void lint_sort(struct findings *f);

#endif
