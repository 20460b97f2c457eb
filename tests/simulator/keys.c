/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/keys.h"

#define KEY_FILES(X)                                                                                                   \
    X(SIM_KEY_MILAN_ARK, test_key_milan_ark, "milan-ark")                                                              \
    X(SIM_KEY_MILAN_ASK, test_key_milan_ask, "milan-ask")                                                              \
    X(SIM_KEY_MILAN_ASVK, test_key_milan_asvk, "milan-asvk")                                                           \
    X(SIM_KEY_GENOA_ARK, test_key_genoa_ark, "genoa-ark")                                                              \
    X(SIM_KEY_GENOA_ASK, test_key_genoa_ask, "genoa-ask")                                                              \
    X(SIM_KEY_GENOA_ASVK, test_key_genoa_asvk, "genoa-asvk")                                                           \
    X(SIM_KEY_TURIN_ARK, test_key_turin_ark, "turin-ark")                                                              \
    X(SIM_KEY_TURIN_ASK, test_key_turin_ask, "turin-ask")                                                              \
    X(SIM_KEY_TURIN_ASVK, test_key_turin_asvk, "turin-asvk")                                                           \
    X(SIM_KEY_OTHER_ARK, test_key_other_ark, "other-ark")                                                              \
    X(SIM_KEY_OTHER_ASK, test_key_other_ask, "other-ask")

/* The assembler reads the files, relative to the root of the source tree, where the build runs. */
#define KEY_BYTES(key, symbol, name)                                                                                   \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"tests/simulator/keys/test-" name ".der\"\n" #symbol             \
            "_end:\n.previous\n");                                                                                     \
    extern const uint8_t symbol[] __attribute__((visibility("hidden")));                                               \
    extern const uint8_t symbol##_end[] __attribute__((visibility("hidden")));

KEY_FILES(KEY_BYTES)

bytes sim_key_private(enum sim_key key)
{
#define KEY_VIEW(id, symbol, name) [id] = {symbol, symbol##_end},
    static const struct {
        const uint8_t *from, *to;
    } files[SIM_KEYS] = {KEY_FILES(KEY_VIEW)};
    return BYTES(files[key].from, (size_t)((uintptr_t)files[key].to - (uintptr_t)files[key].from));
}

/* RSAPrivateKey ::= SEQUENCE { version 0, modulus, ... }: 4 + 3 bytes, then 02 82 02 01 00 and the modulus, in each. */
bytes sim_key_modulus(enum sim_key key)
{
    return bytes_slice(sim_key_private(key), 12, 512);
}
