/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "kube/quantity.h"
#include "parse/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

Test(quantity, refuses_what_is_none)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"Mi", ERR_SYNTAX},
        {".", ERR_SYNTAX},
        {"+", ERR_SYNTAX},
        {"1 Mi", ERR_SYNTAX},
        {"1mi", ERR_SYNTAX},
        {"1K", ERR_SYNTAX},
        {"1KI", ERR_SYNTAX},
        {"1MB", ERR_SYNTAX},
        {"1..5", ERR_SYNTAX},
        {"1.5.", ERR_SYNTAX},
        {"1e", ERR_SYNTAX},
        {"1e+", ERR_SYNTAX},
        {"1e1.5", ERR_SYNTAX},
        {"1e06", ERR_SYNTAX},
        {"0x10", ERR_SYNTAX},
        {" 1", ERR_SYNTAX},
        {"1\n", ERR_SYNTAX},
        {"--1", ERR_SYNTAX},
        {"1i", ERR_SYNTAX},
        {"-1", ERR_RANGE},
        {"-1n", ERR_RANGE},
        {"8Ei", ERR_RANGE},
        {"1e19", ERR_RANGE},
        {"1e99", ERR_RANGE},
        {"9223372036854775808", ERR_RANGE},
        {"9223372036854775807.000000001", ERR_RANGE},
        {"1234567890123456789012345678901234567", ERR_RANGE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct quantity q = {77};
        struct err err = {0};
        cr_expect_eq(quantity_parse(text_bytes(rows[i].in), &q, &err).kind, rows[i].kind, "%s: %s", rows[i].in,
                     err.text);
        cr_expect(q.nano == 77 && err.text[0]);
    }
}

/* What k8s.io/apimachinery's resource.Quantity says of them. */
Test(quantity, reads_values)
{
    static const struct {
        const char *in;
        uint64_t units;
    } rows[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"007", 7},
        {"700Mi", 734003200},
        {"1Gi", 1073741824},
        {"1G", 1000000000},
        {"1.5Gi", 1610612736},
        {"1.5", 2},
        {".5", 1},
        {"5.", 5},
        {"100m", 1},
        {"1500m", 2},
        {"1u", 1},
        {"1n", 1},
        {"0.0000000001", 1},
        {"0.00000000000000000000000000000000001", 1},
        {"0n", 0},
        {"12e6", 12000000},
        {"12E6", 12000000},
        {"12e+6", 12000000},
        {"12000e-3", 12},
        {"1e18", 1000000000000000000},
        {"1E", 1000000000000000000},
        {"1Ei", 1152921504606846976},
        {"7Ei", 8070450532247928832},
        {"9223372036854775807", INT64_MAX},
        {"1k", 1000},
        {"1Ki", 1024},
        {"1Ti", 1099511627776},
        {"1Pi", 1125899906842624},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct quantity q;
        struct err err = {0};
        cr_assert(is_ok(quantity_parse(text_bytes(rows[i].in), &q, &err)), "%s: %s", rows[i].in, err.text);
        cr_expect_eq(quantity_units(q), rows[i].units, "%s: %llu", rows[i].in, (unsigned long long)quantity_units(q));
    }
}

Test(quantity, spellings_of_one_value_are_equal)
{
    static const char *const pairs[][2] = {{"1Gi", "1024Mi"}, {"1Mi", "1048576"}, {"1.5Gi", "1536Mi"}, {"1k", "1e3"},
                                           {"0.1", "100m"},   {"1M", "1000k"},    {"1000n", "1u"}};
    struct quantity a, b;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        cr_assert(is_ok(quantity_parse(text_bytes(pairs[i][0]), &a, NULL)) &&
                  is_ok(quantity_parse(text_bytes(pairs[i][1]), &b, NULL)));
        cr_expect(a.nano == b.nano, "%s %s", pairs[i][0], pairs[i][1]);
    }
    cr_assert(is_ok(quantity_parse(text_bytes("1G"), &a, NULL)) && is_ok(quantity_parse(text_bytes("1Gi"), &b, NULL)));
    cr_expect(a.nano != b.nano);
}
