/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/options.h: the knobs as a command line. */
#ifndef TESTS_SIMULATOR_OPTIONS_H
#define TESTS_SIMULATOR_OPTIONS_H

#include <stdio.h>

#include "tests/simulator/sim.h"

/* Reads args[0..count) over what is already in `out`.  Texts are borrowed from `args`.  ERR_SYNTAX. */
MUST_USE status sim_options_parse(char *const *args, size_t count, struct sim_options *out, struct err *err);

/* The same for one line of words parted by single spaces, as in negatives.def.  `line` is cut up in place and borrowed.
 */
MUST_USE status sim_options_parse_line(char *line, struct sim_options *out, struct err *err);

void sim_options_help(FILE *out);

#endif
