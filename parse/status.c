/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*@ requires err_sound(e);
    assigns *e;
    ensures err_sound(e); */
PRINTF(5, 0)
static void set_text(struct err *e, enum err_kind kind, const char *rule, size_t offset, const char *fmt, va_list args)
{
    if (!e || e->kind != ERR_NONE) return;
    e->kind = kind;
    e->offset = offset;
    e->rule = rule;
    if (vsnprintf(e->text, sizeof e->text, fmt, args) < 0) e->text[0] = '\0';
}

status err_set(struct err *e, enum err_kind kind, size_t offset, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_text(e, kind, NULL, offset, fmt, args);
    va_end(args);
    return (status){kind};
}

status err_rule(struct err *e, enum err_kind kind, const char *rule, size_t offset, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_text(e, kind, rule, offset, fmt, args);
    va_end(args);
    return (status){kind};
}

status err_in(struct err *e, status s, const char *fmt, ...)
{
    if (is_ok(s) || !e) return s;

    char subject[ERR_TEXT_MAX];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(subject, sizeof subject, fmt, args);
    va_end(args);
    if (n < 0) return s;

    size_t len = (size_t)n < sizeof subject ? (size_t)n : sizeof subject - 1;
    size_t at = len + 2; /* where the old text goes on, and is cut */
    if (at >= sizeof e->text) return s;
    size_t room = sizeof e->text - 1 - at, keep = 0;
    /*@ loop invariant 0 <= keep <= room;
        loop assigns keep;
        loop variant room - keep; */
    while (keep < room && e->text[keep] != '\0')
        keep++;
    memmove(e->text + at, e->text, keep);
    memcpy(e->text, subject, len);
    memcpy(e->text + len, ": ", 2);
    e->text[at + keep] = '\0';
    return s;
}

status err_named(struct err *e, status s, const char *rule)
{
    if (!is_ok(s) && e && !e->rule) e->rule = rule;
    return s;
}

const char *err_kind_name(enum err_kind kind)
{
    static const char *const names[] = {
        [ERR_NONE] = "none",           [ERR_TRUNCATED] = "truncated",
        [ERR_TRAILING] = "trailing",   [ERR_SYNTAX] = "syntax",
        [ERR_RANGE] = "range",         [ERR_DUPLICATE] = "duplicate",
        [ERR_MISSING] = "missing",     [ERR_UNSUPPORTED] = "unsupported",
        [ERR_LIMIT] = "limit",         [ERR_MISMATCH] = "mismatch",
        [ERR_SIGNATURE] = "signature", [ERR_EXPIRED] = "expired",
        [ERR_DENIED] = "denied",       [ERR_NOMEM] = "out of memory",
        [ERR_IO] = "input or output",  [ERR_STATE] = "wrong state",
        [ERR_BUG] = "internal",
    };
    size_t i = (size_t)kind;
    return i < sizeof names / sizeof names[0] && names[i] ? names[i] : "unknown";
}
