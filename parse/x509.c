/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/x509.h"

#include "parse/der.h"
#include "parse/limits.h"
#include "parse/time.h"

/* 1950-01-01 and 2050-01-01.  Between them a time is written as UTCTime, and outside it cannot be (RFC 5280, 4.1.2.5):
 * each time has one spelling. */
#define UTC_TIME_FIRST  (-631152000)
#define UTC_TIME_BEHIND 2524608000

static int64_t take_time(struct cursor *c, const char *field)
{
    bool generalized = der_next_is(c, DER_GENERALIZED_TIME);
    bytes text = der_get(c, generalized ? DER_GENERALIZED_TIME : DER_UTC_TIME, field);
    int64_t t = 0;
    if (cursor_failed(c)) return 0;
    status s = generalized ? time_parse_generalizedtime(text, &t, NULL) : time_parse_utctime(text, &t, NULL);
    if (!is_ok(s)) cursor_fail(c, s.kind, field);
    if (generalized && t >= UTC_TIME_FIRST && t < UTC_TIME_BEHIND) cursor_fail(c, ERR_SYNTAX, field);
    return cursor_failed(c) ? 0 : t;
}

struct x509_extension x509_extension_next(struct cursor *c)
{
    struct x509_extension x = {0};
    struct cursor e = der_enter(c, DER_SEQUENCE, "Extension");
    x.oid = der_get_oid(&e, "extnID");
    if (der_next_is(&e, DER_BOOLEAN)) {
        x.critical = der_get_bool(&e, "critical");
        if (!x.critical) cursor_fail(&e, ERR_SYNTAX, "critical"); /* DER leaves a default out */
    }
    x.value = der_get(&e, DER_OCTET_STRING, "extnValue");
    cursor_close(c, &e, "Extension");
    return x;
}

struct x509_attribute x509_attribute_next(struct cursor *c)
{
    struct x509_attribute a = {0};
    struct cursor rdn = der_enter(c, DER_SET, "RelativeDistinguishedName");
    struct cursor pair = der_enter(&rdn, DER_SEQUENCE, "AttributeTypeAndValue");
    a.oid = der_get_oid(&pair, "attribute type");
    if (!cursor_peek(&pair, &a.tag)) cursor_fail(&pair, ERR_TRUNCATED, "attribute value");
    a.text = der_get(&pair, a.tag, "attribute value");
    cursor_close(&rdn, &pair, "AttributeTypeAndValue");
    cursor_close(c, &rdn, "RelativeDistinguishedName");
    return a;
}

static bool has_oid(const bytes *oids, size_t count, bytes oid)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found = found || bytes_eq(oids[i], oid);
    return found;
}

/* Reads every extension of the list and refuses duplicates; with `none_critical`, critical ones as well. */
static void check_extensions(struct cursor *outer, bytes list, size_t list_pos, bool none_critical)
{
    bytes oids[LIMIT_CERTIFICATE_EXTENSIONS];
    struct cursor c = cursor_over(list);
    c.base = list_pos;
    for (size_t n = 0; cursor_left(&c) > 0; n++) {
        struct x509_extension x = x509_extension_next(&c);
        if (n >= LIMIT_CERTIFICATE_EXTENSIONS) cursor_fail(&c, ERR_LIMIT, "extensions");
        if (x.critical && none_critical) cursor_fail(&c, ERR_UNSUPPORTED, "critical extension");
        if (cursor_failed(&c)) break;
        if (has_oid(oids, n, x.oid)) cursor_fail(&c, ERR_DUPLICATE, "extension");
        oids[n] = x.oid;
    }
    cursor_close(outer, &c, "extensions");
}

/* The contents of a SEQUENCE OF Extension, which must not be empty. */
static bytes take_extension_list(struct cursor *c, bool none_critical)
{
    bytes list = der_get(c, DER_SEQUENCE, "extensions");
    size_t list_pos = c->base + c->pos - list.len;
    if (!cursor_failed(c) && list.len == 0) cursor_fail(c, ERR_SYNTAX, "extensions");
    if (!cursor_failed(c)) check_extensions(c, list, list_pos, none_critical);
    return cursor_failed(c) ? BYTES_ABSENT : list;
}

/* The same under an explicit context tag. */
static bytes take_extensions(struct cursor *c, uint8_t tag, bool none_critical)
{
    struct cursor outer = der_enter(c, tag, "extensions");
    bytes list = take_extension_list(&outer, none_critical);
    cursor_close(c, &outer, "extensions");
    return cursor_failed(c) ? BYTES_ABSENT : list;
}

struct x509_crl_entry x509_crl_entry_next(struct cursor *c)
{
    struct x509_crl_entry entry = {0};
    struct cursor e = der_enter(c, DER_SEQUENCE, "revokedCertificate");
    entry.serial = der_get_unsigned(&e, "userCertificate");
    entry.revoked_at = take_time(&e, "revocationDate");
    if (cursor_left(&e) > 0) take_extension_list(&e, true);
    cursor_close(c, &e, "revokedCertificate");
    return entry;
}

/* Certificate and CertificateList alike: tbs, signatureAlgorithm, signatureValue. */
struct signed_parts {
    bytes tbs, algorithm, signature;
    size_t tbs_offset; /* of `tbs` in the input */
};

static struct signed_parts take_signed(struct cursor *c, const char *what)
{
    struct signed_parts p;
    struct cursor outer = der_enter(c, DER_SEQUENCE, what);
    p.tbs_offset = outer.base + outer.pos;
    p.tbs = der_get_element(&outer, DER_SEQUENCE, "tbs");
    p.algorithm = der_get_element(&outer, DER_SEQUENCE, "signatureAlgorithm");
    p.signature = der_get_octet_bits(&outer, "signatureValue");
    cursor_close(c, &outer, what);
    return p;
}

static struct cursor enter_tbs(const struct signed_parts *p)
{
    struct cursor c = cursor_over(p->tbs);
    c.base = p->tbs_offset;
    return der_enter(&c, DER_SEQUENCE, "tbs");
}

static void take_version_3(struct cursor *tbs)
{
    struct cursor v = der_enter(tbs, DER_CONTEXT(0), "version");
    if (der_get_u64(&v, 2, "version") != 2) cursor_fail(&v, ERR_UNSUPPORTED, "version");
    cursor_close(tbs, &v, "version");
}

static void take_validity(struct cursor *tbs, struct x509_certificate *x)
{
    struct cursor v = der_enter(tbs, DER_SEQUENCE, "validity");
    x->not_before = take_time(&v, "notBefore");
    x->not_after = take_time(&v, "notAfter");
    cursor_close(tbs, &v, "validity");
}

static void take_key(struct cursor *tbs, struct x509_certificate *x)
{
    x->spki = der_get_element(tbs, DER_SEQUENCE, "subjectPublicKeyInfo");
    struct cursor element = cursor_over(x->spki);
    element.base = tbs->base + tbs->pos - x->spki.len;
    struct cursor k = der_enter(&element, DER_SEQUENCE, "subjectPublicKeyInfo");
    x->key_algorithm = der_get_element(&k, DER_SEQUENCE, "key algorithm");
    x->public_key = der_get_octet_bits(&k, "subjectPublicKey");
    cursor_close(tbs, &k, "subjectPublicKeyInfo");
}

status x509_certificate_parse(bytes in, struct x509_certificate *out, struct err *err)
{
    if (in.len > LIMIT_CERTIFICATE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "certificate: want at most %d bytes, have %zu", LIMIT_CERTIFICATE_BYTES,
                       in.len);

    struct cursor c = cursor_over(in);
    struct signed_parts p = take_signed(&c, "Certificate");
    TRY(err_in(err, cursor_end(&c, err), "certificate"));
    struct x509_certificate x = {
        .raw = in, .tbs = p.tbs, .outer_algorithm = p.algorithm, .signature = p.signature, .extensions = BYTES_ABSENT};

    struct cursor tbs = enter_tbs(&p);
    take_version_3(&tbs);
    x.serial = der_get_unsigned(&tbs, "serialNumber");
    x.inner_algorithm = der_get_element(&tbs, DER_SEQUENCE, "signature");
    x.issuer = der_get_element(&tbs, DER_SEQUENCE, "issuer");
    take_validity(&tbs, &x);
    x.subject = der_get_element(&tbs, DER_SEQUENCE, "subject");
    take_key(&tbs, &x);
    if (der_next_is(&tbs, DER_CONTEXT(3))) x.extensions = take_extensions(&tbs, DER_CONTEXT(3), false);
    TRY(err_in(err, cursor_end(&tbs, err), "certificate"));
    *out = x;
    return OK;
}

/* Tag and length of a SEQUENCE, whatever follows. */
static void skip_sequence_header(struct cursor *c)
{
    if (cursor_u8(c, "tag") != DER_SEQUENCE) cursor_fail(c, ERR_SYNTAX, "tag");
    uint8_t length = cursor_u8(c, "length");
    if (length >= 0x80) cursor_take(c, length & 0x7fu, "length");
}

static bool begins_as_algorithm(struct cursor c)
{
    skip_sequence_header(&c);
    return cursor_u8(&c, "tag") == DER_OID && !cursor_failed(&c);
}

/* A version 1 certificate begins with a number and an algorithm too, and goes on with issuer and validity. */
static bool begins_as_version_1(struct cursor c)
{
    der_get_element(&c, DER_SEQUENCE, "signature");
    der_get_element(&c, DER_SEQUENCE, "issuer");
    return der_next_is(&c, DER_SEQUENCE);
}

bool x509_crl_is_meant(bytes in)
{
    struct cursor c = cursor_over(in);
    skip_sequence_header(&c);
    skip_sequence_header(&c);
    bool has_number = der_next_is(&c, DER_INTEGER); /* version 1 of a CRL has none */
    if (has_number) der_get(&c, DER_INTEGER, "version");
    return begins_as_algorithm(c) && !(has_number && begins_as_version_1(c));
}

static void check_entries(struct cursor *outer, bytes list, size_t list_pos)
{
    struct cursor c = cursor_over(list);
    c.base = list_pos;
    for (size_t n = 0; cursor_left(&c) > 0; n++) {
        if (n >= LIMIT_CRL_ENTRIES) cursor_fail(&c, ERR_LIMIT, "revokedCertificates");
        x509_crl_entry_next(&c);
    }
    cursor_close(outer, &c, "revokedCertificates");
}

status x509_crl_parse(bytes in, struct x509_crl *out, struct err *err)
{
    if (in.len > LIMIT_CRL_BYTES)
        return err_set(err, ERR_LIMIT, 0, "CRL: want at most %d bytes, have %zu", LIMIT_CRL_BYTES, in.len);

    struct cursor c = cursor_over(in);
    struct signed_parts p = take_signed(&c, "CertificateList");
    TRY(err_in(err, cursor_end(&c, err), "CRL"));
    struct x509_crl x = {.raw = in,
                         .tbs = p.tbs,
                         .outer_algorithm = p.algorithm,
                         .signature = p.signature,
                         .entries = BYTES_ABSENT,
                         .extensions = BYTES_ABSENT};

    struct cursor tbs = enter_tbs(&p);
    if (der_get_u64(&tbs, 1, "version") != 1) cursor_fail(&tbs, ERR_UNSUPPORTED, "version");
    x.inner_algorithm = der_get_element(&tbs, DER_SEQUENCE, "signature");
    x.issuer = der_get_element(&tbs, DER_SEQUENCE, "issuer");
    x.this_update = take_time(&tbs, "thisUpdate");
    x.has_next_update = der_next_is(&tbs, DER_UTC_TIME) || der_next_is(&tbs, DER_GENERALIZED_TIME);
    if (x.has_next_update) x.next_update = take_time(&tbs, "nextUpdate");
    if (der_next_is(&tbs, DER_SEQUENCE)) {
        x.entries = der_get(&tbs, DER_SEQUENCE, "revokedCertificates");
        size_t list_pos = tbs.base + tbs.pos - x.entries.len;
        if (!cursor_failed(&tbs) && x.entries.len == 0) cursor_fail(&tbs, ERR_SYNTAX, "revokedCertificates");
        if (!cursor_failed(&tbs)) check_entries(&tbs, x.entries, list_pos);
    }
    if (der_next_is(&tbs, DER_CONTEXT(0))) x.extensions = take_extensions(&tbs, DER_CONTEXT(0), true);
    TRY(err_in(err, cursor_end(&tbs, err), "CRL"));
    *out = x;
    return OK;
}
