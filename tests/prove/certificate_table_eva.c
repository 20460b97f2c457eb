/* SPDX-License-Identifier: Apache-2.0 */
/* Any certificate table of one entry without a blob.
 *
 * WP proves the reader for every table; here are the texts of its errors and initialisation. */
#include "snp/certificate_table.h"
#include "tests/prove/input.h"

enum { ENTRY = SNP_CERTIFICATE_TABLE_ENTRY_BYTES, LONGEST = 2 * ENTRY };

static void parse(size_t n)
{
    uint8_t input[LONGEST];
    struct snp_certificate_table table;
    struct err err = {0};
    (void)is_ok(snp_certificate_table_parse(INPUT(input, n), &table, &err));
}

int main(void)
{
    parse(0);
    parse(ENTRY - 1);
    parse(ENTRY);
    parse(ENTRY + 1);
    parse(2 * ENTRY);
    return 0;
}
