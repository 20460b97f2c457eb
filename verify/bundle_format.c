/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/bundle_format.h"

#include <stdio.h>

#include "parse/transition_record.h"

const char *bundle_binding_name(enum bundle_binding binding)
{
    static const char *const names[] = {
        [BUNDLE_ATTEST] = "attest", [BUNDLE_ATTEST_V1] = "attest-v1", [BUNDLE_ATLS] = "atls"};
    return (size_t)binding < sizeof names / sizeof names[0] ? names[binding] : NULL;
}

struct bundle_text bundle_hex_of(const struct bundle_digest *digest)
{
    struct bundle_text t;
    (void)is_ok(hex_write(BYTES_OF(digest->sha256), t.s, sizeof t.s, NULL)); /* it fits */
    return t;
}

struct bundle_text bundle_name_of_manifest(size_t index)
{
    struct bundle_text t;
    (void)snprintf(t.s, sizeof t.s, MANIFESTS "%06zu.json", index);
    return t;
}

const struct bundle_folder bundle_policies = {"policies/", "", LIMIT_HISTORY_POLICIES};
const struct bundle_folder bundle_collateral = {"collateral/", ".der", LIMIT_BUNDLE_COLLATERAL};

struct bundle_text bundle_name_in(const struct bundle_folder *f, const struct bundle_digest *digest)
{
    struct bundle_text t;
    (void)snprintf(t.s, sizeof t.s, "%s%s%s", f->prefix, bundle_hex_of(digest).s, f->suffix);
    return t;
}

struct bundle_line bundle_line_of(bytes name, const struct bundle_digest *digest)
{
    struct bundle_line line = {.len = LINE_BYTES(name.len)};
    memcpy(line.s, bundle_hex_of(digest).s, HEX_CHARS);
    memcpy(&line.s[HEX_CHARS], "  ", 2);
    memcpy(&line.s[HEX_CHARS + 2], name.ptr, name.len);
    line.s[line.len - 1] = '\n';
    return line;
}

status bundle_sha256(bytes content, struct bundle_digest *out, struct err *err)
{
    return crypto_sha256(&content, 1, out->sha256, err);
}

status bundle_check_limit(size_t count, size_t limit, const char *what, struct err *err)
{
    return count <= limit ? OK : err_rule(err, ERR_LIMIT, BUNDLE_FORMAT_RULE, 0, "%s: more than %zu", what, limit);
}

status bundle_check_order(const struct bundle_folder *f, const struct bundle_digest *before,
                          const struct bundle_digest *digest, struct err *err)
{
    int order = memcmp(before->sha256, digest->sha256, SHA256_BYTES);
    if (order < 0) return OK;
    return err_rule(err, order > 0 ? ERR_SYNTAX : ERR_DUPLICATE, BUNDLE_FORMAT_RULE, 0, "member %s: %s",
                    bundle_name_in(f, digest).s, order > 0 ? "is not in ascending order" : "comes twice");
}

status bundle_check_tool(bytes tool, struct err *err)
{
    if (tool.len == 0 || tool.len > LIMIT_BUNDLE_TOOL_BYTES)
        return err_rule(err, ERR_RANGE, BUNDLE_FORMAT_RULE, 0, "tool: want 1 to %d characters, have %zu",
                        LIMIT_BUNDLE_TOOL_BYTES, tool.len);
    for (size_t i = 0; i < tool.len; i++) {
        uint8_t c = tool.ptr[i];
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
            return err_rule(err, ERR_SYNTAX, BUNDLE_FORMAT_RULE, 0,
                            "tool: want printable ASCII, no '\"' and no '\\', have %s", text_quote(tool).s);
    }
    return OK;
}

status bundle_check_latest(bytes record, struct err *err)
{
    struct transition_record parsed;
    return err_named(err, transition_record_parse(record, &parsed, err), BUNDLE_FORMAT_RULE);
}
