/* SPDX-License-Identifier: Apache-2.0 */
/* verify/bundle_format.h: what the reader and the writer of bundles share; for verify/bundle*.c alone.
 *
 * Every refusal names BUNDLE_FORMAT_RULE.
 */
#ifndef VERIFY_BUNDLE_FORMAT_H
#define VERIFY_BUNDLE_FORMAT_H

#include "parse/text.h"
#include "parse/time.h"
#include "parse/ustar.h"
#include "verify/bundle.h"

#define BUNDLE_FORMAT_RULE  "bundle.format"
#define BUNDLE_DIGESTS_RULE "bundle.digests"

#define DESCRIPTION "contrast-bundle.json"
#define NONCE       "nonce"
#define DOCUMENT    "evidence.bin"
#define CAPABILITY  "capabilities.json"
#define TLS_KEY     "tls-key.der"
#define ROOT_CA     "root-ca.pem"
#define MESH_CA     "mesh-ca.pem"
#define MANIFESTS   "manifests/"
#define LATEST      "latest-transition"
#define SUMS        "SHA256SUMS"

/* The description is this text around three values, and no other JSON. */
#define FORMAT         "contrast.bundle/1"
#define BEFORE_FORMAT  "{\"format\":\""
#define BEFORE_BINDING "\",\"binding\":\""
#define BEFORE_TIME    "\",\"captured_at\":\""
#define BEFORE_TOOL    "\",\"tool\":\""
#define AFTER_TOOL     "\"}\n"

enum { HEX_CHARS = 2 * SHA256_BYTES, TIME_CHARS = TIME_TEXT_SIZE - 1 };
#define LINE_BYTES(name_len) (HEX_CHARS + 2 + (name_len) + 1)

struct bundle_text {
    char s[USTAR_NAME_BYTES + 1];
};

/* 64 digits. */
struct bundle_text bundle_hex_of(const struct bundle_digest *digest);

/* "manifests/000000.json" */
struct bundle_text bundle_name_of_manifest(size_t index);

/* A folder whose files are named after the SHA-256 of what they hold. */
struct bundle_folder {
    const char *prefix, *suffix;
    size_t limit;
};
extern const struct bundle_folder bundle_policies, bundle_collateral;

struct bundle_text bundle_name_in(const struct bundle_folder *f, const struct bundle_digest *digest);

/* Of SHA256SUMS, as sha256sum writes it. */
struct bundle_line {
    uint8_t s[LINE_BYTES(USTAR_NAME_BYTES)];
    size_t len;
};

struct bundle_line bundle_line_of(bytes name, const struct bundle_digest *digest);
MUST_USE status bundle_sha256(bytes content, struct bundle_digest *out, struct err *err);

/* ERR_LIMIT when `count` is more than `limit`. */
MUST_USE status bundle_check_limit(size_t count, size_t limit, const char *what, struct err *err);

/* Strictly ascending: ERR_SYNTAX, ERR_DUPLICATE. */
MUST_USE status bundle_check_order(const struct bundle_folder *f, const struct bundle_digest *before,
                                   const struct bundle_digest *digest, struct err *err);

/* 1 to LIMIT_BUNDLE_TOOL_BYTES of printable ASCII. */
MUST_USE status bundle_check_tool(bytes tool, struct err *err);

/* A record of the latest transition. */
MUST_USE status bundle_check_latest(bytes record, struct err *err);

#endif
