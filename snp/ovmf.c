/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/ovmf.h"

#include "parse/cursor.h"
#include "snp/kernel_hashes.h"
#include "snp/page.h"

enum {
    GUID_BYTES = 16,
    ENTRY_HEADER_BYTES = 2 + GUID_BYTES, /* stands behind the data: u16 size of both, GUID */
    BEHIND_TABLE_BYTES = 32,
    METADATA_HEADER_BYTES = 16,
    SECTION_BYTES = 12,
};

static const uint64_t four_gib = UINT64_C(1) << 32;

/* ---- the table of entries ------------------------------------------------------------------------------------- */

/* 96b582de-1fb2-45f7-baea-a366c55a082d: the first entry from the end, whose data are all the others. */
static const uint8_t guid_table[GUID_BYTES] = {0xde, 0x82, 0xb5, 0x96, 0xb2, 0x1f, 0xf7, 0x45,
                                               0xba, 0xea, 0xa3, 0x66, 0xc5, 0x5a, 0x08, 0x2d};
/* 00f771de-1a7e-4fcb-890e-68c77e2fb44e */
static const uint8_t guid_ap_reset[GUID_BYTES] = {0xde, 0x71, 0xf7, 0x00, 0x7e, 0x1a, 0xcb, 0x4f,
                                                  0x89, 0x0e, 0x68, 0xc7, 0x7e, 0x2f, 0xb4, 0x4e};
/* 7255371f-3a3b-4b04-927b-1da6efa8d454 */
static const uint8_t guid_hash_table[GUID_BYTES] = {0x1f, 0x37, 0x55, 0x72, 0x3b, 0x3a, 0x04, 0x4b,
                                                    0x92, 0x7b, 0x1d, 0xa6, 0xef, 0xa8, 0xd4, 0x54};
/* dc886566-984a-4798-a75e-5585a7bf67cc */
static const uint8_t guid_metadata[GUID_BYTES] = {0x66, 0x65, 0x88, 0xdc, 0x4a, 0x98, 0x98, 0x47,
                                                  0xa7, 0x5e, 0x55, 0x85, 0xa7, 0xbf, 0x67, 0xcc};

enum known_entry { ENTRY_AP_RESET = 0, ENTRY_HASH_TABLE, ENTRY_METADATA, ENTRY_COUNT };

static const struct {
    const char *name;
    const uint8_t *guid;
    size_t len; /* of the data */
} known_entries[ENTRY_COUNT] = {
    [ENTRY_AP_RESET] = {"AP reset block", guid_ap_reset, 4},
    [ENTRY_HASH_TABLE] = {"hash table", guid_hash_table, 8},
    [ENTRY_METADATA] = {"SEV metadata", guid_metadata, 4},
};

struct entry {
    bytes guid, data, before; /* before: what is left of the table in front of this entry */
};

/* The last entry of `table`. */
static status read_entry(bytes table, struct entry *out, struct err *err)
{
    if (table.len < ENTRY_HEADER_BYTES) {
        return err_set(err, ERR_TRUNCATED, 0, "footer table: %zu bytes are too few for an entry", table.len);
    }
    struct cursor c = cursor_over(bytes_slice(table, table.len - ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES));
    size_t size = cursor_u16le(&c, "size");
    bytes guid = cursor_take(&c, GUID_BYTES, "GUID");
    if (size < ENTRY_HEADER_BYTES || size > table.len) {
        return err_set(err, ERR_RANGE, 0, "footer table: entry size: want %d to %zu bytes, have %zu",
                       ENTRY_HEADER_BYTES, table.len, size);
    }
    *out = (struct entry){
        .guid = guid,
        .data = bytes_slice(table, table.len - size, size - ENTRY_HEADER_BYTES),
        .before = bytes_slice(table, 0, table.len - size),
    };
    return OK;
}

static status keep_entry(const struct entry *e, bytes found[static ENTRY_COUNT], struct err *err)
{
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        if (!bytes_eq(e->guid, BYTES(known_entries[i].guid, GUID_BYTES))) continue;
        if (!bytes_is_absent(found[i])) {
            return err_set(err, ERR_DUPLICATE, 0, "footer table: a second %s entry", known_entries[i].name);
        }
        if (e->data.len != known_entries[i].len) {
            return err_set(err, ERR_RANGE, 0, "footer table: %s: want %zu bytes, have %zu", known_entries[i].name,
                           known_entries[i].len, e->data.len);
        }
        found[i] = e->data;
    }
    return OK;
}

static status read_table(bytes image, bytes found[static ENTRY_COUNT], struct err *err)
{
    struct entry e;
    TRY(read_entry(bytes_slice(image, 0, image.len - BEHIND_TABLE_BYTES), &e, err));
    if (!bytes_eq(e.guid, BYTES_OF(guid_table))) {
        return err_set(err, ERR_MISSING, 0, "footer table: its GUID is not there: not an OVMF image");
    }
    bytes rest = e.data;
    for (size_t i = 0; i < LIMIT_FIRMWARE_ENTRIES && rest.len > 0; i++) {
        TRY(read_entry(rest, &e, err));
        TRY(keep_entry(&e, found, err));
        rest = e.before;
    }
    if (rest.len > 0) {
        return err_set(err, ERR_LIMIT, 0, "footer table: more than %d entries", LIMIT_FIRMWARE_ENTRIES);
    }
    return OK;
}

/* ---- the SEV metadata ------------------------------------------------------------------------------------------ */

struct section_rule {
    enum snp_section_type type;
    const char *name;
    bool is_one_page; /* the guest uses one such page */
};

static const struct section_rule section_rules[] = {
    {SNP_SECTION_SEC_MEM, "SNP_SEC_MEM", false},
    {SNP_SECTION_SECRETS, "SNP_SECRETS", true},
    {SNP_SECTION_CPUID, "CPUID", true},
    {SNP_SECTION_SVSM_CAA, "SVSM_CAA", false},
    {SNP_SECTION_KERNEL_HASHES, "SNP_KERNEL_HASHES", true},
};

static const struct section_rule *find_rule(uint32_t type)
{
    for (size_t i = 0; i < sizeof section_rules / sizeof section_rules[0]; i++) {
        if ((uint32_t)section_rules[i].type == type) return &section_rules[i];
    }
    return NULL;
}

static uint64_t section_end(const struct snp_section *s)
{
    return (uint64_t)s->gpa + s->size;
}

static status check_place(const struct snp_ovmf *o, const struct snp_section *s, struct err *err)
{
    if (s->size == 0 || s->size % SNP_PAGE_BYTES != 0 || s->gpa % SNP_PAGE_BYTES != 0) {
        return err_set(err, ERR_RANGE, 0, "want whole pages, have 0x%x bytes at 0x%x", s->size, s->gpa);
    }
    if (section_end(s) > o->gpa) {
        return err_set(err, ERR_RANGE, 0, "0x%x bytes at 0x%x reach into the image at 0x%llx", s->size, s->gpa,
                       (unsigned long long)o->gpa);
    }
    return OK;
}

/* Against the sections before it. */
static status check_others(const struct snp_ovmf *o, const struct snp_section *s, const struct section_rule *rule,
                           struct err *err)
{
    for (size_t i = 0; i < o->section_count; i++) {
        const struct snp_section *other = &o->sections[i];
        if (s->gpa < section_end(other) && other->gpa < section_end(s)) {
            return err_set(err, ERR_DUPLICATE, 0, "overlaps section %zu", i);
        }
        if (rule->is_one_page && s->type == other->type) {
            return err_set(err, ERR_DUPLICATE, 0, "a second %s section", rule->name);
        }
    }
    return OK;
}

static status add_section(struct cursor *c, struct snp_ovmf *o, struct err *err)
{
    uint32_t gpa = cursor_u32le(c, "gpa");
    uint32_t size = cursor_u32le(c, "size");
    uint32_t type = cursor_u32le(c, "type");
    const struct section_rule *rule = find_rule(type);
    if (!rule) return err_set(err, ERR_UNSUPPORTED, 0, "type 0x%x is not known", type);

    struct snp_section s = {gpa, size, rule->type};
    TRY(check_place(o, &s, err));
    if (rule->is_one_page && size != SNP_PAGE_BYTES) {
        return err_set(err, ERR_RANGE, 0, "%s: want one page, have 0x%x bytes", rule->name, size);
    }
    TRY(check_others(o, &s, rule, err));
    o->sections[o->section_count++] = s;
    return OK;
}

static status check_total(const struct snp_ovmf *o, struct err *err)
{
    uint64_t total = 0;
    for (size_t i = 0; i < o->section_count; i++)
        total += o->sections[i].size;
    if (total <= LIMIT_FIRMWARE_SECTION_BYTES) return OK;
    return err_set(err, ERR_LIMIT, 0, "want at most %d bytes of sections, have %llu", LIMIT_FIRMWARE_SECTION_BYTES,
                   (unsigned long long)total);
}

static status read_header(struct cursor *c, size_t *count, struct err *err)
{
    bytes signature = cursor_take(c, 4, "signature");
    uint32_t size = cursor_u32le(c, "size");
    uint32_t version = cursor_u32le(c, "version");
    uint32_t n = cursor_u32le(c, "count");
    TRY(cursor_status(c, err));

    if (!bytes_eq(signature, BYTES_LIT("ASEV"))) return err_set(err, ERR_SYNTAX, 0, "does not begin with ASEV");
    if (version != 1) return err_set(err, ERR_UNSUPPORTED, 0, "version: want 1, have %u", version);
    if (n > LIMIT_FIRMWARE_SECTIONS) {
        return err_set(err, ERR_LIMIT, 0, "want at most %d sections, have %u", LIMIT_FIRMWARE_SECTIONS, n);
    }
    if (size != METADATA_HEADER_BYTES + n * SECTION_BYTES) {
        return err_set(err, ERR_RANGE, 0, "size: want %u for %u sections, have %u",
                       METADATA_HEADER_BYTES + n * SECTION_BYTES, n, size);
    }
    *count = n;
    return OK;
}

/* `offset` counts back from the end of the image. */
static status read_metadata(uint32_t offset, struct snp_ovmf *o, struct err *err)
{
    if (offset > o->image.len) {
        return err_set(err, ERR_RANGE, 0, "%u bytes before the end of an image of %zu bytes", offset, o->image.len);
    }
    struct cursor c = cursor_over(bytes_slice(o->image, o->image.len - offset, offset));
    size_t count = 0;
    TRY(read_header(&c, &count, err));
    struct cursor list = cursor_sub(&c, count * SECTION_BYTES, "sections");
    TRY(cursor_status(&c, err));
    for (size_t i = 0; i < count; i++)
        TRY(err_in(err, add_section(&list, o, err), "section %zu", i));
    return check_total(o, err);
}

/* ---- the image ------------------------------------------------------------------------------------------------- */

static uint32_t u32_at(bytes data, size_t from)
{
    struct cursor c = cursor_over(bytes_slice(data, from, 4));
    return cursor_u32le(&c, "entry");
}

static status read_image(bytes image, struct snp_ovmf *out, struct err *err)
{
    if (image.len == 0 || image.len % SNP_PAGE_BYTES != 0) {
        return err_set(err, ERR_RANGE, 0, "size: want a multiple of %d bytes, have %zu", SNP_PAGE_BYTES, image.len);
    }
    if (image.len > LIMIT_FIRMWARE_BYTES) {
        return err_set(err, ERR_LIMIT, 0, "size: want at most %d bytes, have %zu", LIMIT_FIRMWARE_BYTES, image.len);
    }
    bytes found[ENTRY_COUNT] = {0};
    TRY(read_table(image, found, err));

    struct snp_ovmf o = {.image = image, .gpa = four_gib - image.len};
    o.has_ap_reset_eip = !bytes_is_absent(found[ENTRY_AP_RESET]);
    o.ap_reset_eip = u32_at(found[ENTRY_AP_RESET], 0);
    o.has_hash_table = !bytes_is_absent(found[ENTRY_HASH_TABLE]);
    o.hash_table_gpa = u32_at(found[ENTRY_HASH_TABLE], 0);
    o.hash_table_size = u32_at(found[ENTRY_HASH_TABLE], 4);
    if (bytes_is_absent(found[ENTRY_METADATA])) {
        return err_set(err, ERR_MISSING, 0, "footer table: no SEV metadata entry: not built for SEV-SNP");
    }
    TRY(err_in(err, read_metadata(u32_at(found[ENTRY_METADATA], 0), &o, err), "SEV metadata"));
    *out = o;
    return OK;
}

status snp_ovmf_parse(bytes image, struct snp_ovmf *out, struct err *err)
{
    return err_in(err, read_image(image, out, err), "firmware");
}

status snp_ovmf_hash_table_offset(const struct snp_ovmf *ovmf, size_t *offset, struct err *err)
{
    const struct snp_section *page = NULL;
    for (size_t i = 0; i < ovmf->section_count; i++) {
        if (ovmf->sections[i].type == SNP_SECTION_KERNEL_HASHES) page = &ovmf->sections[i];
    }
    if (!page) return err_set(err, ERR_MISSING, 0, "firmware: takes no kernel hashes: no SNP_KERNEL_HASHES section");
    if (!ovmf->has_hash_table)
        return err_set(err, ERR_MISSING, 0, "firmware: takes no kernel hashes: no hash table entry");

    uint32_t gpa = ovmf->hash_table_gpa;
    if (gpa < page->gpa || gpa - page->gpa > SNP_PAGE_BYTES - SNP_KERNEL_HASHES_BYTES) {
        return err_set(err, ERR_RANGE, 0, "firmware: hash table: %d bytes at 0x%x do not lie in the page at 0x%x",
                       SNP_KERNEL_HASHES_BYTES, gpa, page->gpa);
    }
    if (ovmf->hash_table_size < SNP_KERNEL_HASHES_BYTES) {
        return err_set(err, ERR_RANGE, 0, "firmware: hash table: want at least %d bytes, have %u",
                       SNP_KERNEL_HASHES_BYTES, ovmf->hash_table_size);
    }
    *offset = gpa - page->gpa;
    return OK;
}
