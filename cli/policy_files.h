/* SPDX-License-Identifier: Apache-2.0 */
/* cli/policy_files.h: policies in files that a user names: documents, as `contrast verify` writes them, and those that
 * pods of YAML carry. */
#ifndef CLI_POLICY_FILES_H
#define CLI_POLICY_FILES_H

#include "kube/resource.h"
#include "verify/crypto.h"

struct policy_file {
    const char *path;
    const struct resource *resource; /* in YAML; else NULL */
    bytes document;                  /* what the digest is of */
    uint8_t digest[SHA256_BYTES];
};

struct policy_visitor {
    status (*policy)(void *context, const struct policy_file *f, struct err *err);
    void *context;
};

/* Each policy of a file, or of the YAML files (.yaml, .yml) and documents (.rego, .toml) of a folder, in the order of
 * names.  Pods without a policy are passed over.  Texts live in `memory`.  ERR_IO, ERR_LIMIT, ERR_NOMEM, what the
 * readers say, with the path in front; what the visitor says. */
MUST_USE status policy_files_read(const char *path, const struct policy_visitor *visitor, struct arena *memory,
                                  struct err *err);

#endif
