/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manifest_text.c: for people, and for editors that know FILE:LINE:COLUMN. */
#include "cli/manifest_view.h"
#include "cli/option.h"
#include "parse/text.h"
#include "snp/policy.h"

enum { LABEL_COLUMNS = 18 };

static void put_nothing(FILE *out)
{
    (void)out;
}

static void put_path(FILE *out, const char *path)
{
    layout_foreign(out, text_bytes(path));
}

/* ---- findings and warnings -------------------------------------------------------------------------------------- */

static void put_finding(FILE *out, const struct manifest_view *v, const struct manifest_finding *f)
{
    struct text_place place = text_place_of(v->content, f->offset);
    put_path(out, v->path);
    fprintf(out, ":%zu:%zu: %s%s%s\n", place.line, place.column, f->pointer.s, f->pointer.s[0] ? ": " : "", f->text);
}

static void put_warning(FILE *out, const struct manifest_view *v, size_t i)
{
    const struct manifest_warning *w = &v->warnings[i];
    if (w->count == 0) return;
    put_path(out, v->path);
    fprintf(out, ": warning: %s", w->pointer.s);
    if (w->count > 1) fprintf(out, " and %zu more", w->count - 1);
    fprintf(out, ": %s\n", manifest_warning_rows[i].text);
}

static void put_result(FILE *out, const struct manifest_view *v, const struct palette *p)
{
    const struct manifest_storage *s = &v->storage;
    size_t missing = 0;
    for (size_t i = 0; i < s->finding_count; i++)
        missing += s->findings[i].missing;
    put_path(out, v->path);
    if (s->finding_count == 0)
        fprintf(out, ": %svalid%s\n", p->good, p->end);
    else if (v->is_readable)
        fprintf(out, ": %sunfinished%s: %zu value%s to be filled in\n", p->bad, p->end, missing,
                missing > 1 ? "s" : "");
    else
        fprintf(out, ": %sinvalid%s: %zu finding%s%s\n", p->bad, p->end, s->finding_count,
                s->finding_count > 1 ? "s" : "", s->findings_cut ? ", and nothing behind the last was read" : "");
}

/* ---- what it says ----------------------------------------------------------------------------------------------- */

static void put_label(FILE *out, const char *name)
{
    fprintf(out, "    %-*s", LABEL_COLUMNS, name);
}

static void put_hex(FILE *out, bytes value)
{
    for (size_t i = 0; i < value.len; i++)
        fprintf(out, "%02x", value.ptr[i]);
}

static void put_policy(FILE *out, const struct manifest *m, const struct manifest_policy *p)
{
    fputs("  policy ", out);
    put_hex(out, BYTES_OF(p->hash));
    fputs(p->role == MANIFEST_ROLE_COORDINATOR ? ", the Coordinator\n" : "\n", out);
    put_label(out, "names");
    for (size_t i = 0; i < p->san_count; i++) {
        fputs(i > 0 ? ", " : "", out);
        layout_foreign(out, m->sans[p->first_san + i]);
    }
    fputc('\n', out);
    put_label(out, "workload secret");
    if (bytes_is_absent(p->workload_secret_id))
        fputs("none", out);
    else
        layout_foreign(out, p->workload_secret_id);
    fputc('\n', out);
}

/* The names of the bits that are set in `word`. */
static void put_bits(FILE *out, uint64_t word, const struct snp_bit *bits, size_t count)
{
    const char *before = "";
    for (size_t i = 0; i < count; i++) {
        if (!(word & bits[i].mask)) continue;
        fprintf(out, "%s%s", before, bits[i].name);
        before = ", ";
    }
    if (!*before) fputs("nothing", out);
}

static void put_platform(FILE *out, const struct manifest_snp *e)
{
    put_label(out, "platform may");
    put_bits(out, e->platform_allowed, snp_platform_bits, SNP_PLATFORM_BIT_COUNT);
    fputc('\n', out);
    put_label(out, "platform must");
    put_bits(out, e->platform_required, snp_platform_bits, SNP_PLATFORM_BIT_COUNT);
    fputc('\n', out);
}

static void put_tcb(FILE *out, const struct manifest_snp *e)
{
    const struct manifest_tcb *t = &e->minimum_tcb;
    put_label(out, "minimum TCB");
    if (e->has_minimum_tcb)
        fprintf(out, "boot loader %u, TEE %u, SNP %u, microcode %u\n", t->boot_loader, t->tee, t->snp, t->microcode);
    else
        fputs("to be filled in\n", out);
}

static void put_machine(FILE *out, const struct manifest *m, const struct manifest_snp *e)
{
    put_label(out, "machines");
    if (e->chip_id_count == 0) fputs("any", out);
    for (size_t i = 0; i < e->chip_id_count; i++) {
        const char *before = i == 0 ? "" : "\n";
        fprintf(out, "%s%*s", before, i == 0 ? 0 : 4 + LABEL_COLUMNS, "");
        put_hex(out, BYTES_OF(m->chip_ids[e->first_chip_id + i].id));
    }
    fputc('\n', out);
}

static void put_snp(FILE *out, const struct manifest *m, size_t i)
{
    const struct manifest_snp *e = &m->snp[i];
    fprintf(out, "  snp[%zu]: %s", i, manifest_product_name(e->product));
    if (!bytes_is_absent(e->platform)) fputs(", ", out);
    if (!bytes_is_absent(e->platform)) layout_foreign(out, e->platform);
    fputc('\n', out);
    put_label(out, "measurement");
    if (e->has_measurement)
        put_hex(out, BYTES_OF(e->measurement));
    else
        fputs("none: no report satisfies this", out);
    fputc('\n', out);
    if (e->has_ap_eip) {
        put_label(out, "of one vCPU");
        fprintf(out, "1 to %d are accepted, AP reset EIP %08x\n", LIMIT_LAUNCH_VCPUS_TRIED, e->ap_eip);
    }
    if (e->cpus > 0) {
        put_label(out, "vCPUs");
        fprintf(out, "%llu\n", (unsigned long long)e->cpus);
    }
    put_tcb(out, e);
    put_label(out, "guest policy");
    fprintf(out, "0x%llx: ABI 0.%llu, ", (unsigned long long)e->guest_policy,
            (unsigned long long)(e->guest_policy & SNP_POLICY_ABI_MINOR));
    put_bits(out, e->guest_policy, snp_policy_bits, SNP_POLICY_BIT_COUNT);
    fputc('\n', out);
    if (e->has_platform_info) put_platform(out, e);
    if (e->minimum_mitigations > 0) {
        put_label(out, "mitigations");
        fprintf(out, "0x%llx\n", (unsigned long long)e->minimum_mitigations);
    }
    put_machine(out, m, e);
}

static void put_owner(FILE *out, const char *label, const struct manifest_digest *digest, const char *kind)
{
    put_label(out, label);
    fputs("SHA-256 ", out);
    put_hex(out, BYTES_OF(digest->sha256));
    fprintf(out, "%s%s\n", kind[0] ? ", " : "", kind);
}

static void put_owners(FILE *out, const struct manifest_view *v)
{
    const struct manifest *m = &v->manifest;
    fputs("  owners\n", out);
    for (size_t i = 0; i < m->owner_digest_count; i++)
        put_owner(out, "may update", &m->owner_digests[i], "");
    for (size_t i = 0; i < m->owner_key_count; i++)
        put_owner(out, "may update", &v->owners[i], manifest_ec_key_text(m->owner_keys[i]).s);
    if (m->owner_digest_count + m->owner_key_count == 0) put_label(out, "may update");
    if (m->owner_digest_count + m->owner_key_count == 0) fputs("nobody: updates are disabled\n", out);
    for (size_t i = 0; i < m->seed_share_owner_key_count; i++)
        put_owner(out, "may recover", &v->seed_share_owners[i], manifest_rsa_key_text(m->seed_share_owner_keys[i]).s);
    if (m->seed_share_owner_key_count == 0) put_label(out, "may recover");
    if (m->seed_share_owner_key_count == 0) fputs("nobody\n", out);
}

static void put_manifest(FILE *out, const struct manifest_view *v)
{
    const struct manifest *m = &v->manifest;
    fputs("  SHA-256 ", out);
    put_hex(out, BYTES_OF(v->sha256));
    fprintf(out, ", %zu bytes\n", v->content.len);
    for (size_t i = 0; i < m->policy_count; i++)
        put_policy(out, m, &m->policies[i]);
    for (size_t i = 0; i < m->snp_count; i++)
        put_snp(out, m, i);
    for (size_t i = 0; i < m->tdx_count; i++)
        fprintf(out, "  tdx[%zu]: kept, not judged\n", i);
    put_owners(out, v);
    if (!bytes_is_absent(m->minimum_api_version)) fprintf(out, "  API at least v%u\n", m->minimum_api_number);
}

static status file_text(FILE *out, const struct manifest_view *v, const struct manifest_style *style, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < v->storage.finding_count; i++)
        put_finding(out, v, &v->storage.findings[i]);
    for (size_t i = 0; i < MANIFEST_WARNING_COUNT; i++)
        put_warning(out, v, i);
    put_result(out, v, style->palette);
    if (v->is_readable && !style->quiet) put_manifest(out, v);
    return OK;
}

static status unread_text(FILE *out, const char *path, const struct err *why, const struct manifest_style *style,
                          struct err *err)
{
    (void)style, (void)err;
    put_path(out, path);
    fprintf(out, ": not read: %s\n", why->text);
    return OK;
}

const struct manifest_format manifest_text = {put_nothing, file_text, unread_text, put_nothing};
