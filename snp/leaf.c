/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/leaf.h"

#include "parse/der.h"
#include "parse/text.h"
#include "snp/algorithm.h"

enum { P384_UNCOMPRESSED_BYTES = 97 };

const char *snp_leaf_common_name(enum snp_signing_key kind)
{
    return kind == SNP_SIGNED_BY_VLEK ? "SEV-VLEK" : "SEV-VCEK";
}

status snp_leaf_read_certificate(bytes der, struct snp_leaf *out, struct err *err)
{
    struct x509_certificate x;
    struct err cause = {0};
    status s = x509_certificate_parse(der, &x, &cause);
    if (!is_ok(s)) return err_rule(err, s.kind, "leaf.encoding", cause.offset, "leaf: %s", cause.text);
    out->x = x;
    return OK;
}

status snp_leaf_read_issuer(struct snp_leaf *out, struct err *err)
{
    enum snp_product product;
    enum snp_ca_role role;
    if (!snp_ca_name_parse(out->x.issuer, &product, &role) || role == SNP_ARK)
        return err_rule(err, ERR_MISMATCH, "leaf.issuer", 0, "leaf: issuer is no ASK or ASVK of AMD's naming");
    out->product = product;
    out->kind = role == SNP_ASVK ? SNP_SIGNED_BY_VLEK : SNP_SIGNED_BY_VCEK;
    return OK;
}

status snp_leaf_read_key(struct snp_leaf *out, struct err *err)
{
    const char *const rule = "leaf.key";
    if (!snp_algorithm_is_p384_key(out->x.key_algorithm))
        return err_rule(err, ERR_UNSUPPORTED, rule, 0, "leaf: public key: want EC on secp384r1");
    bytes point = out->x.public_key;
    if (point.len != P384_UNCOMPRESSED_BYTES || point.ptr[0] != 0x04)
        return err_rule(err, ERR_UNSUPPORTED, rule, 0,
                        "leaf: public key: want an uncompressed point of 97 bytes, have %zu", point.len);
    out->point = point;
    return OK;
}

/* ---- extensions ------------------------------------------------------------------------------------------------- */

enum ext_id {
    EXT_STRUCT_VERSION,
    EXT_PRODUCT_NAME,
    EXT_BL_SPL,
    EXT_TEE_SPL,
    EXT_SNP_SPL,
    EXT_SPL4,
    EXT_SPL5,
    EXT_SPL6,
    EXT_SPL7,
    EXT_UCODE_SPL,
    EXT_FMC_SPL,
    EXT_HWID,
    EXT_CSP_ID,
    EXT_COUNT,
};

enum ext_where { IN_ALL, NOT_ON_TURIN, ON_TURIN, IN_VCEK, IN_VLEK };

#define AMD_ARC "\x2b\x06\x01\x04\x01\x9c\x78\x01" /* 1.3.6.1.4.1.3704.1 */

static const struct ext_row {
    const char *name;
    bytes oid;
    enum ext_where where;
} ext_rows[EXT_COUNT] = {
    [EXT_STRUCT_VERSION] = {"structVersion", {(const uint8_t *)AMD_ARC "\x01", 9}, IN_ALL},
    [EXT_PRODUCT_NAME] = {"productName", {(const uint8_t *)AMD_ARC "\x02", 9}, IN_ALL},
    [EXT_BL_SPL] = {"blSPL", {(const uint8_t *)AMD_ARC "\x03\x01", 10}, IN_ALL},
    [EXT_TEE_SPL] = {"teeSPL", {(const uint8_t *)AMD_ARC "\x03\x02", 10}, IN_ALL},
    [EXT_SNP_SPL] = {"snpSPL", {(const uint8_t *)AMD_ARC "\x03\x03", 10}, IN_ALL},
    [EXT_SPL4] = {"spl4", {(const uint8_t *)AMD_ARC "\x03\x04", 10}, NOT_ON_TURIN},
    [EXT_SPL5] = {"spl5", {(const uint8_t *)AMD_ARC "\x03\x05", 10}, IN_ALL},
    [EXT_SPL6] = {"spl6", {(const uint8_t *)AMD_ARC "\x03\x06", 10}, IN_ALL},
    [EXT_SPL7] = {"spl7", {(const uint8_t *)AMD_ARC "\x03\x07", 10}, IN_ALL},
    [EXT_UCODE_SPL] = {"ucodeSPL", {(const uint8_t *)AMD_ARC "\x03\x08", 10}, IN_ALL},
    [EXT_FMC_SPL] = {"fmcSPL", {(const uint8_t *)AMD_ARC "\x03\x09", 10}, ON_TURIN},
    [EXT_HWID] = {"hwID", {(const uint8_t *)AMD_ARC "\x04", 9}, IN_VCEK},
    [EXT_CSP_ID] = {"cspID", {(const uint8_t *)AMD_ARC "\x05", 9}, IN_VLEK},
};

static bool ext_expected(enum ext_where where, const struct snp_leaf *leaf)
{
    const bool expected[] = {
        [IN_ALL] = true,
        [NOT_ON_TURIN] = leaf->product != SNP_TURIN,
        [ON_TURIN] = leaf->product == SNP_TURIN,
        [IN_VCEK] = leaf->kind == SNP_SIGNED_BY_VCEK,
        [IN_VLEK] = leaf->kind == SNP_SIGNED_BY_VLEK,
    };
    return expected[where];
}

static size_t ext_find(bytes oid)
{
    size_t i = 0;
    while (i < EXT_COUNT && !bytes_eq(ext_rows[i].oid, oid))
        i++;
    return i;
}

#define EXT_RULE "leaf.extensions"

/* Sorts the extensions into `values`; x509_certificate_parse has refused duplicates and counted them. */
static status collect(const struct snp_leaf *leaf, bytes values[EXT_COUNT], struct err *err)
{
    struct cursor c = cursor_over(leaf->x.extensions);
    while (cursor_left(&c) > 0) {
        struct x509_extension x = x509_extension_next(&c);
        size_t i = ext_find(x.oid);
        if (i == EXT_COUNT)
            return err_rule(err, ERR_UNSUPPORTED, EXT_RULE, c.pos, "leaf: extension not in AMD's profile");
        if (x.critical)
            return err_rule(err, ERR_UNSUPPORTED, EXT_RULE, c.pos, "leaf: %s is critical", ext_rows[i].name);
        values[i] = x.value;
    }
    for (size_t i = 0; i < EXT_COUNT; i++) {
        bool expected = ext_expected(ext_rows[i].where, leaf);
        if (expected && !values[i].ptr)
            return err_rule(err, ERR_MISSING, EXT_RULE, 0, "leaf: %s is missing", ext_rows[i].name);
        if (!expected && values[i].ptr)
            return err_rule(err, ERR_UNSUPPORTED, EXT_RULE, 0, "leaf: %s does not belong in a %s of %s",
                            ext_rows[i].name, leaf->kind == SNP_SIGNED_BY_VLEK ? "VLEK" : "VCEK",
                            snp_product_name(leaf->product));
    }
    return OK;
}

/* A DER INTEGER within 0..max and nothing after it; 0 for an extension that does not belong here. */
static status take_number(const bytes values[EXT_COUNT], enum ext_id id, uint8_t max, uint8_t *out, struct err *err)
{
    if (!values[id].ptr) {
        *out = 0;
        return OK;
    }
    struct cursor c = cursor_over(values[id]);
    uint64_t v = der_get_u64(&c, max, "INTEGER");
    if (!is_ok(cursor_end(&c, NULL)))
        return err_rule(err, ERR_SYNTAX, EXT_RULE, 0, "leaf: %s: want a DER INTEGER within 0 to %u", ext_rows[id].name,
                        max);
    *out = (uint8_t)v;
    return OK;
}

static status take_ia5(const bytes values[EXT_COUNT], enum ext_id id, bytes *out, struct err *err)
{
    struct cursor c = cursor_over(values[id]);
    bytes text = der_get(&c, DER_IA5_STRING, "IA5String");
    bool ascii = is_ok(cursor_end(&c, NULL)) && text.len > 0;
    for (size_t i = 0; ascii && i < text.len; i++)
        ascii = text.ptr[i] >= 0x20 && text.ptr[i] < 0x7f;
    if (!ascii)
        return err_rule(err, ERR_SYNTAX, EXT_RULE, 0, "leaf: %s: want a printable IA5String", ext_rows[id].name);
    *out = text;
    return OK;
}

/* Raw bytes, or (certificates of 2023) the same in an OCTET STRING; nothing in between. */
static status take_hwid(const struct snp_leaf *leaf, bytes value, bytes *out, struct err *err)
{
    const uint8_t n = leaf->product == SNP_TURIN ? 8 : 64;
    const uint8_t header[2] = {DER_OCTET_STRING, n};
    if (value.len == n) {
        *out = value;
        return OK;
    }
    if (value.len == n + 2u && bytes_eq(bytes_slice(value, 0, 2), BYTES_OF(header))) {
        *out = bytes_slice(value, 2, n);
        return OK;
    }
    return err_rule(err, ERR_SYNTAX, EXT_RULE, 0, "leaf: hwID: want %u bytes, raw or as OCTET STRING, have %zu", n,
                    value.len);
}

static status take_tcb(const bytes values[EXT_COUNT], struct snp_leaf *leaf, struct err *err)
{
    struct snp_tcb tcb = {.product = leaf->product};
    uint8_t zero;
    TRY(take_number(values, EXT_FMC_SPL, 255, &tcb.fmc, err));
    TRY(take_number(values, EXT_BL_SPL, 255, &tcb.boot_loader, err));
    TRY(take_number(values, EXT_TEE_SPL, 255, &tcb.tee, err));
    TRY(take_number(values, EXT_SNP_SPL, 255, &tcb.snp, err));
    TRY(take_number(values, EXT_UCODE_SPL, 255, &tcb.microcode, err));
    for (enum ext_id id = EXT_SPL4; id <= EXT_SPL7; id++)
        TRY(take_number(values, id, 0, &zero, err));
    leaf->tcb = tcb;
    return OK;
}

status snp_leaf_read_extensions(struct snp_leaf *leaf, struct err *err)
{
    bytes values[EXT_COUNT] = {{NULL, 0}};
    TRY(collect(leaf, values, err));

    uint8_t struct_version, want = leaf->product == SNP_TURIN ? 1 : 0;
    TRY(take_number(values, EXT_STRUCT_VERSION, 255, &struct_version, err));
    if (struct_version != want)
        return err_rule(err, ERR_UNSUPPORTED, EXT_RULE, 0, "leaf: structVersion: want %u on %s, have %u", want,
                        snp_product_name(leaf->product), struct_version);
    TRY(take_tcb(values, leaf, err));
    TRY(take_ia5(values, EXT_PRODUCT_NAME, &leaf->product_name, err));
    leaf->hwid = leaf->csp_id = BYTES_ABSENT;
    if (leaf->kind == SNP_SIGNED_BY_VLEK) return take_ia5(values, EXT_CSP_ID, &leaf->csp_id, err);
    return take_hwid(leaf, values[EXT_HWID], &leaf->hwid, err);
}

bytes snp_leaf_product_part(const struct snp_leaf *leaf)
{
    return bytes_slice(leaf->product_name, 0, text_find(leaf->product_name, 0, '-'));
}

status snp_leaf_parse(bytes der, struct snp_leaf *out, struct err *err)
{
    struct snp_leaf leaf = {0};
    TRY(snp_leaf_read_certificate(der, &leaf, err));
    TRY(snp_leaf_read_issuer(&leaf, err));
    TRY(snp_leaf_read_key(&leaf, err));
    TRY(snp_leaf_read_extensions(&leaf, err));
    *out = leaf;
    return OK;
}
