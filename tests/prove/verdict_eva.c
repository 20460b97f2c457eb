/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict with any outcome in each row, changed by each setter, decided.
 *
 * Eva: -eva-partition-history 0 -eva-slevel 100 */
#include "tests/prove/input.h"
#include "verify/verdict.h"

static void set_each(struct verdict *v, enum check_id id)
{
    static const struct snp_tcb tcb = {SNP_TURIN, 1, 2, 3, 4, 5};
    struct err err = {0};
    status s = any(0, 1) ? err_rule(&err, ERR_RANGE, "report.version", 0, "%s: want %d", "VERSION", 3) : OK;
    verdict_set(v, id, any(0, 1), value_decimal(1), value_bits(2), "source");
    verdict_set(v, id, any(0, 1), value_time(3), value_version((struct snp_version){1, 2, 3}), NULL);
    verdict_set(v, id, any(0, 1), value_tcb(&tcb), value_none(), NULL);
    verdict_set(v, id, any(0, 1), value_text("text"), value_foreign(BYTES_ABSENT), NULL);
    verdict_pass(v, id);
    verdict_skip(v, id, "waived");
    verdict_does_not_apply(v, id, "nothing to check");
    if (!verdict_take(v, id, s, &err)) verdict_fail_rule(v, &err, id);
    verdict_fail(v, id, "failed");
    verdict_warn(v, (enum warning)any(0, WARNING_COUNT));
}

int main(void)
{
    struct verdict zero = {0}, passed = {0}, unknown;
    enum decision nothing_checked = verdict_decide(&zero);
    //@ assert denied: nothing_checked == DENY;

    //@ loop unroll CHECK_COUNT;
    for (int i = 0; i < CHECK_COUNT; i++)
        verdict_pass(&passed, (enum check_id)i);
    int code = verdict_exit_code(&passed);
    //@ assert allowed: code == 0;
    verdict_fail(&passed, CHECK_MEASUREMENT, "another program");
    verdict_pass(&passed, CHECK_MEASUREMENT);
    enum decision failed = verdict_decide(&passed);
    //@ assert denied: failed == DENY;

    UNKNOWN(unknown);
    unknown.by_hand = any(0, 1);
    set_each(&unknown, (enum check_id)any(0, CHECK_COUNT));
    code = verdict_exit_code(&unknown);
    //@ assert known: 0 <= code <= 11;
    (void)check_find("no such check");
    return 0;
}
