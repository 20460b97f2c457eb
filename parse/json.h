/* SPDX-License-Identifier: Apache-2.0 */
/* parse/json.h: a strict pull reader of JSON (RFC 8259).
 *
 * One document, in UTF-8 without a byte order mark, read to its last byte.  Where readers are known to differ, so that
 * one of them checks what another one does not use, the text is refused: a key that occurs twice in its object
 * (compared after unescaping), half a surrogate pair, malformed UTF-8, anything that is not in the grammar.  Keys are
 * compared byte by byte, case and all.  No number goes through a double.
 *
 *     bytes keys[64];
 *     uint8_t text[1024];
 *     struct json_reader r = {.in = in, .keys = keys, .key_cap = 64, .text = text, .text_cap = sizeof text};
 *
 * Two ways to read on, which may be mixed: json_next gives one event after the other; json_enter_object and its likes
 * say what must come next.  The lent arrays hold the keys of all open objects and the strings that had escapes; a
 * text_cap of in.len is always enough.  ERR_NOMEM when they are full.
 *
 * The traps: a string may hold NUL (\u0000), which json_get_text refuses and json_next does not; a number in the
 * grammar need not be a JSON_INTEGER; the document is not read to its end until JSON_END or json_finish.
 *
 * Every `bytes` handed out is a view of `in` or `text` and lives as long as they do.  Errors begin with the path of the
 * value, as in `ReferenceValues.snp[0].MinimumTCB.SNPVersion: ...`, and count bytes from the start of `in`.  After an
 * error the reader is of no further use.  Nesting deeper than LIMIT_JSON_DEPTH and more than LIMIT_JSON_KEYS keys in
 * one object are ERR_LIMIT.
 */
#ifndef PARSE_JSON_H
#define PARSE_JSON_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum json_kind {
    JSON_END, /* of the document */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,
    JSON_STRING,
    JSON_INTEGER, /* -2^63 to 2^64 - 1, without fraction or exponent */
    JSON_NUMBER,  /* any other number */
    JSON_BOOL,
    JSON_NULL,
};

struct json_event {
    enum json_kind kind;
    size_t offset;      /* of its first byte */
    bytes text;         /* key and string: unescaped; number: as it is written; otherwise absent */
    bool truth;         /* bool */
    bool negative;      /* integer: written with '-', also -0 */
    uint64_t magnitude; /* integer: without its sign */
};

struct json_level {
    bool is_object;
    size_t first_key; /* object: its keys are keys[first_key..key_count), sorted by length and then by their bytes */
    bytes key;        /* object: the member that is being read, absent between two */
    size_t index;     /* array: the item that is being read */
};

enum json_expect {
    JSON_EXPECT_VALUE,
    JSON_EXPECT_FIRST, /* a key or an item, or the end of the object or array */
    JSON_EXPECT_KEY,
    JSON_EXPECT_COMMA, /* or the end of the object or array */
    JSON_EXPECT_CLOSE,
    JSON_EXPECT_END,
};

struct json_reader {
    bytes in;
    bytes *keys;
    size_t key_cap;
    uint8_t *text;
    size_t text_cap;

    /* the rest is the reader's own and starts zeroed */
    size_t pos;
    size_t offset; /* of the latest event */
    size_t key_count;
    size_t text_used;
    bool has_nul; /* in the latest string */
    enum json_expect expect;
    size_t depth;
    struct json_level levels[LIMIT_JSON_DEPTH];
};

/* ---- events ---- */

/* The next event.  At the end of the document JSON_END, and again. */
MUST_USE status json_next(struct json_reader *r, struct json_event *out, struct err *err);

/* What json_next would give, without reading it; JSON_NUMBER for every number. */
MUST_USE status json_peek(struct json_reader *r, enum json_kind *out, struct err *err);

/* ---- what must come next ----
 *
 *     TRY(json_enter_object(&r, err));
 *     struct json_fields f = {.table = fields, .count = FIELD_COUNT};
 *     for (size_t field;;) {
 *         bool end;
 *         TRY(json_next_field(&r, &f, &field, &end, err));
 *         if (end) break;
 *         switch (field) { ... one getter each ... }
 *     }
 */

struct json_field {
    const char *name;
    bool required;
};

#define JSON_FIELDS_MAX 64

struct json_fields {
    const struct json_field *table;
    size_t count;      /* at most JSON_FIELDS_MAX */
    bool skip_unknown; /* else a key that is not in the table is ERR_UNSUPPORTED */
    uint64_t seen;     /* starts at 0; bit i: table[i] was there */
};

MUST_USE status json_enter_object(struct json_reader *r, struct err *err);
MUST_USE status json_enter_array(struct json_reader *r, struct err *err);

/* In an object: the next key, whose value must be read before the next call; or the end.  Keys with NUL are refused. */
MUST_USE status json_next_key(struct json_reader *r, bytes *key, bool *end, struct err *err);

/* As json_next_key, for an object with known keys: their index in the table.  ERR_MISSING at the end when a required
 * one has not come. */
MUST_USE status json_next_field(struct json_reader *r, struct json_fields *f, size_t *field, bool *end,
                                struct err *err);

/* In an array: whether there is another item, which must be read before the next call, or the end. */
MUST_USE status json_next_item(struct json_reader *r, bool *end, struct err *err);

/* A string without NUL. */
MUST_USE status json_get_text(struct json_reader *r, bytes *out, struct err *err);

/* An integer from 0 to `max`, written as one: not -0, 1.0 or 1e2. */
MUST_USE status json_get_u64(struct json_reader *r, uint64_t max, uint64_t *out, struct err *err);

MUST_USE status json_get_bool(struct json_reader *r, bool *out, struct err *err);

/* A value of any kind, with all that is in it. */
MUST_USE status json_skip(struct json_reader *r, struct err *err);

/* Nothing but white space is left. */
MUST_USE status json_finish(struct json_reader *r, struct err *err);

/* ---- messages ---- */

/* An error about the latest event, with its path in front. */
MUST_USE status json_refuse(const struct json_reader *r, struct err *err, enum err_kind kind, const char *fmt, ...)
    PRINTF(4, 5);

struct json_path {
    char s[200];
};

/* Where the reader is: names joined with '.', indices in brackets; keys that are no names in quotes, escaped; cut at
 * the end.  Empty at the top. */
struct json_path json_path(const struct json_reader *r);

/* The same as a JSON pointer (RFC 6901): /ReferenceValues/snp/0.  Bytes of a key that are not printable ASCII are
 * escaped as \xNN, so that it can stand in a message. */
struct json_path json_pointer(const struct json_reader *r);

/* What a message calls it: "an object", "a string". */
const char *json_kind_name(enum json_kind kind);

#endif
