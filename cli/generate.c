/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/generate.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "cli/layout.h"
#include "cli/output.h"
#include "kube/diff.h"

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static bool ends_in(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n > m && strcmp(path + n - m, suffix) == 0;
}

static bool is_yaml(const char *path)
{
    return ends_in(path, ".yaml") || ends_in(path, ".yml");
}

static status add_file(void *context, const char *path, struct err *err)
{
    struct generate *g = context;
    void *paths = (void *)g->paths, *inputs = g->inputs;
    bytes name;
    if (!is_yaml(path)) return OK;
    for (size_t i = 0; i < g->count; i++)
        if (output_is_same(g->paths[i], path))
            return err_set(err, ERR_DUPLICATE, 0, "%s is named twice", text_quote(text_bytes(path)).s);
    TRY(arena_grow(g->memory, &paths, g->count, sizeof *g->paths, err));
    TRY(arena_grow(g->memory, &inputs, g->count, sizeof *g->inputs, err));
    g->paths = paths;
    g->inputs = inputs;
    TRY(arena_copy(g->memory, BYTES((const uint8_t *)path, strlen(path) + 1), &name, err));
    g->paths[g->count] = (const char *)name.ptr;
    TRY(file_read_into(path, LIMIT_YAML_BYTES, g->memory, &g->inputs[g->count], err));
    g->count++;
    return OK;
}

status generate_read(struct generate *g, const struct text_list *operands, struct err *err)
{
    const struct file_visitor visitor = {.file = add_file, .context = g};
    for (size_t i = 0; i < operands->count; i++) {
        const char *path = operands->items[i];
        if (!file_is_folder(path) && !is_yaml(path))
            return err_set(err, ERR_UNSUPPORTED, 0, "%s: want a folder, or a file whose name ends in .yaml or .yml",
                           text_quote(text_bytes(path)).s);
        TRY(file_walk(path, &visitor, err));
    }
    if (g->count == 0) return err_set(err, ERR_MISSING, 0, "no .yml/.yaml files found");
    return OK;
}

status generate_read_replacements(struct generate *g, const char *path, struct err *err)
{
    bytes text;
    TRY(file_read_into(path, LIMIT_YAML_BYTES, g->memory, &text, err));
    return err_in(err, image_replacements_parse(text, g->memory, &g->options.replacements, err), "%s",
                  text_quote(text_bytes(path)).s);
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

static void tell_one(const struct generate *g, const struct finding *f)
{
    struct text_place at = text_place_of(g->inputs[f->file], f->offset);
    layout_foreign(stderr, text_bytes(g->paths[f->file]));
    fprintf(stderr, ":%zu:%zu: %s: %s [%s]\n", at.line, at.column,
            prepare_is_error(f, &g->options) ? "error" : "warning", (const char *)f->text.ptr, lint_row(f->rule)->id);
}

void generate_tell(const struct generate *g)
{
    const struct findings *f = &g->prepared.findings;
    bool has_rule[LINT_RULE_COUNT] = {false};
    for (size_t i = 0; i < f->count; i++) {
        tell_one(g, &f->items[i]);
        has_rule[f->items[i].rule] = true;
    }
    for (unsigned i = 0; i < LINT_RULE_COUNT; i++)
        if (has_rule[i])
            fprintf(stderr, "%s: %s\n", lint_row((enum lint_rule)i)->id, lint_row((enum lint_rule)i)->advice);
}

static const char *what_was_done(const struct prepared *p)
{
    const struct injection *n = &p->injection;
    if (!p->resource->is_confidential) return "left alone: no runtime class of ours";
    if (n->is_coordinator) return "Coordinator: runtime class";
    if (n->mesh && n->secure_pv) return "runtime class, initializer with encrypted volume, mesh proxy";
    if (n->secure_pv) return "runtime class, initializer with encrypted volume";
    if (n->mesh) return n->initializer ? "runtime class, initializer, mesh proxy" : "runtime class, mesh proxy";
    return n->initializer ? "runtime class, initializer" : "runtime class";
}

struct digest_text {
    char s[HEX_TEXT_SIZE(SHA256_BYTES)];
};

static struct digest_text digest_text(const uint8_t digest[SHA256_BYTES])
{
    struct digest_text text = {""};
    (void)is_ok(hex_write(BYTES(digest, SHA256_BYTES), text.s, sizeof text.s, NULL));
    return text;
}

void generate_table(const struct generate *g, FILE *out)
{
    for (size_t i = 0; i < g->prepared.pod_count; i++) {
        const struct prepared *p = &g->prepared.pods[i];
        layout_foreign(out, text_bytes(g->paths[p->file]));
        fprintf(out, ": ");
        layout_foreign(out, p->resource->kind);
        fprintf(out, " ");
        layout_foreign(out, p->resource->name);
        fprintf(out, ": %s", what_was_done(p));
        if (p->policy.annotation) fprintf(out, ", policy %s", digest_text(p->policy.digest).s);
        fprintf(out, "\n");
    }
}

status generate_diff(const struct generate *g, struct err *err)
{
    for (size_t i = 0; i < g->count; i++) {
        struct text_out out = {.memory = g->memory};
        bytes text;
        TRY(diff_put(g->paths[i], g->inputs[i], &g->prepared.changes[i], &out, err));
        TRY(text_out_take(&out, &text, err));
        fwrite(text.ptr, 1, text.len, stdout);
    }
    return OK;
}

void generate_tell_missing(const struct generate *g)
{
    const struct texts *missing = &g->workspace.manifest.missing;
    for (size_t i = 0; i < missing->count; i++) {
        fprintf(stderr, "contrast: generate: to be filled in by hand in the manifest: ");
        fprintf(stderr, "%.*s\n", (int)missing->items[i].len, (const char *)missing->items[i].ptr);
    }
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Beside the old one, with its mode; 0: as usual.  The content may be a key. */
static status write_beside(struct output *o, const char *path, bytes content, mode_t mode, struct arena *memory,
                           struct err *err)
{
    struct stat st;
    TRY(output_open(o, path, memory, err));
    if (mode == 0 && stat(path, &st) == 0) mode = st.st_mode & 07777;
    bool is_whole = (mode == 0 || fchmod(fileno(o->stream), mode) == 0) &&
                    fwrite(content.ptr, 1, content.len, o->stream) == content.len && fflush(o->stream) == 0;
    if (is_whole) return OK;
    status s = err_set(err, ERR_IO, 0, "%s: %s", text_quote(text_bytes(path)).s, strerror(errno));
    output_abandon(o);
    return s;
}

/* A file begins with a document of its own; a directive wants the one before to have ended. */
static void put_file(struct text_out *out, bytes text, const struct yaml_file *yaml, bool is_first)
{
    if (bytes_eq(bytes_slice(text, 0, 3), BYTES_LIT("\xef\xbb\xbf"))) text = bytes_slice(text, 3, text.len - 3);
    if (out->len > 0 && out->text[out->len - 1] != '\n') text_put_string(out, "\n");
    bool has_directive = text.len > 0 && text.ptr[0] == '%';
    if (!is_first && has_directive)
        text_put_string(out, "...\n");
    else if (!is_first && !yaml->documents[0].has_start)
        text_put_string(out, "---\n");
    text_put(out, text);
}

static status join(const struct generate *g, bytes *out, struct err *err)
{
    struct text_out text = {.memory = g->memory};
    struct yaml_file joined;
    size_t documents = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct yaml_file *yaml = &g->prepared.files[i].yaml;
        if (yaml->count == 0) continue;
        put_file(&text, g->prepared.changes[i].output, yaml, documents == 0);
        documents += yaml->count;
    }
    TRY(text_out_take(&text, out, err));
    TRY(err_in(err, yaml_parse(*out, g->memory, &joined, err), "the files as one"));
    if (joined.count == documents) return OK;
    return err_set(err, ERR_UNSUPPORTED, 0, "the files cannot be written as one: want %zu documents, have %zu",
                   documents, joined.count);
}

static status write_yaml(const struct generate *g, const char *one, struct output *outputs, size_t *count,
                         struct err *err)
{
    bytes text;
    if (one) {
        TRY(join(g, &text, err));
        return write_beside(&outputs[(*count)++], one, text, 0, g->memory, err);
    }
    for (size_t i = 0; i < g->count; i++)
        if (g->prepared.changes[i].count > 0)
            TRY(write_beside(&outputs[(*count)++], g->paths[i], g->prepared.changes[i].output, 0, g->memory, err));
    return OK;
}

static status write_all(const struct generate *g, const char *one, struct output *outputs, size_t *count,
                        struct err *err)
{
    TRY(write_yaml(g, one, outputs, count, err));
    for (size_t i = 0; i < g->workspace.count; i++) {
        const struct workspace_file *f = &g->workspace.files[i];
        TRY(write_beside(&outputs[(*count)++], f->path, f->secret_content, f->is_key ? 0600 : 0, g->memory, err));
    }
    for (size_t i = 0; i < *count; i++)
        TRY(output_finish(&outputs[i], err));
    return OK;
}

status generate_write(const struct generate *g, const char *one, struct err *err)
{
    void *room;
    size_t count = 0;
    TRY(arena_take(g->memory, g->count + WORKSPACE_FILES + 1, sizeof(struct output), &room, err));
    struct output *outputs = room;
    status s = write_all(g, one, outputs, &count, err);
    for (size_t i = 0; i < count && !is_ok(s); i++)
        output_abandon(&outputs[i]);
    return s;
}
