/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/user_api.h"

#include "parse/protobuf_message.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* A list that is being read into lent memory. */
struct list {
    bytes *items;
    size_t cap, limit;
};

static status add_item(const struct protobuf_message *m, const struct protobuf_field *f, const struct list *to,
                       size_t *count, struct err *err)
{
    if (*count == to->limit) return protobuf_message_refuse(m, f, err, ERR_LIMIT, "there are too many");
    if (*count == to->cap) return protobuf_message_refuse(m, f, err, ERR_NOMEM, "no room for so many");
    to->items[*count] = f->view;
    ++*count;
    return OK;
}

/* ---- SetManifestRequest ----------------------------------------------------------------------------------------- */

enum { REQUEST_MANIFEST = 1, REQUEST_POLICIES = 2, REQUEST_PREVIOUS = 3, REQUEST_SIGNATURE = 4 };

static const struct protobuf_member set_request[] = {
    [REQUEST_MANIFEST] = {"Manifest", PROTOBUF_LEN, false},
    [REQUEST_POLICIES] = {"Policies", PROTOBUF_LEN, true},
    [REQUEST_PREVIOUS] = {"PreviousTransitionHash", PROTOBUF_LEN, false},
    [REQUEST_SIGNATURE] = {"Signature", PROTOBUF_LEN, false},
};

status user_set_manifest_request_parse(bytes in, bytes *policies, size_t cap, struct user_set_manifest_request *out,
                                       struct err *err)
{
    struct protobuf_message m = protobuf_message_over(in, "SetManifestRequest", set_request, COUNT(set_request));
    struct user_set_manifest_request r = {.policies = policies};
    const struct list to = {policies, cap, LIMIT_MANIFEST_POLICIES};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        switch (f.number) {
        case REQUEST_MANIFEST:
            r.manifest = protobuf_optional(&f);
            break;
        case REQUEST_POLICIES:
            TRY(add_item(&m, &f, &to, &r.policy_count, err));
            break;
        case REQUEST_PREVIOUS:
            r.previous_transition_hash = protobuf_optional(&f);
            break;
        case REQUEST_SIGNATURE:
        default:
            r.signature = protobuf_optional(&f);
            break;
        }
    }
    *out = r;
    return OK;
}

void user_set_manifest_request_write(struct protobuf_writer *w, const struct user_set_manifest_request *in)
{
    protobuf_put_bytes(w, REQUEST_MANIFEST, in->manifest);
    for (size_t i = 0; i < in->policy_count; i++)
        protobuf_put_item(w, REQUEST_POLICIES, in->policies[i]);
    protobuf_put_bytes(w, REQUEST_PREVIOUS, in->previous_transition_hash);
    protobuf_put_bytes(w, REQUEST_SIGNATURE, in->signature);
}

/* ---- SetManifestResponse ---------------------------------------------------------------------------------------- */

enum { RESPONSE_ROOT_CA = 1, RESPONSE_MESH_CA = 2, RESPONSE_SEED_SHARES = 3 };
enum { DOCUMENT_SHARES = 1, DOCUMENT_SALT = 2 };
enum { SHARE_PUBLIC_KEY = 1, SHARE_ENCRYPTED_SEED = 2 };

static const struct protobuf_member set_response[] = {
    [RESPONSE_ROOT_CA] = {"RootCA", PROTOBUF_LEN, false},
    [RESPONSE_MESH_CA] = {"MeshCA", PROTOBUF_LEN, false},
    [RESPONSE_SEED_SHARES] = {"SeedSharesDoc", PROTOBUF_LEN, false},
};

static const struct protobuf_member document[] = {
    [DOCUMENT_SHARES] = {"SeedShares", PROTOBUF_LEN, true},
    [DOCUMENT_SALT] = {"salt", PROTOBUF_LEN, false},
};

static const struct protobuf_member share[] = {
    [SHARE_PUBLIC_KEY] = {"PublicKey", PROTOBUF_LEN, false},
    [SHARE_ENCRYPTED_SEED] = {"EncryptedSeed", PROTOBUF_LEN, false},
};

/* It is written into files as text, so it is held to what a key is: then nothing has to be escaped there. */
static bool is_hex(bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) return false;
    }
    return true;
}

static status read_share(const struct protobuf_field *in, struct user_seed_share *out, struct err *err)
{
    struct protobuf_message m = protobuf_message_in(in, "SeedShare", share, COUNT(share));
    struct user_seed_share s = {0};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        if (f.number == SHARE_ENCRYPTED_SEED)
            s.encrypted_seed = protobuf_optional(&f);
        else if (is_hex(f.view))
            s.public_key = protobuf_optional(&f);
        else
            return protobuf_message_refuse(&m, &f, err, ERR_SYNTAX, "want hex digits");
    }
    *out = s;
    return OK;
}

static status read_document(const struct protobuf_field *in, struct user_seed_share *shares, size_t cap,
                            struct user_seed_shares *out, struct err *err)
{
    struct protobuf_message m = protobuf_message_in(in, "SeedShareDocument", document, COUNT(document));
    struct user_seed_shares d = {.shares = shares};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        if (f.number == DOCUMENT_SALT) {
            d.salt = protobuf_optional(&f);
            continue;
        }
        if (d.count == LIMIT_MANIFEST_OWNERS)
            return protobuf_message_refuse(&m, &f, err, ERR_LIMIT, "there are too many");
        if (d.count == cap) return protobuf_message_refuse(&m, &f, err, ERR_NOMEM, "no room for so many");
        TRY(read_share(&f, &shares[d.count], err));
        d.count++;
    }
    *out = d;
    return OK;
}

status user_set_manifest_response_parse(bytes in, struct user_seed_share *shares, size_t cap,
                                        struct user_set_manifest_response *out, struct err *err)
{
    struct protobuf_message m = protobuf_message_over(in, "SetManifestResponse", set_response, COUNT(set_response));
    struct user_set_manifest_response r = {0};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        switch (f.number) {
        case RESPONSE_ROOT_CA:
            r.root_ca = protobuf_optional(&f);
            break;
        case RESPONSE_MESH_CA:
            r.mesh_ca = protobuf_optional(&f);
            break;
        case RESPONSE_SEED_SHARES:
        default:
            r.has_seed_shares = true;
            TRY(read_document(&f, shares, cap, &r.seed_shares, err));
            break;
        }
    }
    *out = r;
    return OK;
}

static void put_share(struct protobuf_writer *w, const struct user_seed_share *in)
{
    protobuf_put_bytes(w, SHARE_PUBLIC_KEY, in->public_key);
    protobuf_put_bytes(w, SHARE_ENCRYPTED_SEED, in->encrypted_seed);
}

static void put_document(struct protobuf_writer *w, const struct user_seed_shares *in)
{
    for (size_t i = 0; i < in->count; i++) {
        struct protobuf_writer size = {0};
        put_share(&size, &in->shares[i]);
        protobuf_put_head(w, DOCUMENT_SHARES, size.len);
        put_share(w, &in->shares[i]);
    }
    protobuf_put_bytes(w, DOCUMENT_SALT, in->salt);
}

void user_set_manifest_response_write(struct protobuf_writer *w, const struct user_set_manifest_response *in)
{
    protobuf_put_bytes(w, RESPONSE_ROOT_CA, in->root_ca);
    protobuf_put_bytes(w, RESPONSE_MESH_CA, in->mesh_ca);
    if (!in->has_seed_shares) return;
    struct protobuf_writer size = {0};
    put_document(&size, &in->seed_shares);
    protobuf_put_head(w, RESPONSE_SEED_SHARES, size.len);
    put_document(w, &in->seed_shares);
}

/* ---- GetManifestsResponse --------------------------------------------------------------------------------------- */

enum { HISTORY_MANIFESTS = 1, HISTORY_POLICIES = 2, HISTORY_ROOT_CA = 3, HISTORY_MESH_CA = 4, HISTORY_LATEST = 5 };
enum { LATEST_HASH = 1, LATEST_SIGNATURE = 2 };

static const struct protobuf_member get_response[] = {
    [HISTORY_MANIFESTS] = {"Manifests", PROTOBUF_LEN, true},      [HISTORY_POLICIES] = {"Policies", PROTOBUF_LEN, true},
    [HISTORY_ROOT_CA] = {"RootCA", PROTOBUF_LEN, false},          [HISTORY_MESH_CA] = {"MeshCA", PROTOBUF_LEN, false},
    [HISTORY_LATEST] = {"LatestTransition", PROTOBUF_LEN, false},
};

static const struct protobuf_member latest[] = {
    [LATEST_HASH] = {"TransitionHash", PROTOBUF_LEN, false},
    [LATEST_SIGNATURE] = {"Signature", PROTOBUF_LEN, false},
};

static status read_latest(const struct protobuf_field *in, struct user_get_manifests_response *r, struct err *err)
{
    struct protobuf_message m = protobuf_message_in(in, "LatestTransition", latest, COUNT(latest));
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        if (f.number == LATEST_SIGNATURE)
            r->transition_signature = protobuf_optional(&f);
        else
            r->transition_hash = f.view;
    }
    r->has_latest_transition = true;
    if (r->transition_hash.len == TRANSITION_HASH_BYTES) return OK;
    return err_set(err, ERR_RANGE, in->offset, "LatestTransition: TransitionHash: want %d bytes, have %zu",
                   TRANSITION_HASH_BYTES, r->transition_hash.len);
}

static status take_history(struct protobuf_message *m, const struct protobuf_field *f,
                           const struct user_get_manifests_storage *lent, struct user_get_manifests_response *r,
                           struct err *err)
{
    const struct list manifests = {lent->manifests, lent->manifest_cap, LIMIT_HISTORY_MANIFESTS};
    const struct list policies = {lent->policies, lent->policy_cap, LIMIT_HISTORY_POLICIES};
    switch (f->number) {
    case HISTORY_MANIFESTS:
        return add_item(m, f, &manifests, &r->manifest_count, err);
    case HISTORY_POLICIES:
        return add_item(m, f, &policies, &r->policy_count, err);
    case HISTORY_ROOT_CA:
        r->root_ca = protobuf_optional(f);
        return OK;
    case HISTORY_MESH_CA:
        r->mesh_ca = protobuf_optional(f);
        return OK;
    case HISTORY_LATEST:
    default:
        return read_latest(f, r, err);
    }
}

status user_get_manifests_response_parse(bytes in, const struct user_get_manifests_storage *lent,
                                         struct user_get_manifests_response *out, struct err *err)
{
    struct protobuf_message m = protobuf_message_over(in, "GetManifestsResponse", get_response, COUNT(get_response));
    struct user_get_manifests_response r = {.manifests = lent->manifests, .policies = lent->policies};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        TRY(take_history(&m, &f, lent, &r, err));
    }
    *out = r;
    return OK;
}

static void put_latest(struct protobuf_writer *w, const struct user_get_manifests_response *in)
{
    protobuf_put_bytes(w, LATEST_HASH, in->transition_hash);
    protobuf_put_bytes(w, LATEST_SIGNATURE, in->transition_signature);
}

void user_get_manifests_response_write(struct protobuf_writer *w, const struct user_get_manifests_response *in)
{
    for (size_t i = 0; i < in->manifest_count; i++)
        protobuf_put_item(w, HISTORY_MANIFESTS, in->manifests[i]);
    for (size_t i = 0; i < in->policy_count; i++)
        protobuf_put_item(w, HISTORY_POLICIES, in->policies[i]);
    protobuf_put_bytes(w, HISTORY_ROOT_CA, in->root_ca);
    protobuf_put_bytes(w, HISTORY_MESH_CA, in->mesh_ca);
    if (!in->has_latest_transition) return;
    struct protobuf_writer size = {0};
    put_latest(&size, in);
    protobuf_put_head(w, HISTORY_LATEST, size.len);
    put_latest(w, in);
}

/* ---- RecoverRequest --------------------------------------------------------------------------------------------- */

enum { RECOVER_SEED = 1, RECOVER_SALT = 2, RECOVER_FORCE = 3 };

static const struct protobuf_member recover_request[] = {
    [RECOVER_SEED] = {"Seed", PROTOBUF_LEN, false},
    [RECOVER_SALT] = {"Salt", PROTOBUF_LEN, false},
    [RECOVER_FORCE] = {"Force", PROTOBUF_VARINT, false},
};

status user_recover_request_parse(bytes in, struct user_recover_request_secret *out, struct err *err)
{
    struct protobuf_message m = protobuf_message_over(in, "RecoverRequest", recover_request, COUNT(recover_request));
    struct user_recover_request_secret r = {0};
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) break;
        switch (f.number) {
        case RECOVER_SEED:
            r.seed = protobuf_optional(&f);
            break;
        case RECOVER_SALT:
            r.salt = protobuf_optional(&f);
            break;
        case RECOVER_FORCE:
        default:
            TRY(protobuf_message_bool(&m, &f, &r.force, err));
            break;
        }
    }
    *out = r;
    return OK;
}

void user_recover_request_write(struct protobuf_writer *w, const struct user_recover_request_secret *in)
{
    protobuf_put_bytes(w, RECOVER_SEED, in->seed);
    protobuf_put_bytes(w, RECOVER_SALT, in->salt);
    protobuf_put_bool(w, RECOVER_FORCE, in->force);
}

/* ---- the empty ones --------------------------------------------------------------------------------------------- */

status empty_message_parse(bytes in, struct err *err)
{
    struct protobuf_message m = protobuf_message_over(in, "empty message", NULL, 0);
    struct protobuf_field f = {0};
    bool end = false;
    return protobuf_message_next(&m, &f, &end, err);
}
