/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/package.h"

/* The assembler reads the files, relative to the root of the source tree, where the build runs. */
__asm__(".section .rodata\n"
        "package_rules_from:\n.incbin \"kube/rules.rego\"\npackage_rules_to:\n"
        "package_settings_from:\n.incbin \"kube/settings.json\"\npackage_settings_to:\n"
        "package_reference_from:\n.incbin \"kube/reference_values.json\"\npackage_reference_to:\n"
        ".previous\n");

#define PACKAGE(name)                                                                                                  \
    extern const uint8_t name##_from[] __attribute__((visibility("hidden")));                                          \
    extern const uint8_t name##_to[] __attribute__((visibility("hidden")));

PACKAGE(package_rules)
PACKAGE(package_settings)
PACKAGE(package_reference)

#define BETWEEN(name) BYTES(name##_from, (size_t)((uintptr_t)name##_to - (uintptr_t)name##_from))

bytes package_rules(void)
{
    return BETWEEN(package_rules);
}

bytes package_settings(void)
{
    return BETWEEN(package_settings);
}

bytes package_reference_values(void)
{
    return BETWEEN(package_reference);
}
