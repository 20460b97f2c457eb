/* SPDX-License-Identifier: Apache-2.0 */
/* verify/reference_manifest.h: what one entry of ReferenceValues.snp demands of a report (Contrast protocol, SNP
 * options).
 *
 * The trap: HOST_DATA and REPORT_DATA are unstated in it, for an entry does not know them.  Until whoever asks has
 * stated them their checks stay "not run", which denies.  So does a MinimumTCB that is not there, and a measurement
 * that is still to be filled in is met by no report.
 */
#ifndef VERIFY_REFERENCE_MANIFEST_H
#define VERIFY_REFERENCE_MANIFEST_H

#include "parse/manifest.h"
#include "verify/reference.h"

/* The lists that a reference borrows. */
struct reference_manifest_lists {
    bytes measurement;
    bytes chip_ids[LIMIT_MANIFEST_CHIP_IDS];
};

/* `host_data` and `report_data` are unstated in it.  Borrows `m`, `lists` and `source`. */
struct reference reference_of_manifest(const struct manifest *m, const struct manifest_snp *entry,
                                       struct reference_manifest_lists *lists, const char *source);

#endif
