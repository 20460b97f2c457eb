/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manifest_view.h"

#include <stdarg.h>

#include "parse/public_key.h"
#include "parse/text.h"
#include "verify/crypto.h"

const struct manifest_warning_row manifest_warning_rows[MANIFEST_WARNING_COUNT] = {
    [MANIFEST_WARNS_MEASUREMENT_UNSET] = {"measurement-unset", "no TrustedMeasurement: no report satisfies this entry"},
    [MANIFEST_WARNS_MINIMUM_TCB_ZERO] = {"minimum-tcb-zero", "all versions are 0: any firmware will do, also one with "
                                                             "known flaws"},
    [MANIFEST_WARNS_PLATFORM_INFO_UNSET] = {"platform-info-unset", "no PlatformInfo: the state of the machine is not "
                                                                   "looked at"},
    [MANIFEST_WARNS_ANY_CHIP] = {"any-chip", "no AllowedChipIDs: any genuine machine will do, and whoever owns one and "
                                             "breaks it can pass evidence on"},
    [MANIFEST_WARNS_ANY_NAME] = {"any-name",
                                 "the name \"*\": a certificate of this workload is good for the name of any "
                                 "other"},
    [MANIFEST_WARNS_SHARED_SECRET] = {"shared-secret", "the WorkloadSecretID of another policy: both get the same "
                                                       "secret"},
    [MANIFEST_WARNS_TWO_OWNER_LISTS] = {"two-owner-lists", "WorkloadOwnerKeyDigests and WorkloadOwnerPubKeys: releases "
                                                           "of Contrast read one or the other"},
    [MANIFEST_WARNS_TDX] = {"tdx", "entries for TDX are kept and not judged by this program"},
};

const char *manifest_product_name(enum manifest_product product)
{
    return product == MANIFEST_MILAN ? "Milan" : "Genoa";
}

struct manifest_key_text manifest_ec_key_text(bytes der)
{
    struct ec_public_key key;
    struct manifest_key_text text = {"unreadable"};
    if (is_ok(ec_public_key_parse(der, &key, NULL))) snprintf(text.s, sizeof text.s, "EC %s", ec_curve_name(key.curve));
    return text;
}

struct manifest_key_text manifest_rsa_key_text(bytes der)
{
    struct rsa_public_key key;
    struct manifest_key_text text = {"unreadable"};
    if (is_ok(rsa_public_key_parse(der, &key, NULL))) snprintf(text.s, sizeof text.s, "RSA %zu", key.bits);
    return text;
}

/* ---- warnings --------------------------------------------------------------------------------------------------- */

PRINTF(3, 4)
static void warn(struct manifest_view *v, enum manifest_warning_id id, const char *fmt, ...)
{
    struct manifest_warning *w = &v->warnings[id];
    if (w->count++ > 0) return;
    va_list args;
    va_start(args, fmt);
    vsnprintf(w->pointer.s, sizeof w->pointer.s, fmt, args);
    va_end(args);
}

static void warn_entry(struct manifest_view *v, size_t i)
{
    static const struct manifest_tcb zero;
    const struct manifest_snp *e = &v->manifest.snp[i];
    const char *entry = "/ReferenceValues/snp";
    if (!e->has_measurement) warn(v, MANIFEST_WARNS_MEASUREMENT_UNSET, "%s/%zu/TrustedMeasurement", entry, i);
    if (e->has_minimum_tcb && memcmp(&e->minimum_tcb, &zero, sizeof zero) == 0)
        warn(v, MANIFEST_WARNS_MINIMUM_TCB_ZERO, "%s/%zu/MinimumTCB", entry, i);
    if (!e->has_platform_info) warn(v, MANIFEST_WARNS_PLATFORM_INFO_UNSET, "%s/%zu/PlatformInfo", entry, i);
    if (e->chip_id_count == 0) warn(v, MANIFEST_WARNS_ANY_CHIP, "%s/%zu/AllowedChipIDs", entry, i);
}

static void warn_policy(struct manifest_view *v, size_t i)
{
    const struct manifest *m = &v->manifest;
    const struct manifest_policy *p = &m->policies[i];
    char hash[HEX_TEXT_SIZE(MANIFEST_HASH_BYTES)] = "";
    (void)!is_ok(hex_write(BYTES_OF(p->hash), hash, sizeof hash, NULL));
    for (size_t k = 0; k < p->san_count; k++)
        if (bytes_eq(m->sans[p->first_san + k], BYTES_LIT("*")))
            warn(v, MANIFEST_WARNS_ANY_NAME, "/Policies/%s/SANs/%zu", hash, k);
    for (size_t k = 0; k < i; k++) {
        if (!bytes_eq(p->workload_secret_id, m->policies[k].workload_secret_id)) continue;
        warn(v, MANIFEST_WARNS_SHARED_SECRET, "/Policies/%s/WorkloadSecretID", hash);
        return;
    }
}

static void warn_all(struct manifest_view *v)
{
    const struct manifest *m = &v->manifest;
    for (size_t i = 0; i < m->policy_count; i++)
        warn_policy(v, i);
    for (size_t i = 0; i < m->snp_count; i++)
        warn_entry(v, i);
    for (size_t i = 0; i < m->tdx_count; i++)
        warn(v, MANIFEST_WARNS_TDX, "/ReferenceValues/tdx/%zu", i);
    if (m->owner_digest_count > 0 && m->owner_key_count > 0)
        warn(v, MANIFEST_WARNS_TWO_OWNER_LISTS, "/WorkloadOwnerKeyDigests");
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static status digest_keys(const bytes *keys, size_t count, struct arena *memory, struct manifest_digest **out,
                          struct err *err)
{
    void *digests = NULL;
    TRY(arena_take(memory, count, sizeof **out, &digests, err));
    *out = digests;
    for (size_t i = 0; i < count; i++)
        TRY(crypto_sha256(&keys[i], 1, (*out)[i].sha256, err));
    return OK;
}

status manifest_view_read(const char *path, bytes content, struct arena *memory, struct manifest_view *out,
                          struct err *err)
{
    struct manifest_view v = {.path = path, .content = content};
    void *room = NULL, *text = NULL;
    TRY(arena_take(memory, 1, sizeof(struct manifest_room), &room, err));
    TRY(arena_take(memory, 1, content.len, &text, err));
    TRY(crypto_sha256(&content, 1, v.sha256, err));
    v.storage = manifest_storage_of(room, text, content.len);
    v.is_readable = is_ok(manifest_parse_draft(content, &v.storage, &v.manifest, NULL));
    if (v.is_readable) {
        const struct manifest *m = &v.manifest;
        warn_all(&v);
        TRY(digest_keys(m->owner_keys, m->owner_key_count, memory, &v.owners, err));
        TRY(digest_keys(m->seed_share_owner_keys, m->seed_share_owner_key_count, memory, &v.seed_share_owners, err));
    }
    *out = v;
    return OK;
}
