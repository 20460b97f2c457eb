/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/text.h"
#include "parse/time.h"
#include "tests/simulated.h"
#include "tests/simulator/options.h"
#include "tests/simulator/product.h"

const struct sim_evidence *simulated(unsigned slot, const char *line)
{
    static struct sim_evidence kept[2];
    static char words[2][2048], made[2][2048];
    static bool used[2];
    struct sim_options options = {0};
    struct err err = {0};
    cr_assert_lt(slot, 2u);
    cr_assert_lt(strlen(line), sizeof words[slot], "%s: too long", line);
    if (used[slot] && strcmp(made[slot], line) == 0) return &kept[slot];
    used[slot] = false;
    memcpy(words[slot], line, strlen(line) + 1);
    cr_assert(is_ok(sim_options_parse_line(words[slot], &options, &err)), "%s: %s", line, err.text);
    cr_assert(is_ok(sim_make(&options, &kept[slot], &err)), "%s: %s", line, err.text);
    memcpy(made[slot], line, strlen(line) + 1);
    used[slot] = true;
    return &kept[slot];
}

static int64_t time_of(const char *text)
{
    int64_t t = 0;
    cr_assert(is_ok(time_parse_rfc3339(text_bytes(text), &t, NULL)), "%s", text);
    return t;
}

struct snp_ca_set simulated_cas(struct snp_ca memory[SIMULATED_CAS])
{
    for (int i = 0; i < SIMULATED_CAS; i++) {
        const struct sim_ca_profile *profile = &sim_product_get((enum sim_product)(i / 3))->ca[i % 3];
        memory[i] = (struct snp_ca){.product = (enum snp_product)(SNP_MILAN + i / 3),
                                    .role = (enum snp_ca_role)(SNP_ARK + i % 3),
                                    .serial = profile->serial,
                                    .not_before = time_of(profile->not_before),
                                    .not_after = time_of(profile->not_after),
                                    .modulus = sim_key_modulus((enum sim_key)(SIM_KEY_MILAN_ARK + i)).ptr};
    }
    return (struct snp_ca_set){memory, SIMULATED_CAS, true};
}
