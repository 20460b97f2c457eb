/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "cli/exit_code.h"
#include "cli/explain.h"

/* Texts end up in tables and man pages: one sentence or more, and no name twice. */
Test(explain, every_check_has_advice_and_a_name_of_its_own)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        cr_expect_not_null(explain_advice[i], "%s", check_rows[i].name);
        cr_expect_not_null(exit_code_meaning(check_rows[i].exit_code), "%s", check_rows[i].name);
        cr_expect_eq(check_find(check_rows[i].name), (enum check_id)i, "%s", check_rows[i].name);
        for (size_t k = 0; k < WARNING_COUNT; k++)
            cr_expect_str_neq(check_rows[i].name, warning_rows[k].name);
    }
}

Test(explain, nearest_names_come_first)
{
    const char *nearest[3];
    cr_assert_eq(explain_nearest("leaf.tcp", nearest, 3), 3);
    cr_expect_str_eq(nearest[0], "leaf.tcb");
    cr_assert_eq(explain_nearest("measurment", nearest, 3), 3);
    cr_expect_str_eq(nearest[0], "measurement");
    cr_assert_eq(explain_nearest("", nearest, 3), 3);
    cr_expect_str_eq(nearest[0], "vmpl");

    char longer[512];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    cr_expect_eq(explain_nearest(longer, nearest, 3), 0);
}
