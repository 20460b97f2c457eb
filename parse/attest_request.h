/* SPDX-License-Identifier: Apache-2.0 */
/* parse/attest_request.h: the body of POST /attest and POST /v1/attest: {"nonce":"<base64 of 32 bytes>"}.
 *
 * Members that are not known are skipped, as the Coordinators of upstream do; whatever they ask for, the answer has
 * what it always has.
 */
#ifndef PARSE_ATTEST_REQUEST_H
#define PARSE_ATTEST_REQUEST_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum { ATTEST_NONCE_BYTES = 32 };

/* ERR_LIMIT for more than LIMIT_ATTEST_REQUEST_BYTES, ERR_RANGE for a nonce of another length, ERR_MISSING, and what
 * parse/json.h and base64_parse say. */
MUST_USE status attest_request_parse(bytes in, uint8_t nonce[ATTEST_NONCE_BYTES], struct err *err);

#endif
