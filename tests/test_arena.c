/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "kube/arena.h"

Test(arena, refuses_what_no_memory_holds)
{
    struct arena a = {0};
    struct err err = {0};
    void *p = &a;
    cr_expect_eq(arena_take(&a, SIZE_MAX, 2, &p, &err).kind, ERR_NOMEM);
    cr_expect_eq(arena_take(&a, SIZE_MAX, 1, &p, NULL).kind, ERR_NOMEM);
    cr_expect_eq(arena_take(&a, SIZE_MAX / 2, 1, &p, NULL).kind, ERR_NOMEM);
    cr_expect_eq(p, &a);
    cr_expect_gt(strlen(err.text), 0);
    arena_free(&a);
}

Test(arena, gives_zeroed_memory_that_nothing_else_has)
{
    struct arena a = {0};
    uint8_t *pieces[300];
    for (size_t i = 0; i < 300; i++) {
        void *p;
        cr_assert(is_ok(arena_take(&a, i, 7, &p, NULL)));
        cr_expect_eq((uintptr_t)p % 16, 0);
        pieces[i] = p;
        cr_expect(bytes_are_zero(BYTES(pieces[i], 7 * i)));
        memset(p, (int)(i | 1), 7 * i);
    }
    for (size_t i = 0; i < 300; i++)
        for (size_t k = 0; k < 7 * i; k++)
            cr_assert_eq(pieces[i][k], (uint8_t)(i | 1));
    arena_free(&a);
    cr_expect_null(a.newest);
}

Test(arena, grows_arrays_one_by_one)
{
    struct arena a = {0};
    size_t *numbers = NULL;
    for (size_t i = 0; i < 1000; i++) {
        void *p = numbers;
        cr_assert(is_ok(arena_grow(&a, &p, i, sizeof *numbers, NULL)));
        numbers = p;
        numbers[i] = i;
    }
    for (size_t i = 0; i < 1000; i++)
        cr_assert_eq(numbers[i], i);
    arena_free(&a);
}

Test(arena, copies_and_keeps_absent_apart_from_empty)
{
    struct arena a = {0};
    bytes copy;
    cr_assert(is_ok(arena_copy(&a, BYTES_ABSENT, &copy, NULL)));
    cr_expect(bytes_is_absent(copy));
    cr_assert(is_ok(arena_copy(&a, BYTES_LIT(""), &copy, NULL)));
    cr_expect_not(bytes_is_absent(copy));
    cr_expect_eq(copy.len, 0);
    cr_assert(is_ok(arena_copy(&a, BYTES_LIT("four"), &copy, NULL)));
    cr_expect(bytes_eq(copy, BYTES_LIT("four")));
    arena_free(&a);
}
