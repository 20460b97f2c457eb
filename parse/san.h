/* SPDX-License-Identifier: Apache-2.0 */
/* parse/san.h: what a name in a manifest's SANs stands for in a certificate: an IP address, a URI or a DNS name.
 *
 * The manifest does not say; the Coordinator sorts by form, and so do we: what reads as an IP address is one, else what
 * begins with a scheme and ':' is a URI, else it is a DNS name.  The trap: `web:8080` is a URI, and a workload all
 * whose names are URIs or addresses has none for its certificate's CN.
 *
 * Not checked here: that a DNS name has labels of lawful length, or that a URI is well formed behind its scheme.
 * Specification: Contrast, internal/ca; RFC 4291 2.2 for IPv6; RFC 3986 3.1 for schemes.
 */
#ifndef PARSE_SAN_H
#define PARSE_SAN_H

#include "parse/bytes.h"
#include "parse/status.h"

enum san_kind { SAN_DNS, SAN_IP, SAN_URI };

struct san {
    enum san_kind kind;
    bytes text;     /* as it was handed in */
    uint8_t ip[16]; /* SAN_IP: its 4 or 16 bytes */
    size_t ip_len;
};

/* ERR_SYNTAX for an empty name, for a URI with anything but printable ASCII, and for a DNS name with anything but
 * letters, digits and "-._*": Contrast hands those on unchecked, and issuance may fail on them. */
MUST_USE status san_parse(bytes text, struct san *out, struct err *err);

#endif
