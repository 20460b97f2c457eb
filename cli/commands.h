/* SPDX-License-Identifier: Apache-2.0 */
/* cli/commands.h: every command of `contrast`.  A new one is a file cli/cmd_<name>.c, a line here and one in
 * cli/commands.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_inspect;
extern const struct command command_measure;

/* What `contrast --help` says. */
void program_help(FILE *out);

#endif
