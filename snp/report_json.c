/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/report_json.h"

#include "parse/put.h"
#include "snp/tcb.h"

/* How a member is written: a number, a number or null, an array of `size` numbers, an object. */
enum form { NUMBER, NUMBER_OR_NULL, ARRAY, TCB, VERSION, SIGNATURE };

static const struct row {
    struct json_field field;
    enum form form;
    uint16_t offset;
    uint16_t size;
} rows[] = {
    {{"version", true}, NUMBER, 0x000, 4},
    {{"guest_svn", true}, NUMBER, 0x004, 4},
    {{"policy", true}, NUMBER, 0x008, 8},
    {{"family_id", true}, ARRAY, 0x010, 16},
    {{"image_id", true}, ARRAY, 0x020, 16},
    {{"vmpl", true}, NUMBER, 0x030, 4},
    {{"sig_algo", true}, NUMBER, 0x034, 4},
    {{"current_tcb", true}, TCB, 0x038, 8},
    {{"plat_info", true}, NUMBER, 0x040, 8},
    {{"key_info", true}, NUMBER, 0x048, 4},
    {{"report_data", true}, ARRAY, 0x050, 64},
    {{"measurement", true}, ARRAY, 0x090, 48},
    {{"host_data", true}, ARRAY, 0x0c0, 32},
    {{"id_key_digest", true}, ARRAY, 0x0e0, 48},
    {{"author_key_digest", true}, ARRAY, 0x110, 48},
    {{"report_id", true}, ARRAY, 0x140, 32},
    {{"report_id_ma", true}, ARRAY, 0x160, 32},
    {{"reported_tcb", true}, TCB, 0x180, 8},
    {{"cpuid_fam_id", false}, NUMBER_OR_NULL, 0x188, 1},
    {{"cpuid_mod_id", false}, NUMBER_OR_NULL, 0x189, 1},
    {{"cpuid_step", false}, NUMBER_OR_NULL, 0x18a, 1},
    {{"chip_id", true}, ARRAY, 0x1a0, 64},
    {{"committed_tcb", true}, TCB, 0x1e0, 8},
    {{"current", true}, VERSION, 0x1e8, 3},
    {{"committed", true}, VERSION, 0x1ec, 3},
    {{"launch_tcb", true}, TCB, 0x1f0, 8},
    {{"launch_mit_vector", false}, NUMBER_OR_NULL, 0x1f8, 8},
    {{"current_mit_vector", false}, NUMBER_OR_NULL, 0x200, 8},
    {{"signature", true}, SIGNATURE, 0x2a0, 144},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* ---- values ----------------------------------------------------------------------------------------------------- */

static status take_number(struct json_reader *r, size_t size, uint8_t *out, struct err *err)
{
    uint64_t v = 0;
    TRY(json_get_u64(r, size < 8 ? ((uint64_t)1 << (8 * size)) - 1 : UINT64_MAX, &v, err));
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(v >> (8 * i));
    return OK;
}

/* null leaves the zeros that are there; `present` says which it was. */
static status take_number_or_null(struct json_reader *r, size_t size, uint8_t *out, bool *present, struct err *err)
{
    enum json_kind kind = JSON_END;
    struct json_event null;
    TRY(json_peek(r, &kind, err));
    *present = kind != JSON_NULL;
    if (*present) return take_number(r, size, out, err);
    return json_next(r, &null, err);
}

static status take_array(struct json_reader *r, size_t size, uint8_t *out, struct err *err)
{
    TRY(json_enter_array(r, err));
    for (size_t n = 0;; n++) {
        bool end = false;
        TRY(json_next_item(r, &end, err));
        if (end && n == size) return OK;
        if (end) return json_refuse(r, err, ERR_TRUNCATED, "want %zu numbers, have %zu", size, n);
        if (n == size) return json_refuse(r, err, ERR_TRAILING, "want %zu numbers, have more", size);
        TRY(take_number(r, 1, &out[n], err));
    }
}

/* ---- objects ---------------------------------------------------------------------------------------------------- */

/* FMC is there on Turin alone, and tells which layout the word has. */
static status take_tcb(struct json_reader *r, uint8_t out[8], struct err *err)
{
    enum { FMC, BOOTLOADER, TEE, SNP, MICROCODE, COUNT };
    static const struct json_field fields[COUNT] = {
        {"fmc", false}, {"bootloader", true}, {"tee", true}, {"snp", true}, {"microcode", true}};
    struct json_fields f = {.table = fields, .count = COUNT, .skip_unknown = true};
    uint8_t parts[COUNT] = {0};
    bool has_fmc = false;
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t i = COUNT;
        bool end = false;
        TRY(json_next_field(r, &f, &i, &end, err));
        if (end) break;
        if (i == FMC)
            TRY(take_number_or_null(r, 1, &parts[i], &has_fmc, err));
        else
            TRY(take_number(r, 1, &parts[i], err));
    }
    struct snp_tcb tcb = {
        has_fmc ? SNP_TURIN : SNP_MILAN, parts[FMC], parts[BOOTLOADER], parts[TEE], parts[SNP], parts[MICROCODE]};
    put_u64le(out, snp_tcb_join(&tcb));
    return OK;
}

static status take_version(struct json_reader *r, uint8_t out[3], struct err *err)
{
    static const struct json_field fields[3] = {{"build", true}, {"minor", true}, {"major", true}};
    struct json_fields f = {.table = fields, .count = 3, .skip_unknown = true};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t i = 0;
        bool end = false;
        TRY(json_next_field(r, &f, &i, &end, err));
        if (end) return OK;
        TRY(take_number(r, 1, &out[i], err));
    }
}

static status take_signature(struct json_reader *r, uint8_t out[2 * SNP_SIGNATURE_COMPONENT_BYTES], struct err *err)
{
    static const struct json_field fields[2] = {{"r", true}, {"s", true}};
    struct json_fields f = {.table = fields, .count = 2, .skip_unknown = true};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t i = 0;
        bool end = false;
        TRY(json_next_field(r, &f, &i, &end, err));
        if (end) return OK;
        TRY(take_array(r, SNP_SIGNATURE_COMPONENT_BYTES, &out[i * SNP_SIGNATURE_COMPONENT_BYTES], err));
    }
}

static status take_row(struct json_reader *r, const struct row *row, uint8_t raw[SNP_REPORT_BYTES], struct err *err)
{
    uint8_t *out = &raw[row->offset];
    bool present = false;
    switch (row->form) {
    case NUMBER:
        return take_number(r, row->size, out, err);
    case NUMBER_OR_NULL:
        return take_number_or_null(r, row->size, out, &present, err);
    case ARRAY:
        return take_array(r, row->size, out, err);
    case TCB:
        return take_tcb(r, out, err);
    case VERSION:
        return take_version(r, out, err);
    default:
        return take_signature(r, out, err);
    }
}

status snp_report_json_parse(struct json_reader *r, uint8_t report[SNP_REPORT_BYTES], struct err *err)
{
    struct json_field fields[ROWS];
    uint8_t raw[SNP_REPORT_BYTES] = {0};
    for (size_t i = 0; i < ROWS; i++)
        fields[i] = rows[i].field;
    struct json_fields f = {.table = fields, .count = ROWS, .skip_unknown = true};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t i = 0;
        bool end = false;
        TRY(json_next_field(r, &f, &i, &end, err));
        if (end) break;
        TRY(take_row(r, &rows[i], raw, err));
    }
    memcpy(report, raw, sizeof raw);
    return OK;
}
