/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_memory.h"

#include <stdlib.h>

struct key {
    size_t len;
    uint8_t bytes[FETCH_REQUEST_BYTES_MAX];
};

/* A request that says nothing but what it is for. */
static struct key key_of(const struct fetch_request *wanted)
{
    struct key key;
    struct fetch_request r = *wanted;
    r.from_cache = false;
    r.wait_ms = 0;
    key.len = fetch_request_write(&r, key.bytes);
    return key;
}

static size_t find(const struct fetch_memory *m, const struct key *key)
{
    for (size_t i = 0; i < FETCH_MEMORY_ITEMS; i++)
        if (m->items[i].key_len == key->len && memcmp(m->items[i].key, key->bytes, key->len) == 0) return i;
    return FETCH_MEMORY_ITEMS;
}

bytes fetch_memory_find(const struct fetch_memory *m, const struct fetch_request *wanted)
{
    struct key key = key_of(wanted);
    size_t i = find(m, &key);
    return i < FETCH_MEMORY_ITEMS ? m->items[i].content : BYTES_ABSENT;
}

status fetch_memory_keep(struct fetch_memory *m, const struct fetch_request *wanted, bytes content, struct err *err)
{
    struct key key = key_of(wanted);
    uint8_t *copy = malloc(content.len ? content.len : 1);
    if (!copy) return err_set(err, ERR_NOMEM, 0, "out of memory");
    memcpy(copy, content.ptr, content.len);
    size_t i = find(m, &key);
    if (i == FETCH_MEMORY_ITEMS) i = m->next++ % FETCH_MEMORY_ITEMS;
    struct fetch_memory_item *item = &m->items[i];
    free((void *)(uintptr_t)item->content.ptr);
    item->key_len = key.len;
    memcpy(item->key, key.bytes, key.len);
    item->content = BYTES(copy, content.len);
    return OK;
}

void fetch_memory_free(struct fetch_memory *m)
{
    for (size_t i = 0; i < FETCH_MEMORY_ITEMS; i++)
        free((void *)(uintptr_t)m->items[i].content.ptr);
    *m = (struct fetch_memory){0};
}
