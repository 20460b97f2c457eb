/* SPDX-License-Identifier: Apache-2.0 */
#include "net/coordinator_client.h"

#include <stdio.h>
#include <stdlib.h>

#include "net/dial.h"
#include "parse/user_api.h"

enum { BUFFERED = 1 << 16, DOCUMENT_LIMIT = 65536, HEADER_LIMIT = 16384 };

struct coordinator_client {
    struct address address;
    struct dial dial;
    struct atls *tls;
    struct grpc_client *grpc;
    struct buffer received; /* from the socket */
    struct buffer plain;    /* from gRPC to TLS */
    bool has_received, has_ended;
};

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

/* Hands on what has come, as far as TLS takes it. */
static status step_tls(struct coordinator_client *c, struct err *err)
{
    bytes in = buffer_view(&c->received);
    size_t room = atls_input_room(c->tls), n = in.len < room ? in.len : room;
    status s = atls_step(c->tls, bytes_slice(in, 0, n), err);
    buffer_drop(&c->received, n);
    return s;
}

/* TLS has something to do before the network is of use again. */
static bool is_busy(const struct coordinator_client *c)
{
    return c->received.len > 0 && atls_input_room(c->tls) > 0;
}

/* One round of the network. */
static status exchange(struct coordinator_client *c, struct err *err)
{
    if (c->has_ended && c->received.len == 0) {
        TRY(atls_end(c->tls, err));
        return err_set(err, ERR_IO, 0, "it closed the connection");
    }
    TRY(dial_exchange(&c->dial, atls_output(c->tls), &c->received, &c->has_ended, err));
    c->has_received = c->has_received || c->received.len > 0;
    /* A proxy in front of a Coordinator that is not there yet looks like this. */
    if (c->has_ended && !c->has_received)
        return err_set(err, ERR_IO, 0, "it closed the connection before it said anything");
    return OK;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static status judge(struct coordinator_client *c, const struct coordinator_target *target, struct err *err)
{
    struct atls_peer peer = atls_peer(c->tls);
    status s = target->judge(target->context, &peer, err);
    if (is_ok(s)) return atls_accept(c->tls, err);
    atls_refuse(c->tls);
    (void)is_ok(dial_flush(&c->dial, atls_output(c->tls), NULL));
    return s;
}

static status show_evidence(struct coordinator_client *c, const struct coordinator_target *target, struct err *err)
{
    struct buffer document = BUFFER("evidence", DOCUMENT_LIMIT);
    struct atls_request request = atls_request(c->tls);
    status s = target->issue(target->context, &request, &document, err);
    if (is_ok(s)) s = atls_answer(c->tls, buffer_view(&document), err);
    buffer_free(&document);
    return s;
}

static status shake_hands(struct coordinator_client *c, const struct coordinator_target *target, struct err *err)
{
    status s = step_tls(c, err);
    while (is_ok(s) && atls_state(c->tls) != ATLS_OPEN) {
        if (atls_state(c->tls) == ATLS_WANT_JUDGEMENT) return judge(c, target, err);
        if (atls_state(c->tls) == ATLS_WANT_EVIDENCE) {
            TRY(show_evidence(c, target, err));
            continue;
        }
        if (atls_state(c->tls) != ATLS_HANDSHAKE) return err_set(err, ERR_DENIED, 0, "it ended the handshake");
        s = is_busy(c) ? OK : exchange(c, err);
        if (is_ok(s)) s = step_tls(c, err);
    }
    /* What there is to be said of an error is said. */
    if (!is_ok(s)) (void)is_ok(dial_flush(&c->dial, atls_output(c->tls), NULL));
    return s;
}

static status open_layers(struct coordinator_client *c, const struct coordinator_target *target, struct err *err)
{
    const struct atls_client_config tls = {
        .nonce = target->nonce,
        .server_name = target->address->is_ip ? NULL : target->address->host,
        .key = target->key,
        .has_evidence = target->issue != NULL,
        .require_evidence = true,
        .now = target->now,
    };
    const struct grpc_client_options grpc = {.message_limit = target->message_limit, .header_limit = HEADER_LIMIT};
    TRY(grpc_client_open(&grpc, &c->grpc, err));
    TRY(dial_open(&c->dial, target->address, target->deadline, err));
    TRY(atls_client_new(&tls, &c->tls, err));
    return err_in(err, shake_hands(c, target, err), "%s: handshake", target->address->text);
}

status coordinator_connect(const struct coordinator_target *target, struct coordinator_client **out, struct err *err)
{
    struct coordinator_client *c = calloc(1, sizeof *c);
    if (!c) return err_set(err, ERR_NOMEM, 0, "no memory for a connection");
    c->address = *target->address;
    c->dial.fd = -1;
    c->received = BUFFER("input", BUFFERED);
    c->plain = BUFFER("HTTP/2 output", BUFFERED);
    status s = open_layers(c, target, err);
    if (is_ok(s))
        *out = c;
    else
        coordinator_close(c);
    return s;
}

void coordinator_close(struct coordinator_client *c)
{
    if (!c) return;
    if (c->tls && c->dial.fd >= 0 && atls_state(c->tls) == ATLS_OPEN) {
        atls_close(c->tls);
        (void)is_ok(dial_flush(&c->dial, atls_output(c->tls), NULL));
    }
    grpc_client_close(c->grpc);
    atls_free(c->tls);
    dial_close(&c->dial);
    buffer_free(&c->received);
    buffer_free(&c->plain);
    free(c);
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

/* What gRPC has to say goes to TLS, as far as that has room. */
static status hand_down(struct coordinator_client *c, struct err *err)
{
    bytes due = buffer_view(&c->plain);
    size_t room = atls_write_room(c->tls), n = due.len < room ? due.len : room;
    if (n == 0) return OK;
    TRY(atls_write(c->tls, bytes_slice(due, 0, n), err));
    buffer_drop(&c->plain, n);
    return OK;
}

/* What TLS has deciphered goes to gRPC. */
static status hand_up(struct coordinator_client *c, struct err *err)
{
    struct buffer *in = atls_plaintext(c->tls);
    status s = grpc_client_step(c->grpc, buffer_view(in), &c->plain, err);
    buffer_drop(in, in->len);
    return s;
}

static status run_call(struct coordinator_client *c, struct err *err)
{
    for (;;) {
        TRY(hand_up(c, err));
        if (grpc_client_has_answer(c->grpc)) return OK;
        TRY(hand_down(c, err));
        /* Only when nothing can be done without it. */
        bool has_more = grpc_client_has_output(c->grpc) && atls_output(c->tls)->len == 0;
        if (!is_busy(c) && !has_more) TRY(exchange(c, err));
        TRY(step_tls(c, err));
        bool is_open = atls_state(c->tls) == ATLS_OPEN;
        if (!is_open && atls_plaintext(c->tls)->len == 0)
            return err_set(err, ERR_IO, 0, "it closed the connection before the answer");
    }
}

status coordinator_call(struct coordinator_client *c, const char *path, bytes message, int64_t deadline,
                        struct grpc_answer *out, struct err *err)
{
    int64_t left = deadline - dial_now();
    const struct grpc_call call = {c->address.text, path, message, left > 0 ? (uint64_t)left : 1};
    c->dial.deadline = deadline;
    TRY(grpc_client_call(c->grpc, &call, err));
    TRY(err_in(err, run_call(c, err), "%s", c->address.text));
    grpc_client_get_answer(c->grpc, out);
    return OK;
}

static status call_by(struct coordinator_client *c, const char *package, const char *method, bytes message,
                      int64_t deadline, struct grpc_answer *out, struct err *err)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s%s", package, method);
    return coordinator_call(c, path, message, deadline, out, err);
}

status coordinator_call_user_api(struct coordinator_client *c, const char *method, bytes message, int64_t deadline,
                                 struct grpc_answer *out, struct err *err)
{
    TRY(call_by(c, USER_API_PATH, method, message, deadline, out, err));
    if (out->code != GRPC_UNIMPLEMENTED) return OK;
    return call_by(c, USER_API_PATH_OLD, method, message, deadline, out, err);
}
