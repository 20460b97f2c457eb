/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "cli/fetch_memory.h"

static const uint8_t chip[FETCH_CHIP_ID_BYTES] = {1};

static struct fetch_request vcek(uint64_t tcb)
{
    return (struct fetch_request){
        .kind = FETCH_VCEK, .product = 1, .tcb = tcb, .chip_id = {chip, sizeof chip}, .wait_ms = (uint32_t)tcb};
}

Test(fetch_memory, finds_what_was_kept_and_nothing_else)
{
    static struct fetch_memory m;
    struct fetch_request a = vcek(7), b = vcek(8), crl = {.kind = FETCH_CRL, .product = 1};
    cr_expect_null(fetch_memory_find(&m, &a).ptr);
    cr_assert(is_ok(fetch_memory_keep(&m, &a, BYTES_LIT("a"), NULL)));
    cr_assert(is_ok(fetch_memory_keep(&m, &crl, BYTES_LIT("crl"), NULL)));
    a.from_cache = true; /* how it is asked for does not matter */
    a.wait_ms = 5;
    cr_expect(bytes_eq(fetch_memory_find(&m, &a), BYTES_LIT("a")));
    cr_expect(bytes_eq(fetch_memory_find(&m, &crl), BYTES_LIT("crl")));
    cr_expect_null(fetch_memory_find(&m, &b).ptr);
    crl.product = 2;
    cr_expect_null(fetch_memory_find(&m, &crl).ptr);
    cr_assert(is_ok(fetch_memory_keep(&m, &a, BYTES_LIT("newer"), NULL)));
    cr_expect(bytes_eq(fetch_memory_find(&m, &a), BYTES_LIT("newer")));
    fetch_memory_free(&m);
    cr_expect_null(fetch_memory_find(&m, &a).ptr);
}

Test(fetch_memory, the_oldest_goes_first)
{
    static struct fetch_memory m;
    for (uint64_t i = 0; i <= FETCH_MEMORY_ITEMS; i++) {
        struct fetch_request r = vcek(i);
        cr_assert(is_ok(fetch_memory_keep(&m, &r, BYTES_LIT("x"), NULL)));
    }
    struct fetch_request first = vcek(0), second = vcek(1), last = vcek(FETCH_MEMORY_ITEMS);
    cr_expect_null(fetch_memory_find(&m, &first).ptr);
    cr_expect(fetch_memory_find(&m, &second).ptr && fetch_memory_find(&m, &last).ptr);
    fetch_memory_free(&m);
}
