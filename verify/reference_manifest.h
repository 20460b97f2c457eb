/* SPDX-License-Identifier: Apache-2.0 */
/* verify/reference_manifest.h: what one entry of ReferenceValues.snp demands of a report (Contrast protocol, SNP
 * options).
 *
 * Stricter than the manifest's author may think in one way: HOST_DATA and REPORT_DATA are left to whoever asks.
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
