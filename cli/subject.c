/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/subject.h"

#include "cli/file.h"
#include "parse/text.h"

struct finding {
    struct subject_list *subjects;
    struct collateral *collateral;
    struct arena *memory;
};

/* `path` and `why` are borrowed. */
static status add(struct finding *f, const char *path, const struct err *why, struct err *err)
{
    struct subject_list *list = f->subjects;
    void *items = list->items;
    TRY(arena_grow(f->memory, &items, list->count, sizeof *list->items, err));
    list->items = items;
    list->items[list->count++] = (struct subject){path, why};
    return OK;
}

static status add_copy(struct finding *f, const char *path, const struct err *why, struct err *err)
{
    bytes name;
    void *reason = NULL;
    TRY(arena_copy(f->memory, BYTES((const uint8_t *)path, strlen(path) + 1), &name, err));
    if (why) TRY(arena_take(f->memory, 1, sizeof *why, &reason, err));
    if (why) memcpy(reason, why, sizeof *why);
    return add(f, (const char *)name.ptr, reason, err);
}

static status add_refused(void *context, const char *path, const struct err *why, struct err *err)
{
    return add_copy(context, path, why, err);
}

static status read_file(struct finding *f, const char *path, enum content_kind *kind, struct err *err)
{
    bytes content;
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &content, err));
    status s = collateral_add_content(f->collateral, content, kind, err);
    file_free(content);
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}

static status add_file(void *context, const char *path, struct err *err)
{
    struct finding *f = context;
    struct err why = {0};
    enum content_kind kind = CONTENT_UNKNOWN;
    status s = read_file(f, path, &kind, &why);
    if (!is_ok(s) && s.kind != ERR_NOMEM) return add_copy(f, path, &why, err);
    if (!is_ok(s)) *err = why;
    TRY(s);
    return kind == CONTENT_COLLATERAL ? OK : add_copy(f, path, NULL, err);
}

static status add_folder(struct finding *f, const char *path, struct err *err)
{
    const struct file_visitor visitor = {.file = add_file, .refused = add_refused, .context = f};
    size_t before = f->subjects->count;
    TRY(file_walk(path, &visitor, err));
    if (f->subjects->count > before) return OK;
    struct err why = {0};
    (void)!is_ok(err_set(&why, ERR_MISSING, 0, "%s: no report is in it", text_quote(text_bytes(path)).s));
    return add_copy(f, path, &why, err);
}

status subject_find(const struct text_list *operands, struct collateral *collateral, struct arena *memory,
                    struct subject_list *out, struct err *err)
{
    struct finding f = {.subjects = out, .collateral = collateral, .memory = memory};
    for (size_t i = 0; i < operands->count; i++) {
        const char *path = operands->items[i];
        TRY(file_is_folder(path) ? add_folder(&f, path, err) : add(&f, path, NULL, err));
    }
    return OK;
}
