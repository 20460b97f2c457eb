/* SPDX-License-Identifier: Apache-2.0 */
/* tests/simulator/product.h: what differs between product lines; spec/snp.md sections 2, 6 and 8, as a table. */
#ifndef TESTS_SIMULATOR_PRODUCT_H
#define TESTS_SIMULATOR_PRODUCT_H

#include "tests/simulator/sim.h"

enum sim_spl { SPL_FMC, SPL_BL, SPL_TEE, SPL_SNP, SPL_4, SPL_5, SPL_6, SPL_7, SPL_UCODE, SPLS };
enum { SPL_ABSENT = 0xFF };

/* The names of the leaf's extensions and of the components of a TCB text. */
extern const char *const sim_spl_ext_names[SPLS];
extern const char *const sim_spl_short_names[SPLS];

struct sim_ca_profile {
    const char *cn, *not_before, *not_after;
    uint32_t serial;
};

struct sim_product_profile {
    const char *name;
    struct sim_ca_profile ca[SIM_CA_ROLES];
    const char *vcek_product_name, *vlek_product_name;
    uint8_t struct_version;
    uint8_t tcb_byte[SPLS]; /* which byte of a TCB_VERSION, or SPL_ABSENT */
    uint8_t chip_id_len;
    uint8_t cpuid[3]; /* family, model, stepping */
    /* a plausible report */
    uint8_t tcb[8];
    uint8_t build;
    uint32_t platform_info;
    uint64_t mit_vector;
};

const struct sim_product_profile *sim_product_get(enum sim_product product);

#endif
