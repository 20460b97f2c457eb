/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "tests/atls_pair.h"

const uint8_t atls_server_nonce[ATLS_NONCE_BYTES] = {0x53, 0x45, 0x52, 0x56};
const uint8_t atls_client_nonce[ATLS_NONCE_BYTES] = {0x43, 0x4c, 0x49, 0x45};

void atls_test_open(void)
{
    static bool opened;
    struct err err = {0};
    if (!opened) cr_assert(is_ok(atls_open(ATLS_TEST_NOW, &err)), "%s", err.text);
    opened = true;
}

struct atls *atls_test_server(bool require_evidence)
{
    struct atls *a;
    struct err err = {0};
    atls_test_open();
    struct atls_server_config config = {
        .nonce = atls_server_nonce, .require_evidence = require_evidence, .now = ATLS_TEST_NOW};
    cr_assert(is_ok(atls_server_new(&config, &a, &err)), "%s", err.text);
    return a;
}

struct atls *atls_test_client(const struct private_key *key, bool has_evidence, bool require_evidence)
{
    struct atls *a;
    struct err err = {0};
    atls_test_open();
    struct atls_client_config config = {.nonce = atls_client_nonce,
                                        .server_name = "coordinator",
                                        .key = key,
                                        .has_evidence = has_evidence,
                                        .require_evidence = require_evidence,
                                        .now = ATLS_TEST_NOW};
    cr_assert(is_ok(atls_client_new(&config, &a, &err)), "%s", err.text);
    return a;
}

status atls_test_send(struct atls *from, struct atls *to, size_t piece, struct err *err)
{
    while (atls_output(from)->len > 0) {
        bytes all = buffer_view(atls_output(from));
        size_t n = all.len < piece ? all.len : piece;
        TRY(atls_step(to, bytes_slice(all, 0, n), err));
        buffer_drop(atls_output(from), n);
    }
    return OK;
}

static status answer(struct atls *a, bytes evidence, struct err *err)
{
    bool asked = atls_state(a) == ATLS_WANT_EVIDENCE;
    return asked && !bytes_is_absent(evidence) ? atls_answer(a, evidence, err) : OK;
}

status atls_test_shake(struct atls *server, bytes server_evidence, struct atls *client, bytes client_evidence,
                       size_t piece, struct err *err)
{
    TRY(atls_step(client, BYTES_LIT(""), err));
    while (atls_output(client)->len > 0 || atls_output(server)->len > 0) {
        TRY(atls_test_send(client, server, piece, err));
        TRY(answer(server, server_evidence, err));
        TRY(atls_test_send(server, client, piece, err));
        TRY(answer(client, client_evidence, err));
    }
    return OK;
}
