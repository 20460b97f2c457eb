/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: transition_record_parse transition_parse transition_write. */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "parse/transition_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refusal(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

/* Two integers of at most 48 bytes and a sign octet. */
enum { SIGNATURE_BYTES_MAX = 2 + 2 * (2 + 1 + 48) };

static void check_record(bytes in)
{
    struct transition_record record = {.hash = BYTES_LIT("untouched")};
    struct err err = {0};
    status s = transition_record_parse(in, &record, &err);
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        require(bytes_eq(record.hash, BYTES_LIT("untouched")));
        return;
    }
    require(record.hash.ptr == in.ptr && record.hash.len == TRANSITION_HASH_BYTES);
    require(record.signature.ptr == in.ptr + TRANSITION_HASH_BYTES && record.signature.len <= SIGNATURE_BYTES_MAX);
    require(record.hash.len + record.signature.len == in.len);
    require(!is_ok(transition_record_parse(bytes_slice(in, 0, in.len - 1), &record, NULL)));
}

static void check_transition(bytes in)
{
    uint8_t out[TRANSITION_BYTES];
    struct transition t;
    struct err err = {0};
    status s = transition_parse(in, &t, &err);
    require(is_ok(s) == (in.len == TRANSITION_BYTES));
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        return;
    }
    transition_write(&t, out);
    require(bytes_eq(BYTES_OF(out), in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_record(BYTES(data, size));
    check_transition(BYTES(data, size));
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    enum { HASH = TRANSITION_HASH_BYTES };
    if (size <= HASH || seed % 4 == 0) return mutate_bytes(data, size, max, seed);
    return HASH + der_mutate(data + HASH, size - HASH, max - HASH, seed / 4);
}
