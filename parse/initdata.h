/* SPDX-License-Identifier: Apache-2.0 */
/* parse/initdata.h: the document that binds a pod's policy and other measured files to its HOST_DATA.
 *
 *     version = "0.1.0"
 *     algorithm = "sha256"
 *
 *     [data]
 *     "policy.rego" = '''
 *     package agent_policy
 *     '''
 *
 * A small part of TOML 1.0: the two keys, then the table `data` of strings in any of TOML's four forms, with comments
 * and empty lines.  What TOML leaves to its readers, so that two of them see different values, is refused: carriage
 * returns above all.  So are other keys, other tables, keys with dots outside quotes and keys that occur twice.
 *
 * The traps: a document's identity is the digest of its exact bytes, by its own algorithm; only SHA-256 gives one that
 * a manifest can name.  The guest writes each entry to a file of that name, so no name may lead elsewhere.
 *
 * Not checked here: what is inside an entry; the digest; that there is a "policy.rego".
 *
 * Specification: Kata Containers, initdata specification; TOML v1.0.0; Contrast, internal/initdata.
 */
#ifndef PARSE_INITDATA_H
#define PARSE_INITDATA_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

enum initdata_algorithm { INITDATA_SHA256, INITDATA_SHA384, INITDATA_SHA512 };

struct initdata_entry {
    bytes name; /* of a file: not empty, ".", ".." or with '/' */
    bytes value;
};

struct initdata {
    enum initdata_algorithm algorithm;
    const struct initdata_entry *entries; /* in the order of the document */
    size_t entry_count;
};

/* Views live as long as `in` and the two lent arrays.  LIMIT_INITDATA_ENTRIES entries and a text of in.len bytes, which
 * holds what had escapes, are always enough; ERR_NOMEM when one is full. */
MUST_USE status initdata_parse(bytes in, struct initdata_entry *entries, size_t cap, uint8_t *text, size_t text_cap,
                               struct initdata *out, struct err *err);

/* The value of this name; absent when there is none. */
bytes initdata_find(const struct initdata *d, bytes name);

/* "sha256" and so on. */
const char *initdata_algorithm_name(enum initdata_algorithm algorithm);

/* What a policy document is, by the first word that is no comment: releases of Contrast before initdata have the Rego
 * text itself where later ones have this document.  A likeness, no judgement. */
enum policy_form { POLICY_FORM_UNKNOWN, POLICY_FORM_REGO, POLICY_FORM_INITDATA };

enum policy_form policy_form_of(bytes document);

#endif
