/* SPDX-License-Identifier: Apache-2.0 */
/* net/dial.h: a TCP connection for a client that has nothing else to do: calls wait, until a deadline.
 *
 * Deadlines are on the clock of dial_now.  ERR_EXPIRED when one has passed, ERR_IO for everything that the network
 * does.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "net/address.h"
#include "net/buffer.h"

/* Milliseconds on a clock that never goes back. */
int64_t dial_now(void);

struct dial {
    int fd; /* -1: none */
    int64_t deadline;
};

/* Tries the addresses of the host one after the other.  The deadline holds for all that is done with the connection;
 * it may be moved.  Looking up a name is the C library's, and may take longer. */
MUST_USE status dial_open(struct dial *d, const struct address *to, int64_t deadline, struct err *err);
void dial_close(struct dial *d);

/* Sends all of `out` that can be sent at once.  When that was nothing, waits until bytes have come, or, when there are
 * some in `out`, until they can be sent.  What came is appended to `in` as far as it has room; `*has_ended` when
 * nothing more will come.  To be called again and again, each time with all that there is to send. */
MUST_USE status dial_exchange(struct dial *d, struct buffer *out, struct buffer *in, bool *has_ended, struct err *err);

/* Sends all of `out`. */
MUST_USE status dial_flush(struct dial *d, struct buffer *out, struct err *err);

#endif
