/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: atls_step atls_answer atls_accept atls_refuse atls_write atls_close atls_end peer_certificate_check.
 *
 * The input is what somebody between a server and a client does: he hands on, changes, holds back, repeats and makes up
 * bytes, and the two ends answer and judge in any order.  wolfSSL is the real one with real keys; only digests of
 * certificates are those of fuzz/stub_crypto.c.  Each execution is about one handshake.
 */
#include <stdlib.h>

#include "net/atls.h"
#include "parse/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1750000000, ACTIONS_MAX = 64, WRITTEN_MAX = 4096 };

static const uint8_t server_nonce[ATLS_NONCE_BYTES] = {1, 2, 3}, client_nonce[ATLS_NONCE_BYTES] = {4, 5, 6};

struct end {
    struct atls *a;
    bytes evidence;
    bool accepted;
    uint8_t written[WRITTEN_MAX]; /* what this end has written */
    size_t written_len;
    uint8_t last[16384]; /* what this end sent last */
    size_t last_len;
};

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- what holds after each action ------------------------------------------------------------------------------- */

/* An end that has somebody to judge has the other end before it, and nobody between them. */
static void require_peer(const struct end *self, const struct end *other)
{
    struct atls_peer peer = atls_peer(self->a);
    require(bytes_eq(peer.spki, atls_request(other->a).spki));
    require(bytes_eq(peer.evidence, other->evidence));
    require(bytes_eq(atls_request(self->a).nonce, atls_peer(other->a).nonce));
}

static void require_sound(const struct end *self, const struct end *other)
{
    struct buffer *plain = atls_plaintext(self->a);
    enum atls_state state = atls_state(self->a);
    if (state == ATLS_WANT_JUDGEMENT || state == ATLS_OPEN) require_peer(self, other);
    require(state != ATLS_OPEN || self->accepted);
    require(plain->len == 0 || self->accepted);
    require(plain->len <= other->written_len && memcmp(buffer_view(plain).ptr, other->written, plain->len) == 0);
}

static void require_refusal(const struct end *self, status s, const struct err *err)
{
    if (is_ok(s)) return;
    require(err->kind == s.kind && err->text[0] != '\0');
    require(s.kind == ERR_STATE || atls_state(self->a) == ATLS_FAILED);
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

static void feed(struct end *to, bytes in)
{
    struct err err = {0};
    if (in.len > atls_input_room(to->a)) in.len = atls_input_room(to->a);
    require_refusal(to, atls_step(to->a, in, &err), &err);
}

/* The first `n` bytes that `from` has for the other, with one of them changed, or none. */
static void hand_on(struct end *from, struct end *to, size_t n, size_t at, uint8_t change)
{
    bytes out = buffer_view(atls_output(from->a));
    if (n > out.len) n = out.len;
    if (n > sizeof from->last) n = sizeof from->last;
    if (n > 0) memcpy(from->last, out.ptr, n);
    from->last_len = n;
    if (n > 0) from->last[at % n] ^= change;
    buffer_drop(atls_output(from->a), n);
    feed(to, BYTES(from->last, n));
}

static void answer(struct end *self)
{
    struct err err = {0};
    if (atls_state(self->a) == ATLS_WANT_EVIDENCE)
        require_refusal(self, atls_answer(self->a, self->evidence, &err), &err);
    else
        require(atls_answer(self->a, self->evidence, NULL).kind == ERR_STATE);
}

static void accept(struct end *self)
{
    struct err err = {0};
    bool asked = atls_state(self->a) == ATLS_WANT_JUDGEMENT;
    self->accepted = self->accepted || asked;
    status s = atls_accept(self->a, &err);
    require(asked || s.kind == ERR_STATE);
    require_refusal(self, s, &err);
}

static void say(struct end *self, bytes text)
{
    struct err err = {0};
    if (text.len > sizeof self->written - self->written_len) return;
    status s = atls_write(self->a, text, &err);
    require_refusal(self, s, &err);
    if (!is_ok(s)) return;
    if (text.len > 0) memcpy(self->written + self->written_len, text.ptr, text.len);
    self->written_len += text.len;
}

enum action { PASS, PASS_SOME, PASS_CHANGED, REPEAT, MAKE_UP, DROP, ANSWER, ACCEPT, SAY, REFUSE, CLOSE, END, ACTIONS };

static void act(enum action action, struct end *self, struct end *other, struct cursor *c)
{
    struct err err = {0};
    size_t n = cursor_u8(c, "size");
    switch (action) {
    case PASS:
        hand_on(self, other, SIZE_MAX, 0, 0);
        break;
    case PASS_SOME:
        hand_on(self, other, n, 0, 0);
        break;
    case PASS_CHANGED:
        hand_on(self, other, SIZE_MAX, n << 4 | cursor_u8(c, "at"), cursor_u8(c, "change"));
        break;
    case REPEAT:
        feed(other, BYTES(self->last, self->last_len));
        break;
    case MAKE_UP:
        feed(other, cursor_take(c, n < cursor_left(c) ? n : cursor_left(c), "bytes"));
        break;
    case DROP:
        buffer_drop(atls_output(self->a), n);
        break;
    case ANSWER:
        answer(self);
        break;
    case ACCEPT:
        accept(self);
        break;
    case SAY:
        say(self, cursor_take(c, n < cursor_left(c) ? n : cursor_left(c), "text"));
        break;
    case REFUSE:
        atls_refuse(self->a);
        break;
    case CLOSE:
        atls_close(self->a);
        break;
    case END:
        require_refusal(self, atls_end(self->a, &err), &err);
        break;
    case ACTIONS:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool opened;
    static struct end server, client;
    if (!opened) require(is_ok(atls_open(NOW, NULL)));
    opened = true;
    server = (struct end){.evidence = BYTES_LIT("the server's")};
    client = (struct end){.evidence = BYTES_LIT("the client's")};
    struct atls_server_config s = {.nonce = server_nonce, .require_evidence = true, .now = NOW};
    struct atls_client_config c = {
        .nonce = client_nonce, .server_name = "a", .has_evidence = true, .require_evidence = true, .now = NOW};
    require(is_ok(atls_server_new(&s, &server.a, NULL)) && is_ok(atls_client_new(&c, &client.a, NULL)));
    feed(&client, BYTES_LIT(""));

    struct cursor in = cursor_over(BYTES(data, size));
    for (int i = 0; i < ACTIONS_MAX && cursor_left(&in) > 0; i++) {
        uint8_t what = cursor_u8(&in, "action");
        bool by_server = what & 0x80;
        act((what & 0x7f) % ACTIONS, by_server ? &server : &client, by_server ? &client : &server, &in);
        require_sound(&server, &client);
        require_sound(&client, &server);
    }
    atls_free(server.a);
    atls_free(client.a);
    return 0;
}
