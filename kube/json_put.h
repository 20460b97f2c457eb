/* SPDX-License-Identifier: Apache-2.0 */
/* kube/json_put.h: JSON as it is read by people and by Rego: two blanks for each level, one item or member a line.
 *
 * What comes out holds no apostrophe, no control character and no DEL as such, so that it can stand in a literal string
 * of TOML whatever went in; everything else of UTF-8 stays as it is.
 *
 * Not checked here: that texts are UTF-8; that levels are opened and closed in turn.
 */
#ifndef KUBE_JSON_PUT_H
#define KUBE_JSON_PUT_H

#include "kube/text_out.h"

/* Zeroed but for `out` it is at the top of a document. */
struct json_put {
    struct text_out *out;
    unsigned depth;
    bool has_items; /* the level that is open */
};

/* In an object each value has a key, in an array it is NULL. */
void json_put_open(struct json_put *p, const char *key, char bracket);
void json_put_close(struct json_put *p, char bracket);
void json_put_text(struct json_put *p, const char *key, bytes value);
void json_put_number(struct json_put *p, const char *key, uint64_t value);
void json_put_bool(struct json_put *p, const char *key, bool value);
void json_put_null(struct json_put *p, const char *key);

/* A member whose name is foreign text. */
void json_put_member(struct json_put *p, bytes key, bytes value);

#endif
