/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/serve.h: the simulator as an issuer: requests on standard input, answers on standard output
 * (net/issuer.h).
 */
#ifndef TESTS_SIMULATOR_SERVE_H
#define TESTS_SIMULATOR_SERVE_H

#include "tests/simulator/sim.h"

/* Until standard input ends.  Every answer is made with these options and the REPORT_DATA that was asked for. */
MUST_USE status sim_serve(const struct sim_options *options, struct sim_evidence *room, struct err *err);

#endif
