/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/leaf.h"

#include <stdio.h>

#include "parse/text.h"
#include "tests/simulator/authority.h"
#include "tests/simulator/certificate.h"
#include "tests/simulator/product.h"
#include "tests/simulator/report.h"
#include "tests/simulator/text.h"

/* extensions */

enum {
    EXT_STRUCT_VERSION,
    EXT_PRODUCT_NAME,
    EXT_SPL, /* one of each enum sim_spl */
    EXT_HWID = EXT_SPL + SPLS,
    EXT_CSPID,
    EXT_AKI, /* from here on: in no leaf of AMD */
    EXT_BASIC_CONSTRAINTS,
    EXT_UNKNOWN,
    EXTS,
};

#define AMD "\x2b\x06\x01\x04\x01\x9c\x78\x01" /* 1.3.6.1.4.1.3704.1 */

static const struct {
    const char *name;
    bytes oid;
} ext_ids[EXTS] = {
    [EXT_STRUCT_VERSION] = {"structVersion", BYTES_LIT(AMD "\x01")},
    [EXT_PRODUCT_NAME] = {"productName", BYTES_LIT(AMD "\x02")},
    [EXT_SPL + SPL_FMC] = {"fmcSPL", BYTES_LIT(AMD "\x03\x09")},
    [EXT_SPL + SPL_BL] = {"blSPL", BYTES_LIT(AMD "\x03\x01")},
    [EXT_SPL + SPL_TEE] = {"teeSPL", BYTES_LIT(AMD "\x03\x02")},
    [EXT_SPL + SPL_SNP] = {"snpSPL", BYTES_LIT(AMD "\x03\x03")},
    [EXT_SPL + SPL_4] = {"spl4", BYTES_LIT(AMD "\x03\x04")},
    [EXT_SPL + SPL_5] = {"spl5", BYTES_LIT(AMD "\x03\x05")},
    [EXT_SPL + SPL_6] = {"spl6", BYTES_LIT(AMD "\x03\x06")},
    [EXT_SPL + SPL_7] = {"spl7", BYTES_LIT(AMD "\x03\x07")},
    [EXT_SPL + SPL_UCODE] = {"ucodeSPL", BYTES_LIT(AMD "\x03\x08")},
    [EXT_HWID] = {"hwID", BYTES_LIT(AMD "\x04")},
    [EXT_CSPID] = {"cspID", BYTES_LIT(AMD "\x05")},
    [EXT_AKI] = {"authorityKeyIdentifier", BYTES_LIT("\x55\x1d\x23")},
    [EXT_BASIC_CONSTRAINTS] = {"basicConstraints", BYTES_LIT("\x55\x1d\x13")},
    [EXT_UNKNOWN] = {"unknown", BYTES_LIT("\x2b\x06\x01\x04\x01\x83\xb2\x03\x01")}, /* 1.3.6.1.4.1.55555.1 */
};

const char *sim_leaf_ext_name(size_t i)
{
    return i < EXTS ? ext_ids[i].name : NULL;
}

/* The order of AMD's files.  What the product does not have is skipped; extras come last. */
static const uint8_t order_of_milan[EXTS] = {
    EXT_STRUCT_VERSION, EXT_PRODUCT_NAME, EXT_SPL + SPL_BL, EXT_SPL + SPL_TEE, EXT_SPL + SPL_4,
    EXT_SPL + SPL_5,    EXT_SPL + SPL_6,  EXT_SPL + SPL_7,  EXT_SPL + SPL_SNP, EXT_SPL + SPL_UCODE,
    EXT_SPL + SPL_FMC,  EXT_HWID,         EXT_CSPID,        EXT_AKI,           EXT_BASIC_CONSTRAINTS,
    EXT_UNKNOWN,
};
static const uint8_t order_of_turin[EXTS] = {
    EXT_STRUCT_VERSION, EXT_PRODUCT_NAME,  EXT_SPL + SPL_FMC,     EXT_SPL + SPL_BL,
    EXT_SPL + SPL_TEE,  EXT_SPL + SPL_SNP, EXT_SPL + SPL_4,       EXT_SPL + SPL_5,
    EXT_SPL + SPL_6,    EXT_SPL + SPL_7,   EXT_SPL + SPL_UCODE,   EXT_HWID,
    EXT_CSPID,          EXT_AKI,           EXT_BASIC_CONSTRAINTS, EXT_UNKNOWN,
};

struct ext {
    unsigned times; /* how often it stands there */
    bool critical;
    uint8_t memory[160];
    struct out value;
};

static struct out *ext_begin(struct ext *e)
{
    e->times = 1;
    e->value = OUT(e->memory);
    return &e->value;
}

static void ext_text(struct ext *e, uint8_t tag, const char *text)
{
    der_put(ext_begin(e), tag, text_bytes(text));
}

static status set_defaults(struct ext exts[EXTS], const struct sim_options *options, const struct sim_authority *ca,
                           bytes report, struct err *err)
{
    const struct sim_product_profile *p = sim_product_get(ca->product), *machine = sim_product_get(options->product);
    bool vcek = options->kind == SIM_VCEK;
    der_put_uint(ext_begin(&exts[EXT_STRUCT_VERSION]), p->struct_version);
    ext_text(&exts[EXT_PRODUCT_NAME], DER_IA5_STRING, vcek ? p->vcek_product_name : p->vlek_product_name);
    for (size_t i = 0; i < SPLS; i++) {
        uint8_t at = machine->tcb_byte[i];
        if (p->tcb_byte[i] == SPL_ABSENT) continue;
        der_put_uint(ext_begin(&exts[EXT_SPL + i]), at == SPL_ABSENT ? 0 : report.ptr[REPORT_REPORTED_TCB + at]);
    }
    if (vcek)
        out_bytes(ext_begin(&exts[EXT_HWID]), BYTES(report.ptr + REPORT_CHIP_ID, p->chip_id_len));
    else
        ext_text(&exts[EXT_CSPID], DER_IA5_STRING, "CN=cc-simulator.example");

    /* ready, but not in unless asked for */
    uint8_t id[20];
    TRY(sim_rsa_key_id(ca->key, id, err));
    size_t sequence = der_open(ext_begin(&exts[EXT_AKI]), DER_SEQUENCE);
    der_put(&exts[EXT_AKI].value, 0x80, BYTES_OF(id));
    der_close(&exts[EXT_AKI].value, sequence);
    out_bytes(ext_begin(&exts[EXT_BASIC_CONSTRAINTS]), BYTES_LIT("\x30\x03\x01\x01\xff"));
    out_bytes(ext_begin(&exts[EXT_UNKNOWN]), BYTES_LIT("\x05\x00"));
    for (size_t i = EXT_AKI; i < EXTS; i++)
        exts[i].times = 0;
    return OK;
}

/* WORD or WORD:ARGUMENT */
static bool word_is(const char *text, const char *word, const char **argument)
{
    size_t n = strlen(word);
    if (strncmp(text, word, n) != 0 || (text[n] && text[n] != ':')) return false;
    *argument = text[n] ? text + n + 1 : text + n;
    return true;
}

static status ext_resize(struct ext *e, const char *text, struct err *err)
{
    uint64_t len;
    TRY(sim_text_number(text, &len, err));
    if (len > sizeof e->memory) return err_set(err, ERR_RANGE, 0, "longer than %zu", sizeof e->memory);
    if (len < e->value.len)
        e->value.len = (size_t)len;
    else
        out_zeros(&e->value, (size_t)len - e->value.len);
    return OK;
}

static status ext_flip(struct ext *e, const char *text, struct err *err)
{
    uint64_t bit;
    TRY(sim_text_number(text, &bit, err));
    if (bit / 8 >= e->value.len) return err_set(err, ERR_RANGE, 0, "bit %s: not in the value", text);
    e->memory[bit / 8] ^= (uint8_t)(1u << bit % 8);
    return OK;
}

static void ext_wrap(struct ext *e)
{
    uint8_t copy[sizeof e->memory];
    bytes value = BYTES(copy, e->value.len);
    memcpy(copy, e->memory, e->value.len);
    der_put(ext_begin(e), DER_OCTET_STRING, value);
}

static status ext_change(struct ext *e, const char *how, struct err *err)
{
    const char *argument;
    uint64_t number;
    if (!e->value.ptr) ext_begin(e);
    if (word_is(how, "absent", &argument)) {
        e->times = 0;
        return OK;
    }
    e->times = 1 + word_is(how, "twice", &argument);
    e->critical = word_is(how, "critical", &argument);
    if (e->times == 2 || e->critical || word_is(how, "present", &argument)) return OK;
    if (word_is(how, "int", &argument)) {
        TRY(sim_text_number(argument, &number, err));
        der_put_uint(ext_begin(e), number);
        return OK;
    }
    if (word_is(how, "raw", &argument)) return sim_text_hex(argument, ext_begin(e), err);
    if (word_is(how, "len", &argument)) return ext_resize(e, argument, err);
    if (word_is(how, "flip", &argument)) return ext_flip(e, argument, err);
    if (word_is(how, "ia5", &argument))
        ext_text(e, DER_IA5_STRING, argument);
    else if (word_is(how, "utf8", &argument))
        ext_text(e, DER_UTF8_STRING, argument);
    else if (word_is(how, "wrapped", &argument))
        ext_wrap(e);
    else
        return err_set(err, ERR_SYNTAX, 0, "unknown change: \"%.40s\"", how);
    return OK;
}

static status change_exts(struct ext exts[EXTS], const struct sim_list *changes, struct err *err)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct sim_pair pair;
        TRY(sim_text_pair(changes->text[i], &pair, err));
        if (strcmp(changes->text[i], "all=absent") == 0) {
            for (size_t n = 0; n < EXTS; n++)
                exts[n].times = 0;
            continue;
        }
        size_t e = 0;
        while (e < EXTS && strcmp(ext_ids[e].name, pair.name) != 0)
            e++;
        if (e == EXTS) return err_set(err, ERR_SYNTAX, 0, "no such extension: %s", pair.name);
        TRY(err_in(err, ext_change(&exts[e], pair.value, err), "extension %s", pair.name));
        if (exts[e].value.full) return err_set(err, ERR_LIMIT, 0, "extension %s: too long", pair.name);
    }
    return OK;
}

static status put_exts(struct out *o, const struct sim_options *options, const struct sim_authority *ca, bytes report,
                       struct err *err)
{
    struct ext exts[EXTS] = {0};
    TRY(set_defaults(exts, options, ca, report, err));
    TRY(change_exts(exts, &options->ext, err));
    unsigned total = 0;
    for (size_t i = 0; i < EXTS; i++)
        total += exts[i].times;
    if (total == 0) return OK; /* the whole optional field is left out */

    const uint8_t *order = ca->product == SIM_TURIN ? order_of_turin : order_of_milan;
    size_t wrapper = der_open(o, DER_CONTEXT + 3), list = der_open(o, DER_SEQUENCE);
    for (size_t i = 0; i < EXTS; i++) {
        const struct ext *e = &exts[order[i]];
        for (unsigned n = 0; n < e->times; n++)
            sim_put_extension(o, ext_ids[order[i]].oid, e->critical, out_view(&e->value));
    }
    der_close(o, list);
    der_close(o, wrapper);
    return OK;
}

/* key */

status sim_leaf_key(const struct sim_options *options, struct sim_ec_key *out, struct err *err)
{
    char label[40];
    snprintf(label, sizeof label, "key of %s %s", sim_product_get(options->product)->name,
             options->kind == SIM_VCEK ? "VCEK" : "VLEK");
    return sim_ec_key_draw(options->seed, label, options->leaf_key == SIM_LEAF_P256 ? SIM_P256 : SIM_P384, out, err);
}

static void put_ec_spki(struct out *o, enum sim_leaf_key form, const struct sim_ec_key *key)
{
    bytes p384 = BYTES_LIT("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22");
    bytes p256 = BYTES_LIT("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07");
    size_t len = sim_curve_len(key->curve);
    uint8_t point[SIM_POINT_MAX];
    memcpy(point, key->point, sizeof point);
    if (form == SIM_LEAF_COMPRESSED) point[0] = (uint8_t)(2 + (point[2 * len] & 1));
    if (form == SIM_LEAF_OFF_CURVE) point[2 * len] ^= 1;

    size_t spki = der_open(o, DER_SEQUENCE);
    out_bytes(o, key->curve == SIM_P256 ? p256 : p384);
    der_put_bits(o, BYTES(point, 1 + (form == SIM_LEAF_COMPRESSED ? len : 2 * len)));
    der_close(o, spki);
}

/* signer */

struct issue {
    const char *issuer_cn;
    struct sim_signing how;
};

static struct issue issue_by_ca(const struct sim_options *options, const struct sim_authority *ca)
{
    enum sim_key key = options->signer == SIM_BY_OTHER_ASK ? SIM_KEY_OTHER_ASK : ca->key;
    return (struct issue){ca->subject_cn, {.alg = SIM_PSS, .key = key}};
}

static struct issue issue_by_ec(const char *cn, const struct sim_ec_key *key)
{
    return (struct issue){cn, {.alg = SIM_ECDSA, .ec_key = key}};
}

static enum sim_ca_role signer_role(const struct sim_options *options)
{
    switch (options->signer) {
    case SIM_BY_ARK:
        return SIM_ARK;
    case SIM_BY_ASK:
        return SIM_ASK;
    case SIM_BY_ASVK:
        return SIM_ASVK;
    case SIM_BY_DEFAULT:
    case SIM_BY_OTHER_ASK:
    case SIM_BY_LEAF:
    case SIM_BY_ITSELF:
        break;
    }
    return options->kind == SIM_VCEK ? SIM_ASK : SIM_ASVK;
}

static status put_validity(struct out *o, const struct sim_options *options, struct err *err)
{
    const char *not_after = options->kind == SIM_VCEK ? "2033-01-01" : "2027-01-01";
    size_t validity = der_open(o, DER_SEQUENCE);
    TRY(sim_put_time(o, options->leaf_not_before ? options->leaf_not_before : "2026-01-01", err));
    TRY(sim_put_time(o, options->leaf_not_after ? options->leaf_not_after : not_after, err));
    der_close(o, validity);
    return OK;
}

static status put_serial(struct out *o, const char *hex, struct err *err)
{
    uint8_t memory[64];
    struct out serial = OUT(memory);
    TRY(sim_text_hex(hex ? hex : "00", &serial, err));
    der_put(o, DER_INTEGER, out_view(&serial));
    return OK;
}

static void put_x509_version(struct out *o, uint32_t version)
{
    if (version == 1) return; /* the default is left out */
    size_t wrapper = der_open(o, DER_CONTEXT + 0);
    der_put_uint(o, version ? version - 1 : 2);
    der_close(o, wrapper);
}

status sim_put_leaf(struct out *o, const struct sim_options *options, const struct sim_ec_key *key, bytes report,
                    struct err *err)
{
    const char *cn = options->kind == SIM_VCEK ? "SEV-VCEK" : "SEV-VLEK";
    struct sim_authority ca = sim_authority_find(options, options->chain, signer_role(options));
    struct sim_ec_key other_leaf;
    struct issue issue = issue_by_ca(options, &ca);
    if (options->signer == SIM_BY_LEAF) {
        TRY(sim_ec_key_draw(options->seed, "key of another leaf", SIM_P384, &other_leaf, err));
        issue = issue_by_ec(cn, &other_leaf);
    }
    if (options->signer == SIM_BY_ITSELF) issue = issue_by_ec(options->leaf_cn ? options->leaf_cn : cn, key);
    if (options->leaf_alg != SIM_ALG_DEFAULT) issue.how.alg = options->leaf_alg;
    issue.how.seed = options->seed;
    issue.how.label = "salt of leaf";

    uint8_t memory[4096];
    struct out tbs = OUT(memory);
    size_t body = der_open(&tbs, DER_SEQUENCE);
    put_x509_version(&tbs, options->leaf_x509_version);
    TRY(err_in(err, put_serial(&tbs, options->leaf_serial, err), "leaf serial"));
    sim_put_alg(&tbs, options->leaf_inner_alg != SIM_ALG_DEFAULT ? options->leaf_inner_alg : issue.how.alg);
    sim_put_name(&tbs, options->leaf_issuer_cn ? options->leaf_issuer_cn : issue.issuer_cn);
    TRY(put_validity(&tbs, options, err));
    sim_put_name(&tbs, options->leaf_cn ? options->leaf_cn : cn);
    if (options->leaf_key == SIM_LEAF_RSA)
        sim_put_rsa_spki(&tbs, SIM_KEY_OTHER_ASK);
    else
        put_ec_spki(&tbs, options->leaf_key, key);
    TRY(put_exts(&tbs, options, &ca, report, err));
    der_close(&tbs, body);
    return sim_put_signed(o, &tbs, &issue.how, &options->tbs, "leaf.der", err);
}
