/* SPDX-License-Identifier: Apache-2.0 */
/* cli/workspace.h: the files around the YAML that `contrast generate` works with, in the folder where it is called:
 * rules and settings of policies, manifest, owners' keys.
 *
 * Rules, settings and keys that are there are used; what is not is made.  Nothing is written here: what is new is
 * listed, so that it gets its name together with everything else.
 */
#ifndef CLI_WORKSPACE_H
#define CLI_WORKSPACE_H

#include "ca/key.h"
#include "cli/option.h"
#include "kube/manifest_update.h"
#include "kube/prepare.h"

struct workspace_options {
    const char *rules, *settings, *manifest, *reference_values; /* files; NULL: as usual */
    struct text_list owner_keys, seed_share_keys;
    bool disables_updates;
};

/* To be written. */
struct workspace_file {
    const char *path;
    bytes secret_content; /* of a key; or what anybody may see */
    bool is_key;
};

enum { WORKSPACE_FILES = 5 };

struct workspace {
    struct workspace_file files[WORKSPACE_FILES]; /* the manifest last */
    size_t count;
    struct secret_pem secret_keys[2];
    bytes rules;
    struct policy_settings settings;
    struct manifest_result manifest;
};

/* Reads rules and settings, or takes the program's own.  ERR_IO, ERR_LIMIT, ERR_NOMEM; the text names the file. */
MUST_USE status workspace_open(const struct workspace_options *o, struct arena *memory, struct workspace *w,
                               struct err *err);

/* The manifest for what was prepared.  With `makes_keys` an owner's key that is missing is made when one file is named
 * for it, or none. */
MUST_USE status workspace_update(const struct workspace_options *o, enum platform platform, const struct preparation *p,
                                 bool makes_keys, struct arena *memory, struct workspace *w, struct err *err);

void workspace_wipe(struct workspace *w);

#endif
