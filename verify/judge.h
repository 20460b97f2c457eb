/* SPDX-License-Identifier: Apache-2.0 */
/* verify/judge.h: the third step: is the report what was expected.
 *
 * Runs every check on what evidence_read could read, whatever evidence_authenticate found: the verdict allows only when
 * all three steps pass, and a user sees all that is wrong in one round.
 *
 * Not checked, on purpose: LAUNCH_TCB against REPORTED_TCB or COMMITTED_TCB (honest machines differ), REPORT_ID and
 * REPORT_ID_MA (they identify, they do not prove).
 */
#ifndef VERIFY_JUDGE_H
#define VERIFY_JUDGE_H

#include "verify/evidence_read.h"
#include "verify/reference.h"

/* Sets all remaining rows of verify/checks.def but evidence.*, and the warnings that a report deserves. */
void evidence_judge(const struct evidence *e, const struct reference *reference, struct verdict *v);

#endif
