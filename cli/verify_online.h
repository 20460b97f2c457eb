/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verify_online.h: contrast verify -c: asks a Coordinator over attested TLS and over HTTP, and judges both. */
#ifndef CLI_VERIFY_ONLINE_H
#define CLI_VERIFY_ONLINE_H

#include "cli/command.h"
#include "cli/online.h"

struct verify_online {
    const char *coordinator;     /* HOST:PORT */
    const char *http;            /* NULL: the same host */
    const char *folder, *output; /* where to write; output NULL: standard output */
    unsigned format;             /* REPORT_x */
    bool quiet;
    struct authenticate_options authenticate; /* but for the time */
    const struct collateral *collateral;
    struct fetching *fetching; /* NULL: nobody gets what is missing */
    struct deployment_expectation want;
};

/* Prints the verdict, and writes the folder when it allows.  Returns what the program ends with. */
int verify_online(const struct command *self, const struct verify_online *in, struct arena *memory);

#endif
