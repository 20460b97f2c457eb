/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspection.h"

#include "cli/file.h"
#include "cli/reference_option.h"

static const enum check_id envelope_rows[] = {
    CHECK_EVIDENCE_CERTIFICATE_TABLE, CHECK_EVIDENCE_PROTOBUF, CHECK_EVIDENCE_THIM, CHECK_EVIDENCE_HCL,
    CHECK_EVIDENCE_RUNTIME_DATA,
};

static void read_envelope(struct inspection *i)
{
    for (size_t k = 0; k < sizeof envelope_rows / sizeof envelope_rows[0]; k++)
        verdict_does_not_apply(&i->verdict, envelope_rows[k], "a bare report");
    verdict_pass(&i->verdict, CHECK_EVIDENCE_ENVELOPE);
}

status inspection_run(const char *path, const struct inspection_options *options, struct inspection *out,
                      struct err *err)
{
    *out = (struct inspection){.path = path};
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &out->content, err));
    read_envelope(out);

    struct evidence_input in = {.report = out->content, .leaf = BYTES_ABSENT, .crl = BYTES_ABSENT};
    struct snp_report report;
    if (is_ok(snp_report_read(in.report, &report, NULL))) in.leaf = collateral_find_leaf(options->collateral, &report);
    evidence_read(&in, &out->evidence, &out->verdict);
    evidence_authenticate(&out->evidence, &options->authenticate, &out->verdict);
    struct reference reference = reference_for_product(&options->reference, out->evidence.product);
    evidence_judge(&out->evidence, &reference, &out->verdict);
    return OK;
}

void inspection_free(struct inspection *inspection)
{
    file_free(inspection->content);
    *inspection = (struct inspection){0};
}
