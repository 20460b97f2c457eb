/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verdict.h"

#include <stdio.h>
#include <string.h>

#include "snp/ca.h"

const struct check_row check_rows[CHECK_COUNT] = {
#define CHECK(id, name, exit_code, meaning, specification) {name, meaning, specification, exit_code},
#include "verify/checks.def"
#undef CHECK
};

const struct warning_row warning_rows[WARNING_COUNT] = {
#define WARNING(id, name, text) {name, text},
#include "verify/warnings.def"
#undef WARNING
};

enum check_id check_find(const char *name)
{
    size_t n = strlen(name);
    unsigned i = 0;
    /*@ loop invariant 0 <= i <= CHECK_COUNT;
        loop assigns i;
        loop variant CHECK_COUNT - i; */
    while (i < CHECK_COUNT && (strlen(check_rows[i].name) != n || memcmp(check_rows[i].name, name, n) != 0))
        i++;
    return (enum check_id)i;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

struct value value_none(void)
{
    return (struct value){.kind = VALUE_NONE};
}
struct value value_hex(bytes b)
{
    return (struct value){.kind = VALUE_HEX, .as.b = b};
}
struct value value_foreign(bytes b)
{
    return (struct value){.kind = VALUE_FOREIGN, .as.b = b};
}
struct value value_text(const char *text)
{
    return (struct value){.kind = VALUE_TEXT, .as.text = text};
}
struct value value_decimal(uint64_t u)
{
    return (struct value){.kind = VALUE_DECIMAL, .as.u = u};
}
struct value value_bits(uint64_t u)
{
    return (struct value){.kind = VALUE_BITS, .as.u = u};
}
struct value value_time(int64_t t)
{
    return (struct value){.kind = VALUE_TIME, .as.time = t};
}
struct value value_version(struct snp_version v)
{
    return (struct value){.kind = VALUE_VERSION, .as.version = v};
}
struct value value_tcb(const struct snp_tcb *tcb)
{
    return (struct value){.kind = VALUE_TCB, .as.tcb = *tcb};
}

struct value value_name(bytes name)
{
    bytes common = snp_name_common(name);
    return common.ptr ? value_foreign(common) : value_hex(name);
}

/* ---- outcomes --------------------------------------------------------------------------------------------------- */

void verdict_note(struct verdict *v, enum check_id id, const char *note)
{
    if ((unsigned)id >= CHECK_COUNT) return;
    struct check *c = &v->by_id[id];
    size_t n = strlen(note);
    if (n >= sizeof c->note) n = sizeof c->note - 1;
    memcpy(c->note, note, n);
    c->note[n] = '\0';
}

/*@ requires \valid(v) && note_fits(v, note);
    assigns v->by_id[id].outcome, v->by_id[id].note[0 .. CHECK_NOTE_MAX - 1];
    ensures check_became{Old, Here}(v, id, outcome); */
static void set_outcome(struct verdict *v, enum check_id id, enum outcome outcome, const char *note)
{
    if ((unsigned)id >= CHECK_COUNT || v->by_id[id].outcome == FAILED) return;
    v->by_id[id].outcome = outcome;
    verdict_note(v, id, note);
}

void verdict_set(struct verdict *v, enum check_id id, bool passed, struct value want, struct value got,
                 const char *source)
{
    if ((unsigned)id >= CHECK_COUNT || v->by_id[id].outcome == FAILED) return;
    set_outcome(v, id, passed ? PASSED : FAILED, "");
    v->by_id[id].want = want;
    v->by_id[id].got = got;
    v->by_id[id].source = source;
}

void verdict_pass(struct verdict *v, enum check_id id)
{
    set_outcome(v, id, PASSED, "");
}
void verdict_fail(struct verdict *v, enum check_id id, const char *note)
{
    set_outcome(v, id, FAILED, note);
}
void verdict_skip(struct verdict *v, enum check_id id, const char *note)
{
    set_outcome(v, id, SKIPPED_BY_USER, note);
}

void verdict_does_not_apply(struct verdict *v, enum check_id id, const char *note)
{
    set_outcome(v, id, DOES_NOT_APPLY, note);
}

bool verdict_take(struct verdict *v, enum check_id id, status s, const struct err *e)
{
    //@ assert \valid_read(&e->text[0] + (0 .. ERR_TEXT_MAX - 1)) && e->text[ERR_TEXT_MAX - 1] == 0;
    set_outcome(v, id, is_ok(s) ? PASSED : FAILED, is_ok(s) ? "" : e->text);
    return is_ok(s);
}

void verdict_fail_rule(struct verdict *v, const struct err *e, enum check_id otherwise)
{
    enum check_id id = e->rule ? check_find(e->rule) : CHECK_COUNT;
    //@ assert \valid_read(&e->text[0] + (0 .. ERR_TEXT_MAX - 1)) && e->text[ERR_TEXT_MAX - 1] == 0;
    verdict_fail(v, id == CHECK_COUNT ? otherwise : id, e->text);
}

void verdict_warn(struct verdict *v, enum warning w)
{
    if ((unsigned)w < WARNING_COUNT) v->warned[w] = true;
}

/* ---- what follows ----------------------------------------------------------------------------------------------- */

size_t verdict_rows(const struct verdict *v)
{
    return v->subject == SUBJECT_REPORT ? CHECK_REPORT_ROWS : CHECK_COUNT;
}

enum decision verdict_decide(const struct verdict *v)
{
    const size_t rows = verdict_rows(v);
    bool any = false;
    /*@ loop invariant 0 <= i <= CHECK_COUNT && \forall integer j; 0 <= j < i ==> row_allows(v, j);
        loop invariant any <==> \exists integer j; 0 <= j < i && v->by_id[j].outcome == PASSED;
        loop assigns i, any;
        loop variant CHECK_COUNT - i; */
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        enum outcome o = v->by_id[i].outcome;
        if (o == NOT_RUN && i >= rows) continue;
        if (o != PASSED && o != SKIPPED_BY_USER && o != DOES_NOT_APPLY) return DENY;
        any = any || o == PASSED;
    }
    return any ? ALLOW : DENY; /* nothing checked is nothing proven */
}

/*@ requires \valid_read(v);
    assigns \nothing; */
static bool has_failure(const struct verdict *v, int exit_code)
{
    /*@ loop invariant 0 <= i <= CHECK_COUNT;
        loop assigns i;
        loop variant CHECK_COUNT - i; */
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (v->by_id[i].outcome == FAILED && check_rows[i].exit_code == exit_code) return true;
    return false;
}

int verdict_exit_code(const struct verdict *v)
{
    static const int order[] = {3, 4, 5, 8, 7, 6, 11};

    if (verdict_decide(v) == ALLOW) return v->by_hand ? 10 : 0;
    /*@ loop invariant 0 <= i <= 7;
        loop assigns i;
        loop variant 7 - i; */
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (has_failure(v, order[i])) return order[i];
    return 1;
}
