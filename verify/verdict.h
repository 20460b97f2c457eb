/* SPDX-License-Identifier: Apache-2.0 */
/* verify/verdict.h: what was checked, with what outcome, and what follows.
 *
 * A verdict has one outcome for each row of verify/checks.def.  Denial is zero: a zeroed verdict denies, and a check
 * that did not run denies.  A check that has nothing to do in this run is said so explicitly, with the reason.
 *
 * Values and sources are borrowed: views into the evidence, the reference values or static text, and live as long as
 * those do.
 */
#ifndef VERIFY_VERDICT_H
#define VERIFY_VERDICT_H

#include "parse/bytes.h"
#include "parse/status.h"
#include "snp/report.h"
#include "snp/tcb.h"

enum check_id {
#define CHECK(id, name, exit_code, meaning, specification) CHECK_##id,
#include "verify/checks.def"
#undef CHECK
    CHECK_COUNT,
    CHECK_REPORT_ROWS = CHECK_REPORT_DATA + 1, /* the first rows ask about a report, the others about a deployment */
};

struct check_row {
    const char *name;
    const char *meaning;
    const char *specification;
    int exit_code;
};
extern const struct check_row check_rows[CHECK_COUNT];

/* What Eva sees of the table and WP cannot (its rows are too many): each name ends. */
/*@ predicate rows_have_names = \forall integer i; 0 <= i < CHECK_COUNT ==> is_text(check_rows[i].name); */

/* CHECK_COUNT when no row has this name. */
/*@ requires is_text(name) && rows_have_names;
    assigns \nothing;
    ensures 0 <= \result <= CHECK_COUNT; */
enum check_id check_find(const char *name);

enum outcome {
    NOT_RUN = 0,     /* denies */
    FAILED,          /* denies */
    SKIPPED_BY_USER, /* the user has waived it by name */
    DOES_NOT_APPLY,  /* nothing to check in this run; the note says why */
    PASSED,
};

enum value_kind {
    VALUE_NONE = 0,
    VALUE_HEX,     /* b: printed as hex */
    VALUE_FOREIGN, /* b: foreign text, to be quoted */
    VALUE_TEXT,    /* text: static */
    VALUE_DECIMAL, /* u */
    VALUE_BITS,    /* u: printed as 0x.. */
    VALUE_TIME,    /* u: seconds since 1970 as int64_t */
    VALUE_VERSION, /* version */
    VALUE_TCB,     /* tcb */
};

struct value {
    enum value_kind kind;
    union {
        bytes b;
        const char *text;
        uint64_t u;
        int64_t time;
        struct snp_version version;
        struct snp_tcb tcb;
    } as;
};

struct value value_none(void);
struct value value_hex(bytes b);
struct value value_foreign(bytes b);
struct value value_text(const char *text);
struct value value_decimal(uint64_t u);
struct value value_bits(uint64_t u);
struct value value_time(int64_t t);
struct value value_version(struct snp_version v);
/*@ requires \valid_read(tcb);
    assigns \nothing; */
struct value value_tcb(const struct snp_tcb *tcb);
/* A Name (DER element) by its common name, or in hex when it has none. */
struct value value_name(bytes name);

enum { CHECK_NOTE_MAX = 192 };

struct check {
    enum outcome outcome;
    struct value want, got;
    const char *source;        /* where the expectation comes from; NULL: from the specification */
    char note[CHECK_NOTE_MAX]; /* one sentence; may be empty */
};

enum warning {
#define WARNING(id, name, text) WARN_##id,
#include "verify/warnings.def"
#undef WARNING
    WARNING_COUNT,
};

struct warning_row {
    const char *name, *text;
};
extern const struct warning_row warning_rows[WARNING_COUNT];

/* What a verdict is about.  Zeroed memory asks every row. */
enum verdict_subject { SUBJECT_DEPLOYMENT = 0, SUBJECT_REPORT };

struct verdict {
    enum verdict_subject subject;
    struct check by_id[CHECK_COUNT];
    bool warned[WARNING_COUNT];
    bool by_hand; /* only under a root given by hand */
};

/* How many rows, from the first, the subject asks for. */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == (v->subject == SUBJECT_REPORT ? CHECK_REPORT_ROWS : CHECK_COUNT); */
size_t verdict_rows(const struct verdict *v);

enum decision { DENY = 0, ALLOW = 0x5a };

/* A row behind those that are asked for may have been left alone, and must not have failed. */
/*@ predicate row_is_asked(struct verdict *v, integer i) = v->subject != SUBJECT_REPORT || i < CHECK_REPORT_ROWS;
    predicate row_allows(struct verdict *v, integer i) =
      v->by_id[i].outcome == PASSED || v->by_id[i].outcome == SKIPPED_BY_USER ||
      v->by_id[i].outcome == DOES_NOT_APPLY || (v->by_id[i].outcome == NOT_RUN && !row_is_asked(v, i));
    predicate verdict_allows(struct verdict *v) =
      (\forall integer i; 0 <= i < CHECK_COUNT ==> row_allows(v, i)) &&
      (\exists integer i; 0 <= i < CHECK_COUNT && v->by_id[i].outcome == PASSED); */

/*@ predicate note_fits(struct verdict *v, char *note) =
      is_text(note) && \separated(v, note + (0 .. CHECK_NOTE_MAX - 1)); */

/* What each setter does: `id` alone changes, and not once it has failed. */
/*@ predicate check_became{Before, After}(struct verdict *v, integer id, integer outcome) =
      0 <= id < CHECK_COUNT ==>
        \at(v->by_id[id].outcome, After) == (\at(v->by_id[id].outcome, Before) == FAILED ? FAILED : outcome); */

/* Sets an outcome.  A check that has failed stays failed: a later call does not change it. */
/*@ requires \valid(v);
    assigns v->by_id[id];
    ensures passed ==> check_became{Old, Here}(v, id, PASSED);
    ensures !passed ==> check_became{Old, Here}(v, id, FAILED); */
void verdict_set(struct verdict *v, enum check_id id, bool passed, struct value want, struct value got,
                 const char *source);
/*@ requires \valid(v);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures check_became{Old, Here}(v, id, PASSED); */
void verdict_pass(struct verdict *v, enum check_id id);
/*@ requires \valid(v) && note_fits(v, note);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures check_became{Old, Here}(v, id, FAILED); */
void verdict_fail(struct verdict *v, enum check_id id, const char *note);
/*@ requires \valid(v) && note_fits(v, note);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures check_became{Old, Here}(v, id, SKIPPED_BY_USER); */
void verdict_skip(struct verdict *v, enum check_id id, const char *note);
/*@ requires \valid(v) && note_fits(v, note);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures check_became{Old, Here}(v, id, DOES_NOT_APPLY); */
void verdict_does_not_apply(struct verdict *v, enum check_id id, const char *note);

/* Adds a sentence to a check, whatever its outcome. */
/*@ requires \valid(v) && note_fits(v, note);
    assigns v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1]; */
void verdict_note(struct verdict *v, enum check_id id, const char *note);

/* Passed when `s` is ok; failed with the text of `e` otherwise.  Returns whether it passed. */
/*@ requires \valid(v) && \valid(e) && err_sound(e) && \separated(v, e);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures \result <==> s.kind == ERR_NONE;
    ensures s.kind == ERR_NONE ==> check_became{Old, Here}(v, id, PASSED);
    ensures s.kind != ERR_NONE ==> check_became{Old, Here}(v, id, FAILED); */
bool verdict_take(struct verdict *v, enum check_id id, status s, const struct err *e);

/* As verdict_take for an error that names its rule; `otherwise` is failed when it names none. */
/*@ requires \valid(v) && \valid(e) && err_sound(e) && \separated(v, e);
    requires (e->rule == \null || is_text(e->rule)) && rows_have_names && 0 <= otherwise < CHECK_COUNT;
    assigns v->by_id[0 .. CHECK_COUNT - 1]; */
void verdict_fail_rule(struct verdict *v, const struct err *e, enum check_id otherwise);

/*@ requires \valid(v);
    assigns v->warned[w]; */
void verdict_warn(struct verdict *v, enum warning w);

/* ALLOW when every check of the subject has passed, was waived, or had nothing to do, no other has failed, and at least
 * one has passed. */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == ALLOW <==> verdict_allows(v);
    ensures \result == ALLOW || \result == DENY; */
enum decision verdict_decide(const struct verdict *v);

/* The exit code of `contrast` for this verdict: 0 or, under a root given by hand, 10 when it allows.  Otherwise that of
 * the failed check which comes first in the order 3, 4, 5, 8, 7, 6, 11; 1 when checks did not run though none failed.
 */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == 0 <==> verdict_allows(v) && !v->by_hand;
    ensures \result == 10 <==> verdict_allows(v) && v->by_hand; */
int verdict_exit_code(const struct verdict *v);

#endif
