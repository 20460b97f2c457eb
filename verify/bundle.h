/* SPDX-License-Identifier: Apache-2.0 */
/* verify/bundle.h: the file that keeps what a verdict was made from, to be judged again offline, years later.
 *
 * A tar archive (parse/ustar.h) of the members that docs/bundle.md lists, each required unless it says otherwise, in
 * one order.  What is in a bundle has one spelling: writing what was read gives the same bytes, and every bit of a
 * bundle is a name, a content, a digest of one, or fixed.
 *
 * The trap: a digest proves that the file is whole, not who made it.  `captured_at`, `tool` and `nonce` are claims of
 * whoever did; everything else is what a Coordinator, or anyone, has sent, and is worth what the evidence in it proves.
 * Without a nonce of his own a reader knows nothing of freshness.
 *
 * Offsets in errors count from the start of the file, or of the member that the text names.
 *
 * Not checked here: the evidence, the manifests, policies and certificates; that they belong together; that collateral
 * is DER.  They may be empty, but not the history.
 */
#ifndef VERIFY_BUNDLE_H
#define VERIFY_BUNDLE_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"
#include "verify/crypto.h"

enum { BUNDLE_NONCE_BYTES = 32 };

/* What REPORT_DATA binds in the evidence. */
enum bundle_binding {
    BUNDLE_ATTEST = 1, /* the answer to POST /attest: nonce, history, CA certificates */
    BUNDLE_ATTEST_V1,  /* POST /v1/attest: the same and the body of /capabilities */
    BUNDLE_ATLS,       /* nonce and the key of a TLS connection, which is gone */
};

struct bundle {
    enum bundle_binding binding;
    int64_t captured_at; /* a claim */
    bytes tool;          /* a claim: 1 to LIMIT_BUNDLE_TOOL_BYTES of printable ASCII without '"' and '\\' */
    uint8_t nonce[BUNDLE_NONCE_BYTES];
    bytes document;     /* raw attestation document, as received */
    bytes capabilities; /* exact body; present when, and only when, the binding is attest-v1 */
    bytes tls_key;      /* SubjectPublicKeyInfo; present when, and only when, the binding is atls */
    bytes root_ca;      /* exact bytes */
    bytes mesh_ca;
    bytes latest_transition; /* parse/transition_record.h; may be absent */
    const bytes *manifests;  /* exact bytes, oldest first, at least one */
    size_t manifest_count;
    const bytes *policies; /* ascending by their SHA-256, each once */
    size_t policy_count;
    const bytes *collateral; /* leaves and CRLs in DER; likewise */
    size_t collateral_count;
};

/* Memory that the caller lends; scratch when an error is returned. */
struct bundle_storage {
    bytes *manifests;
    size_t manifest_cap; /* LIMIT_HISTORY_MANIFESTS is always enough */
    bytes *policies;
    size_t policy_cap; /* LIMIT_HISTORY_POLICIES is always enough */
    bytes *collateral;
    size_t collateral_cap; /* LIMIT_BUNDLE_COLLATERAL is always enough */
};

/* Whether `in` is to be read as a bundle: it begins as one does, or is any other tar archive, of which bundle_parse
 * tells what is wrong. */
bool bundle_is_likely(bytes in);

/* Views of `in` or of the storage.  Rule bundle.format: what parse/ustar.h refuses, ERR_MISSING (another member was
 * due), ERR_TRAILING, ERR_SYNTAX, ERR_DUPLICATE, ERR_UNSUPPORTED (another format or binding), ERR_LIMIT
 * (LIMIT_BUNDLE_BYTES, LIMIT_HISTORY_MANIFESTS, LIMIT_HISTORY_POLICIES, LIMIT_BUNDLE_COLLATERAL), ERR_NOMEM.  Rule
 * bundle.digests: ERR_MISMATCH.  ERR_BUG from the crypto library names no rule. */
MUST_USE status bundle_parse(bytes in, const struct bundle_storage *lent, struct bundle *out, struct err *err);

/* What bundle_write will write.  ERR_MISSING, ERR_RANGE, ERR_SYNTAX, ERR_LIMIT for what bundle_parse would refuse, but
 * for the order of policies and collateral. */
MUST_USE status bundle_size(const struct bundle *in, size_t *len, struct err *err);

/* Writes out[0..*len).  Everything bundle_size says; ERR_SYNTAX and ERR_DUPLICATE for the order of policies and
 * collateral (bundle_sort), ERR_NOMEM, ERR_BUG; out[0..cap) is scratch then.  It must not overlap what is written. */
MUST_USE status bundle_write(const struct bundle *in, uint8_t *out, size_t cap, size_t *len, struct err *err);

struct bundle_digest {
    uint8_t sha256[SHA256_BYTES];
};

/* Puts policies or collateral in the order that bundle_write wants, each once: `*count` falls by those that came again.
 * digests[0..*count) is lent, and then holds the SHA-256 of each.  ERR_BUG from the crypto library leaves items alone.
 */
MUST_USE status bundle_sort(bytes *items, struct bundle_digest *digests, size_t *count, struct err *err);

/* "attest", "attest-v1", "atls"; NULL for anything else. */
const char *bundle_binding_name(enum bundle_binding binding);

#endif
