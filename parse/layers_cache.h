/* SPDX-License-Identifier: Apache-2.0 */
/* parse/layers_cache.h: layers-cache.json: what layers of images do to /etc/passwd and /etc/group, so that they need
 * not be got again.
 *
 *     [{"diff_id": "sha256:...", "passwd": "root:x:0:...", "group": "WHITEOUT"}]
 *
 * "" is a file that the layer does not touch, WHITEOUT one that it takes away.  Members that are not ours are passed
 * over.  Whoever can write the file decides what is found there: it belongs to whoever generates.
 *
 * The trap: these two texts are also what a file may hold.  A layer that has one with them cannot be in a cache.
 * Specification: Contrast, generate, section 3.7.
 */
#ifndef PARSE_LAYERS_CACHE_H
#define PARSE_LAYERS_CACHE_H

#include "parse/json.h"
#include "parse/oci.h"

#define LAYERS_CACHE_WHITEOUT "WHITEOUT"

struct layers_cache_entry {
    struct oci_digest diff_id;
    bytes passwd, group; /* present; views of the input or of the reader's text */
};

/* Begins; `json` is a reader over the file, with LIMIT_LAYERS_CACHE_KEYS keys. */
MUST_USE status layers_cache_enter(struct json_reader *json, struct err *err);

/* The next entry, or the end of the file.  What parse/json.h and oci_digest_parse say. */
MUST_USE status layers_cache_next(struct json_reader *json, struct layers_cache_entry *out, bool *end, struct err *err);

#endif
