/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/mesh_leaf.h"

#include "parse/der.h"
#include "parse/text.h"
#include "verify/ecdsa.h"

#define ECDSA_SHA384 BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")

/* ---- what holds for every certificate --------------------------------------------------------------------------- */

static status check_validity(const struct x509_certificate *x, int64_t now, struct err *err)
{
    if (now < x->not_before) return err_set(err, ERR_EXPIRED, 0, "not valid yet");
    if (now > x->not_after) return err_set(err, ERR_EXPIRED, 0, "not valid any more");
    return OK;
}

static status check_signed(const struct x509_certificate *x, const struct coordinator_ca *issuer, struct err *err)
{
    uint8_t digest[SHA384_BYTES];
    if (!issuer->has_profile) return err_set(err, ERR_BUG, 0, "the issuer's certificate was not checked");
    if (!bytes_eq(x->issuer, issuer->x.subject))
        return err_set(err, ERR_MISMATCH, 0, "it names another issuer: %s", text_hex(x->issuer).s);
    if (!bytes_eq(x->inner_algorithm, ECDSA_SHA384) || !bytes_eq(x->outer_algorithm, ECDSA_SHA384))
        return err_set(err, ERR_UNSUPPORTED, 0, "signature algorithm: want ECDSA with SHA-384, have %s",
                       text_hex(x->outer_algorithm).s);
    TRY(crypto_sha384(&x->tbs, 1, digest, err));
    return ecdsa_p384_verify(issuer->point.ptr, digest, x->signature, err);
}

/* ---- extensions ------------------------------------------------------------------------------------------------- */

struct usage {
    bool has_constraints, is_ca, has_key_usage, may_sign, may_certify, has_purpose, is_client, is_server;
};

static void read_constraints(struct cursor *c, struct usage *u)
{
    struct cursor fields = der_enter(c, DER_SEQUENCE, "basicConstraints");
    u->has_constraints = true;
    if (der_next_is(&fields, DER_BOOLEAN)) {
        u->is_ca = der_get_bool(&fields, "basicConstraints");
        if (!u->is_ca) cursor_fail(&fields, ERR_SYNTAX, "basicConstraints"); /* DER leaves a default out */
    }
    cursor_close(c, &fields, "basicConstraints"); /* no path length: nobody issues one here */
}

static void read_key_usage(struct cursor *c, struct usage *u)
{
    bytes bits = der_get(c, DER_BIT_STRING, "keyUsage");
    if (cursor_failed(c)) return;
    if (bits.len < 2 || bits.len > 3 || bits.ptr[0] > 7) {
        cursor_fail(c, ERR_SYNTAX, "keyUsage");
        return;
    }
    u->has_key_usage = true;
    u->may_sign = (bits.ptr[1] & 0x80) != 0;
    u->may_certify = (bits.ptr[1] & 0x04) != 0;
}

static void read_purposes(struct cursor *c, struct usage *u)
{
    struct cursor purposes = der_enter(c, DER_SEQUENCE, "extendedKeyUsage");
    u->has_purpose = true;
    while (cursor_left(&purposes) > 0) {
        bytes oid = der_get_oid(&purposes, "extendedKeyUsage");
        u->is_server = u->is_server || bytes_eq(oid, BYTES_LIT("\x2b\x06\x01\x05\x05\x07\x03\x01"));
        u->is_client = u->is_client || bytes_eq(oid, BYTES_LIT("\x2b\x06\x01\x05\x05\x07\x03\x02"));
    }
    cursor_close(c, &purposes, "extendedKeyUsage");
}

static status read_extension(const struct x509_extension *e, struct usage *u, struct err *err)
{
    struct cursor c = cursor_over(e->value);
    if (bytes_eq(e->oid, BYTES_LIT("\x55\x1d\x13")))
        read_constraints(&c, u);
    else if (bytes_eq(e->oid, BYTES_LIT("\x55\x1d\x0f")))
        read_key_usage(&c, u);
    else if (bytes_eq(e->oid, BYTES_LIT("\x55\x1d\x25")))
        read_purposes(&c, u);
    else if (e->critical && !bytes_eq(e->oid, BYTES_LIT("\x55\x1d\x11"))) /* names are for the caller */
        return err_set(err, ERR_UNSUPPORTED, 0, "a critical extension that is not known: %s", text_hex(e->oid).s);
    else
        return OK;
    return cursor_end(&c, err);
}

static status read_usage(bytes extensions, struct usage *out, struct err *err)
{
    struct usage u = {0};
    struct cursor c = cursor_over(extensions);
    while (cursor_left(&c) > 0) {
        struct x509_extension e = x509_extension_next(&c);
        TRY(read_extension(&e, &u, err));
    }
    *out = u;
    return OK;
}

/* ---- certificates ----------------------------------------------------------------------------------------------- */

static status check_leaf(const struct x509_certificate *x, const struct coordinator_ca *mesh_ca,
                         enum mesh_purpose purpose, int64_t now, struct err *err)
{
    struct usage u = {0};
    TRY(check_validity(x, now, err));
    TRY(check_signed(x, mesh_ca, err));
    TRY(read_usage(x->extensions, &u, err));
    if (u.is_ca || u.may_certify) return err_set(err, ERR_DENIED, 0, "it is that of a CA");
    if (!u.may_sign) return err_set(err, ERR_DENIED, 0, "keyUsage: want digitalSignature");
    if (!(purpose == MESH_CLIENT ? u.is_client : u.is_server))
        return err_set(err, ERR_DENIED, 0, "extendedKeyUsage: want %s",
                       purpose == MESH_CLIENT ? "clientAuth" : "serverAuth");
    return OK;
}

status mesh_leaf_check(bytes der, const struct coordinator_ca *mesh_ca, enum mesh_purpose purpose, int64_t now,
                       struct x509_certificate *out, struct err *err)
{
    struct x509_certificate x;
    TRY(err_in(err, x509_certificate_parse(der, &x, err), "leaf"));
    TRY(err_in(err, check_leaf(&x, mesh_ca, purpose, now, err), "leaf"));
    *out = x;
    return OK;
}

static status check_intermediate(bytes der, const struct coordinator_ca *root_ca, const struct coordinator_ca *mesh_ca,
                                 int64_t now, struct err *err)
{
    struct x509_certificate x;
    struct usage u = {0};
    TRY(x509_certificate_parse(der, &x, err));
    TRY(check_validity(&x, now, err));
    TRY(check_signed(&x, root_ca, err));
    if (!mesh_ca->has_profile) return err_set(err, ERR_BUG, 0, "the mesh CA's certificate was not checked");
    if (!bytes_eq(x.subject, mesh_ca->x.subject) || !bytes_eq(x.spki, mesh_ca->x.spki))
        return err_set(err, ERR_MISMATCH, 0, "want the name and the key of the mesh CA");
    TRY(read_usage(x.extensions, &u, err));
    if (!u.is_ca || !u.may_certify) return err_set(err, ERR_DENIED, 0, "it is not that of a CA");
    return OK;
}

status mesh_intermediate_check(bytes der, const struct coordinator_ca *root_ca, const struct coordinator_ca *mesh_ca,
                               int64_t now, struct err *err)
{
    return err_in(err, check_intermediate(der, root_ca, mesh_ca, now, err), "intermediate");
}

status mesh_ca_check(const struct coordinator_ca *ca, int64_t now, struct err *err)
{
    TRY(check_validity(&ca->x, now, err));
    return check_signed(&ca->x, ca, err);
}

status mesh_leaf_workload_secret_id(const struct x509_certificate *leaf, bytes *out, struct err *err)
{
    bytes found = BYTES_ABSENT;
    struct cursor c = cursor_over(leaf->extensions);
    while (cursor_left(&c) > 0) {
        struct x509_extension e = x509_extension_next(&c);
        if (!bytes_eq(e.oid, BYTES_LIT("\x2b\xcd\x2d\x03\x01"))) continue;
        struct cursor value = cursor_over(e.value);
        found = der_get(&value, DER_OCTET_STRING, "workload secret id");
        if (!cursor_failed(&value) && found.len == 0) cursor_fail(&value, ERR_SYNTAX, "workload secret id");
        TRY(cursor_end(&value, err));
    }
    *out = found;
    return OK;
}
