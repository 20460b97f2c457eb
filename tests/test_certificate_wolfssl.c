/* SPDX-License-Identifier: Apache-2.0 */
/* What ca/certificate.h issues under wolfSSL's own path validation, which reads
 * more loosely than OpenSSL's but is what a peer that is built on it uses. */
#include <criterion/criterion.h>
#include <time.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "ca/authority.h"

static struct private_key root_key, peer_key;
static struct authority authority, other;
static char chain[12000];
static WOLFSSL_CERT_MANAGER *manager;

/* wolfSSL asks the clock of the machine. */
static void setup(void)
{
    int64_t now = (int64_t)time(NULL);
    static uint8_t fields[64];
    const struct snp_report report = {.version = 2,
                                      .family_id = BYTES(fields, 16),
                                      .image_id = BYTES(fields, 16),
                                      .report_data = BYTES(fields, 64),
                                      .measurement = BYTES(fields, 48),
                                      .host_data = BYTES(fields, 32),
                                      .id_key_digest = BYTES(fields, 48),
                                      .author_key_digest = BYTES(fields, 48),
                                      .report_id = BYTES(fields, 32),
                                      .report_id_ma = BYTES(fields, 32),
                                      .chip_id = BYTES(fields, 64)};
    const bytes names[] = {BYTES_LIT("web"), BYTES_LIT("10.0.0.1"), BYTES_LIT("spiffe://a/b")};
    size_t len = 0;
    cr_assert(is_ok(private_key_generate(KEY_P384, &root_key, NULL)));
    cr_assert(is_ok(private_key_generate(KEY_P256, &peer_key, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, now, &authority, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, now, &other, NULL)));
    const struct certificate_request request = {.spki = private_key_spki(&peer_key),
                                                .sans = names,
                                                .san_count = 3,
                                                .report = &report,
                                                .product = SNP_MILAN,
                                                .workload_secret_id = BYTES_LIT("web")};
    cr_assert(is_ok(authority_issue(&authority, &request, now, chain, sizeof chain, &len, NULL)));
    chain[len - authority.intermediate.len] = '\0'; /* the leaf alone */
    manager = wolfSSL_CertManagerNew();
    cr_assert_not_null(manager);
}

static void teardown(void)
{
    wolfSSL_CertManagerFree(manager);
}

static int trust(const struct authority_pem *pem)
{
    return wolfSSL_CertManagerLoadCABuffer(manager, (const unsigned char *)pem->text, (long)pem->len,
                                           WOLFSSL_FILETYPE_PEM);
}

static int verify(const char *pem)
{
    return wolfSSL_CertManagerVerifyBuffer(manager, (const unsigned char *)pem, (long)strlen(pem),
                                           WOLFSSL_FILETYPE_PEM);
}

Test(certificate_wolfssl, leaf_under_the_mesh_ca, .init = setup, .fini = teardown)
{
    cr_expect_neq(verify(chain), WOLFSSL_SUCCESS, "nothing is trusted yet");
    cr_assert_eq(trust(&authority.mesh), WOLFSSL_SUCCESS);
    cr_expect_eq(verify(chain), WOLFSSL_SUCCESS);
}

Test(certificate_wolfssl, leaf_under_the_root, .init = setup, .fini = teardown)
{
    cr_assert_eq(trust(&authority.root), WOLFSSL_SUCCESS);
    cr_expect_neq(verify(chain), WOLFSSL_SUCCESS, "without the intermediate");
    cr_expect_eq(verify(authority.intermediate.text), WOLFSSL_SUCCESS);
    cr_assert_eq(trust(&authority.intermediate), WOLFSSL_SUCCESS);
    cr_expect_eq(verify(chain), WOLFSSL_SUCCESS);
}

Test(certificate_wolfssl, leaf_under_the_mesh_ca_of_another_manifest, .init = setup, .fini = teardown)
{
    cr_assert_eq(trust(&other.mesh), WOLFSSL_SUCCESS);
    cr_expect_neq(verify(chain), WOLFSSL_SUCCESS);
    cr_assert_eq(trust(&other.root), WOLFSSL_SUCCESS);
    cr_expect_eq(verify(authority.intermediate.text), WOLFSSL_SUCCESS, "one root for all manifests");
}
