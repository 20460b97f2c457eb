/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "snp/tcb.h"

static void expect_refused(uint64_t word, enum snp_product product, enum err_kind kind, const char *rule)
{
    struct snp_tcb tcb = {.fmc = 77};
    struct err err = {0};
    cr_expect_eq(snp_tcb_split(word, product, &tcb, &err).kind, kind, "%016llx", (unsigned long long)word);
    cr_expect(err.rule && strcmp(err.rule, rule) == 0, "%016llx: rule %s", (unsigned long long)word, err.rule);
    cr_expect_eq(tcb.fmc, 77, "output touched");
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(tcb, a_word_of_an_unknown_product_has_no_layout)
{
    expect_refused(0, SNP_PRODUCT_UNKNOWN, ERR_UNSUPPORTED, "product.known");
    expect_refused(0, (enum snp_product)SNP_PRODUCT_COUNT, ERR_UNSUPPORTED, "product.known");
    struct snp_tcb unknown = {.microcode = 1};
    cr_expect_eq(snp_tcb_join(&unknown), 0u);
}

Test(tcb, reserved_bytes_are_zero)
{
    for (unsigned byte = 0; byte < 8; byte++)
        for (unsigned bit = 0; bit < 8; bit++) {
            uint64_t word = 1ULL << (8 * byte + bit);
            struct snp_tcb tcb;
            if (byte >= 2 && byte <= 5) {
                expect_refused(word, SNP_MILAN, ERR_RANGE, "report.tcb-reserved");
                expect_refused(word, SNP_GENOA, ERR_RANGE, "report.tcb-reserved");
            } else {
                cr_expect(is_ok(snp_tcb_split(word, SNP_MILAN, &tcb, NULL)));
                cr_expect(is_ok(snp_tcb_split(word, SNP_GENOA, &tcb, NULL)));
            }
            if (byte >= 4 && byte <= 6)
                expect_refused(word, SNP_TURIN, ERR_RANGE, "report.tcb-reserved");
            else
                cr_expect(is_ok(snp_tcb_split(word, SNP_TURIN, &tcb, NULL)));
        }
}

/* A u64 comparison would let the microcode outweigh everything. */
Test(tcb, negative_86_a_larger_word_is_not_at_least)
{
    struct snp_tcb have, least;
    cr_assert(is_ok(snp_tcb_split(0xff17000000000003ULL, SNP_MILAN, &have, NULL)));
    cr_assert(is_ok(snp_tcb_split(0xdb18000000000003ULL, SNP_MILAN, &least, NULL)));
    cr_expect_not(snp_tcb_at_least(&have, &least));
    cr_expect_not(snp_tcb_at_least(&least, &have));
}

/* Turin's bytes in Milan's layout: bl, tee and ucode of the one are fmc, bl and ucode of the other. */
Test(tcb, negative_89_a_turin_word_in_the_layout_of_milan)
{
    const uint64_t turin_word = 0x5100000004010101ULL;
    struct snp_tcb turin, milan, least_milan, no_snp;
    expect_refused(turin_word, SNP_MILAN, ERR_RANGE, "report.tcb-reserved");
    expect_refused(turin_word, SNP_GENOA, ERR_RANGE, "report.tcb-reserved");

    cr_assert(is_ok(snp_tcb_split(turin_word, SNP_TURIN, &turin, NULL)));
    cr_assert(is_ok(snp_tcb_split(0, SNP_MILAN, &least_milan, NULL)));
    cr_expect_not(snp_tcb_at_least(&turin, &least_milan), "a minimum of another product is never reached");
    cr_expect_not(snp_tcb_at_least(&least_milan, &turin));

    /* What both layouts can read is still not comparable. */
    cr_assert(is_ok(snp_tcb_split(0x5100000000000101ULL, SNP_TURIN, &no_snp, NULL)));
    cr_assert(is_ok(snp_tcb_split(0x5100000000000101ULL, SNP_MILAN, &milan, NULL)));
    cr_expect_eq(no_snp.tee, 0);
    cr_expect_eq(milan.tee, 1);
    cr_expect_not(snp_tcb_eq(&no_snp, &milan));
}

Test(tcb, unknown_products_are_never_at_least)
{
    struct snp_tcb zero = {0};
    cr_expect_not(snp_tcb_at_least(&zero, &zero));
    cr_expect_not(snp_tcb_eq(&zero, &zero));
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The table of the ABI, byte by byte. */
Test(tcb, each_byte_has_its_component)
{
    const uint64_t word = 0x0807000000000201ULL, turin = 0x0800000004030201ULL;
    struct snp_tcb tcb;
    cr_assert(is_ok(snp_tcb_split(word, SNP_MILAN, &tcb, NULL)));
    cr_expect(tcb.product == SNP_MILAN && tcb.fmc == 0 && tcb.boot_loader == 1 && tcb.tee == 2 && tcb.snp == 7 &&
              tcb.microcode == 8);
    cr_assert(is_ok(snp_tcb_split(word, SNP_GENOA, &tcb, NULL)));
    cr_expect(tcb.product == SNP_GENOA && tcb.fmc == 0 && tcb.boot_loader == 1 && tcb.tee == 2 && tcb.snp == 7 &&
              tcb.microcode == 8);
    cr_assert(is_ok(snp_tcb_split(turin, SNP_TURIN, &tcb, NULL)));
    cr_expect(tcb.product == SNP_TURIN && tcb.fmc == 1 && tcb.boot_loader == 2 && tcb.tee == 3 && tcb.snp == 4 &&
              tcb.microcode == 8);
}

Test(tcb, join_is_the_inverse_of_split)
{
    for (int p = SNP_MILAN; p < SNP_PRODUCT_COUNT; p++)
        for (unsigned byte = 0; byte < 8; byte++)
            for (unsigned v = 0; v < 256; v++) {
                struct snp_tcb tcb;
                uint64_t word = (uint64_t)v << (8 * byte);
                if (!is_ok(snp_tcb_split(word, (enum snp_product)p, &tcb, NULL))) continue;
                cr_assert_eq(snp_tcb_join(&tcb), word);
            }
}

Test(tcb, every_component_counts)
{
    static const size_t at[] = {offsetof(struct snp_tcb, fmc), offsetof(struct snp_tcb, boot_loader),
                                offsetof(struct snp_tcb, tee), offsetof(struct snp_tcb, snp),
                                offsetof(struct snp_tcb, microcode)};
    const struct snp_tcb base = {SNP_TURIN, 5, 5, 5, 5, 5};
    cr_expect(snp_tcb_at_least(&base, &base) && snp_tcb_eq(&base, &base));
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        struct snp_tcb lower = base, higher = {SNP_TURIN, 255, 255, 255, 255, 255};
        ((uint8_t *)&lower)[at[i]] = 4;
        ((uint8_t *)&higher)[at[i]] = 4;
        cr_expect(snp_tcb_at_least(&base, &lower));
        cr_expect_not(snp_tcb_at_least(&lower, &base));
        cr_expect_not(snp_tcb_at_least(&higher, &base), "one component below, all others above");
        cr_expect_not(snp_tcb_eq(&base, &lower));
    }
}
