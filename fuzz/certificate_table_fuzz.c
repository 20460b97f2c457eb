/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_certificate_table_parse snp_certificate_table_is_likely. */
#include <stdlib.h>

#include "parse/limits.h"
#include "snp/certificate_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GUID = SNP_CERTIFICATE_TABLE_GUID_BYTES, ENTRY = SNP_CERTIFICATE_TABLE_ENTRY_BYTES };

static void require(bool holds)
{
    if (!holds) abort();
}

static uint32_t number_at(bytes in, size_t at)
{
    return in.ptr[at] | (uint32_t)in.ptr[at + 1] << 8 | (uint32_t)in.ptr[at + 2] << 16 | (uint32_t)in.ptr[at + 3] << 24;
}

/* The blob is what the one entry with its GUID says, or there is no such entry; the header is read once more. */
static void require_blob(bytes blob, const char *guid, bytes in, size_t entries)
{
    size_t found = 0;
    for (size_t i = 0; i < entries; i++) {
        if (memcmp(in.ptr + i * ENTRY, guid, GUID) != 0) continue;
        uint32_t offset = number_at(in, i * ENTRY + GUID), length = number_at(in, i * ENTRY + GUID + 4);
        require(length > 0 && offset >= (entries + 1) * ENTRY && (uint64_t)offset + length <= in.len);
        require(blob.ptr == in.ptr + offset && blob.len == length);
        found++;
    }
    require(found == !bytes_is_absent(blob));
}

static size_t count_entries(bytes in)
{
    size_t n = 0;
    while (!bytes_are_zero(bytes_slice(in, n * ENTRY, ENTRY)))
        n++;
    require(n < LIMIT_CERTIFICATE_TABLE_ENTRIES);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes in = BYTES(data, size);
    struct snp_certificate_table t = {.vcek = BYTES_LIT("untouched")};
    struct err err = {0};
    bool likely = snp_certificate_table_is_likely(in);
    status s = snp_certificate_table_parse(in, &t, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
        require(bytes_eq(t.vcek, BYTES_LIT("untouched")));
        return 0;
    }
    size_t entries = size ? count_entries(in) : 0;
    require_blob(t.vcek, "\x63\xda\x75\x8d\xe6\x64\x45\x64\xad\xc5\xf4\xb9\x3b\xe8\xac\xcd", in, entries);
    require_blob(t.vlek, "\xa8\x07\x4b\xc2\xa2\x5a\x48\x3e\xaa\xe6\x39\xc0\x45\xa0\xb8\xa1", in, entries);
    require_blob(t.ask, "\x4a\xb7\xb3\x79\xbb\xac\x4f\xe4\xa0\x2f\x05\xae\xf3\x27\xc7\x82", in, entries);
    require_blob(t.ark, "\xc0\xb4\x06\xa4\xa8\x03\x49\x52\x97\x43\x3f\xb6\x01\x4c\xd0\xae", in, entries);
    require_blob(t.crl, "\x92\xf8\x1b\xc3\x58\x11\x4d\x3d\x97\xff\xd1\x9f\x88\xdc\x67\xea", in, entries);
    require(!likely || entries > 0);
    return 0;
}
