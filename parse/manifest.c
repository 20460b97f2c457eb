/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/manifest.h"

#include "parse/capabilities.h"
#include "parse/manifest_reader.h"
#include "parse/public_key.h"
#include "parse/san.h"
#include "parse/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

struct manifest_storage manifest_storage_of(struct manifest_room *room, uint8_t *text, size_t text_cap)
{
    return (struct manifest_storage){
        .policies = room->policies,
        .policy_cap = COUNT_OF(room->policies),
        .sans = room->sans,
        .san_cap = COUNT_OF(room->sans),
        .snp = room->snp,
        .snp_cap = COUNT_OF(room->snp),
        .tdx = room->tdx,
        .tdx_cap = COUNT_OF(room->tdx),
        .chip_ids = room->chip_ids,
        .chip_id_cap = COUNT_OF(room->chip_ids),
        .chip_order = room->chip_order,
        .owner_digests = room->owner_digests,
        .owner_digest_cap = COUNT_OF(room->owner_digests),
        .owner_keys = room->owner_keys,
        .owner_key_cap = COUNT_OF(room->owner_keys),
        .seed_share_owner_keys = room->seed_share_owner_keys,
        .seed_share_owner_key_cap = COUNT_OF(room->seed_share_owner_keys),
        .json_keys = room->json_keys,
        .json_key_cap = COUNT_OF(room->json_keys),
        .text = text,
        .text_cap = text_cap,
        .findings = room->findings,
        .finding_cap = COUNT_OF(room->findings),
    };
}

const struct manifest_policy *manifest_find_policy(const struct manifest *m, bytes hash)
{
    for (size_t i = 0; i < m->policy_count; i++)
        if (bytes_eq(hash, BYTES_OF(m->policies[i].hash))) return &m->policies[i];
    return NULL;
}

/* ---- policies --------------------------------------------------------------------------------------------------- */

static status read_san(struct manifest_reader *m, bool *is_dns)
{
    bytes text = BYTES_ABSENT;
    bool got = false;
    struct san san = {0};
    struct err why = {0};
    TRY(manifest_check_room(m, m->out.san_count, m->room->san_cap, LIMIT_MANIFEST_SANS, "names of policies"));
    TRY(manifest_get_text(m, &text, &got));
    if (!got) return OK;
    status s = san_parse(text, &san, &why);
    if (!is_ok(s)) return manifest_refuse(m, s.kind, "%s", why.text);
    *is_dns = *is_dns || san.kind == SAN_DNS;
    m->room->sans[m->out.san_count++] = text;
    return OK;
}

static status read_sans(struct manifest_reader *m, bool *has_dns)
{
    bool got = false, end = false;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_ARRAY, &got));
    for (; got;) {
        TRY(manifest_next_item(m, &end));
        if (end) break;
        TRY(read_san(m, has_dns));
    }
    return OK;
}

/* Upstream's transit engine derives key version N of name X from the same text as the workload secret "N_X", so whoever
 * may choose such an id gets the transit key of somebody else. */
static bool is_transit_key_name(bytes id)
{
    size_t digits = 0;
    while (digits < id.len && id.ptr[digits] >= '0' && id.ptr[digits] <= '9')
        digits++;
    return digits > 0 && digits < id.len && id.ptr[digits] == '_';
}

static status read_secret_id(struct manifest_reader *m, bytes *out)
{
    bytes id = BYTES_ABSENT;
    bool got = false;
    TRY(manifest_get_text(m, &id, &got));
    if (!got || id.len == 0) return OK;
    if (is_transit_key_name(id))
        return manifest_refuse(m, ERR_DENIED,
                               "want an id that does not begin with a number and '_', which are transit keys of other "
                               "workloads, have %s",
                               text_quote(id).s);
    *out = id;
    return OK;
}

static status read_role(struct manifest_reader *m, enum manifest_role *out)
{
    bytes role = BYTES_ABSENT;
    bool got = false;
    TRY(manifest_get_text(m, &role, &got));
    if (!got || role.len == 0) return OK;
    if (!bytes_eq(role, BYTES_LIT("coordinator")))
        return manifest_refuse(m, ERR_UNSUPPORTED, "want \"coordinator\" or no role, have %s", text_quote(role).s);
    *out = MANIFEST_ROLE_COORDINATOR;
    return OK;
}

static status read_policy_members(struct manifest_reader *m, struct manifest_policy *p)
{
    enum { SANS, SECRET_ID, ROLE };
    static const char *const names[] = {[SANS] = "SANs", [SECRET_ID] = "WorkloadSecretID", [ROLE] = "Role"};
    struct manifest_members f = {names, COUNT_OF(names), 0};
    bool has_dns = false, end = false;
    for (size_t member = 0;;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        if (member == SANS) TRY(read_sans(m, &has_dns));
        if (member == SECRET_ID) TRY(read_secret_id(m, &p->workload_secret_id));
        if (member == ROLE) TRY(read_role(m, &p->role));
    }
    if (has_dns) return OK;
    return manifest_refuse_member(m, "SANs", ERR_MISSING,
                                  "want at least one DNS name, which the certificate needs for its CN, have none");
}

static status read_policy(struct manifest_reader *m, bytes hash)
{
    struct manifest_policy p = {.first_san = m->out.san_count};
    bool got = false;
    TRY(manifest_check_room(m, m->out.policy_count, m->room->policy_cap, LIMIT_MANIFEST_POLICIES, "policies"));
    TRY(manifest_parse_hex(m, hash, p.hash, sizeof p.hash, &got));
    if (got && bytes_are_zero(BYTES_OF(p.hash)))
        TRY(manifest_refuse(m, ERR_DENIED,
                            "want a hash, have zeros, which any guest reports that was given no policy"));
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    if (got) TRY(read_policy_members(m, &p));
    p.san_count = m->out.san_count - p.first_san;
    m->room->policies[m->out.policy_count++] = p;
    return OK;
}

static status read_policies(struct manifest_reader *m)
{
    bool got = false, end = false;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    for (; got;) {
        bytes hash = BYTES_ABSENT;
        TRY(json_next_key(&m->json, &hash, &end, &m->broken));
        if (end) break;
        TRY(read_policy(m, hash));
    }
    return OK;
}

/* ---- owners ----------------------------------------------------------------------------------------------------- */

static status read_digest(struct manifest_reader *m)
{
    size_t *count = &m->out.owner_digest_count;
    struct manifest_digest *digests = m->room->owner_digests, d;
    bool got = false;
    TRY(manifest_check_room(m, *count, m->room->owner_digest_cap, LIMIT_MANIFEST_OWNERS, "digests of owners' keys"));
    TRY(manifest_get_hex(m, d.sha256, sizeof d.sha256, &got));
    if (!got) return OK;
    for (size_t i = 0; i < *count; i++)
        if (bytes_eq(BYTES_OF(d.sha256), BYTES_OF(digests[i].sha256)))
            return manifest_refuse(m, ERR_DUPLICATE, "the same key as item %zu", i);
    digests[(*count)++] = d;
    return OK;
}

enum key_form { EC_KEY, RSA_KEY };

struct key_list {
    enum key_form form;
    bytes *items;
    size_t cap;
    size_t *count;
};

static status check_key(bytes der, enum key_form form, struct err *why)
{
    struct ec_public_key ec;
    struct rsa_public_key rsa;
    return form == EC_KEY ? ec_public_key_parse(der, &ec, why) : rsa_public_key_parse(der, &rsa, why);
}

static status read_key(struct manifest_reader *m, const struct key_list *l)
{
    bytes der = BYTES_ABSENT;
    bool got = false;
    struct err why = {0};
    TRY(manifest_check_room(m, *l->count, l->cap, LIMIT_MANIFEST_OWNERS, "owners' keys"));
    TRY(manifest_get_hex_bytes(m, &der, &got));
    if (!got) return OK;
    status s = check_key(der, l->form, &why);
    if (!is_ok(s)) return manifest_refuse(m, s.kind, "%s", why.text);
    for (size_t i = 0; i < *l->count; i++)
        if (bytes_eq(der, l->items[i])) return manifest_refuse(m, ERR_DUPLICATE, "the same key as item %zu", i);
    l->items[(*l->count)++] = der;
    return OK;
}

/* `keys` NULL: digests. */
static status read_owners(struct manifest_reader *m, const struct key_list *keys)
{
    bool got = false, end = false;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_ARRAY, &got));
    for (; got;) {
        TRY(manifest_next_item(m, &end));
        if (end) break;
        TRY(keys ? read_key(m, keys) : read_digest(m));
    }
    return OK;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

/* Empty, as upstream reads it, is no minimum. */
static status read_version(struct manifest_reader *m)
{
    bytes text = BYTES_ABSENT;
    bool got = false;
    uint32_t number = 0;
    TRY(manifest_get_text(m, &text, &got));
    if (!got || text.len == 0) return OK;
    if (!is_ok(api_version_parse(text, &number)))
        return manifest_refuse(m, ERR_SYNTAX, "want a version such as \"v1\", have %s", text_quote(text).s);
    m->out.minimum_api_version = text;
    m->out.minimum_api_number = number;
    return OK;
}

enum member { POLICIES, REFERENCE_VALUES, OWNER_DIGESTS, OWNER_KEYS, SEED_SHARE_OWNERS, MINIMUM_API_VERSION };

static status read_member(struct manifest_reader *m, enum member member)
{
    struct manifest_storage *room = m->room;
    struct key_list owners = {EC_KEY, room->owner_keys, room->owner_key_cap, &m->out.owner_key_count};
    struct key_list seed_share_owners = {RSA_KEY, room->seed_share_owner_keys, room->seed_share_owner_key_cap,
                                         &m->out.seed_share_owner_key_count};
    switch (member) {
    case POLICIES:
        return read_policies(m);
    case REFERENCE_VALUES:
        return manifest_read_reference_values(m);
    case OWNER_DIGESTS:
        m->out.has_owner_digests = true;
        return read_owners(m, NULL);
    case OWNER_KEYS:
        m->out.has_owner_keys = true;
        return read_owners(m, &owners);
    case SEED_SHARE_OWNERS:
        return read_owners(m, &seed_share_owners);
    default:
        return read_version(m);
    }
}

/* What no single value shows. */
static status check_whole(struct manifest_reader *m)
{
    bool has_coordinator = false;
    for (size_t i = 0; i < m->out.policy_count; i++)
        has_coordinator = has_coordinator || m->room->policies[i].role == MANIFEST_ROLE_COORDINATOR;
    if (!has_coordinator)
        TRY(manifest_refuse_member(m, "Policies", ERR_MISSING,
                                   "want at least one policy with the Role \"coordinator\", have none of %zu",
                                   m->out.policy_count));
    if (m->out.snp_count + m->out.tdx_count > 0) return OK;
    return manifest_refuse_member(m, "ReferenceValues", ERR_MISSING, "want an entry in snp or tdx, have none");
}

static status read_document(struct manifest_reader *m)
{
    static const char *const names[] = {
        [POLICIES] = "Policies",
        [REFERENCE_VALUES] = "ReferenceValues",
        [OWNER_DIGESTS] = "WorkloadOwnerKeyDigests",
        [OWNER_KEYS] = "WorkloadOwnerPubKeys",
        [SEED_SHARE_OWNERS] = "SeedshareOwnerPubKeys",
        [MINIMUM_API_VERSION] = "MinimumAPIVersion",
    };
    struct manifest_members f = {names, COUNT_OF(names), 0};
    bool got = false, end = false;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    for (size_t member = 0; got;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(read_member(m, (enum member)member));
    }
    if (got) TRY(check_whole(m));
    return json_finish(&m->json, &m->broken);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

/* Why the JSON reader stopped, as the last finding; its text has the place in front, which the pointer tells. */
static status record_broken(struct manifest_reader *m, status s)
{
    const struct json_path path = json_path(&m->json);
    const char *text = m->broken.text;
    size_t n = strlen(path.s);
    if (n > 0 && strlen(text) > n + 2 && memcmp(text, path.s, n) == 0) text += n + 2;
    bool is_full = s.kind == ERR_NOMEM && m->room->json_key_cap >= LIMIT_MANIFEST_KEYS &&
                   m->json.key_count >= m->room->json_key_cap;
    m->json.offset = m->broken.offset;
    return manifest_stop(m, is_full ? ERR_LIMIT : s.kind, "%s", text);
}

static status read_manifest(bytes in, struct manifest_storage *room, bool is_draft, struct manifest *out,
                            struct err *err)
{
    room->finding_count = 0;
    room->findings_cut = false;
    struct manifest_reader m = {
        .json = {.in = in,
                 .keys = room->json_keys,
                 .key_cap = room->json_key_cap,
                 .text = room->text,
                 .text_cap = room->text_cap},
        .room = room,
        .out = {.policies = room->policies,
                .sans = room->sans,
                .snp = room->snp,
                .chip_ids = room->chip_ids,
                .tdx = room->tdx,
                .owner_digests = room->owner_digests,
                .owner_keys = room->owner_keys,
                .seed_share_owner_keys = room->seed_share_owner_keys},
        .is_draft = is_draft,
        .err = err,
    };
    status s = in.len > LIMIT_MANIFEST_BYTES
                   ? manifest_stop(&m, ERR_LIMIT, "want at most %d bytes, have %zu", LIMIT_MANIFEST_BYTES, in.len)
                   : read_document(&m);
    if (!is_ok(s) && !m.is_stopped) s = record_broken(&m, s);
    if (m.kind != ERR_NONE) return (status){m.kind};
    TRY(s);
    *out = m.out;
    return OK;
}

status manifest_parse(bytes in, struct manifest_storage *room, struct manifest *out, struct err *err)
{
    return read_manifest(in, room, false, out, err);
}

status manifest_parse_draft(bytes in, struct manifest_storage *room, struct manifest *out, struct err *err)
{
    return read_manifest(in, room, true, out, err);
}
