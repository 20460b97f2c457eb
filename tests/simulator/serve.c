/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/serve.h"

#include <stdio.h>
#include <string.h>

#include "parse/text.h"

enum { HEAD_BYTES = 4, REPORT_DATA_BYTES = 64 };

static bool read_request(uint8_t report_data[REPORT_DATA_BYTES])
{
    static const uint8_t want[HEAD_BYTES] = {0, 0, 0, REPORT_DATA_BYTES};
    uint8_t head[HEAD_BYTES];
    return fread(head, 1, sizeof head, stdin) == sizeof head && memcmp(head, want, sizeof head) == 0 &&
           fread(report_data, 1, REPORT_DATA_BYTES, stdin) == REPORT_DATA_BYTES;
}

static bool write_answer(uint8_t kind, bytes rest)
{
    size_t len = rest.len + 1;
    const uint8_t head[] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len, kind};
    return fwrite(head, 1, sizeof head, stdout) == sizeof head && fwrite(rest.ptr, 1, rest.len, stdout) == rest.len &&
           fflush(stdout) == 0;
}

static bool answer(const struct sim_options *options, const uint8_t report_data[REPORT_DATA_BYTES],
                   struct sim_evidence *room)
{
    struct sim_options o = *options;
    struct err err = {0};
    char hex[HEX_TEXT_SIZE(REPORT_DATA_BYTES)], field[16 + sizeof hex];
    status s = o.report.count < SIM_LIST_MAX ? hex_write(BYTES(report_data, REPORT_DATA_BYTES), hex, sizeof hex, &err)
                                             : err_set(&err, ERR_LIMIT, 0, "too many fields");
    if (is_ok(s)) {
        (void)snprintf(field, sizeof field, "report_data=%s", hex);
        o.report.text[o.report.count++] = field;
        s = sim_make(&o, room, &err);
    }
    return is_ok(s) ? write_answer(0, sim_file(room, SIM_FILE_EVIDENCE)) : write_answer(1, text_bytes(err.text));
}

status sim_serve(const struct sim_options *options, struct sim_evidence *room, struct err *err)
{
    uint8_t report_data[REPORT_DATA_BYTES];
    while (read_request(report_data))
        if (!answer(options, report_data, room)) return err_set(err, ERR_IO, 0, "standard output: cannot be written");
    return feof(stdin) ? OK
                       : err_set(err, ERR_SYNTAX, 0, "standard input: want requests of %d bytes", REPORT_DATA_BYTES);
}
