/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/refusal.h"

/* Numbers of grpc-status. */
enum {
    UNKNOWN = 2,
    INVALID_ARGUMENT = 3,
    PERMISSION_DENIED = 7,
    FAILED_PRECONDITION = 9,
    UNIMPLEMENTED = 12,
    INTERNAL = 13,
    UNAVAILABLE = 14
};

static const struct refusal_codes codes[REFUSALS] = {
    [REFUSED_INTERNAL] = {"internal", INTERNAL, 500},
    [REFUSED_INVALID_ARGUMENT] = {"invalid_argument", INVALID_ARGUMENT, 400},
    [REFUSED_INVALID_SIGNATURE] = {"invalid_signature", PERMISSION_DENIED, 403},
    [REFUSED_PERMISSION_DENIED] = {"permission_denied", PERMISSION_DENIED, 403},
    [REFUSED_NO_MANIFEST] = {"no_manifest", FAILED_PRECONDITION, 412},
    [REFUSED_NEEDS_RECOVERY] = {"needs_recovery", FAILED_PRECONDITION, 412},
    [REFUSED_ALREADY_RECOVERED] = {"already_recovered", FAILED_PRECONDITION, 412},
    [REFUSED_MANIFEST_CONFLICT] = {"manifest_conflict", FAILED_PRECONDITION, 412},
    [REFUSED_API_VERSION_TOO_OLD] = {"api_version_too_old", FAILED_PRECONDITION, 403},
    [REFUSED_NOT_READY] = {"not_ready", UNAVAILABLE, 503},
    [REFUSED_UNIMPLEMENTED] = {"internal", UNIMPLEMENTED, 500},
    [REFUSED_UNKNOWN] = {"internal", UNKNOWN, 500},
};

const struct refusal_codes *refusal_find(unsigned refusal)
{
    return &codes[refusal < REFUSALS ? refusal : REFUSED_INTERNAL];
}
