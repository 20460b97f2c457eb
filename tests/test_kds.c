/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "parse/text.h"
#include "snp/kds.h"
#include "snp/tcb.h"

/* The two forms of AMD 57230, spelled out by hand; the TCB words are those of reports with these parts. */
#define CHIP_8    "9f4d4f598e541da9"
#define CHIP_64   CHIP_8 CHIP_8 CHIP_8 CHIP_8 CHIP_8 CHIP_8 CHIP_8 CHIP_8
#define MILAN     "/vcek/v1/Milan/" CHIP_64 "?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219"
#define TURIN     "/vcek/v1/Turin/" CHIP_8 "?fmcSPL=1&blSPL=1&teeSPL=2&snpSPL=4&ucodeSPL=81"
#define MILAN_TCB 0xdb18000000000004u
#define TURIN_TCB 0x5100000004020101u

static status parse(const char *target, size_t len, struct fetch_request *out, uint8_t chip[FETCH_CHIP_ID_BYTES],
                    struct err *err)
{
    uint8_t *copy = malloc(len ? len : 1);
    cr_assert(copy);
    memcpy(copy, target, len);
    status s = kds_target_parse(BYTES(copy, len), chip, out, err);
    free(copy);
    return s;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(kds, targets_refused)
{
    static const struct {
        const char *target;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_UNSUPPORTED},
        {"/", ERR_UNSUPPORTED},
        {"/vcek/v2/Milan/crl", ERR_UNSUPPORTED},
        {"/vlek/v1/Milan/crl", ERR_UNSUPPORTED},
        {"/vcek/v1/", ERR_UNSUPPORTED},
        {"/vcek/v1/milan/crl", ERR_UNSUPPORTED},
        {"/vcek/v1/Venice/crl", ERR_UNSUPPORTED},
        {"/vcek/v1/unknown/crl", ERR_UNSUPPORTED},
        {"/vcek/v1/Milan", ERR_TRUNCATED},
        {"/vcek/v1/Milan/", ERR_TRUNCATED},
        {"/vcek/v1/Milan/crl?", ERR_SYNTAX},
        {"/vcek/v1/Milan/crl?blSPL=1", ERR_SYNTAX},
        {"/vcek/v1/Milan/crl/", ERR_TRUNCATED},
        {"/vcek/v1/Milan/cert_chain", ERR_TRUNCATED},
        {"/vcek/v1/Milan/" CHIP_64, ERR_MISSING},
        {"/vcek/v1/Milan/" CHIP_64 "?", ERR_SYNTAX},
        {"/vcek/v1/Milan/" CHIP_8 "?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_TRUNCATED},
        {"/vcek/v1/Turin/" CHIP_64 "?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81", ERR_TRAILING},
        {"/vcek/v1/Turin/9F4D4F598E541DA9?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81", ERR_SYNTAX},
        {"/vcek/v1/Turin/" CHIP_8 "?blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81", ERR_MISSING},
        {"/vcek/v1/Milan/" CHIP_64 "?fmcSPL=1&blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_SYNTAX},
        {MILAN "&", ERR_SYNTAX},
        {MILAN "&blSPL=4", ERR_DUPLICATE},
        {MILAN "&other=4", ERR_SYNTAX},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_TRUNCATED},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_TRUNCATED},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=256&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_RANGE},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=004&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_SYNTAX},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=0x&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_SYNTAX},
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=-4&teeSPL=0&snpSPL=24&ucodeSPL=219", ERR_SYNTAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fetch_request r = {.product = 77};
        uint8_t chip[FETCH_CHIP_ID_BYTES] = {77};
        struct err err = {0};
        status s = parse(rows[i].target, strlen(rows[i].target), &r, chip, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].target, err.text);
        cr_expect(r.product == 77 && chip[0] == 77 && err.text[0]);
    }
}

Test(kds, prefixes_refused)
{
    static const char *const rows[] = {MILAN, TURIN, "/vcek/v1/Genoa/crl"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t len = 0; len < strlen(rows[i]); len++) {
            struct fetch_request r;
            uint8_t chip[FETCH_CHIP_ID_BYTES];
            /* "...ucodeSPL=2" is another TCB, and a whole one. */
            bool is_whole = len > 80 && strncmp(&rows[i][len - 1], "=", 1) != 0 && strstr(rows[i], "ucodeSPL=") &&
                            &rows[i][len] > strstr(rows[i], "ucodeSPL=") + 9;
            if (i == 1) is_whole = &rows[i][len] > strstr(rows[i], "ucodeSPL=") + 9;
            cr_expect_eq(is_ok(parse(rows[i], len, &r, chip, NULL)), is_whole, "%s: %zu", rows[i], len);
        }
}

Test(kds, requests_refused)
{
    static const uint8_t id[FETCH_CHIP_ID_BYTES] = {1};
    static const struct fetch_request rows[] = {
        {.kind = FETCH_VCEK, .product = SNP_TURIN, .chip_id = {id, sizeof id}},
        {.kind = FETCH_VCEK, .product = SNP_MILAN, .chip_id = {id, 8}},
        {.kind = FETCH_VCEK, .product = SNP_MILAN, .chip_id = {id, sizeof id}, .tcb = 0x0100000000ff0000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[KDS_TARGET_SIZE] = "untouched";
        struct err err = {0};
        cr_expect_eq(kds_target_write(&rows[i], out, &err).kind, ERR_RANGE, "row %zu: %s", i, err.text);
        cr_expect_str_eq(out, "untouched");
    }
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static void expect_both_ways(const char *target, enum snp_product product, uint64_t tcb, size_t chip_bytes)
{
    struct fetch_request r;
    uint8_t chip[FETCH_CHIP_ID_BYTES];
    char out[KDS_TARGET_SIZE];
    cr_assert(is_ok(kds_target_parse(text_bytes(target), chip, &r, NULL)), "%s", target);
    cr_expect(r.product == product && r.tcb == tcb && r.chip_id.len == chip_bytes, "%s", target);
    cr_assert(is_ok(kds_target_write(&r, out, NULL)));
    cr_expect_str_eq(out, target);
}

Test(kds, targets)
{
    expect_both_ways(MILAN, SNP_MILAN, MILAN_TCB, 64);
    expect_both_ways(TURIN, SNP_TURIN, TURIN_TCB, 8);
    expect_both_ways("/vcek/v1/Genoa/crl", SNP_GENOA, 0, 0);
    expect_both_ways("/vcek/v1/Genoa/" CHIP_64 "?blSPL=255&teeSPL=255&snpSPL=255&ucodeSPL=255", SNP_GENOA,
                     0xffff00000000ffff, 64);
}

/* What snpguest and Trustee, and what Oak send. */
Test(kds, targets_of_other_clients)
{
    static const struct {
        const char *target;
        uint64_t tcb;
    } rows[] = {
        {"/vcek/v1/Milan/" CHIP_64 "?blSPL=04&teeSPL=00&snpSPL=24&ucodeSPL=219", MILAN_TCB},
        {"/vcek/v1/Turin/" CHIP_8 "?ucodeSPL=81&fmcSPL=01&blSPL=01&teeSPL=02&snpSPL=04", TURIN_TCB},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fetch_request r;
        uint8_t chip[FETCH_CHIP_ID_BYTES];
        cr_expect(is_ok(kds_target_parse(text_bytes(rows[i].target), chip, &r, NULL)) && r.tcb == rows[i].tcb);
    }
}
