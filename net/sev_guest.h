/* SPDX-License-Identifier: Apache-2.0 */
/* net/sev_guest.h: reports of this machine by way of /dev/sev-guest (Linux, Documentation/virt/coco/sev-guest.rst).
 *
 * The extended request brings the host's certificates along; how much room they need is known after a first call that
 * fails.  Hosts that refuse the extended request are asked for the report alone.
 *
 * The trap: exitinfo2, where host and firmware say why, means something after EIO only.
 *
 * The device is reached through a function, so that a test can be the kernel.
 */
#ifndef NET_SEV_GUEST_H
#define NET_SEV_GUEST_H

#include "net/machine_quote.h"

/* As ioctl(2): 0, or -1 and errno. */
struct sev_guest {
    void *context;
    int (*call)(void *context, unsigned long request, void *argument);
    unsigned pause_ms; /* between two tries */
};

/* ERR_IO when there is no report. */
MUST_USE status sev_guest_quote(const struct sev_guest *guest, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                                struct machine_quote *out, struct err *err);

/* The same by the device at `path`.  ERR_UNSUPPORTED when it is not there. */
MUST_USE status sev_guest_device_quote(const char *path, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                                       struct machine_quote *out, struct err *err);

#endif
