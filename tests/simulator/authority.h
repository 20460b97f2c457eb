/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/authority.h: the certificates of ARK, ASK and ASVK; spec/snp.md section 6.1. */
#ifndef TESTS_SIMULATOR_AUTHORITY_H
#define TESTS_SIMULATOR_AUTHORITY_H

#include "tests/simulator/sim.h"

/* One CA of a chain, as the options want it. */
struct sim_authority {
    enum sim_product product;
    enum sim_ca_role role;
    enum sim_key key, signer;
    char subject_cn[32], issuer_cn[32];
};

struct sim_authority sim_authority_find(const struct sim_options *options, enum sim_chain chain, enum sim_ca_role role);

MUST_USE status sim_put_authority(struct out *o, const struct sim_options *options, enum sim_chain chain,
                                  enum sim_ca_role role, struct err *err);

#endif
