/* SPDX-License-Identifier: Apache-2.0 */
/* tests/fault.h: makes one call of verify/crypto.h fail, as if the library had run out of memory.
 *
 * The test runner is linked with --wrap for these functions (configure/tables.py, WRAPPED); nothing else is.
 */
#ifndef TESTS_FAULT_H
#define TESTS_FAULT_H

#include <stdbool.h>

/* The `nth` call from now on, counted from 1, fails with ERR_BUG and writes nothing; those before and after it do what
 * they do.  0: none. */
void fault_arm(unsigned nth);

/* Whether that call has come.  When it has not, there are fewer calls than `nth`: the loop over all of them is done. */
bool fault_came(void);

#endif
