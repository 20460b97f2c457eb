/* SPDX-License-Identifier: Apache-2.0 */
/* cli/exit_code.h: the exit codes of `contrast`, stable for ever, and which one wins. */
#ifndef CLI_EXIT_CODE_H
#define CLI_EXIT_CODE_H

#include "parse/status.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_INTERNAL = 1,
    EXIT_USAGE = 2,
    EXIT_MALFORMED = 3,
    EXIT_SIGNATURE = 4,
    EXIT_REVOKED = 5,
    EXIT_REFERENCE = 6,
    EXIT_HISTORY = 7,
    EXIT_BINDING = 8,
    EXIT_NETWORK = 9,
    EXIT_BY_HAND = 10,
    EXIT_NOT_JUDGED = 11,
    EXIT_CODE_COUNT,
};

/* What each means; NULL for anything else. */
const char *exit_code_meaning(int code);

/* Of two results the one that a program which had both ends with: 1, 3, 4, 5, 8, 7, 6, 11, 9, 10, 0. */
int exit_code_worse(int a, int b);

/* For an input that was refused: the code of the check that `e` names; 1 when it was not the input's fault; else 3. */
int exit_code_of_error(const struct err *e);

#endif
