/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: kds_target_parse kds_target_write. */
#include <stdlib.h>

#include "snp/kds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void check_again(const struct fetch_request *r)
{
    char out[KDS_TARGET_SIZE];
    uint8_t chip[FETCH_CHIP_ID_BYTES];
    struct fetch_request again;
    require(is_ok(kds_target_write(r, out, NULL)));
    require(is_ok(kds_target_parse(BYTES((const uint8_t *)out, strlen(out)), chip, &again, NULL)));
    require(again.kind == r->kind && again.product == r->product && again.tcb == r->tcb);
    require(r->kind == FETCH_CRL ? !again.chip_id.ptr : bytes_eq(again.chip_id, r->chip_id));
}

/* A request from the program's pipe may be for a chip that its product does not have. */
static void check_request(bytes in)
{
    struct fetch_request r;
    char out[KDS_TARGET_SIZE];
    if (is_ok(fetch_request_parse(in, &r, NULL)) && is_ok(kds_target_write(&r, out, NULL)))
        require(strlen(out) < KDS_TARGET_SIZE - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t chip[FETCH_CHIP_ID_BYTES];
    struct fetch_request r = {.product = 77};
    struct err err = {0};
    status s = kds_target_parse(BYTES(data, size), chip, &r, &err);
    if (is_ok(s))
        check_again(&r);
    else
        require(err.kind == s.kind && err.text[0] != '\0' && r.product == 77);
    check_request(BYTES(data, size));
    return 0;
}
