/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/selftest.h"
#include "parse/x509.h"
#include "tests/shared.h"

Test(selftest, every_answer_is_the_known_one)
{
    for (size_t i = 0; i < selftest_count; i++)
        cr_expect(selftests[i].passes(), "%s", selftests[i].name);
}

/* The figures are those of AMD's certificates. */
Test(selftest, figures_are_amd_s)
{
    static const char *const products[] = {[SNP_MILAN] = "milan", [SNP_GENOA] = "genoa", [SNP_TURIN] = "turin"};
    static const char *const roles[] = {[SNP_ARK] = "ark", [SNP_ASK] = "ask", [SNP_ASVK] = "asvk"};
    for (size_t i = 0; i < SNP_AMD_CA_COUNT; i++) {
        const struct selftest_ca *ca = &selftest_cas[i];
        char path[64];
        snprintf(path, sizeof path, "vectors/ca/%s_%s.der", products[ca->product], roles[ca->role]);
        bytes der = shared_read(path);
        struct x509_certificate x;
        uint8_t spki[SHA256_BYTES], tbs[SHA384_BYTES];
        cr_assert(is_ok(x509_certificate_parse(der, &x, NULL)), "%s", path);
        cr_assert(is_ok(crypto_sha256(&x.spki, 1, spki, NULL)));
        cr_assert(is_ok(crypto_sha384(&x.tbs, 1, tbs, NULL)));
        cr_expect_eq(memcmp(spki, ca->spki_sha256, sizeof spki), 0, "%s", path);
        cr_expect_eq(memcmp(tbs, ca->tbs_sha384, sizeof tbs), 0, "%s", path);
        cr_expect(bytes_eq(x.signature, BYTES_OF(ca->signature)), "%s", path);
        free((void *)(uintptr_t)der.ptr);
    }
}
