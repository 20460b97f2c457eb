/* SPDX-License-Identifier: Apache-2.0 */
/* net/address.h: HOST:PORT, as people write it. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { ADDRESS_HOST_SIZE = 254, ADDRESS_PORT_SIZE = 6, ADDRESS_TEXT_SIZE = 270 };

struct address {
    char host[ADDRESS_HOST_SIZE]; /* a name, or an IP address without brackets */
    char port[ADDRESS_PORT_SIZE];
    bool is_ip;
    char text[ADDRESS_TEXT_SIZE]; /* host:port, with brackets around IPv6 */
};

/* "host", "host:port", "1.2.3.4:port", "[2001:db8::1]:port"; `port` is that of a text without one.  A host is a DNS
 * name of letters, digits, '-', '_' and '.', or an IP address.  ERR_SYNTAX, ERR_RANGE. */
MUST_USE status address_parse(bytes text, unsigned port, struct address *out, struct err *err);

/* The same host at another port. */
void address_with_port(const struct address *in, unsigned port, struct address *out);

#endif
