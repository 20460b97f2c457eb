/* SPDX-License-Identifier: Apache-2.0 */
/* Any text of up to 2 bytes; entries of each kind, one byte of which is any.
 *
 * Eva: -eva-interprocedural-splits */
#include "parse/mesh_config.h"
#include "parse/text.h"
#include "tests/prove/input.h"

enum { FREE = 2, LONGEST = 32, ENTRIES = 2, ADMIN = 9901 };

enum kind { INGRESS, EGRESS };

static void ingress(bytes in)
{
    struct mesh_ingress_entry entries[ENTRIES];
    struct mesh_ingress out;
    struct err err = {0};
    if (!is_ok(mesh_ingress_parse(in, entries, ENTRIES, &out, &err))) return;
    for (size_t i = 0; i < out.count; i++)
        (void)bytes_are_zero(out.entries[i].name);
}

static void egress(bytes in)
{
    struct mesh_egress_entry entries[ENTRIES];
    struct mesh_egress out;
    struct err err = {0};
    if (!is_ok(mesh_egress_parse(in, ADMIN, entries, ENTRIES, &out, &err))) return;
    for (size_t i = 0; i < out.count; i++) {
        (void)bytes_are_zero(out.entries[i].host);
        (void)bytes_are_zero(BYTES(out.entries[i].ip, out.entries[i].ip_len));
    }
}

static void any_bytes(size_t n)
{
    uint8_t input[FREE];
    uint16_t port;
    struct err err = {0};
    ingress(INPUT(input, n));
    egress(INPUT(input, n));
    (void)is_ok(mesh_admin_port_parse(INPUT(input, n), &port, &err));
}

static void one_is_any(enum kind kind, const char *form)
{
    size_t n = strlen(form);
    //@ loop unroll LONGEST;
    for (size_t at = 0; at < n; at++) {
        uint8_t input[LONGEST];
        memcpy(input + LONGEST - n, form, n);
        UNKNOWN(input[LONGEST - n + at]);
        bytes in = BYTES(input + LONGEST - n, n);
        if (kind == INGRESS)
            ingress(in);
        else
            egress(in);
    }
}

int main(void)
{
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        any_bytes(n);
    one_is_any(INGRESS, "DISABLED");
    one_is_any(INGRESS, "a#8#true##b#9#f");
    one_is_any(EGRESS, "a#127.0.0.1:2#h-1.:3");
    one_is_any(EGRESS, "a#127.0.0.1:2#[::]:3");
    return 0;
}
