/* SPDX-License-Identifier: Apache-2.0 */
/* snp/certificate_table.h: the certificate table that a host hands out beside an extended report.
 *
 * An array of {GUID, offset, length} closed by an all-zero entry; the blobs follow, counted from the start of the
 * table, and zeros may follow those up to a page border.
 *
 * The trap: the host writes this table and nothing in it is signed.  A CA certificate found here proves nothing; some
 * hosts put other things there.  `ask` holds the ASVK when the leaf is a VLEK.
 *
 * Refused: no closing entry (an empty table needs none), a blob inside the header or past the end, a known GUID with
 * length zero or twice, bytes other than zero after the last blob.  A GUID that is not known is skipped once its range
 * has been checked, so a mistyped one means "not there".  Blobs may overlap: each is only read.
 * Not checked here: what is inside a blob; it may be DER or PEM (look at the first byte).
 * Specification: AMD 56421 (GHCB), "SNP Extended Guest Request"; GUIDs in the order of their text.
 */
#ifndef SNP_CERTIFICATE_TABLE_H
#define SNP_CERTIFICATE_TABLE_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { SNP_CERTIFICATE_TABLE_GUID_BYTES = 16, SNP_CERTIFICATE_TABLE_ENTRY_BYTES = 24 };

/* Views into the table; absent when the table has no such entry. */
struct snp_certificate_table {
    bytes vcek;
    bytes vlek;
    bytes ask; /* or the ASVK */
    bytes ark;
    bytes crl;
};

/* Absent and empty input is an empty table.  Every refusal names the rule evidence.certificate-table: ERR_TRUNCATED,
 * ERR_SYNTAX, ERR_RANGE, ERR_DUPLICATE, ERR_TRAILING, ERR_LIMIT (LIMIT_CERTIFICATE_TABLE_ENTRIES). */
/*@ requires bytes_readable(in) && \valid(out) && err_sound(err) && \separated(out, err);
    assigns *out, *err;
    ensures err_sound(err); */
MUST_USE status snp_certificate_table_parse(bytes in, struct snp_certificate_table *out, struct err *err);

/* True when it begins with an entry of a known GUID, as a host's table does. */
/*@ requires bytes_readable(in);
    assigns \nothing; */
bool snp_certificate_table_is_likely(bytes in);

#endif
