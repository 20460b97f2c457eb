/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/ca.h"

#include "parse/der.h"
#include "parse/text.h"
#include "snp/algorithm.h"

struct snp_ca_set snp_ca_set_amd(void)
{
    return (struct snp_ca_set){snp_amd_cas, SNP_AMD_CA_COUNT, false};
}

const struct snp_ca *snp_ca_find(const struct snp_ca_set *set, enum snp_product product, enum snp_ca_role role)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->cas[i].product == product && set->cas[i].role == role) return &set->cas[i];
    return NULL;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* AMD's names differ in the last attribute only. */
static const struct {
    uint8_t type; /* last octet of 2.5.4.x */
    uint8_t tag;
    const char *text; /* NULL: the common name */
} name_profile[] = {
    {11, DER_UTF8_STRING, "Engineering"},
    {6, DER_PRINTABLE_STRING, "US"},
    {7, DER_UTF8_STRING, "Santa Clara"},
    {8, DER_UTF8_STRING, "CA"},
    {10, DER_UTF8_STRING, "Advanced Micro Devices"},
    {3, DER_UTF8_STRING, NULL},
};

/* The common name of a Name of AMD's form; absent for every other Name. */
static bytes amd_common_name(bytes name)
{
    struct cursor outer = cursor_over(name);
    struct cursor c = der_enter(&outer, DER_SEQUENCE, "Name");
    struct x509_attribute a = {.text = BYTES_ABSENT};
    for (size_t i = 0; i < sizeof name_profile / sizeof name_profile[0]; i++) {
        const uint8_t oid[] = {0x55, 0x04, name_profile[i].type};
        const char *text = name_profile[i].text;
        a = x509_attribute_next(&c);
        if (!bytes_eq(a.oid, BYTES_OF(oid)) || a.tag != name_profile[i].tag) return BYTES_ABSENT;
        if (text && !bytes_eq(a.text, text_bytes(text))) return BYTES_ABSENT;
    }
    cursor_close(&outer, &c, "Name");
    return is_ok(cursor_end(&outer, NULL)) ? a.text : BYTES_ABSENT;
}

bool snp_name_is(bytes name, const char *common_name)
{
    return bytes_eq(amd_common_name(name), text_bytes(common_name));
}

bytes snp_name_common(bytes name)
{
    struct cursor outer = cursor_over(name);
    struct cursor c = der_enter(&outer, DER_SEQUENCE, "Name");
    bytes found = BYTES_ABSENT;
    while (cursor_left(&c) > 0) { /* each turn takes bytes, or the cursor has failed and nothing is left */
        struct x509_attribute a = x509_attribute_next(&c);
        if (bytes_eq(a.oid, BYTES_LIT("\x55\x04\x03"))) found = a.text;
    }
    return found;
}

static const struct {
    const char *common_name;
    enum snp_product product;
    enum snp_ca_role role;
} ca_names[] = {
    {"ARK-Milan", SNP_MILAN, SNP_ARK}, {"SEV-Milan", SNP_MILAN, SNP_ASK}, {"SEV-VLEK-Milan", SNP_MILAN, SNP_ASVK},
    {"ARK-Genoa", SNP_GENOA, SNP_ARK}, {"SEV-Genoa", SNP_GENOA, SNP_ASK}, {"SEV-VLEK-Genoa", SNP_GENOA, SNP_ASVK},
    {"ARK-Turin", SNP_TURIN, SNP_ARK}, {"SEV-Turin", SNP_TURIN, SNP_ASK}, {"SEV-VLEK-Turin", SNP_TURIN, SNP_ASVK},
};

bool snp_ca_name_parse(bytes name, enum snp_product *product, enum snp_ca_role *role)
{
    bytes common_name = amd_common_name(name);
    for (size_t i = 0; i < sizeof ca_names / sizeof ca_names[0]; i++) {
        if (!bytes_eq(common_name, text_bytes(ca_names[i].common_name))) continue;
        *product = ca_names[i].product;
        *role = ca_names[i].role;
        return true;
    }
    return false;
}

const char *snp_ca_common_name(enum snp_product product, enum snp_ca_role role)
{
    for (size_t i = 0; i < sizeof ca_names / sizeof ca_names[0]; i++)
        if (ca_names[i].product == product && ca_names[i].role == role) return ca_names[i].common_name;
    return "unknown";
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

static bool take_key(bytes public_key, const uint8_t **modulus)
{
    struct cursor outer = cursor_over(public_key);
    struct cursor c = der_enter(&outer, DER_SEQUENCE, "RSAPublicKey");
    bytes n = der_get_unsigned(&c, "modulus");
    uint64_t e = der_get_u64(&c, UINT32_MAX, "publicExponent");
    cursor_close(&outer, &c, "RSAPublicKey");
    if (!is_ok(cursor_end(&outer, NULL)) || n.len != RSA_4096_BYTES || n.ptr[0] < 0x80 || e != SNP_CA_EXPONENT)
        return false;
    *modulus = n.ptr;
    return true;
}

/* What AMD's CA certificates carry besides the key (AMD 57230): basicConstraints CA:TRUE and keyUsage, both critical.
 */
struct ca_extensions {
    bool is_ca, cert_sign, crl_sign, unknown_critical;
    bytes key_id;
};

static bool read_basic_constraints(bytes value)
{
    struct cursor c = cursor_over(value);
    struct cursor seq = der_enter(&c, DER_SEQUENCE, "basicConstraints");
    bool is_ca = der_get_bool(&seq, "cA");
    if (cursor_left(&seq) > 0) der_get_u64(&seq, UINT8_MAX, "pathLenConstraint");
    cursor_close(&c, &seq, "basicConstraints");
    return is_ok(cursor_end(&c, NULL)) && is_ca;
}

/* The bits of keyUsage: keyCertSign 04, cRLSign 02; 0 when it is none.  AMD's is not minimal DER: how many bits are
 * unused is not read. */
static uint8_t read_key_usage(bytes value)
{
    struct cursor c = cursor_over(value);
    bytes bits = der_get(&c, DER_BIT_STRING, "keyUsage");
    return is_ok(cursor_end(&c, NULL)) && bits.len == 2 ? bits.ptr[1] : 0;
}

static void take_extension(const struct x509_extension *x, struct ca_extensions *out)
{
    if (bytes_eq(x->oid, BYTES_LIT("\x55\x1d\x13"))) { /* basicConstraints */
        out->is_ca = x->critical && read_basic_constraints(x->value);
    } else if (bytes_eq(x->oid, BYTES_LIT("\x55\x1d\x0f"))) { /* keyUsage */
        uint8_t usage = x->critical ? read_key_usage(x->value) : 0;
        out->cert_sign = usage & 0x04;
        out->crl_sign = usage & 0x02;
    } else if (bytes_eq(x->oid, BYTES_LIT("\x55\x1d\x0e"))) { /* subjectKeyIdentifier */
        struct cursor c = cursor_over(x->value);
        bytes id = der_get(&c, DER_OCTET_STRING, "subjectKeyIdentifier");
        if (is_ok(cursor_end(&c, NULL))) out->key_id = id;
    } else if (x->critical) {
        out->unknown_critical = true;
    }
}

static struct ca_extensions take_extensions(bytes list)
{
    struct ca_extensions out = {.key_id = BYTES_ABSENT};
    struct cursor c = cursor_over(list);
    while (cursor_left(&c) > 0) { /* bounded: x509_certificate_parse has counted them */
        struct x509_extension x = x509_extension_next(&c);
        take_extension(&x, &out);
    }
    return out;
}

status snp_ca_from_certificate(const struct x509_certificate *x, struct snp_ca *out, struct err *err)
{
    const char *const rule = "root.trusted";
    struct snp_ca ca = {.not_before = x->not_before, .not_after = x->not_after};

    if (!snp_ca_name_parse(x->subject, &ca.product, &ca.role))
        return err_rule(err, ERR_MISMATCH, rule, 0,
                        "CA certificate: subject is not an ARK, ASK or ASVK of AMD's naming");
    enum snp_product issuer;
    enum snp_ca_role issuer_role;
    if (!snp_ca_name_parse(x->issuer, &issuer, &issuer_role) || issuer != ca.product || issuer_role != SNP_ARK)
        return err_rule(err, ERR_MISMATCH, rule, 0, "CA certificate: issuer is not the ARK of its product");
    if (!snp_algorithm_is_pss_sha384(x->inner_algorithm) || !bytes_eq(x->inner_algorithm, x->outer_algorithm))
        return err_rule(err, ERR_UNSUPPORTED, rule, 0,
                        "CA certificate: signature algorithm is not RSA-PSS with SHA-384");
    if (!snp_algorithm_is_rsa_key(x->key_algorithm) || !take_key(x->public_key, &ca.modulus))
        return err_rule(err, ERR_UNSUPPORTED, rule, 0, "CA certificate: key is not RSA-4096 with exponent 65537");

    struct ca_extensions e = take_extensions(x->extensions);
    if (!e.is_ca || !e.cert_sign || e.unknown_critical || (ca.role == SNP_ARK && !e.crl_sign))
        return err_rule(err, ERR_MISMATCH, rule, 0, "CA certificate: extensions are not those of AMD's profile");
    if (e.key_id.len != KEY_ID_BYTES)
        return err_rule(err, ERR_MISSING, rule, 0, "CA certificate: no subjectKeyIdentifier of 20 bytes");
    memcpy(ca.key_id, e.key_id.ptr, KEY_ID_BYTES);

    if (x->serial.len > sizeof ca.serial)
        return err_rule(err, ERR_RANGE, rule, 0, "CA certificate: serial number is longer than 8 bytes");
    for (size_t i = 0; i < x->serial.len; i++)
        ca.serial = ca.serial << 8 | x->serial.ptr[i];
    *out = ca;
    return OK;
}
