/* SPDX-License-Identifier: Apache-2.0 */
/* tests/coordinator_manifest.h: small manifests as a client sets them. */
#ifndef TESTS_COORDINATOR_MANIFEST_H
#define TESTS_COORDINATOR_MANIFEST_H

#include "parse/bytes.h"

/* A manifest with one Coordinator whose policy is `policy`, and what `more` adds at its top, for example
 * ",\"WorkloadOwnerKeyDigests\":[...]".  NUL-terminated, in memory that is good until the next call but three. */
bytes coordinator_manifest(const char *policy, const char *more);

#endif
