/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "coordinator/store.h"

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct store_key *)a)->text, ((const struct store_key *)b)->text);
}

void store_keys_sort(struct store_keys *k)
{
    size_t count = 0;
    if (k->count == 0) return;
    qsort(k->keys, k->count, sizeof *k->keys, compare);
    for (size_t i = 0; i < k->count; i++)
        if (count == 0 || compare(&k->keys[count - 1], &k->keys[i]) != 0) k->keys[count++] = k->keys[i];
    k->count = count;
}

bool store_keys_have(const struct store_keys *k, const char *key)
{
    struct store_key want = {""};
    size_t len = strlen(key);
    if (len >= sizeof want.text) return false;
    memcpy(want.text, key, len + 1);
    return k->count > 0 && bsearch(&want, k->keys, k->count, sizeof want, compare) != NULL;
}

void store_keys_free(struct store_keys *k)
{
    free(k->keys);
    *k = (struct store_keys){0};
}
