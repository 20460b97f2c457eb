/* SPDX-License-Identifier: Apache-2.0 */
/* kube/prepare.h: files of YAML in, files that are prepared out: what `contrast generate` does with YAML.
 *
 * All files are judged together, for objects refer to each other.  Every finding is told at once; with an error among
 * them there are no changes.
 *
 * With rules each confidential pod gets its policy, in an annotation; without them it gets none.
 *
 * Not done here: a manifest.
 */
#ifndef KUBE_PREPARE_H
#define KUBE_PREPARE_H

#include "kube/carrier.h"
#include "kube/lint.h"
#include "kube/policy_settings.h"
#include "kube/yaml_write.h"

struct prepare_options {
    enum platform platform;
    struct image_replacements replacements;
    bool skip_initializer, skip_mesh;
    bool is_strict;              /* warnings are errors */
    struct image_source *images; /* NULL: they are not looked at */
    bytes rules;                 /* absent: no policies; else images are there too */
    struct policy_settings settings;
};

/* An object that carries a pod. */
struct prepared {
    size_t file;
    const struct resource *resource;
    struct injection injection; /* of a confidential one */
    struct carried policy;      /* likewise, when there are no errors */
};

struct preparation {
    struct lint_file *files; /* as many as inputs; one that could not be read has no documents */
    size_t file_count;
    struct findings findings; /* in order */
    bool has_errors;
    struct yaml_changes *changes; /* for each file */
    struct prepared *pods;
    size_t pod_count, confidential_count;
};

/* Lives in `memory` and is of views of the inputs.  ERR_NOMEM, ERR_LIMIT. */
MUST_USE status prepare(const bytes *inputs, size_t count, const struct prepare_options *options, struct arena *memory,
                        struct preparation *out, struct err *err);

/* Whether a finding keeps files from being written. */
bool prepare_is_error(const struct finding *f, const struct prepare_options *options);

#endif
