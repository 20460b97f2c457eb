/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/reference_option.h"

#include "parse/text.h"
#include "snp/policy.h"

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static status add_value(struct expect_bytes *list, const struct option_row *row, bytes value, struct arena *memory,
                        struct err *err)
{
    void *items = (void *)(uintptr_t)list->any_of;
    TRY(arena_grow(memory, &items, list->count, sizeof *list->any_of, err));
    ((bytes *)items)[list->count] = value;
    *list = (struct expect_bytes){.mode = EXPECT_VALUE, .source = row->name, .any_of = items, .count = list->count + 1};
    return OK;
}

static status add_hex(struct expect_bytes *list, const struct option_row *row, bytes digits, struct arena *memory,
                      struct err *err)
{
    void *value;
    if (digits.len != 2 * row->size)
        return err_set(err, ERR_RANGE, 0, "want %zu bytes, that is %zu hex digits, have %zu", row->size, 2 * row->size,
                       digits.len);
    TRY(arena_take(memory, row->size, 1, &value, err));
    TRY(hex_parse(digits, HEX_ANY_CASE, value, row->size, err));
    return add_value(list, row, BYTES(value, row->size), memory, err);
}

status reference_add_bytes(void *member, const struct option_row *row, const char *value, struct arena *memory,
                           struct err *err)
{
    return add_hex(member, row, text_bytes(value), memory, err);
}

status reference_add_chip_id(void *member, const struct option_row *row, const char *value, struct arena *memory,
                             struct err *err)
{
    char padded[128];
    size_t n = strlen(value);
    if (n != 16 && n != 128)
        return err_set(err, ERR_RANGE, 0, "want 64 bytes (on Turin 8), that is 128 hex digits (16), have %zu", n);
    memset(padded, '0', sizeof padded);
    memcpy(padded, value, n);
    return add_hex(member, row, BYTES((const uint8_t *)padded, sizeof padded), memory, err);
}

status reference_set_launch(void *member, const struct option_row *row, const char *value, struct arena *memory,
                            struct err *err)
{
    enum { DIGEST_BYTES = 48, EIP_BYTES = 4 };
    uint8_t eip[EIP_BYTES];
    void *digest;
    bytes rest = text_bytes(value), first = text_take_part(&rest, ',');
    TRY(arena_take(memory, DIGEST_BYTES, 1, &digest, err));
    TRY(err_in(err, hex_parse(first, HEX_ANY_CASE, digest, DIGEST_BYTES, err), "launch digest"));
    TRY(err_in(err, hex_parse(rest, HEX_ANY_CASE, eip, sizeof eip, err), "reset EIP"));
    *(struct expect_launch *)member = (struct expect_launch){
        .mode = EXPECT_VALUE,
        .source = row->name,
        .one_vcpu = BYTES(digest, DIGEST_BYTES),
        .ap_reset_eip = (uint32_t)eip[0] << 24 | (uint32_t)eip[1] << 16 | (uint32_t)eip[2] << 8 | eip[3]};
    return OK;
}

/* ---- product, TCB, version -------------------------------------------------------------------------------------- */

status reference_set_product(void *member, const struct option_row *row, const char *value, struct arena *memory,
                             struct err *err)
{
    unsigned i;
    (void)memory;
    TRY(option_parse_word(text_bytes(value), row->words, &i, err));
    *(struct expect_product *)member = (struct expect_product){
        .mode = EXPECT_VALUE, .source = row->name, .product = (enum snp_product)(SNP_MILAN + i)};
    return OK;
}

enum { TCB_BL, TCB_TEE, TCB_SNP, TCB_UCODE, TCB_FMC, TCB_PARTS };
static const char *const tcb_parts[] = {"bl", "tee", "snp", "ucode", "fmc", NULL};

static status read_tcb_part(bytes part, uint8_t values[TCB_PARTS], bool seen[TCB_PARTS], struct err *err)
{
    unsigned i;
    uint64_t number;
    bytes number_text = part, name = text_take_part(&number_text, '=');
    TRY(option_parse_word(name, tcb_parts, &i, err));
    if (seen[i]) return err_set(err, ERR_DUPLICATE, 0, "%s is given twice", tcb_parts[i]);
    if (!number_text.ptr) return err_set(err, ERR_SYNTAX, 0, "%s: want =NUMBER behind it", tcb_parts[i]);
    TRY(err_in(err, decimal_parse(number_text, UINT8_MAX, &number, err), "%s", tcb_parts[i]));
    values[i] = (uint8_t)number;
    seen[i] = true;
    return OK;
}

status reference_set_tcb(void *member, const struct option_row *row, const char *value, struct arena *memory,
                         struct err *err)
{
    uint8_t v[TCB_PARTS] = {0};
    bool seen[TCB_PARTS] = {false};
    bytes rest = text_bytes(value);
    (void)memory;
    for (bytes part = text_take_part(&rest, ','); part.ptr; part = text_take_part(&rest, ','))
        TRY(read_tcb_part(part, v, seen, err));
    for (unsigned i = 0; i < TCB_FMC; i++)
        if (!seen[i]) return err_set(err, ERR_MISSING, 0, "%s is missing", tcb_parts[i]);

    const struct snp_tcb least = {.product = seen[TCB_FMC] ? SNP_TURIN : SNP_PRODUCT_UNKNOWN,
                                  .fmc = v[TCB_FMC],
                                  .boot_loader = v[TCB_BL],
                                  .tee = v[TCB_TEE],
                                  .snp = v[TCB_SNP],
                                  .microcode = v[TCB_UCODE]};
    *(struct expect_tcb *)member = (struct expect_tcb){.mode = EXPECT_VALUE, .source = row->name, .least = least};
    return OK;
}

status reference_set_version(void *member, const struct option_row *row, const char *value, struct arena *memory,
                             struct err *err)
{
    uint64_t part[3];
    bytes rest = text_bytes(value);
    (void)memory;
    for (unsigned i = 0; i < 3; i++) {
        bytes text = text_take_part(&rest, '.');
        if (!text.ptr) return err_set(err, ERR_SYNTAX, 0, "want MAJOR.MINOR.BUILD");
        TRY(decimal_parse(text, UINT8_MAX, &part[i], err));
    }
    if (rest.ptr) return err_set(err, ERR_TRAILING, 0, "want MAJOR.MINOR.BUILD and nothing behind it");
    *(struct expect_version *)member = (struct expect_version){
        .mode = EXPECT_VALUE, .source = row->name, .least = {(uint8_t)part[0], (uint8_t)part[1], (uint8_t)part[2]}};
    return OK;
}

struct reference reference_for_product(const struct reference *stated, enum snp_product product)
{
    struct reference r = *stated;
    struct expect_tcb *tcbs[] = {&r.minimum_tcb, &r.minimum_launch_tcb};
    for (size_t i = 0; i < sizeof tcbs / sizeof tcbs[0]; i++)
        if (tcbs[i]->least.product == SNP_PRODUCT_UNKNOWN)
            tcbs[i]->least.product = product == SNP_GENOA ? SNP_GENOA : SNP_MILAN;
    return r;
}

/* ---- numbers and bits ------------------------------------------------------------------------------------------- */

static status set_number(struct expect_number *member, const struct option_row *row, const char *value, uint64_t max,
                         struct err *err)
{
    uint64_t number;
    TRY(option_parse_number(text_bytes(value), max, &number, err));
    *member = (struct expect_number){.mode = EXPECT_VALUE, .source = row->name, .value = number};
    return OK;
}

status reference_set_guest_svn(void *member, const struct option_row *row, const char *value, struct arena *memory,
                               struct err *err)
{
    (void)memory;
    return set_number(member, row, value, UINT32_MAX, err);
}

status reference_set_vmpl(void *member, const struct option_row *row, const char *value, struct arena *memory,
                          struct err *err)
{
    (void)memory;
    return set_number(member, row, value, 3, err);
}

status reference_set_guest_policy(void *member, const struct option_row *row, const char *value, struct arena *memory,
                                  struct err *err)
{
    uint64_t policy;
    (void)memory;
    TRY(option_parse_policy(text_bytes(value), &policy, err));
    *(struct expect_number *)member =
        (struct expect_number){.mode = EXPECT_VALUE, .source = row->name, .value = policy};
    return OK;
}

status reference_set_mitigations(void *member, const struct option_row *row, const char *value, struct arena *memory,
                                 struct err *err)
{
    struct reference *r = member;
    (void)memory;
    TRY(set_number(&r->launch_mitigations, row, value, UINT64_MAX, err));
    r->current_mitigations = r->launch_mitigations;
    return OK;
}

status reference_refuse_provisional(void *member, const struct option_row *row, const char *value, struct arena *memory,
                                    struct err *err)
{
    (void)value, (void)memory, (void)err;
    *(struct expect_provisional *)member = (struct expect_provisional){PROVISIONAL_REFUSED, row->name};
    return OK;
}

/* ---- platform info ---------------------------------------------------------------------------------------------- */

/* Bits of PLATFORM_INFO that protect (or that weaken). */
static uint64_t platform_bits(bool good_when_set)
{
    uint64_t all = 0;
    for (size_t i = 0; i < SNP_PLATFORM_BIT_COUNT; i++)
        if (snp_platform_bits[i].good_when_set == good_when_set) all |= snp_platform_bits[i].mask;
    return all;
}

static status find_platform_bit(bytes name, uint64_t *out, struct err *err)
{
    const char *names[SNP_PLATFORM_BIT_COUNT + 1] = {NULL};
    unsigned found;
    for (size_t i = 0; i < SNP_PLATFORM_BIT_COUNT; i++)
        names[i] = snp_platform_bits[i].name;
    TRY(option_parse_word(name, names, &found, err));
    *out = snp_platform_bits[found].mask;
    return OK;
}

/* `known`: what makes sense here.  To require a bit that weakens, or to allow one that protects, is a mistake. */
static status parse_platform_bits(const char *value, bool good_when_set, uint64_t *out, struct err *err)
{
    uint64_t bits = 0;
    bytes rest = text_bytes(value);
    if (rest.len > 0 && rest.ptr[0] >= '0' && rest.ptr[0] <= '9') {
        TRY(option_parse_number(rest, UINT64_MAX, &bits, err));
        rest = BYTES_ABSENT;
    }
    for (bytes name = text_take_part(&rest, ','); name.ptr; name = text_take_part(&rest, ',')) {
        uint64_t mask;
        TRY(find_platform_bit(name, &mask, err));
        bits |= mask;
    }
    uint64_t known = platform_bits(good_when_set);
    if (bits & ~known)
        return err_set(err, ERR_RANGE, 0, "want bits that %s, out of 0x%llx, have 0x%llx",
                       good_when_set ? "protect" : "weaken", (unsigned long long)known, (unsigned long long)bits);
    *out = bits;
    return OK;
}

static struct expect_platform *state_platform(void *member, const struct option_row *row)
{
    struct expect_platform *p = member;
    if (p->mode != EXPECT_VALUE)
        *p = (struct expect_platform){.mode = EXPECT_VALUE, .source = row->name, .allowed = platform_bits(false)};
    else
        p->source = "--platform-allowed, --platform-required";
    return p;
}

status reference_set_platform_allowed(void *member, const struct option_row *row, const char *value,
                                      struct arena *memory, struct err *err)
{
    uint64_t bits;
    (void)memory;
    TRY(parse_platform_bits(value, false, &bits, err));
    state_platform(member, row)->allowed = bits;
    return OK;
}

status reference_set_platform_required(void *member, const struct option_row *row, const char *value,
                                       struct arena *memory, struct err *err)
{
    uint64_t bits;
    (void)memory;
    TRY(parse_platform_bits(value, true, &bits, err));
    state_platform(member, row)->required = bits;
    return OK;
}
