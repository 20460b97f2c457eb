/* SPDX-License-Identifier: Apache-2.0 */
#include "net/machine_serve.h"

#include <errno.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "net/issuer.h"
#include "parse/text.h"

enum { HEAD_BYTES = 4, REQUEST_BYTES = HEAD_BYTES + ISSUER_REPORT_DATA_BYTES, DOCUMENT = 0, FAILURE = 1 };

static bool answer(int file, uint8_t kind, bytes rest)
{
    size_t len = 1 + rest.len;
    const uint8_t head[] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len, kind};
    return descriptor_write(file, BYTES(head, sizeof head)) && descriptor_write(file, rest);
}

static bool serve(const struct machine *machine, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], int file)
{
    /* Room for what machine_issue asks for before it knows. */
    struct buffer document = BUFFER("evidence", 2 * LIMIT_MACHINE_TABLE_BYTES);
    struct err err = {0};
    status s = machine_issue(machine, report_data, &document, &err);
    bool good = is_ok(s) ? answer(file, DOCUMENT, buffer_view(&document)) : answer(file, FAILURE, text_bytes(err.text));
    buffer_free(&document);
    return good;
}

bool machine_serve(const struct machine *machine, int in, int out)
{
    static const uint8_t head[HEAD_BYTES] = {0, 0, 0, ISSUER_REPORT_DATA_BYTES};
    for (;;) {
        uint8_t request[REQUEST_BYTES];
        size_t n;
        (void)descriptor_read(in, request, sizeof request, &n); /* a failure is an end too */
        if (n < sizeof request || memcmp(request, head, HEAD_BYTES) != 0) return n == 0;
        if (!serve(machine, request + HEAD_BYTES, out)) return false;
    }
}
