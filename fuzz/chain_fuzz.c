/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: evidence_read evidence_authenticate revocation_check signature_check_pss signature_check_report.
 *
 * Input: flags, the time (8 bytes, little-endian), the length of the leaf (2 bytes), report, leaf, CRL.  Signatures are
 * those of fuzz/stub_crypto.c under the CAs below; the mutator makes them good again after most of its changes.
 */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "fuzz/stub_crypto.h"
#include "verify/authenticate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { WAIVED = 1, NO_LEAF = 2, NO_CRL = 4, BY_HAND = 8, CACHED = 16 };
enum { HEAD_BYTES = 11, CAS = 9 };

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- the CAs ---------------------------------------------------------------------------------------------------- */

/* AMD's, with other keys. */
static const struct snp_ca *cas(void)
{
    static struct snp_ca all[CAS];
    static uint8_t moduli[CAS][RSA4096_BYTES];
    for (size_t i = 0; i < CAS && !all[CAS - 1].modulus; i++) {
        memset(moduli[i], (int)(0x80 + i), sizeof moduli[i]);
        all[i] = snp_amd_cas[i];
        all[i].modulus = moduli[i];
    }
    return all;
}

/* ---- the input -------------------------------------------------------------------------------------------------- */

struct input {
    uint8_t flags;
    int64_t now;
    size_t leaf_at, crl_at; /* offsets in the input */
    struct evidence_input evidence;
};

static bytes present(bytes in, bool is_there)
{
    return is_there ? in : BYTES_ABSENT;
}

static bool read_input(const uint8_t *data, size_t size, struct input *out)
{
    struct cursor c = cursor_over(BYTES(data, size));
    out->flags = cursor_u8(&c, "flags");
    out->now = (int64_t)cursor_u64le(&c, "now");
    size_t leaf_len = cursor_u16le(&c, "length");
    if (cursor_failed(&c)) return false;
    bytes report = cursor_take(&c, cursor_left(&c) < SNP_REPORT_BYTES ? cursor_left(&c) : SNP_REPORT_BYTES, "report");
    out->leaf_at = c.pos;
    bytes leaf = cursor_take(&c, cursor_left(&c) < leaf_len ? cursor_left(&c) : leaf_len, "leaf");
    out->crl_at = c.pos;
    out->evidence = (struct evidence_input){.report = report,
                                            .leaf = present(leaf, !(out->flags & NO_LEAF)),
                                            .crl = present(cursor_rest(&c), !(out->flags & NO_CRL))};
    return true;
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

static struct signature_cache leaf_cache, crl_cache;

static void run(const struct input *in, struct evidence *e, struct verdict *v)
{
    bool cached = in->flags & CACHED;
    const struct authenticate_options options = {.cas = {cas(), CAS, in->flags & BY_HAND},
                                                 .now = in->now,
                                                 .revocation = in->flags & WAIVED ? REVOCATION_WAIVED_BY_USER
                                                                                  : REVOCATION_REQUIRED,
                                                 .leaf_cache = cached ? &leaf_cache : NULL,
                                                 .crl_cache = cached ? &crl_cache : NULL};
    *v = (struct verdict){0};
    evidence_read(&in->evidence, e, v);
    evidence_authenticate(e, &options, v);
}

/* Whether every row of the first two steps holds. */
static bool is_authentic(const struct verdict *v)
{
    for (int id = CHECK_REPORT_SIZE; id <= CHECK_REPORT_SIGNATURE; id++)
        if (v->by_id[id].outcome == NOT_RUN || v->by_id[id].outcome == FAILED) return false;
    return true;
}

static bool signed_by(const struct snp_ca *ca, bytes tbs, bytes signature)
{
    uint8_t digest[SHA384_BYTES], want[RSA4096_BYTES];
    if (!is_ok(crypto_sha384(&tbs, 1, digest, NULL))) abort();
    stub_rsa_sign(ca->modulus, digest, want);
    return bytes_eq(signature, BYTES_OF(want));
}

/* The chain once more, from the bytes and in another order. */
static void require_authentic(const struct input *in, const struct evidence *e)
{
    const struct snp_leaf *leaf = &e->leaf;
    const struct snp_ca *ark = &cas()[3 * (leaf->product - SNP_MILAN)];
    const struct snp_ca *issuer = ark + (leaf->kind == SNP_SIGNED_BY_VLEK ? 2 : 1);
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    bytes body = bytes_slice(in->evidence.report, 0, 0x2a0);
    require(in->evidence.report.len == SNP_REPORT_BYTES && is_ok(crypto_sha384(&body, 1, digest, NULL)));
    stub_p384_sign(leaf->point.ptr, digest, r, s);
    for (size_t i = 0; i < P384_SCALAR_BYTES; i++)
        require(in->evidence.report.ptr[0x2a0 + i] == r[47 - i] && in->evidence.report.ptr[0x2e8 + i] == s[47 - i]);
    require(signed_by(issuer, leaf->x.tbs, leaf->x.signature));
    require(in->now >= leaf->x.not_before && in->now <= leaf->x.not_after);
    require(in->now >= ark->not_before && in->now <= ark->not_after);
    require(in->now >= issuer->not_before && in->now <= issuer->not_after);
    require(snp_tcb_join(&leaf->tcb) == e->report.reported_tcb && e->product == leaf->product);
    require(snp_report_signing_key(&e->report) == (unsigned)leaf->kind);
    if (leaf->hwid.ptr && !bytes_are_zero(e->report.chip_id))
        require(bytes_eq(leaf->hwid, bytes_slice(e->report.chip_id, 0, leaf->hwid.len)));
    if (in->flags & WAIVED) return;
    require(e->has_crl && signed_by(ark, e->crl.tbs, e->crl.signature));
    require(e->crl.has_next_update && in->now >= e->crl.this_update && in->now < e->crl.next_update);
}

/* What the signatures cover, and the signatures: no bit of it may change. */
static bool is_covered(const struct input *in, size_t at)
{
    if (at < HEAD_BYTES) return false;
    return at < in->crl_at || !(in->flags & WAIVED);
}

static void flip_one(const uint8_t *data, size_t size, const struct input *in)
{
    static uint8_t copy[1 << 18];
    uint8_t where[SHA384_BYTES];
    const bytes all = BYTES(data, size);
    if (size > sizeof copy || !is_ok(crypto_sha384(&all, 1, where, NULL))) return;
    size_t bit = ((size_t)where[0] | (size_t)where[1] << 8 | (size_t)where[2] << 16) % (8 * size);
    if (!is_covered(in, bit / 8)) return;
    memcpy(copy, data, size);
    copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    struct input changed;
    struct evidence e;
    struct verdict v;
    require(read_input(copy, size, &changed));
    run(&changed, &e, &v);
    require(!is_authentic(&v) && verdict_decide(&v) == DENY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in;
    static struct evidence e;
    static struct verdict v, again;
    if (!read_input(data, size, &in)) return 0;
    run(&in, &e, &v);
    require(verdict_decide(&v) == DENY && verdict_exit_code(&v) != 0); /* nothing was judged yet */
    require(v.by_hand == ((in.flags & BY_HAND) != 0));
    if (in.flags & CACHED) {
        in.flags ^= CACHED;
        run(&in, &e, &again);
        for (int id = 0; id < CHECK_COUNT; id++)
            require(v.by_id[id].outcome == again.by_id[id].outcome);
    }
    if (!is_authentic(&v)) return 0;
    require_authentic(&in, &e);
    flip_one(data, size, &in);
    return 0;
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

static void sign_object(const struct snp_ca *ca, bytes tbs, bytes signature, uint8_t *data, const uint8_t *base)
{
    uint8_t digest[SHA384_BYTES];
    if (signature.len != RSA4096_BYTES || !is_ok(crypto_sha384(&tbs, 1, digest, NULL))) return;
    stub_rsa_sign(ca->modulus, digest, data + (signature.ptr - base));
}

/* Makes every signature good that has a place. */
static void sign_again(uint8_t *data, size_t size)
{
    struct input in;
    struct snp_leaf leaf = {0};
    struct x509_crl crl;
    if (!read_input(data, size, &in)) return;
    if (!is_ok(snp_leaf_read_certificate(in.evidence.leaf, &leaf, NULL)) || !is_ok(snp_leaf_read_issuer(&leaf, NULL)))
        return;
    const struct snp_ca *ark = &cas()[3 * (leaf.product - SNP_MILAN)];
    sign_object(ark + (leaf.kind == SNP_SIGNED_BY_VLEK ? 2 : 1), leaf.x.tbs, leaf.x.signature, data, data);
    if (is_ok(x509_crl_parse(in.evidence.crl, &crl, NULL))) sign_object(ark, crl.tbs, crl.signature, data, data);
    if (in.evidence.report.len != SNP_REPORT_BYTES || !is_ok(snp_leaf_read_key(&leaf, NULL))) return;

    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    bytes body = bytes_slice(in.evidence.report, 0, SNP_REPORT_SIGNED_BYTES);
    if (!is_ok(crypto_sha384(&body, 1, digest, NULL))) return;
    stub_p384_sign(leaf.point.ptr, digest, r, s);
    for (size_t i = 0; i < P384_SCALAR_BYTES; i++) {
        data[HEAD_BYTES + 0x2a0 + i] = r[P384_SCALAR_BYTES - 1 - i];
        data[HEAD_BYTES + 0x2e8 + i] = s[P384_SCALAR_BYTES - 1 - i];
    }
}

/* Changes the leaf, moves the CRL behind it and writes the new length. */
static size_t change_leaf(uint8_t *data, size_t size, size_t max, const struct input *in, unsigned seed)
{
    static uint8_t leaf[1 << 16];
    size_t old = in->crl_at - in->leaf_at, crl = size - in->crl_at;
    size_t room = max - in->leaf_at - crl;
    if (old > sizeof leaf || room < old) return mutate_bytes(data, size, max, seed);
    memcpy(leaf, data + in->leaf_at, old);
    size_t len = der_mutate(leaf, old, room < sizeof leaf ? room : sizeof leaf, seed);
    if (len > 0xffff) len = 0xffff;
    memmove(data + in->leaf_at + len, data + in->crl_at, crl);
    memcpy(data + in->leaf_at, leaf, len);
    data[9] = (uint8_t)len;
    data[10] = (uint8_t)(len >> 8);
    return in->leaf_at + len + crl;
}

static size_t change_part(uint8_t *data, size_t size, size_t max, const struct input *in, unsigned seed)
{
    switch (seed % 8) {
    case 0:
        return mutate_bytes(data, size, max, seed / 8);
    case 1:
        (void)mutate_bytes(data, HEAD_BYTES, HEAD_BYTES, seed / 8);
        return size;
    case 2:
    case 3:
        (void)mutate_bytes(data + HEAD_BYTES, in->leaf_at - HEAD_BYTES, in->leaf_at - HEAD_BYTES, seed / 8);
        return size;
    case 4:
    case 5:
        return change_leaf(data, size, max, in, seed / 8);
    default:
        if (in->crl_at == size) return mutate_bytes(data, size, max, seed / 8);
        return in->crl_at + der_mutate(data + in->crl_at, size - in->crl_at, max - in->crl_at, seed / 8);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    struct input in;
    if (!read_input(data, size, &in) || in.leaf_at == HEAD_BYTES) return mutate_bytes(data, size, max, seed);
    size = change_part(data, size, max, &in, seed / 8);
    if (seed % 8 != 0) sign_again(data, size);
    return size;
}
