/* SPDX-License-Identifier: Apache-2.0 */
/* Any certificate table of one entry without a blob, and tables of two blobs written and read again.
 *
 * WP proves the reader for every table; here are the texts of its errors, initialisation, and the writer. */
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

static void write(size_t vcek, size_t ark, size_t page, size_t cap)
{
    uint8_t blob[4], out[128];
    struct err err = {0};
    struct snp_certificate_table table = {.vcek = INPUT(blob, vcek)};
    if (ark > 0) table.ark = INPUT(blob, ark);
    size_t len = 0;
    status s = snp_certificate_table_write(&table, page, out, cap, &len, &err);
    //@ assert bounded: s.kind == ERR_NONE ==> len <= cap;
    if (!is_ok(s)) return;
    (void)is_ok(snp_certificate_table_parse(BYTES(out, len), &table, &err));
}

int main(void)
{
    parse(0);
    parse(ENTRY - 1);
    parse(ENTRY);
    parse(ENTRY + 1);
    parse(2 * ENTRY);

    write(0, 0, 0, 128);
    write(4, 0, 0, 128);
    write(4, 3, 0, 128);
    write(4, 3, 0, 78);
    write(4, 3, 64, 128);
    write(4, 3, 64, 127);
    write(4, 3, SIZE_MAX, 128);
    return 0;
}
