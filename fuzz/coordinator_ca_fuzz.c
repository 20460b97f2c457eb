/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: coordinator_ca_check coordinator_ca_parse.
 *
 * Input: flags, the time (8 bytes, little-endian), the certificate in DER; or in PEM, where a flag says so.  The
 * signature is that of fuzz/stub_crypto.c; the mutator makes it good again after most of its changes.
 */
#include <stdlib.h>

#include "fuzz/ca_sign.h"
#include "fuzz/der_mutate.h"
#include "fuzz/stub_crypto.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "verify/coordinator_ca.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { IS_MESH = 1, IS_PEM = 2 };
enum { HEAD_BYTES = 9, DER_BYTES_MAX = 8192 };

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- the input -------------------------------------------------------------------------------------------------- */

struct input {
    enum coordinator_ca_role role;
    bool is_pem;
    int64_t now;
    bytes content;
};

static bool read_input(const uint8_t *data, size_t size, struct input *out)
{
    struct cursor c = cursor_over(BYTES(data, size));
    uint8_t flags = cursor_u8(&c, "flags");
    out->now = (int64_t)cursor_u64le(&c, "now");
    if (cursor_failed(&c)) return false;
    out->role = flags & IS_MESH ? COORDINATOR_MESH_CA : COORDINATOR_ROOT_CA;
    out->is_pem = flags & IS_PEM;
    out->content = cursor_rest(&c);
    return true;
}

/* What a Coordinator would send of it. */
static bytes pem_of(const struct input *in)
{
    static char text[PEM_TEXT_SIZE(DER_BYTES_MAX, 11)];
    if (in->is_pem) return in->content;
    bool fits = in->content.len > 0 && in->content.len <= DER_BYTES_MAX;
    if (!fits || !is_ok(pem_write(in->content, "CERTIFICATE", text, sizeof text, NULL))) return BYTES_ABSENT;
    return text_bytes(text);
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

enum { CERTIFICATE, PROFILE, SIGNATURE, VALIDITY, ROWS };
static const enum check_id rows[2][ROWS] = {
    [COORDINATOR_ROOT_CA] = {CHECK_ROOT_CA_CERTIFICATE, CHECK_ROOT_CA_PROFILE, CHECK_ROOT_CA_SIGNATURE,
                             CHECK_ROOT_CA_VALIDITY},
    [COORDINATOR_MESH_CA] = {CHECK_MESH_CA_CERTIFICATE, CHECK_MESH_CA_PROFILE, CHECK_MESH_CA_SIGNATURE,
                             CHECK_MESH_CA_VALIDITY},
};

struct outcomes {
    enum outcome row[ROWS];
};

static struct coordinator_ca ca;

static struct outcomes check(bytes pem, enum coordinator_ca_role role, int64_t now)
{
    static struct verdict v;
    struct outcomes o;
    v = (struct verdict){0};
    coordinator_ca_check(pem, role, now, &ca, &v);
    size_t set = 0, own = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++)
        set += v.by_id[i].outcome != NOT_RUN;
    for (size_t i = 0; i < ROWS; i++) {
        o.row[i] = v.by_id[rows[role][i]].outcome;
        own += o.row[i] != NOT_RUN;
        require(o.row[i] == NOT_RUN || o.row[i] == PASSED || o.row[i] == FAILED);
    }
    require(set == own);
    return o;
}

static bool all_pass(const struct outcomes *o)
{
    bool all = true;
    for (size_t i = 0; i < ROWS; i++)
        all = all && o->row[i] == PASSED;
    return all;
}

/* Each row stands on those before it. */
static void require_steps(const struct outcomes *o)
{
    bool read = o->row[CERTIFICATE] == PASSED;
    require(o->row[CERTIFICATE] != NOT_RUN);
    require((o->row[PROFILE] != NOT_RUN) == read && (o->row[VALIDITY] != NOT_RUN) == read);
    require((o->row[SIGNATURE] != NOT_RUN) == (o->row[PROFILE] == PASSED));
    require(ca.has_profile == (o->row[PROFILE] == PASSED));
    require(bytes_is_absent(ca.point) == !ca.has_profile);
}

static bool holds(bytes in, bytes what)
{
    for (size_t at = 0; what.len <= in.len && at <= in.len - what.len; at++)
        if (memcmp(in.ptr + at, what.ptr, what.len) == 0) return true;
    return false;
}

/* Subject and issuer, extensions and key are somewhere in the bytes that are signed, as they have to be spelled; the
 * signature is the stub's. */
static void require_accepted(const struct input *in)
{
    static const bytes names[] = {{(const uint8_t *)"\x17system:coordinator:root", 24},
                                  {(const uint8_t *)"\x1fsystem:coordinator:intermediate", 32}};
    const struct x509_certificate *x = &ca.x;
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    require(holds(x->subject, names[in->role]) && holds(x->issuer, names[in->role]));
    require(holds(x->tbs, BYTES_LIT("\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff")));
    require(holds(x->tbs, BYTES_LIT("\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x02\x84")));
    require(holds(x->tbs, BYTES_LIT("\x06\x03\x55\x1d\x0e\x04")));
    require(holds(x->tbs, BYTES_LIT("\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04")));
    require(x->not_before <= in->now && in->now <= x->not_after);
    require(ca.point.len == P384_POINT_BYTES && is_ok(crypto_sha384(&x->tbs, 1, digest, NULL)));
    stub_p384_sign(ca.point.ptr, digest, r, s);
    size_t r_zeros = 0, s_zeros = 0;
    while (r[r_zeros] == 0)
        r_zeros++;
    while (s[s_zeros] == 0)
        s_zeros++;
    require(holds(x->signature, BYTES(r + r_zeros, P384_SCALAR_BYTES - r_zeros)));
    require(holds(x->signature, BYTES(s + s_zeros, P384_SCALAR_BYTES - s_zeros)));
}

/* With one bit changed it is no longer accepted. */
static void flip_one(const struct input *in)
{
    static uint8_t copy[DER_BYTES_MAX];
    uint8_t where[SHA384_BYTES];
    struct input changed = *in;
    if (in->is_pem || in->content.len > sizeof copy || !is_ok(crypto_sha384(&in->content, 1, where, NULL))) return;
    size_t bit = ((size_t)where[0] | (size_t)where[1] << 8) % (8 * in->content.len);
    memcpy(copy, in->content.ptr, in->content.len);
    copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
    changed.content = BYTES(copy, in->content.len);
    const struct outcomes o = check(pem_of(&changed), in->role, in->now);
    require(!all_pass(&o));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct coordinator_ca given;
    struct input in;
    struct err err = {0};
    if (!read_input(data, size, &in)) return 0;
    bytes pem = pem_of(&in);
    enum coordinator_ca_role other = in.role == COORDINATOR_ROOT_CA ? COORDINATOR_MESH_CA : COORDINATOR_ROOT_CA;
    const struct outcomes as_other = check(pem, other, in.now), o = check(pem, in.role, in.now);
    require_steps(&o);
    require(as_other.row[CERTIFICATE] == o.row[CERTIFICATE]);
    require(as_other.row[PROFILE] != PASSED || o.row[PROFILE] != PASSED);

    /* What a user gives is held to the same profile, in PEM or DER. */
    status s = coordinator_ca_parse(in.content, in.role, &given, &err);
    require(given.has_profile == is_ok(s) && (is_ok(s) || err.text[0] != '\0'));
    bool is_der = in.content.len > 0 && in.content.ptr[0] == 0x30;
    bool same = pem.ptr && in.is_pem != is_der;
    if (same) require(is_ok(s) == (o.row[PROFILE] == PASSED));
    if (same && is_ok(s)) require(bytes_eq(given.point, ca.point) && bytes_eq(given.x.tbs, ca.x.tbs));

    if (!all_pass(&o)) return 0;
    require_accepted(&in);
    flip_one(&in);
    return 0;
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    struct input in;
    if (!read_input(data, size, &in) || in.is_pem || seed % 16 == 0) return mutate_bytes(data, size, max, seed / 16);
    if (seed % 16 == 1) {
        (void)mutate_bytes(data, HEAD_BYTES, HEAD_BYTES, seed / 16);
        return size;
    }
    size_t len = der_mutate(data + HEAD_BYTES, size - HEAD_BYTES, max - HEAD_BYTES, seed / 16);
    if (seed % 16 > 3) len = ca_sign(data + HEAD_BYTES, len, max - HEAD_BYTES);
    return HEAD_BYTES + len;
}
