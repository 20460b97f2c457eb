/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/shared.h"

bytes shared_read(const char *path)
{
    struct stat st;
    if (stat("../shared", &st) != 0) cr_skip("no ../shared");

    char full[512];
    int n = snprintf(full, sizeof full, "../shared/%s", path);
    cr_assert(n > 0 && (size_t)n < sizeof full, "%s: path too long", path);
    FILE *f = fopen(full, "rb");
    cr_assert_not_null(f, "%s: cannot be read", full);
    cr_assert_eq(fstat(fileno(f), &st), 0);
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    cr_assert_not_null(data);
    cr_assert_eq(fread(data, 1, size, f), size, "%s: cannot be read", full);
    (void)fclose(f);
    return BYTES(data, size);
}
