/* SPDX-License-Identifier: Apache-2.0 */
/* net/machine_quote.h: what a guest's firmware and its host give for one request. */
#ifndef NET_MACHINE_QUOTE_H
#define NET_MACHINE_QUOTE_H

#include "net/buffer.h"
#include "snp/report.h"

enum { MACHINE_REPORT_DATA_BYTES = 64 };

/* A certificate table has some pages at most; hosts that send megabytes are not listened to. */
#define LIMIT_MACHINE_TABLE_BYTES 65536

struct machine_quote {
    uint8_t report[SNP_REPORT_BYTES];
    struct buffer table; /* the host's certificates (snp/certificate_table.h), often none; made by the caller */
};

#endif
