/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: user_set_manifest_request_parse user_set_manifest_response_parse user_get_manifests_response_parse
 * user_recover_request_parse empty_message_parse and their writers.
 *
 * Input: one byte that says which message, then the message.  What was read and written again is read to the same:
 * that is, writing it once more gives the same bytes.
 */
#include <stdlib.h>

#include "parse/user_api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Less than an input can hold, so that a full array is reached. */
enum { ITEMS = 8, MESSAGES = 5, CAP = 4096 };

struct message {
    bytes lists[2][ITEMS];
    struct user_seed_share shares[ITEMS];
    union {
        struct user_set_manifest_request set_request;
        struct user_set_manifest_response set_response;
        struct user_get_manifests_response get_response;
        struct user_recover_request_secret recover_request;
    } as;
};

static void require(bool holds)
{
    if (!holds) abort();
}

static status read_message(unsigned which, bytes in, struct message *m, struct err *err)
{
    const struct user_get_manifests_storage lent = {m->lists[0], ITEMS, m->lists[1], ITEMS};
    switch (which) {
    case 0:
        return user_set_manifest_request_parse(in, m->lists[0], ITEMS, &m->as.set_request, err);
    case 1:
        return user_set_manifest_response_parse(in, m->shares, ITEMS, &m->as.set_response, err);
    case 2:
        return user_get_manifests_response_parse(in, &lent, &m->as.get_response, err);
    case 3:
        return user_recover_request_parse(in, &m->as.recover_request, err);
    default:
        return empty_message_parse(in, err);
    }
}

static void write_message(unsigned which, struct protobuf_writer *w, const struct message *m)
{
    if (which == 0) user_set_manifest_request_write(w, &m->as.set_request);
    if (which == 1) user_set_manifest_response_write(w, &m->as.set_response);
    if (which == 2) user_get_manifests_response_write(w, &m->as.get_response);
    if (which == 3) user_recover_request_write(w, &m->as.recover_request);
}

/* What was written, in `out`; a writer without memory counts the same. */
static bytes write_whole(unsigned which, const struct message *m, uint8_t out[CAP])
{
    struct protobuf_writer count = {0}, w = {.out = out, .cap = CAP};
    write_message(which, &count, m);
    write_message(which, &w, m);
    require(count.len == w.len && is_ok(protobuf_written(&w, NULL)));
    require(w.len == 0 || !is_ok(protobuf_written(&count, NULL)));
    return BYTES(out, w.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > CAP) return 0;
    unsigned which = data[0] % MESSAGES;
    bytes in = BYTES(data + 1, size - 1);
    struct message m = {0}, again = {0};
    struct err err = {0};
    status s = read_message(which, in, &m, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= in.len);
        return 0;
    }
    uint8_t first[CAP], second[CAP];
    bytes written = write_whole(which, &m, first);
    require(written.len <= in.len && is_ok(read_message(which, written, &again, NULL)));
    require(bytes_eq(write_whole(which, &again, second), written));
    return 0;
}
