/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "coordinator/store.h"
#include "tests/scratch.h"

#define LATEST "transitions/latest"

struct fixture {
    struct scratch scratch;
    char path[80];
    struct store *store;
    struct err err;
};

static void reopen(struct fixture *f)
{
    store_close(f->store);
    cr_assert(is_ok(store_open_dir(f->path, &f->store, &f->err)), "%s", f->err.text);
}

static struct fixture begin(void)
{
    struct fixture f = {.scratch = scratch_open()};
    snprintf(f.path, sizeof f.path, "%s/store", f.scratch.path);
    reopen(&f);
    return f;
}

static void end(struct fixture *f)
{
    store_close(f->store);
    scratch_close(&f->scratch);
}

static void expect_value(struct fixture *f, const char *key, bytes want)
{
    bytes have = BYTES_ABSENT;
    cr_assert(is_ok(store_get(f->store, key, 100, &have, &f->err)), "%s", f->err.text);
    cr_expect(bytes_eq(have, want));
    free((void *)(uintptr_t)have.ptr);
}

Test(store, what_is_put_is_there_after_it_was_opened_again)
{
    struct fixture f = begin();
    cr_assert(is_ok(store_put(f.store, "manifests/ab12", BYTES_LIT("{}"), &f.err)), "%s", f.err.text);
    reopen(&f);
    expect_value(&f, "manifests/ab12", BYTES_LIT("{}"));
    scratch_run(&f.scratch, "test \"$(cat store/manifests/ab12)\" = '{}' && test ! -e store/new");
    end(&f);
}

Test(store, what_is_not_there_is_missing)
{
    struct fixture f = begin();
    bytes have = BYTES_ABSENT;
    cr_expect_eq(store_get(f.store, LATEST, 100, &have, &f.err).kind, ERR_MISSING);
    end(&f);
}

Test(store, putting_the_same_twice_is_fine_and_something_else_is_not)
{
    struct fixture f = begin();
    cr_assert(is_ok(store_put(f.store, "policies/a", BYTES_LIT("x"), &f.err)));
    cr_assert(is_ok(store_put(f.store, "policies/a", BYTES_LIT("x"), &f.err)));
    cr_expect_eq(store_put(f.store, "policies/a", BYTES_LIT("y"), &f.err).kind, ERR_MISMATCH);
    expect_value(&f, "policies/a", BYTES_LIT("x"));
    end(&f);
}

Test(store, a_swap_needs_the_value_that_is_there)
{
    struct fixture f = begin();
    cr_expect_eq(store_swap(f.store, LATEST, BYTES_LIT("0"), BYTES_LIT("1"), NULL).kind, ERR_MISMATCH);
    cr_assert(is_ok(store_swap(f.store, LATEST, BYTES_ABSENT, BYTES_LIT("1"), &f.err)), "%s", f.err.text);
    cr_expect_eq(store_swap(f.store, LATEST, BYTES_LIT(""), BYTES_LIT("2"), NULL).kind, ERR_MISMATCH);
    cr_expect_eq(store_swap(f.store, LATEST, BYTES_LIT("0"), BYTES_LIT("2"), NULL).kind, ERR_MISMATCH);
    cr_assert(is_ok(store_swap(f.store, LATEST, BYTES_LIT("1"), BYTES_LIT("2"), &f.err)), "%s", f.err.text);
    expect_value(&f, LATEST, BYTES_LIT("2"));
    end(&f);
}

Test(store, is_open_once)
{
    struct fixture f = begin();
    struct store *second = NULL;
    cr_expect_eq(store_open_dir(f.path, &second, NULL).kind, ERR_STATE);
    end(&f);
}

Test(store, a_value_above_the_limit_is_not_read)
{
    struct fixture f = begin();
    cr_assert(is_ok(store_put(f.store, "policies/a", BYTES_LIT("0123456789"), &f.err)));
    bytes have = BYTES_ABSENT;
    cr_expect_eq(store_get(f.store, "policies/a", 9, &have, &f.err).kind, ERR_LIMIT);
    end(&f);
}

Test(store, what_another_process_left_half_written_is_gone)
{
    struct fixture f = begin();
    scratch_run(&f.scratch, "echo half > store/new");
    reopen(&f);
    scratch_run(&f.scratch, "test ! -e store/new");
    end(&f);
}

Test(store, a_link_or_a_folder_is_no_value)
{
    struct fixture f = begin();
    scratch_run(&f.scratch, "mkdir -p store/policies/b && ln -s /etc/hostname store/policies/a");
    bytes have = BYTES_ABSENT;
    cr_expect(!is_ok(store_get(f.store, "policies/a", 100, &have, NULL)));
    cr_expect(!is_ok(store_get(f.store, "policies/b", 100, &have, NULL)));
    end(&f);
}

Test(store, keys_that_are_none_are_refused)
{
    static const char *const wrong[] = {"",     "a",     "a/",    "/a",   "a/b/c", "../a",
                                        "a/..", "a/b.c", "a b/c", "a//b", "a/b\n", "\xc3\xa4/b"};
    struct fixture f = begin();
    bytes have = BYTES_ABSENT;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_eq(store_get(f.store, wrong[i], 100, &have, NULL).kind, ERR_SYNTAX, "%s", wrong[i]);
        cr_expect_eq(store_put(f.store, wrong[i], BYTES_LIT("x"), NULL).kind, ERR_SYNTAX, "%s", wrong[i]);
        cr_expect_eq(store_swap(f.store, wrong[i], BYTES_ABSENT, BYTES_LIT("x"), NULL).kind, ERR_SYNTAX, "%s",
                     wrong[i]);
    }
    char key[LIMIT_STORE_KEY_BYTES + 2] = "a/";
    memset(key + 2, 'b', sizeof key - 3);
    cr_expect_eq(store_get(f.store, key, 100, &have, NULL).kind, ERR_SYNTAX);
    key[LIMIT_STORE_KEY_BYTES] = 0;
    cr_expect_eq(store_get(f.store, key, 100, &have, NULL).kind, ERR_MISSING);
    end(&f);
}
