/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "verify/verdict.h"

/* A verdict in which every check has passed. */
static struct verdict all_passed(void)
{
    struct verdict v = {0};
    for (int id = 0; id < CHECK_COUNT; id++)
        verdict_pass(&v, (enum check_id)id);
    return v;
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(verdict, zeroed_memory_denies)
{
    const struct verdict v = {0};
    cr_expect_eq(verdict_decide(&v), DENY);
    cr_expect_eq(verdict_exit_code(&v), 1);
    cr_expect_eq((int)DENY, 0);
    cr_expect_eq((int)NOT_RUN, 0);
}

Test(verdict, each_check_that_did_not_run_or_failed_denies)
{
    for (int id = 0; id < CHECK_COUNT; id++) {
        struct verdict v = all_passed();
        cr_expect_eq(verdict_decide(&v), ALLOW);
        v.by_id[id].outcome = NOT_RUN;
        cr_expect_eq(verdict_decide(&v), DENY, "%s", check_rows[id].name);
        cr_expect_eq(verdict_exit_code(&v), 1, "%s: nothing has failed", check_rows[id].name);
        verdict_fail(&v, (enum check_id)id, "no");
        cr_expect_eq(verdict_decide(&v), DENY, "%s", check_rows[id].name);
        cr_expect_eq(verdict_exit_code(&v), check_rows[id].exit_code, "%s", check_rows[id].name);
        v.by_id[id].outcome = (enum outcome)99;
        cr_expect_eq(verdict_decide(&v), DENY, "%s: no such outcome", check_rows[id].name);
    }
}

Test(verdict, nothing_checked_is_nothing_proven)
{
    struct verdict waived = {0}, idle = {0};
    for (int id = 0; id < CHECK_COUNT; id++) {
        verdict_skip(&waived, (enum check_id)id, "waived");
        verdict_does_not_apply(&idle, (enum check_id)id, "idle");
    }
    cr_expect_eq(verdict_decide(&waived), DENY);
    cr_expect_eq(verdict_decide(&idle), DENY);
    verdict_pass(&waived, CHECK_REPORT_SIZE);
    verdict_pass(&idle, CHECK_REPORT_SIZE);
    cr_expect_eq(verdict_decide(&waived), ALLOW);
    cr_expect_eq(verdict_decide(&idle), ALLOW);
}

/* Zeroed memory asks for every row; a report alone for those up to report-data, and a failure behind them still denies.
 */
Test(verdict, the_subject_says_which_checks_have_to_run)
{
    for (int id = CHECK_REPORT_ROWS; id < CHECK_COUNT; id++) {
        struct verdict v = all_passed();
        v.by_id[id].outcome = NOT_RUN;
        cr_expect_eq(verdict_decide(&v), DENY, "%s", check_rows[id].name);
        v.subject = SUBJECT_REPORT;
        cr_expect_eq(verdict_decide(&v), ALLOW, "%s", check_rows[id].name);
        v.subject = (enum verdict_subject)7;
        cr_expect_eq(verdict_decide(&v), DENY, "%s: no such subject", check_rows[id].name);
        v.subject = SUBJECT_REPORT;
        verdict_fail(&v, (enum check_id)id, "no");
        cr_expect_eq(verdict_decide(&v), DENY, "%s failed", check_rows[id].name);
        cr_expect_eq(verdict_exit_code(&v), check_rows[id].exit_code, "%s", check_rows[id].name);
    }
    struct verdict v = all_passed();
    v.subject = SUBJECT_REPORT;
    v.by_id[CHECK_REPORT_ROWS - 1].outcome = NOT_RUN;
    cr_expect_eq(verdict_decide(&v), DENY);
    cr_expect_eq(verdict_rows(&v), CHECK_REPORT_ROWS);
}

Test(verdict, what_has_failed_stays_failed)
{
    struct verdict v = all_passed();
    struct err err = {.text = "later"};
    verdict_fail(&v, CHECK_MEASUREMENT, "first");
    verdict_pass(&v, CHECK_MEASUREMENT);
    verdict_skip(&v, CHECK_MEASUREMENT, "waived");
    verdict_does_not_apply(&v, CHECK_MEASUREMENT, "idle");
    verdict_fail(&v, CHECK_MEASUREMENT, "second");
    verdict_set(&v, CHECK_MEASUREMENT, true, value_decimal(1), value_decimal(2), "later");
    cr_expect(verdict_take(&v, CHECK_MEASUREMENT, OK, &err), "it returns what was given");
    cr_expect_eq(v.by_id[CHECK_MEASUREMENT].outcome, FAILED);
    cr_expect_str_eq(v.by_id[CHECK_MEASUREMENT].note, "first");
    cr_expect_eq(v.by_id[CHECK_MEASUREMENT].want.kind, VALUE_NONE);
    cr_expect_null(v.by_id[CHECK_MEASUREMENT].source);
    cr_expect_eq(verdict_decide(&v), DENY);
}

/* When several fail: 3, 4, 5, 8, 7, 6, 11. */
Test(verdict, the_order_of_exit_codes)
{
    static const enum check_id by_order[] = {CHECK_REPORT_VERSION, CHECK_LEAF_SIGNATURE,  CHECK_CRL_WINDOW,
                                             CHECK_REPORT_DATA,    CHECK_MANIFEST_ACTIVE, CHECK_MEASUREMENT,
                                             CHECK_LEAF_PRESENT};
    static const int codes[] = {3, 4, 5, 8, 7, 6, 11};
    enum { COUNT = sizeof codes / sizeof codes[0] };
    for (unsigned failed = 1; failed < 1u << COUNT; failed++) {
        struct verdict v = all_passed();
        int want = 0;
        for (unsigned i = COUNT; i-- > 0;) {
            if (!(failed >> i & 1)) continue;
            verdict_fail(&v, by_order[i], "no");
            want = codes[i];
        }
        cr_expect_eq(verdict_exit_code(&v), want, "%x", failed);
        v.by_hand = true;
        cr_expect_eq(verdict_exit_code(&v), want, "%x by hand", failed);
        v.by_id[CHECK_REPORT_SIZE].outcome = NOT_RUN;
        cr_expect_eq(verdict_exit_code(&v), want, "%x with a check that did not run", failed);
    }
}

Test(verdict, a_root_given_by_hand_never_gives_0)
{
    struct verdict v = all_passed();
    cr_expect_eq(verdict_exit_code(&v), 0);
    v.by_hand = true;
    cr_expect_eq(verdict_decide(&v), ALLOW);
    cr_expect_eq(verdict_exit_code(&v), 10);
}

Test(verdict, ids_outside_the_table_change_nothing)
{
    struct verdict v = {0};
    const struct verdict zero = {0};
    struct err err = {.text = "x"};
    for (int id = CHECK_COUNT; id < CHECK_COUNT + 2; id++) {
        verdict_pass(&v, (enum check_id)id);
        verdict_fail(&v, (enum check_id)id, "no");
        verdict_skip(&v, (enum check_id)id, "no");
        verdict_does_not_apply(&v, (enum check_id)id, "no");
        verdict_set(&v, (enum check_id)id, true, value_none(), value_none(), NULL);
        (void)verdict_take(&v, (enum check_id)id, OK, &err);
    }
    verdict_warn(&v, WARNING_COUNT);
    cr_expect_eq(memcmp(&v, &zero, sizeof v), 0);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(verdict, a_failure_goes_to_the_rule_it_names)
{
    struct verdict v = {0};
    struct err named = {0}, unnamed = {0}, unknown = {0};
    cr_expect_not(is_ok(err_rule(&named, ERR_SYNTAX, "leaf.extensions", 0, "what was named")));
    cr_expect_not(is_ok(err_set(&unnamed, ERR_SYNTAX, 0, "what was not")));
    cr_expect_not(is_ok(err_rule(&unknown, ERR_SYNTAX, "no.such-row", 0, "what is no row")));
    verdict_fail_rule(&v, &named, CHECK_LEAF_ENCODING);
    cr_expect_eq(v.by_id[CHECK_LEAF_EXTENSIONS].outcome, FAILED);
    cr_expect_str_eq(v.by_id[CHECK_LEAF_EXTENSIONS].note, "what was named");
    cr_expect_eq(v.by_id[CHECK_LEAF_ENCODING].outcome, NOT_RUN);
    verdict_fail_rule(&v, &unnamed, CHECK_LEAF_ENCODING);
    cr_expect_str_eq(v.by_id[CHECK_LEAF_ENCODING].note, "what was not");
    verdict_fail_rule(&v, &unknown, CHECK_CRL_ENCODING);
    cr_expect_str_eq(v.by_id[CHECK_CRL_ENCODING].note, "what is no row");
}

Test(verdict, take_and_set)
{
    struct verdict v = {0};
    struct err err = {.text = "why"};
    cr_expect_not(verdict_take(&v, CHECK_CRL_ENCODING, (status){ERR_SYNTAX}, &err));
    cr_expect(v.by_id[CHECK_CRL_ENCODING].outcome == FAILED && strcmp(v.by_id[CHECK_CRL_ENCODING].note, "why") == 0);
    cr_expect(verdict_take(&v, CHECK_LEAF_KEY, OK, &err));
    cr_expect(v.by_id[CHECK_LEAF_KEY].outcome == PASSED && v.by_id[CHECK_LEAF_KEY].note[0] == '\0');
    verdict_set(&v, CHECK_VMPL, false, value_decimal(0), value_decimal(1), "here");
    const struct check *c = &v.by_id[CHECK_VMPL];
    cr_expect(c->outcome == FAILED && c->want.as.u == 0 && c->got.as.u == 1 && strcmp(c->source, "here") == 0);
    verdict_warn(&v, WARN_MILAN);
    cr_expect(v.warned[WARN_MILAN] && !v.warned[WARN_ALIAS_CHECK]);
}

Test(verdict, a_long_note_is_cut)
{
    struct verdict v = {0};
    char note[2 * CHECK_NOTE_MAX];
    memset(note, 'x', sizeof note);
    for (size_t len = CHECK_NOTE_MAX - 2; len <= CHECK_NOTE_MAX + 1; len++) {
        note[len] = '\0';
        v.by_id[CHECK_VMPL].outcome = NOT_RUN;
        verdict_fail(&v, CHECK_VMPL, note);
        cr_expect_eq(strlen(v.by_id[CHECK_VMPL].note), len < CHECK_NOTE_MAX ? len : CHECK_NOTE_MAX - 1);
        note[len] = 'x';
    }
}

Test(verdict, a_check_that_is_none_changes_nothing)
{
    const enum check_id none = CHECK_COUNT;
    struct verdict v = all_passed(), before;
    memcpy(&before, &v, sizeof v);
    verdict_note(&v, none, "a note");
    verdict_set(&v, none, false, value_none(), value_none(), NULL);
    verdict_pass(&v, none);
    verdict_fail(&v, none, "a note");
    verdict_skip(&v, none, "a note");
    verdict_does_not_apply(&v, none, "a note");
    verdict_warn(&v, (enum warning)WARNING_COUNT);
    cr_expect_eq(memcmp(&v, &before, sizeof v), 0);
}

Test(verdict, the_table_of_checks)
{
    for (int id = 0; id < CHECK_COUNT; id++) {
        const struct check_row *row = &check_rows[id];
        cr_expect_eq(check_find(row->name), (enum check_id)id, "%s", row->name);
        cr_expect(row->meaning[0] != '\0' && row->specification[0] != '\0', "%s", row->name);
        cr_expect(row->exit_code == 3 || row->exit_code == 4 || row->exit_code == 5 || row->exit_code == 6 ||
                      row->exit_code == 7 || row->exit_code == 8 || row->exit_code == 11,
                  "%s", row->name);
    }
    cr_expect_eq(check_find("no.such-row"), CHECK_COUNT);
    cr_expect_eq(check_find(""), CHECK_COUNT);
    cr_expect_eq(check_find("leaf.tcb "), CHECK_COUNT);
    cr_expect_eq(check_find("leaf.tc"), CHECK_COUNT);
    for (int w = 0; w < WARNING_COUNT; w++)
        cr_expect(warning_rows[w].name[0] != '\0' && warning_rows[w].text[0] != '\0');
}
