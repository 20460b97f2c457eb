/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"

static const struct lint_row rows[] = {
#define ERROR                                  LINT_ERROR
#define WARNING                                LINT_WARNING
#define RULE(identifier, id, severity, advice) {id, severity, advice},
#include "kube/lint.def"
#undef RULE
#undef ERROR
#undef WARNING
};

const struct lint_row *lint_row(enum lint_rule rule)
{
    return &rows[rule];
}

status lint_add(struct findings *f, enum lint_rule rule, size_t file, size_t offset, struct err *err, const char *fmt,
                ...)
{
    char text[ERR_TEXT_MAX];
    void *items = f->items;
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    TRY(arena_grow(f->memory, &items, f->count, sizeof *f->items, err));
    f->items = items;
    struct finding *finding = &f->items[f->count];
    *finding = (struct finding){.rule = rule, .file = file, .offset = offset};
    TRY(arena_copy(f->memory, BYTES((uint8_t *)text, strlen(text) + 1), &finding->text, err));
    finding->text.len--; /* with its NUL behind */
    f->count++;
    return OK;
}

static int compare(const void *a, const void *b)
{
    const struct finding *one = a, *other = b;
    if (one->file != other->file) return one->file < other->file ? -1 : 1;
    if (one->offset != other->offset) return one->offset < other->offset ? -1 : 1;
    if (one->rule != other->rule) return one->rule < other->rule ? -1 : 1;
    return strcmp((const char *)one->text.ptr, (const char *)other->text.ptr);
}

void lint_sort(struct findings *f)
{
    size_t kept = 0;
    if (f->count > 0) qsort(f->items, f->count, sizeof f->items[0], compare);
    for (size_t i = 0; i < f->count; i++)
        if (i == 0 || compare(&f->items[kept - 1], &f->items[i]) != 0) f->items[kept++] = f->items[i];
    f->count = kept;
}
