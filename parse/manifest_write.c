/* SPDX-License-Identifier: Apache-2.0 */
/* A manifest as upstream's `generate` writes it, and whether two of them say the same. */
#include <stdio.h>

#include "parse/manifest.h"
#include "parse/text.h"

/* ---- text ------------------------------------------------------------------------------------------------------- */

enum { INDENT = 2 };

/* Goes on counting when it is full, so that one knows how much it takes. */
struct writer {
    uint8_t *to;
    size_t cap, len;
    unsigned depth;
    bool is_empty; /* the object or array that is open has nothing in it yet */
};

static void put(struct writer *w, bytes text)
{
    if (w->len <= w->cap && text.len <= w->cap - w->len && text.len > 0) memcpy(w->to + w->len, text.ptr, text.len);
    w->len += text.len;
}

static void put_text(struct writer *w, const char *text)
{
    put(w, text_bytes(text));
}

static void put_line(struct writer *w)
{
    put_text(w, "\n");
    for (unsigned i = 0; i < w->depth * INDENT; i++)
        put_text(w, " ");
}

static void put_number(struct writer *w, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    put_text(w, text);
}

/* In quotes. */
static void put_hex(struct writer *w, bytes value)
{
    static const char digits[] = "0123456789abcdef";
    put_text(w, "\"");
    for (size_t i = 0; i < value.len; i++) {
        put(w, BYTES((const uint8_t *)&digits[value.ptr[i] >> 4], 1));
        put(w, BYTES((const uint8_t *)&digits[value.ptr[i] & 15], 1));
    }
    put_text(w, "\"");
}

/* Go escapes what HTML and JavaScript would trip over, too. */
static bool needs_code(uint8_t c)
{
    return c < 0x20 || c == '<' || c == '>' || c == '&';
}

/* U+2028 and U+2029, which end lines in JavaScript. */
static bool is_separator(bytes text, size_t at)
{
    return bytes_eq(bytes_slice(text, at, 2), BYTES_LIT("\xe2\x80")) && at + 2 < text.len &&
           (text.ptr[at + 2] & 0xfe) == 0xa8;
}

static void put_string(struct writer *w, bytes text)
{
    static const char letters[] = "\"\\bfnrt", values[] = "\"\\\b\f\n\r\t";
    put_text(w, "\"");
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        char escape[8] = "";
        for (size_t k = 0; letters[k]; k++)
            if (c == (uint8_t)values[k]) (void)snprintf(escape, sizeof escape, "\\%c", letters[k]);
        if (!escape[0] && needs_code(c)) (void)snprintf(escape, sizeof escape, "\\u%04x", c);
        if (is_separator(text, i)) (void)snprintf(escape, sizeof escape, "\\u202%u", text.ptr[i + 2] & 0x0fu);
        if (escape[0])
            put_text(w, escape);
        else
            put(w, bytes_slice(text, i, 1));
        if (is_separator(text, i)) i += 2;
    }
    put_text(w, "\"");
}

/* ---- containers ------------------------------------------------------------------------------------------------- */

static void open_level(struct writer *w, const char *bracket)
{
    put_text(w, bracket);
    w->depth++;
    w->is_empty = true;
}

static void close_level(struct writer *w, const char *bracket)
{
    w->depth--;
    if (!w->is_empty) put_line(w);
    put_text(w, bracket);
    w->is_empty = false;
}

/* Before each item. */
static void put_item(struct writer *w)
{
    if (!w->is_empty) put_text(w, ",");
    put_line(w);
    w->is_empty = false;
}

static void put_key(struct writer *w, const char *name)
{
    put_item(w);
    put_text(w, "\"");
    put_text(w, name);
    put_text(w, "\": ");
}

static void put_bool(struct writer *w, const char *name, bool value)
{
    put_key(w, name);
    put_text(w, value ? "true" : "false");
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

/* The policy with the least hash above `above`'s, or the least of all: a map's keys are sorted. */
static const struct manifest_policy *next_policy(const struct manifest *m, const struct manifest_policy *above)
{
    const struct manifest_policy *next = NULL;
    for (size_t i = 0; i < m->policy_count; i++) {
        const struct manifest_policy *p = &m->policies[i];
        if (above && memcmp(p->hash, above->hash, sizeof p->hash) <= 0) continue;
        if (!next || memcmp(p->hash, next->hash, sizeof p->hash) < 0) next = p;
    }
    return next;
}

static void put_policy(struct writer *w, const struct manifest *m, const struct manifest_policy *p)
{
    put_item(w);
    put_hex(w, BYTES_OF(p->hash));
    put_text(w, ": ");
    open_level(w, "{");
    put_key(w, "SANs");
    open_level(w, "[");
    for (size_t i = 0; i < p->san_count; i++) {
        put_item(w);
        put_string(w, m->sans[p->first_san + i]);
    }
    close_level(w, "]");
    if (!bytes_is_absent(p->workload_secret_id)) put_key(w, "WorkloadSecretID");
    if (!bytes_is_absent(p->workload_secret_id)) put_string(w, p->workload_secret_id);
    if (p->role == MANIFEST_ROLE_COORDINATOR) put_key(w, "Role");
    if (p->role == MANIFEST_ROLE_COORDINATOR) put_text(w, "\"coordinator\"");
    close_level(w, "}");
}

static void put_policies(struct writer *w, const struct manifest *m)
{
    put_key(w, "Policies");
    open_level(w, "{");
    const struct manifest_policy *p = NULL;
    for (size_t i = 0; i < m->policy_count; i++) {
        p = next_policy(m, p);
        if (!p) break;
        put_policy(w, m, p);
    }
    close_level(w, "}");
}

/* ---- reference values ------------------------------------------------------------------------------------------- */

static void put_tcb(struct writer *w, const struct manifest_snp *e)
{
    static const char *const names[MANIFEST_TCB_PARTS] = {"BootloaderVersion", "TEEVersion", "SNPVersion",
                                                          "MicrocodeVersion"};
    const uint8_t versions[MANIFEST_TCB_PARTS] = {e->minimum_tcb.boot_loader, e->minimum_tcb.tee, e->minimum_tcb.snp,
                                                  e->minimum_tcb.microcode};
    put_key(w, "MinimumTCB");
    open_level(w, "{");
    for (size_t i = 0; i < MANIFEST_TCB_PARTS; i++) {
        put_key(w, names[i]);
        if (e->minimum_tcb_parts >> i & 1)
            put_number(w, versions[i]);
        else
            put_text(w, "null");
    }
    close_level(w, "}");
}

struct flag {
    const char *name;
    unsigned bit;
};

static void put_flags(struct writer *w, const struct flag *flags, size_t count, uint64_t word)
{
    for (size_t i = 0; i < count; i++)
        put_bool(w, flags[i].name, word >> flags[i].bit & 1);
}

static void put_guest_policy(struct writer *w, uint64_t policy)
{
    static const struct flag flags[] = {{"SMT", 16},
                                        {"MigrateMA", 18},
                                        {"Debug", 19},
                                        {"SingleSocket", 20},
                                        {"CXLAllowed", 21},
                                        {"MemAES256XTS", 22},
                                        {"RAPLDis", 23},
                                        {"CipherTextHidingDRAM", 24},
                                        {"PageSwapDisable", 25}};
    put_key(w, "GuestPolicy");
    open_level(w, "{");
    put_key(w, "ABIMinor");
    put_number(w, policy & 0xff);
    put_key(w, "ABIMajor");
    put_number(w, policy >> 8 & 0xff);
    put_flags(w, flags, sizeof flags / sizeof flags[0], policy);
    close_level(w, "}");
}

static void put_platform_info(struct writer *w, const struct manifest_snp *e)
{
    static const struct flag flags[] = {{"SMTEnabled", 0},
                                        {"TSMEEnabled", 1},
                                        {"ECCEnabled", 2},
                                        {"RAPLDisabled", 3},
                                        {"CiphertextHidingDRAMEnabled", 4},
                                        {"AliasCheckComplete", 5},
                                        {"TIOEnabled", 7}};
    put_key(w, "PlatformInfo");
    open_level(w, "{");
    put_flags(w, flags, sizeof flags / sizeof flags[0], e->platform_allowed | e->platform_required);
    close_level(w, "}");
}

static void put_chip_ids(struct writer *w, const struct manifest *m, const struct manifest_snp *e)
{
    put_key(w, "AllowedChipIDs");
    open_level(w, "[");
    for (size_t i = 0; i < e->chip_id_count; i++) {
        put_item(w);
        put_hex(w, BYTES_OF(m->chip_ids[e->first_chip_id + i].id));
    }
    close_level(w, "]");
}

static void put_ap_eip(struct writer *w, uint32_t eip)
{
    char text[16];
    (void)snprintf(text, sizeof text, "\"%08lx\"", (unsigned long)eip);
    put_key(w, "APEIP");
    put_text(w, text);
}

static void put_snp(struct writer *w, const struct manifest *m, const struct manifest_snp *e)
{
    put_item(w);
    open_level(w, "{");
    if (!bytes_is_absent(e->platform)) put_key(w, "Platform");
    if (!bytes_is_absent(e->platform)) put_string(w, e->platform);
    put_key(w, "ProductName");
    put_text(w, e->product == MANIFEST_MILAN ? "\"Milan\"" : "\"Genoa\"");
    put_key(w, "TrustedMeasurement");
    put_hex(w, e->has_measurement ? BYTES_OF(e->measurement) : BYTES_LIT(""));
    put_tcb(w, e);
    put_guest_policy(w, e->guest_policy);
    if (e->has_platform_info) put_platform_info(w, e);
    if (e->minimum_mitigations > 0) put_key(w, "MinimumMitigationVector");
    if (e->minimum_mitigations > 0) put_number(w, e->minimum_mitigations);
    if (e->chip_id_count > 0) put_chip_ids(w, m, e);
    if (e->has_ap_eip) put_ap_eip(w, e->ap_eip);
    if (e->cpus > 0) put_key(w, "CPUs");
    if (e->cpus > 0) put_number(w, e->cpus);
    close_level(w, "}");
}

static void put_reference_values(struct writer *w, const struct manifest *m)
{
    put_key(w, "ReferenceValues");
    open_level(w, "{");
    if (m->snp_count > 0) put_key(w, "snp");
    if (m->snp_count > 0) open_level(w, "[");
    for (size_t i = 0; i < m->snp_count; i++)
        put_snp(w, m, &m->snp[i]);
    if (m->snp_count > 0) close_level(w, "]");
    if (m->tdx_count > 0) put_key(w, "tdx");
    if (m->tdx_count > 0) open_level(w, "[");
    for (size_t i = 0; i < m->tdx_count; i++) {
        put_item(w);
        put(w, m->tdx[i].json);
    }
    if (m->tdx_count > 0) close_level(w, "]");
    close_level(w, "}");
}

/* ---- owners ----------------------------------------------------------------------------------------------------- */

static void put_digests(struct writer *w, const struct manifest *m)
{
    open_level(w, "[");
    for (size_t i = 0; i < m->owner_digest_count; i++) {
        put_item(w);
        put_hex(w, BYTES_OF(m->owner_digests[i].sha256));
    }
    close_level(w, "]");
}

/* Go writes an empty list that was never made as null. */
static void put_keys(struct writer *w, const char *name, const bytes *keys, size_t count)
{
    put_key(w, name);
    if (count == 0) {
        put_text(w, "null");
        return;
    }
    open_level(w, "[");
    for (size_t i = 0; i < count; i++) {
        put_item(w);
        put_hex(w, keys[i]);
    }
    close_level(w, "]");
}

static void put_owners(struct writer *w, const struct manifest *m)
{
    if (m->owner_digest_count > 0) {
        put_key(w, "WorkloadOwnerKeyDigests");
        put_digests(w, m);
    } else if (m->has_owner_digests) {
        put_keys(w, "WorkloadOwnerKeyDigests", NULL, 0);
    }
    if (m->has_owner_keys || m->owner_key_count > 0)
        put_keys(w, "WorkloadOwnerPubKeys", m->owner_keys, m->owner_key_count);
    put_keys(w, "SeedshareOwnerPubKeys", m->seed_share_owner_keys, m->seed_share_owner_key_count);
}

status manifest_write(const struct manifest *m, uint8_t *buf, size_t cap, bytes *out, struct err *err)
{
    struct writer w = {.to = buf, .cap = cap};
    open_level(&w, "{");
    put_policies(&w, m);
    put_reference_values(&w, m);
    put_owners(&w, m);
    if (!bytes_is_absent(m->minimum_api_version)) put_key(&w, "MinimumAPIVersion");
    if (!bytes_is_absent(m->minimum_api_version)) put_string(&w, m->minimum_api_version);
    close_level(&w, "}");
    put_text(&w, "\n");
    if (w.len > cap) return err_set(err, ERR_NOMEM, 0, "manifest: %zu bytes do not fit into %zu", w.len, cap);
    *out = BYTES(buf, w.len);
    return OK;
}

/* ---- comparison ------------------------------------------------------------------------------------------------- */

static bool same_text(bytes a, bytes b)
{
    return bytes_eq(a, b) || (bytes_is_absent(a) && bytes_is_absent(b));
}

static bool same_texts(const bytes *a, size_t count_a, const bytes *b, size_t count_b)
{
    if (count_a != count_b) return false;
    for (size_t i = 0; i < count_a; i++)
        if (!same_text(a[i], b[i])) return false;
    return true;
}

/* Wherever they stand. */
static bool same_policies(const struct manifest *a, const struct manifest *b)
{
    if (a->policy_count != b->policy_count) return false;
    for (size_t i = 0; i < a->policy_count; i++) {
        const struct manifest_policy *p = &a->policies[i], *q = manifest_find_policy(b, BYTES_OF(p->hash));
        if (!q || p->role != q->role || !same_text(p->workload_secret_id, q->workload_secret_id) ||
            !same_texts(&a->sans[p->first_san], p->san_count, &b->sans[q->first_san], q->san_count))
            return false;
    }
    return true;
}

static bool same_chip_ids(const struct manifest *a, const struct manifest_snp *e, const struct manifest *b,
                          const struct manifest_snp *f)
{
    if (e->chip_id_count != f->chip_id_count) return false;
    for (size_t i = 0; i < e->chip_id_count; i++)
        if (!bytes_eq(BYTES_OF(a->chip_ids[e->first_chip_id + i].id), BYTES_OF(b->chip_ids[f->first_chip_id + i].id)))
            return false;
    return true;
}

static bool same_tcb(const struct manifest_snp *e, const struct manifest_snp *f)
{
    const struct manifest_tcb *t = &e->minimum_tcb, *u = &f->minimum_tcb;
    return e->minimum_tcb_parts == f->minimum_tcb_parts && t->boot_loader == u->boot_loader && t->tee == u->tee &&
           t->snp == u->snp && t->microcode == u->microcode;
}

static bool same_snp(const struct manifest_snp *e, const struct manifest_snp *f)
{
    return same_text(e->platform, f->platform) && e->product == f->product &&
           e->has_measurement == f->has_measurement &&
           (!e->has_measurement || bytes_eq(BYTES_OF(e->measurement), BYTES_OF(f->measurement))) && same_tcb(e, f) &&
           e->guest_policy == f->guest_policy && e->has_platform_info == f->has_platform_info &&
           e->platform_allowed == f->platform_allowed && e->platform_required == f->platform_required &&
           e->minimum_mitigations == f->minimum_mitigations && e->has_ap_eip == f->has_ap_eip &&
           e->ap_eip == f->ap_eip && e->cpus == f->cpus;
}

static bool same_entries(const struct manifest *a, const struct manifest *b)
{
    if (a->snp_count != b->snp_count || a->tdx_count != b->tdx_count) return false;
    for (size_t i = 0; i < a->snp_count; i++)
        if (!same_snp(&a->snp[i], &b->snp[i]) || !same_chip_ids(a, &a->snp[i], b, &b->snp[i])) return false;
    for (size_t i = 0; i < a->tdx_count; i++)
        if (!bytes_eq(a->tdx[i].json, b->tdx[i].json)) return false;
    return true;
}

static bool same_digests(const struct manifest *a, const struct manifest *b)
{
    if (a->owner_digest_count != b->owner_digest_count) return false;
    for (size_t i = 0; i < a->owner_digest_count; i++)
        if (!bytes_eq(BYTES_OF(a->owner_digests[i].sha256), BYTES_OF(b->owner_digests[i].sha256))) return false;
    return true;
}

bool manifest_is_same(const struct manifest *a, const struct manifest *b)
{
    return same_policies(a, b) && same_entries(a, b) && same_digests(a, b) &&
           same_texts(a->owner_keys, a->owner_key_count, b->owner_keys, b->owner_key_count) &&
           same_texts(a->seed_share_owner_keys, a->seed_share_owner_key_count, b->seed_share_owner_keys,
                      b->seed_share_owner_key_count) &&
           same_text(a->minimum_api_version, b->minimum_api_version);
}
