/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/json_put.h"

#include <stdio.h>

#include "parse/text.h"

enum { INDENT = 2 };

static void put_line(struct json_put *p)
{
    text_put_string(p->out, "\n");
    text_put_repeated(p->out, ' ', (size_t)p->depth * INDENT);
}

static void put_string(struct json_put *p, bytes text)
{
    text_put_string(p->out, "\"");
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        char escape[8];
        if (c >= 0x20 && c != '"' && c != '\\' && c != '\'' && c != 0x7f) continue;
        (void)snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
        text_put(p->out, bytes_slice(text, from, i - from));
        text_put_string(p->out, escape);
        from = i + 1;
    }
    text_put(p->out, bytes_slice(text, from, text.len - from));
    text_put_string(p->out, "\"");
}

/* What stands before a value. */
static void begin(struct json_put *p, bytes key)
{
    if (p->has_items) text_put_string(p->out, ",");
    if (p->depth > 0) put_line(p);
    p->has_items = true;
    if (bytes_is_absent(key)) return;
    put_string(p, key);
    text_put_string(p->out, ": ");
}

static bytes key_of(const char *key)
{
    return key ? text_bytes(key) : BYTES_ABSENT;
}

void json_put_open(struct json_put *p, const char *key, char bracket)
{
    begin(p, key_of(key));
    text_put_repeated(p->out, bracket, 1);
    p->depth++;
    p->has_items = false;
}

void json_put_close(struct json_put *p, char bracket)
{
    p->depth--;
    if (p->has_items) put_line(p);
    text_put_repeated(p->out, bracket, 1);
    p->has_items = true;
}

void json_put_text(struct json_put *p, const char *key, bytes value)
{
    begin(p, key_of(key));
    put_string(p, value);
}

void json_put_number(struct json_put *p, const char *key, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    begin(p, key_of(key));
    text_put_string(p->out, text);
}

void json_put_bool(struct json_put *p, const char *key, bool value)
{
    begin(p, key_of(key));
    text_put_string(p->out, value ? "true" : "false");
}

void json_put_null(struct json_put *p, const char *key)
{
    begin(p, key_of(key));
    text_put_string(p->out, "null");
}

void json_put_member(struct json_put *p, bytes key, bytes value)
{
    begin(p, key);
    put_string(p, value);
}
