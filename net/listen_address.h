/* SPDX-License-Identifier: Apache-2.0 */
/* net/listen_address.h: where a server listens: an address in digits, since no name is looked up to find that out. */
#ifndef NET_LISTEN_ADDRESS_H
#define NET_LISTEN_ADDRESS_H

#include <sys/socket.h>

#include "parse/status.h"

/* "A.B.C.D:PORT" or "[ADDRESS]:PORT"; port 0: the kernel chooses one.  ERR_SYNTAX. */
MUST_USE status listen_address_parse(const char *text, struct sockaddr_storage *out, struct err *err);

/* Of an IPv4 or IPv6 address. */
unsigned listen_address_port(const struct sockaddr_storage *at);

#endif
