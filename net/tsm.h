/* SPDX-License-Identifier: Apache-2.0 */
/* net/tsm.h: reports of this machine by way of configfs-tsm (Linux, Documentation/ABI/testing/configfs-tsm-report).
 *
 * A folder below /sys/kernel/config/tsm/report is a request: 64 bytes go into `inblob`, the report comes out of
 * `outblob` and the host's certificates out of `auxblob`.
 *
 * The trap: folders are everybody's.  `generation` counts the writes to a folder; when it has moved by more than ours,
 * what was read belongs to somebody else, and everything is asked again.
 *
 * The files are reached through struct tsm_files, so that a test can be the kernel.
 */
#ifndef NET_TSM_H
#define NET_TSM_H

#include "net/buffer.h"
#include "net/machine_quote.h"

/* Each returns 0, or -1 and says why in errno. */
struct tsm_files {
    void *context;
    int (*make)(void *context, const char *folder);
    int (*drop)(void *context, const char *folder);
    int (*put)(void *context, const char *folder, const char *attribute, bytes value);
    int (*get)(void *context, const char *folder, const char *attribute, struct buffer *out);
    unsigned pause_ms; /* between two tries */
};

/* The kernel's, below `root`, which outlives them. */
struct tsm_files tsm_kernel_files(const char *root);

/* ERR_UNSUPPORTED when there is no configfs-tsm or its provider is no SEV guest; ERR_IO. */
MUST_USE status tsm_quote(const struct tsm_files *files, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                          struct machine_quote *out, struct err *err);

#endif
