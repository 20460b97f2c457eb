/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/workspace.h"

#include <errno.h>
#include <unistd.h>

#include "cli/file.h"
#include "kube/carrier.h"
#include "kube/package.h"
#include "parse/pem.h"
#include "parse/public_key.h"
#include "parse/text.h"

/* A rules file of somebody's own may be some times as long as ours. */
enum { RULES_BYTES = 1048576, SETTINGS_BYTES = 65536, KEY_FILE_BYTES = 16384 };

static bool is_absent(const char *path)
{
    return access(path, F_OK) != 0 && errno == ENOENT;
}

static void add_file(struct workspace *w, const char *path, bytes secret_content, bool is_key)
{
    w->files[w->count++] = (struct workspace_file){path, secret_content, is_key};
}

/* ---- rules and settings ----------------------------------------------------------------------------------------- */

/* The file; or what comes with the program, which becomes the file.  One that was named has to be there. */
static status read_or_make(struct workspace *w, const char *named, const char *usual, bytes packaged, size_t limit,
                           struct arena *memory, bytes *out, struct err *err)
{
    *out = packaged;
    if (named || !is_absent(usual)) return file_read_into(named ? named : usual, limit, memory, out, err);
    add_file(w, usual, packaged, false);
    return OK;
}

status workspace_open(const struct workspace_options *o, struct arena *memory, struct workspace *w, struct err *err)
{
    bytes settings;
    const char *rules_path = o->rules ? o->rules : "rules.rego";
    const char *settings_path = o->settings ? o->settings : "settings.json";
    TRY(read_or_make(w, o->rules, "rules.rego", package_rules(), RULES_BYTES, memory, &w->rules, err));
    TRY(err_in(err, carrier_check(w->rules, err), "%s", text_quote(text_bytes(rules_path)).s));
    TRY(read_or_make(w, o->settings, "settings.json", package_settings(), SETTINGS_BYTES, memory, &settings, err));
    return err_in(err, policy_settings_parse(settings, memory, &w->settings, err), "%s",
                  text_quote(text_bytes(settings_path)).s);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

struct owner {
    const struct text_list *named;
    const char *usual;
    enum public_key_form form;
    struct texts *out; /* as the manifest has them */
};

/* What a manifest says of a key. */
static status add_public(const struct owner *o, bytes spki, struct arena *memory, struct err *err)
{
    struct public_key key;
    bytes in;
    TRY(public_key_parse(spki, &key, err));
    if (key.form != o->form)
        return err_set(err, ERR_MISMATCH, 0, "want %s", o->form == PUBLIC_KEY_EC ? "an EC key" : "an RSA key");
    TRY(arena_copy(memory, o->form == PUBLIC_KEY_EC ? spki : key.octets, &in, err));
    return texts_add(o->out, in, memory, err);
}

static status read_pem(const struct owner *o, bytes pem, struct arena *memory, struct err *err)
{
    struct private_key secret_key;
    uint8_t der[KEY_SPKI_MAX];
    bytes spki;
    if (is_ok(pem_parse(pem, "PUBLIC KEY", &spki, 1, der, sizeof der, NULL))) return add_public(o, spki, memory, err);
    TRY(private_key_parse_pem(pem, &secret_key, err));
    status s = add_public(o, private_key_spki(&secret_key), memory, err);
    private_key_wipe(&secret_key);
    return s;
}

static status read_key(const struct owner *o, const char *path, struct arena *memory, struct err *err)
{
    bytes pem;
    TRY(file_read_into(path, KEY_FILE_BYTES, memory, &pem, err));
    status s = err_in(err, read_pem(o, pem, memory, err), "%s", text_quote(text_bytes(path)).s);
    secret_wipe((uint8_t *)pem.ptr, pem.len);
    return s;
}

static status make_key(const struct owner *o, const char *path, struct workspace *w, struct arena *memory,
                       struct err *err)
{
    struct private_key secret_key = {0};
    bool is_ec = o->form == PUBLIC_KEY_EC;
    struct secret_pem *secret_pem = &w->secret_keys[is_ec ? 0 : 1];
    status s = is_ec ? private_key_generate(KEY_P384, &secret_key, err) : private_key_generate_rsa(&secret_key, err);
    if (is_ok(s)) s = add_public(o, private_key_spki(&secret_key), memory, err);
    if (is_ok(s)) s = private_key_write_pem(&secret_key, secret_pem, err);
    if (is_ok(s)) add_file(w, path, BYTES((const uint8_t *)secret_pem->secret, secret_pem->len), true);
    private_key_wipe(&secret_key);
    return s;
}

static status read_owners(const struct owner *o, bool makes_keys, struct workspace *w, struct arena *memory,
                          struct err *err)
{
    size_t count = o->named->count > 0 ? o->named->count : 1;
    for (size_t i = 0; i < count; i++) {
        const char *path = o->named->count > 0 ? o->named->items[i] : o->usual;
        bool is_new = count == 1 && is_absent(path);
        if (is_new && !makes_keys) continue;
        TRY(is_new ? make_key(o, path, w, memory, err) : read_key(o, path, memory, err));
    }
    return OK;
}

/* ---- the manifest ----------------------------------------------------------------------------------------------- */

static status list_workloads(const struct preparation *p, struct arena *memory, struct manifest_inputs *in,
                             struct err *err)
{
    void *room;
    TRY(arena_take(memory, p->pod_count, sizeof(struct workload), &room, err));
    struct workload *workloads = room;
    for (size_t i = 0; i < p->pod_count; i++) {
        const struct resource *r = p->pods[i].resource;
        struct yaml_node *id = resource_annotation(r, "workload-secret-id");
        if (!r->is_confidential) continue;
        struct workload *w = &workloads[in->count++];
        *w = (struct workload){.api_version = r->api_version,
                               .kind = r->kind,
                               .name = r->name,
                               .name_space = r->name_space,
                               .workload_secret_id = id ? yaml_text(id) : BYTES_ABSENT,
                               .is_coordinator = resource_is_coordinator(r)};
        memcpy(w->digest, p->pods[i].policy.digest, sizeof w->digest);
    }
    in->workloads = workloads;
    return OK;
}

static status read_manifest(const struct workspace_options *o, const char *path, struct arena *memory,
                            struct manifest_inputs *in, struct err *err)
{
    in->reference_values = package_reference_values();
    if (o->reference_values)
        TRY(file_read_into(o->reference_values, LIMIT_MANIFEST_BYTES, memory, &in->reference_values, err));
    return is_absent(path) ? OK : file_read_into(path, LIMIT_MANIFEST_BYTES, memory, &in->old, err);
}

status workspace_update(const struct workspace_options *o, enum platform platform, const struct preparation *p,
                        bool makes_keys, struct arena *memory, struct workspace *w, struct err *err)
{
    const char *path = o->manifest ? o->manifest : "manifest.json";
    struct manifest_inputs in = {.platform = platform, .disables_updates = o->disables_updates};
    const struct owner owner = {&o->owner_keys, "workload-owner.pem", PUBLIC_KEY_EC, &in.owners};
    const struct owner seed_share = {&o->seed_share_keys, "seedshare-owner.pem", PUBLIC_KEY_RSA, &in.seed_share_owners};
    TRY(list_workloads(p, memory, &in, err));
    TRY(read_manifest(o, path, memory, &in, err));
    if (!o->disables_updates) TRY(read_owners(&owner, makes_keys, w, memory, err));
    TRY(read_owners(&seed_share, makes_keys, w, memory, err));
    TRY(err_in(err, manifest_update(&in, memory, &w->manifest, err), "%s", text_quote(text_bytes(path)).s));
    if (!bytes_eq(in.old, w->manifest.text)) add_file(w, path, w->manifest.text, false);
    return OK;
}

void workspace_wipe(struct workspace *w)
{
    secret_pem_wipe(&w->secret_keys[0]);
    secret_pem_wipe(&w->secret_keys[1]);
}
