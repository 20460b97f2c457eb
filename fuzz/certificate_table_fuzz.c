/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_certificate_table_parse snp_certificate_table_write. */
#include <stdlib.h>

#include "snp/certificate_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_blob(bytes blob, bytes in, bytes again)
{
    require(bytes_is_absent(blob) == bytes_is_absent(again));
    if (bytes_is_absent(blob)) return;
    require(blob.len > 0 && blob.ptr >= in.ptr + 2 * SNP_CERTIFICATE_TABLE_ENTRY_BYTES);
    require(blob.ptr + blob.len <= in.ptr + in.len);
    require(bytes_eq(blob, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t out[1 << 16];
    bytes in = BYTES(data, size);
    struct snp_certificate_table t = {.vcek = BYTES_LIT("untouched")}, again;
    struct err err = {0};
    status s = snp_certificate_table_parse(in, &t, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
        require(bytes_eq(t.vcek, BYTES_LIT("untouched")));
        return 0;
    }

    /* Blobs may overlap in what is read, never in what is written, so the copy can be the longer one. */
    size_t len = 0;
    s = snp_certificate_table_write(&t, size % 3 * 64, out, sizeof out, &len, &err);
    if (s.kind == ERR_NOMEM) return 0;
    require(is_ok(s) && is_ok(snp_certificate_table_parse(BYTES(out, len), &again, &err)));
    require_blob(t.vcek, in, again.vcek);
    require_blob(t.vlek, in, again.vlek);
    require_blob(t.ask, in, again.ask);
    require_blob(t.ark, in, again.ark);
    require_blob(t.crl, in, again.crl);
    require_blob(t.platform_info, in, again.platform_info);
    return 0;
}
