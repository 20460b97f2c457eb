/* SPDX-License-Identifier: Apache-2.0 */
/* kube/carrier.h: how a policy gets into a pod, and what names it: an annotation of the pod, and a digest in HOST_DATA.
 *
 *     io.katacontainers.config.agent.policy               base64 of the Rego text
 *     io.katacontainers.config.hypervisor.cc_init_data    base64 of the gzip of initdata (parse/initdata.h), which
 * holds it
 *
 * The digest is SHA-256 of the Rego text, or of the initdata before it is compressed.
 *
 * The trap: what carries a policy may be written in several ways; its digest never may.
 * Specification: Contrast, generate: section 3.1.
 */
#ifndef KUBE_CARRIER_H
#define KUBE_CARRIER_H

#include "kube/platform.h"
#include "kube/text_out.h"
#include "verify/crypto.h"

struct carried {
    const char *annotation;
    bytes value;
    bytes document; /* what the digest is of */
    uint8_t digest[SHA256_BYTES];
};

/* Whether rules can be part of a policy, as they are: ERR_UNSUPPORTED for what is not UTF-8, for three apostrophes in a
 * row, for a control character that is no tab and no line end, and for a last line without one; the text names the
 * line. */
MUST_USE status carrier_check(bytes rules, struct err *err);

/* As the platform's guests want it; rules that were checked, and data.  ERR_NOMEM. */
MUST_USE status carrier_write(enum platform platform, bytes rego, struct arena *memory, struct carried *out,
                              struct err *err);

/* The document in an annotation of this name; *is_carrier is false for any other.  ERR_SYNTAX, ERR_LIMIT, ERR_NOMEM. */
MUST_USE status carrier_read(bytes annotation, bytes value, struct arena *memory, bool *is_carrier, bytes *document,
                             struct err *err);

/* The Rego text in a document of either form; what parse/initdata.h says, ERR_MISSING. */
MUST_USE status carrier_rego(bytes document, struct arena *memory, bytes *rego, struct err *err);

#endif
