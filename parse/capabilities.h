/* SPDX-License-Identifier: Apache-2.0 */
/* parse/capabilities.h: which versions of its HTTP API a Coordinator offers: the body of GET /capabilities.
 *
 * A claim until POST /v1/attest binds the SHA-256 of these exact bytes in REPORT_DATA: keep them.  Keys may be added
 * later, so unknown ones are passed over.
 */
#ifndef PARSE_CAPABILITIES_H
#define PARSE_CAPABILITIES_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

/* "v" and a decimal number from 1 without leading zeros.  ERR_SYNTAX, without a text. */
MUST_USE status api_version_parse(bytes text, uint32_t *out);

struct capabilities {
    uint32_t versions[LIMIT_API_VERSIONS]; /* in the order of the document */
    size_t version_count;
};

/* ERR_LIMIT: more than LIMIT_CAPABILITIES_BYTES, or versions than LIMIT_API_VERSIONS; ERR_SYNTAX, ERR_MISSING and what
 * parse/json.h says. */
MUST_USE status capabilities_parse(bytes in, struct capabilities *out, struct err *err);

bool capabilities_offer(const struct capabilities *c, uint32_t version);

#endif
