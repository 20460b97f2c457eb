/* SPDX-License-Identifier: Apache-2.0 */
#include "program/value_text.h"

#include <stdio.h>

#include "parse/text.h"
#include "parse/time.h"

static void write_hex(bytes b, struct value_text *out)
{
    bytes head = b.len > 200 ? bytes_slice(b, 0, 200) : b;
    if (!is_ok(hex_write(head, out->s, sizeof out->s, NULL))) out->s[0] = '\0';
    size_t n = 2 * head.len;
    if (b.len > head.len) snprintf(out->s + n, sizeof out->s - n, "..(%zu)", b.len);
}

static void write_tcb(const struct snp_tcb *t, struct value_text *out)
{
    size_t n = 0;
    if (t->product == SNP_TURIN) n = (size_t)snprintf(out->s, sizeof out->s, "fmc=%u ", t->fmc);
    snprintf(out->s + n, sizeof out->s - n, "bl=%u tee=%u snp=%u ucode=%u", t->boot_loader, t->tee, t->snp,
             t->microcode);
}

/* Letters, digits and what names are made of stay as they are: such a text can be taken for nothing but itself. */
static void write_foreign(bytes b, struct value_text *out)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=/";
    bool is_plain = b.len > 0 && b.len <= TEXT_QUOTE_BYTES;
    for (size_t i = 0; is_plain && i < b.len; i++)
        is_plain = b.ptr[i] != '\0' && strchr(plain, b.ptr[i]);
    if (is_plain)
        snprintf(out->s, sizeof out->s, "%.*s", (int)b.len, (const char *)b.ptr);
    else
        snprintf(out->s, sizeof out->s, "%s", text_quote(b).s);
}

struct value_text value_text_of(const struct value *value)
{
    struct value_text out = {.s = ""};
    char when[TIME_TEXT_SIZE];
    switch (value->kind) {
    case VALUE_HEX:
        write_hex(value->as.b, &out);
        break;
    case VALUE_FOREIGN:
        write_foreign(value->as.b, &out);
        break;
    case VALUE_TEXT:
        snprintf(out.s, sizeof out.s, "%s", value->as.text);
        break;
    case VALUE_DECIMAL:
        snprintf(out.s, sizeof out.s, "%llu", (unsigned long long)value->as.u);
        break;
    case VALUE_BITS:
        snprintf(out.s, sizeof out.s, "0x%llx", (unsigned long long)value->as.u);
        break;
    case VALUE_TIME:
        if (is_ok(time_write_rfc3339(value->as.time, when, NULL))) snprintf(out.s, sizeof out.s, "%s", when);
        break;
    case VALUE_VERSION:
        snprintf(out.s, sizeof out.s, "%u.%u.%u", value->as.version.major, value->as.version.minor,
                 value->as.version.build);
        break;
    case VALUE_TCB:
        write_tcb(&value->as.tcb, &out);
        break;
    case VALUE_NONE:
    default:
        break;
    }
    return out;
}

struct value_text value_text_short(const struct value *value)
{
    struct value_text out = {.s = ""};
    if (value->kind != VALUE_HEX || value->as.b.len <= TEXT_HEX_BYTES) return value_text_of(value);
    if (bytes_are_zero(value->as.b))
        snprintf(out.s, sizeof out.s, "%zu zero bytes", value->as.b.len);
    else
        snprintf(out.s, sizeof out.s, "%s", text_hex(value->as.b).s);
    return out;
}
