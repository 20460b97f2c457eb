/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulated.h: evidence from the simulator for a test. */
#ifndef TESTS_SIMULATED_H
#define TESTS_SIMULATED_H

#include "tests/simulator/sim.h"

/* Evidence for one line of snp-sim's options; `slot` 0 or 1 says where it is kept, until the next call for that slot.
 * A line that the simulator does not take fails the test. */
const struct sim_evidence *simulated(unsigned slot, const char *line);

#endif
