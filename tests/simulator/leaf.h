/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/leaf.h: VCEK and VLEK certificates; spec/snp.md sections 6.1 and 6.2. */
#ifndef TESTS_SIMULATOR_LEAF_H
#define TESTS_SIMULATOR_LEAF_H

#include "tests/simulator/crypto.h"
#include "tests/simulator/sim.h"

/* The key that signs the report. */
MUST_USE status sim_leaf_key(const struct sim_options *options, struct sim_ec_key *out, struct err *err);

/* The certificate of `key`, for the machine that made `report` (whose REPORTED_TCB and CHIP_ID it takes over). */
MUST_USE status sim_put_leaf(struct out *o, const struct sim_options *options, const struct sim_ec_key *key,
                             bytes report, struct err *err);

/* Every extension that --ext knows, NULL behind the last. */
const char *sim_leaf_ext_name(size_t i);

#endif
