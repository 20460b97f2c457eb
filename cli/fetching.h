/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetching.h: leaves and CRLs that evidence needs and nobody has given, got by contrast-fetch (net/fetch.h).
 *
 * What comes is added to the collateral, which judges it like any other: it may be missing, stale or forged, and then a
 * verdict says so.  So nothing here fails for want of a network: why something is not there is told on standard error.
 */
#ifndef CLI_FETCHING_H
#define CLI_FETCHING_H

#include "cli/collateral.h"
#include "cli/command.h"
#include "net/fetch.h"

/* Filled in but for the last members, which are zero; ended by fetching_close. */
struct fetching {
    const struct command *command;             /* for messages */
    struct collateral *collateral;             /* sealed; what comes is added */
    const struct authenticate_options *judged; /* roots, revocation and time of the judgement to come */
    const char *url;                           /* NULL: as the program says */
    const struct text_list *roots;             /* files; given to the program */
    bool from_cache;                           /* ask no network */

    struct fetch *program; /* NULL: not started yet */
    bool is_broken;        /* there is nobody to ask */
};

/* Whether evidence (any envelope) lacks a VCEK or a current CRL that could be got.  ERR_NOMEM, ERR_BUG never: what
 * cannot be read lacks nothing. */
bool fetching_is_needed(const struct fetching *f, bytes evidence);

/* Gets what it lacks; `collateral` is sealed anew.  ERR_NOMEM. */
MUST_USE status fetching_complete(struct fetching *f, bytes evidence, struct err *err);

void fetching_close(struct fetching *f);

#endif
