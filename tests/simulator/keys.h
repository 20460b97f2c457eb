/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/keys.h: the simulator's RSA-4096 CA keys.
 *
 * TEST KEYS, their private halves published with the source.  They stand where AMD's keys stand in real life, for each
 * product line, and `other` stands for someone who is not AMD but uses its names.
 */
#ifndef TESTS_SIMULATOR_KEYS_H
#define TESTS_SIMULATOR_KEYS_H

#include "parse/bytes.h"

enum sim_ca_role { SIM_ARK, SIM_ASK, SIM_ASVK, SIM_CA_ROLES };

enum sim_key {
    SIM_KEY_MILAN_ARK, /* three of each product line, in the order of the roles */
    SIM_KEY_MILAN_ASK,
    SIM_KEY_MILAN_ASVK,
    SIM_KEY_GENOA_ARK,
    SIM_KEY_GENOA_ASK,
    SIM_KEY_GENOA_ASVK,
    SIM_KEY_TURIN_ARK,
    SIM_KEY_TURIN_ASK,
    SIM_KEY_TURIN_ASVK,
    SIM_KEY_OTHER_ARK,
    SIM_KEY_OTHER_ASK,
    SIM_KEYS,
};

/* The key as PKCS#1 DER; lives for ever. */
bytes sim_key_private(enum sim_key key);

/* Its modulus, 512 bytes, big-endian.  The exponent is 65537. */
bytes sim_key_modulus(enum sim_key key);

#endif
