/* SPDX-License-Identifier: Apache-2.0 */
/* Any text of up to 3 bytes as each header of gRPC, a timeout of as many digits as may be, any prefix of a message, any
 * number of milliseconds and any status.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/grpc.h"
#include "tests/prove/input.h"

enum { FREE = 3 };

static void headers(size_t n)
{
    uint8_t input[FREE];
    enum grpc_code code;
    uint64_t ms;
    struct err err = {0};
    bytes in = INPUT(input, n);
    if (is_ok(grpc_code_parse(in, &code, &err))) (void)strlen(grpc_code_name(code));
    (void)is_ok(grpc_timeout_parse(in, &ms, &err));
}

/* Eight digits, one of them any byte, and any unit. */
static void longest_timeout(void)
{
    uint8_t text[9] = "99999999";
    uint64_t ms;
    struct err err = {0};
    UNKNOWN(text[3]);
    UNKNOWN(text[8]);
    (void)is_ok(grpc_timeout_parse(BYTES_OF(text), &ms, &err));
}

static void messages(size_t n)
{
    uint8_t input[FREE], text[FREE] = {0};
    char out[GRPC_MESSAGE_TEXT_SIZE(FREE)];
    bytes in = INPUT(input, n);
    grpc_message_write(in, out, sizeof out);
    grpc_message_write(in, out, 3);
    (void)bytes_are_zero(grpc_message_parse(in, text, sizeof text));
    (void)bytes_are_zero(grpc_message_parse(in, text, 1));
}

/* "application/grpc" with anything or nothing behind it, and what is shorter. */
static void content_types(void)
{
    uint8_t with[17] = "application/grpc";
    UNKNOWN(with[16]);
    (void)grpc_content_type_is_ours(BYTES_OF(with));
    (void)grpc_content_type_is_ours(BYTES(with, 16));
    (void)grpc_content_type_is_ours(BYTES(with, 15));
    (void)grpc_content_type_is_ours(BYTES_ABSENT);
}

int main(void)
{
    uint8_t prefix[GRPC_PREFIX_BYTES];
    char timeout[GRPC_TIMEOUT_SIZE];
    size_t len = 0;
    struct err err = {0};
    UNKNOWN(prefix);
    if (is_ok(grpc_prefix_parse(prefix, 4096, &len, &err))) grpc_prefix_write((uint32_t)len, prefix);
    uint64_t ms;
    UNKNOWN(ms);
    grpc_timeout_write(ms, timeout);
    (void)strlen(grpc_code_name((enum grpc_code)any(0, 99)));
    (void)grpc_code_of_http((unsigned)any(0, 999));
    content_types();
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        messages(n);
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        headers(n);
    longest_timeout();
    return 0;
}
