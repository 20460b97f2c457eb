/* SPDX-License-Identifier: Apache-2.0 */
/* parse/json_base64.h: base64 in the members of a JSON document, as Go writes byte slices.
 *
 * One lent buffer serves both: its first half the text of the JSON reader, its second what is decoded.  Base64 of a
 * document takes less than the document, so a buffer of twice the input's length is always enough.
 */
#ifndef PARSE_JSON_BASE64_H
#define PARSE_JSON_BASE64_H

#include "parse/json.h"

struct json_base64 {
    struct json_reader json;
    uint8_t *decoded;
    size_t used, cap;
};

/* Borrows all of them until the last value has been used. */
struct json_base64 json_base64_of(bytes in, bytes *keys, size_t key_cap, uint8_t *buffer, size_t cap);

/* A string of padded base64.  What json_get_text and base64_parse say. */
MUST_USE status json_get_base64(struct json_base64 *r, bytes *out, struct err *err);

/* An array of them into out[0..*count), or null, which Go writes for an empty one.  ERR_LIMIT beyond `limit`, ERR_NOMEM
 * beyond `cap`. */
MUST_USE status json_get_base64_list(struct json_base64 *r, bytes *out, size_t cap, size_t limit, size_t *count,
                                     struct err *err);

#endif
