/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/refusal.h: why a request was not granted, as each of the APIs says it.
 *
 * Source: Contrast protocol, status numbers of gRPC and codes of the HTTP API.
 */
#ifndef COORDINATOR_REFUSAL_H
#define COORDINATOR_REFUSAL_H

#include "parse/status.h"

/* What zeroed memory says is our own fault. */
enum refusal {
    REFUSED_INTERNAL = 0,
    REFUSED_INVALID_ARGUMENT,
    REFUSED_INVALID_SIGNATURE,
    REFUSED_PERMISSION_DENIED,
    REFUSED_NO_MANIFEST,
    REFUSED_NEEDS_RECOVERY,
    REFUSED_ALREADY_RECOVERED,
    REFUSED_MANIFEST_CONFLICT,
    REFUSED_API_VERSION_TOO_OLD,
    REFUSED_NOT_READY, /* a probe's */
    REFUSED_UNIMPLEMENTED,
    REFUSED_UNKNOWN, /* what upstream leaves without a status */
    REFUSALS,
};

struct refusal_codes {
    const char *name; /* the code of the HTTP API */
    unsigned grpc, http;
};

/* Those of REFUSED_INTERNAL for a number that is none. */
const struct refusal_codes *refusal_find(unsigned refusal);

#endif
