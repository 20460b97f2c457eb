/* SPDX-License-Identifier: Apache-2.0 */
/* tests/judged.h: a report, a leaf and a CRL through all three steps of the verifier. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "verify/authenticate.h"
#include "verify/judge.h"

struct judged {
    struct evidence evidence;
    struct verdict verdict;
};

/* A bare report: the rows evidence.* do not apply. */
void judged_run(const struct evidence_input *in, const struct authenticate_options *options,
                const struct reference *reference, struct judged *out);

/* Names of the checks that failed, in the order of verify/checks.def, each with a space behind it. */
const char *judged_failures(const struct verdict *v);

/* The same for the checks that did not run. */
const char *judged_not_run(const struct verdict *v);

/* Fails the test unless exactly `failures` ("leaf.tcb leaf.hwid ") failed and the exit code is `exit_code`. */
void judged_expect(const struct judged *j, const char *failures, int exit_code, const char *what);

#endif
