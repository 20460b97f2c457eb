/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: grpc_client_step grpc_client_call grpc_client_get_answer, as the client of a hostile Coordinator.
 *
 * Input: one byte that says how the rest, what the server sends, is cut into pieces, and whether a request is sent at
 * once or only after the next piece, which then answers what was not asked.  A call that has its answer is followed by
 * another one.
 */
#include <stdlib.h>

#include "fuzz/http2_mutate.h"
#include "net/grpc_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { MESSAGE = 64 };

static const struct grpc_client_options options = {.message_limit = MESSAGE, .header_limit = 512};
static const struct grpc_call call = {"host:1", "/a", BYTES_LIT("question"), 10};

static void require(bool holds)
{
    if (!holds) abort();
}

static void check_answer(struct grpc_client *c)
{
    struct grpc_answer a;
    grpc_client_get_answer(c, &a);
    require((unsigned)a.code < GRPC_CODES);
    require(bytes_is_absent(a.message) == (a.code != GRPC_OK));
    require(a.message.len <= MESSAGE && a.text.len <= GRPC_MESSAGE_BYTES);
}

static bool take_piece(struct grpc_client *c, bytes in, struct buffer *out)
{
    struct err err = {0};
    bool goes_on = is_ok(grpc_client_step(c, in, out, &err));
    require(goes_on == (err.text[0] == '\0'));
    buffer_drop(out, out->len);
    return goes_on;
}

static bool begin_call(struct grpc_client *c, bool is_sent, struct buffer *out)
{
    return is_ok(grpc_client_call(c, &call, NULL)) && (!is_sent || take_piece(c, BYTES_LIT(""), out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct grpc_client *c;
    if (size == 0 || !is_ok(grpc_client_open(&options, &c, NULL))) return 0;
    struct buffer out = BUFFER("output", 1 << 20);
    size_t piece = data[0] % 16 ? (size_t)(data[0] % 16) * 7 : size;
    bool is_sent = !(data[0] & 0x10), goes_on = begin_call(c, is_sent, &out);
    for (size_t at = 1; goes_on && at < size; at += piece) {
        size_t n = size - at < piece ? size - at : piece;
        goes_on = take_piece(c, BYTES(data + at, n), &out);
        if (!grpc_client_has_answer(c)) continue;
        check_answer(c);
        goes_on = goes_on && begin_call(c, is_sent, &out);
    }
    grpc_client_close(c);
    buffer_free(&out);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return http2_mutate(data, size, max, seed);
}
