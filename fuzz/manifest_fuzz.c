/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: manifest_parse manifest_parse_draft manifest_write manifest_is_same manifest_find_policy san_parse
 * ec_public_key_parse rsa_public_key_parse.
 *
 * Sizes that 5 divides run with arrays of a few items, so that "full" is tried too.
 */
#include <stdlib.h>

#include "parse/manifest.h"
#include "parse/public_key.h"
#include "parse/san.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 65536

static struct manifest_room room;
static uint8_t text[INPUT_MAX];

static void require(bool holds)
{
    if (!holds) abort();
}

static struct manifest_storage storage(size_t size, bool small)
{
    struct manifest_storage s = manifest_storage_of(&room, text, size);
    if (!small) return s;
    s.policy_cap = s.snp_cap = s.tdx_cap = s.chip_id_cap = s.owner_digest_cap = s.owner_key_cap = 1;
    s.san_cap = s.finding_cap = 2;
    s.json_key_cap = size / 5 % 32;
    s.text_cap = size / 2;
    return s;
}

static void require_inside(bytes view, bytes in)
{
    bool in_input = view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len;
    require(in_input || (view.ptr >= text && view.ptr + view.len <= text + sizeof text));
}

static void require_findings(const struct manifest_storage *s, bytes in)
{
    require(s->finding_count <= s->finding_cap && (!s->findings_cut || s->finding_count == s->finding_cap));
    for (size_t i = 0; i < s->finding_count; i++) {
        const struct manifest_finding *f = &s->findings[i];
        require(f->kind != ERR_NONE && f->text[0] && f->offset <= in.len);
        require(f->pointer.s[0] == '\0' || f->pointer.s[0] == '/');
    }
}

static void require_policies(const struct manifest *m, bytes in)
{
    size_t coordinators = 0, sans = 0;
    for (size_t i = 0; i < m->policy_count; i++) {
        const struct manifest_policy *p = &m->policies[i];
        size_t names = 0;
        require(p->first_san == sans && !bytes_are_zero(BYTES_OF(p->hash)));
        require(manifest_find_policy(m, BYTES_OF(p->hash)) == p);
        coordinators += p->role == MANIFEST_ROLE_COORDINATOR;
        for (size_t k = 0; k < p->san_count; k++) {
            struct san san;
            require(is_ok(san_parse(m->sans[sans + k], &san, NULL)));
            require_inside(m->sans[sans + k], in);
            names += san.kind == SAN_DNS;
        }
        require(names > 0);
        sans += p->san_count;
        if (!bytes_is_absent(p->workload_secret_id)) require_inside(p->workload_secret_id, in);
    }
    require(coordinators > 0 && sans == m->san_count);
}

static void require_entries(const struct manifest *m, bytes in, bool is_draft)
{
    size_t chip_ids = 0;
    require(m->snp_count + m->tdx_count > 0);
    for (size_t i = 0; i < m->snp_count; i++) {
        const struct manifest_snp *e = &m->snp[i];
        require(e->product == MANIFEST_MILAN || e->product == MANIFEST_GENOA);
        require(e->has_minimum_tcb || is_draft);
        require((e->guest_policy & ~(uint64_t)0x200001f) == 0x30000);
        require(!e->has_measurement || !bytes_are_zero(BYTES_OF(e->measurement)));
        require((e->platform_allowed & ~(uint64_t)0x83) == 0 && (e->platform_required & ~(uint64_t)0x3c) == 0);
        require(e->first_chip_id == chip_ids);
        chip_ids += e->chip_id_count;
    }
    require(chip_ids == m->chip_id_count);
    for (size_t i = 0; i < m->tdx_count; i++) {
        bytes json = m->tdx[i].json;
        require_inside(json, in);
        require(json.len > 2 && json.ptr[0] == '{' && json.ptr[json.len - 1] == '}');
    }
}

static void require_owners(const struct manifest *m, bytes in)
{
    for (size_t i = 0; i < m->owner_key_count; i++) {
        struct ec_public_key k;
        require_inside(m->owner_keys[i], in);
        require(is_ok(ec_public_key_parse(m->owner_keys[i], &k, NULL)) && ec_curve_name(k.curve)[0] == 'P');
    }
    for (size_t i = 0; i < m->seed_share_owner_key_count; i++) {
        struct rsa_public_key k;
        require_inside(m->seed_share_owner_keys[i], in);
        require(is_ok(rsa_public_key_parse(m->seed_share_owner_keys[i], &k, NULL)));
    }
    require(bytes_is_absent(m->minimum_api_version) == (m->minimum_api_number == 0));
}

/* Written and read again it is the same, to the byte from then on. */
static void require_round_trip(const struct manifest *m, bool is_draft)
{
    static struct manifest_room again_room;
    static uint8_t once[LIMIT_MANIFEST_BYTES], twice[LIMIT_MANIFEST_BYTES], again_text[LIMIT_MANIFEST_BYTES];
    bytes first = BYTES_ABSENT, second = BYTES_ABSENT;
    struct manifest again = {0};
    if (!is_ok(manifest_write(m, once, sizeof once, &first, NULL))) return;
    struct manifest_storage s = manifest_storage_of(&again_room, again_text, sizeof again_text);
    require(is_ok(is_draft ? manifest_parse_draft(first, &s, &again, NULL) : manifest_parse(first, &s, &again, NULL)));
    require(manifest_is_same(m, &again) && manifest_is_same(&again, m) && again.has_owner_keys == m->has_owner_keys);
    require(is_ok(manifest_write(&again, twice, first.len, &second, NULL)) && bytes_eq(first, second));
    require(manifest_write(&again, twice, first.len - 1, &second, NULL).kind == ERR_NOMEM);
}

/* What a draft may lack is all that is wrong. */
static bool is_only_missing(const struct manifest_storage *s)
{
    for (size_t i = 0; i < s->finding_count; i++)
        if (!s->findings[i].missing) return false;
    return !s->findings_cut;
}

/* One of the two readers; whether it accepts, and into may_be_draft whether a draft may be like that. */
static bool try_reader(bytes in, bool is_draft, bool small, bool *may_be_draft)
{
    struct manifest_storage s = storage(in.len, small);
    struct manifest m = {.policy_count = 77};
    struct err err = {0};
    status got = is_draft ? manifest_parse_draft(in, &s, &m, &err) : manifest_parse(in, &s, &m, &err);
    require_findings(&s, in);
    *may_be_draft = is_only_missing(&s);
    require(got.kind == err.kind && err.offset <= in.len);
    require(got.kind != ERR_NOMEM || small);
    if (!is_ok(got)) {
        require(err.text[0] && s.finding_count > 0 && m.policy_count == 77);
        return false;
    }
    require(s.finding_count == 0 || (is_draft && *may_be_draft));
    require_policies(&m, in);
    require_entries(&m, in, is_draft);
    require_owners(&m, in);
    require_round_trip(&m, is_draft);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX) return 0;
    const bytes in = BYTES(data, size);
    bool may_be_draft = false, unused = false;
    bool accepts = try_reader(in, false, false, &may_be_draft);
    if (size % 5 == 0) require(accepts || !try_reader(in, false, true, &unused));
    if (may_be_draft || size % 5 == 1) require(try_reader(in, true, false, &unused) == may_be_draft);
    return 0;
}
