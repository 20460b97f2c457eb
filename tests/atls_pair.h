/* SPDX-License-Identifier: Apache-2.0 */
/* tests/atls_pair.h: two ends of attested TLS that talk to each other in memory. */
#ifndef TESTS_ATLS_PAIR_H
#define TESTS_ATLS_PAIR_H

#include "net/atls.h"

#define ATLS_TEST_NOW 1750000000 /* June 2025 */

extern const uint8_t atls_server_nonce[ATLS_NONCE_BYTES];
extern const uint8_t atls_client_nonce[ATLS_NONCE_BYTES];

/* Starts the library, once in the process; a failure fails the test. */
void atls_test_open(void);

/* Ends with the nonces above.  The caller frees them. */
struct atls *atls_test_server(bool require_evidence);
struct atls *atls_test_client(const struct private_key *key, bool has_evidence, bool require_evidence);

/* What `from` has to send goes to `to`, `piece` bytes at a time; the first error, or OK. */
status atls_test_send(struct atls *from, struct atls *to, size_t piece, struct err *err);

/* Goes on until nobody moves any more, giving these documents when asked (absent: none is given, and the end waits).
 * The first error, or OK. */
status atls_test_shake(struct atls *server, bytes server_evidence, struct atls *client, bytes client_evidence,
                       size_t piece, struct err *err);

#endif
