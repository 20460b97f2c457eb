/* SPDX-License-Identifier: Apache-2.0 */
/* parse/attest_answer.h: what a Coordinator answers to POST /attest and POST /v1/attest, taken apart.
 *
 * The two have the same members; which of them it was shows only in what REPORT_DATA binds (verify/deployment.h).
 *
 * Nothing here is authentic before REPORT_DATA has been checked, and `version` never is.  Not checked here: that the
 * document is evidence, the manifests are manifests, the policies policies, and the CAs certificates.
 */
#ifndef PARSE_ATTEST_ANSWER_H
#define PARSE_ATTEST_ANSWER_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

/* Memory that the caller lends. */
struct attest_answer_storage {
    bytes *manifests;
    size_t manifest_cap; /* LIMIT_HISTORY_MANIFESTS is always enough */
    bytes *policies;
    size_t policy_cap; /* LIMIT_HISTORY_POLICIES is always enough */
    uint8_t *buffer;
    size_t cap; /* ATTEST_ANSWER_BUFFER_BYTES(in.len) is always enough */
};

#define ATTEST_ANSWER_BUFFER_BYTES(n) (2 * (n))

/* Numbers of an object identifier that is read here; known ones have five. */
enum { ATTEST_TYPE_NUMBERS = 8 };

/* Views of the storage or of the input. */
struct attest_answer {
    bytes version;  /* foreign text */
    bytes document; /* evidence, as in the extension of an attested TLS certificate */
    bool has_type;  /* the first Coordinators sent none */
    uint32_t type[ATTEST_TYPE_NUMBERS];
    size_t type_count;
    const bytes *manifests; /* oldest first; the last is the active one */
    size_t manifest_count;
    const bytes *policies; /* in any order */
    size_t policy_count;
    bytes root_ca; /* PEM */
    bytes mesh_ca;
};

/* Rule attest.answer.  ERR_UNSUPPORTED for a member that is not known, ERR_MISSING, ERR_LIMIT for more than
 * LIMIT_ATTEST_ANSWER_BYTES, LIMIT_HISTORY_MANIFESTS or LIMIT_HISTORY_POLICIES, and what parse/json.h and base64_parse
 * say.  No manifest at all is ERR_MISSING. */
MUST_USE status attest_answer_parse(bytes in, const struct attest_answer_storage *lent, struct attest_answer *out,
                                    struct err *err);

#endif
