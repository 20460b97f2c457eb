/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "coordinator/history.h"
#include "parse/text.h"
#include "tests/coordinator_manifest.h"
#include "tests/stored_history.h"
#include "verify/transition.h"

static status load(struct stored_history *f, struct history *out)
{
    bytes record = BYTES_ABSENT;
    TRY(history_latest(f->store, &record, &f->err));
    status done = history_load(f->store, record, out, &f->err);
    free((void *)(uintptr_t)record.ptr);
    return done;
}

Test(history, is_missing_before_the_first_manifest)
{
    struct stored_history f = stored_history_begin();
    bytes record = BYTES_ABSENT;
    cr_expect_eq(history_latest(f.store, &record, &f.err).kind, ERR_MISSING);
    stored_history_end(&f);
}

Test(history, is_loaded_from_the_first_manifest_on_with_each_policy_once)
{
    struct stored_history f = stored_history_begin();
    stored_history_set(&f, "policy a");
    stored_history_set(&f, "policy b");
    stored_history_set(&f, "policy a");
    struct history h = {0};
    cr_assert(is_ok(load(&f, &h)), "%s", f.err.text);
    cr_assert_eq(h.manifest_count, 3);
    cr_expect(bytes_eq(h.manifests[0], h.manifests[2]));
    cr_expect(!bytes_eq(h.manifests[0], h.manifests[1]));
    cr_assert_eq(h.policy_count, 2);
    cr_expect(memcmp(h.hashes[0].sha256, h.hashes[1].sha256, SHA256_BYTES) < 0);
    cr_expect(memcmp(h.record.ptr, f.latest, SHA256_BYTES) == 0);
    history_free(&h);
    stored_history_end(&f);
}

/* Whoever runs the store has changed or removed one value of each kind. */
Test(history, of_a_store_that_lies_is_refused)
{
    static const char *const lies[] = {
        "printf x >> $(ls store/manifests/* | head -n 1)",
        "printf x >> $(ls store/policies/* | head -n 1)",
        "printf x >> $(ls store/transitions/[0-9a-f]* | grep -v latest | head -n 1)",
        "printf x >> store/transitions/latest",
        "rm $(ls store/manifests/* | head -n 1)",
        "rm $(ls store/policies/* | head -n 1)",
        "rm $(ls store/transitions/* | grep -v latest | head -n 1)",
        "f=$(ls store/manifests/* | tail -n 1); cp store/policies/$(ls store/policies | head -n 1) $f",
        ": > store/transitions/latest",
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct stored_history f = stored_history_begin();
        stored_history_set(&f, "policy a");
        stored_history_set(&f, "policy b");
        struct history h = {0};
        cr_assert(is_ok(load(&f, &h)), "%s", f.err.text);
        history_free(&h);
        scratch_run(&f.scratch, lies[i]);
        cr_expect(!is_ok(load(&f, &h)), "%s", lies[i]);
        stored_history_end(&f);
    }
}

/* An older record is a history, too: nothing in a store says which one is the latest. */
Test(history, of_an_older_record_is_shorter)
{
    struct stored_history f = stored_history_begin();
    stored_history_set(&f, "policy a");
    scratch_run(&f.scratch, "cp store/transitions/latest old");
    stored_history_set(&f, "policy b");
    scratch_run(&f.scratch, "cp old store/transitions/latest");
    struct history h = {0};
    cr_assert(is_ok(load(&f, &h)), "%s", f.err.text);
    cr_expect_eq(h.manifest_count, 1);
    history_free(&h);
    stored_history_end(&f);
}

/* What a keeper is opened on. */
Test(history, in_short_is_its_record_the_hashes_of_its_manifests_and_the_last_one)
{
    struct stored_history f = stored_history_begin();
    struct history_past past;
    bytes record = BYTES_ABSENT;
    uint8_t hash[SHA256_BYTES];
    stored_history_set(&f, "p");
    stored_history_set(&f, "q");
    cr_assert(is_ok(history_latest(f.store, &record, &f.err)));
    cr_assert(is_ok(history_load_past(f.store, record, &past, &f.err)), "%s", f.err.text);
    const bytes manifests[] = {coordinator_manifest("p", ""), coordinator_manifest("q", "")};
    cr_expect(bytes_eq(past.record, record));
    cr_expect(bytes_eq(past.manifest, manifests[1]));
    cr_assert_eq(past.digests.len, 2 * SHA256_BYTES);
    for (size_t i = 0; i < 2; i++) {
        cr_assert(is_ok(crypto_sha256(&manifests[i], 1, hash, &f.err)));
        cr_expect(bytes_eq(bytes_slice(past.digests, i * SHA256_BYTES, SHA256_BYTES), BYTES_OF(hash)));
    }
    history_past_free(&past);

    ((uint8_t *)(uintptr_t)record.ptr)[0] ^= 1; /* of a transition that is not there */
    cr_expect_eq(history_load_past(f.store, record, &past, &f.err).kind, ERR_MISSING);
    free((void *)(uintptr_t)record.ptr);
    stored_history_end(&f);
}
