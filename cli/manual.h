/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manual.h: man pages, written from the tables of commands and checks. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/command.h"

/* contrast(1). */
void manual_program(FILE *out);

/* contrast-NAME(1). */
void manual_command(FILE *out, const struct command *command);

/* contrast-checks(7). */
void manual_checks(FILE *out);

#endif
