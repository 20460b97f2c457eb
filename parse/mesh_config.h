/* SPDX-License-Identifier: Apache-2.0 */
/* parse/mesh_config.h: what a pod's annotations, and then the environment of its proxy, say about its connections.
 *
 *     ingress  web#8080#false##metrics#9090#true
 *     egress   emoji#127.137.0.1:8081#emoji-svc:8080##voting#127.137.0.2:8081#voting-svc:8080
 *
 * Entries are parted by "##", empty ones are skipped.  The traps: an empty ingress demands a certificate on every port,
 * an absent one has no proxy at all; "false" lifts the demand for a client's certificate and keeps TLS, "true" lifts
 * both; a third '#' in a row belongs to the next entry, whose name is then empty.
 *
 * Stricter than Contrast, which wraps ports at 65536, takes signs and leading zeros and finds some mistakes only when
 * the proxy starts: what is refused here is refused before a pod exists.
 *
 * Not checked here: that a remote name exists, or that anything in the pod listens on a port.
 *
 * Entries are lent by the caller; views live as long as the text.  Offsets in errors count from its start.
 */
#ifndef PARSE_MESH_CONFIG_H
#define PARSE_MESH_CONFIG_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

/* The proxy's own: connections to the pod end at the first, those without a client's certificate at the second. */
enum { MESH_PORT_INGRESS = 15006, MESH_PORT_INGRESS_OPEN = 15007 };

struct mesh_ingress_entry {
    bytes name; /* may be empty; for people */
    uint16_t port;
    bool disables_tls; /* false: TLS without a client's certificate; true: as it comes */
};

struct mesh_ingress {
    bool is_disabled; /* "DISABLED": nothing that comes in is touched */
    const struct mesh_ingress_entry *entries;
    size_t count;
};

struct mesh_egress_entry {
    bytes name;
    uint8_t listen_ip[4]; /* in 127.0.0.0/8 */
    uint16_t listen_port;
    bytes host; /* a DNS name, or an address without brackets */
    bool is_ip;
    uint8_t ip[16]; /* its 4 or 16 bytes */
    size_t ip_len;
    uint16_t port;
};

struct mesh_egress {
    const struct mesh_egress_entry *entries; /* at least one */
    size_t count;
};

/* LIMIT_MESH_ENTRIES are always enough; ERR_NOMEM when `cap` is not.  ERR_LIMIT, ERR_SYNTAX, ERR_RANGE, ERR_DUPLICATE;
 * the text counts entries from 1 and quotes the one that is wrong. */
MUST_USE status mesh_ingress_parse(bytes text, struct mesh_ingress_entry *entries, size_t cap, struct mesh_ingress *out,
                                   struct err *err);

/* Likewise; `admin_port` 0: there is none.  ERR_MISSING without any entry. */
MUST_USE status mesh_egress_parse(bytes text, uint16_t admin_port, struct mesh_egress_entry *entries, size_t cap,
                                  struct mesh_egress *out, struct err *err);

/* A port of its own; the empty text is 0, none. */
MUST_USE status mesh_admin_port_parse(bytes text, uint16_t *out, struct err *err);

#endif
