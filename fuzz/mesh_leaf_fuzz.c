/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: mesh_leaf_check mesh_intermediate_check mesh_ca_check mesh_leaf_workload_secret_id.
 *
 * Input: flags, the time (8 bytes, little-endian), the certificate in DER.  The issuers are fixed; their signature is
 * that of fuzz/stub_crypto.c, and the mutator makes it good again after most of its changes.
 */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "fuzz/stub_crypto.h"
#include "parse/der_write.h"
#include "verify/mesh_leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { IS_SERVER = 1, IS_INTERMEDIATE = 2, ISSUER_UNCHECKED = 4, MESH_UNCHECKED = 8 };
enum { HEAD_BYTES = 9, DER_BYTES_MAX = 4096 };

static const uint8_t point[P384_POINT_BYTES] = {0x04, 0x77};
static uint8_t mesh_spki[120] = {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04, 0x77};
static struct coordinator_ca mesh, root;

static void require(bool holds)
{
    if (!holds) abort();
}

/* Both have one key: what tells them apart is the name. */
static void make_issuers(uint8_t flags)
{
    root.has_profile = (flags & ISSUER_UNCHECKED) == 0;
    mesh.has_profile = (flags & (flags & IS_INTERMEDIATE ? MESH_UNCHECKED : ISSUER_UNCHECKED)) == 0;
    mesh.point = root.point = BYTES_OF(point);
    mesh.x.subject = BYTES_LIT("\x30\x2a\x31\x28\x30\x26\x06\x03\x55\x04\x03\x13\x1fsystem:coordinator:intermediate");
    root.x.subject = BYTES_LIT("\x30\x22\x31\x20\x30\x1e\x06\x03\x55\x04\x03\x13\x17system:coordinator:root");
    mesh.x.spki = BYTES_OF(mesh_spki);
}

/* The one signature of the stub over the signed part, as SEQUENCE { r, s }. */
static void add_signature(struct der_out *o, bytes tbs)
{
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES], pair_bytes[2 * P384_SCALAR_BYTES + 16];
    require(is_ok(crypto_sha384(&tbs, 1, digest, NULL)));
    stub_p384_sign(point, digest, r, s);
    struct der_out p = {.buf = pair_bytes, .cap = sizeof pair_bytes};
    size_t pair = der_begin(&p, DER_SEQUENCE);
    der_add_unsigned(&p, BYTES_OF(r));
    der_add_unsigned(&p, BYTES_OF(s));
    der_end(&p, pair);
    bytes written;
    require(is_ok(der_finish(&p, "signature", &written, NULL)));
    der_add_octet_bits(o, written);
}

static bytes sign(const struct x509_certificate *x, uint8_t *buf, size_t cap)
{
    struct der_out o = {.buf = buf, .cap = cap};
    size_t certificate = der_begin(&o, DER_SEQUENCE);
    der_add(&o, x->tbs);
    der_add(&o, x->outer_algorithm);
    add_signature(&o, x->tbs);
    der_end(&o, certificate);
    bytes out;
    return is_ok(der_finish(&o, "certificate", &out, NULL)) ? out : BYTES_ABSENT;
}

static bool holds(bytes in, bytes what)
{
    for (size_t at = 0; what.len <= in.len && at <= in.len - what.len; at++)
        if (memcmp(in.ptr + at, what.ptr, what.len) == 0) return true;
    return false;
}

static status check(bytes der, uint8_t flags, int64_t now, struct err *err)
{
    struct x509_certificate x = {.raw = BYTES_LIT("untouched")};
    if (flags & IS_INTERMEDIATE) return mesh_intermediate_check(der, &root, &mesh, now, err);
    status s = mesh_leaf_check(der, &mesh, flags & IS_SERVER ? MESH_SERVER : MESH_CLIENT, now, &x, err);
    require(bytes_eq(x.raw, is_ok(s) ? der : BYTES_LIT("untouched")));
    return s;
}

/* The same certificate as a CA that signed itself. */
static void check_self(bytes der, int64_t now)
{
    struct coordinator_ca ca = {.has_profile = true, .point = BYTES_OF(point)};
    struct err err = {0};
    if (!is_ok(x509_certificate_parse(der, &ca.x, NULL))) return;
    status s = mesh_ca_check(&ca, now, &err);
    require(is_ok(s) ? bytes_eq(ca.x.issuer, ca.x.subject) && ca.x.not_before <= now && now <= ca.x.not_after
                     : err.text[0] != '\0');
}

/* What was accepted says so in the bytes that are signed, and signed they are. */
static void require_accepted(bytes der, uint8_t flags, int64_t now)
{
    static uint8_t again[DER_BYTES_MAX + 256];
    struct x509_certificate x;
    require(is_ok(x509_certificate_parse(der, &x, NULL)) && x.not_before <= now && now <= x.not_after);
    require(bytes_eq(x.issuer, flags & IS_INTERMEDIATE ? root.x.subject : mesh.x.subject));
    require(holds(x.tbs, BYTES_LIT("\x06\x03\x55\x1d\x0f")));
    require(der.len > DER_BYTES_MAX || bytes_eq(sign(&x, again, sizeof again), der));
    if (flags & IS_INTERMEDIATE) {
        require(holds(x.tbs, BYTES_LIT("\x06\x03\x55\x1d\x13")) && bytes_eq(x.spki, mesh.x.spki));
        return;
    }
    require(holds(x.tbs, flags & IS_SERVER ? BYTES_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01")
                                           : BYTES_LIT("\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02")));
    bytes id;
    struct err err = {0};
    status s = mesh_leaf_workload_secret_id(&x, &id, &err);
    require(is_ok(s) ? bytes_is_absent(id) || (id.len > 0 && holds(x.extensions, id)) : err.text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over(BYTES(data, size));
    uint8_t flags = cursor_u8(&c, "flags");
    int64_t now = (int64_t)cursor_u64le(&c, "now");
    if (cursor_failed(&c)) return 0;
    struct err err = {0};
    bytes der = cursor_rest(&c);
    make_issuers(flags);
    check_self(der, now);
    status s = check(der, flags, now, &err);
    require(!is_ok(s) || (root.has_profile && mesh.has_profile));
    if (is_ok(s))
        require_accepted(der, flags, now);
    else
        require(err.kind == s.kind && err.text[0] != '\0');
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    static uint8_t again[DER_BYTES_MAX];
    struct x509_certificate x;
    if (size <= HEAD_BYTES || seed % 16 == 0) return mutate_bytes(data, size, max, seed / 16);
    if (seed % 16 == 1) {
        (void)mutate_bytes(data, HEAD_BYTES, HEAD_BYTES, seed / 16);
        return size;
    }
    size_t len = der_mutate(data + HEAD_BYTES, size - HEAD_BYTES, max - HEAD_BYTES, seed / 16);
    if (seed % 16 > 3 && is_ok(x509_certificate_parse(BYTES(data + HEAD_BYTES, len), &x, NULL))) {
        bytes made = sign(&x, again, sizeof again);
        if (made.ptr && made.len <= max - HEAD_BYTES) {
            memcpy(data + HEAD_BYTES, made.ptr, made.len);
            len = made.len;
        }
    }
    return HEAD_BYTES + len;
}
