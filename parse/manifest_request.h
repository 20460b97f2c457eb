/* SPDX-License-Identifier: Apache-2.0 */
/* parse/manifest_request.h: the body of POST /v1/manifest, SetManifest over HTTP.
 *
 *     {"manifest":b64,"policies":[b64...],"signatures":[b64]}
 *
 * or, as a draft had it, "signature" and "previous_transition_hash" instead of "signatures".  A member that is not
 * known is refused: one that asks for a check must not be ignored.
 *
 * Views of the storage.  Not checked here: that the manifest is one, what the signature is of.
 */
#ifndef PARSE_MANIFEST_REQUEST_H
#define PARSE_MANIFEST_REQUEST_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"
#include "parse/user_api.h"

/* Memory that the caller lends. */
struct manifest_request_storage {
    bytes *policies;
    size_t policy_cap; /* LIMIT_MANIFEST_POLICIES is always enough */
    uint8_t *buffer;
    size_t cap; /* MANIFEST_REQUEST_BUFFER_BYTES(in.len) is always enough */
};

#define MANIFEST_REQUEST_BUFFER_BYTES(n) (2 * (n))

/* The same request that gRPC carries.  ERR_LIMIT for more than LIMIT_MANIFEST_REQUEST_BYTES, LIMIT_MANIFEST_POLICIES or
 * one signature; ERR_MISSING, ERR_UNSUPPORTED, ERR_DUPLICATE (both ways to sign), and what parse/json.h and
 * base64_parse say. */
MUST_USE status manifest_request_parse(bytes in, const struct manifest_request_storage *lent,
                                       struct user_set_manifest_request *out, struct err *err);

#endif
