/* SPDX-License-Identifier: Apache-2.0 */
/* net/exchange.h: waiting for a program on the other end of a pipe or socket, until a time on the clock of dial_now. */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "parse/status.h"

/* Until `file` is ready for `what`, POLLIN or POLLOUT, or has an error to tell.  ERR_IO: not in time. */
MUST_USE status exchange_await(int file, short what, int64_t until, struct err *err);

/* Exactly `len` bytes.  ERR_IO: not in time, or the program has ended. */
MUST_USE status exchange_read(int file, uint8_t *out, size_t len, int64_t until, struct err *err);

#endif
