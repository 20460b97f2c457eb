/* SPDX-License-Identifier: Apache-2.0 */
/* net/atls_self_check.h: whether attested TLS of this build does what it has to, shown by a handshake in memory.
 *
 * The list of CAs, in which the server's nonce travels, hangs on flags of the linker.  A program that was linked
 * without them would run and give every client a nonce that never arrives.
 */
#ifndef NET_ATLS_SELF_CHECK_H
#define NET_ATLS_SELF_CHECK_H

#include "parse/status.h"

/* A server and a client of this program, each with a nonce and evidence of its own: both have to arrive at both.
 * ERR_BUG when they do not; takes some milliseconds. */
MUST_USE status atls_self_check(int64_t now, struct err *err);

#endif
