/* SPDX-License-Identifier: Apache-2.0 */
/* An entry of ReferenceValues for SEV-SNP, in full. */
#include <stdio.h>

#include "parse/manifest_reader.h"
#include "parse/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

/* ---- MinimumTCB ------------------------------------------------------------------------------------------------- */

enum { BOOT_LOADER, TEE, SNP, MICROCODE };

static const char *const tcb_names[MANIFEST_TCB_PARTS] = {
    [BOOT_LOADER] = "BootloaderVersion",
    [TEE] = "TEEVersion",
    [SNP] = "SNPVersion",
    [MICROCODE] = "MicrocodeVersion",
};

#define TCB_WANT "an integer from 0 to 255"

/* Member `i`; null is a value still to be filled in.  `*parts` gets a bit for each that is there. */
static status read_tcb_part(struct manifest_reader *m, size_t i, uint64_t version[MANIFEST_TCB_PARTS], unsigned *parts)
{
    bool got = false, is_null = false;
    TRY(manifest_take_null(m, &is_null));
    if (is_null) return manifest_refuse_unfilled(m, NULL, TCB_WANT);
    TRY(manifest_get_u64(m, UINT8_MAX, &version[i], &got));
    if (got) *parts |= 1u << i;
    return OK;
}

static status read_tcb(struct manifest_reader *m, struct manifest_snp *e)
{
    struct manifest_members f = {tcb_names, MANIFEST_TCB_PARTS, 0};
    uint64_t version[MANIFEST_TCB_PARTS] = {0};
    unsigned parts = 0;
    bool got = false, end = false;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    if (!got) return OK;
    for (size_t member = 0;;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(read_tcb_part(m, member, version, &parts));
    }
    for (size_t i = 0; i < MANIFEST_TCB_PARTS; i++)
        if (!manifest_saw(&f, i)) TRY(manifest_refuse_unfilled(m, tcb_names[i], TCB_WANT));
    e->minimum_tcb_parts = (uint8_t)parts;
    e->has_minimum_tcb = parts == (1u << MANIFEST_TCB_PARTS) - 1;
    e->minimum_tcb = (struct manifest_tcb){(uint8_t)version[BOOT_LOADER], (uint8_t)version[TEE], (uint8_t)version[SNP],
                                           (uint8_t)version[MICROCODE]};
    return OK;
}

/* All four, one by one, of a MinimumTCB that is null or not there. */
static status refuse_tcb(struct manifest_reader *m, const char *prefix)
{
    for (size_t i = 0; i < MANIFEST_TCB_PARTS; i++) {
        char member[64];
        (void)snprintf(member, sizeof member, "%s%s", prefix, tcb_names[i]);
        TRY(manifest_refuse_unfilled(m, member, TCB_WANT));
    }
    return OK;
}

static status read_tcb_or_null(struct manifest_reader *m, struct manifest_snp *e)
{
    bool is_null = false;
    TRY(manifest_take_null(m, &is_null));
    return is_null ? refuse_tcb(m, "") : read_tcb(m, e);
}

/* ---- GuestPolicy ------------------------------------------------------------------------------------------------ */

enum { ABI_MINOR, ABI_MAJOR, SMT, FIRST_FLAG = SMT };

static const char *const policy_names[] = {
    [ABI_MINOR] = "ABIMinor",
    [ABI_MAJOR] = "ABIMajor",
    [SMT] = "SMT",
    "MigrateMA",
    "Debug",
    "SingleSocket",
    "CXLAllowed",
    "MemAES256XTS",
    "RAPLDis",
    "CipherTextHidingDRAM",
    "PageSwapDisable",
};

/* Which bit of POLICY a flag is, and what upstream's validation lets it be.  In the order of policy_names. */
static const struct {
    uint8_t bit;
    bool is_free;
    bool want;
} policy_flags[COUNT_OF(policy_names) - FIRST_FLAG] = {
    {16, false, true},  {18, false, false}, {19, false, false}, {20, false, false}, {21, false, false},
    {22, false, false}, {23, false, false}, {24, false, false}, {25, true, false},
};

#define POLICY_MUST_BE_ONE ((uint64_t)1 << 17)
#define ABI_MINOR_AKS      31

static status read_abi(struct manifest_reader *m, size_t member, uint64_t *policy)
{
    uint64_t version = 0;
    bool got = false;
    TRY(manifest_get_u64(m, UINT8_MAX, &version, &got));
    if (!got) return OK;
    if (member == ABI_MAJOR && version != 0)
        return manifest_refuse(m, ERR_DENIED, "want 0, have %u", (unsigned)version);
    if (version != 0 && version != ABI_MINOR_AKS)
        return manifest_refuse(m, ERR_DENIED, "want 0, or %d on AKS, have %u", ABI_MINOR_AKS, (unsigned)version);
    *policy |= version;
    return OK;
}

static status read_policy_flag(struct manifest_reader *m, size_t flag, uint64_t *policy)
{
    bool is_set = false, got = false;
    TRY(manifest_get_bool(m, &is_set, &got));
    if (!got) return OK;
    if (!policy_flags[flag].is_free && is_set != policy_flags[flag].want)
        return manifest_refuse(m, ERR_DENIED, "want %s, have %s", is_set ? "false" : "true", is_set ? "true" : "false");
    if (is_set) *policy |= (uint64_t)1 << policy_flags[flag].bit;
    return OK;
}

/* What is not there is 0 or false. */
static status read_guest_policy(struct manifest_reader *m, uint64_t *out)
{
    struct manifest_members f = {policy_names, COUNT_OF(policy_names), 0};
    bool got = false, end = false;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    if (!got) return OK;
    *out = POLICY_MUST_BE_ONE;
    for (size_t member = 0;;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(member < FIRST_FLAG ? read_abi(m, member, out) : read_policy_flag(m, member - FIRST_FLAG, out));
    }
    return manifest_saw(&f, SMT) ? OK : manifest_refuse_member(m, "SMT", ERR_MISSING, "want true, have nothing");
}

/* ---- PlatformInfo ----------------------------------------------------------------------------------------------- */

static const char *const platform_names[] = {
    "SMTEnabled",         "TSMEEnabled", "ECCEnabled", "RAPLDisabled", "CiphertextHidingDRAMEnabled",
    "AliasCheckComplete", "TIOEnabled"};

/* Which bit of PLATFORM_INFO, and whether true means that it must be set; else it may be.  In the same order. */
static const struct {
    uint8_t bit;
    bool is_required;
} platform_flags[COUNT_OF(platform_names)] = {{0, false}, {1, false}, {2, true}, {3, true},
                                              {4, true},  {5, true},  {7, false}};

static status read_platform_info(struct manifest_reader *m, struct manifest_snp *e)
{
    struct manifest_members f = {platform_names, COUNT_OF(platform_names), 0};
    bool got = false, end = false;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    e->has_platform_info = got;
    for (size_t member = 0; got;) {
        bool is_set = false, is_bool = false;
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(manifest_get_bool(m, &is_set, &is_bool));
        uint64_t bit = (uint64_t)is_set << platform_flags[member].bit;
        *(platform_flags[member].is_required ? &e->platform_required : &e->platform_allowed) |= bit;
    }
    return OK;
}

/* ---- the other members of an SNP entry -------------------------------------------------------------------------- */

static status read_product(struct manifest_reader *m, enum manifest_product *out)
{
    bytes name = BYTES_ABSENT;
    bool got = false;
    TRY(manifest_get_text(m, &name, &got));
    if (!got) return OK;
    if (bytes_eq(name, BYTES_LIT("Milan")))
        *out = MANIFEST_MILAN;
    else if (bytes_eq(name, BYTES_LIT("Genoa")))
        *out = MANIFEST_GENOA;
    else
        return manifest_refuse(m, ERR_UNSUPPORTED, "want \"Milan\" or \"Genoa\", have %s", text_quote(name).s);
    return OK;
}

/* Hex of `len` bytes; null and "" are none. */
static status read_optional_hex(struct manifest_reader *m, uint8_t *out, size_t len, bool *got)
{
    bytes text = BYTES_ABSENT;
    bool is_null = false;
    *got = false;
    TRY(manifest_take_null(m, &is_null));
    if (is_null) return OK;
    TRY(manifest_get_text(m, &text, got));
    *got = *got && text.len > 0;
    return *got ? manifest_parse_hex(m, text, out, len, got) : OK;
}

static status read_measurement(struct manifest_reader *m, struct manifest_snp *e)
{
    bool got = false;
    TRY(read_optional_hex(m, e->measurement, sizeof e->measurement, &got));
    e->has_measurement = got && !bytes_are_zero(BYTES_OF(e->measurement));
    return OK;
}

/* Four bytes, most significant first. */
static status read_ap_eip(struct manifest_reader *m, struct manifest_snp *e)
{
    uint8_t raw[4] = {0};
    TRY(read_optional_hex(m, raw, sizeof raw, &e->has_ap_eip));
    e->ap_eip = (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
    return OK;
}

/* Before the first id of the entry that is not less. */
static size_t find_chip_place(const struct manifest_reader *m, size_t first, const struct manifest_chip_id *id)
{
    const struct manifest_chip_id *all = m->room->chip_ids;
    size_t low = first, high = m->out.chip_id_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(all[m->room->chip_order[middle]].id, id->id, sizeof id->id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static status read_chip_id(struct manifest_reader *m, struct manifest_snp *e)
{
    struct manifest_chip_id *all = m->room->chip_ids, id = {{0}};
    size_t *count = &m->out.chip_id_count;
    bool got = false;
    TRY(manifest_check_room(m, *count, m->room->chip_id_cap, LIMIT_MANIFEST_CHIP_IDS, "chip ids"));
    TRY(manifest_get_hex(m, id.id, sizeof id.id, &got));
    if (!got) return OK;
    if (bytes_are_zero(BYTES_OF(id.id)))
        return manifest_refuse(m, ERR_DENIED,
                               "want a chip id, have zeros, which any machine reports that hides its own");
    /* chip_order[first..count) are the numbers of the entry's ids, sorted by what they stand for. */
    uint16_t *order = m->room->chip_order;
    size_t place = find_chip_place(m, e->first_chip_id, &id);
    if (place < *count && memcmp(all[order[place]].id, id.id, sizeof id.id) == 0)
        return manifest_refuse(m, ERR_DUPLICATE, "the same chip id as item %zu", order[place] - e->first_chip_id);
    memmove(&order[place + 1], &order[place], (*count - place) * sizeof *order);
    order[place] = (uint16_t)*count;
    all[(*count)++] = id;
    return OK;
}

static status read_chip_ids(struct manifest_reader *m, struct manifest_snp *e)
{
    bool got = false, end = false;
    e->first_chip_id = m->out.chip_id_count;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_ARRAY, &got));
    for (; got;) {
        TRY(manifest_next_item(m, &end));
        if (end) break;
        TRY(read_chip_id(m, e));
    }
    e->chip_id_count = m->out.chip_id_count - e->first_chip_id;
    return OK;
}

enum snp_member {
    PLATFORM,
    PRODUCT_NAME,
    TRUSTED_MEASUREMENT,
    MINIMUM_TCB,
    GUEST_POLICY,
    PLATFORM_INFO,
    MINIMUM_MITIGATIONS,
    ALLOWED_CHIP_IDS,
    AP_EIP,
    CPUS,
};

static const char *const snp_names[] = {
    [PLATFORM] = "Platform",
    [PRODUCT_NAME] = "ProductName",
    [TRUSTED_MEASUREMENT] = "TrustedMeasurement",
    [MINIMUM_TCB] = "MinimumTCB",
    [GUEST_POLICY] = "GuestPolicy",
    [PLATFORM_INFO] = "PlatformInfo",
    [MINIMUM_MITIGATIONS] = "MinimumMitigationVector",
    [ALLOWED_CHIP_IDS] = "AllowedChipIDs",
    [AP_EIP] = "APEIP",
    [CPUS] = "CPUs",
};

static status read_snp_member(struct manifest_reader *m, enum snp_member member, struct manifest_snp *e)
{
    bool got = false;
    switch (member) {
    case PLATFORM:
        return manifest_read_platform(m, &e->platform);
    case PRODUCT_NAME:
        return read_product(m, &e->product);
    case TRUSTED_MEASUREMENT:
        return read_measurement(m, e);
    case MINIMUM_TCB:
        return read_tcb_or_null(m, e);
    case GUEST_POLICY:
        return read_guest_policy(m, &e->guest_policy);
    case PLATFORM_INFO:
        return read_platform_info(m, e);
    case MINIMUM_MITIGATIONS:
        return manifest_get_u64(m, UINT64_MAX, &e->minimum_mitigations, &got);
    case ALLOWED_CHIP_IDS:
        return read_chip_ids(m, e);
    case AP_EIP:
        return read_ap_eip(m, e);
    default:
        return manifest_get_u64(m, UINT64_MAX, &e->cpus, &got);
    }
}

static status read_snp_members(struct manifest_reader *m, struct manifest_snp *e)
{
    struct manifest_members f = {snp_names, COUNT_OF(snp_names), 0};
    bool end = false;
    for (size_t member = 0;;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(read_snp_member(m, (enum snp_member)member, e));
    }
    if (!manifest_saw(&f, PRODUCT_NAME))
        TRY(manifest_refuse_member(m, snp_names[PRODUCT_NAME], ERR_MISSING,
                                   "want \"Milan\" or \"Genoa\", have nothing"));
    if (!manifest_saw(&f, MINIMUM_TCB)) TRY(refuse_tcb(m, "MinimumTCB/"));
    if (manifest_saw(&f, GUEST_POLICY)) return OK;
    return manifest_refuse_member(m, snp_names[GUEST_POLICY], ERR_MISSING,
                                  "want an object with SMT true, have nothing");
}

status manifest_read_snp(struct manifest_reader *m)
{
    struct manifest_snp e = {.first_chip_id = m->out.chip_id_count};
    bool got = false;
    TRY(manifest_check_room(m, m->out.snp_count, m->room->snp_cap, LIMIT_MANIFEST_REFERENCE_VALUES, "entries"));
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    if (!got) return OK;
    TRY(read_snp_members(m, &e));
    m->room->snp[m->out.snp_count++] = e;
    return OK;
}
