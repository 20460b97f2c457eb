/* SPDX-License-Identifier: Apache-2.0 */
/* verify/reference.h: what a report is expected to say.
 *
 * Every expectation is stated: a value, or in so many words that anything will do.  Zeroed memory states nothing, and a
 * check whose expectation was never stated does not run, which denies.  An empty list of values accepts none.
 *
 * Each expectation names its source for the verdict, for example "--measurement"; where it is NULL that of the whole
 * reference counts.
 *
 * Lists, bytes and sources are borrowed for as long as the verdict is used.
 */
#ifndef VERIFY_REFERENCE_H
#define VERIFY_REFERENCE_H

#include "parse/bytes.h"
#include "snp/report.h"
#include "snp/tcb.h"

enum expectation { EXPECT_UNSTATED = 0, EXPECT_ANYTHING, EXPECT_VALUE };

struct expect_bytes { /* equal to one of the list */
    enum expectation mode;
    const char *source;
    const bytes *any_of;
    size_t count;
};

struct expect_number {
    enum expectation mode;
    const char *source;
    uint64_t value;
};

struct expect_tcb { /* a minimum, by component */
    enum expectation mode;
    const char *source;
    struct snp_tcb least;
};

struct expect_version { /* a minimum, as major.minor.build */
    enum expectation mode;
    const char *source;
    struct snp_version least;
};

struct expect_launch { /* a guest by its digest with one vCPU: 1 to 220 of them are accepted */
    enum expectation mode;
    const char *source;
    bytes one_vcpu; /* 48 */
    uint32_t ap_reset_eip;
};

struct expect_product {
    enum expectation mode;
    const char *source;
    enum snp_product product;
};

struct expect_platform {
    enum expectation mode;
    const char *source;
    uint64_t allowed;  /* bits that weaken and may be set */
    uint64_t required; /* bits that protect and must be set */
};

enum provisional { PROVISIONAL_UNSTATED = 0, PROVISIONAL_PERMITTED, PROVISIONAL_REFUSED };

struct expect_provisional {
    enum provisional mode;
    const char *source;
};

struct reference {
    const char *source; /* of all that name none, for example "ReferenceValues.snp[0]" */
    struct expect_product product;
    struct expect_bytes measurement;
    struct expect_launch launch; /* besides `measurement`: unstated it asks for nothing more */
    struct expect_bytes report_data;
    struct expect_bytes host_data;
    struct expect_bytes id_key_digest;     /* all-zero values are never accepted */
    struct expect_bytes author_key_digest; /* likewise */
    struct expect_number derived_id_key; /* a POLICY word; besides `id_key_digest`: unstated it asks for nothing more */
    struct expect_bytes family_id;
    struct expect_bytes image_id;
    struct expect_bytes chip_id;
    struct expect_tcb minimum_tcb;
    struct expect_tcb minimum_launch_tcb;
    struct expect_version minimum_firmware;
    struct expect_number minimum_guest_svn;
    struct expect_number guest_policy; /* a POLICY word: what it allows may be allowed, what it demands must be */
    struct expect_platform platform_info;
    struct expect_number vmpl;
    struct expect_number launch_mitigations; /* bits that must be set */
    struct expect_number current_mitigations;
    struct expect_provisional provisional;
};

/* The source of an expectation: its own, or that of the whole reference. */
static inline const char *reference_source(const char *own, const struct reference *all)
{
    return own ? own : all->source;
}

/* What a verdict says of an expectation that anything meets. */
#define REFERENCE_NOT_ASKED "nothing was asked for"

/* Anything will do: for looking at a report, not for trusting one. */
struct reference reference_anything(void);

#endif
