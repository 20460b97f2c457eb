/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of ReferenceValues for TDX: its form, for nothing here judges it. */
#include "parse/manifest_reader.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

enum tdx_form { TDX_PLATFORM, TDX_HEX, TDX_MR_SEAM, TDX_REGISTERS, TDX_IDS, TDX_NUMBER, TDX_FLAG };

enum { TDX_REGISTER_COUNT = 4, TDX_BYTES_MAX = 48 };

enum { MR_TD, MR_SEAM, RTMRS, RTRMS, XFAM };

static const char *const tdx_names[] = {
    [MR_TD] = "MrTd",
    [MR_SEAM] = "MrSeam",
    [RTMRS] = "Rtmrs",
    [RTRMS] = "Rtrms", /* as releases until early 2026 spelled it */
    [XFAM] = "Xfam",
    "Platform",
    "TdAttributes",
    "MinimumTeeTcbSvn",
    "MinimumQeSvn",
    "MinimumPceSvn",
    "MinTCBEvaluationDataNumber",
    "AllowedPIIDs",
    "MemoryIntegrity",
    "SMTDisabled",
    "StaticPlatform",
    "CPUs",
};

/* `size`: bytes in hex, or of each item; of a number, the largest.  In the order of the names. */
static const struct {
    enum tdx_form form;
    uint64_t size;
} tdx_forms[COUNT_OF(tdx_names)] = {
    {TDX_HEX, 48},
    {TDX_MR_SEAM, 48},
    {TDX_REGISTERS, 48},
    {TDX_REGISTERS, 48},
    {TDX_HEX, 8},
    {TDX_PLATFORM, 0},
    {TDX_HEX, 8},
    {TDX_HEX, 16},
    {TDX_NUMBER, UINT16_MAX},
    {TDX_NUMBER, UINT16_MAX},
    {TDX_NUMBER, INT32_MAX},
    {TDX_IDS, 16},
    {TDX_FLAG, 0},
    {TDX_FLAG, 0},
    {TDX_FLAG, 0},
    {TDX_NUMBER, UINT64_MAX},
};

#define MR_SEAM_WANT "48 bytes in lower-case hex"

static status read_mr_seam(struct manifest_reader *m)
{
    uint8_t value[TDX_BYTES_MAX];
    bytes text = BYTES_ABSENT;
    bool got = false, is_null = false;
    TRY(manifest_take_null(m, &is_null));
    if (is_null) return manifest_refuse_unfilled(m, NULL, MR_SEAM_WANT);
    TRY(manifest_get_text(m, &text, &got));
    if (!got) return OK;
    if (text.len == 0) return manifest_refuse_unfilled(m, NULL, MR_SEAM_WANT);
    return manifest_parse_hex(m, text, value, sizeof value, &got);
}

/* Items of `size` bytes in hex; `*count` of them. */
static status read_hex_items(struct manifest_reader *m, size_t size, size_t *count)
{
    uint8_t value[TDX_BYTES_MAX];
    bool got = false, end = false, fits = false;
    TRY(manifest_enter(m, JSON_ARRAY, &got));
    for (*count = 0; got; ++*count) {
        TRY(manifest_next_item(m, &end));
        if (end) break;
        TRY(manifest_get_hex(m, value, size, &fits));
    }
    return OK;
}

static status read_registers(struct manifest_reader *m, size_t size)
{
    size_t count = 0;
    TRY(read_hex_items(m, size, &count));
    if (count == TDX_REGISTER_COUNT) return OK;
    return manifest_refuse(m, ERR_RANGE, "want %d registers, have %zu", TDX_REGISTER_COUNT, count);
}

static status read_tdx_member(struct manifest_reader *m, size_t member, struct manifest_tdx *e)
{
    uint8_t value[TDX_BYTES_MAX];
    uint64_t number = 0;
    size_t size = (size_t)tdx_forms[member].size, count = 0;
    bool got = false, flag = false;
    switch (tdx_forms[member].form) {
    case TDX_PLATFORM:
        return manifest_read_platform(m, &e->platform);
    case TDX_HEX:
        return manifest_get_hex(m, value, size, &got);
    case TDX_MR_SEAM:
        return read_mr_seam(m);
    case TDX_REGISTERS:
        return read_registers(m, size);
    case TDX_IDS:
        TRY(manifest_take_null(m, &got));
        return got ? OK : read_hex_items(m, size, &count);
    case TDX_NUMBER:
        return manifest_get_u64(m, tdx_forms[member].size, &number, &got);
    default:
        return manifest_get_bool(m, &flag, &got);
    }
}

static status read_tdx_members(struct manifest_reader *m, struct manifest_tdx *e)
{
    struct manifest_members f = {tdx_names, COUNT_OF(tdx_names), 0};
    bool end = false;
    for (size_t member = 0;;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(read_tdx_member(m, member, e));
    }
    if (!manifest_saw(&f, MR_TD))
        TRY(manifest_refuse_member(m, tdx_names[MR_TD], ERR_MISSING, "want 48 bytes in hex, have nothing"));
    if (!manifest_saw(&f, MR_SEAM)) TRY(manifest_refuse_unfilled(m, tdx_names[MR_SEAM], MR_SEAM_WANT));
    if (!manifest_saw(&f, XFAM))
        TRY(manifest_refuse_member(m, tdx_names[XFAM], ERR_MISSING, "want 8 bytes in hex, have nothing"));
    if (manifest_saw(&f, RTMRS) != manifest_saw(&f, RTRMS)) return OK;
    return manifest_refuse_member(m, tdx_names[RTMRS], ERR_MISSING, "want either Rtmrs or Rtrms, have %s",
                                  manifest_saw(&f, RTMRS) ? "both" : "neither");
}

status manifest_read_tdx(struct manifest_reader *m)
{
    struct manifest_tdx e = {0};
    bool got = false;
    TRY(manifest_check_room(m, m->out.tdx_count, m->room->tdx_cap, LIMIT_MANIFEST_REFERENCE_VALUES, "entries"));
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    if (!got) return OK;
    size_t first = m->json.offset;
    TRY(read_tdx_members(m, &e));
    e.json = bytes_slice(m->json.in, first, m->json.pos - first);
    m->room->tdx[m->out.tdx_count++] = e;
    return OK;
}
