/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/attest_request.h"

#include "parse/json.h"
#include "parse/text.h"

enum { KEYS = 64 }; /* as many as a body of this size may reasonably have open */

static const struct json_field fields[] = {{"nonce", true}};

static status get_nonce(struct json_reader *json, uint8_t nonce[ATTEST_NONCE_BYTES], struct err *err)
{
    uint8_t buf[BASE64_BYTES_MAX(LIMIT_ATTEST_REQUEST_BYTES)];
    bytes text, value;
    struct err cause = {0};
    TRY(json_get_text(json, &text, err));
    status s = base64_parse(text, BASE64_STANDARD, buf, sizeof buf, &value, &cause);
    if (!is_ok(s)) return json_refuse(json, err, s.kind, "%s", cause.text);
    if (value.len != ATTEST_NONCE_BYTES)
        return json_refuse(json, err, ERR_RANGE, "want %d bytes, have %zu", ATTEST_NONCE_BYTES, value.len);
    memcpy(nonce, value.ptr, ATTEST_NONCE_BYTES);
    return OK;
}

static status read_members(struct json_reader *json, uint8_t nonce[ATTEST_NONCE_BYTES], struct err *err)
{
    struct json_fields f = {.table = fields, .count = 1, .skip_unknown = true};
    TRY(json_enter_object(json, err));
    for (;;) {
        size_t field = 1;
        bool end = false;
        TRY(json_next_field(json, &f, &field, &end, err));
        if (end) return json_finish(json, err);
        TRY(get_nonce(json, nonce, err));
    }
}

status attest_request_parse(bytes in, uint8_t nonce[ATTEST_NONCE_BYTES], struct err *err)
{
    bytes keys[KEYS];
    uint8_t text[LIMIT_ATTEST_REQUEST_BYTES], got[ATTEST_NONCE_BYTES] = {0};
    if (in.len > LIMIT_ATTEST_REQUEST_BYTES)
        return err_set(err, ERR_LIMIT, 0, "request: want at most %d bytes, have %zu", LIMIT_ATTEST_REQUEST_BYTES,
                       in.len);
    struct json_reader json = {.in = in, .keys = keys, .key_cap = KEYS, .text = text, .text_cap = sizeof text};
    TRY(err_in(err, read_members(&json, got, err), "request"));
    memcpy(nonce, got, sizeof got);
    return OK;
}
