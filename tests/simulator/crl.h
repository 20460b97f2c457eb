/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/crl.h: the ARK's CRL; spec/snp.md section 6.4.
 *
 * No CRL of AMD was at hand: the form is that of RFC 5280 under AMD's names and algorithm, with the two extensions that
 * RFC 5280 asks every issuer for (authority key identifier, CRL number).
 */
#ifndef TESTS_SIMULATOR_CRL_H
#define TESTS_SIMULATOR_CRL_H

#include "tests/simulator/sim.h"

MUST_USE status sim_put_crl(struct out *o, const struct sim_options *options, struct err *err);

#endif
