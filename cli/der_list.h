/* SPDX-License-Identifier: Apache-2.0 */
/* cli/der_list.h: the certificates and CRLs of a file that people keep, one DER object or any number of PEM blocks. */
#ifndef CLI_DER_LIST_H
#define CLI_DER_LIST_H

#include "kube/arena.h"

struct der_list {
    bytes *items; /* live in the arena */
    size_t count;
};

/* True when `content` can be such a file: it begins as DER does or with PEM's dashes or a comment. */
bool der_list_is_likely(bytes content);

/* Adds what `content` holds.  That DER is well formed, and what it is, is for the reader of the list.  Errors are those
 * of parse/pem.h; ERR_MISSING when there is no block. */
MUST_USE status der_list_add(struct der_list *list, bytes content, struct arena *memory, struct err *err);

#endif
