/* SPDX-License-Identifier: Apache-2.0 */
/* cli/commands.h: every command of `contrast`.  A new one is a file cli/cmd_<name>.c, a line here and one in
 * cli/commands.c. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command.h"

extern const struct command command_verify;
extern const struct command command_generate;
extern const struct command command_set;
extern const struct command command_recover;
extern const struct command command_sign;
extern const struct command command_inspect;
extern const struct command command_measure;
extern const struct command command_collateral;
extern const struct command command_manifest;
extern const struct command command_policy;
extern const struct command command_explain;
extern const struct command command_selftest;
extern const struct command command_version;
extern const struct command command_help_command;

/* What `contrast --help` says. */
void program_help(FILE *out);

#endif
