/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/authority.h"

#include <stdio.h>

#include "parse/text.h"
#include "tests/simulator/certificate.h"
#include "tests/simulator/product.h"

static enum sim_ca_role role_of_kind(enum sim_kind kind)
{
    return kind == SIM_VCEK ? SIM_ASK : SIM_ASVK;
}

static enum sim_product chain_product(const struct sim_options *options, enum sim_chain chain)
{
    switch (chain) {
    case SIM_CHAIN_MILAN:
        return SIM_MILAN;
    case SIM_CHAIN_GENOA:
        return SIM_GENOA;
    case SIM_CHAIN_TURIN:
        return SIM_TURIN;
    case SIM_CHAIN_TRUSTED:
    case SIM_CHAIN_OTHER:
    case SIM_CHAIN_SUB:
        break;
    }
    return options->product;
}

struct sim_authority sim_authority_find(const struct sim_options *options, enum sim_chain chain, enum sim_ca_role role)
{
    struct sim_authority ca = {.product = chain_product(options, chain), .role = role};
    const struct sim_product_profile *p = sim_product_get(ca.product);
    bool sub = chain == SIM_CHAIN_SUB && role == role_of_kind(options->kind);
    unsigned first = ca.product * (unsigned)SIM_CA_ROLES;
    ca.key = (enum sim_key)(first + role);
    ca.signer = (enum sim_key)(first + (sub ? role : SIM_ARK));
    if (sub) ca.key = SIM_KEY_OTHER_ASK;
    if (chain == SIM_CHAIN_OTHER) {
        ca.key = role == SIM_ARK ? SIM_KEY_OTHER_ARK : SIM_KEY_OTHER_ASK;
        ca.signer = SIM_KEY_OTHER_ARK;
    }
    if (options->ask_by_other_ark && role != SIM_ARK) ca.signer = SIM_KEY_OTHER_ARK;
    snprintf(ca.subject_cn, sizeof ca.subject_cn, "%s%s", p->ca[role].cn, sub ? "-Sub" : "");
    snprintf(ca.issuer_cn, sizeof ca.issuer_cn, "%s", p->ca[sub ? role : SIM_ARK].cn);
    return ca;
}

/* extensions: three orders of the same five */

#define ID_CE(n) BYTES_LIT("\x55\x1d" n)

static status put_key_id(struct out *o, const struct sim_authority *ca, bool authority, struct err *err)
{
    uint8_t id[20], memory[32];
    TRY(sim_rsa_key_id(authority ? ca->signer : ca->key, id, err));
    struct out value = OUT(memory);
    if (authority) {
        size_t sequence = der_open(&value, DER_SEQUENCE);
        der_put(&value, 0x80, BYTES_OF(id));
        der_close(&value, sequence);
    } else {
        der_put(&value, DER_OCTET_STRING, BYTES_OF(id));
    }
    sim_put_extension(o, authority ? ID_CE("\x23") : ID_CE("\x0e"), false, out_view(&value));
    return OK;
}

static void put_basic_constraints(struct out *o, const struct sim_authority *ca)
{
    bytes value =
        ca->role == SIM_ARK ? BYTES_LIT("\x30\x03\x01\x01\xff") : BYTES_LIT("\x30\x06\x01\x01\xff\x02\x01\x00");
    sim_put_extension(o, ID_CE("\x13"), true, value);
}

/* AMD declares one unused bit in both, which is not minimal for keyCertSign alone. */
static void put_key_usage(struct out *o, const struct sim_authority *ca)
{
    sim_put_extension(o, ID_CE("\x0f"), true,
                      ca->role == SIM_ARK ? BYTES_LIT("\x03\x02\x01\x06") : BYTES_LIT("\x03\x02\x01\x04"));
}

static void put_crl_distribution_point(struct out *o, const struct sim_authority *ca)
{
    char url[80];
    snprintf(url, sizeof url, "https://kdsintf.amd.com/%s/v1/%s/crl", ca->role == SIM_ASVK ? "vlek" : "vcek",
             sim_product_get(ca->product)->name);
    uint8_t memory[128];
    struct out value = OUT(memory);
    const uint8_t tags[] = {DER_SEQUENCE, DER_SEQUENCE, DER_CONTEXT + 0, DER_CONTEXT + 0};
    size_t mark[sizeof tags];
    for (size_t i = 0; i < sizeof tags; i++)
        mark[i] = der_open(&value, tags[i]);
    der_put(&value, 0x86, text_bytes(url));
    for (size_t i = sizeof tags; i-- > 0;)
        der_close(&value, mark[i]);
    sim_put_extension(o, ID_CE("\x1f"), false, out_view(&value));
}

static status put_extensions(struct out *o, const struct sim_authority *ca, struct err *err)
{
    size_t wrapper = der_open(o, DER_CONTEXT + 3), list = der_open(o, DER_SEQUENCE);
    if (ca->role == SIM_ARK) {
        put_key_usage(o, ca);
        TRY(put_key_id(o, ca, false, err));
        put_basic_constraints(o, ca);
    } else {
        TRY(put_key_id(o, ca, false, err));
        TRY(put_key_id(o, ca, true, err));
        put_basic_constraints(o, ca);
        put_key_usage(o, ca);
    }
    put_crl_distribution_point(o, ca);
    der_close(o, list);
    der_close(o, wrapper);
    return OK;
}

status sim_put_authority(struct out *o, const struct sim_options *options, enum sim_chain chain, enum sim_ca_role role,
                         struct err *err)
{
    struct sim_authority ca = sim_authority_find(options, chain, role);
    const struct sim_ca_profile *profile = &sim_product_get(ca.product)->ca[role];
    const struct {
        const char *file, *label, *not_before, *not_after;
        enum sim_alg alg;
    } by_role[SIM_CA_ROLES] =
        {
            {"ark.der", "salt of ARK", options->ark_not_before, options->ark_not_after, options->ark_alg},
            {"ask.der", "salt of ASK", options->ask_not_before, options->ask_not_after, options->ask_alg},
            {"asvk.der", "salt of ASVK", options->asvk_not_before, options->asvk_not_after, options->asvk_alg},
        },
      *wanted = &by_role[role];
    enum sim_alg alg = wanted->alg == SIM_ALG_DEFAULT ? SIM_PSS_TRAILER : wanted->alg;

    uint8_t memory[2048];
    struct out tbs = OUT(memory);
    size_t body = der_open(&tbs, DER_SEQUENCE);
    out_bytes(&tbs, BYTES_LIT("\xa0\x03\x02\x01\x02"));
    der_put_uint(&tbs, profile->serial);
    sim_put_alg(&tbs, alg);
    sim_put_name(&tbs, ca.issuer_cn);
    size_t validity = der_open(&tbs, DER_SEQUENCE);
    TRY(sim_put_time(&tbs, wanted->not_before ? wanted->not_before : profile->not_before, err));
    TRY(sim_put_time(&tbs, wanted->not_after ? wanted->not_after : profile->not_after, err));
    der_close(&tbs, validity);
    sim_put_name(&tbs, ca.subject_cn);
    sim_put_rsa_spki(&tbs, ca.key);
    TRY(put_extensions(&tbs, &ca, err));
    der_close(&tbs, body);

    /* seed 0: the CAs are the same whatever the seed, so that one root.pem serves all evidence of a product line */
    struct sim_signing how = {.alg = alg, .key = ca.signer, .seed = 0, .label = wanted->label};
    return sim_put_signed(o, &tbs, &how, &options->tbs, wanted->file, err);
}
