/* SPDX-License-Identifier: Apache-2.0 */
/* snp/ca.h: the certificate authorities over VCEK and VLEK (AMD 57230), and AMD's own as figures.
 *
 * A leaf names its issuer; the issuer's key is looked up here and nowhere else.  Certificates of CAs that come with
 * evidence are never trusted: a CA set other than AMD's can only be named by hand, and every verdict then says so.
 *
 * An ARK signs CRLs and the two intermediates; the ASK signs VCEKs, the ASVK signs VLEKs.
 */
#ifndef SNP_CA_H
#define SNP_CA_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "parse/x509.h"
#include "snp/product.h"

enum { RSA_4096_BYTES = 512, KEY_ID_BYTES = 20 };
#define SNP_CA_EXPONENT 65537u

enum snp_ca_role { SNP_ARK, SNP_ASK, SNP_ASVK };

struct snp_ca {
    enum snp_product product;
    enum snp_ca_role role;
    uint64_t serial;
    int64_t not_before; /* seconds since 1970, UTC; both ends included */
    int64_t not_after;
    uint8_t key_id[KEY_ID_BYTES]; /* SHA-1 of the RSAPublicKey, as in subjectKeyIdentifier */
    const uint8_t *modulus;       /* RSA_4096_BYTES, big-endian; the exponent is SNP_CA_EXPONENT */
};

enum { SNP_AMD_CA_COUNT = 9 };
extern const struct snp_ca snp_amd_cas[SNP_AMD_CA_COUNT];

/* A set of CAs.  `cas` is borrowed. */
struct snp_ca_set {
    const struct snp_ca *cas;
    size_t count;
    bool by_hand; /* not AMD's: named with --insecure-root */
};

/* AMD's. */
struct snp_ca_set snp_ca_set_amd(void);

/* NULL when the set has none. */
const struct snp_ca *snp_ca_find(const struct snp_ca_set *set, enum snp_product product, enum snp_ca_role role);

/* The CA whose Name `name` (DER element) is, by AMD's naming: which product, which role.  False for any other name. */
bool snp_ca_name_parse(bytes name, enum snp_product *product, enum snp_ca_role *role);

/* The common name that AMD gives it: "ARK-Milan", "SEV-Milan", "SEV-VLEK-Milan"; "unknown" for an unknown product. */
const char *snp_ca_common_name(enum snp_product product, enum snp_ca_role role);

/* True when `name` is AMD's Name with this common name: OU, C, L, ST, O, CN in this order, each in AMD's string type.
 */
bool snp_name_is(bytes name, const char *common_name);

/* The common name of a Name of any shape, to be shown; absent when it has none that is readable.  Foreign text. */
bytes snp_name_common(bytes name);

/* Takes a CA certificate of AMD's profile apart.  `out->modulus` points into `x`.  Rule root.trusted: ERR_MISMATCH or
 * ERR_UNSUPPORTED when it does not have the profile.  Signatures are not checked here. */
MUST_USE status snp_ca_from_certificate(const struct x509_certificate *x, struct snp_ca *out, struct err *err);

#endif
