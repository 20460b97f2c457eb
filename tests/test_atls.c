/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/atls_self_check.h"
#include "parse/limits.h"
#include "tests/atls_pair.h"

#define SERVER_EVIDENCE BYTES_LIT("evidence of the server")
#define CLIENT_EVIDENCE BYTES_LIT("evidence of the client")
#define WHOLE           SIZE_MAX

/* The evidence of both ends is there and nobody has judged. */
static void shaken(struct atls *server, struct atls *client)
{
    struct err err = {0};
    cr_assert(is_ok(atls_test_shake(server, SERVER_EVIDENCE, client, CLIENT_EVIDENCE, WHOLE, &err)), "%s", err.text);
    cr_assert_eq(atls_state(server), ATLS_WANT_JUDGEMENT);
    cr_assert_eq(atls_state(client), ATLS_WANT_JUDGEMENT);
}

static void both_accept(struct atls *server, struct atls *client)
{
    shaken(server, client);
    cr_assert(is_ok(atls_accept(server, NULL)));
    cr_assert(is_ok(atls_accept(client, NULL)));
}

static void free_both(struct atls *server, struct atls *client)
{
    atls_free(server);
    atls_free(client);
}

/* One of the two says no; the other one hears of it or is left without an answer, and never opens. */
static void refused_by(struct atls *server, bytes server_evidence, struct atls *client, bytes client_evidence,
                       struct atls *by, enum err_kind kind, const char *what)
{
    struct err err = {0};
    cr_expect_eq(atls_test_shake(server, server_evidence, client, client_evidence, WHOLE, &err).kind, kind, "%s: %s",
                 what, err.text);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    cr_expect_eq(atls_state(by), ATLS_FAILED, "%s", what);
    struct atls *other = by == server ? client : server;
    (void)is_ok(atls_test_send(by, other, WHOLE, NULL));
    cr_expect(atls_state(other) != ATLS_OPEN, "%s", what);
    cr_expect_eq(atls_step(by, BYTES_LIT("more"), NULL).kind, ERR_STATE, "%s", what);
    cr_expect_eq(atls_plaintext(by)->len, 0, "%s", what);
    free_both(server, client);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(atls, evidence_that_is_required_and_not_there)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, false, true);
    refused_by(server, SERVER_EVIDENCE, client, BYTES_ABSENT, server, ERR_MISSING, "of the client");
    server = atls_test_server(false), client = atls_test_client(NULL, false, true);
    struct err err = {0};
    cr_assert(is_ok(atls_step(client, BYTES_LIT(""), NULL)) && is_ok(atls_test_send(client, server, WHOLE, NULL)));
    cr_assert(is_ok(atls_answer(server, BYTES_ABSENT, NULL)));
    cr_expect_eq(atls_test_send(server, client, WHOLE, &err).kind, ERR_MISSING, "of the server: %s", err.text);
    cr_expect_eq(atls_state(client), ATLS_FAILED);
    free_both(server, client);
}

/* The first flight of an honest client with one text in it replaced by another of its length. */
static void flight_refused(const char *text, const char *with, enum err_kind kind)
{
    struct atls *server = atls_test_server(false), *client = atls_test_client(NULL, false, false);
    struct err err = {0};
    cr_assert(is_ok(atls_step(client, BYTES_LIT(""), NULL)));
    bytes flight = buffer_view(atls_output(client));
    uint8_t *edited = malloc(flight.len);
    memcpy(edited, flight.ptr, flight.len);
    size_t at = 0, n = strlen(text);
    while (at + n < flight.len && memcmp(edited + at, text, n) != 0)
        at++;
    cr_assert_lt(at + n, flight.len, "%s", text);
    memcpy(edited + at, with, n);
    cr_expect_eq(atls_step(server, BYTES(edited, flight.len), &err).kind, kind, "%s: %s", with, err.text);
    cr_expect_eq(atls_state(server), ATLS_FAILED, "%s", with);
    cr_expect_eq(atls_output(server)->len, 0, "nothing is said to who is no client of attested TLS");
    free(edited);
    free_both(server, client);
}

Test(atls, first_flights_without_a_nonce_or_h2)
{
    flight_refused("atls:v1", "atls:v2", ERR_UNSUPPORTED);
    flight_refused("atls:v1", "btls:v1", ERR_MISSING);
    flight_refused("nonce:43", "nonce:4g", ERR_SYNTAX);
    flight_refused("\2h2", "\2h3", ERR_UNSUPPORTED);
}

Test(atls, first_bytes_that_are_no_tls)
{
    struct atls *server = atls_test_server(false);
    cr_expect_eq(atls_step(server, BYTES_LIT("GET / HTTP/1.1\r\n"), NULL).kind, ERR_SYNTAX);
    cr_expect_eq(atls_state(server), ATLS_FAILED);
    atls_free(server);
}

static bytes recorded(const char *name)
{
    static uint8_t in[4096];
    char path[128];
    (void)snprintf(path, sizeof path, "corpus/client_hello/seed/%s", name);
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    size_t n = fread(in, 1, sizeof in, f);
    (void)fclose(f);
    return BYTES(in, n);
}

Test(atls, tls_1_1)
{
    struct atls *server = atls_test_server(false);
    struct err err = {0};
    cr_assert(is_ok(atls_step(server, recorded("openssl-tls11-nonce-in-alpn"), &err)), "%s", err.text);
    cr_assert_eq(atls_state(server), ATLS_WANT_EVIDENCE);
    cr_expect_eq(atls_answer(server, SERVER_EVIDENCE, &err).kind, ERR_SYNTAX);
    cr_expect_eq(atls_state(server), ATLS_FAILED);
    cr_expect(bytes_eq(bytes_slice(buffer_view(atls_output(server)), 5, 2), BYTES_LIT("\2\x46")),
              "a fatal alert, protocol_version");
    atls_free(server);
}

/* Each byte of each flight changed: nobody accepts what the other has not sent. */
static void changed_flight(bool of_server, size_t step)
{
    for (size_t at = 0;; at += step) {
        struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
        struct atls *from = of_server ? server : client, *to = of_server ? client : server;
        cr_assert(is_ok(atls_step(client, BYTES_LIT(""), NULL)));
        cr_assert(is_ok(atls_test_send(client, server, WHOLE, NULL)));
        cr_assert(is_ok(atls_answer(server, SERVER_EVIDENCE, NULL)));
        if (!of_server) {
            cr_assert(is_ok(atls_test_send(server, client, WHOLE, NULL)));
            cr_assert(is_ok(atls_answer(client, CLIENT_EVIDENCE, NULL)));
        }
        bytes flight = buffer_view(atls_output(from));
        bool over = at >= flight.len;
        if (!over) {
            uint8_t *edited = malloc(flight.len);
            memcpy(edited, flight.ptr, flight.len);
            edited[at] ^= 1;
            (void)is_ok(atls_step(to, BYTES(edited, flight.len), NULL));
            cr_assert(atls_state(to) != ATLS_WANT_JUDGEMENT && atls_state(to) != ATLS_OPEN, "byte %zu", at);
            cr_assert(to == server || atls_state(to) != ATLS_WANT_EVIDENCE, "byte %zu", at);
            free(edited);
        }
        free_both(server, client);
        if (over) break;
    }
}

Test(atls, changed_bytes_of_the_servers_flight)
{
    changed_flight(true, 29);
}

Test(atls, changed_bytes_of_the_clients_flight)
{
    changed_flight(false, 31);
}

/* Calls that were not asked for. */
Test(atls, words_out_of_turn)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    cr_expect_eq(atls_answer(server, SERVER_EVIDENCE, NULL).kind, ERR_STATE);
    cr_expect_eq(atls_accept(server, NULL).kind, ERR_STATE);
    cr_expect_eq(atls_write(server, BYTES_LIT("x"), NULL).kind, ERR_STATE);
    cr_expect_eq(atls_write_room(server), 0);
    cr_expect_eq(atls_state(server), ATLS_HANDSHAKE, "and none of them does anything");
    shaken(server, client);
    cr_expect_eq(atls_answer(server, SERVER_EVIDENCE, NULL).kind, ERR_STATE);
    cr_expect_eq(atls_write(client, BYTES_LIT("x"), NULL).kind, ERR_STATE);
    cr_assert(is_ok(atls_accept(server, NULL)));
    cr_expect_eq(atls_accept(server, NULL).kind, ERR_STATE);
    free_both(server, client);
}

Test(atls, evidence_above_its_limit)
{
    static const uint8_t long_evidence[LIMIT_ATLS_EVIDENCE_BYTES + 1];
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    struct err err = {0};
    bytes most = BYTES(long_evidence, LIMIT_ATLS_EVIDENCE_BYTES);
    cr_assert(is_ok(atls_test_shake(server, most, client, most, WHOLE, &err)), "%s", err.text);
    cr_expect(bytes_eq(atls_peer(client).evidence, most) && bytes_eq(atls_peer(server).evidence, most));
    free_both(server, client);

    server = atls_test_server(true), client = atls_test_client(NULL, true, true);
    refused_by(server, BYTES_OF(long_evidence), client, most, server, ERR_LIMIT, "one byte more");
}

/* An end that stops at any moment has stopped early, but for the one that said so. */
Test(atls, the_transport_ends)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    cr_expect_eq(atls_end(server, NULL).kind, ERR_TRUNCATED);
    free_both(server, client);

    server = atls_test_server(true), client = atls_test_client(NULL, true, true);
    shaken(server, client);
    cr_expect_eq(atls_end(server, NULL).kind, ERR_TRUNCATED);
    cr_expect_eq(atls_state(server), ATLS_FAILED);
    free_both(server, client);

    server = atls_test_server(true), client = atls_test_client(NULL, true, true);
    both_accept(server, client);
    cr_expect_eq(atls_end(server, NULL).kind, ERR_TRUNCATED);
    atls_close(client);
    free_both(server, client);
}

/* ---- plaintext -------------------------------------------------------------------------------------------------- */

Test(atls, no_plaintext_before_judgement)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    shaken(server, client);
    cr_assert(is_ok(atls_accept(client, NULL)));
    cr_assert(is_ok(atls_write(client, BYTES_LIT("too early"), NULL)));
    cr_assert(is_ok(atls_test_send(client, server, 1, NULL)));
    cr_expect_eq(atls_state(server), ATLS_WANT_JUDGEMENT);
    cr_expect_eq(atls_plaintext(server)->len, 0);

    cr_assert(is_ok(atls_accept(server, NULL)));
    cr_expect(bytes_eq(buffer_view(atls_plaintext(server)), BYTES_LIT("too early")), "it has waited");
    free_both(server, client);
}

Test(atls, no_plaintext_after_a_refusal)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    shaken(server, client);
    cr_assert(is_ok(atls_accept(client, NULL)));
    cr_assert(is_ok(atls_write(client, BYTES_LIT("for nobody"), NULL)));
    cr_assert(is_ok(atls_test_send(client, server, WHOLE, NULL)));
    atls_refuse(server);
    cr_expect_eq(atls_state(server), ATLS_CLOSED);
    cr_expect_eq(atls_plaintext(server)->len, 0);
    cr_expect_eq(atls_input_room(server), 0);
    cr_expect_eq(atls_step(server, BYTES_LIT("x"), NULL).kind, ERR_STATE);
    cr_assert(is_ok(atls_test_send(server, client, WHOLE, NULL)));
    cr_expect_eq(atls_state(client), ATLS_CLOSED, "the client hears of it");
    free_both(server, client);
}

Test(atls, more_than_fits)
{
    enum { MANY = 300000 };
    static uint8_t many[MANY];
    struct atls *server = atls_test_server(false), *client = atls_test_client(NULL, true, true);
    both_accept(server, client);
    size_t room = atls_write_room(client);
    cr_assert(room > 200000 && room < MANY);
    cr_expect_eq(atls_write(client, BYTES(many, room + 1), NULL).kind, ERR_LIMIT);
    cr_expect_eq(atls_state(client), ATLS_OPEN, "and nothing has happened");
    cr_assert(is_ok(atls_write(client, BYTES(many, room), NULL)));
    cr_expect_leq(atls_output(client)->len, atls_output(client)->limit);

    size_t got = 0;
    while (atls_output(client)->len > 0) {
        bytes all = buffer_view(atls_output(client));
        size_t n = atls_input_room(server) < all.len ? atls_input_room(server) : all.len;
        cr_assert(n > 0 || atls_plaintext(server)->len > 0, "nobody can go on");
        cr_assert(is_ok(atls_step(server, bytes_slice(all, 0, n), NULL)));
        buffer_drop(atls_output(client), n);
        cr_assert_leq(atls_plaintext(server)->len, 65536);
        got += atls_plaintext(server)->len;
        buffer_drop(atls_plaintext(server), SIZE_MAX);
    }
    cr_assert(is_ok(atls_step(server, BYTES_LIT(""), NULL)));
    while (atls_plaintext(server)->len > 0) {
        got += atls_plaintext(server)->len;
        buffer_drop(atls_plaintext(server), SIZE_MAX);
        cr_assert(is_ok(atls_step(server, BYTES_LIT(""), NULL)));
    }
    cr_expect_eq(got, room);
    free_both(server, client);
}

static void say(struct atls *from, struct atls *to, bytes text)
{
    struct err err = {0};
    cr_assert(is_ok(atls_write(from, text, &err)), "%s", err.text);
    cr_assert(is_ok(atls_test_send(from, to, WHOLE, &err)), "%s", err.text);
    cr_expect(bytes_eq(buffer_view(atls_plaintext(to)), text));
    buffer_drop(atls_plaintext(to), SIZE_MAX);
}

Test(atls, plaintext_and_the_orderly_end)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    both_accept(server, client);
    say(client, server, BYTES_LIT("ping"));
    say(server, client, BYTES_LIT("pong"));
    cr_assert(is_ok(atls_write(client, BYTES_LIT("last words"), NULL)));
    atls_close(client);
    cr_assert(is_ok(atls_test_send(client, server, WHOLE, NULL)));
    cr_expect_eq(atls_state(server), ATLS_CLOSED);
    cr_expect(bytes_eq(buffer_view(atls_plaintext(server)), BYTES_LIT("last words")));
    cr_expect(is_ok(atls_end(server, NULL)));
    free_both(server, client);
}

/* ---- what each end is shown ------------------------------------------------------------------------------------- */

Test(atls, keys_nonces_and_evidence)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    shaken(server, client);
    cr_expect(bytes_eq(atls_request(server).nonce, BYTES_OF(atls_client_nonce)));
    cr_expect(bytes_eq(atls_request(client).nonce, BYTES_OF(atls_server_nonce)));
    cr_expect(bytes_eq(atls_peer(server).nonce, BYTES_OF(atls_server_nonce)));
    cr_expect(bytes_eq(atls_peer(client).nonce, BYTES_OF(atls_client_nonce)));
    cr_expect(bytes_eq(atls_peer(server).spki, atls_request(client).spki));
    cr_expect(bytes_eq(atls_peer(client).spki, atls_request(server).spki));
    cr_expect(!bytes_eq(atls_request(server).spki, atls_request(client).spki));
    cr_expect_eq(atls_request(server).spki.len, 91);
    cr_expect(bytes_eq(atls_peer(server).evidence, CLIENT_EVIDENCE));
    cr_expect(bytes_eq(atls_peer(client).evidence, SERVER_EVIDENCE));
    free_both(server, client);
}

/* Evidence of one connection is good for no other: each has a key of its own. */
Test(atls, a_key_for_each_connection)
{
    struct atls *one = atls_test_server(true), *two = atls_test_server(true);
    cr_expect(!bytes_eq(atls_request(one).spki, atls_request(two).spki));
    free_both(one, two);
}

Test(atls, a_byte_at_a_time)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    struct err err = {0};
    cr_assert(is_ok(atls_test_shake(server, SERVER_EVIDENCE, client, CLIENT_EVIDENCE, 1, &err)), "%s", err.text);
    cr_expect_eq(atls_state(server), ATLS_WANT_JUDGEMENT);
    cr_expect_eq(atls_state(client), ATLS_WANT_JUDGEMENT);
    cr_expect(bytes_eq(atls_peer(server).evidence, CLIENT_EVIDENCE));
    free_both(server, client);
}

/* Evidence takes its time: until it is there nothing moves. */
Test(atls, waiting_for_evidence)
{
    struct atls *server = atls_test_server(true), *client = atls_test_client(NULL, true, true);
    cr_assert(is_ok(atls_test_shake(server, BYTES_ABSENT, client, BYTES_ABSENT, WHOLE, NULL)));
    cr_expect_eq(atls_state(server), ATLS_WANT_EVIDENCE);
    cr_expect_eq(atls_state(client), ATLS_HANDSHAKE);
    cr_assert(is_ok(atls_step(server, BYTES_LIT(""), NULL)));
    cr_expect_eq(atls_output(server)->len, 0);
    cr_assert(is_ok(atls_answer(server, SERVER_EVIDENCE, NULL)));
    cr_assert(is_ok(atls_test_shake(server, BYTES_ABSENT, client, BYTES_ABSENT, WHOLE, NULL)));
    cr_expect_eq(atls_state(client), ATLS_WANT_EVIDENCE);
    cr_expect_eq(atls_state(server), ATLS_HANDSHAKE);
    cr_assert(is_ok(atls_answer(client, CLIENT_EVIDENCE, NULL)));
    cr_assert(is_ok(atls_test_shake(server, BYTES_ABSENT, client, BYTES_ABSENT, WHOLE, NULL)));
    cr_expect_eq(atls_state(client), ATLS_WANT_JUDGEMENT);
    cr_expect_eq(atls_state(server), ATLS_WANT_JUDGEMENT);
    free_both(server, client);
}

Test(atls, a_client_without_evidence)
{
    struct atls *server = atls_test_server(false), *client = atls_test_client(NULL, false, true);
    struct err err = {0};
    cr_assert(is_ok(atls_test_shake(server, SERVER_EVIDENCE, client, BYTES_ABSENT, WHOLE, &err)), "%s", err.text);
    cr_expect_eq(atls_state(server), ATLS_WANT_JUDGEMENT);
    cr_expect(bytes_is_absent(atls_peer(server).evidence));
    cr_expect(bytes_eq(atls_peer(server).spki, atls_request(client).spki));
    free_both(server, client);
}

/* Owners of workloads have P-384 keys, those of seed shares RSA ones. */
static void with_key(enum key_kind kind)
{
    static struct private_key key;
    struct err err = {0};
    status s = kind == KEY_RSA ? private_key_generate_rsa(&key, &err) : private_key_generate(kind, &key, &err);
    cr_assert(is_ok(s), "%s", err.text);
    struct atls *server = atls_test_server(true), *client = atls_test_client(&key, true, true);
    both_accept(server, client);
    cr_expect(bytes_eq(atls_peer(server).spki, private_key_spki(&key)));
    say(client, server, BYTES_LIT("mine"));
    free_both(server, client);
}

Test(atls, a_key_of_the_callers_p256)
{
    with_key(KEY_P256);
}

Test(atls, a_key_of_the_callers_p384)
{
    with_key(KEY_P384);
}

Test(atls, a_key_of_the_callers_rsa)
{
    with_key(KEY_RSA);
}

Test(atls, the_nonce_as_server_name)
{
    atls_test_open();
    struct atls *server = atls_test_server(true), *client;
    struct err err = {0};
    struct atls_client_config config = {.nonce = atls_client_nonce,
                                        .carrier = NONCE_IN_SERVER_NAME,
                                        .has_evidence = true,
                                        .require_evidence = true,
                                        .now = ATLS_TEST_NOW};
    cr_assert(is_ok(atls_client_new(&config, &client, &err)), "%s", err.text);
    shaken(server, client);
    cr_expect(bytes_eq(atls_request(server).nonce, BYTES_OF(atls_client_nonce)));
    free_both(server, client);
}

Test(atls, self_check)
{
    struct err err = {0};
    atls_test_open();
    cr_expect(is_ok(atls_self_check(ATLS_TEST_NOW, &err)), "%s", err.text);
}
