/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manifest_json_cjson.c: for programs.  The schema is contrast.manifest/1 of docs/manifest.md: members are added to
 * it, never renamed, removed or given another meaning.
 *
 * Numbers of 64 bits and bytes are strings in hex, so that no reader rounds them.  Foreign text that is not printable
 * ASCII comes quoted and escaped, as on a terminal.
 */
#include <cJSON.h>
#include <stdlib.h>

#include "cli/json_out.h"
#include "cli/manifest_view.h"
#include "cli/option.h"
#include "parse/san.h"
#include "parse/text.h"

#define SCHEMA "contrast.manifest/1"

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void add_hex(cJSON *to, const char *name, bytes value)
{
    char hex[HEX_TEXT_SIZE(MANIFEST_CHIP_ID_BYTES)] = "";
    (void)!is_ok(hex_write(value, hex, sizeof hex, NULL));
    cJSON_AddStringToObject(to, name, hex);
}

static void add_bits(cJSON *to, const char *name, uint64_t word)
{
    char text[24];
    snprintf(text, sizeof text, "0x%llx", (unsigned long long)word);
    cJSON_AddStringToObject(to, name, text);
}

/* What layout_foreign prints. */
static cJSON *json_foreign(bytes value)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (f) layout_foreign(f, value);
    bool whole = f && fclose(f) == 0;
    cJSON *string = whole ? cJSON_CreateString(text) : NULL;
    if (!whole) json_lack();
    free(text);
    return string;
}

/* ---- what is wrong ---------------------------------------------------------------------------------------------- */

static cJSON *json_finding(const struct manifest_view *v, const struct manifest_finding *f)
{
    struct text_place place = text_place_of(v->content, f->offset);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "pointer", f->pointer.s);
    cJSON_AddNumberToObject(o, "line", (double)place.line);
    cJSON_AddNumberToObject(o, "column", (double)place.column);
    cJSON_AddNumberToObject(o, "offset", (double)f->offset);
    cJSON_AddStringToObject(o, "kind", err_kind_name(f->kind));
    cJSON_AddBoolToObject(o, "to_be_filled_in", f->missing);
    cJSON_AddStringToObject(o, "text", f->text);
    return o;
}

static void add_warnings(cJSON *to, const struct manifest_view *v)
{
    cJSON *list = cJSON_AddArrayToObject(to, "warnings");
    for (size_t i = 0; i < MANIFEST_WARNING_COUNT; i++) {
        if (v->warnings[i].count == 0) continue;
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "id", manifest_warning_rows[i].name);
        cJSON_AddStringToObject(o, "pointer", v->warnings[i].pointer.s);
        cJSON_AddNumberToObject(o, "count", (double)v->warnings[i].count);
        cJSON_AddStringToObject(o, "text", manifest_warning_rows[i].text);
        cJSON_AddItemToArray(list, o);
    }
}

/* ---- what it says ----------------------------------------------------------------------------------------------- */

static cJSON *json_policy(const struct manifest *m, const struct manifest_policy *p)
{
    static const char *const kinds[] = {[SAN_DNS] = "dns", [SAN_IP] = "ip", [SAN_URI] = "uri"};
    cJSON *o = cJSON_CreateObject();
    add_hex(o, "hash", BYTES_OF(p->hash));
    if (p->role == MANIFEST_ROLE_COORDINATOR) cJSON_AddStringToObject(o, "role", "coordinator");
    cJSON *sans = cJSON_AddArrayToObject(o, "sans");
    for (size_t i = 0; i < p->san_count; i++) {
        struct san san = {0};
        (void)!is_ok(san_parse(m->sans[p->first_san + i], &san, NULL));
        cJSON *name = cJSON_CreateObject();
        cJSON_AddStringToObject(name, "kind", kinds[san.kind]);
        cJSON_AddItemToObject(name, "name", json_foreign(m->sans[p->first_san + i]));
        cJSON_AddItemToArray(sans, name);
    }
    if (!bytes_is_absent(p->workload_secret_id))
        cJSON_AddItemToObject(o, "workload_secret_id", json_foreign(p->workload_secret_id));
    return o;
}

static void add_tcb(cJSON *to, const struct manifest_tcb *t)
{
    cJSON *o = cJSON_AddObjectToObject(to, "minimum_tcb");
    cJSON_AddNumberToObject(o, "boot_loader", t->boot_loader);
    cJSON_AddNumberToObject(o, "tee", t->tee);
    cJSON_AddNumberToObject(o, "snp", t->snp);
    cJSON_AddNumberToObject(o, "microcode", t->microcode);
}

static cJSON *json_snp(const struct manifest *m, const struct manifest_snp *e)
{
    cJSON *o = cJSON_CreateObject();
    if (!bytes_is_absent(e->platform)) cJSON_AddItemToObject(o, "platform", json_foreign(e->platform));
    cJSON_AddStringToObject(o, "product", manifest_product_name(e->product));
    if (e->has_measurement) add_hex(o, "measurement", BYTES_OF(e->measurement));
    if (e->has_minimum_tcb) add_tcb(o, &e->minimum_tcb);
    add_bits(o, "guest_policy", e->guest_policy);
    if (e->has_platform_info) {
        add_bits(o, "platform_allowed", e->platform_allowed);
        add_bits(o, "platform_required", e->platform_required);
    }
    add_bits(o, "minimum_mitigations", e->minimum_mitigations);
    cJSON *chips = cJSON_AddArrayToObject(o, "chip_ids");
    for (size_t i = 0; i < e->chip_id_count; i++) {
        char hex[HEX_TEXT_SIZE(MANIFEST_CHIP_ID_BYTES)] = "";
        (void)!is_ok(hex_write(BYTES_OF(m->chip_ids[e->first_chip_id + i].id), hex, sizeof hex, NULL));
        cJSON_AddItemToArray(chips, cJSON_CreateString(hex));
    }
    if (e->has_ap_eip) add_bits(o, "ap_reset_eip", e->ap_eip);
    return o;
}

static void add_owner(cJSON *list, const struct manifest_digest *digest, const char *kind)
{
    cJSON *o = cJSON_CreateObject();
    add_hex(o, "sha256", BYTES_OF(digest->sha256));
    if (kind[0]) cJSON_AddStringToObject(o, "key", kind);
    cJSON_AddItemToArray(list, o);
}

static void add_owners(cJSON *to, const struct manifest_view *v)
{
    const struct manifest *m = &v->manifest;
    cJSON *owners = cJSON_AddArrayToObject(to, "workload_owners");
    for (size_t i = 0; i < m->owner_digest_count; i++)
        add_owner(owners, &m->owner_digests[i], "");
    for (size_t i = 0; i < m->owner_key_count; i++)
        add_owner(owners, &v->owners[i], manifest_ec_key_text(m->owner_keys[i]).s);
    cJSON *seed_share_owners = cJSON_AddArrayToObject(to, "seed_share_owners");
    for (size_t i = 0; i < m->seed_share_owner_key_count; i++)
        add_owner(seed_share_owners, &v->seed_share_owners[i], manifest_rsa_key_text(m->seed_share_owner_keys[i]).s);
}

static void add_manifest(cJSON *to, const struct manifest_view *v)
{
    const struct manifest *m = &v->manifest;
    cJSON *o = cJSON_AddObjectToObject(to, "manifest");
    cJSON *policies = cJSON_AddArrayToObject(o, "policies");
    for (size_t i = 0; i < m->policy_count; i++)
        cJSON_AddItemToArray(policies, json_policy(m, &m->policies[i]));
    cJSON *snp = cJSON_AddArrayToObject(o, "snp");
    for (size_t i = 0; i < m->snp_count; i++)
        cJSON_AddItemToArray(snp, json_snp(m, &m->snp[i]));
    cJSON_AddNumberToObject(o, "tdx", (double)m->tdx_count);
    add_owners(o, v);
    if (!bytes_is_absent(m->minimum_api_version))
        cJSON_AddNumberToObject(o, "minimum_api_version", m->minimum_api_number);
}

/* ---- a document ------------------------------------------------------------------------------------------------- */

static void open_json(FILE *out)
{
    fputs("{\n  \"schema\": \"" SCHEMA "\",\n  \"files\": [", out);
}

static status file_json(FILE *out, const struct manifest_view *v, const struct manifest_style *style, struct err *err)
{
    cJSON *o = json_begin();
    cJSON_AddItemToObject(o, "file", json_foreign(text_bytes(v->path)));
    add_hex(o, "sha256", BYTES_OF(v->sha256));
    cJSON_AddBoolToObject(o, "valid", v->storage.finding_count == 0);
    cJSON *findings = cJSON_AddArrayToObject(o, "findings");
    for (size_t i = 0; i < v->storage.finding_count; i++)
        cJSON_AddItemToArray(findings, json_finding(v, &v->storage.findings[i]));
    cJSON_AddBoolToObject(o, "findings_cut", v->storage.findings_cut);
    add_warnings(o, v);
    if (v->is_readable) add_manifest(o, v);
    return json_end(o, out, style->first ? "\n" : ",\n", "", err);
}

static status unread_json(FILE *out, const char *path, const struct err *why, const struct manifest_style *style,
                          struct err *err)
{
    cJSON *o = json_begin();
    cJSON_AddItemToObject(o, "file", json_foreign(text_bytes(path)));
    cJSON_AddBoolToObject(o, "valid", false);
    cJSON_AddStringToObject(o, "error", why->text);
    return json_end(o, out, style->first ? "\n" : ",\n", "", err);
}

static void close_json(FILE *out)
{
    fputs("\n  ]\n}\n", out);
}

const struct manifest_format manifest_json = {open_json, file_json, unread_json, close_json};
