/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/certificate.h"

#include "ca/certificate_part.h"
#include "ca/random.h"
#include "parse/der_write.h"
#include "parse/public_key.h"
#include "parse/san.h"
#include "parse/time.h"
#include "parse/x509.h"
#include "verify/crypto.h"

enum { SERIAL_BYTES = 16, DNS_NAME_MAX = 253 };

#define NAME_ROOT         BYTES_LIT("system:coordinator:root")
#define NAME_INTERMEDIATE BYTES_LIT("system:coordinator:intermediate")

/* ---- signatures ------------------------------------------------------------------------------------------------- */

/* RFC 5758, 3.2 and RFC 4055, 5. */
static const struct {
    bytes algorithm;
    bool sha384;
} signatures[] = {
    [KEY_P256] = {{(const uint8_t *)"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02", 12}, false},
    [KEY_P384] = {{(const uint8_t *)"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03", 12}, true},
    [KEY_RSA] = {{(const uint8_t *)"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00", 15}, false},
};

static status sign(const struct private_key *signer, bytes tbs, struct signature *out, struct err *err)
{
    uint8_t digest[SHA384_BYTES];
    if (signatures[signer->kind].sha384) {
        TRY(crypto_sha384(&tbs, 1, digest, err));
        return private_key_sign(signer, BYTES_OF(digest), out, err);
    }
    TRY(crypto_sha256(&tbs, 1, digest, err));
    return private_key_sign(signer, BYTES(digest, SHA256_BYTES), out, err);
}

/* ---- what every certificate has --------------------------------------------------------------------------------- */

struct profile {
    const struct private_key *signer;
    bytes issuer, subject; /* common names */
    int64_t not_before, not_after;
    bytes spki;
};

struct draft {
    struct der_out o;
    size_t certificate, tbs, extensions_tag, extensions;
};

/* Letters, digits and what X.680, 41.4 adds to them. */
static bool is_printable(bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && (c == 0 || !strchr(" '()+,-./:=?", c))) return false;
    }
    return true;
}

static void add_name(struct der_out *o, bytes common_name)
{
    size_t name = der_begin(o, DER_SEQUENCE), rdn = der_begin(o, DER_SET), attribute = der_begin(o, DER_SEQUENCE);
    der_add_element(o, DER_OID, BYTES_LIT("\x55\x04\x03"));
    der_add_element(o, is_printable(common_name) ? DER_PRINTABLE_STRING : DER_UTF8_STRING, common_name);
    der_end(o, attribute);
    der_end(o, rdn);
    der_end(o, name);
}

/* Up to the extensions. */
static status begin(struct draft *d, const struct profile *p, struct certificate_room room, struct err *err)
{
    uint8_t serial[SERIAL_BYTES];
    TRY(random_fill(serial, sizeof serial, err));
    serial[SERIAL_BYTES - 1] |= 1; /* never 0 */
    struct der_out *o = &d->o;
    *o = (struct der_out){.buf = room.buf, .cap = room.cap};
    d->certificate = der_begin(o, DER_SEQUENCE);
    d->tbs = der_begin(o, DER_SEQUENCE);
    der_add(o, BYTES_LIT("\xa0\x03\x02\x01\x02")); /* version 3 */
    der_add_unsigned(o, BYTES_OF(serial));
    der_add(o, signatures[p->signer->kind].algorithm);
    add_name(o, p->issuer);
    size_t validity = der_begin(o, DER_SEQUENCE);
    der_add_time(o, p->not_before);
    der_add_time(o, p->not_after);
    der_end(o, validity);
    add_name(o, p->subject);
    der_add(o, p->spki);
    return OK;
}

static void begin_extensions(struct draft *d)
{
    d->extensions_tag = der_begin(&d->o, DER_CONTEXT(3));
    d->extensions = der_begin(&d->o, DER_SEQUENCE);
}

static void end_extensions(struct draft *d)
{
    der_end(&d->o, d->extensions);
    der_end(&d->o, d->extensions_tag);
}

static status finish(struct draft *d, const struct profile *p, bytes *out, struct err *err)
{
    struct der_out *o = &d->o;
    struct signature signature;
    struct x509_certificate read;
    bytes written;
    der_end(o, d->tbs);
    TRY(sign(p->signer, BYTES(o->buf + d->tbs, o->len - d->tbs), &signature, err));
    der_add(o, signatures[p->signer->kind].algorithm);
    der_add_octet_bits(o, BYTES(signature.bytes, signature.len));
    der_end(o, d->certificate);
    TRY(der_finish(o, "certificate", &written, err));
    TRY(err_in(err, x509_certificate_parse(written, &read, err), "certificate that was issued"));
    *out = written;
    return OK;
}

/* ---- extensions ------------------------------------------------------------------------------------------------- */

size_t certificate_begin_extension(struct der_out *o, bytes oid, bool critical, size_t *value)
{
    size_t extension = der_begin(o, DER_SEQUENCE);
    der_add_element(o, DER_OID, oid);
    if (critical) der_add_bool(o, true);
    *value = der_begin(o, DER_OCTET_STRING);
    return extension;
}

void certificate_end_extension(struct der_out *o, size_t extension, size_t value)
{
    der_end(o, value);
    der_end(o, extension);
}

static void add_extension(struct der_out *o, bytes oid, bool critical, bytes content)
{
    size_t value, extension = certificate_begin_extension(o, oid, critical, &value);
    der_add(o, content);
    certificate_end_extension(o, extension, value);
}

enum { KEY_ID_BYTES = 20 };

/* The first 160 bits of SHA-256 over the BIT STRING's octets (RFC 7093, 2, method 1). */
static status find_key_id(const struct private_key *key, uint8_t out[SHA256_BYTES], struct err *err)
{
    struct public_key public;
    TRY(public_key_parse(private_key_spki(key), &public, err));
    return crypto_sha256(&public.octets, 1, out, err);
}

static void add_subject_key_id(struct der_out *o, const uint8_t id[SHA256_BYTES])
{
    size_t value, extension = certificate_begin_extension(o, BYTES_LIT("\x55\x1d\x0e"), false, &value);
    der_add_element(o, DER_OCTET_STRING, BYTES(id, KEY_ID_BYTES));
    certificate_end_extension(o, extension, value);
}

static void add_authority_key_id(struct der_out *o, const uint8_t id[SHA256_BYTES])
{
    size_t value, extension = certificate_begin_extension(o, BYTES_LIT("\x55\x1d\x23"), false, &value);
    size_t sequence = der_begin(o, DER_SEQUENCE);
    der_add_element(o, 0x80, BYTES(id, KEY_ID_BYTES));
    der_end(o, sequence);
    certificate_end_extension(o, extension, value);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* The same day and time so many years later; 1 March for a 29 February that is not there. */
static status years_later(int64_t now, unsigned years, int64_t *out, struct err *err)
{
    struct time_civil t;
    TRY(time_to_civil(now, &t, err));
    t.year += years;
    if (is_ok(time_from_civil(&t, out, NULL))) return OK;
    t.month = 3;
    t.day = 1;
    return time_from_civil(&t, out, err);
}

/* ---- CAs -------------------------------------------------------------------------------------------------------- */

enum { CA_YEARS = 10, LEAF_YEARS = 1 };

static status issue_ca(const struct profile *p, const struct private_key *subject, bool is_self,
                       struct certificate_room room, bytes *out, struct err *err)
{
    struct draft d;
    uint8_t own_id[SHA256_BYTES], signer_id[SHA256_BYTES];
    TRY(find_key_id(subject, own_id, err));
    TRY(find_key_id(p->signer, signer_id, err));
    TRY(begin(&d, p, room, err));
    begin_extensions(&d);
    add_extension(&d.o, BYTES_LIT("\x55\x1d\x0f"), true,
                  BYTES_LIT("\x03\x02\x02\x84")); /* digitalSignature, keyCertSign */
    add_extension(&d.o, BYTES_LIT("\x55\x1d\x13"), true, BYTES_LIT("\x30\x03\x01\x01\xff")); /* CA */
    add_subject_key_id(&d.o, own_id);
    if (!is_self) add_authority_key_id(&d.o, signer_id);
    end_extensions(&d);
    return finish(&d, p, out, err);
}

static status fill_ca_profile(const struct private_key *signer, const struct private_key *subject, int64_t now,
                              struct profile *p, struct err *err)
{
    if (signer->kind != KEY_P384 || subject->kind != KEY_P384)
        return err_set(err, ERR_UNSUPPORTED, 0, "key of a CA: want P-384");
    p->signer = signer;
    p->spki = private_key_spki(subject);
    p->not_before = now - CERTIFICATE_SKEW_S;
    return years_later(now, CA_YEARS, &p->not_after, err);
}

status certificate_issue_root(const struct private_key *root, int64_t now, struct certificate_room room, bytes *out,
                              struct err *err)
{
    struct profile p = {.issuer = NAME_ROOT, .subject = NAME_ROOT};
    TRY(fill_ca_profile(root, root, now, &p, err));
    return issue_ca(&p, root, true, room, out, err);
}

status certificate_issue_intermediate(const struct private_key *root, const struct private_key *mesh, int64_t now,
                                      struct certificate_room room, bytes *out, struct err *err)
{
    struct profile p = {.issuer = NAME_ROOT, .subject = NAME_INTERMEDIATE};
    TRY(fill_ca_profile(root, mesh, now, &p, err));
    return issue_ca(&p, mesh, false, room, out, err);
}

status certificate_issue_mesh_ca(const struct private_key *mesh, int64_t now, struct certificate_room room, bytes *out,
                                 struct err *err)
{
    struct profile p = {.issuer = NAME_INTERMEDIATE, .subject = NAME_INTERMEDIATE};
    TRY(fill_ca_profile(mesh, mesh, now, &p, err));
    return issue_ca(&p, mesh, true, room, out, err);
}

/* ---- names of a leaf -------------------------------------------------------------------------------------------- */

static const struct {
    enum san_kind kind;
    uint8_t tag;
} san_forms[] = {{SAN_DNS, 0x82}, {SAN_IP, 0x87}, {SAN_URI, 0x86}}; /* in the order of Go's certificates */

static status parse_san(const struct certificate_request *r, size_t i, struct san *out, struct err *err)
{
    TRY(err_in(err, san_parse(r->sans[i], out, err), "name %zu", i));
    if (out->kind == SAN_DNS && out->text.len > DNS_NAME_MAX)
        return err_set(err, ERR_LIMIT, 0, "name %zu: want a DNS name of at most %d bytes, have %zu", i, DNS_NAME_MAX,
                       out->text.len);
    return OK;
}

static status find_common_name(const struct certificate_request *r, bytes *out, struct err *err)
{
    bytes found = BYTES_ABSENT;
    for (size_t i = 0; i < r->san_count; i++) {
        struct san san;
        TRY(parse_san(r, i, &san, err));
        if (san.kind == SAN_DNS && !found.ptr) found = san.text;
    }
    if (!found.ptr) return err_set(err, ERR_MISSING, 0, "names: want a DNS name among them, for the common name");
    *out = found;
    return OK;
}

/* An IPv4 address that is written as an IPv6 one is an IPv4 address to those who compare. */
static bytes san_octets(const struct san *san)
{
    if (san->kind != SAN_IP) return san->text;
    bytes ip = BYTES(san->ip, san->ip_len);
    bool mapped = bytes_eq(bytes_slice(ip, 0, 12), BYTES_LIT("\0\0\0\0\0\0\0\0\0\0\xff\xff"));
    return mapped ? bytes_slice(ip, 12, 4) : ip;
}

static status add_sans(struct der_out *o, const struct certificate_request *r, struct err *err)
{
    size_t value, extension = certificate_begin_extension(o, BYTES_LIT("\x55\x1d\x11"), false, &value);
    size_t names = der_begin(o, DER_SEQUENCE);
    for (size_t form = 0; form < sizeof san_forms / sizeof san_forms[0]; form++) {
        for (size_t i = 0; i < r->san_count; i++) {
            struct san san;
            TRY(parse_san(r, i, &san, err));
            if (san.kind == san_forms[form].kind) der_add_element(o, san_forms[form].tag, san_octets(&san));
        }
    }
    der_end(o, names);
    certificate_end_extension(o, extension, value);
    return OK;
}

/* ---- leaves ----------------------------------------------------------------------------------------------------- */

static status add_leaf_extensions(struct der_out *o, const struct certificate_request *r,
                                  const uint8_t signer_id[SHA256_BYTES], struct err *err)
{
    add_extension(o, BYTES_LIT("\x55\x1d\x0f"), true, BYTES_LIT("\x03\x02\x07\x80")); /* digitalSignature */
    add_extension(
        o, BYTES_LIT("\x55\x1d\x25"), false, /* clientAuth, serverAuth */
        BYTES_LIT("\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"));
    add_extension(o, BYTES_LIT("\x55\x1d\x13"), true, BYTES_LIT("\x30\x00")); /* no CA */
    add_authority_key_id(o, signer_id);
    TRY(add_sans(o, r, err));
    if (r->report) TRY(certificate_add_claims(o, r->report, r->product, err));
    if (r->workload_secret_id.len == 0) return OK;
    size_t value, extension = certificate_begin_extension(o, OID_WORKLOAD_SECRET_ID, false, &value);
    der_add_element(o, DER_OCTET_STRING, r->workload_secret_id);
    certificate_end_extension(o, extension, value);
    return OK;
}

status certificate_issue_leaf(const struct private_key *mesh, const struct certificate_request *request, int64_t now,
                              struct certificate_room room, bytes *out, struct err *err)
{
    struct draft d;
    uint8_t signer_id[SHA256_BYTES];
    struct profile p = {
        .signer = mesh, .issuer = NAME_INTERMEDIATE, .spki = request->spki, .not_before = now - CERTIFICATE_SKEW_S};
    struct public_key key;
    TRY(err_in(err, public_key_parse(request->spki, &key, err), "key of the leaf"));
    TRY(find_common_name(request, &p.subject, err));
    TRY(years_later(now, LEAF_YEARS, &p.not_after, err));
    TRY(find_key_id(mesh, signer_id, err));
    TRY(begin(&d, &p, room, err));
    begin_extensions(&d);
    TRY(add_leaf_extensions(&d.o, request, signer_id, err));
    end_extensions(&d);
    return finish(&d, &p, out, err);
}

/* ---- attested certificates -------------------------------------------------------------------------------------- */

status certificate_issue_attested(const struct private_key *key, bytes oid, bytes document, int64_t now,
                                  struct certificate_room room, bytes *out, struct err *err)
{
    struct draft d;
    struct profile p = {.signer = key,
                        .issuer = BYTES_LIT("Contrast"),
                        .subject = BYTES_LIT("Contrast"),
                        .spki = private_key_spki(key),
                        .not_before = now - CERTIFICATE_ATTESTED_SPAN_S,
                        .not_after = now + CERTIFICATE_ATTESTED_SPAN_S};
    TRY(begin(&d, &p, room, err));
    if (!bytes_is_absent(document)) {
        begin_extensions(&d);
        add_extension(&d.o, oid, false, document);
        end_extensions(&d);
    }
    return finish(&d, &p, out, err);
}
