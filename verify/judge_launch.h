/* SPDX-License-Identifier: Apache-2.0 */
/* verify/judge_launch.h: MEASUREMENT and ID_KEY_DIGEST that follow from what was expected, without a list of values. */
#ifndef VERIFY_JUDGE_LAUNCH_H
#define VERIFY_JUDGE_LAUNCH_H

#include "verify/evidence_read.h"
#include "verify/reference.h"

/* Sets measurement when `want` states a launch, and id-block.id-key when it states a derived key, after the rows that
 * compare lists; a row that has failed stays failed.  The digests come first; the key is derived once, for the digest
 * that matched. */
void judge_launch(const struct evidence *e, const struct reference *want, struct verdict *v);

#endif
