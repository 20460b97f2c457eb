/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/options.h"

#include <stddef.h>

#include "tests/simulator/leaf.h"
#include "tests/simulator/report.h"
#include "tests/simulator/text.h"

enum knob_kind { FLAG, TEXT, LIST, U32, U64, CHOICE };

static const char *const products[] = {"milan", "genoa", "turin", NULL};
static const char *const kinds[] = {"vcek", "vlek", NULL};
static const char *const envelopes[] = {"raw", "table", "protobuf", "hcl", "thim", NULL};
static const char *const report_signatures[] = {"normal",  "sha256",     "other-key", "other-body",
                                                "swapped", "big-endian", "none",      NULL};
static const char *const chains[] = {"trusted", "other", "sub", "milan", "genoa", "turin", NULL};
static const char *const signers[] = {"default", "ark", "ask", "asvk", "other-ask", "leaf", "itself", NULL};
static const char *const leaf_keys[] = {"p384", "p256", "rsa", "compressed", "off-curve", NULL};
static const char *const algs[] = {"default",    "pss",   "pss-trailer", "pss-sha256", "pss-mgf1-sha256",
                                   "pss-salt32", "pkcs1", "ecdsa",       NULL};

#define AT(member) offsetof(struct sim_options, member)

static const struct knob {
    const char *name;
    enum knob_kind kind;
    size_t at;
    const char *const *choices;
    const char *help;
} knobs[] = {
    {"--seed", U64, AT(seed), NULL, "of keys, salts, nonces and drawn fields"},
    {"--product", CHOICE, AT(product), products, NULL},
    {"--kind", CHOICE, AT(kind), kinds, NULL},
    {"--report-version", U32, AT(report_version), NULL, "2 to 5, or anything; default 3"},
    {"--envelope", CHOICE, AT(envelope), envelopes, "what evidence.bin is"},

    {"--report", LIST, AT(report), NULL, "FIELD=NUMBER, FIELD=HEX, TCB=bl:4,snp:24 or @OFFSET=HEX, before signing"},
    {"--report-signature", CHOICE, AT(report_signature), report_signatures, NULL},

    {"--chain", CHOICE, AT(chain), chains, "under which the leaf is issued; root.pem holds the trusted one"},
    {"--ark-not-before", TEXT, AT(ark_not_before), NULL, "DATE, for this and all dates: YYYY-MM-DD or with THH:MM:SSZ"},
    {"--ark-not-after", TEXT, AT(ark_not_after), NULL, "DATE"},
    {"--ask-not-before", TEXT, AT(ask_not_before), NULL, "DATE"},
    {"--ask-not-after", TEXT, AT(ask_not_after), NULL, "DATE"},
    {"--asvk-not-before", TEXT, AT(asvk_not_before), NULL, "DATE"},
    {"--asvk-not-after", TEXT, AT(asvk_not_after), NULL, "DATE"},
    {"--ark-alg", CHOICE, AT(ark_alg), algs, NULL},
    {"--ask-alg", CHOICE, AT(ask_alg), algs, NULL},
    {"--asvk-alg", CHOICE, AT(asvk_alg), algs, NULL},
    {"--ask-by-other-ark", FLAG, AT(ask_by_other_ark), NULL, "ASK and ASVK signed by a namesake of the ARK"},

    {"--signer", CHOICE, AT(signer), signers, "of the leaf, and its issuer name"},
    {"--leaf-cn", TEXT, AT(leaf_cn), NULL, "TEXT, @none or @twice"},
    {"--leaf-issuer-cn", TEXT, AT(leaf_issuer_cn), NULL, "TEXT, @none or @twice"},
    {"--leaf-alg", CHOICE, AT(leaf_alg), algs, NULL},
    {"--leaf-inner-alg", CHOICE, AT(leaf_inner_alg), algs, "when it differs from the outer one"},
    {"--leaf-not-before", TEXT, AT(leaf_not_before), NULL, "DATE; G before it forces GeneralizedTime"},
    {"--leaf-not-after", TEXT, AT(leaf_not_after), NULL, "DATE"},
    {"--leaf-key", CHOICE, AT(leaf_key), leaf_keys, NULL},
    {"--leaf-x509-version", U32, AT(leaf_x509_version), NULL, "1 to 3"},
    {"--leaf-serial", TEXT, AT(leaf_serial), NULL, "HEX, content of the INTEGER"},
    {"--ext", LIST, AT(ext), NULL,
     "NAME=absent, present, twice, critical, wrapped, int:N, raw:HEX, ia5:TEXT, utf8:TEXT, len:N or flip:BIT; "
     "all=absent"},
    {"--no-leaf", FLAG, AT(no_leaf), NULL, NULL},

    {"--crl-chain", CHOICE, AT(crl_chain), chains, "whose ARK issues the CRL"},
    {"--crl-by-other-ark", FLAG, AT(crl_by_other_ark), NULL, "signed by a namesake of the ARK"},
    {"--crl-alg", CHOICE, AT(crl_alg), algs, NULL},
    {"--crl-inner-alg", CHOICE, AT(crl_inner_alg), algs, NULL},
    {"--crl-this-update", TEXT, AT(crl_this_update), NULL, "DATE"},
    {"--crl-next-update", TEXT, AT(crl_next_update), NULL, "DATE or @none"},
    {"--crl-number", TEXT, AT(crl_number), NULL, "NUMBER"},
    {"--crl-revoke", LIST, AT(crl_revoke), NULL, "ark, ask, asvk or NUMBER"},
    {"--crl-critical-ext", FLAG, AT(crl_critical_ext), NULL, "with a critical extension of nobody"},
    {"--crl-no-aki", FLAG, AT(crl_no_aki), NULL, "without authority key identifier"},
    {"--no-crl", FLAG, AT(no_crl), NULL, NULL},

    {"--include", LIST, AT(include), NULL,
     "in table and protobuf: leaf, ask, ark, crl; in table: leaf-other, leaf-empty, filler:N too"},
    {"--table-no-end", FLAG, AT(table_no_end), NULL, "table without its last entry"},
    {"--table-pem", FLAG, AT(table_pem), NULL, "table with PEM in place of DER certificates"},
    {"--proto", LIST, AT(proto), NULL, "FIELD=NUMBER, absent or len:N; report=twice or absent; append=HEX; tail=HEX"},
    {"--thim", LIST, AT(thim), NULL, "MEMBER=absent, more (another PEM block) or text:TEXT"},
    {"--pem-twice", FLAG, AT(pem_twice), NULL, "leaf.pem with two blocks"},

    {"--tbs", LIST, AT(tbs), NULL, "FILE:OFFSET=HEX or FILE:OFFSET^HEX in a certificate or CRL, before it is signed"},
    {"--poke", LIST, AT(poke), NULL,
     "[FILE:]OFFSET=HEX, OFFSET^HEX, append=HEX or cut=LENGTH after signing; HEX*COUNT repeats; -OFFSET from the end"},
};
enum { KNOBS = sizeof knobs / sizeof knobs[0] };

static const struct knob *knob_find(const char *name)
{
    for (size_t i = 0; i < KNOBS; i++)
        if (strcmp(knobs[i].name, name) == 0) return &knobs[i];
    return NULL;
}

/* Every enum of struct sim_options counts from 0 in the order of its words. */
static status set_choice(void *at, const struct knob *knob, const char *value, struct err *err)
{
    unsigned choice = 0;
    while (knob->choices[choice] && strcmp(knob->choices[choice], value) != 0)
        choice++;
    if (!knob->choices[choice]) return err_set(err, ERR_SYNTAX, 0, "unknown: \"%.40s\"", value);
    memcpy(at, &choice, sizeof choice);
    return OK;
}

static status set_number(void *at, const struct knob *knob, const char *value, struct err *err)
{
    uint64_t number;
    TRY(sim_text_number(value, &number, err));
    if (knob->kind == U32 && number > UINT32_MAX) return err_set(err, ERR_RANGE, 0, "above 32 bits: %s", value);
    uint32_t small = (uint32_t)number;
    memcpy(at, knob->kind == U32 ? (void *)&small : (void *)&number, knob->kind == U32 ? sizeof small : sizeof number);
    return OK;
}

static status set_knob(struct sim_options *options, const struct knob *knob, const char *value, struct err *err)
{
    void *at = (char *)options + knob->at;
    struct sim_list *list = at;
    switch (knob->kind) {
    case FLAG:
        *(bool *)at = true;
        return OK;
    case TEXT:
        *(const char **)at = value;
        return OK;
    case LIST:
        if (list->count == SIM_LIST_MAX) return err_set(err, ERR_LIMIT, 0, "more than %d times", SIM_LIST_MAX);
        list->text[list->count++] = value;
        return OK;
    case U32:
    case U64:
        return set_number(at, knob, value, err);
    case CHOICE:
        return set_choice(at, knob, value, err);
    }
    return err_set(err, ERR_BUG, 0, "unknown kind of knob");
}

status sim_options_parse(char *const *args, size_t count, struct sim_options *out, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct knob *knob = knob_find(args[i]);
        if (!knob) return err_set(err, ERR_SYNTAX, i, "no such option: %.40s", args[i]);
        if (knob->kind != FLAG && ++i == count) return err_set(err, ERR_SYNTAX, i, "%s: no value", knob->name);
        TRY(err_in(err, set_knob(out, knob, args[i], err), "%s", knob->name));
    }
    return OK;
}

status sim_options_parse_line(char *line, struct sim_options *out, struct err *err)
{
    enum { WORDS_MAX = 64 };
    char *words[WORDS_MAX];
    size_t count = 0;
    while (*line) {
        if (count == WORDS_MAX) return err_set(err, ERR_LIMIT, 0, "more than %d words", WORDS_MAX);
        words[count++] = line;
        line += strcspn(line, " ");
        if (*line) *line++ = '\0';
    }
    return sim_options_parse(words, count, out, err);
}

static void help_names(FILE *out, const char *what, const char *(*name)(size_t))
{
    fprintf(out, "\n%s:", what);
    for (size_t i = 0; name(i); i++)
        fprintf(out, "%s%s", i % 6 ? " " : "\n  ", name(i));
    fputc('\n', out);
}

void sim_options_help(FILE *out)
{
    fputs("usage: snp-sim [OPTION...] --out DIRECTORY\n"
          "       snp-sim serve [OPTION...]\n\n"
          "Makes SEV-SNP evidence under test keys.  Equal options give equal bytes.\n"
          "`serve` answers requests for evidence on standard input (net/issuer.h).\n\n"
          "  --out DIRECTORY            where the files go; it must exist\n",
          out);
    for (size_t i = 0; i < KNOBS; i++) {
        fprintf(out, "  %-26s", knobs[i].name);
        for (size_t c = 0; knobs[i].choices && knobs[i].choices[c]; c++)
            fprintf(out, "%s%s", c ? "|" : " ", knobs[i].choices[c]);
        fprintf(out, "%s%s\n", knobs[i].help ? " " : "", knobs[i].help ? knobs[i].help : "");
    }
    fputs("\nfiles:", out);
    for (size_t i = 0; i < SIM_FILES; i++)
        fprintf(out, " %s", sim_file_names[i]);
    help_names(out, "\nfields of a report", sim_report_field_name);
    help_names(out, "extensions of a leaf", sim_leaf_ext_name);
}
