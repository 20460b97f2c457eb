/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/set_files.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/output.h"
#include "cli/policy_files.h"
#include "parse/text.h"
#include "verify/crypto.h"

enum { KEY_FILE_BYTES = 16384 };

/* ---- manifest and policies -------------------------------------------------------------------------------------- */

static status read_manifest(const char *path, struct arena *memory, struct set_input *out, struct err *err)
{
    void *room, *text;
    TRY(file_read_into(path, LIMIT_MANIFEST_BYTES, memory, &out->text, err));
    TRY(arena_take(memory, 1, sizeof(struct manifest_room), &room, err));
    TRY(arena_take(memory, LIMIT_MANIFEST_BYTES, 1, &text, err));
    struct manifest_storage storage = manifest_storage_of(room, text, LIMIT_MANIFEST_BYTES);
    return err_in(err, manifest_parse(out->text, &storage, &out->manifest, err), "%s", text_quote(text_bytes(path)).s);
}

/* The index of the policy that the manifest names by this hash; policy_count when it names none. */
static size_t index_of(const struct manifest *m, bytes hash)
{
    size_t i = 0;
    while (i < m->policy_count && !bytes_eq(BYTES_OF(m->policies[i].hash), hash))
        i++;
    return i;
}

struct collecting {
    struct set_input *in;
    bool *given;
    struct arena *memory;
};

/* Where a policy is from: a file, or a workload in it. */
static struct text_quoted name_of(const struct policy_file *f)
{
    return text_quote(f->resource ? f->resource->name : text_bytes(f->path));
}

static status add_policy(void *context, const struct policy_file *f, struct err *err)
{
    const struct collecting *c = context;
    void *policies = c->in->policies;
    size_t i = index_of(&c->in->manifest, BYTES_OF(f->digest));
    if (i == c->in->manifest.policy_count)
        return err_rule(err, ERR_MISMATCH, "policy.named", 0, "%s: the manifest names no policy %s", name_of(f).s,
                        text_hex(BYTES_OF(f->digest)).s);
    if (c->given[i])
        return err_rule(err, ERR_DUPLICATE, "policy.named", 0, "%s: this policy was given before", name_of(f).s);
    TRY(arena_grow(c->memory, &policies, c->in->policy_count, sizeof(bytes), err));
    c->in->policies = policies;
    c->in->policies[c->in->policy_count++] = f->document;
    c->given[i] = true;
    return OK;
}

status set_read(const char *manifest, const struct text_list *files, struct arena *memory, struct set_input *out,
                struct err *err)
{
    struct set_input in = {0};
    bool given[LIMIT_MANIFEST_POLICIES] = {0};
    struct collecting c = {&in, given, memory};
    const struct policy_visitor visitor = {add_policy, &c};
    TRY(read_manifest(manifest, memory, &in, err));
    for (size_t i = 0; i < files->count; i++)
        TRY(policy_files_read(files->items[i], &visitor, memory, err));
    for (size_t i = 0; i < in.manifest.policy_count; i++)
        if (!given[i])
            return err_rule(err, ERR_MISSING, "policy.present", 0,
                            "policy %s, which the manifest names, is not among the files that were given",
                            text_hex(BYTES_OF(in.manifest.policies[i].hash)).s);
    *out = in;
    return OK;
}

/* ---- the owner -------------------------------------------------------------------------------------------------- */

status set_read_key(const char *path, bool is_required, struct arena *memory, struct private_key *out, bool *has_key,
                    struct err *err)
{
    bytes pem;
    *has_key = false;
    if (!is_required && access(path, F_OK) != 0 && errno == ENOENT) return OK;
    TRY(file_read_into(path, KEY_FILE_BYTES, memory, &pem, err));
    status s = err_in(err, private_key_parse_pem(pem, out, err), "%s", text_quote(text_bytes(path)).s);
    secret_wipe((uint8_t *)pem.ptr, pem.len);
    *has_key = is_ok(s);
    return s;
}

status set_owns(const struct manifest *m, const struct private_key *key, bool *out, struct err *err)
{
    uint8_t digest[SHA256_BYTES];
    bytes spki = private_key_spki(key);
    TRY(crypto_sha256(&spki, 1, digest, err));
    *out = false;
    for (size_t i = 0; i < m->owner_digest_count; i++)
        *out = *out || bytes_eq(BYTES_OF(m->owner_digests[i].sha256), BYTES_OF(digest));
    for (size_t i = 0; i < m->owner_key_count; i++)
        *out = *out || bytes_eq(m->owner_keys[i], spki);
    return OK;
}

status set_read_transition(const char *hex, struct arena *memory, uint8_t out[TRANSITION_HASH_BYTES], struct err *err)
{
    static const char path[] = "verify/latest-transition";
    bytes text = hex ? text_bytes(hex) : BYTES_ABSENT;
    memset(out, 0, TRANSITION_HASH_BYTES);
    if (!hex && access(path, F_OK) != 0 && errno == ENOENT) return OK;
    if (!hex) TRY(file_read_into(path, KEY_FILE_BYTES, memory, &text, err));
    return err_in(err, hex_parse(text, HEX_ANY_CASE, out, TRANSITION_HASH_BYTES, err), "%s",
                  hex ? "--latest-transition" : path);
}

/* ---- what comes back -------------------------------------------------------------------------------------------- */

/* Counts what does not fit. */
struct text_writer {
    char *out;
    size_t cap, len;
};

static void put(struct text_writer *w, const char *text)
{
    size_t n = strlen(text);
    if (w->len + n <= w->cap) memcpy(w->out + w->len, text, n);
    w->len += n;
}

static void put_bytes(struct text_writer *w, bytes text)
{
    if (w->len + text.len <= w->cap && text.len > 0) memcpy(w->out + w->len, text.ptr, text.len);
    w->len += text.len;
}

static void put_base64(struct text_writer *w, bytes value)
{
    size_t size = BASE64_TEXT_SIZE(value.len);
    if (w->len + size <= w->cap) (void)is_ok(base64_write(value, BASE64_STANDARD, w->out + w->len, size, NULL));
    w->len += size - 1;
}

/* Keys are hex (parse/user_api.h): there is nothing to escape. */
static void put_shares(struct text_writer *w, const struct user_seed_shares *in)
{
    put(w, "{\n  \"SeedShares\": ");
    put(w, in->count > 0 ? "[" : "null");
    for (size_t i = 0; i < in->count; i++) {
        put(w, i > 0 ? ",\n    {\n      \"PublicKey\": \"" : "\n    {\n      \"PublicKey\": \"");
        put_bytes(w, in->shares[i].public_key);
        put(w, "\",\n      \"EncryptedSeed\": \"");
        put_base64(w, in->shares[i].encrypted_seed);
        put(w, "\"\n    }");
    }
    if (in->count > 0) put(w, "\n  ]");
    put(w, ",\n  \"salt\": \"");
    put_base64(w, in->salt);
    put(w, "\"\n}");
}

status set_write_shares(const struct user_seed_shares *in, struct arena *memory, bytes *out, struct err *err)
{
    struct text_writer size = {0};
    void *room;
    put_shares(&size, in);
    TRY(arena_take(memory, size.len + 1, 1, &room, err));
    struct text_writer w = {room, size.len + 1, 0};
    put_shares(&w, in);
    *out = BYTES(room, w.len);
    return OK;
}

status set_write(const struct user_set_manifest_response *r, struct arena *memory, struct err *err)
{
    bytes shares;
    /* First what cannot be asked for again. */
    if (r->has_seed_shares) {
        TRY(set_write_shares(&r->seed_shares, memory, &shares, err));
        TRY(output_write("seed-shares.json", shares, memory, err));
    }
    TRY(output_write("coordinator-root-ca.pem", r->root_ca, memory, err));
    return output_write("mesh-ca.pem", r->mesh_ca, memory, err);
}
