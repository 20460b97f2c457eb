/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/json_base64.h"

#include "parse/text.h"

struct json_base64 json_base64_of(bytes in, bytes *keys, size_t key_cap, uint8_t *buffer, size_t cap)
{
    size_t half = cap / 2;
    return (struct json_base64){
        .json = {.in = in, .keys = keys, .key_cap = key_cap, .text = buffer, .text_cap = half},
        .decoded = buffer + half,
        .cap = cap - half,
    };
}

status json_get_base64(struct json_base64 *r, bytes *out, struct err *err)
{
    bytes text;
    struct err cause = {0};
    TRY(json_get_text(&r->json, &text, err));
    status s = base64_parse(text, BASE64_STANDARD, &r->decoded[r->used], r->cap - r->used, out, &cause);
    if (!is_ok(s)) return json_refuse(&r->json, err, s.kind, "%s", cause.text);
    r->used += out->len;
    return OK;
}

status json_get_base64_list(struct json_base64 *r, bytes *out, size_t cap, size_t limit, size_t *count, struct err *err)
{
    enum json_kind kind;
    *count = 0;
    TRY(json_peek(&r->json, &kind, err));
    if (kind == JSON_NULL) return json_skip(&r->json, err);
    TRY(json_enter_array(&r->json, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        if (*count == limit) return json_refuse(&r->json, err, ERR_LIMIT, "more than %zu items", limit);
        if (*count == cap) return json_refuse(&r->json, err, ERR_NOMEM, "no room for more than %zu items", cap);
        TRY(json_get_base64(r, &out[*count], err));
        ++*count;
    }
}
