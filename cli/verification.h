/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verification.h: the evidence of one deployment, out of the answer to /attest or a bundle, judged against a
 * manifest.
 *
 * Open it, add its collateral to the rest, then judge it, as often as wanted: every judging starts anew.  A
 * verification that was judged is not to be copied, for an inspection points into itself.
 */
#ifndef CLI_VERIFICATION_H
#define CLI_VERIFICATION_H

#include "cli/inspection.h"
#include "kube/arena.h"
#include "parse/attest_answer.h"
#include "parse/user_api.h"
#include "verify/deployment.h"

struct verification {
    struct arena *memory;

    /* after verification_open */
    bool is_bundle;
    bool is_live;          /* of a connection that is open: neither a bundle nor an answer */
    bool is_open;          /* it could be taken apart */
    struct err unreadable; /* why not */
    struct err spoiled;    /* a member of the bundle that should be collateral and is none; kind ERR_NONE: all are */
    struct bundle bundle;  /* of an answer what there is: no collateral, no claims */
    bool has_type;         /* answer: it said what its evidence is */
    uint32_t type[ATTEST_TYPE_NUMBERS];
    size_t type_count;
    bytes coordinator_version; /* answer: foreign text; a claim */

    /* after verification_judge */
    struct inspection_options options;
    struct inspection report; /* whose verdict is that of the whole */
    struct deployment_work work;
};

/* Takes `content` apart.  An answer has neither nonce nor capabilities in it: `nonce` is the one that was sent, 32
 * bytes, and `capabilities` absent for POST /attest.  For a bundle both are ignored.  What is wrong with the content is
 * for the verdict; an error is ours: ERR_NOMEM, ERR_BUG.  Borrows all of them. */
MUST_USE status verification_open(bytes content, bytes nonce, bytes capabilities, struct arena *memory,
                                  struct verification *out, struct err *err);

/* What has come over a connection of attested TLS that is open, from GetManifests, beside the evidence that opened it.
 * verification_judge then takes want->connection_key for what REPORT_DATA binds.  Borrows all of them.  ERR_NOMEM,
 * ERR_BUG. */
MUST_USE status verification_open_history(const struct user_get_manifests_response *in, bytes document, bytes nonce,
                                          struct arena *memory, struct verification *out, struct err *err);

/* Opens and judges the peer of such a connection before anything has come over it: is it a Coordinator of
 * want->manifest?  The verdict is about a report; want->nonce and want->connection_key are there.  ERR_NOMEM. */
MUST_USE status verification_judge_connection(bytes document, const struct authenticate_options *options,
                                              const struct collateral *collateral,
                                              const struct deployment_expectation *want, struct arena *memory,
                                              struct verification *out, struct err *err);

/* Adds the collateral that came in the bundle.  What is none is for the verdict too.  ERR_NOMEM, ERR_BUG. */
MUST_USE status verification_add_collateral(struct verification *v, struct collateral *to, struct err *err);

/* Judges at options->now.  `collateral` is sealed.  ERR_NOMEM. */
MUST_USE status verification_judge(struct verification *v, const struct authenticate_options *options,
                                   const struct collateral *collateral, const struct deployment_expectation *want,
                                   struct err *err);

static inline struct verdict *verification_verdict(struct verification *v)
{
    return &v->report.verdict;
}

/* Where a check of `v`, a bundle that was judged, failed and passes at the time that the bundle claims, notes that.
 * Only what depends on the time is judged again, in `at_capture`: not the history, which may be long.  Its collateral
 * has to be there still. */
void verification_note_capture(struct verification *v, struct verification *at_capture);

#endif
