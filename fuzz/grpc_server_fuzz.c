/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: grpc_server_step grpc_server_next grpc_server_answer grpc_server_fail.
 *
 * Input: what a peer sends behind the preface of HTTP/2.  The first byte says how it is cut into pieces, how much room
 * the output has, and whether requests are answered at once or after the next piece.
 */
#include <stdlib.h>

#include "fuzz/http2_mutate.h"
#include "net/grpc_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { CALLS = 3, MESSAGE = 64, MESSAGES = 100, PENDING = 8 };

static const struct grpc_method methods[] = {{"/a", MESSAGE}, {"/b", 0}};
static const struct grpc_server_options options = {.methods = methods,
                                                   .method_count = 2,
                                                   .messages_limit = MESSAGES,
                                                   .call_limit = CALLS,
                                                   .header_limit = 512,
                                                   .request_ms = 1000};

struct run {
    struct grpc_server *server;
    struct buffer out;
    int32_t taken[PENDING];
    size_t taken_count;
    int32_t latest;
};

static void require(bool holds)
{
    if (!holds) abort();
}

static void answer_all(struct run *r)
{
    for (size_t i = 0; i < r->taken_count; i++) {
        int32_t stream = r->taken[i];
        if (stream % 4 == 1)
            require(is_ok(grpc_server_answer(r->server, stream, BYTES_LIT("an answer"), NULL)));
        else
            require(is_ok(grpc_server_fail(r->server, stream, GRPC_INTERNAL, BYTES_LIT("no\n"), NULL)));
    }
    r->taken_count = 0;
}

static void take_all(struct run *r)
{
    struct grpc_request q;
    while (grpc_server_next(r->server, &q)) {
        require(q.method < 2 && q.message.ptr && q.message.len <= methods[q.method].message_limit);
        require(q.stream > 0 && q.stream % 2 == 1);
        require(r->taken_count < CALLS);
        r->taken[r->taken_count++] = q.stream;
    }
    require(grpc_server_calls(r->server) <= CALLS);
}

/* False when the connection is over. */
static bool take_piece(struct run *r, int64_t now, bytes piece)
{
    struct err err = {0};
    status s = grpc_server_step(r->server, now, piece, &r->out, &err);
    require(is_ok(s) == (err.text[0] == '\0'));
    if (!is_ok(s)) {
        require(grpc_server_is_done(r->server));
        return false;
    }
    take_all(r);
    require(grpc_server_deadline(r->server) > now);
    return !grpc_server_is_done(r->server);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct run r = {.out = BUFFER("output", data[0] & 0x80 ? GRPC_OUTPUT_ROOM + 64 : 1 << 20)};
    if (!is_ok(grpc_server_open(&options, &r.server, NULL))) return 0;
    size_t piece = data[0] & 0x0f ? (size_t)(data[0] & 0x0f) * 7 : size;
    bool goes_on = take_piece(&r, 0, BYTES_LIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    int64_t now = 0;
    for (size_t at = 1; goes_on && at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        bool is_late = data[0] & 0x10;
        if (is_late) answer_all(&r);
        goes_on = take_piece(&r, now += data[0] & 0x20 ? 10 : 0, BYTES(data + at, n));
        if (!is_late) answer_all(&r);
        if (data[0] & 0x40) buffer_drop(&r.out, r.out.len);
    }
    answer_all(&r);
    if (goes_on) (void)take_piece(&r, now + 2000, BYTES_LIT(""));
    grpc_server_close(r.server);
    buffer_free(&r.out);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return http2_mutate(data, size, max, seed);
}
