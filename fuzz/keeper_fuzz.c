/* SPDX-License-Identifier: Apache-2.0 */
/* Target: keeper_answer, with all that it keeps from one request to the next.
 *
 * The input is a run of requests: kind (u8), number of parts (u8), then for each its length (u16, big-endian) and
 * bytes.  An empty part where a ticket or a record belongs stands for the one that the keeper gave last, which no input
 * could guess.  A first request of the kind 255 with three parts is no request but the history that the keeper is
 * opened on: record, hashes of manifests, manifest.
 *
 * Properties: what the keeper takes it answers once, in one whole frame with the request's id; a refusal has its
 * parts; no manifest comes into force but by the record that was prepared last, or by a recovery, once, of the history
 * that the keeper was opened on; before that it sets none; a key gets no certificate, for the evidence here is never
 * good.
 */
#include <stdlib.h>

#include "coordinator/keeper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUESTS = 32, RECORD_MAX = 256, PAST = 255, PAST_PARTS = 3 };

static struct {
    uint8_t ticket[8], record[RECORD_MAX];
    size_t record_len;
    uint64_t generation;
    bool is_prepared, is_stale;
    struct keeper_past past;
} seen;

static void require(bool holds)
{
    if (!holds) abort();
}

/* The next request of the input; false at its end. */
static bool take_request(bytes *in, struct message *m)
{
    if (in->len < 2) return false;
    *m = (struct message){.kind = in->ptr[0], .id = (uint32_t)in->len, .part_count = in->ptr[1] % (MESSAGE_PARTS + 1)};
    *in = bytes_slice(*in, 2, in->len - 2);
    for (size_t i = 0; i < m->part_count; i++) {
        if (in->len < 2) return false;
        size_t len = (size_t)in->ptr[0] << 8 | in->ptr[1];
        m->parts[i] = bytes_slice(*in, 2, len);
        if (bytes_is_absent(m->parts[i])) return false;
        *in = bytes_slice(*in, 2 + len, in->len - 2 - len);
    }
    return true;
}

static void fill_in(struct message *m)
{
    bool wants_ticket = m->kind == KEEPER_JUDGE || m->kind == KEEPER_CERTIFY || m->kind == KEEPER_RELEASE;
    if (m->part_count == 0 || m->parts[0].len > 0) return;
    if (wants_ticket) m->parts[0] = BYTES_OF(seen.ticket);
    if (m->kind == KEEPER_ACTIVATE) m->parts[0] = BYTES(seen.record, seen.record_len);
}

static void learn(const struct message *request, const struct message *a)
{
    bool done = a->kind == ANSWER_DONE;
    if (request->kind == KEEPER_SET && done) seen.is_prepared = true;
    if (request->kind == KEEPER_SET && done) {
        require(!seen.is_stale && a->part_count == 4 && a->parts[2].len <= sizeof seen.record);
        memcpy(seen.record, a->parts[2].ptr, a->parts[2].len);
        seen.record_len = a->parts[2].len;
    }
    if (request->kind == KEEPER_DRAW && done) {
        require(a->part_count == 2 && a->parts[0].len == sizeof seen.ticket && a->parts[1].len == KEEPER_NONCE_BYTES);
        memcpy(seen.ticket, a->parts[0].ptr, sizeof seen.ticket);
    }
    if (request->kind == KEEPER_ACTIVATE && done) {
        require(seen.is_prepared && bytes_eq(request->parts[0], BYTES(seen.record, seen.record_len)));
        seen.is_prepared = false;
        seen.generation++;
    }
    if (request->kind == KEEPER_STATE) {
        struct keeper_state_answer s;
        require(done && keeper_state_answer_read(a, 0, &s) && s.generation == seen.generation);
        require(s.is_stale == seen.is_stale && (s.root_ca.len > 0) == (s.generation > 0));
    }
    if (request->kind == KEEPER_RECOVER && done) {
        require(seen.is_stale && a->part_count == 0);
        seen.is_stale = false;
        seen.generation = seen.past.digests.len / 32;
    }
    require(request->kind != KEEPER_CERTIFY || !done);
}

/* Evidence is made for every other request that waits for it, by what it would be over. */
static void issue(struct keeper_wait *wait, struct buffer *answers)
{
    bool is_made = wait->report_data[0] % 2 == 0;
    require(is_ok(is_made ? keeper_wait_grant(wait, BYTES_OF(wait->report_data), answers, NULL)
                          : keeper_wait_refuse(wait, "no machine", answers, NULL)));
}

/* What was wanted of a peer's evidence, and found, is told of nothing else. */
static bool is_refusal(const struct message *request, const struct message *a)
{
    bool is_of_peer = request->kind == KEEPER_JUDGE || request->kind == KEEPER_CERTIFY;
    if (a->kind != ANSWER_REFUSED || a->part_count == 0 || a->parts[0].len != 1) return false;
    return a->part_count == REFUSED_PARTS || (is_of_peer && a->part_count == REFUSED_PEER_PARTS);
}

static void ask(struct keeper *k, const struct message *m)
{
    struct buffer answers = BUFFER("answers", 4 << 20);
    struct keeper_wait wait;
    struct message answer;
    size_t len = 0, frame_len = 0;
    require(is_ok(message_size(m, &len, NULL)));
    uint8_t *frame = malloc(len);
    require(frame != NULL);
    message_write(m, frame);
    if (is_ok(keeper_answer(k, INT64_C(1800000000), BYTES(frame, len), &answers, &wait, NULL))) {
        require(wait.is_waiting == (buffer_view(&answers).len == 0));
        if (wait.is_waiting) issue(&wait, &answers);
        bytes out = buffer_view(&answers);
        require(is_ok(message_frame(out, &frame_len, NULL)) && frame_len == out.len);
        require(is_ok(message_parse(out, &answer, NULL)) && answer.id == m->id);
        require(answer.kind == ANSWER_DONE || is_refusal(m, &answer));
        learn(m, &answer);
    }
    buffer_free(&answers);
    free(frame);
}

/* The history, when the input begins with one. */
static void take_past(bytes *in)
{
    bytes rest = *in;
    struct message m;
    if (!take_request(&rest, &m) || m.kind != PAST || m.part_count != PAST_PARTS) return;
    *in = rest;
    seen.past = (struct keeper_past){m.parts[0], m.parts[1], m.parts[2]};
    seen.is_stale = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keeper *k = NULL;
    struct message m;
    bytes in = BYTES(data, size);
    memset(&seen, 0, sizeof seen);
    take_past(&in);
    const struct keeper_options options = {.cas = snp_ca_set_amd(), .past = seen.is_stale ? &seen.past : NULL};
    require(is_ok(keeper_open(&options, &k, NULL)));
    for (unsigned i = 0; i < REQUESTS && take_request(&in, &m); i++) {
        fill_in(&m);
        ask(k, &m);
    }
    keeper_free(k);
    return 0;
}
