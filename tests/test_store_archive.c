/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "coordinator/store_archive.h"
#include "parse/ustar.h"
#include "tests/stored_history.h"

/* The archive of a history, owned by the caller. */
static bytes archive_of(struct stored_history *f)
{
    bytes record = BYTES_ABSENT, archive = BYTES_ABSENT;
    struct history h;
    cr_assert(is_ok(history_latest(f->store, &record, &f->err)));
    cr_assert(is_ok(history_load(f->store, record, &h, &f->err)), "%s", f->err.text);
    cr_assert(is_ok(store_archive_write(f->store, &h, &archive, &f->err)), "%s", f->err.text);
    free((void *)(uintptr_t)record.ptr);
    history_free(&h);
    return archive;
}

static bytes archive_of_two(void)
{
    struct stored_history f = stored_history_begin();
    stored_history_set(&f, "p");
    stored_history_set(&f, "q");
    bytes archive = archive_of(&f);
    stored_history_end(&f);
    return archive;
}

static void drop(bytes owned)
{
    free((void *)(uintptr_t)owned.ptr);
}

static size_t count(struct store *s, const char *shelf)
{
    struct store_keys k;
    struct err err = {0};
    cr_assert(is_ok(store_list(s, shelf, &k, &err)), "%s", err.text);
    size_t n = k.count;
    store_keys_free(&k);
    return n;
}

Test(store_archive, cut_or_continued_it_is_refused_and_nothing_is_put)
{
    struct stored_history f = stored_history_begin();
    bytes archive = archive_of_two();
    uint8_t *more = calloc(archive.len + 1, 1);
    for (size_t len = 0; len < archive.len; len++)
        cr_assert(!is_ok(store_archive_read(f.store, bytes_slice(archive, 0, len), NULL)), "%zu bytes", len);
    memcpy(more, archive.ptr, archive.len);
    cr_expect(!is_ok(store_archive_read(f.store, BYTES(more, archive.len + 1), NULL)));
    cr_expect_eq(count(f.store, "manifests") + count(f.store, "policies") + count(f.store, "transitions"), 0);
    free(more);
    drop(archive);
    stored_history_end(&f);
}

/* Up to the record, whose signature nobody here can check. */
Test(store_archive, with_a_changed_byte_it_is_refused_and_nothing_is_put)
{
    struct stored_history f = stored_history_begin();
    bytes archive = archive_of_two();
    uint8_t *changed = (uint8_t *)(uintptr_t)archive.ptr;
    size_t until = archive.len - USTAR_END_BYTES - USTAR_BLOCK_BYTES;
    for (size_t at = 0; at < until; at++) {
        changed[at] ^= 1;
        cr_assert(!is_ok(store_archive_read(f.store, archive, NULL)), "byte %zu", at);
        changed[at] ^= 1;
    }
    cr_expect_eq(count(f.store, "manifests") + count(f.store, "policies") + count(f.store, "transitions"), 0);
    cr_expect(is_ok(store_archive_read(f.store, archive, &f.err)), "%s", f.err.text);
    cr_expect_eq(store_archive_read(f.store, archive, &f.err).kind, ERR_STATE);
    drop(archive);
    stored_history_end(&f);
}

Test(store_archive, of_a_store_that_was_read_from_one_is_the_same)
{
    struct stored_history f = stored_history_begin();
    bytes archive = archive_of_two();
    cr_assert(is_ok(store_archive_read(f.store, archive, &f.err)), "%s", f.err.text);
    stored_history_put(&f, HISTORY_POLICIES, BYTES_LIT("not needed"));
    bytes again = archive_of(&f);
    cr_expect(bytes_eq(archive, again));
    drop(archive);
    drop(again);
    stored_history_end(&f);
}

/* The same manifest twice is one content. */
Test(store_archive, holds_each_content_once)
{
    struct stored_history f = stored_history_begin();
    stored_history_set(&f, "p");
    stored_history_set(&f, "p");
    bytes archive = archive_of(&f);
    struct ustar_reader r = {.in = archive};
    struct ustar_member m;
    size_t members = 0;
    for (bool end = false;; members++) {
        cr_assert(is_ok(ustar_next(&r, &m, &end, &f.err)), "%s", f.err.text);
        if (end) break;
    }
    cr_expect_eq(members, 5); /* manifest, policy, two transitions, record */
    drop(archive);
    stored_history_end(&f);
}

Test(store_archive, keys_are_listed_sorted_and_found)
{
    struct stored_history f = stored_history_begin();
    struct store_keys k;
    cr_assert(is_ok(store_swap(f.store, "words/b", BYTES_ABSENT, BYTES_LIT("1"), &f.err)));
    cr_assert(is_ok(store_swap(f.store, "words/a", BYTES_ABSENT, BYTES_LIT("2"), &f.err)));
    cr_assert(is_ok(store_swap(f.store, "words/c", BYTES_ABSENT, BYTES_LIT("3"), &f.err)));
    cr_assert(is_ok(store_list(f.store, "words", &k, &f.err)), "%s", f.err.text);
    store_keys_sort(&k);
    cr_assert_eq(k.count, 3);
    cr_expect_str_eq(k.keys[0].text, "words/a");
    cr_expect_str_eq(k.keys[2].text, "words/c");
    cr_expect(store_keys_have(&k, "words/b"));
    cr_expect(!store_keys_have(&k, "words/d"));
    store_keys_free(&k);
    cr_expect(!store_keys_have(&k, "words/b"));
    cr_expect_eq(count(f.store, "nothing"), 0);
    stored_history_end(&f);
}
