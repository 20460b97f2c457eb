/* SPDX-License-Identifier: Apache-2.0 */
#include "net/atls_self_check.h"

#include "net/atls.h"

static const uint8_t server_nonce[ATLS_NONCE_BYTES] = {0x53, 1, 2, 3, 4, 5, 6, 7};
static const uint8_t client_nonce[ATLS_NONCE_BYTES] = {0x43, 7, 6, 5, 4, 3, 2, 1};

#define SERVER_EVIDENCE BYTES_LIT("evidence of the server")
#define CLIENT_EVIDENCE BYTES_LIT("evidence of the client")

/* A handshake has three turns; a HelloRetryRequest and the answers of both ends make it six. */
enum { TURNS_MAX = 16 };

static status hand_over(struct atls *from, struct atls *to, struct err *err)
{
    TRY(atls_step(to, buffer_view(atls_output(from)), err));
    buffer_drop(atls_output(from), SIZE_MAX);
    return OK;
}

/* Answers when asked, for the nonce that the other end has given. */
static status answer(struct atls *a, bytes evidence, const uint8_t *nonce, struct err *err)
{
    if (atls_state(a) != ATLS_WANT_EVIDENCE) return OK;
    if (!bytes_eq(atls_request(a).nonce, BYTES(nonce, ATLS_NONCE_BYTES)))
        return err_set(err, ERR_BUG, 0, "a nonce arrives changed");
    return atls_answer(a, evidence, err);
}

static status shake_hands(struct atls *server, struct atls *client, struct err *err)
{
    for (int turn = 0; turn < TURNS_MAX && atls_state(server) != ATLS_WANT_JUDGEMENT; turn++) {
        TRY(hand_over(server, client, err));
        TRY(answer(client, CLIENT_EVIDENCE, server_nonce, err));
        TRY(hand_over(client, server, err));
        TRY(answer(server, SERVER_EVIDENCE, client_nonce, err));
    }
    if (!bytes_eq(atls_peer(server).evidence, CLIENT_EVIDENCE) ||
        !bytes_eq(atls_peer(client).evidence, SERVER_EVIDENCE))
        return err_set(err, ERR_BUG, 0, "evidence does not arrive");
    return OK;
}

static status check(struct atls *server, int64_t now, struct err *err)
{
    struct atls *client;
    struct atls_client_config config = {
        .nonce = client_nonce, .has_evidence = true, .require_evidence = true, .now = now};
    TRY(atls_client_new(&config, &client, err));
    status s = shake_hands(server, client, err);
    atls_free(client);
    return s;
}

/* Whatever went wrong, it is this build's fault. */
status atls_self_check(int64_t now, struct err *err)
{
    struct atls *server;
    struct err cause = {0};
    struct atls_server_config config = {.nonce = server_nonce, .require_evidence = true, .now = now};
    TRY(atls_server_new(&config, &server, err));
    status s = check(server, now, &cause);
    atls_free(server);
    return is_ok(s) ? OK : err_set(err, ERR_BUG, 0, "%s", cause.text);
}
