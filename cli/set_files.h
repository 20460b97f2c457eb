/* SPDX-License-Identifier: Apache-2.0 */
/* cli/set_files.h: what contrast set reads and writes: manifest, policies, owner's key, signature; CA certificates and
 * seed shares. */
#ifndef CLI_SET_FILES_H
#define CLI_SET_FILES_H

#include "ca/key.h"
#include "cli/option.h"
#include "parse/manifest.h"
#include "parse/user_api.h"

struct set_input {
    bytes text; /* of the manifest, as it is sent */
    struct manifest manifest;
    bytes *policies;
    size_t policy_count;
};

/* Reads and validates the manifest, and the policies in `files`, documents, YAML or folders: each has to be named by
 * the manifest, and each that it names has to be there.  ERR_MISSING, ERR_MISMATCH, ERR_DUPLICATE under the rules
 * policy.present and policy.named; what manifest_parse says; ERR_IO, ERR_NOMEM. */
MUST_USE status set_read(const char *manifest, const struct text_list *files, struct arena *memory,
                         struct set_input *out, struct err *err);

/* The owner's key.  A file that is missing is no key unless it `is_required`: *has_key. */
MUST_USE status set_read_key(const char *path, bool is_required, struct arena *memory, struct private_key *out,
                             bool *has_key, struct err *err);

/* Whether the manifest lists the key as one of its owners'. */
MUST_USE status set_owns(const struct manifest *m, const struct private_key *key, bool *out, struct err *err);

/* The transition that is expected to be the latest: `hex`, or the content of verify/latest-transition, or zeros when
 * there is no such file.  ERR_SYNTAX for anything but 64 hex digits. */
MUST_USE status set_read_transition(const char *hex, struct arena *memory, uint8_t out[TRANSITION_HASH_BYTES],
                                    struct err *err);

/* coordinator-root-ca.pem, mesh-ca.pem and, when there are shares, seed-shares.json, each whole or not at all. */
MUST_USE status set_write(const struct user_set_manifest_response *r, struct arena *memory, struct err *err);

/* seed-shares.json as upstream writes it: two blanks for each level, no newline at the end. */
MUST_USE status set_write_shares(const struct user_seed_shares *in, struct arena *memory, bytes *out, struct err *err);

#endif
