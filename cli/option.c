/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option.h"

#include <stdio.h>

#include "parse/text.h"
#include "parse/time.h"
#include "snp/policy.h"

status text_list_add(struct text_list *list, const char *text, struct arena *memory, struct err *err)
{
    void *items = list->items;
    TRY(arena_grow(memory, &items, list->count, sizeof *list->items, err));
    list->items = items;
    list->items[list->count++] = text;
    return OK;
}

status option_parse_number(bytes text, uint64_t max, uint64_t *out, struct err *err)
{
    if (!bytes_eq(bytes_slice(text, 0, 2), BYTES_LIT("0x"))) return decimal_parse(text, max, out, err);

    bytes digits = bytes_slice(text, 2, text.len - 2);
    char padded[17] = "0000000000000000";
    uint8_t big_endian[8];
    if (digits.len < 1 || digits.len > 16)
        return err_set(err, ERR_RANGE, 2, "hex number: want 1 to 16 digits, have %zu", digits.len);
    memcpy(padded + 16 - digits.len, digits.ptr, digits.len);
    TRY(hex_parse(BYTES((const uint8_t *)padded, 16), HEX_ANY_CASE, big_endian, sizeof big_endian, err));

    uint64_t number = 0;
    for (size_t i = 0; i < sizeof big_endian; i++)
        number = number << 8 | big_endian[i];
    if (number > max) return err_set(err, ERR_RANGE, 0, "number: want at most 0x%llx", (unsigned long long)max);
    *out = number;
    return OK;
}

struct option_words option_words_text(const char *const *words)
{
    struct option_words all = {""};
    for (size_t i = 0; words[i]; i++) {
        size_t n = strlen(all.s);
        snprintf(all.s + n, sizeof all.s - n, "%s%s", i ? ", " : "", words[i]);
    }
    return all;
}

status option_parse_word(bytes value, const char *const *words, unsigned *out, struct err *err)
{
    for (unsigned i = 0; words[i]; i++) {
        if (!bytes_eq(value, text_bytes(words[i]))) continue;
        *out = i;
        return OK;
    }
    return err_set(err, ERR_SYNTAX, 0, "want one of %s, have %s", option_words_text(words).s, text_quote(value).s);
}

status option_parse_policy(bytes text, uint64_t *out, struct err *err)
{
    uint64_t policy;
    TRY(option_parse_number(text, UINT64_MAX, &policy, err));
    if (!(policy & SNP_POLICY_MUST_BE_ONE) || (policy & SNP_POLICY_RESERVED))
        return err_set(err, ERR_RANGE, 0,
                       "no POLICY word: want bit 17 to be 1 and bits 26 to 63 to be 0, as in 0x30000");
    *out = policy;
    return OK;
}

const char *const option_products[] = {"milan", "genoa", "turin", NULL};

status option_set_flag(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)row, (void)value, (void)memory, (void)err;
    *(bool *)member = true;
    return OK;
}

status option_set_text(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)row, (void)memory, (void)err;
    *(const char **)member = value;
    return OK;
}

status option_add_text(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)row;
    return text_list_add(member, value, memory, err);
}

status option_set_word(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)memory;
    return option_parse_word(text_bytes(value), row->words, member, err);
}

status option_set_number(void *member, const struct option_row *row, const char *value, struct arena *memory,
                         struct err *err)
{
    (void)memory;
    return option_parse_number(text_bytes(value), row->max ? row->max : UINT64_MAX, member, err);
}

status option_set_time(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)row, (void)memory;
    return time_parse_rfc3339(text_bytes(value), member, err);
}
