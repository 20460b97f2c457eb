/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/coordinator_ca.h"

#include <string.h>

#include "parse/der.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "snp/algorithm.h"
#include "snp/ca.h"
#include "verify/ecdsa.h"

struct role {
    bytes common_name;
    const char *common_name_text;
    enum check_id certificate, profile, signature, validity;
};

static const struct role roles[] = {
    [COORDINATOR_ROOT_CA] = {{(const uint8_t *)"system:coordinator:root", 23},
                             "system:coordinator:root",
                             CHECK_ROOT_CA_CERTIFICATE,
                             CHECK_ROOT_CA_PROFILE,
                             CHECK_ROOT_CA_SIGNATURE,
                             CHECK_ROOT_CA_VALIDITY},
    [COORDINATOR_MESH_CA] = {{(const uint8_t *)"system:coordinator:intermediate", 31},
                             "system:coordinator:intermediate",
                             CHECK_MESH_CA_CERTIFICATE,
                             CHECK_MESH_CA_PROFILE,
                             CHECK_MESH_CA_SIGNATURE,
                             CHECK_MESH_CA_VALIDITY},
};

/* ---- the profile ------------------------------------------------------------------------------------------------ */

#define ECDSA_SHA384 BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")

/* A Name that is one common name. */
static status check_name(bytes name, const char *which, const struct role *role, struct err *err)
{
    struct cursor element = cursor_over(name);
    struct cursor rdns = der_enter(&element, DER_SEQUENCE, "Name");
    struct x509_attribute a = x509_attribute_next(&rdns);
    bool is_cn = bytes_eq(a.oid, BYTES_LIT("\x55\x04\x03")) && cursor_left(&rdns) == 0 &&
                 (a.tag == DER_PRINTABLE_STRING || a.tag == DER_UTF8_STRING);
    if (is_cn && bytes_eq(a.text, role->common_name)) return OK;
    bytes have = snp_name_common(name);
    bool tells = have.ptr && !bytes_eq(have, role->common_name); /* or else something beside it is wrong */
    return err_set(err, ERR_MISMATCH, 0, "%s: want CN=%s alone, have %s", which, role->common_name_text,
                   tells ? text_quote(have).s : text_hex(name).s);
}

static status check_key(const struct x509_certificate *x, bytes *point, struct err *err)
{
    bytes key = x->public_key;
    if (!snp_algorithm_is_p384_key(x->key_algorithm))
        return err_set(err, ERR_UNSUPPORTED, 0, "key: want one on P-384, have the algorithm %s",
                       text_hex(x->key_algorithm).s);
    if (key.len != P384_POINT_BYTES || key.ptr[0] != 0x04)
        return err_set(err, ERR_UNSUPPORTED, 0, "key: want an uncompressed point on P-384, have %s", text_hex(key).s);
    TRY(err_in(err, crypto_p384_point_check(key.ptr, err), "key"));
    *point = key;
    return OK;
}

enum { BASIC_CONSTRAINTS, KEY_USAGE, SUBJECT_KEY_ID, EXTENSIONS };

static const struct extension {
    const char *name;
    bytes oid;
    bool critical;
    bytes value; /* absent: any */
} extensions[EXTENSIONS] = {
    [BASIC_CONSTRAINTS] = {"basicConstraints",
                           {(const uint8_t *)"\x55\x1d\x13", 3},
                           true,
                           {(const uint8_t *)"\x30\x03\x01\x01\xff", 5}}, /* CA, no path length */
    [KEY_USAGE] = {"keyUsage",
                   {(const uint8_t *)"\x55\x1d\x0f", 3},
                   true,
                   {(const uint8_t *)"\x03\x02\x02\x84", 4}}, /* digitalSignature, keyCertSign */
    [SUBJECT_KEY_ID] = {"subjectKeyIdentifier", {(const uint8_t *)"\x55\x1d\x0e", 3}, false, {NULL, 0}},
};

static status check_extension(const struct x509_extension *e, bool seen[EXTENSIONS], struct err *err)
{
    size_t i = 0;
    while (i < EXTENSIONS && !bytes_eq(e->oid, extensions[i].oid))
        i++;
    if (i == EXTENSIONS)
        return err_set(err, ERR_UNSUPPORTED, 0, "extensions: want those of the profile alone, have the object %s too",
                       text_hex(e->oid).s);
    const struct extension *want = &extensions[i];
    if (e->critical != want->critical)
        return err_set(err, ERR_MISMATCH, 0, "%s: want it %scritical", want->name, want->critical ? "" : "not ");
    if (want->value.ptr && !bytes_eq(e->value, want->value))
        return err_set(err, ERR_MISMATCH, 0, "%s: want %s, have %s", want->name, text_hex(want->value).s,
                       text_hex(e->value).s);
    seen[i] = true;
    return OK;
}

/* x509_certificate_parse has refused duplicates. */
static status check_extensions(bytes all, struct err *err)
{
    bool seen[EXTENSIONS] = {false};
    struct cursor c = cursor_over(all);
    while (cursor_left(&c) > 0) {
        struct x509_extension e = x509_extension_next(&c);
        TRY(check_extension(&e, seen, err));
    }
    for (size_t i = 0; i < EXTENSIONS; i++)
        if (!seen[i]) return err_set(err, ERR_MISSING, 0, "%s is missing", extensions[i].name);
    return OK;
}

static status check_algorithm(bytes have, struct err *err)
{
    if (bytes_eq(have, ECDSA_SHA384)) return OK;
    return err_set(err, ERR_UNSUPPORTED, 0, "signature algorithm: want ECDSA with SHA-384, have %s", text_hex(have).s);
}

static status check_profile(const struct x509_certificate *x, const struct role *role, bytes *point, struct err *err)
{
    TRY(check_name(x->subject, "subject", role, err));
    TRY(check_name(x->issuer, "issuer", role, err));
    TRY(check_algorithm(x->inner_algorithm, err));
    TRY(check_algorithm(x->outer_algorithm, err));
    TRY(check_extensions(x->extensions, err));
    return check_key(x, point, err);
}

/* ---- the signature ---------------------------------------------------------------------------------------------- */

static status check_signature(const struct coordinator_ca *ca, struct err *err)
{
    uint8_t digest[SHA384_BYTES];
    TRY(crypto_sha384(&ca->x.tbs, 1, digest, err));
    return ecdsa_p384_verify(ca->point.ptr, digest, ca->x.signature, err);
}

/* ---- the certificate -------------------------------------------------------------------------------------------- */

static const char label[] = "CERTIFICATE";

static status read_pem(bytes pem, struct coordinator_ca *out, struct err *err)
{
    bytes der;
    TRY(pem_parse(pem, label, &der, 1, out->der, sizeof out->der, err));
    return x509_certificate_parse(der, &out->x, err);
}

static void check_validity(const struct x509_certificate *x, enum check_id id, int64_t now, struct verdict *v)
{
    bool begun = now >= x->not_before;
    verdict_set(v, id, begun && now <= x->not_after, value_time(begun ? x->not_after : x->not_before), value_time(now),
                begun ? "notAfter" : "notBefore");
}

void coordinator_ca_check(bytes pem, enum coordinator_ca_role which, int64_t now, struct coordinator_ca *out,
                          struct verdict *v)
{
    const struct role *role = &roles[which];
    struct err err = {0};
    out->has_profile = false;
    out->point = BYTES_ABSENT;
    if (!verdict_take(v, role->certificate, read_pem(pem, out, &err), &err)) return;
    check_validity(&out->x, role->validity, now, v);
    out->has_profile = verdict_take(v, role->profile, check_profile(&out->x, role, &out->point, &err), &err);
    if (out->has_profile) verdict_take(v, role->signature, check_signature(out, &err), &err);
}

/* Read once where it lies, for its size, and once where it stays. */
static status read_der(bytes der, struct coordinator_ca *out, struct err *err)
{
    TRY(x509_certificate_parse(der, &out->x, err));
    memmove(out->der, der.ptr, der.len);
    return x509_certificate_parse(BYTES(out->der, der.len), &out->x, err);
}

status coordinator_ca_parse(bytes in, enum coordinator_ca_role which, struct coordinator_ca *out, struct err *err)
{
    bool is_der = in.len > 0 && in.ptr[0] == DER_SEQUENCE;
    out->has_profile = false;
    out->point = BYTES_ABSENT;
    TRY(is_der ? read_der(in, out, err) : read_pem(in, out, err));
    TRY(check_profile(&out->x, &roles[which], &out->point, err));
    out->has_profile = true;
    return OK;
}
