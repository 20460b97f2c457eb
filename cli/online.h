/* SPDX-License-Identifier: Apache-2.0 */
/* cli/online.h: a Coordinator, asked over the network: attested TLS, and the HTTP API beside it.
 *
 * Every step judges what it got before the next one uses it.  A verdict that denies is no error of a step: its caller
 * looks at it.
 */
#ifndef CLI_ONLINE_H
#define CLI_ONLINE_H

#include "ca/key.h"
#include "cli/fetching.h"
#include "cli/verification.h"
#include "net/address.h"
#include "net/coordinator_client.h"

enum { COORDINATOR_PORT = 1313, COORDINATOR_HTTP_PORT = 1314 };

struct online {
    /* given */
    struct arena *memory;
    struct address coordinator, http;
    const struct private_key *key; /* of this end; NULL: a new one */
    struct authenticate_options authenticate;
    const struct collateral *collateral; /* sealed */
    struct deployment_expectation want;  /* but for the nonce and the connection's key */
    struct fetching *fetching;           /* gets what the evidence lacks, into the same collateral; NULL: nobody does */

    /* found */
    bool network_failed; /* the error of the latest step is the network's, or the Coordinator's */
    bool is_denied;      /* ... or the Coordinator was denied: `connection` says why */
    bool is_lacking;     /* ... or its evidence could not be judged as it is */
    bool has_fetched;    /* ... which was seen to */
    enum grpc_code code; /* of the latest call */
    uint8_t nonce[BUNDLE_NONCE_BYTES];
    bytes document, connection_key;
    struct verification *connection; /* the peer of the connection, judged; NULL: it came to none */
    struct coordinator_client *client;
};

/* Connects, and judges the peer by want.manifest.  When its evidence lacks what can be got, that is got without a
 * connection that waits, and a second one is made.  ERR_DENIED with is_denied set. */
MUST_USE status online_connect(struct online *o, struct err *err);

/* One call of the User API.  A failure that the Coordinator answers with is an error too: network_failed, code. */
MUST_USE status online_call(struct online *o, const char *method, const struct protobuf_writer *request, bytes *answer,
                            struct err *err);

/* GetManifests, judged as what came over the connection. */
MUST_USE status online_get_history(struct online *o, struct verification *out, struct err *err);

/* POST /v1/attest, or /attest when that is all there is, with a nonce of its own, judged.  `*is_there` false: there is
 * no such API at that address, and `why` says what is there. */
MUST_USE status online_get_answer(struct online *o, struct verification *out, bool *is_there, struct err *why,
                                  struct err *err);

/* Whether both say the same of the deployment.  Rule history.manifests, ERR_MISMATCH. */
MUST_USE status online_compare(const struct verification *over_tls, const struct verification *over_http,
                               struct err *err);

/* Whether what has failed may go well a moment later: nobody is there, or nobody yet.  A Coordinator that was denied,
 * or a peer that is none, stays what it is. */
bool online_may_come_back(const struct online *o, status s);

/* Between two tries. */
enum { ONLINE_PAUSE_MS = 1000 };
void online_pause(void);

/* What the program ends with after a step has failed. */
int online_exit_code(const struct online *o, const struct err *err);

void online_close(struct online *o);

#endif
