/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulated.h: evidence from the simulator for a test. */
#ifndef TESTS_SIMULATED_H
#define TESTS_SIMULATED_H

#include "snp/ca.h"
#include "tests/simulator/sim.h"

/* Evidence for one line of snp-sim's options; `slot` 0 or 1 says where it is kept, until the next call for that slot.
 * A line that the simulator does not take fails the test. */
const struct sim_evidence *simulated(unsigned slot, const char *line);

/* The simulator's nine CAs in the order of snp_amd_cas, as if they had been given by hand. */
enum { SIMULATED_CAS = 9 };
struct snp_ca_set simulated_cas(struct snp_ca memory[SIMULATED_CAS]);

#endif
