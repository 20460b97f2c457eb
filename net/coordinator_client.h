/* SPDX-License-Identifier: Apache-2.0 */
/* net/coordinator_client.h: calls to a Coordinator: TCP, attested TLS, HTTP/2, gRPC, waiting for each answer.
 *
 * The connection is opened by showing the peer's evidence to a judge.  Nothing of the caller's is sent before the judge
 * has accepted it.
 */
#ifndef NET_COORDINATOR_CLIENT_H
#define NET_COORDINATOR_CLIENT_H

#include "net/address.h"
#include "net/atls.h"
#include "net/grpc_client.h"

/* OK accepts the peer.  An error refuses it, and is what coordinator_connect gives back. */
typedef status coordinator_judge(void *context, const struct atls_peer *peer, struct err *err);

/* A document that binds the key and the nonce of `request`, appended to `out`. */
typedef status coordinator_issue(void *context, const struct atls_request *request, struct buffer *out,
                                 struct err *err);

struct coordinator_target {
    const struct address *address;
    const uint8_t *nonce;          /* ATLS_NONCE_BYTES, drawn for this connection */
    const struct private_key *key; /* of this end; NULL: a new one */
    int64_t now;                   /* seconds since 1970 */
    int64_t deadline;              /* of the handshake, on the clock of dial_now */
    size_t message_limit;          /* of an answer */
    coordinator_judge *judge;
    coordinator_issue *issue; /* NULL: this end has no evidence */
    void *context;            /* of both */
};

struct coordinator_client;

/* ERR_IO (nobody there, or it went away before it said anything), ERR_EXPIRED (the deadline), what the judge says, and
 * what net/atls.h says of a peer that does not speak attested TLS. */
MUST_USE status coordinator_connect(const struct coordinator_target *target, struct coordinator_client **out,
                                    struct err *err);
void coordinator_close(struct coordinator_client *c);

/* One call; the answer, which may be a failure, lives until the next one or coordinator_close.  After an error the
 * connection is of no further use. */
MUST_USE status coordinator_call(struct coordinator_client *c, const char *path, bytes message, int64_t deadline,
                                 struct grpc_answer *out, struct err *err);

/* The same for a method of the User API, by the name of its package since 2025 and, for those who do not know that, the
 * old one. */
MUST_USE status coordinator_call_user_api(struct coordinator_client *c, const char *method, bytes message,
                                          int64_t deadline, struct grpc_answer *out, struct err *err);

#endif
