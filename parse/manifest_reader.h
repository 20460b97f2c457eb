/* SPDX-License-Identifier: Apache-2.0 */
/* parse/manifest_reader.h: what the readers of a manifest's parts have in common; for parse/manifest*.c alone.
 *
 * Unlike elsewhere a value that is refused is no failure: manifest_refuse records it, the value is passed over, and
 * reading goes on, so that a person sees everything at once.  A `status` that fails means that nothing more can be
 * read.  What is stored beside a finding does not matter, for then no manifest is handed out.
 */
#ifndef PARSE_MANIFEST_READER_H
#define PARSE_MANIFEST_READER_H

#include "parse/manifest.h"

struct manifest_reader {
    struct json_reader json;
    struct manifest_storage *room;
    struct manifest out;
    bool is_draft;
    bool is_stopped;    /* the finding that ends the reading is recorded */
    enum err_kind kind; /* of the first finding that is a failure */
    struct err *err;
    struct err broken; /* why the JSON reader stopped */
};

/* A finding about the latest value; OK when reading can go on. */
MUST_USE status manifest_refuse(struct manifest_reader *m, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);

/* A finding about a member of the object just read that is not there, or not there in the right way. */
MUST_USE status manifest_refuse_member(struct manifest_reader *m, const char *member, enum err_kind kind,
                                       const char *fmt, ...) PRINTF(4, 5);

/* As manifest_refuse and manifest_refuse_member (`member` NULL: the latest value), for a value that is still to be
 * filled in. */
MUST_USE status manifest_refuse_unfilled(struct manifest_reader *m, const char *member, const char *want);

/* Records a finding and stops. */
MUST_USE status manifest_stop(struct manifest_reader *m, enum err_kind kind, const char *fmt, ...) PRINTF(3, 4);

/* Room for item `count` of an array of `cap` that needs no more than `limit`, or the finding that there is none. */
MUST_USE status manifest_check_room(struct manifest_reader *m, size_t count, size_t cap, size_t limit,
                                    const char *what);

/* ---- one value each.  `*got` false: it was refused and passed over. ---- */

/* Takes null, if that is what comes. */
MUST_USE status manifest_take_null(struct manifest_reader *m, bool *taken);
MUST_USE status manifest_enter(struct manifest_reader *m, enum json_kind object_or_array, bool *got);
MUST_USE status manifest_get_text(struct manifest_reader *m, bytes *out, bool *got);
MUST_USE status manifest_get_u64(struct manifest_reader *m, uint64_t max, uint64_t *out, bool *got);
MUST_USE status manifest_get_bool(struct manifest_reader *m, bool *out, bool *got);

/* A string of exactly 2 * `len` lower-case hex digits, without escapes. */
MUST_USE status manifest_get_hex(struct manifest_reader *m, uint8_t *out, size_t len, bool *got);

/* As manifest_get_hex, of any even length but 0, into the text. */
MUST_USE status manifest_get_hex_bytes(struct manifest_reader *m, bytes *out, bool *got);

/* The same for the text of a key or a string that has been read. */
MUST_USE status manifest_parse_hex(struct manifest_reader *m, bytes text, uint8_t *out, size_t len, bool *got);

/* ---- containers ---- */

#define MANIFEST_MEMBERS_MAX 32

struct manifest_members {
    const char *const *names;
    size_t count;  /* at most MANIFEST_MEMBERS_MAX */
    uint32_t seen; /* bit i: names[i] was there */
};

static inline bool manifest_saw(const struct manifest_members *f, size_t member)
{
    return f->seen >> member & 1;
}

/* In an object: the next known member, or the end.  Unknown ones are findings, with the name that was probably meant.
 */
MUST_USE status manifest_next_member(struct manifest_reader *m, struct manifest_members *f, size_t *member, bool *end);

/* In an array: whether there is another item. */
MUST_USE status manifest_next_item(struct manifest_reader *m, bool *end);

/* ---- parts (parse/manifest_reference.c, _snp.c, _tdx.c) ---- */

MUST_USE status manifest_read_reference_values(struct manifest_reader *m);

/* One entry, appended to those of its list. */
MUST_USE status manifest_read_snp(struct manifest_reader *m);
MUST_USE status manifest_read_tdx(struct manifest_reader *m);

/* The name of a platform with confidential hardware; absent when empty. */
MUST_USE status manifest_read_platform(struct manifest_reader *m, bytes *out);

#endif
