/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "cli/exit_code.h"

/* Whatever comes together, in whatever order, the worst stays. */
Test(exit_code, the_worst_wins)
{
    static const int order[] = {2, 1, 3, 4, 5, 8, 7, 6, 11, 9, 10, 0};
    for (size_t i = 0; i < EXIT_CODE_COUNT; i++) {
        for (size_t k = i; k < EXIT_CODE_COUNT; k++) {
            cr_expect_eq(exit_code_worse(order[i], order[k]), order[i]);
            cr_expect_eq(exit_code_worse(order[k], order[i]), order[i]);
        }
    }
}

Test(exit_code, an_error_has_the_code_of_its_rule_or_kind)
{
    struct err ruled = {.kind = ERR_SYNTAX, .rule = "leaf.signature"},
               unknown = {.kind = ERR_SYNTAX, .rule = "nonsense"};
    struct err io = {.kind = ERR_IO}, memory = {.kind = ERR_NOMEM}, syntax = {.kind = ERR_SYNTAX};
    cr_expect_eq(exit_code_of_error(&ruled), EXIT_SIGNATURE);
    cr_expect_eq(exit_code_of_error(&unknown), EXIT_MALFORMED);
    cr_expect_eq(exit_code_of_error(&io), EXIT_INTERNAL);
    cr_expect_eq(exit_code_of_error(&memory), EXIT_INTERNAL);
    cr_expect_eq(exit_code_of_error(&syntax), EXIT_MALFORMED);
    cr_expect_null(exit_code_meaning(12));
    cr_expect_null(exit_code_meaning(-1));
}
