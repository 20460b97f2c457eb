/* SPDX-License-Identifier: Apache-2.0 */
/* net/ca_names.h: the list of acceptable CAs in a CertificateRequest of TLS 1.3, which wolfSSL 5.5.4 neither sends nor
 * reads (extension 47, certificate_authorities; RFC 8446, 4.2.4).
 *
 * wolfSSL's three functions for the extensions of a message are called through ours (--wrap, configure/tables.py): they
 * add the list to what a server sends, and keep what a client gets.  Connections without a struct ca_names are left as
 * they are.
 *
 * The trap: these are functions inside wolfSSL.  atls_open (net/atls.h) runs a handshake that fails when they are not
 * called, so that no program goes on without.  wolfSSL 5.9 has the extension by itself.
 */
#ifndef NET_CA_NAMES_H
#define NET_CA_NAMES_H

#include "parse/nonce_name.h"

/* Ten times what one name of ours needs.  Other servers may name many CAs; then the list is not for us. */
enum { CA_NAMES_BYTES_MAX = 640 };

struct ca_names {
    bool sends;
    uint8_t name[NONCE_NAME_BYTES]; /* what a server sends */

    bool came; /* at a client: whether there was a list */
    uint8_t list[CA_NAMES_BYTES_MAX];
    size_t list_len; /* of the names, each behind its length; CA_NAMES_BYTES_MAX + 1 for a longer list */
};

/* `ssl` is a WOLFSSL; `names` outlives it. */
void ca_names_attach(void *ssl, struct ca_names *names);

/* The contents of the list, for nonce_name_list_parse; absent when none came or it was too long. */
bytes ca_names_list(const struct ca_names *names);

#endif
