/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "kube/manifest_update.h"
#include "kube/package.h"
#include "parse/text.h"

static struct arena memory;

static void clean(void)
{
    arena_free(&memory);
}

static struct workload workload(uint8_t digest, const char *kind, const char *name, const char *name_space)
{
    struct workload w = {.api_version = BYTES_LIT("apps/v1"),
                         .kind = text_bytes(kind),
                         .name = text_bytes(name),
                         .name_space = name_space ? text_bytes(name_space) : BYTES_ABSENT};
    memset(w.digest, digest, sizeof w.digest);
    return w;
}

static struct workload coordinator(uint8_t digest)
{
    struct workload w = workload(digest, "StatefulSet", "coordinator", NULL);
    w.is_coordinator = true;
    return w;
}

static struct manifest_inputs inputs(bytes old, const struct workload *workloads, size_t count)
{
    return (struct manifest_inputs){.old = old,
                                    .reference_values = package_reference_values(),
                                    .platform = PLATFORM_METAL_QEMU_SNP,
                                    .workloads = workloads,
                                    .count = count};
}

static enum err_kind kind_of(const struct manifest_inputs *in)
{
    struct manifest_result r;
    return manifest_update(in, &memory, &r, NULL).kind;
}

static struct manifest_result update(bytes old, const struct workload *workloads, size_t count)
{
    const struct manifest_inputs in = inputs(old, workloads, count);
    struct manifest_result r = {0};
    struct err err = {0};
    cr_assert(is_ok(manifest_update(&in, &memory, &r, &err)), "%s", err.text);
    return r;
}

static const struct manifest_policy *find(const struct manifest_result *r, uint8_t digest)
{
    uint8_t hash[MANIFEST_HASH_BYTES];
    memset(hash, digest, sizeof hash);
    return manifest_find_policy(&r->manifest, BYTES_OF(hash));
}

/* `text` with its first `from` replaced. */
static bytes edited(bytes text, const char *from, const char *to)
{
    struct text_out out = {.memory = &memory};
    size_t n = strlen(from), at = 0;
    bytes made;
    while (!bytes_eq(bytes_slice(text, at, n), text_bytes(from)))
        cr_assert(++at < text.len);
    text_put(&out, bytes_slice(text, 0, at));
    text_put_string(&out, to);
    text_put(&out, bytes_slice(text, at + n, text.len - at - n));
    cr_assert(is_ok(text_out_take(&out, &made, NULL)));
    return made;
}

Test(manifest_update, wants_one_coordinator, .fini = clean)
{
    const struct workload none[] = {workload(1, "Deployment", "web", NULL)}, two[] = {coordinator(1), coordinator(2)};
    struct manifest_inputs in = inputs(BYTES_ABSENT, none, 1);
    cr_expect(kind_of(&in) == ERR_MISSING);
    in = inputs(BYTES_ABSENT, two, 2);
    cr_expect(kind_of(&in) == ERR_MISSING);
    in = inputs(BYTES_LIT("{}"), two, 1);
    cr_expect(kind_of(&in) != ERR_NONE);
    in = inputs(BYTES_ABSENT, two, 1);
    in.reference_values = BYTES_LIT("{\"metal-qemu-snp\": {\"snp\": []}}");
    cr_expect(kind_of(&in) != ERR_NONE);
    in.reference_values = BYTES_LIT("{\"metal-qemu-snp\": {\"snp\": [{}]}, \"metal-qemu-snp\": {}}");
    cr_expect(kind_of(&in) != ERR_NONE);
}

Test(manifest_update, every_platform_has_values_that_are_a_draft, .fini = clean)
{
    const struct workload one[] = {coordinator(1)};
    for (unsigned i = 0; i < PLATFORM_COUNT; i++) {
        struct manifest_inputs in = inputs(BYTES_ABSENT, one, 1);
        struct manifest_result r = {0};
        struct err err = {0};
        in.platform = (enum platform)i;
        cr_expect(is_ok(manifest_update(&in, &memory, &r, &err)), "%s: %s", platform_row(in.platform)->name, err.text);
        cr_expect(r.manifest.snp_count + r.manifest.tdx_count > 0 && r.missing.count > 0);
    }
}

Test(manifest_update, the_order_of_workloads_changes_nothing, .fini = clean)
{
    const struct workload a[] = {coordinator(3), workload(1, "Deployment", "web", NULL),
                                 workload(2, "Pod", "web", "shop")};
    const struct workload b[] = {a[2], a[0], a[1]};
    struct manifest_result one = update(BYTES_ABSENT, a, 3), other = update(BYTES_ABSENT, b, 3);
    cr_expect(bytes_eq(one.text, other.text));
    cr_expect(bytes_eq(find(&one, 1)->workload_secret_id, BYTES_LIT("apps/v1/Deployment/default/web")));
    cr_expect(bytes_eq(find(&one, 2)->workload_secret_id, BYTES_LIT("apps/v1/Pod/shop/web")));
    cr_expect(bytes_eq(find(&one, 3)->workload_secret_id, BYTES_LIT("coordinator")));
    cr_expect(find(&one, 3)->role == MANIFEST_ROLE_COORDINATOR);
    cr_expect(bytes_eq(update(one.text, b, 3).text, one.text), "a second time");
}

Test(manifest_update, what_was_written_by_hand_stays_with_its_workload, .fini = clean)
{
    struct workload w[] = {coordinator(3), workload(1, "Deployment", "web", NULL),
                           workload(2, "Deployment", "db", NULL)};
    bytes old = update(BYTES_ABSENT, w, 3).text;
    old = edited(old, "\"web\",", "\"web\", \"198.51.100.7\",");
    old = edited(old, "\"WorkloadSecretID\": \"web\"", "\"WorkloadSecretID\": \"mine\"");
    struct manifest_result r = update(old, w, 3);
    cr_expect(find(&r, 1)->san_count == 3 && bytes_eq(find(&r, 1)->workload_secret_id, BYTES_LIT("mine")),
              "same policy");
    memset(w[1].digest, 7, sizeof w[1].digest);
    r = update(old, w, 3);
    cr_expect(!find(&r, 1) && find(&r, 7)->san_count == 3, "known by its name");
    cr_expect(bytes_eq(find(&r, 7)->workload_secret_id, BYTES_LIT("mine")));
    cr_expect(find(&r, 2)->san_count == 2, "others have what they had");
    w[1].workload_secret_id = BYTES_LIT("said");
    r = update(old, w, 3);
    cr_expect(bytes_eq(find(&r, 7)->workload_secret_id, BYTES_LIT("said")), "the annotation counts");
    w[1] = workload(8, "Deployment", "other", NULL);
    r = update(old, w, 3);
    cr_expect(find(&r, 8)->san_count == 2 && r.manifest.policy_count == 3, "a stranger inherits nothing");
}

Test(manifest_update, owners_are_added_once_and_sorted, .fini = clean)
{
    const struct workload one[] = {coordinator(1)};
    struct manifest_inputs in = inputs(BYTES_ABSENT, one, 1);
    struct manifest_result r, again;
    bytes keys[] = {BYTES_LIT("b"), BYTES_LIT("a"), BYTES_LIT("b")};
    in.owners = (struct texts){keys, 3};
    cr_assert(is_ok(manifest_update(&in, &memory, &r, NULL)));
    cr_expect(r.manifest.owner_digest_count == 2);
    cr_expect(memcmp(r.manifest.owner_digests[0].sha256, r.manifest.owner_digests[1].sha256, 32) < 0);
    in.old = r.text;
    in.owners.count = 1;
    cr_assert(is_ok(manifest_update(&in, &memory, &again, NULL)));
    cr_expect(bytes_eq(again.text, r.text));
    in.disables_updates = true;
    cr_assert(is_ok(manifest_update(&in, &memory, &again, NULL)));
    cr_expect(again.manifest.owner_digest_count == 0);
}
