/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "ca/certificate.h"
#include "net/peer_certificate.h"
#include "parse/limits.h"
#include "parse/text.h"
#include "tests/atls_pair.h"
#include "tests/der_edit.h"
#include "tests/scratch.h"

enum { NOW = ATLS_TEST_NOW, TWO_HOURS = 7200 };

static const struct private_key *key_of(enum key_kind kind)
{
    static struct private_key key;
    struct err err = {0};
    atls_test_open();
    status s = kind == KEY_RSA ? private_key_generate_rsa(&key, &err) : private_key_generate(kind, &key, &err);
    cr_assert(is_ok(s), "%s", err.text);
    return &key;
}

static bytes leaf(const struct private_key *key, bytes document)
{
    static uint8_t buf[32768];
    bytes out;
    struct err err = {0};
    struct certificate_room room = {buf, sizeof buf};
    cr_assert(is_ok(certificate_issue_attested(key, OID_EVIDENCE_SNP, document, NOW, room, &out, &err)), "%s",
              err.text);
    return out;
}

static void refused(bytes der, int64_t now, enum err_kind kind, const char *what)
{
    struct peer_certificate peer = {.der = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(peer_certificate_check(der, now, &peer, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] != '\0' && bytes_eq(peer.der, BYTES_LIT("untouched")), "%s", what);
}

/* Positions in a certificate, as paths of tests/der_edit.h. */
#define TBS       0
#define OUTER     DER_PATH(1)
#define INNER     DER_PATH(TBS, 2)
#define FIRST_EXT DER_PATH(TBS, 7, 0, 0)

Test(peer_certificate, every_changed_bit)
{
    bytes der = leaf(key_of(KEY_P256), BYTES_LIT("evidence"));
    uint8_t *edited = malloc(der.len);
    memcpy(edited, der.ptr, der.len);
    struct peer_certificate peer;
    for (size_t i = 0; i < 8 * der.len; i++) {
        edited[i / 8] ^= (uint8_t)(1u << i % 8);
        cr_assert(!is_ok(peer_certificate_check(BYTES(edited, der.len), NOW, &peer, NULL)), "bit %zu", i);
        edited[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    cr_expect(is_ok(peer_certificate_check(BYTES(edited, der.len), NOW, &peer, NULL)));
    free(edited);
}

Test(peer_certificate, every_prefix_and_a_byte_more)
{
    bytes der = leaf(key_of(KEY_P256), BYTES_LIT("evidence"));
    struct peer_certificate peer;
    for (size_t n = 0; n < der.len; n++)
        cr_assert(!is_ok(peer_certificate_check(bytes_slice(der, 0, n), NOW, &peer, NULL)), "%zu bytes", n);
    uint8_t longer[4096] = {0};
    memcpy(longer, der.ptr, der.len);
    refused(BYTES(longer, der.len + 1), NOW, ERR_TRAILING, "a byte behind it");
}

Test(peer_certificate, validity)
{
    bytes der = leaf(key_of(KEY_P256), BYTES_ABSENT);
    struct peer_certificate peer;
    refused(der, NOW - TWO_HOURS - 1, ERR_EXPIRED, "a second too early");
    cr_expect(is_ok(peer_certificate_check(der, NOW - TWO_HOURS, &peer, NULL)));
    cr_expect(is_ok(peer_certificate_check(der, NOW + TWO_HOURS, &peer, NULL)));
    refused(der, NOW + TWO_HOURS + 1, ERR_EXPIRED, "a second too late");
}

static struct der_edit edit;

Test(peer_certificate, algorithms)
{
    der_edit_load(&edit, leaf(key_of(KEY_P256), BYTES_ABSENT));
    der_edit_replace(&edit, OUTER, BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_MISMATCH, "the two differ");
    der_edit_replace(&edit, INNER, BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_SIGNATURE, "another one than signed with");
    static const uint8_t with_sha1[] = "\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01";
    der_edit_replace(&edit, OUTER, BYTES(with_sha1, sizeof with_sha1 - 1));
    der_edit_replace(&edit, INNER, BYTES(with_sha1, sizeof with_sha1 - 1));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_UNSUPPORTED, "SHA-1");
}

/* The evidence of one key under the certificate of another: the signature is the other one's. */
Test(peer_certificate, swapped_keys)
{
    struct private_key other;
    cr_assert(is_ok(private_key_generate(KEY_P256, &other, NULL)));
    der_edit_load(&edit, leaf(key_of(KEY_P256), BYTES_LIT("evidence")));
    der_edit_replace(&edit, DER_PATH(TBS, 6), private_key_spki(&other));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_SIGNATURE, "another key");
}

Test(peer_certificate, extensions)
{
    static const uint8_t critical[] = "\x30\x0d\x06\x03\x2a\x03\x04\x01\x01\xff\x04\x03\x01\x02\x03";
    der_edit_load(&edit, leaf(key_of(KEY_P256), BYTES_LIT("evidence")));
    der_edit_insert(&edit, FIRST_EXT, BYTES(critical, sizeof critical - 1));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_UNSUPPORTED, "a critical one that nobody knows");
    der_edit_load(&edit, leaf(key_of(KEY_P256), BYTES_LIT("evidence")));
    der_edit_insert(&edit, FIRST_EXT, der_edit_get(&edit, FIRST_EXT));
    refused(DER_EDIT_BYTES(&edit), NOW, ERR_DUPLICATE, "evidence twice");
}

Test(peer_certificate, evidence_above_its_limit)
{
    static uint8_t evidence[LIMIT_ATLS_EVIDENCE_BYTES + 1];
    const struct private_key *key = key_of(KEY_P256);
    struct peer_certificate peer;
    cr_expect(is_ok(peer_certificate_check(leaf(key, BYTES(evidence, sizeof evidence - 1)), NOW, &peer, NULL)));
    refused(leaf(key, BYTES_OF(evidence)), NOW, ERR_LIMIT, "one byte more");
}

/* What OpenSSL says of our leaves: it verifies each under itself. */
static void judged_by_openssl(enum key_kind kind, const char *algorithm)
{
    struct scratch s = scratch_open();
    const struct private_key *key = key_of(kind);
    bytes der = leaf(key, BYTES_LIT("evidence"));
    struct peer_certificate peer;
    cr_assert(is_ok(peer_certificate_check(der, NOW, &peer, NULL)));
    cr_expect(bytes_eq(peer.spki, private_key_spki(key)));
    cr_expect(bytes_eq(peer.evidence, BYTES_LIT("evidence")));

    scratch_write(&s, "leaf.der", der);
    scratch_write(&s, "algorithm", text_bytes(algorithm));
    scratch_run(&s, "openssl x509 -inform DER -in leaf.der -out leaf.pem -text >/dev/null"
                    " && openssl verify -attime 1750000000 -check_ss_sig -trusted leaf.pem leaf.pem >said"
                    " && openssl x509 -in leaf.pem -noout -text >text && grep -qF \"$(cat algorithm)\" text"
                    " && grep -q 'Issuer: CN = Contrast' text && grep -q 'Subject: CN = Contrast' text"
                    " && grep -q 'Not Before: Jun 15 13:06:40 2025 GMT' text"
                    " && grep -q 'Not After : Jun 15 17:06:40 2025 GMT' text"
                    " && grep -A1 '1.3.9901.2.1:' text | grep -q '^ *evidence'"
                    " && test $(grep -c '^            X509v3' text) = 0");
    scratch_close(&s);
}

Test(peer_certificate, leaves_as_openssl_sees_them)
{
    judged_by_openssl(KEY_P256, "ecdsa-with-SHA256");
    judged_by_openssl(KEY_P384, "ecdsa-with-SHA384");
    judged_by_openssl(KEY_RSA, "sha256WithRSAEncryption");
}
