/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/ca_load.h"

#include "parse/der.h"
#include "parse/text.h"
#include "verify/signature.h"

#define ROOT_RULE   "root.trusted"
#define ISSUER_RULE "issuer.signature"

struct entry {
    struct x509_certificate x;
    struct snp_ca ca;
};

struct entries {
    struct entry at[CA_LOAD_MAX];
    size_t count;
};

static const char *name_of(const struct entry *e)
{
    return snp_ca_common_name(e->ca.product, e->ca.role);
}

static const struct entry *find(const struct entries *all, enum snp_product product, enum snp_ca_role role)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].ca.product == product && all->at[i].ca.role == role) return &all->at[i];
    return NULL;
}

/* AMD serves each chain with its ARK, so that two chains in one file bring it twice. */
static status add(struct entries *all, bytes der, struct err *err)
{
    struct entry e;
    TRY(err_in(err, x509_certificate_parse(der, &e.x, err), "CA certificate"));
    TRY(snp_ca_from_certificate(&e.x, &e.ca, err));
    const struct entry *other = find(all, e.ca.product, e.ca.role);
    if (other && bytes_eq(other->x.raw, e.x.raw)) return OK;
    if (other)
        return err_rule(err, ERR_DUPLICATE, ROOT_RULE, 0, "%s: two different certificates with this name", name_of(&e));
    all->at[all->count++] = e; /* fits: there are CA_LOAD_MAX names */
    return OK;
}

/* ---- what must hold between them -------------------------------------------------------------------------------- */

/* keyIdentifier of the authorityKeyIdentifier (RFC 5280, 4.2.1.1); absent when it names none.  False without one. */
static bool has_authority_key_id(const struct x509_certificate *x, bytes *out)
{
    enum { KEY_IDENTIFIER = 0x80 };
    struct cursor c = cursor_over(x->extensions);
    while (cursor_left(&c) > 0) { /* bounded: x509_certificate_parse has counted them */
        struct x509_extension e = x509_extension_next(&c);
        if (!bytes_eq(e.oid, BYTES_LIT("\x55\x1d\x23"))) continue;
        struct cursor value = cursor_over(e.value);
        struct cursor list = der_enter(&value, DER_SEQUENCE, "authorityKeyIdentifier");
        *out = der_get(&list, KEY_IDENTIFIER, "keyIdentifier");
        return true;
    }
    return false;
}

static status check_issued(const struct entry *e, const struct entry *ark, struct err *err)
{
    const char *rule = e == ark ? ROOT_RULE : ISSUER_RULE;
    bytes key_id; /* that the issuer's name is the ARK's is a rule of snp_ca_from_certificate */
    if (has_authority_key_id(&e->x, &key_id) && !bytes_eq(key_id, BYTES_OF(ark->ca.key_id)))
        return err_rule(err, ERR_MISMATCH, rule, 0, "%s: authorityKeyIdentifier: want %s, have %s", name_of(e),
                        text_hex(BYTES_OF(ark->ca.key_id)).s, text_hex(key_id).s);

    status s = signature_check_pss(&ark->ca, e->x.tbs, e->x.signature, NULL, err);
    return err_named(err, err_in(err, s, "%s: signed by %s", name_of(e), name_of(ark)), rule);
}

static status check_entry(const struct entries *all, const struct entry *e, struct err *err)
{
    const struct entry *ark = find(all, e->ca.product, SNP_ARK);
    if (!ark) return err_rule(err, ERR_MISSING, ROOT_RULE, 0, "%s: its ARK is not among the certificates", name_of(e));
    if (e == ark && !find(all, e->ca.product, SNP_ASK) && !find(all, e->ca.product, SNP_ASVK))
        return err_rule(err, ERR_MISSING, ROOT_RULE, 0, "%s: neither its ASK nor its ASVK is among the certificates",
                        name_of(e));
    return check_issued(e, ark, err);
}

status ca_bundle_load(const bytes *certificates, size_t count, struct ca_bundle *out, struct err *err)
{
    struct entries all;
    all.count = 0;
    for (size_t i = 0; i < count; i++)
        TRY(add(&all, certificates[i], err));
    if (all.count == 0) return err_rule(err, ERR_MISSING, ROOT_RULE, 0, "no CA certificate is there");
    for (size_t i = 0; i < all.count; i++)
        TRY(check_entry(&all, &all.at[i], err));

    for (size_t i = 0; i < all.count; i++)
        out->cas[i] = all.at[i].ca;
    out->count = all.count;
    return OK;
}

struct snp_ca_set ca_bundle_set(const struct ca_bundle *bundle)
{
    return (struct snp_ca_set){bundle->cas, bundle->count, true};
}
