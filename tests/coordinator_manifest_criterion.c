/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/text.h"
#include "tests/coordinator_manifest.h"
#include "verify/crypto.h"

#define MANIFEST                                                                                                       \
    "{\"Policies\":{\"%s\":{\"SANs\":[\"c\"],\"Role\":\"coordinator\"}},\"ReferenceValues\":{\"snp\":[{"               \
    "\"ProductName\":\"Milan\",\"TrustedMeasurement\":\"\",\"MinimumTCB\":{\"BootloaderVersion\":0,\"TEEVersion\":0,"  \
    "\"SNPVersion\":0,\"MicrocodeVersion\":0},\"GuestPolicy\":{\"ABIMinor\":0,\"ABIMajor\":0,\"SMT\":true,"            \
    "\"MigrateMA\":false,\"Debug\":false,\"SingleSocket\":false,\"CXLAllowed\":false,\"MemAES256XTS\":false,"          \
    "\"RAPLDis\":false,\"CipherTextHidingDRAM\":false,\"PageSwapDisable\":false}}]}%s}"

bytes coordinator_manifest(const char *policy, const char *more)
{
    static char texts[4][16384];
    static unsigned next;
    char *text = texts[next++ % 4];
    uint8_t hash[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    bytes p = text_bytes(policy);
    cr_assert(is_ok(crypto_sha256(&p, 1, hash, NULL)));
    cr_assert(is_ok(hex_write(BYTES_OF(hash), hex, sizeof hex, NULL)));
    int n = snprintf(text, sizeof texts[0], MANIFEST, hex, more);
    cr_assert(n > 0 && (size_t)n < sizeof texts[0]);
    return BYTES((const uint8_t *)text, (size_t)n);
}
