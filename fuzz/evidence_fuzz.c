/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_evidence_parse snp_envelope_name snp_envelope_rule; every envelope by its own first bytes.
 *
 * Sizes that 5 divides run with a lent buffer of that many bytes, so that "full" is tried too.
 */
#include <stdlib.h>

#include "snp/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static bool inside(bytes view, const uint8_t *start, size_t size)
{
    return view.ptr >= start && view.ptr + view.len <= start + size;
}

static void require_view(bytes view, bytes in, const struct snp_evidence_storage *lent)
{
    if (bytes_is_absent(view)) return;
    require(inside(view, in.ptr, in.len) || inside(view, lent->buffer, lent->cap) ||
            inside(view, lent->report, sizeof lent->report));
}

static void require_accepted(const struct snp_evidence *e, bytes in, const struct snp_evidence_storage *lent)
{
    const bytes views[] = {e->report, e->vcek, e->vlek, e->ask, e->asvk, e->ark, e->crl, e->runtime_data};
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        require_view(views[i], in, lent);
    require(e->envelope != SNP_ENVELOPE_UNKNOWN && e->envelope < SNP_ENVELOPE_COUNT);
    bool certificates = e->envelope == SNP_ENVELOPE_CERTIFICATES || e->envelope == SNP_ENVELOPE_THIM ||
                        e->envelope == SNP_ENVELOPE_TABLE;
    require(bytes_is_absent(e->report) == certificates);
    require(certificates || e->report.len == SNP_REPORT_BYTES);
    require(e->inner == e->envelope || e->envelope == SNP_ENVELOPE_JSON);
    const char *rule = snp_envelope_rule(e->inner);
    require(snp_envelope_name(e->envelope)[0] != '\0' && (!rule || strncmp(rule, "evidence.", 9) == 0));
    require(!snp_envelope_rule(SNP_ENVELOPE_COUNT) && snp_envelope_name(SNP_ENVELOPE_COUNT)[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t buffer[SNP_EVIDENCE_BUFFER_BYTES];
    static struct snp_evidence_storage lent;
    bytes in = BYTES(data, size);
    lent.buffer = buffer;
    lent.cap = size % 5 == 0 && size < sizeof buffer ? size : sizeof buffer;

    struct snp_evidence e = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    status s = snp_evidence_parse(in, &lent, &e, &err);
    if (is_ok(s)) {
        require_accepted(&e, in, &lent);
        return 0;
    }
    require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
    require(bytes_eq(e.vcek, BYTES_LIT("untouched")));
    return 0;
}
