/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_memory.h: what contrast-fetch keeps where there is no folder for a cache, as long as it runs. */
#ifndef CLI_FETCH_MEMORY_H
#define CLI_FETCH_MEMORY_H

#include "parse/fetch_message.h"

/* Chips of a deployment, and three CRLs; the oldest goes first. */
enum { FETCH_MEMORY_ITEMS = 512 };

struct fetch_memory {
    size_t next;
    struct fetch_memory_item {
        size_t key_len; /* 0: none */
        uint8_t key[FETCH_REQUEST_BYTES_MAX];
        bytes content; /* owned */
    } items[FETCH_MEMORY_ITEMS];
};

/* What was kept under this kind, product, TCB and chip; a view until the next fetch_memory_keep.  Absent. */
bytes fetch_memory_find(const struct fetch_memory *m, const struct fetch_request *wanted);

/* A copy of `content`, in place of what was there.  ERR_NOMEM. */
MUST_USE status fetch_memory_keep(struct fetch_memory *m, const struct fetch_request *wanted, bytes content,
                                  struct err *err);

void fetch_memory_free(struct fetch_memory *m);

#endif
