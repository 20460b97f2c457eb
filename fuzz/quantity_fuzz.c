/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: quantity_parse quantity_units. */
#include <stdio.h>
#include <stdlib.h>

#include "kube/quantity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* What is read, written as so many billionths, is read as the same. */
static void require_written(struct quantity q)
{
    char text[64];
    struct quantity again;
    int n = snprintf(text, sizeof text, "%llu.%09llu", (unsigned long long)(q.nano / 1000000000u),
                     (unsigned long long)(q.nano % 1000000000u));
    require(is_ok(quantity_parse(BYTES((uint8_t *)text, (size_t)n), &again, NULL)) && again.nano == q.nano);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct quantity q = {7};
    struct err err = {0};
    status s = quantity_parse(BYTES(data, size), &q, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0' && q.nano == 7));
    if (!is_ok(s)) return 0;
    require(quantity_units(q) <= INT64_MAX);
    require_written(q);
    return 0;
}
