/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sev-guest.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "net/sev_guest.h"

/* snp_report_resp.data: status, size of the report, 24 reserved bytes, the report (AMD 56860, MSG_REPORT_RSP). */
enum { RESPONSE_STATUS = 0, RESPONSE_SIZE = 4, RESPONSE_REPORT = 32 };

enum {
    TRIES = 20, /* of a host that is busy */
    PAUSE_MS = 500,
};

enum outcome { DONE, BUSY, SHORT, FAILED };

static uint32_t get_u32le(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* One call; `*why` is the errno of a failure. */
static enum outcome call_once(const struct sev_guest *g, unsigned long request, void *argument,
                              struct snp_report_resp *response, int *why)
{
    struct snp_guest_request_ioctl io = {
        .msg_version = 1, .req_data = (uintptr_t)argument, .resp_data = (uintptr_t)response};
    if (g->call(g->context, request, &io) == 0) return DONE;
    *why = errno;
    if (*why == EBUSY || *why == EAGAIN || *why == EINTR) return BUSY;
    if (*why != EIO) return FAILED;
    if (io.vmm_error == SNP_GUEST_VMM_ERR_BUSY) return BUSY;
    return io.vmm_error == SNP_GUEST_VMM_ERR_INVALID_LEN ? SHORT : FAILED;
}

/* Until the host has time. */
static enum outcome call(const struct sev_guest *g, unsigned long request, void *argument,
                         struct snp_report_resp *response, int *why)
{
    enum outcome o = BUSY;
    for (int i = 0; i < TRIES && o == BUSY; i++) {
        if (i > 0) (void)nanosleep(&(struct timespec){.tv_nsec = g->pause_ms * 1000000L}, NULL);
        o = call_once(g, request, argument, response, why);
    }
    return o;
}

static status take_report(const struct snp_report_resp *response, bytes report_data, struct machine_quote *out,
                          struct err *err)
{
    uint32_t code = get_u32le(response->data + RESPONSE_STATUS), size = get_u32le(response->data + RESPONSE_SIZE);
    if (code != 0) return err_set(err, ERR_IO, 0, "sev-guest: the firmware answers with status 0x%x", code);
    if (size != SNP_REPORT_BYTES)
        return err_set(err, ERR_IO, 0, "sev-guest: want a report of %d bytes, have %u", SNP_REPORT_BYTES, size);
    bytes report = BYTES(response->data + RESPONSE_REPORT, SNP_REPORT_BYTES);
    if (!bytes_eq(bytes_slice(report, 0x50, MACHINE_REPORT_DATA_BYTES), report_data))
        return err_set(err, ERR_IO, 0, "sev-guest: the report is for another request");
    memcpy(out->report, report.ptr, SNP_REPORT_BYTES);
    return OK;
}

static status report_alone(const struct sev_guest *g, bytes report_data, struct machine_quote *out, struct err *err)
{
    struct snp_report_req request = {0};
    struct snp_report_resp response = {0};
    int why = 0;
    memcpy(request.user_data, report_data.ptr, report_data.len);
    if (call(g, SNP_GET_REPORT, &request, &response, &why) != DONE)
        return err_set(err, ERR_IO, 0, "sev-guest: no report: %s", strerror(why));
    return take_report(&response, report_data, out, err);
}

/* `*asked` says whether the host took the request; if not, the report has to be asked for alone. */
static status extended_report(const struct sev_guest *g, bytes report_data, struct machine_quote *out, bool *asked,
                              struct err *err)
{
    struct snp_ext_report_req request = {0};
    struct snp_report_resp response = {0};
    uint8_t *room = NULL;
    int why = 0;
    memcpy(request.data.user_data, report_data.ptr, report_data.len);
    enum outcome o = call(g, SNP_GET_EXT_REPORT, &request, &response, &why);
    size_t need = request.certs_len;
    if (o == SHORT && need <= LIMIT_MACHINE_TABLE_BYTES) {
        TRY(buffer_reserve(&out->table, need, &room, err));
        request.certs_address = (uintptr_t)room;
        o = call(g, SNP_GET_EXT_REPORT, &request, &response, &why);
    }
    *asked = o == DONE;
    if (o != DONE) return OK;
    TRY(take_report(&response, report_data, out, err));
    if (room) buffer_commit(&out->table, request.certs_len < need ? request.certs_len : need);
    return OK;
}

status sev_guest_quote(const struct sev_guest *g, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                       struct machine_quote *out, struct err *err)
{
    bytes data = BYTES(report_data, MACHINE_REPORT_DATA_BYTES);
    bool asked = false;
    buffer_drop(&out->table, SIZE_MAX);
    TRY(extended_report(g, data, out, &asked, err));
    return asked ? OK : report_alone(g, data, out, err);
}

static int call_device(void *file, unsigned long request, void *argument)
{
    return ioctl(*(const int *)file, request, argument);
}

status sev_guest_device_quote(const char *path, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                              struct machine_quote *out, struct err *err)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return err_set(err, ERR_UNSUPPORTED, 0, "sev-guest: %s: %s", path, strerror(errno));
    struct sev_guest g = {.context = &file, .call = call_device, .pause_ms = PAUSE_MS};
    status s = sev_guest_quote(&g, report_data, out, err);
    (void)close(file);
    return s;
}
