/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/sim.h: makes SEV-SNP evidence: a report, its VCEK or VLEK, the CAs above it, a CRL, an envelope.
 *
 * Without a knob everything is as AMD makes it, but for the keys.  Every knob makes one thing differ, with all
 * signatures over it fresh and good (edits made afterwards aside), so that a verifier must find that one thing.
 * Equal options give equal bytes; no clock is read.
 *
 * There are two chains.  The *trusted* one is what goes into root.pem, for the verifier's --insecure-root.  The one
 * that signs is the same unless `chain` says otherwise.
 */
#ifndef TESTS_SIMULATOR_SIM_H
#define TESTS_SIMULATOR_SIM_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "tests/simulator/keys.h"
#include "tests/simulator/out.h"

enum sim_product { SIM_MILAN, SIM_GENOA, SIM_TURIN, SIM_PRODUCTS };
enum sim_kind { SIM_VCEK, SIM_VLEK };
enum sim_envelope { SIM_RAW, SIM_TABLE, SIM_PROTOBUF, SIM_HCL, SIM_THIM };

/* Signature algorithms of certificates and CRLs. */
enum sim_alg {
    SIM_ALG_DEFAULT,     /* AMD's for that certificate */
    SIM_PSS,             /* SHA-384, MGF1 with SHA-384, salt of 48; trailer field left out, as AMD does since 2024 */
    SIM_PSS_TRAILER,     /* the same, trailer field written out, as in all of AMD's CAs and in its older leaves */
    SIM_PSS_SHA256,      /* SHA-256, MGF1 with SHA-256, salt of 32 */
    SIM_PSS_MGF1_SHA256, /* SHA-384, MGF1 with SHA-256, salt of 48 */
    SIM_PSS_SALT32,      /* SHA-384, MGF1 with SHA-384, salt of 32 */
    SIM_PKCS1,           /* sha384WithRSAEncryption */
    SIM_ECDSA,           /* ecdsa-with-SHA384; where an EC key signs */
    SIM_ALGS,
};

/* Who signs the leaf, and is named as its issuer unless leaf_issuer_cn says otherwise. */
enum sim_signer {
    SIM_BY_DEFAULT,   /* ASK or ASVK, by kind */
    SIM_BY_ARK,       /* the ARK of the chain */
    SIM_BY_ASK,       /* the ASK of the chain */
    SIM_BY_ASVK,      /* the ASVK of the chain */
    SIM_BY_OTHER_ASK, /* a key that is in no chain, under the name of the ASK or ASVK */
    SIM_BY_LEAF,      /* another leaf, SEV-VCEK or SEV-VLEK, with its EC key */
    SIM_BY_ITSELF,    /* self-signed */
};

enum sim_chain {
    SIM_CHAIN_TRUSTED,
    SIM_CHAIN_OTHER, /* same names, keys of someone else */
    SIM_CHAIN_SUB, /* one longer: the ASK slot holds SEV-<Product>-Sub, issued by the trusted ASK; it signs the leaf */
    SIM_CHAIN_MILAN, /* AMD-like chains of a given product line */
    SIM_CHAIN_GENOA,
    SIM_CHAIN_TURIN,
};

enum sim_leaf_key { SIM_LEAF_P384, SIM_LEAF_P256, SIM_LEAF_RSA, SIM_LEAF_COMPRESSED, SIM_LEAF_OFF_CURVE };

enum sim_report_signature {
    SIM_SIGN_NORMAL,
    SIM_SIGN_SHA256,     /* over SHA-256 of the body */
    SIM_SIGN_OTHER_KEY,  /* by another P-384 key */
    SIM_SIGN_OTHER_BODY, /* good, of another report */
    SIM_SIGN_SWAPPED,    /* R and S exchanged */
    SIM_SIGN_BIG_ENDIAN, /* R and S with their 48 bytes reversed */
    SIM_SIGN_NONE,       /* 512 zero bytes */
};

/* Values of a knob that can be given more than once.  The texts are borrowed until sim_make returns. */
enum { SIM_LIST_MAX = 24 };
struct sim_list {
    const char *text[SIM_LIST_MAX];
    size_t count;
};

/* The syntax of the texts is in the help of `snp-sim` (sim_options_help).  NULL and 0 are the default everywhere. */
struct sim_options {
    uint64_t seed;
    enum sim_product product;
    enum sim_kind kind;
    uint32_t report_version; /* 0: 3 */
    enum sim_envelope envelope;

    struct sim_list report; /* fields of the report, before it is signed */
    enum sim_report_signature report_signature;

    enum sim_chain chain;
    const char *ark_not_before, *ark_not_after, *ask_not_before, *ask_not_after, *asvk_not_before, *asvk_not_after;
    enum sim_alg ark_alg, ask_alg, asvk_alg;
    bool ask_by_other_ark; /* ASK and ASVK signed by another key of the ARK's name, in both chains */

    enum sim_signer signer;
    const char *leaf_cn, *leaf_issuer_cn;
    enum sim_alg leaf_alg, leaf_inner_alg;
    const char *leaf_not_before, *leaf_not_after;
    enum sim_leaf_key leaf_key;
    uint32_t leaf_x509_version; /* 0: 3 */
    const char *leaf_serial;
    struct sim_list ext;
    bool no_leaf;

    enum sim_chain crl_chain; /* whose ARK issues it */
    bool crl_by_other_ark;
    enum sim_alg crl_alg, crl_inner_alg;
    const char *crl_this_update, *crl_next_update, *crl_number;
    struct sim_list crl_revoke;
    bool crl_critical_ext, crl_no_aki, no_crl;

    struct sim_list include; /* what an envelope carries beside the report */
    struct sim_list proto, thim;
    bool table_no_end, table_pem, pem_twice;

    struct sim_list tbs;  /* edits of certificates and the CRL before they are signed */
    struct sim_list poke; /* edits of files after they are signed; files made of other files are made of edited ones */
};

enum sim_file {
    SIM_FILE_REPORT,
    SIM_FILE_LEAF,
    SIM_FILE_ASK,
    SIM_FILE_ASVK,
    SIM_FILE_ARK,
    SIM_FILE_CRL,
    SIM_FILE_LEAF_PEM,
    SIM_FILE_CHAIN_PEM, /* ASK or ASVK, then ARK, as KDS serves them */
    SIM_FILE_ROOT_PEM,  /* ARK, ASK and ASVK that a verifier is told to trust */
    SIM_FILE_EVIDENCE,  /* the envelope */
    SIM_FILES,
};

extern const char *const sim_file_names[SIM_FILES];

enum { SIM_FILE_MAX = 16384, SIM_EVIDENCE_MAX = 524288 };

/* About 700 KB: not for the stack.  Not to be copied: the writers point into it. */
struct sim_evidence {
    struct out file[SIM_FILES];
    uint8_t memory[SIM_FILES - 1][SIM_FILE_MAX], evidence_memory[SIM_EVIDENCE_MAX];
};

/* Makes everything.  ERR_SYNTAX or ERR_RANGE when a text of `options` is not understood, ERR_LIMIT when a file gets too
 * large, ERR_BUG when the library fails.  `out` is only of use after success. */
MUST_USE status sim_make(const struct sim_options *options, struct sim_evidence *out, struct err *err);

/* A file, absent when the options left it out. */
static inline bytes sim_file(const struct sim_evidence *evidence, enum sim_file file)
{
    return evidence->file[file].ptr ? out_view(&evidence->file[file]) : BYTES_ABSENT;
}

#endif
