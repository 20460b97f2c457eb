/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/expectation.h"

#include "cli/file.h"
#include "cli/option.h"
#include "parse/text.h"

enum { DIGITS = 2 * SHA256_BYTES, LINE = DIGITS + 1, LIMIT = LIMIT_HISTORY_MANIFESTS * LINE };

/* Line `i`; it ends in a line feed, or with the text. */
static status read_line(bytes text, size_t i, uint8_t out[SHA256_BYTES], struct err *err)
{
    bytes end = bytes_slice(text, i * LINE + DIGITS, 1);
    if (end.ptr && end.ptr[0] != '\n')
        return err_set(err, ERR_SYNTAX, i * LINE + DIGITS, "want a line end behind %d hex digits, have %s", DIGITS,
                       text_quote(end).s);
    return hex_parse(bytes_slice(text, i * LINE, DIGITS), HEX_LOWER, out, SHA256_BYTES, err);
}

static status parse_history(bytes text, struct arena *memory, struct deployment_expectation *out, struct err *err)
{
    void *list;
    size_t count = (text.len + 1) / LINE;
    if (count == 0 || (text.len != count * LINE && text.len != count * LINE - 1))
        return err_set(err, ERR_SYNTAX, 0, "want lines of %d hex digits, have %zu bytes, which is no number of lines",
                       DIGITS, text.len);
    TRY(arena_take(memory, count, SHA256_BYTES, &list, err));
    uint8_t(*transitions)[SHA256_BYTES] = list;
    for (size_t i = 0; i < count; i++)
        TRY(err_in(err, read_line(text, i, transitions[i], err), "line %zu", i + 1));
    out->history = (const uint8_t(*)[SHA256_BYTES])list;
    out->history_count = count;
    return OK;
}

static status read_history(const char *path, struct arena *memory, struct deployment_expectation *out, struct err *err)
{
    bytes text;
    TRY(file_read_into(path, LIMIT, memory, &text, err));
    return err_in(err, parse_history(text, memory, out, err), "%s", text_quote(text_bytes(path)).s);
}

static status read_root_ca(const char *path, struct arena *memory, struct coordinator_ca *ca,
                           struct deployment_expectation *out, struct err *err)
{
    bytes content;
    TRY(file_read_into(path, LIMIT_CERTIFICATE_BYTES * 2, memory, &content, err)); /* PEM is larger than DER */
    TRY(err_in(err, coordinator_ca_parse(content, COORDINATOR_ROOT_CA, ca, err), "%s", text_quote(text_bytes(path)).s));
    out->root_ca_point = ca->point;
    return OK;
}

status expectation_read(const struct expectation_files *files, struct arena *memory, struct coordinator_ca *root_ca,
                        struct deployment_expectation *out, struct err *err)
{
    TRY(file_read_into(files->manifest, LIMIT_MANIFEST_BYTES, memory, &out->manifest, err));
    if (files->history) TRY(err_in(err, read_history(files->history, memory, out, err), "--expect-history"));
    if (files->root_ca) TRY(err_in(err, read_root_ca(files->root_ca, memory, root_ca, out, err), "--expect-root-ca"));
    return OK;
}
