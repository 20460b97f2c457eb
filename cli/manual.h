/* SPDX-License-Identifier: Apache-2.0 */
/* cli/manual.h: man pages and shell completion, written from the tables of the commands. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/command.h"

/* contrast(1). */
void manual_program(FILE *out);

/* contrast-NAME(1). */
void manual_command(FILE *out, const struct command *command);

/* For bash: to be sourced, or to be put into bash-completion's folder as "contrast". */
void manual_completion(FILE *out);

#endif
