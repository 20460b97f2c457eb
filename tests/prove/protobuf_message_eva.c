/* SPDX-License-Identifier: Apache-2.0 */
/* Any message of up to 4 bytes with three members, one of them a message again; what is written into memory of any
 * size.
 *
 * Eva: -eva-interprocedural-splits -eva-partition-history 4 */
#include "parse/protobuf_message.h"
#include "parse/protobuf_write.h"
#include "tests/prove/input.h"

enum { FREE = 4, ROOM = 24 };

enum { INNER = 1, TRUTH, ITEM, MEMBERS };
static const struct protobuf_member members[MEMBERS] = {
    [INNER] = {"inner", PROTOBUF_LEN, false},
    [TRUTH] = {"truth", PROTOBUF_VARINT, false},
    [ITEM] = {"item", PROTOBUF_LEN, true},
};

static void read_inner(const struct protobuf_field *f)
{
    struct protobuf_message m = protobuf_message_in(f, "inner", members, MEMBERS);
    struct protobuf_field g;
    struct err err = {0};
    bool end = false;
    if (is_ok(protobuf_message_next(&m, &g, &end, &err)) && !end) (void)bytes_are_zero(g.view);
}

static void read(size_t n)
{
    uint8_t input[FREE];
    struct protobuf_message m = protobuf_message_over(INPUT(input, n), "message", members, MEMBERS);
    struct protobuf_field f;
    struct err err = {0};
    bool end = false, truth;
    //@ loop unroll FREE + 1;
    while (is_ok(protobuf_message_next(&m, &f, &end, &err)) && !end) {
        if (f.number == INNER) read_inner(&f);
        if (f.number == TRUTH) (void)is_ok(protobuf_message_bool(&m, &f, &truth, &err));
        if (f.number == ITEM) (void)bytes_are_zero(protobuf_optional(&f));
    }
}

static void write(size_t cap)
{
    uint8_t room[ROOM], value[3];
    struct protobuf_writer w = {room + sizeof room - cap, cap, 0};
    struct err err = {0};
    uint64_t number;
    UNKNOWN(number);
    UNKNOWN(value);
    protobuf_put_bytes(&w, 1, BYTES(value, (size_t)any(0, 3)));
    protobuf_put_bool(&w, 2, any(0, 1));
    protobuf_put_number(&w, 3, number);
    protobuf_put_item(&w, 4, BYTES_ABSENT);
    (void)is_ok(protobuf_written(&w, &err));
}

int main(void)
{
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        read(n);
    //@ loop unroll ROOM + 1;
    for (size_t cap = 0; cap <= ROOM; cap++)
        write(cap);
    struct protobuf_writer count = {0};
    protobuf_put_number(&count, 1, 1);
    return 0;
}
