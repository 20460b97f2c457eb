/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: relay_take relay_end relay_sent relay_wants_shut, and mesh/session.h below them: two proxies, one on each
 * side of a wire.
 *
 * The input is a byte of flags, and then what somebody on the wire does, who hands on, changes, repeats, makes up and
 * cuts, and what the applications behind the proxies do, who write, read and end.  TLS is the real one with real keys;
 * the CA's signature alone is that of fuzz/stub_crypto.c.  Each execution is about one handshake.
 *
 * Properties: an application reads what the other one wrote, from its beginning and in order, whatever happens to the
 * wire; it sees an end only after all of it; nothing passes between pods of different CAs; what relay_room allows is
 * taken or cuts the connection with a reason.
 */
#include <stdlib.h>

#include "ca/certificate.h"
#include "fuzz/ca_sign.h"
#include "mesh/relay.h"
#include "parse/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1750000000, ACTIONS_MAX = 64, WIRE_MAX = 65536, WORDS_MAX = 20000 };
enum { IS_OPEN_PORT = 1, IS_STRANGER = 2, FLAGS = 4 };

struct pod {
    struct identity id;
    uint8_t mesh_der[LIMIT_CERTIFICATE_BYTES], leaf_der[LIMIT_CERTIFICATE_BYTES];
    struct session_base *base;
};

struct end {
    struct relay relay;
    uint8_t number;
    size_t written, read; /* by the application */
    bool app_has_ended, app_saw_end;
    uint8_t last[WIRE_MAX]; /* what this end sent last */
    size_t last_len;
};

static void require(bool holds)
{
    if (!holds) abort();
}

/* ---- two pods --------------------------------------------------------------------------------------------------- */

/* A CA whose point lies on the stub's curve, as half of them do. */
static void make_ca(uint8_t number, struct pod *p, struct private_key *ca)
{
    uint8_t scalar[P384_SCALAR_BYTES] = {[0] = number};
    do {
        bytes der;
        scalar[P384_SCALAR_BYTES - 1]++;
        require(is_ok(private_key_from_scalar(KEY_P384, BYTES_OF(scalar), ca, NULL)));
        struct certificate_room room = {p->mesh_der, sizeof p->mesh_der};
        require(is_ok(certificate_issue_mesh_ca(ca, NOW, room, &der, NULL)));
        require(is_ok(coordinator_ca_parse(der, COORDINATOR_MESH_CA, &p->id.mesh_ca, NULL)));
    } while (!is_ok(crypto_p384_point_check(p->id.mesh_ca.point.ptr, NULL)));
}

static void make_pod(uint8_t number, struct pod *p)
{
    struct private_key ca;
    uint8_t scalar[32] = {[31] = number};
    const bytes name = BYTES_LIT("pod");
    make_ca(number, p, &ca);
    require(is_ok(private_key_from_scalar(KEY_P256, BYTES_OF(scalar), &p->id.secret_key, NULL)));
    struct certificate_request request = {.spki = private_key_spki(&p->id.secret_key), .sans = &name, .san_count = 1};
    require(is_ok(certificate_issue_leaf(&ca, &request, NOW, (struct certificate_room){p->leaf_der, sizeof p->leaf_der},
                                         &p->id.leaf, NULL)));
    p->id.leaf.ptr = p->leaf_der;
    p->id.leaf.len = ca_sign_leaf(p->leaf_der, p->id.leaf.len, sizeof p->leaf_der, p->id.mesh_ca.point.ptr);
    p->id.intermediate = p->id.mesh_ca.x.raw;
    require(is_ok(session_base_new(&p->id, &p->base, NULL)));
}

/* ---- what holds ------------------------------------------------------------------------------------------------- */

/* The byte that an application writes at this place. */
static uint8_t word(const struct end *writer, size_t at)
{
    return (uint8_t)(at * 7 + at / 251 + writer->number);
}

static void require_failed(const struct end *e, status s, const struct err *err)
{
    if (!is_ok(s)) require(relay_state(&e->relay) == RELAY_FAILED && err->kind == s.kind && err->text[0] != '\0');
}

static bool is_over(const struct end *e)
{
    return relay_state(&e->relay) == RELAY_FAILED || relay_state(&e->relay) == RELAY_DONE;
}

static void look(struct end *self, const struct end *other, bool is_stranger)
{
    const bytes due = relay_due(&self->relay, RELAY_APP);
    require(self->read + due.len <= other->written);
    for (size_t i = 0; i < due.len; i++)
        require(due.ptr[i] == word(other, self->read + i));
    if (relay_wants_shut(&self->relay, RELAY_APP)) {
        require(!self->app_saw_end && other->app_has_ended && self->read == other->written);
        self->app_saw_end = true;
    }
    if (relay_wants_shut(&self->relay, RELAY_WIRE)) require(self->app_has_ended);
    require(relay_state(&self->relay) != RELAY_DONE || (self->app_has_ended && self->app_saw_end));
    require(!is_stranger || (relay_state(&self->relay) != RELAY_OPEN && self->read == 0));
}

/* ---- actions ---------------------------------------------------------------------------------------------------- */

static void feed(struct end *to, bytes in)
{
    struct err err = {0};
    const size_t room = relay_room(&to->relay, RELAY_WIRE);
    if (in.len > room) in.len = room;
    if (in.len > 0) require_failed(to, relay_take(&to->relay, RELAY_WIRE, in, &err), &err);
}

/* The first `n` bytes that `from` has for the other, with one of them changed, or none. */
static void hand_on(struct end *from, struct end *to, size_t n, size_t at, uint8_t change)
{
    struct err err = {0};
    const bytes due = relay_due(&from->relay, RELAY_WIRE);
    const size_t room = relay_room(&to->relay, RELAY_WIRE);
    if (n > due.len) n = due.len;
    if (n > room) n = room;
    if (n > sizeof from->last) n = sizeof from->last;
    if (n == 0) return;
    memcpy(from->last, due.ptr, n);
    from->last_len = n;
    from->last[at % n] ^= change;
    require_failed(from, relay_sent(&from->relay, RELAY_WIRE, n, &err), &err);
    feed(to, BYTES(from->last, n));
}

static void say(struct end *self, size_t n)
{
    static uint8_t words[WORDS_MAX];
    struct err err = {0};
    const size_t room = relay_room(&self->relay, RELAY_APP);
    if (n > room) n = room;
    if (n == 0 || self->app_has_ended) return;
    for (size_t i = 0; i < n; i++)
        words[i] = word(self, self->written + i);
    self->written += n;
    require_failed(self, relay_take(&self->relay, RELAY_APP, BYTES(words, n), &err), &err);
}

static void hear(struct end *self, size_t n)
{
    struct err err = {0};
    const bytes due = relay_due(&self->relay, RELAY_APP);
    if (n > due.len) n = due.len;
    self->read += n;
    if (n > 0) require_failed(self, relay_sent(&self->relay, RELAY_APP, n, &err), &err);
}

static void end_app(struct end *self)
{
    struct err err = {0};
    if (self->app_has_ended || relay_state(&self->relay) != RELAY_OPEN) return;
    self->app_has_ended = true;
    require_failed(self, relay_end(&self->relay, RELAY_APP, &err), &err);
}

static void cut(struct end *self)
{
    struct err err = {0};
    if (is_over(self) || self->relay.has_ended[RELAY_WIRE]) return;
    require_failed(self, relay_end(&self->relay, RELAY_WIRE, &err), &err);
}

enum action { PASS, PASS_SOME, PASS_CHANGED, REPEAT, MAKE_UP, SAY, SAY_MUCH, HEAR, HEAR_SOME, END_APP, CUT, ACTIONS };

static void act(enum action action, struct end *self, struct end *other, struct cursor *c)
{
    const size_t n = cursor_u8(c, "size");
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
    case SAY:
        say(self, n);
        break;
    case SAY_MUCH:
        say(self, WORDS_MAX - n);
        break;
    case HEAR:
        hear(self, SIZE_MAX);
        break;
    case HEAR_SOME:
        hear(self, n);
        break;
    case END_APP:
        end_app(self);
        break;
    case CUT:
        cut(self);
        break;
    case ACTIONS:
        break;
    }
}

static void work(struct end *egress, struct end *ingress, bool is_stranger, struct cursor *in)
{
    struct err err = {0};
    require_failed(egress, relay_take(&egress->relay, RELAY_WIRE, BYTES_LIT(""), &err), &err);
    for (int i = 0; i < ACTIONS_MAX && cursor_left(in) > 0; i++) {
        const uint8_t what = cursor_u8(in, "action");
        const bool by_ingress = what & 0x80;
        act((what & 0x7f) % ACTIONS, by_ingress ? ingress : egress, by_ingress ? egress : ingress, in);
        look(egress, ingress, is_stranger);
        look(ingress, egress, is_stranger);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct pod pod, stranger;
    static struct end egress, ingress;
    if (!pod.base) {
        require(is_ok(session_open(NULL)));
        make_pod(1, &pod);
        make_pod(2, &stranger);
    }
    if (size == 0) return 0;
    const uint8_t flags = data[0] % FLAGS;
    const enum session_role role = flags & IS_OPEN_PORT ? SESSION_INGRESS_OPEN : SESSION_INGRESS;
    egress = (struct end){.number = 1};
    ingress = (struct end){.number = 2};
    require(
        is_ok(relay_open(&egress.relay, flags & IS_STRANGER ? stranger.base : pod.base, SESSION_EGRESS, NOW, NULL)));
    require(is_ok(relay_open(&ingress.relay, pod.base, role, NOW, NULL)));
    struct cursor in = cursor_over(BYTES(data + 1, size - 1));
    work(&egress, &ingress, flags & IS_STRANGER, &in);
    relay_close(&egress.relay);
    relay_close(&ingress.relay);
    return 0;
}
