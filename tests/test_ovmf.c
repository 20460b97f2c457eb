/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/put.h"
#include "snp/ovmf.h"
#include "tests/ovmf_image.h"

/* ---- refusals -------------------------------------------------------------------------------------------------- */

enum { SECTION = OVMF_SECTIONS_AT };

/* One 16- or 32-bit number of the image changed. */
static const struct refusal {
    const char *text;
    enum err_kind kind;
    size_t at;
    int width;
    uint32_t value;
} refusals[] = {
    {"footer table: entry size: want 18 to 4064 bytes, have 17", ERR_RANGE, OVMF_FOOTER_AT, 2, 17},
    {"footer table: entry size: want 18 to 4064 bytes, have 0", ERR_RANGE, OVMF_FOOTER_AT, 2, 0},
    {"footer table: entry size: want 18 to 4064 bytes, have 4065", ERR_RANGE, OVMF_FOOTER_AT, 2, 4065},
    {"footer table: entry size: want 18 to 4064 bytes, have 65535", ERR_RANGE, OVMF_FOOTER_AT, 2, 65535},
    {"footer table: its GUID is not there: not an OVMF image", ERR_MISSING, OVMF_FOOTER_AT + 2, 2, 0},
    {"footer table: no SEV metadata entry: not built for SEV-SNP", ERR_MISSING, OVMF_FOOTER_AT, 2, 18},
    {"footer table: 17 bytes are too few for an entry", ERR_TRUNCATED, OVMF_FOOTER_AT, 2, OVMF_FOOTER_SIZE - 1},
    {"footer table: entry size: want 18 to 88 bytes, have 17", ERR_RANGE, OVMF_AP_ENTRY_AT + 4, 2, 17},
    {"footer table: entry size: want 18 to 88 bytes, have 89", ERR_RANGE, OVMF_AP_ENTRY_AT + 4, 2, 89},
    {"footer table: AP reset block: want 4 bytes, have 5", ERR_RANGE, OVMF_AP_ENTRY_AT + 4, 2, 23},
    {"footer table: hash table: want 8 bytes, have 4", ERR_RANGE, OVMF_HASH_ENTRY_AT + 8, 2, 22},
    {"footer table: SEV metadata: want 4 bytes, have 0", ERR_RANGE, OVMF_METADATA_ENTRY_AT + 4, 2, 18},
    {"footer table: no SEV metadata entry: not built for SEV-SNP", ERR_MISSING, OVMF_METADATA_ENTRY_AT + 6, 2, 0},
    {"SEV metadata: 4097 bytes before the end of an image of 4096 bytes", ERR_RANGE, OVMF_METADATA_ENTRY_AT, 4, 4097},
    {"SEV metadata: 4294967295 bytes before the end of an image of 4096 bytes", ERR_RANGE, OVMF_METADATA_ENTRY_AT, 4,
     UINT32_MAX},
    {"SEV metadata: count: truncated at byte 12 of 15", ERR_TRUNCATED, OVMF_METADATA_ENTRY_AT, 4, 15},
    {"SEV metadata: does not begin with ASEV", ERR_SYNTAX, OVMF_METADATA_ENTRY_AT, 4, 2047},
    {"SEV metadata: version: want 1, have 2", ERR_UNSUPPORTED, OVMF_METADATA_AT + 8, 4, 2},
    {"SEV metadata: size: want 88 for 6 sections, have 87", ERR_RANGE, OVMF_METADATA_AT + 4, 4, 87},
    {"SEV metadata: size: want 100 for 7 sections, have 88", ERR_RANGE, OVMF_METADATA_AT + 12, 4, 7},
    {"SEV metadata: want at most 64 sections, have 65", ERR_LIMIT, OVMF_METADATA_AT + 12, 4, 65},
    {"SEV metadata: want at most 64 sections, have 4294967295", ERR_LIMIT, OVMF_METADATA_AT + 12, 4, UINT32_MAX},
    {"SEV metadata: section 0: type 0x0 is not known", ERR_UNSUPPORTED, SECTION + 8, 4, 0},
    {"SEV metadata: section 0: type 0x5 is not known", ERR_UNSUPPORTED, SECTION + 8, 4, 5},
    {"SEV metadata: section 1: type 0x11 is not known", ERR_UNSUPPORTED, SECTION + 20, 4, 0x11},
    {"SEV metadata: section 0: want whole pages, have 0x0 bytes at 0x800000", ERR_RANGE, SECTION + 4, 4, 0},
    {"SEV metadata: section 0: want whole pages, have 0x1fff bytes at 0x800000", ERR_RANGE, SECTION + 4, 4, 0x1fff},
    {"SEV metadata: section 0: want whole pages, have 0x2000 bytes at 0x800800", ERR_RANGE, SECTION, 4, 0x800800},
    {"SEV metadata: section 0: 0x2000 bytes at 0xffffe000 reach into the image at 0xfffff000", ERR_RANGE, SECTION, 4,
     0xffffe000},
    {"SEV metadata: section 0: 0xfffff000 bytes at 0x800000 reach into the image at 0xfffff000", ERR_RANGE, SECTION + 4,
     4, 0xfffff000},
    {"SEV metadata: section 1: SNP_SECRETS: want one page, have 0x2000 bytes", ERR_RANGE, SECTION + 16, 4, 0x2000},
    {"SEV metadata: section 2: CPUID: want one page, have 0x2000 bytes", ERR_RANGE, SECTION + 28, 4, 0x2000},
    {"SEV metadata: section 4: SNP_KERNEL_HASHES: want one page, have 0x2000 bytes", ERR_RANGE, SECTION + 52, 4,
     0x2000},
    {"SEV metadata: section 1: overlaps section 0", ERR_DUPLICATE, SECTION + 12, 4, 0x801000},
    {"SEV metadata: section 1: overlaps section 0", ERR_DUPLICATE, SECTION + 4, 4, 0x3000},
    {"SEV metadata: section 2: a second SNP_SECRETS section", ERR_DUPLICATE, SECTION + 32, 4, 2},
    {"SEV metadata: section 5: a second SNP_KERNEL_HASHES section", ERR_DUPLICATE, SECTION + 68, 4, 0x10},
    {"SEV metadata: want at most 268435456 bytes of sections, have 268439552", ERR_LIMIT, SECTION + 64, 4, 0xfffb000},
};

static void put(uint8_t *at, int width, uint32_t value)
{
    if (width == 2) put_u16le(at, (uint16_t)value);
    if (width == 4) put_u32le(at, value);
}

Test(ovmf, what_cannot_be_launched_is_refused)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        uint8_t image[OVMF_IMAGE_BYTES];
        struct snp_ovmf o = {.gpa = 77};
        struct err err = {0};
        char want[256];
        (void)snprintf(want, sizeof want, "firmware: %s", r->text);

        ovmf_image_write(image);
        put(image + r->at, r->width, r->value);
        cr_expect_eq(snp_ovmf_parse(BYTES_OF(image), &o, &err).kind, r->kind, "%s", r->text);
        cr_expect_str_eq(err.text, want);
        cr_expect_eq(o.gpa, 77, "written on failure: %s", r->text);
    }
}

/* The header may lie anywhere: here in the last 16 bytes, so that its only section would begin where the image ends. */
Test(ovmf, sections_behind_the_end_are_refused)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o = {.gpa = 77};
    struct err err = {0};
    ovmf_image_write(image);
    memcpy(image + OVMF_IMAGE_BYTES - 16, image + OVMF_METADATA_AT, 16);
    put_u32le(image + OVMF_IMAGE_BYTES - 12, 28);
    put_u32le(image + OVMF_IMAGE_BYTES - 4, 1);
    put_u32le(image + OVMF_METADATA_ENTRY_AT, 16);
    cr_expect_eq(snp_ovmf_parse(BYTES_OF(image), &o, &err).kind, ERR_TRUNCATED);
    cr_expect_str_eq(err.text, "firmware: SEV metadata: sections: truncated at byte 16 of 16");
    cr_expect_eq(o.gpa, 77, "written on failure");
}

Test(ovmf, a_second_entry_of_one_kind_is_refused)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o;
    struct err err = {0};
    ovmf_image_write(image);
    memcpy(image + OVMF_METADATA_ENTRY_AT + 6, image + OVMF_AP_ENTRY_AT + 6, 16);
    cr_assert_eq(snp_ovmf_parse(BYTES_OF(image), &o, &err).kind, ERR_DUPLICATE);
    cr_assert_str_eq(err.text, "firmware: footer table: a second AP reset block entry");
}

Test(ovmf, more_entries_than_the_limit_are_refused)
{
    enum { TABLE = 18 * (LIMIT_FIRMWARE_ENTRIES + 2) };
    uint8_t image[OVMF_IMAGE_BYTES], entry[18];
    struct snp_ovmf o;
    struct err err = {0};
    ovmf_image_write(image);
    memcpy(entry, image + OVMF_UNKNOWN_AT, sizeof entry);
    for (size_t at = OVMF_FOOTER_AT + 18 - TABLE; at < OVMF_FOOTER_AT; at += 18)
        memcpy(image + at, entry, sizeof entry);
    put_u16le(image + OVMF_FOOTER_AT, TABLE);
    cr_assert_eq(snp_ovmf_parse(BYTES_OF(image), &o, &err).kind, ERR_LIMIT);
    cr_assert_str_eq(err.text, "firmware: footer table: more than 64 entries");

    put_u16le(image + OVMF_FOOTER_AT, TABLE - 18);
    cr_assert_eq(snp_ovmf_parse(BYTES_OF(image), &o, &(struct err){0}).kind, ERR_MISSING);
}

Test(ovmf, a_size_that_is_no_number_of_pages_is_refused)
{
    uint8_t image[OVMF_IMAGE_BYTES + 1];
    struct snp_ovmf o;
    ovmf_image_write(image + 1);
    cr_assert_eq(snp_ovmf_parse(BYTES_ABSENT, &o, NULL).kind, ERR_RANGE);
    for (size_t n = 0; n < OVMF_IMAGE_BYTES; n++) {
        cr_expect_eq(snp_ovmf_parse(BYTES(image + 1, n), &o, NULL).kind, ERR_RANGE, "%zu bytes from the start", n);
        cr_expect_eq(snp_ovmf_parse(BYTES(image + 1 + n, OVMF_IMAGE_BYTES - n), &o, NULL).kind,
                     n ? ERR_RANGE : ERR_NONE, "all but the first %zu bytes", n);
    }
    cr_assert_eq(snp_ovmf_parse(BYTES_OF(image), &o, NULL).kind, ERR_RANGE);
}

Test(ovmf, an_image_above_the_limit_is_refused)
{
    size_t len = LIMIT_FIRMWARE_BYTES + 4096;
    uint8_t *image = calloc(1, len);
    struct snp_ovmf o;
    cr_assert_not_null(image);
    ovmf_image_write(image + len - OVMF_IMAGE_BYTES);
    cr_expect_eq(snp_ovmf_parse(BYTES(image, len), &o, NULL).kind, ERR_LIMIT);
    cr_expect(is_ok(snp_ovmf_parse(BYTES(image + 4096, len - 4096), &o, NULL)));
    cr_expect_eq(o.gpa, 0xff000000);
    free(image);
}

/* ---- values ---------------------------------------------------------------------------------------------------- */

Test(ovmf, everything_in_the_image_is_found)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o;
    struct err err = {0};
    ovmf_image_write(image);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, &err)), "%s", err.text);
    cr_assert_eq(o.image.ptr, image);
    cr_assert_eq(o.image.len, OVMF_IMAGE_BYTES);
    cr_assert_eq(o.gpa, 0xfffff000);
    cr_assert(o.has_ap_reset_eip && o.has_hash_table);
    cr_assert_eq(o.ap_reset_eip, 0x0080b004);
    cr_assert_eq(o.hash_table_gpa, 0x805c00);
    cr_assert_eq(o.hash_table_size, 0x400);
    cr_assert_eq(o.section_count, OVMF_SECTIONS);
    cr_assert_eq(o.sections[0].gpa, 0x800000);
    cr_assert_eq(o.sections[0].size, 0x2000);
    cr_assert_eq(o.sections[0].type, SNP_SECTION_SEC_MEM);
    cr_assert_eq(o.sections[4].gpa, 0x805000);
    cr_assert_eq(o.sections[4].type, SNP_SECTION_KERNEL_HASHES);
}

Test(ovmf, sections_up_to_the_limit_and_none_are_fine)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o;
    struct err err = {0};
    ovmf_image_write(image);
    for (uint32_t i = 0; i < LIMIT_FIRMWARE_SECTIONS; i++) {
        put_u32le(image + OVMF_SECTIONS_AT + 12 * i, 0x1000 * i);
        put_u32le(image + OVMF_SECTIONS_AT + 12 * i + 4, 0x1000);
        put_u32le(image + OVMF_SECTIONS_AT + 12 * i + 8, 1);
    }
    put_u32le(image + OVMF_METADATA_AT + 4, 16 + 12 * LIMIT_FIRMWARE_SECTIONS);
    put_u32le(image + OVMF_METADATA_AT + 12, LIMIT_FIRMWARE_SECTIONS);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, &err)), "%s", err.text);
    cr_assert_eq(o.section_count, LIMIT_FIRMWARE_SECTIONS);
    cr_assert_eq(o.sections[63].gpa, 63 * 0x1000);

    put_u32le(image + OVMF_SECTIONS_AT, 0x10000000); /* behind the others */
    put_u32le(image + OVMF_SECTIONS_AT + 4, LIMIT_FIRMWARE_SECTION_BYTES - 63 * 0x1000);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, &err)), "%s", err.text);

    put_u32le(image + OVMF_METADATA_AT + 4, 16);
    put_u32le(image + OVMF_METADATA_AT + 12, 0);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, &err)), "%s", err.text);
    cr_assert_eq(o.section_count, 0);
}

static bool is_same(const struct snp_ovmf *a, const struct snp_ovmf *b)
{
    bool same = a->has_ap_reset_eip == b->has_ap_reset_eip && a->ap_reset_eip == b->ap_reset_eip &&
                a->has_hash_table == b->has_hash_table && a->hash_table_gpa == b->hash_table_gpa &&
                a->hash_table_size == b->hash_table_size && a->section_count == b->section_count;
    for (size_t i = 0; same && i < a->section_count; i++) {
        same = a->sections[i].gpa == b->sections[i].gpa && a->sections[i].size == b->sections[i].size &&
               a->sections[i].type == b->sections[i].type;
    }
    return same;
}

/* Every bit of the metadata and of the known entries counts. */
Test(ovmf, a_changed_bit_is_refused_or_seen)
{
    static const struct {
        size_t from, to;
    } ranges[] = {{OVMF_METADATA_AT, OVMF_SECTIONS_AT + 12 * OVMF_SECTIONS},
                  {OVMF_METADATA_ENTRY_AT, OVMF_FOOTER_AT + 18}};
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf whole, o;
    ovmf_image_write(image);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &whole, NULL)));
    for (size_t r = 0; r < 2; r++) {
        for (size_t bit = 8 * ranges[r].from; bit < 8 * ranges[r].to; bit++) {
            image[bit / 8] ^= (uint8_t)(1 << bit % 8);
            bool seen = !is_ok(snp_ovmf_parse(BYTES_OF(image), &o, NULL)) || !is_same(&whole, &o);
            image[bit / 8] ^= (uint8_t)(1 << bit % 8);
            cr_expect(seen, "bit %zu of byte %zu", bit % 8, bit / 8);
        }
    }
}

/* ---- where kernel hashes go ------------------------------------------------------------------------------------ */

static status offset_with(size_t at, uint32_t value, size_t *offset, struct err *err)
{
    uint8_t image[OVMF_IMAGE_BYTES];
    struct snp_ovmf o;
    ovmf_image_write(image);
    if (at) put_u32le(image + at, value);
    cr_assert(is_ok(snp_ovmf_parse(BYTES_OF(image), &o, NULL)));
    return snp_ovmf_hash_table_offset(&o, offset, err);
}

Test(ovmf, kernel_hashes_without_a_place_are_refused)
{
    static const struct refusal places[] = {
        {"takes no kernel hashes: no SNP_KERNEL_HASHES section", ERR_MISSING, SECTION + 56, 4, 1},
        {"takes no kernel hashes: no hash table entry", ERR_MISSING, OVMF_HASH_ENTRY_AT + 10, 4, 0},
        {"hash table: 176 bytes at 0x804fff do not lie in the page at 0x805000", ERR_RANGE, OVMF_HASH_ENTRY_AT, 4,
         0x804fff},
        {"hash table: 176 bytes at 0x805f51 do not lie in the page at 0x805000", ERR_RANGE, OVMF_HASH_ENTRY_AT, 4,
         0x805f51},
        {"hash table: 176 bytes at 0x0 do not lie in the page at 0x805000", ERR_RANGE, OVMF_HASH_ENTRY_AT, 4, 0},
        {"hash table: want at least 176 bytes, have 175", ERR_RANGE, OVMF_HASH_ENTRY_AT + 4, 4, 175},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t offset = 77;
        struct err err = {0};
        char want[256];
        (void)snprintf(want, sizeof want, "firmware: %s", places[i].text);
        cr_expect_eq(offset_with(places[i].at, places[i].value, &offset, &err).kind, places[i].kind);
        cr_expect_str_eq(err.text, want);
        cr_expect_eq(offset, 77);
    }
}

Test(ovmf, the_hash_table_may_lie_anywhere_in_its_page)
{
    size_t offset = 0;
    cr_assert(is_ok(offset_with(0, 0, &offset, NULL)));
    cr_assert_eq(offset, 0xc00);
    cr_assert(is_ok(offset_with(OVMF_HASH_ENTRY_AT, 0x805000, &offset, NULL)));
    cr_assert_eq(offset, 0);
    cr_assert(is_ok(offset_with(OVMF_HASH_ENTRY_AT, 0x805f50, &offset, NULL)));
    cr_assert_eq(offset, 0xf50);
}
