/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/product.h"

const char *const sim_spl_ext_names[SPLS] = {
    [SPL_FMC] = "fmcSPL", [SPL_BL] = "blSPL", [SPL_TEE] = "teeSPL", [SPL_SNP] = "snpSPL",     [SPL_4] = "spl4",
    [SPL_5] = "spl5",     [SPL_6] = "spl6",   [SPL_7] = "spl7",     [SPL_UCODE] = "ucodeSPL",
};

const char *const sim_spl_short_names[SPLS] = {
    [SPL_FMC] = "fmc", [SPL_BL] = "bl",  [SPL_TEE] = "tee", [SPL_SNP] = "snp",     [SPL_4] = "spl4",
    [SPL_5] = "spl5",  [SPL_6] = "spl6", [SPL_7] = "spl7",  [SPL_UCODE] = "ucode",
};

#define TCB_BYTES_OF_MILAN                                                                                             \
    {[SPL_FMC] = SPL_ABSENT, [SPL_BL] = 0,   [SPL_TEE] = 1, [SPL_4] = 2, [SPL_5] = 3, [SPL_6] = 4, [SPL_7] = 5,        \
     [SPL_SNP] = 6,          [SPL_UCODE] = 7}
#define TCB_BYTES_OF_TURIN                                                                                             \
    {[SPL_FMC] = 0, [SPL_BL] = 1, [SPL_TEE] = 2, [SPL_SNP] = 3,  [SPL_4] = SPL_ABSENT,                                 \
     [SPL_5] = 4,   [SPL_6] = 5,  [SPL_7] = 6,   [SPL_UCODE] = 7}

static const struct sim_product_profile products[SIM_PRODUCTS] = {
    [SIM_MILAN] = {.name = "Milan",
                   .ca = {{"ARK-Milan", "2020-10-22T17:23:05Z", "2045-10-22T17:23:05Z", 0x10000},
                          {"SEV-Milan", "2020-10-22T18:24:20Z", "2045-10-22T18:24:20Z", 0x10001},
                          {"SEV-VLEK-Milan", "2022-11-16T22:45:24Z", "2047-11-16T22:45:24Z", 0x10101}},
                   .vcek_product_name = "Milan-B0",
                   .vlek_product_name = "Milan",
                   .struct_version = 0,
                   .tcb_byte = TCB_BYTES_OF_MILAN,
                   .chip_id_len = 64,
                   .cpuid = {0x19, 0x01, 0x01},
                   .tcb = {4, 0, 0, 0, 0, 0, 24, 219},
                   .build = 29,
                   .platform_info = 0x25,
                   .mit_vector = 0xF},
    [SIM_GENOA] = {.name = "Genoa",
                   .ca = {{"ARK-Genoa", "2022-01-26T15:34:37Z", "2047-01-26T15:34:37Z", 0x20000},
                          {"SEV-Genoa", "2022-10-31T13:33:48Z", "2047-10-31T13:33:48Z", 0x20002},
                          {"SEV-VLEK-Genoa", "2022-11-18T20:48:34Z", "2047-11-18T20:48:34Z", 0x20101}},
                   .vcek_product_name = "Genoa",
                   .vlek_product_name = "Genoa",
                   .struct_version = 0,
                   .tcb_byte = TCB_BYTES_OF_MILAN,
                   .chip_id_len = 64,
                   .cpuid = {0x19, 0x11, 0x01},
                   .tcb = {10, 0, 0, 0, 0, 0, 23, 84},
                   .build = 40,
                   .platform_info = 0x25,
                   .mit_vector = 0x1},
    [SIM_TURIN] = {.name = "Turin",
                   .ca = {{"ARK-Turin", "2023-05-15T20:03:12Z", "2048-05-15T20:03:12Z", 0x30000},
                          {"SEV-Turin", "2023-05-15T20:25:21Z", "2048-05-15T20:25:21Z", 0x30001},
                          {"SEV-VLEK-Turin", "2023-05-15T21:09:41Z", "2048-05-15T21:09:41Z", 0x30101}},
                   .vcek_product_name = "Turin",
                   .vlek_product_name = "Turin",
                   .struct_version = 1,
                   .tcb_byte = TCB_BYTES_OF_TURIN,
                   .chip_id_len = 8,
                   .cpuid = {0x1A, 0x02, 0x01},
                   .tcb = {1, 1, 1, 4, 0, 0, 0, 81},
                   .build = 65,
                   .platform_info = 0x65,
                   .mit_vector = 0x3F},
};

const struct sim_product_profile *sim_product_get(enum sim_product product)
{
    return &products[product];
}
