/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/store_archive.h"

#include <stdlib.h>

#include "parse/text.h"
#include "parse/ustar.h"
#include "verify/transition.h"

static status no_memory(struct err *err)
{
    return err_set(err, ERR_NOMEM, 0, "archive: out of memory");
}

static void drop(bytes owned)
{
    free((void *)(uintptr_t)owned.ptr);
}

/* ---- what a history needs --------------------------------------------------------------------------------------- */

static void add_key(struct store_keys *k, enum history_shelf shelf, const uint8_t hash[SHA256_BYTES])
{
    history_key(shelf, hash, k->keys[k->count++].text);
}

static status add_manifests(const struct history *h, struct store_keys *k, struct err *err)
{
    uint8_t hash[SHA256_BYTES], latest[SHA256_BYTES] = {0};
    for (size_t i = 0; i < h->manifest_count; i++) {
        TRY(crypto_sha256(&h->manifests[i], 1, hash, err));
        TRY(transition_next(h->manifests[i], latest, latest, err));
        add_key(k, HISTORY_MANIFESTS, hash);
        add_key(k, HISTORY_TRANSITIONS, latest);
    }
    return OK;
}

status store_archive_keys(const struct history *h, struct store_keys *out, struct err *err)
{
    struct store_keys k = {.keys = calloc(2 * h->manifest_count + h->policy_count, sizeof *k.keys)};
    if (!k.keys) return no_memory(err);
    for (size_t i = 0; i < h->policy_count; i++)
        add_key(&k, HISTORY_POLICIES, h->hashes[i].sha256);
    status s = add_manifests(h, &k, err);
    store_keys_sort(&k);
    if (is_ok(s))
        *out = k;
    else
        store_keys_free(&k);
    return s;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static status put_content(struct ustar_writer *w, struct store *s, const char *key, struct err *err)
{
    bytes content = BYTES_ABSENT;
    TRY(store_get(s, key, LIMIT_STORE_VALUE_BYTES, &content, err));
    status done = ustar_put(w, text_bytes(key), content, err);
    drop(content);
    return done;
}

static status write_members(struct ustar_writer *w, struct store *s, const struct history *h,
                            const struct store_keys *k, struct err *err)
{
    for (size_t i = 0; i < k->count; i++)
        TRY(put_content(w, s, k->keys[i].text, err));
    TRY(ustar_put(w, BYTES_LIT(HISTORY_LATEST), h->record, err));
    return ustar_finish(w, err);
}

status store_archive_write(struct store *s, const struct history *h, bytes *out, struct err *err)
{
    struct store_keys k = {0};
    TRY(store_archive_keys(h, &k, err));
    /* Each has a header and less than a block of padding; the record is not in the total. */
    size_t cap = h->total + h->record.len + (k.count + 1) * 2 * USTAR_BLOCK_BYTES + USTAR_END_BYTES;
    struct ustar_writer w = {.out = malloc(cap), .cap = cap};
    status done = w.out ? write_members(&w, s, h, &k, err) : no_memory(err);
    store_keys_free(&k);
    if (is_ok(done))
        *out = BYTES(w.out, w.len);
    else
        free(w.out);
    return done;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Contents without a record are in nobody's way: a manifest that was refused left them, or an import that ended before
 * its record. */
static status check_no_history(struct store *s, struct err *err)
{
    bytes record = BYTES_ABSENT;
    struct err why = {0};
    status found = history_latest(s, &record, &why);
    drop(record);
    if (found.kind == ERR_MISSING) return OK;
    if (is_ok(found)) return err_set(err, ERR_STATE, 0, "store: has a history already");
    *err = why;
    return found;
}

/* The name is that of its content, on one of the shelves. */
static status check_content(const struct ustar_member *m, char key[static HISTORY_KEY_SIZE], struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    TRY(crypto_sha256(&m->content, 1, hash, err));
    for (unsigned i = HISTORY_MANIFESTS; i <= HISTORY_TRANSITIONS; i++) {
        history_key((enum history_shelf)i, hash, key);
        if (bytes_eq(m->name, text_bytes(key))) return OK;
    }
    return err_set(err, ERR_MISMATCH, m->offset, "archive: %s: is not what its content is called",
                   text_quote(m->name).s);
}

static bool ascends(bytes before, bytes name)
{
    size_t least = before.len < name.len ? before.len : name.len;
    int order = memcmp(before.ptr, name.ptr, least);
    return order < 0 || (order == 0 && before.len < name.len);
}

/* Goes through all members, and puts them when there is a store. */
static status each_member(bytes archive, struct store *s, bytes *record, struct err *err)
{
    struct ustar_reader r = {.in = archive};
    struct ustar_member m = {.name = BYTES_LIT("")};
    char key[HISTORY_KEY_SIZE];
    bool end = false;
    *record = BYTES_ABSENT;
    for (bytes before = m.name;; before = m.name) {
        TRY(err_in(err, ustar_next(&r, &m, &end, err), "archive"));
        if (end) break;
        if (!ascends(before, m.name))
            return err_set(err, ERR_SYNTAX, m.offset, "archive: %s: is not in order, or there twice",
                           text_quote(m.name).s);
        if (record->ptr) return err_set(err, ERR_SYNTAX, m.offset, "archive: want " HISTORY_LATEST " as its last");
        if (bytes_eq(m.name, BYTES_LIT(HISTORY_LATEST))) {
            *record = m.content;
            continue;
        }
        TRY(check_content(&m, key, err));
        if (s) TRY(store_put(s, key, m.content, err));
    }
    return record->ptr ? OK : err_set(err, ERR_MISSING, 0, "archive: " HISTORY_LATEST " is missing");
}

status store_archive_read(struct store *s, bytes archive, struct err *err)
{
    bytes record;
    struct history h = {0};
    TRY(check_no_history(s, err));
    TRY(each_member(archive, NULL, &record, err));
    TRY(each_member(archive, s, &record, err));
    TRY(history_load(s, record, &h, err));
    history_free(&h);
    return store_swap(s, HISTORY_LATEST, BYTES_ABSENT, record, err);
}
