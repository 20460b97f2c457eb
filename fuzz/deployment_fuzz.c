/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: deployment_check deployment_check_type deployment_judge reference_of_manifest.
 *
 * Input: a head (enum head), then parts, each behind its length (2 bytes, little-endian): root CA, mesh CA,
 * capabilities, TLS key, record of the latest transition, given manifest, four manifests, four policies; the rest is
 * the report. Everything that has to do with AMD's signatures is taken to have passed.  Digests and signatures are
 * those of fuzz/stub_crypto.c; the mutator makes right again what binds the parts to each other after most of its
 * changes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/ca_sign.h"
#include "fuzz/der_mutate.h"
#include "fuzz/stub_crypto.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "verify/deployment.h"
#include "verify/id_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- the input -------------------------------------------------------------------------------------------------- */

enum head {
    BINDING,
    FLAGS,
    KNOWN_FROM,  /* the first transition that is expected */
    KNOWN_COUNT, /* and how many, with flags */
    MANIFEST_COUNT,
    POLICY_COUNT,
    LAST_OF_TYPE,
    NOW, /* 8 */
    NONCE = NOW + 8,
    HEAD_BYTES = NONCE + BUNDLE_NONCE_BYTES,
};

enum { GIVEN_IS_ACTIVE = 1, CAS_IN_PEM = 2, ASK_NONCE = 4, OTHER_NONCE = 8, ASK_ROOT = 16, OTHER_ROOT = 32 };
enum { KNOWN_GAP = 64, KNOWN_WRONG = 128 };

enum { ROOM = 4 };
enum part {
    ROOT_CA,
    MESH_CA,
    CAPABILITIES,
    TLS_KEY,
    RECORD,
    GIVEN,
    MANIFESTS,
    POLICIES = MANIFESTS + ROOM,
    REPORT = POLICIES + ROOM,
    PARTS,
};

struct input {
    const uint8_t *head;
    bytes parts[PARTS];
    size_t manifest_count, policy_count;
};

static bool read_input(const uint8_t *data, size_t size, struct input *out)
{
    struct cursor c = cursor_over(BYTES(data, size));
    out->head = cursor_take(&c, HEAD_BYTES, "head").ptr;
    for (int i = 0; i < REPORT; i++) {
        size_t len = cursor_u16le(&c, "length");
        out->parts[i] = cursor_take(&c, len, "part");
    }
    if (cursor_failed(&c)) return false;
    out->parts[REPORT] = cursor_rest(&c);
    out->manifest_count = out->head[MANIFEST_COUNT] % (ROOM + 1);
    out->policy_count = out->head[POLICY_COUNT] % (ROOM + 1);
    return true;
}

static bool has_flag(const struct input *in, uint8_t flag)
{
    return (in->head[FLAGS] & flag) != 0;
}

static bytes given_of(const struct input *in)
{
    bool active = has_flag(in, GIVEN_IS_ACTIVE) && in->manifest_count > 0;
    return in->parts[active ? MANIFESTS + in->manifest_count - 1 : GIVEN];
}

/* ---- what is judged --------------------------------------------------------------------------------------------- */

enum { PEM_BYTES_MAX = 8192, PEM_CHARS = PEM_TEXT_SIZE(PEM_BYTES_MAX, 11) };

static struct {
    struct bundle bundle;
    bytes policies[ROOM];
    char pem[2][PEM_CHARS];
    uint8_t nonce[BUNDLE_NONCE_BYTES], root_point[P384_POINT_BYTES];
    uint8_t known[ROOM][SHA256_BYTES];
    struct deployment_expectation want;
    struct deployment_policy policy_memory[ROOM];
    uint8_t transitions[ROOM][SHA256_BYTES];
    struct deployment_work work;
    struct evidence evidence;
    struct verdict verdict;
} d;

static struct manifest_room rooms[3];
static uint8_t texts[3][LIMIT_MANIFEST_BYTES];

static bytes present(bytes in)
{
    return in.len > 0 ? in : BYTES_ABSENT;
}

static bytes pem_of(const struct input *in, enum part which)
{
    bytes der = in->parts[which];
    bool fits = der.len > 0 && der.len <= PEM_BYTES_MAX;
    if (has_flag(in, CAS_IN_PEM) || !fits) return der;
    require(is_ok(pem_write(der, "CERTIFICATE", d.pem[which], sizeof d.pem[which], NULL)));
    return text_bytes(d.pem[which]);
}

static void make_bundle(const struct input *in)
{
    struct bundle_digest digests[ROOM];
    size_t count = in->policy_count;
    memcpy(d.policies, &in->parts[POLICIES], sizeof d.policies);
    require(is_ok(bundle_sort(d.policies, digests, &count, NULL)));
    d.bundle = (struct bundle){
        .binding = (enum bundle_binding)(in->head[BINDING] % 5),
        .document = in->parts[REPORT],
        .capabilities = present(in->parts[CAPABILITIES]),
        .tls_key = present(in->parts[TLS_KEY]),
        .root_ca = pem_of(in, ROOT_CA),
        .mesh_ca = pem_of(in, MESH_CA),
        .latest_transition = present(in->parts[RECORD]),
        .manifests = &in->parts[MANIFESTS],
        .manifest_count = in->manifest_count,
        .policies = d.policies,
        .policy_count = count,
    };
    memcpy(d.bundle.nonce, in->head + NONCE, BUNDLE_NONCE_BYTES);
}

static void sha256(bytes in, uint8_t out[SHA256_BYTES])
{
    require(is_ok(crypto_sha256(&in, 1, out, NULL)));
}

/* The second reading of the chain: each transition from one string of 64 bytes. */
static size_t chain(const struct input *in, uint8_t out[ROOM][SHA256_BYTES])
{
    uint8_t both[2 * SHA256_BYTES] = {0};
    for (size_t i = 0; i < in->manifest_count; i++) {
        sha256(in->parts[MANIFESTS + i], both);
        sha256(BYTES_OF(both), out[i]);
        memcpy(both + SHA256_BYTES, out[i], SHA256_BYTES);
    }
    return in->manifest_count;
}

static void make_known(const struct input *in)
{
    uint8_t all[ROOM][SHA256_BYTES];
    size_t n = chain(in, all), count = in->head[KNOWN_COUNT] % KNOWN_GAP % (ROOM + 1);
    size_t step = in->head[KNOWN_COUNT] & KNOWN_GAP ? 2 : 1;
    if (n == 0 || count == 0) return;
    for (size_t i = 0; i < count; i++)
        memcpy(d.known[i], all[(in->head[KNOWN_FROM] + i * step) % n], SHA256_BYTES);
    if (in->head[KNOWN_COUNT] & KNOWN_WRONG) d.known[count - 1][in->head[KNOWN_FROM] % SHA256_BYTES] ^= 1;
    d.want.history = d.known;
    d.want.history_count = count;
}

static void make_root(const struct input *in)
{
    static struct coordinator_ca ca;
    static struct verdict unused;
    if (!has_flag(in, ASK_ROOT)) return;
    coordinator_ca_check(d.bundle.root_ca, COORDINATOR_ROOT_CA, 0, &ca, &unused);
    memset(d.root_point, 4, sizeof d.root_point);
    if (ca.point.ptr) memcpy(d.root_point, ca.point.ptr, sizeof d.root_point);
    if (has_flag(in, OTHER_ROOT)) d.root_point[96] ^= 2;
    d.want.root_ca_point = BYTES_OF(d.root_point);
}

static void make_expectation(const struct input *in)
{
    d.want = (struct deployment_expectation){.manifest = given_of(in)};
    memcpy(d.nonce, d.bundle.nonce, sizeof d.nonce);
    if (has_flag(in, OTHER_NONCE)) d.nonce[in->head[NOW] % sizeof d.nonce] ^= 1;
    if (has_flag(in, ASK_NONCE)) d.want.nonce = BYTES_OF(d.nonce);
    make_known(in);
    make_root(in);
}

static void lend(void)
{
    d.work = (struct deployment_work){0};
    d.work.expected_storage = manifest_storage_of(&rooms[0], texts[0], sizeof texts[0]);
    d.work.history_storage = manifest_storage_of(&rooms[1], texts[1], sizeof texts[1]);
    d.work.policies = d.policy_memory;
    d.work.transitions = d.transitions;
}

/* The rows of a report's first two steps as evidence_read left them; what has to do with signatures passes. */
static void take_as_authentic(struct verdict *v)
{
    for (int id = 0; id < (int)CHECK_TCB_COMMITTED; id++) {
        bool of_leaf = id >= (int)CHECK_LEAF_PRESENT && id <= (int)CHECK_LEAF_HWID;
        if (of_leaf || v->by_id[id].outcome == NOT_RUN) v->by_id[id].outcome = PASSED;
    }
}

static void run(const struct input *in)
{
    struct verdict *v = &d.verdict;
    const uint32_t type[] = {1, 3, 9901, 2, in->head[LAST_OF_TYPE]};
    int64_t now = 0;
    for (size_t i = 0; i < 8; i++)
        now = (int64_t)((uint64_t)now << 8 | in->head[NOW + 7 - i]);
    make_bundle(in);
    make_expectation(in);
    lend();
    *v = (struct verdict){0};
    evidence_read(&(struct evidence_input){.report = in->parts[REPORT]}, &d.evidence, v);
    if (d.evidence.has_report) take_as_authentic(v);
    verdict_pass(v, CHECK_ATTEST_ANSWER);
    verdict_does_not_apply(v, CHECK_BUNDLE_FORMAT, "no bundle");
    verdict_does_not_apply(v, CHECK_BUNDLE_DIGESTS, "no bundle");
    deployment_check_type(type, 5, v);
    require((v->by_id[CHECK_ATTEST_TYPE].outcome == PASSED) == (in->head[LAST_OF_TYPE] == 1));
    deployment_check(&d.bundle, &d.want, now, &d.work, v);
    if (d.evidence.has_report) deployment_judge(&d.evidence, &d.work, v);
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

static bool passed(enum check_id id)
{
    return d.verdict.by_id[id].outcome == PASSED;
}

/* The manifest, in the third room. */
static bool parse_manifest(bytes in, struct manifest *out)
{
    struct manifest_storage room = manifest_storage_of(&rooms[2], texts[2], sizeof texts[2]);
    return is_ok(manifest_parse(in, &room, out, NULL));
}

static void check_given(const struct input *in)
{
    struct manifest m;
    bytes given = given_of(in);
    bool valid = parse_manifest(given, &m);
    require(passed(CHECK_MANIFEST_EXPECTED) == valid);
    require(passed(CHECK_MANIFEST_PLATFORM) == (valid && m.snp_count > 0));
    bool active = in->manifest_count > 0 && bytes_eq(given, in->parts[MANIFESTS + in->manifest_count - 1]);
    require(passed(CHECK_MANIFEST_ACTIVE) == active);
}

struct names {
    uint8_t hash[ROOM][SHA256_BYTES];
    bool named[ROOM];
    bool all_present;
};

/* Each policy of a manifest against each policy. */
static void name_each(const struct manifest *m, size_t count, struct names *n)
{
    for (size_t k = 0; k < m->policy_count; k++) {
        bool found = false;
        for (size_t p = 0; p < count; p++) {
            bool same = memcmp(n->hash[p], m->policies[k].hash, SHA256_BYTES) == 0;
            n->named[p] = n->named[p] || same;
            found = found || same;
        }
        n->all_present = n->all_present && found;
    }
}

static void check_manifests(const struct input *in)
{
    struct names n = {.all_present = true};
    bool all_valid = in->manifest_count > 0, all_named = true;
    for (size_t p = 0; p < in->policy_count; p++)
        sha256(in->parts[POLICIES + p], n.hash[p]);
    for (size_t i = 0; i < in->manifest_count; i++) {
        struct manifest m;
        all_valid = all_valid && parse_manifest(in->parts[MANIFESTS + i], &m);
        if (all_valid) name_each(&m, in->policy_count, &n);
    }
    require(passed(CHECK_HISTORY_MANIFESTS) == all_valid);
    for (size_t p = 0; p < in->policy_count; p++)
        all_named = all_named && n.named[p];
    bool known = all_valid || in->manifest_count == 0;
    require(passed(CHECK_POLICY_PRESENT) == (known && n.all_present));
    require(passed(CHECK_POLICY_NAMED) == (known && all_named));
}

static void check_history(const struct input *in)
{
    uint8_t all[ROOM][SHA256_BYTES];
    size_t n = chain(in, all), count = d.want.history_count;
    bool part = false;
    for (size_t from = 0; count > 0 && from + count <= n; from++)
        part = part || memcmp(all[from], d.known, count * SHA256_BYTES) == 0;
    enum outcome want = n == 0 ? NOT_RUN : count == 0 ? DOES_NOT_APPLY : part ? PASSED : FAILED;
    require(d.verdict.by_id[CHECK_HISTORY_EXPECTED].outcome == want);
    bytes record = present(in->parts[RECORD]);
    if (passed(CHECK_HISTORY_LATEST)) require(memcmp(record.ptr, all[n - 1], SHA256_BYTES) == 0);
    if (n > 0 && !record.ptr) require(d.verdict.by_id[CHECK_HISTORY_LATEST].outcome == DOES_NOT_APPLY);
}

/* REPORT_DATA as the protocol has it, from one string. */
static bool bound(const struct input *in, uint8_t out[REPORT_DATA_BYTES])
{
    uint8_t text[5 * SHA256_BYTES];
    uint8_t all[ROOM][SHA256_BYTES];
    const struct bundle *b = &d.bundle;
    size_t n = chain(in, all), len = 0;
    memset(out, 0, REPORT_DATA_BYTES);
    if (n == 0) return false;
    memcpy(text, b->nonce, sizeof b->nonce);
    memcpy(text + 32, all[n - 1], SHA256_BYTES);
    sha256(b->root_ca, text + 64);
    sha256(b->mesh_ca, text + 96);
    len = 128;
    if (b->binding == BUNDLE_ATTEST_V1 && b->capabilities.ptr) {
        sha256(b->capabilities, text + 128);
        len = 160;
    }
    sha256(BYTES(text, len), out);
    return b->binding == BUNDLE_ATTEST || len == 160; /* attested TLS binds none of it */
}

static void check_root(const struct input *in)
{
    enum outcome have = d.verdict.by_id[CHECK_ROOT_CA_EXPECTED].outcome;
    bool known = d.work.root_ca.point.ptr != NULL;
    if (!has_flag(in, ASK_ROOT))
        require(have == DOES_NOT_APPLY);
    else
        require(have == (!known ? NOT_RUN : has_flag(in, OTHER_ROOT) ? FAILED : PASSED));
}

static void check_report(const struct input *in)
{
    uint8_t want[REPORT_DATA_BYTES];
    struct manifest m;
    bool can = bound(in, want);
    require(d.work.has_report_data == can);
    if (can) require(memcmp(want, d.work.report_data, sizeof want) == 0);
    bytes report = in->parts[REPORT];
    bool judged = d.evidence.has_report && parse_manifest(given_of(in), &m) && m.snp_count > 0;
    enum outcome row = d.verdict.by_id[CHECK_REPORT_DATA].outcome;
    bool atls = d.bundle.binding == BUNDLE_ATLS && in->manifest_count > 0;
    require((row == FAILED) == (atls || (judged && can && memcmp(report.ptr + 0x50, want, sizeof want) != 0)));
    if (!judged) {
        require(row != PASSED);
        return;
    }
    bool equal = can && memcmp(report.ptr + 0x50, want, sizeof want) == 0;
    require(passed(CHECK_REPORT_DATA) == equal);
    bool coordinator = false, launch = false;
    for (size_t i = 0; i < m.policy_count; i++)
        coordinator = coordinator || (m.policies[i].role == MANIFEST_ROLE_COORDINATOR &&
                                      memcmp(report.ptr + 0xc0, m.policies[i].hash, SHA256_BYTES) == 0);
    require(passed(CHECK_HOST_DATA) == coordinator);
    for (size_t i = 0; i < m.snp_count; i++)
        launch = launch || m.snp[i].has_ap_eip ||
                 (m.snp[i].has_measurement && memcmp(report.ptr + 0x90, m.snp[i].measurement, 48) == 0);
    if (passed(CHECK_MEASUREMENT)) require(launch);
}

/* Nothing that could change with one bit: what is not bound, or not there. */
static bool is_covered(const struct input *in, size_t part, size_t at)
{
    switch (part) {
    case CAPABILITIES:
        return d.bundle.binding == BUNDLE_ATTEST_V1;
    case TLS_KEY:
        return false;
    case RECORD:
        return at < SHA256_BYTES;
    case GIVEN:
        return !has_flag(in, GIVEN_IS_ACTIVE);
    case REPORT: /* the rest of it is for other targets */
        return (at >= 0x50 && at < 0x120);
    default:
        return part < MANIFESTS || part < MANIFESTS + in->manifest_count ||
               (part >= POLICIES && part < POLICIES + in->policy_count);
    }
}

static void flip_one(const uint8_t *data, size_t size)
{
    static uint8_t copy[1 << 18];
    uint8_t where[SHA256_BYTES];
    struct input in;
    if (size > sizeof copy) return;
    sha256(BYTES(data, size), where);
    memcpy(copy, data, size);
    require(read_input(copy, size, &in));
    size_t part = where[0] % (PARTS + 1), pick = (size_t)where[1] | (size_t)where[2] << 8;
    bytes chosen = part == PARTS ? BYTES(in.head + NONCE, BUNDLE_NONCE_BYTES) : in.parts[part];
    if (chosen.len == 0) return;
    size_t at = pick % chosen.len;
    if (part < PARTS && !is_covered(&in, part, at)) return;
    copy[(size_t)(chosen.ptr - copy) + at] ^= (uint8_t)(1 << where[3] % 8);
    run(&in);
    require(verdict_decide(&d.verdict) == DENY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    if (!read_input(data, size, &in)) return 0;
    run(&in);
    bool asked = has_flag(&in, ASK_NONCE);
    require(d.verdict.by_id[CHECK_NONCE].outcome == (!asked                       ? DOES_NOT_APPLY
                                                     : has_flag(&in, OTHER_NONCE) ? FAILED
                                                                                  : PASSED));
    check_given(&in);
    check_manifests(&in);
    check_history(&in);
    check_root(&in);
    check_report(&in);
    if (verdict_decide(&d.verdict) != ALLOW) return 0;
    require(d.evidence.has_report && d.work.has_manifest && d.work.has_report_data);
    require(!bytes_eq(d.work.root_ca.point, d.work.mesh_ca.point));
    flip_one(data, size);
    return 0;
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

enum { PART_MAX = 6144 };

static struct {
    uint8_t head[HEAD_BYTES];
    uint8_t data[PARTS][PART_MAX];
    size_t len[PARTS];
} e;

static bool load(const uint8_t *data, size_t size)
{
    struct input in;
    if (!read_input(data, size, &in)) return false;
    memcpy(e.head, in.head, HEAD_BYTES);
    for (int i = 0; i < PARTS; i++) {
        if (in.parts[i].len > PART_MAX) return false;
        e.len[i] = in.parts[i].len;
        if (e.len[i] > 0) memcpy(e.data[i], in.parts[i].ptr, e.len[i]);
    }
    return true;
}

/* 0 when it does not fit. */
static size_t store(uint8_t *data, size_t max)
{
    size_t size = HEAD_BYTES;
    for (int i = 0; i < PARTS; i++)
        size += e.len[i] + (i < REPORT ? 2 : 0);
    if (size > max) return 0;
    memcpy(data, e.head, HEAD_BYTES);
    size_t at = HEAD_BYTES;
    for (int i = 0; i < PARTS; i++) {
        if (i < REPORT) {
            data[at++] = (uint8_t)e.len[i];
            data[at++] = (uint8_t)(e.len[i] >> 8);
        }
        memcpy(data + at, e.data[i], e.len[i]);
        at += e.len[i];
    }
    return size;
}

static void copy_part(size_t to, size_t from)
{
    if (to == from) return;
    memcpy(e.data[to], e.data[from], e.len[from]);
    e.len[to] = e.len[from];
}

static void change(unsigned seed)
{
    size_t part = seed / 16 % PARTS;
    switch (seed % 16) {
    case 0:
    case 1:
        (void)mutate_bytes(e.head, HEAD_BYTES, HEAD_BYTES, seed / 16);
        return;
    case 2:
        copy_part(MANIFESTS + seed / 16 % ROOM, MANIFESTS + seed / 64 % ROOM);
        return;
    case 3:
        copy_part(POLICIES + seed / 16 % ROOM, POLICIES + seed / 64 % ROOM);
        return;
    case 4:
        copy_part(GIVEN, MANIFESTS + seed / 16 % ROOM);
        return;
    case 5:
    case 6:
        part = seed / 16 % 2;
        e.len[part] = der_mutate(e.data[part], e.len[part], PART_MAX, seed / 32);
        return;
    case 7:
    case 8:
    case 9:
        part = MANIFESTS + seed / 16 % ROOM;
        break;
    case 10:
    case 11:
        part = REPORT;
        break;
    default:
        break;
    }
    e.len[part] = mutate_bytes(e.data[part], e.len[part], PART_MAX, seed / 256);
}

/* Each key of 64 digits names the policy of its turn. */
static void name_policies(size_t part)
{
    size_t turn = 0;
    for (size_t at = 0; e.head[POLICY_COUNT] % (ROOM + 1) > 0 && at + 67 <= e.len[part]; at++) {
        uint8_t *text = e.data[part] + at, hash[SHA256_BYTES];
        char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
        if (text[0] != '"' || text[65] != '"' || text[66] != ':') continue;
        if (!is_ok(hex_parse(BYTES(text + 1, 64), HEX_ANY_CASE, hash, sizeof hash, NULL))) continue;
        size_t policy = POLICIES + turn++ % (e.head[POLICY_COUNT] % (ROOM + 1));
        sha256(BYTES(e.data[policy], e.len[policy]), hash);
        require(is_ok(hex_write(BYTES_OF(hash), hex, sizeof hex, NULL)));
        memcpy(text + 1, hex, 64);
    }
}

/* What the first entry and the first Coordinator's policy demand of the report. */
static void obey(void)
{
    struct input in;
    struct manifest m;
    static uint8_t whole[HEAD_BYTES + PARTS * (PART_MAX + 2)];
    size_t size = store(whole, sizeof whole);
    if (e.len[REPORT] != SNP_REPORT_BYTES || !read_input(whole, size, &in)) return;
    make_bundle(&in);
    (void)bound(&in, e.data[REPORT] + 0x50);
    if (!parse_manifest(given_of(&in), &m) || m.snp_count == 0) return;
    for (size_t i = m.policy_count; i > 0; i--)
        if (m.policies[i - 1].role == MANIFEST_ROLE_COORDINATOR)
            memcpy(e.data[REPORT] + 0xc0, m.policies[i - 1].hash, SHA256_BYTES);

    struct snp_id_block block;
    struct id_key key;
    memcpy(e.data[REPORT] + 0x90, m.snp[0].measurement, SNP_LAUNCH_DIGEST_BYTES);
    for (size_t i = 0; i < 8; i++)
        e.data[REPORT][8 + i] = (uint8_t)(m.snp[0].guest_policy >> 8 * i);
    id_key_block(m.snp[0].measurement, m.snp[0].guest_policy, &block);
    require(is_ok(id_key_derive(&block, &key, NULL)));
    memcpy(e.data[REPORT] + 0xe0, key.digest, sizeof key.digest);
}

static void put_record(void)
{
    struct input in;
    uint8_t all[ROOM][SHA256_BYTES];
    static uint8_t whole[HEAD_BYTES + PARTS * (PART_MAX + 2)];
    size_t size = store(whole, sizeof whole);
    if (e.len[RECORD] < SHA256_BYTES || !read_input(whole, size, &in) || in.manifest_count == 0) return;
    memcpy(e.data[RECORD], all[chain(&in, all) - 1], SHA256_BYTES);
}

static void put_right(unsigned seed)
{
    for (size_t part = ROOT_CA; seed % 8 > 0 && part <= MESH_CA; part++)
        e.len[part] = ca_sign(e.data[part], e.len[part], PART_MAX);
    for (size_t part = GIVEN; seed % 8 > 1 && part < POLICIES; part++)
        name_policies(part);
    if (seed % 8 > 2) put_record();
    if (seed % 8 > 3) obey();
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    size_t len = 0;
    if (seed % 32 && load(data, size)) {
        change(seed / 32);
        put_right(seed / 4096);
        len = store(data, max);
    }
    return len > 0 ? len : mutate_bytes(data, size, max, seed);
}
