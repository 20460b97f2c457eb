/* SPDX-License-Identifier: Apache-2.0 */
/* program/configuration.h: what an operator can say to a program that serves: rows of settings, each an environment
 * variable and, where the program takes arguments, a flag.
 *
 * Help, the man page, --print-config and the errors come from the rows, so that they cannot lie.  A flag wins over its
 * variable; an empty variable counts as not set, so that what --print-config wrote is read as it was meant.
 *
 * The trap: a value is text.  What it has to look like is checked by the program.
 */
#ifndef PROGRAM_CONFIGURATION_H
#define PROGRAM_CONFIGURATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "parse/status.h"

struct setting {
    const char *flag; /* NULL: a variable only */
    const char *variable;
    const char *fallback; /* NULL: there is none, and the program does not run without a value */
    const char *argument; /* how help calls the value */
    const char *help;     /* one sentence, no capital, no full stop */
    size_t at;            /* offset of a const char * in the program's struct */
    bool by_presence;     /* "1" when the variable is there, even empty; "" otherwise */
};

/* A part of the man page that no table holds; paragraphs as roff_paragraphs takes them. */
struct program_section {
    const char *title, *text;
};

struct program {
    const char *name, *summary;
    const char *prefix; /* a variable that begins so and is no setting is an error; NULL: no variable is */
    const struct setting *settings;
    size_t setting_count;
    const struct program_section *sections; /* the first one is DESCRIPTION */
    size_t section_count;
    const char *see_also; /* roff: ".BR contrast (1)" */
};

/* What it was asked for. */
enum program_wish { PROGRAM_RUN, PROGRAM_PRINT, PROGRAM_HELP, PROGRAM_MANUAL, PROGRAM_VERSION };

/* Into the struct at `out`, whole or not at all; borrows argv and the environment.  ERR_SYNTAX names the flag or
 * variable; ERR_MISSING a setting without a value, unless the wish is another one than to run. */
MUST_USE status configuration_take(const struct program *p, int argc, char *const *argv, char *const *environment,
                                   void *out, size_t size, enum program_wish *wish, struct err *err);

/* Does what was wished for besides running. */
void configuration_grant(const struct program *p, enum program_wish wish, const void *settings, FILE *out);

#endif
