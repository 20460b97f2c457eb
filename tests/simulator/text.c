/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/text.h"

#include <stdlib.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

status sim_text_number(const char *text, uint64_t *out, struct err *err)
{
    char *end;
    if (hex_digit(text[0]) < 0) return err_set(err, ERR_SYNTAX, 0, "not a number: \"%.40s\"", text);
    unsigned long long v = strtoull(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);
    if (*end) return err_set(err, ERR_SYNTAX, 0, "not a number: \"%.40s\"", text);
    *out = v;
    return OK;
}

status sim_text_hex(const char *text, struct out *out, struct err *err)
{
    size_t digits = strspn(text, "0123456789abcdefABCDEF");
    uint64_t times = 1;
    if (text[digits] == '*') TRY(sim_text_number(text + digits + 1, &times, err));
    if (digits % 2 || (text[digits] && text[digits] != '*'))
        return err_set(err, ERR_SYNTAX, 0, "not HEX or HEX*COUNT: \"%.40s\"", text);
    for (; times > 0 && !out->full; times--)
        for (size_t i = 0; i < digits; i += 2)
            out_u8(out, (uint8_t)(hex_digit(text[i]) << 4 | hex_digit(text[i + 1])));
    return OK;
}

status sim_text_pair(const char *text, struct sim_pair *out, struct err *err)
{
    size_t n = strcspn(text, "=^");
    if (n == 0 || n >= sizeof out->name || !text[n])
        return err_set(err, ERR_SYNTAX, 0, "not NAME=VALUE: \"%.80s\"", text);
    memcpy(out->name, text, n);
    out->name[n] = '\0';
    out->sign = text[n];
    out->value = text + n + 1;
    return OK;
}

static status edit_offset(const struct sim_pair *edit, size_t len, size_t *out, struct err *err)
{
    bool from_end = edit->name[0] == '-';
    uint64_t n;
    TRY(sim_text_number(edit->name + from_end, &n, err));
    if (n > len) return err_set(err, ERR_RANGE, 0, "offset %s: the file has %zu bytes", edit->name, len);
    *out = from_end ? len - (size_t)n : (size_t)n;
    return OK;
}

status sim_text_edit(const struct sim_pair *edit, struct out *file, struct err *err)
{
    if (strcmp(edit->name, "append") == 0) return sim_text_hex(edit->value, file, err);
    if (strcmp(edit->name, "cut") == 0) {
        uint64_t len;
        TRY(sim_text_number(edit->value, &len, err));
        if (len > file->len) return err_set(err, ERR_RANGE, 0, "cut to %s: has %zu bytes", edit->value, file->len);
        file->len = (size_t)len;
        return OK;
    }

    uint8_t memory[2048];
    struct out change = OUT(memory);
    size_t at = 0;
    TRY(sim_text_hex(edit->value, &change, err));
    TRY(edit_offset(edit, file->len, &at, err));
    if (change.full || change.len > file->len - at)
        return err_set(err, ERR_RANGE, 0, "edit at %s: ends behind byte %zu", edit->name, file->len);
    for (size_t i = 0; i < change.len; i++)
        file->ptr[at + i] = edit->sign == '^' ? file->ptr[at + i] ^ memory[i] : memory[i];
    return OK;
}

status sim_text_edits(const char *const *texts, size_t count, const char *name, struct out *file, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = texts[i], *colon = strchr(text, ':');
        size_t len = colon ? (size_t)(colon - text) : 0;
        bool ours = colon ? len == strlen(name) && memcmp(text, name, len) == 0 : strcmp(name, "report.bin") == 0;
        if (!ours) continue;
        struct sim_pair edit;
        TRY(err_in(err, sim_text_pair(colon ? colon + 1 : text, &edit, err), "edit %s", text));
        TRY(err_in(err, sim_text_edit(&edit, file, err), "edit %s", text));
    }
    return OK;
}
