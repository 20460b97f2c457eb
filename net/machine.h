/* SPDX-License-Identifier: Apache-2.0 */
/* net/machine.h: evidence of the machine that this program runs on: configfs-tsm, then /dev/sev-guest.
 *
 * The document is the report and whatever certificates the host hands out beside it.  Nothing is fetched: a host that
 * has no VCEK for its guests leaves a bare report, and whoever verifies that has to get the leaf from AMD.
 *
 * Not checked here: the report and the certificates; both go to a verifier.
 */
#ifndef NET_MACHINE_H
#define NET_MACHINE_H

#include "net/machine_quote.h"

/* Where the kernel's interfaces are. */
struct machine {
    const char *tsm;
    const char *device;
};

#define MACHINE_OF_THIS_KERNEL ((struct machine){"/sys/kernel/config/tsm/report", "/dev/sev-guest"})

/* Appends a document over `report_data`, as it goes into the extension of a certificate.  ERR_UNSUPPORTED when this is
 * no SEV guest, ERR_IO. */
MUST_USE status machine_issue(const struct machine *machine, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                              struct buffer *out, struct err *err);

/* The same from a quote that is there.  A certificate table that cannot be read is left out: what is in it is advice.
 */
MUST_USE status machine_document(const struct machine_quote *quote, struct buffer *out, struct err *err);

#endif
