/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "parse/status.h"

static status fail_with_try(struct err *err, bool *reached)
{
    TRY(err_set(err, ERR_SYNTAX, 7, "inner"));
    *reached = true;
    return OK;
}

Test(status, try_returns_the_failure_at_once)
{
    struct err err = {0};
    bool reached = false;
    cr_assert_eq(fail_with_try(&err, &reached).kind, ERR_SYNTAX);
    cr_assert_not(reached);
}

Test(status, the_first_error_stays)
{
    struct err err = {0};
    cr_assert_eq(err_set(&err, ERR_TRUNCATED, 3, "first %d", 1).kind, ERR_TRUNCATED);
    cr_assert_eq(err_rule(&err, ERR_RANGE, "some.rule", 9, "second").kind, ERR_RANGE, "the result is the call's own");
    cr_assert_eq(err.kind, ERR_TRUNCATED);
    cr_assert_eq(err.offset, 3);
    cr_assert_null(err.rule);
    cr_assert_str_eq(err.text, "first 1");
}

Test(status, a_rule_is_kept_by_name)
{
    struct err err = {0};
    cr_assert_eq(err_rule(&err, ERR_MISMATCH, "some.rule", 12, "want %s, have %s", "a", "b").kind, ERR_MISMATCH);
    cr_assert_str_eq(err.rule, "some.rule");
    cr_assert_eq(err.offset, 12);
    cr_assert_str_eq(err.text, "want a, have b");
}

Test(status, no_err_to_write_to)
{
    cr_assert_eq(err_set(NULL, ERR_IO, 0, "x").kind, ERR_IO);
    cr_assert_eq(err_rule(NULL, ERR_IO, "r", 0, "x").kind, ERR_IO);
    cr_assert_eq(err_in(NULL, (status){ERR_IO}, "x").kind, ERR_IO);
}

Test(status, subjects_are_put_in_front)
{
    struct err err = {0};
    status s = err_set(&err, ERR_RANGE, 4, "want 1, have 2");
    s = err_in(&err, s, "version");
    s = err_in(&err, s, "report %d", 3);
    cr_assert_eq(s.kind, ERR_RANGE);
    cr_assert_eq(err.kind, ERR_RANGE);
    cr_assert_eq(err.offset, 4);
    cr_assert_str_eq(err.text, "report 3: version: want 1, have 2");
}

Test(status, success_gets_no_subject)
{
    struct err err = {0};
    cr_assert(is_ok(err_in(&err, OK, "report")));
    cr_assert_str_eq(err.text, "");
}

Test(status, a_long_text_is_cut_at_the_end)
{
    char longer[2 * ERR_TEXT_MAX];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';

    struct err err = {0};
    (void)is_ok(err_set(&err, ERR_SYNTAX, 0, "%s", longer));
    cr_assert_eq(strlen(err.text), ERR_TEXT_MAX - 1);
}

/* For every length of text and of subject the result is "subject: text" cut to what fits, or, when no subject fits, the
 * text as it was. */
Test(status, err_in_cuts_the_end_whatever_the_lengths)
{
    char fill[ERR_TEXT_MAX];
    memset(fill, 's', sizeof fill);
    for (size_t text = 0; text < ERR_TEXT_MAX; text += 7) {
        for (size_t subject = 0; subject < ERR_TEXT_MAX; subject++) {
            struct err err = {.kind = ERR_SYNTAX};
            memset(err.text, 't', text);
            (void)is_ok(err_in(&err, (status){ERR_SYNTAX}, "%.*s", (int)subject, fill));

            char want[3 * ERR_TEXT_MAX];
            (void)snprintf(want, sizeof want, "%.*s: ", (int)subject, fill);
            size_t at = strlen(want) < ERR_TEXT_MAX ? strlen(want) : 0;
            memset(want + at, 't', text);
            want[at + text] = '\0';
            want[ERR_TEXT_MAX - 1] = '\0';
            cr_assert_str_eq(err.text, want, "text %zu, subject %zu", text, subject);
        }
    }
}

Test(status, every_kind_has_a_word_of_its_own)
{
    for (int a = ERR_NONE; a <= ERR_BUG; a++) {
        cr_assert_str_neq(err_kind_name((enum err_kind)a), "unknown", "kind %d", a);
        for (int b = ERR_NONE; b < a; b++)
            cr_assert_str_neq(err_kind_name((enum err_kind)a), err_kind_name((enum err_kind)b));
    }
    cr_assert_str_eq(err_kind_name((enum err_kind)(ERR_BUG + 1)), "unknown");
}
