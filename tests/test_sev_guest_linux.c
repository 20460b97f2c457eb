/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/sev-guest.h>
#include <stdint.h>
#include <sys/ioctl.h>

#include "net/sev_guest.h"

/* What stands in for the device. */
struct device {
    uint32_t table_len;        /* what the host says that it needs */
    int busy;                  /* so many times */
    int no_extended;           /* errno of the extended request */
    int no_report;             /* errno of the plain one */
    uint32_t status, short_by; /* what the firmware says */
    bool other_data;
    int extended, plain; /* calls */
};

static int fail(struct snp_guest_request_ioctl *io, int why, uint32_t vmm_error)
{
    io->vmm_error = vmm_error;
    errno = why;
    return -1;
}

static int answer(struct device *d, const struct snp_report_req *request, uint64_t response)
{
    uint8_t *data = ((struct snp_report_resp *)(uintptr_t)response)->data;
    uint32_t head[2] = {d->status, SNP_REPORT_BYTES - d->short_by};
    memcpy(data, head, sizeof head);
    data[32] = 5;
    memcpy(data + 32 + 0x50, request->user_data, sizeof request->user_data);
    data[32 + 0x50] ^= d->other_data;
    return 0;
}

static int extended(struct device *d, struct snp_guest_request_ioctl *io)
{
    struct snp_ext_report_req *request = (struct snp_ext_report_req *)(uintptr_t)io->req_data;
    d->extended++;
    if (d->no_extended) return fail(io, d->no_extended, 0);
    if (d->busy-- > 0) return fail(io, EIO, SNP_GUEST_VMM_ERR_BUSY);
    if (request->certs_len < d->table_len) {
        request->certs_len = d->table_len;
        return fail(io, EIO, SNP_GUEST_VMM_ERR_INVALID_LEN);
    }
    if (d->table_len > 0) memcpy((void *)(uintptr_t)request->certs_address, "table", d->table_len);
    return answer(d, &request->data, io->resp_data);
}

static int call(void *context, unsigned long request, void *argument)
{
    struct device *d = context;
    struct snp_guest_request_ioctl *io = argument;
    cr_assert_eq(io->msg_version, 1);
    if (request == SNP_GET_EXT_REPORT) return extended(d, io);
    cr_assert_eq(request, SNP_GET_REPORT);
    d->plain++;
    if (d->no_report) return fail(io, d->no_report, 0);
    return answer(d, (const struct snp_report_req *)(uintptr_t)io->req_data, io->resp_data);
}

static const uint8_t report_data[MACHINE_REPORT_DATA_BYTES] = {1, 2, 3};

static void refused(struct device d, enum err_kind kind, const char *what)
{
    struct machine_quote q = {.table = BUFFER("table", LIMIT_MACHINE_TABLE_BYTES)};
    struct sev_guest g = {&d, call, 0};
    struct err err = {0};
    cr_expect_eq(sev_guest_quote(&g, report_data, &q, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect_eq(q.table.len, 0, "%s", what);
    buffer_free(&q.table);
}

Test(sev_guest, refusals)
{
    refused((struct device){.status = 0x16}, ERR_IO, "status of the firmware");
    refused((struct device){.short_by = 1}, ERR_IO, "a short report");
    refused((struct device){.other_data = true}, ERR_IO, "other report data");
    refused((struct device){.no_extended = ENOTTY, .no_report = EIO}, ERR_IO, "neither request");
    struct machine_quote q = {.table = BUFFER("table", LIMIT_MACHINE_TABLE_BYTES)};
    cr_expect_eq(sev_guest_device_quote("/nowhere/sev-guest", report_data, &q, NULL).kind, ERR_UNSUPPORTED);
}

static void expect_quote(struct device d, bytes table, int extended_calls, int plain_calls)
{
    struct machine_quote q = {.table = BUFFER("table", LIMIT_MACHINE_TABLE_BYTES)};
    struct sev_guest g = {&d, call, 0};
    struct err err = {0};
    cr_assert(is_ok(sev_guest_quote(&g, report_data, &q, &err)), "%s", err.text);
    cr_expect_eq(q.report[0], 5);
    cr_expect(memcmp(q.report + 0x50, report_data, sizeof report_data) == 0);
    cr_expect(bytes_eq(buffer_view(&q.table), table));
    cr_expect_eq(d.extended, extended_calls);
    cr_expect_eq(d.plain, plain_calls);
    buffer_free(&q.table);
}

Test(sev_guest, quotes)
{
    expect_quote((struct device){.table_len = 5}, BYTES_LIT("table"), 2, 0);
    expect_quote((struct device){0}, BYTES_LIT(""), 1, 0);
    expect_quote((struct device){.table_len = 5, .busy = 1}, BYTES_LIT("table"), 3, 0);
    expect_quote((struct device){.table_len = 5, .no_extended = ENOTTY}, BYTES_LIT(""), 1, 1);
    expect_quote((struct device){.table_len = LIMIT_MACHINE_TABLE_BYTES + 1}, BYTES_LIT(""), 1, 1);
}
