/* SPDX-License-Identifier: Apache-2.0 */
#include "net/peer_certificate.h"

#include "ca/certificate.h"
#include "parse/limits.h"
#include "parse/text.h"
#include "parse/time.h"

/* ---- signature -------------------------------------------------------------------------------------------------- */

static status check_signature(const struct x509_certificate *x, struct err *err)
{
    const struct {
        bytes identifier; /* AlgorithmIdentifier */
        enum signature_kind kind;
        enum signature_hash hash;
    } algorithms[] = {
        {BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"), SIGNATURE_ECDSA, HASH_SHA256},
        {BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"), SIGNATURE_ECDSA, HASH_SHA384},
        {BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04"), SIGNATURE_ECDSA, HASH_SHA512},
        {BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"), SIGNATURE_RSA, HASH_SHA256},
        {BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00"), SIGNATURE_RSA, HASH_SHA384},
        {BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00"), SIGNATURE_RSA, HASH_SHA512},
    };
    if (!bytes_eq(x->inner_algorithm, x->outer_algorithm))
        return err_set(err, ERR_MISMATCH, 0, "its two signature algorithms differ");
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++)
        if (bytes_eq(x->outer_algorithm, algorithms[i].identifier))
            return peer_signature_check(algorithms[i].kind, algorithms[i].hash, x->spki, x->tbs, x->signature, err);
    return err_set(err, ERR_UNSUPPORTED, 0, "signature algorithm %s is none that we take",
                   text_hex(x->outer_algorithm).s);
}

/* ---- validity --------------------------------------------------------------------------------------------------- */

static status check_validity(const struct x509_certificate *x, int64_t now, struct err *err)
{
    if (now >= x->not_before && now <= x->not_after) return OK;
    bool early = now < x->not_before;
    return err_set(err, ERR_EXPIRED, 0, "it is %lld seconds %s; one of the two clocks may be wrong",
                   (long long)(early ? x->not_before - now : now - x->not_after),
                   early ? "too early for it" : "past its end");
}

/* ---- extensions ------------------------------------------------------------------------------------------------- */

/* basicConstraints and keyUsage: what they say is about certificates that this one might sign, and it signs itself. */
static bool may_be_critical(bytes oid)
{
    return bytes_eq(oid, BYTES_LIT("\x55\x1d\x13")) || bytes_eq(oid, BYTES_LIT("\x55\x1d\x0f"));
}

static status read_extensions(bytes extensions, bytes *evidence, struct err *err)
{
    if (bytes_is_absent(extensions)) return OK;
    struct cursor c = cursor_over(extensions);
    while (cursor_left(&c) > 0) {
        struct x509_extension e = x509_extension_next(&c);
        if (bytes_eq(e.oid, OID_EVIDENCE_SNP))
            *evidence = e.value;
        else if (e.critical && !may_be_critical(e.oid))
            return err_set(err, ERR_UNSUPPORTED, 0, "extension %s is critical and unknown", text_hex(e.oid).s);
    }
    TRY(cursor_end(&c, err));
    if (evidence->len > LIMIT_ATLS_EVIDENCE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "evidence: want at most %d bytes, have %zu", LIMIT_ATLS_EVIDENCE_BYTES,
                       evidence->len);
    return OK;
}

static status check(bytes der, int64_t now, struct peer_certificate *out, struct err *err)
{
    struct x509_certificate x;
    bytes evidence = BYTES_ABSENT;
    TRY(x509_certificate_parse(der, &x, err));
    TRY(read_extensions(x.extensions, &evidence, err));
    TRY(check_validity(&x, now, err));
    TRY(check_signature(&x, err));
    *out = (struct peer_certificate){.der = der, .spki = x.spki, .evidence = evidence};
    return OK;
}

status peer_certificate_check(bytes der, int64_t now, struct peer_certificate *out, struct err *err)
{
    return err_in(err, check(der, now, out, err), "certificate of the peer");
}
