/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: http1_client_step http1_client_end http1_client_get_answer.
 *
 * Input: what a server sends.  The first byte says how it is cut into pieces.  The same comes of it as when all of it
 * comes at once.
 */
#include <stdlib.h>

#include "net/http1_client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ANSWER = 64 };

static const struct http1_client_call call = {"POST", "/a", "h:1", "application/json", BYTES_LIT("{}"), ANSWER};

static void require(bool holds)
{
    if (!holds) abort();
}

static status run(struct http1_client *c, bytes in, size_t piece, struct err *err)
{
    struct buffer out = BUFFER("output", 4096);
    status s = OK;
    require(is_ok(http1_client_open(c, &call, NULL)));
    for (size_t at = 0; at < in.len && is_ok(s); at += piece) {
        s = http1_client_step(c, bytes_slice(in, at, in.len - at < piece ? in.len - at : piece), &out, err);
        require(is_ok(s) || !http1_client_has_answer(c));
    }
    if (is_ok(s)) s = http1_client_end(c, err);
    require(is_ok(s) == http1_client_has_answer(c));
    buffer_free(&out);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    bytes in = BYTES(data + 1, size - 1);
    struct http1_client whole, pieces;
    struct http1_answer a, b;
    struct err err = {0};
    status s = run(&whole, in, in.len, &err), t = run(&pieces, in, 1 + data[0] % 32, NULL);
    require(s.kind == t.kind && is_ok(s) == (err.text[0] == '\0'));
    if (is_ok(s)) {
        http1_client_get_answer(&whole, &a);
        http1_client_get_answer(&pieces, &b);
        require(a.status >= 200 && a.status <= 599 && a.body.len <= ANSWER);
        require(a.status == b.status && bytes_eq(a.body, b.body));
    }
    http1_client_close(&whole);
    http1_client_close(&pieces);
    return 0;
}
