/* SPDX-License-Identifier: Apache-2.0 */
/* parse/user_api.h: the messages of the Coordinator's User API, read and written.
 *
 * gRPC service UserAPI: SetManifest, GetManifests, Recover.  Two names of its package are in use; the messages are the
 * same.  Members are bytes unless they say otherwise; an empty one is the same message as an absent one, and comes out
 * absent.  Members that later releases may add are skipped, those that are known come once.
 *
 * Readers hand out views of their input, and arrays of the storage; both are scratch after an error.  Their errors:
 * what parse/protobuf_message.h says; ERR_LIMIT and ERR_NOMEM for lists; ERR_RANGE for a size that is fixed.
 * Not checked here: that a manifest is one, that certificates are certificates, whether what has to be there is there.
 * Source: Contrast protocol, userapi.proto.
 */
#ifndef PARSE_USER_API_H
#define PARSE_USER_API_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/protobuf_write.h"
#include "parse/status.h"
#include "parse/transition_record.h"

/* The name of the package since 2025, and the one before. */
#define USER_API_PATH     "/edgelesssys.contrast.userapi.UserAPI/"
#define USER_API_PATH_OLD "/userapi.UserAPI/"

/* ---- SetManifest ---- */

struct user_set_manifest_request {
    bytes manifest;
    const bytes *policies;
    size_t policy_count;
    bytes previous_transition_hash; /* of any length: the Coordinator compares it with its own */
    bytes signature;                /* DER */
};

/* policies[0..cap) is lent; LIMIT_MANIFEST_POLICIES is always enough. */
MUST_USE status user_set_manifest_request_parse(bytes in, bytes *policies, size_t cap,
                                                struct user_set_manifest_request *out, struct err *err);
void user_set_manifest_request_write(struct protobuf_writer *w, const struct user_set_manifest_request *in);

struct user_seed_share {
    bytes public_key; /* text: the key as the manifest has it, hex digits of either case */
    bytes encrypted_seed;
};

struct user_seed_shares {
    const struct user_seed_share *shares;
    size_t count;
    bytes salt;
};

struct user_set_manifest_response {
    bytes root_ca; /* PEM */
    bytes mesh_ca;
    bool has_seed_shares; /* on the first SetManifest */
    struct user_seed_shares seed_shares;
};

/* shares[0..cap) is lent; LIMIT_MANIFEST_OWNERS is always enough. */
MUST_USE status user_set_manifest_response_parse(bytes in, struct user_seed_share *shares, size_t cap,
                                                 struct user_set_manifest_response *out, struct err *err);
void user_set_manifest_response_write(struct protobuf_writer *w, const struct user_set_manifest_response *in);

/* ---- GetManifests ---- */

struct user_get_manifests_response {
    const bytes *manifests; /* oldest first */
    size_t manifest_count;
    const bytes *policies; /* in any order */
    size_t policy_count;
    bytes root_ca;
    bytes mesh_ca;
    bool has_latest_transition; /* Coordinators of 2024 and early 2025 send none */
    bytes transition_hash;      /* TRANSITION_HASH_BYTES */
    bytes transition_signature; /* DER, under a key that nobody publishes */
};

struct user_get_manifests_storage {
    bytes *manifests;
    size_t manifest_cap; /* LIMIT_HISTORY_MANIFESTS is always enough */
    bytes *policies;
    size_t policy_cap; /* LIMIT_HISTORY_POLICIES is always enough */
};

MUST_USE status user_get_manifests_response_parse(bytes in, const struct user_get_manifests_storage *lent,
                                                  struct user_get_manifests_response *out, struct err *err);
void user_get_manifests_response_write(struct protobuf_writer *w, const struct user_get_manifests_response *in);

/* ---- Recover ---- */

/* Two secrets, as views: wiping what they view is the caller's. */
struct user_recover_request_secret {
    bytes seed;
    bytes salt;
    bool force;
};

MUST_USE status user_recover_request_parse(bytes in, struct user_recover_request_secret *out, struct err *err);
void user_recover_request_write(struct protobuf_writer *w, const struct user_recover_request_secret *in);

/* ---- GetManifestsRequest, RecoverResponse, and both empty ones of the Mesh API ---- */

/* A message without members; what it may hold is skipped. */
MUST_USE status empty_message_parse(bytes in, struct err *err);

#endif
