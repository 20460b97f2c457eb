/* SPDX-License-Identifier: Apache-2.0 */
/* Any text of up to 2 bytes; a block of four characters, one byte of which is any, alone and behind a comment; blocks
 * that are written, and read again.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/pem.h"
#include "parse/text.h"
#include "tests/prove/input.h"

enum { FREE = 2, LONGEST = 40, ROOM = 6, DER = 2 };

static void read(bytes in, bool comments)
{
    static const char *const labels[] = {"A", "BC"};
    uint8_t buf[ROOM];
    struct pem_reader r = {.in = in, .labels = labels, .label_count = 2, .comments = comments};
    struct pem_block block;
    struct err err = {0};
    bool end = false;
    UNKNOWN(buf);
    //@ loop unroll 3;
    while (is_ok(pem_next(&r, buf, sizeof buf, &block, &end, &err)) && !end)
        (void)bytes_are_zero(block.der);
}

static void any_bytes(size_t n)
{
    uint8_t input[FREE];
    read(INPUT(input, n), any(0, 1));
}

static void one_is_any(const char *form)
{
    size_t n = strlen(form);
    //@ loop unroll LONGEST;
    for (size_t at = 0; at < n; at++) {
        uint8_t input[LONGEST];
        memcpy(input + LONGEST - n, form, n);
        UNKNOWN(input[LONGEST - n + at]);
        read(BYTES(input + LONGEST - n, n), true);
    }
}

static void written(size_t n)
{
    uint8_t der[DER], buf[DER];
    char text[PEM_TEXT_SIZE(DER, 1)];
    bytes out[1];
    struct err err = {0};
    size_t size = PEM_TEXT_SIZE(n, 1);
    (void)is_ok(pem_write(INPUT(der, n), "A", text + sizeof text - size + 1, size - 1, &err));
    if (!is_ok(pem_write(INPUT(der, n), "A", text + sizeof text - size, size, &err))) return;
    if (is_ok(pem_parse(text_bytes(text + sizeof text - size), "A", out, 1, buf, sizeof buf, &err)))
        (void)bytes_are_zero(out[0]);
}

int main(void)
{
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        any_bytes(n);
    one_is_any("-----BEGIN A-----\nAAAA\n-----END A-----");
    //@ loop unroll DER + 1;
    for (size_t n = 0; n <= DER; n++)
        written(n);
    return 0;
}
