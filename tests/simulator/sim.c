/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/sim.h"

#include "tests/simulator/authority.h"
#include "tests/simulator/crl.h"
#include "tests/simulator/envelope.h"
#include "tests/simulator/leaf.h"
#include "tests/simulator/report.h"
#include "tests/simulator/text.h"

const char *const sim_file_names[SIM_FILES] = {
    [SIM_FILE_REPORT] = "report.bin",     [SIM_FILE_LEAF] = "leaf.der",       [SIM_FILE_ASK] = "ask.der",
    [SIM_FILE_ASVK] = "asvk.der",         [SIM_FILE_ARK] = "ark.der",         [SIM_FILE_CRL] = "crl.der",
    [SIM_FILE_LEAF_PEM] = "leaf.pem",     [SIM_FILE_CHAIN_PEM] = "chain.pem", [SIM_FILE_ROOT_PEM] = "root.pem",
    [SIM_FILE_EVIDENCE] = "evidence.bin",
};

static struct out *file_begin(struct sim_evidence *e, enum sim_file file)
{
    bool large = file == SIM_FILE_EVIDENCE;
    e->file[file] = (struct out){.ptr = large ? e->evidence_memory : e->memory[file],
                                 .cap = large ? SIM_EVIDENCE_MAX : SIM_FILE_MAX};
    return &e->file[file];
}

static status file_end(struct sim_evidence *e, enum sim_file file, const struct sim_options *options, struct err *err)
{
    TRY(sim_text_edits(options->poke.text, options->poke.count, sim_file_names[file], &e->file[file], err));
    return e->file[file].full ? err_set(err, ERR_LIMIT, 0, "%s: too long", sim_file_names[file]) : OK;
}

static status make_report_and_leaf(struct sim_evidence *e, const struct sim_options *options, struct err *err)
{
    struct sim_ec_key key;
    uint8_t report_data[64];
    bool hcl = options->envelope == SIM_HCL;
    if (hcl) TRY(sim_hcl_report_data(options, report_data, err));

    TRY(sim_leaf_key(options, &key, err));
    struct out *report = file_begin(e, SIM_FILE_REPORT);
    TRY(sim_put_report(report, options, hcl ? BYTES_OF(report_data) : BYTES_ABSENT, err));
    TRY(sim_sign_report(report, options, &key, err));
    if (!options->no_leaf) {
        TRY(sim_put_leaf(file_begin(e, SIM_FILE_LEAF), options, &key, out_view(report), err));
        TRY(file_end(e, SIM_FILE_LEAF, options, err));
    }
    return file_end(e, SIM_FILE_REPORT, options, err);
}

static status make_collateral(struct sim_evidence *e, const struct sim_options *options, struct err *err)
{
    static const enum sim_file files[SIM_CA_ROLES] = {SIM_FILE_ARK, SIM_FILE_ASK, SIM_FILE_ASVK};
    for (int role = 0; role < SIM_CA_ROLES; role++) {
        struct out *o = file_begin(e, files[role]);
        TRY(sim_put_authority(o, options, options->chain, (enum sim_ca_role)role, err));
        TRY(file_end(e, files[role], options, err));
    }
    if (options->no_crl) return OK;
    TRY(sim_put_crl(file_begin(e, SIM_FILE_CRL), options, err));
    return file_end(e, SIM_FILE_CRL, options, err);
}

static status make_pems(struct sim_evidence *e, const struct sim_options *options, struct err *err)
{
    struct out *leaf = file_begin(e, SIM_FILE_LEAF_PEM), *chain = file_begin(e, SIM_FILE_CHAIN_PEM),
               *root = file_begin(e, SIM_FILE_ROOT_PEM);
    for (int times = options->no_leaf ? 0 : 1 + options->pem_twice; times > 0; times--)
        out_pem(leaf, "CERTIFICATE", sim_file(e, SIM_FILE_LEAF));
    out_pem(chain, "CERTIFICATE", sim_file(e, options->kind == SIM_VCEK ? SIM_FILE_ASK : SIM_FILE_ASVK));
    out_pem(chain, "CERTIFICATE", sim_file(e, SIM_FILE_ARK));
    for (int role = 0; role < SIM_CA_ROLES; role++) {
        uint8_t memory[4096];
        struct out der = OUT(memory);
        TRY(sim_put_authority(&der, options, SIM_CHAIN_TRUSTED, (enum sim_ca_role)role, err));
        out_pem(root, "CERTIFICATE", out_view(&der));
    }
    TRY(file_end(e, SIM_FILE_LEAF_PEM, options, err));
    TRY(file_end(e, SIM_FILE_CHAIN_PEM, options, err));
    if (options->no_leaf) e->file[SIM_FILE_LEAF_PEM] = (struct out){0};
    return file_end(e, SIM_FILE_ROOT_PEM, options, err);
}

static status make_envelope(struct sim_evidence *e, const struct sim_options *options, struct err *err)
{
    struct out *o = file_begin(e, SIM_FILE_EVIDENCE);
    switch (options->envelope) {
    case SIM_RAW:
        out_bytes(o, sim_file(e, SIM_FILE_REPORT));
        return OK;
    case SIM_TABLE:
        return sim_put_table(o, options, e, err);
    case SIM_PROTOBUF:
        return sim_put_protobuf(o, options, e, err);
    case SIM_HCL:
        return sim_put_hcl(o, options, e, err);
    case SIM_THIM:
        return sim_put_thim(o, options, e, err);
    }
    return err_set(err, ERR_BUG, 0, "envelope %d: unknown", (int)options->envelope);
}

status sim_make(const struct sim_options *options, struct sim_evidence *out, struct err *err)
{
    for (size_t i = 0; i < SIM_FILES; i++)
        out->file[i] = (struct out){0};
    TRY(err_in(err, make_report_and_leaf(out, options, err), "simulator"));
    TRY(err_in(err, make_collateral(out, options, err), "simulator"));
    TRY(err_in(err, make_pems(out, options, err), "simulator"));
    TRY(err_in(err, make_envelope(out, options, err), "simulator"));
    return err_in(err, file_end(out, SIM_FILE_EVIDENCE, options, err), "simulator");
}
