/* SPDX-License-Identifier: Apache-2.0 */
/* parse/status.h: how a function of this tree says that it failed.
 *
 * A fallible function returns `status` and takes `struct err *` last.  `status` is a struct, so that no int, bool or
 * pointer is taken for a result and no result for a value: a hurried `return -1;` does not compile.  Outputs are
 * written on success only.
 *
 * The text of an error is one sentence without capital or full stop: subject, rule, want, have.  Each layer adds its
 * own subject in front with err_in and nothing else.  Input bytes appear in a text only escaped (text_quote) or as hex.
 */
#ifndef PARSE_STATUS_H
#define PARSE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_USE         __attribute__((warn_unused_result))
#define PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))

enum err_kind {
    ERR_NONE = 0,
    /* the input is not what it should be */
    ERR_TRUNCATED,
    ERR_TRAILING,
    ERR_SYNTAX,
    ERR_RANGE,
    ERR_DUPLICATE,
    ERR_MISSING,
    ERR_UNSUPPORTED,
    ERR_LIMIT,
    /* the input is well-formed and not acceptable */
    ERR_MISMATCH,
    ERR_SIGNATURE,
    ERR_EXPIRED,
    ERR_DENIED,
    /* us and our surroundings */
    ERR_NOMEM,
    ERR_IO,
    ERR_STATE,
    ERR_BUG,
};

typedef struct {
    enum err_kind kind;
} status;

#define OK ((status){ERR_NONE})

/*@ assigns \nothing;
    ensures \result <==> s.kind == ERR_NONE; */
static inline bool is_ok(status s)
{
    return s.kind == ERR_NONE;
}

#define ERR_TEXT_MAX 512

/* The caller's, zeroed before the first call.  Never holds a secret. */
struct err {
    enum err_kind kind;      /* root cause */
    size_t offset;           /* byte of the input where it was noticed; 0 when there is no input */
    const char *rule;        /* static name of the rule that was broken, a row of verify/checks.def; NULL: none named */
    char text[ERR_TEXT_MAX]; /* "outer: inner: cause", NUL-terminated, cut at the end */
};

/*@ predicate is_text(char *s) = \exists integer n; 0 <= n && \valid_read(s + (0 .. n)) && s[n] == 0; */

/* NULL, or the caller's, whose text ends in a NUL. */
/*@ predicate err_sound(struct err *e) = e == \null || (\valid(e) && e->text[ERR_TEXT_MAX - 1] == 0); */

/* Sets the error (the first one stays: a later call on a set `e` changes nothing) and returns `kind`.  `e` may be NULL.
 */
/*@ requires err_sound(e);
    assigns *e;
    ensures err_sound(e) && \result.kind == kind; */
MUST_USE status err_set(struct err *e, enum err_kind kind, size_t offset, const char *fmt, ...) PRINTF(4, 5);

/* As err_set, for a named rule.  `rule` is a string literal. */
/*@ requires err_sound(e);
    assigns *e;
    ensures err_sound(e) && \result.kind == kind; */
MUST_USE status err_rule(struct err *e, enum err_kind kind, const char *rule, size_t offset, const char *fmt, ...)
    PRINTF(5, 6);

/* Puts "subject: " in front of the text when `s` failed; returns `s`. */
/*@ requires err_sound(e);
    assigns e->text[0 .. ERR_TEXT_MAX - 1] \from e->text[0 .. ERR_TEXT_MAX - 1], fmt[0 ..];
    assigns \result \from s;
    ensures err_sound(e) && \result.kind == s.kind; */
MUST_USE status err_in(struct err *e, status s, const char *fmt, ...) PRINTF(3, 4);

/* Names `rule`, a string literal, when `s` failed and no rule is named yet; returns `s`. */
/*@ requires err_sound(e);
    assigns e->rule;
    ensures err_sound(e) && \result.kind == s.kind; */
MUST_USE status err_named(struct err *e, status s, const char *rule);

/* "truncated", "trailing", ...: one word for each kind. */
/*@ assigns \nothing; */
const char *err_kind_name(enum err_kind kind);

/* The one macro with control flow in this tree. */
#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        status try_status_ = (expr);                                                                                   \
        if (!is_ok(try_status_)) return try_status_;                                                                   \
    } while (0)

#endif
