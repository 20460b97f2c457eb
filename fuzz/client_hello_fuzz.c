/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: client_hello_gather client_hello_parse client_hello_nonce client_hello_offers atls_protocol_write.
 *
 * The input is the first flight, and also the message in it.
 */
#include <stdlib.h>

#include "parse/client_hello.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static bool inside(bytes view, bytes in)
{
    return view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len;
}

static void require_nonce(const struct client_hello *hello)
{
    uint8_t nonce[ATLS_NONCE_BYTES] = {0};
    char entry[ATLS_PROTOCOL_TEXT_SIZE];
    enum nonce_carrier carrier = NONCE_IN_PROTOCOLS;
    struct err err = {0};
    status s = client_hello_nonce(hello, nonce, &carrier, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && bytes_are_zero(BYTES_OF(nonce)));
        return;
    }
    atls_protocol_write(nonce, entry);
    bytes written = BYTES((const uint8_t *)entry, sizeof entry - 1);
    if (carrier == NONCE_IN_PROTOCOLS) require(hello->protocols.len > written.len);
    if (carrier == NONCE_IN_SERVER_NAME) require(!client_hello_offers(hello, written));
}

static void check_message(bytes message)
{
    struct client_hello hello = {.server_name = BYTES_LIT("untouched")};
    struct err err = {0};
    status s = client_hello_parse(message, &hello, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= message.len);
        require(bytes_eq(hello.server_name, BYTES_LIT("untouched")));
        return;
    }
    require(bytes_is_absent(hello.server_name) || (hello.server_name.len > 0 && inside(hello.server_name, message)));
    require(bytes_is_absent(hello.protocols) || (hello.protocols.len > 1 && inside(hello.protocols, message)));
    require_nonce(&hello);
}

/* What is known of a flight from its first half holds of the whole. */
static void check_half(bytes in, status whole, bytes message)
{
    static uint8_t buf[LIMIT_CLIENT_HELLO_BYTES];
    size_t more = 0;
    bytes early = BYTES_ABSENT;
    status s = client_hello_gather(bytes_slice(in, 0, in.len / 2), buf, sizeof buf, &more, &early, NULL);
    if (!is_ok(s))
        require(s.kind == whole.kind);
    else if (more == 0)
        require(is_ok(whole) && bytes_eq(early, message));
    else if (more > in.len - in.len / 2)
        require(!is_ok(whole) || bytes_is_absent(message));
}

static void check_flight(bytes in)
{
    static uint8_t buf[LIMIT_CLIENT_HELLO_BYTES];
    size_t more = 0;
    bytes message = BYTES_ABSENT;
    struct err err = {0};
    status s = client_hello_gather(in, buf, sizeof buf, &more, &message, &err);
    check_half(in, s, message);
    if (!is_ok(s)) {
        require(err.kind == s.kind && s.kind != ERR_NOMEM && err.text[0] != '\0' && err.offset <= in.len);
        return;
    }
    require((more > 0) == bytes_is_absent(message));
    if (more > 0) return;
    require(message.len >= 4 && message.len < in.len && message.ptr == buf);
    check_message(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_flight(BYTES(data, size));
    check_message(BYTES(data, size));
    return 0;
}
