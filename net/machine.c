/* SPDX-License-Identifier: Apache-2.0 */
#include "net/machine.h"

#include "net/sev_guest.h"
#include "net/tsm.h"
#include "parse/limits.h"
#include "snp/attestation_pb.h"
#include "snp/certificate_table.h"

/* Of a message besides what it carries: heads of fields, numbers in their longest form. */
enum { MESSAGE_OVERHEAD_BYTES = 1024 };

static status write(const struct snp_attestation *attestation, size_t cap, struct buffer *out, bytes *document,
                    struct err *err)
{
    uint8_t *at;
    TRY(buffer_reserve(out, cap, &at, err));
    return snp_attestation_write(attestation, at, cap, document, err);
}

status machine_document(const struct machine_quote *quote, struct buffer *out, struct err *err)
{
    struct snp_certificate_table table = {0};
    bytes document;
    if (!is_ok(snp_certificate_table_parse(buffer_view(&quote->table), &table, NULL)))
        table = (struct snp_certificate_table){0};
    struct snp_attestation all = {.report = BYTES_OF(quote->report),
                                  .vcek = table.vcek,
                                  .vlek = table.vlek,
                                  .ask = table.ask,
                                  .ark = table.ark,
                                  .crl = table.crl};
    struct snp_attestation few = {.report = all.report, .vcek = table.vcek, .vlek = table.vlek};
    size_t cap = SNP_REPORT_BYTES + quote->table.len + MESSAGE_OVERHEAD_BYTES;
    TRY(write(&all, cap, out, &document, err));
    if (document.len > LIMIT_ATLS_EVIDENCE_BYTES) TRY(write(&few, cap, out, &document, err));
    buffer_commit(out, document.len);
    return OK;
}

static status get_quote(const struct machine *machine, const uint8_t *report_data, struct machine_quote *out,
                        struct err *err)
{
    struct tsm_files files = tsm_kernel_files(machine->tsm);
    struct err no_tsm = {0}, no_device = {0};
    if (is_ok(tsm_quote(&files, report_data, out, &no_tsm))) return OK;
    status s = sev_guest_device_quote(machine->device, report_data, out, &no_device);
    return is_ok(s) ? OK : err_set(err, s.kind, 0, "%s; %s", no_tsm.text, no_device.text);
}

status machine_issue(const struct machine *machine, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                     struct buffer *out, struct err *err)
{
    struct machine_quote quote = {.table = BUFFER("certificate table", LIMIT_MACHINE_TABLE_BYTES)};
    status s = get_quote(machine, report_data, &quote, err);
    if (is_ok(s)) s = machine_document(&quote, out, err);
    buffer_free(&quote.table);
    return s;
}
