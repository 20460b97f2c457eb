/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/mesh_config.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static struct mesh_ingress_entry ins[LIMIT_MESH_ENTRIES];
static struct mesh_egress_entry outs[LIMIT_MESH_ENTRIES];

static bytes lit(const char *s)
{
    return BYTES((const uint8_t *)s, strlen(s));
}

struct refusal {
    const char *in;
    enum err_kind kind;
    size_t offset;
    const char *says;
};

static void expect_refusal(const struct refusal *r, status s, const struct err *err)
{
    cr_expect_eq(s.kind, r->kind, "%s: %s", r->in, err->text);
    cr_expect_eq(err->offset, r->offset, "%s: want %zu, have %zu", r->in, r->offset, err->offset);
    cr_expect(strstr(err->text, r->says), "%s: want %s, have %s", r->in, r->says, err->text);
}

/* ---- what is refused -------------------------------------------------------------------------------------------- */

Test(mesh_config, refuses_ingress)
{
    static const struct refusal rows[] = {
        {"disabled", ERR_SYNTAX, 0, "entry 1, \"disabled\": want NAME#PORT#true or NAME#PORT#false"},
        {"DISABLED##a#1#true", ERR_SYNTAX, 0, "entry 1, \"DISABLED\""},
        {"a#1#true#", ERR_SYNTAX, 0, "want NAME#PORT#true"},
        {"a#1", ERR_SYNTAX, 0, "want NAME#PORT#true"},
        {"#", ERR_SYNTAX, 0, "want NAME#PORT#true"},
        {"a#80#yes", ERR_SYNTAX, 0, "want true or false, have \"yes\""},
        {"a#80#", ERR_SYNTAX, 0, "want true or false, have \"\""},
        {"a#80#tRUE", ERR_SYNTAX, 0, "have \"tRUE\""},
        {"a#080#t", ERR_RANGE, 0, "want a port from 1 to 65535 without sign or leading zero, have \"080\""},
        {"a# 80#true", ERR_SYNTAX, 2, "contains whitespace or a control character: use a plain one-line string"},
        {"a#80#true\n", ERR_SYNTAX, 9, "contains whitespace"},
        {"a#80#true\x7f", ERR_SYNTAX, 9, "contains whitespace"},
        {"a#70000#true", ERR_RANGE, 0, "have \"70000\""},
        {"a#-1#true", ERR_RANGE, 0, "have \"-1\""},
        {"a#+1#true", ERR_RANGE, 0, "have \"+1\""},
        {"a#0#true", ERR_RANGE, 0, "have \"0\""},
        {"a##1#true", ERR_SYNTAX, 0, "entry 1, \"a\": want"},
        {"a#80#true##b#x#true", ERR_RANGE, 11, "entry 2, \"b#x#true\": want a port"},
        {"##a#80#true####b#x#true", ERR_RANGE, 15, "entry 2, \"b#x#true\": want a port"},
        {"a!#80#true", ERR_SYNTAX, 0, "want a name of letters, digits and \"-_.\", have \"a!\""},
        {"\xc3\xa4#80#true", ERR_SYNTAX, 0, "have \"\\xc3\\xa4\""},
        {"0123456789012345678901234567890123456789012345678901234567890123#80#true", ERR_RANGE, 0,
         "want a name of at most 63 characters, have 64"},
        {"a#80#true##b#80#false", ERR_DUPLICATE, 11, "entry 2, \"b#80#false\": port 80 is there already, as entry 1"},
        {"a#15006#true", ERR_RANGE, 0, "the proxy listens on port 15006 itself"},
        {"a#15007#true", ERR_RANGE, 0, "the proxy listens on port 15007 itself"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mesh_ingress m = {.count = 77};
        struct err err = {0};
        expect_refusal(&rows[i], mesh_ingress_parse(lit(rows[i].in), ins, COUNT(ins), &m, &err), &err);
        cr_expect_eq(m.count, 77);
    }
}

Test(mesh_config, refuses_egress)
{
    static const struct refusal rows[] = {
        {"", ERR_MISSING, 0, "want at least one entry"},
        {"####", ERR_MISSING, 0, "want at least one entry"},
        {"DISABLED", ERR_SYNTAX, 0, "want NAME#127.X.Y.Z:PORT#HOST:PORT"},
        {"e#10.0.0.1:8081#svc:80", ERR_SYNTAX, 0, "want an address in 127.0.0.0/8 to listen on, have \"10.0.0.1\""},
        {"e#[::1]:8081#svc:80", ERR_SYNTAX, 0, "have \"[::1]\""},
        {"e#::ffff:127.0.0.1:8081#svc:80", ERR_SYNTAX, 0, "have \"::ffff:127.0.0.1\""},
        {"e#127.0.0.01:1#svc:80", ERR_SYNTAX, 0, "have \"127.0.0.01\""},
        {"e#127.0.0.256:1#svc:80", ERR_SYNTAX, 0, "have \"127.0.0.256\""},
        {"e#127.1:1#svc:80", ERR_SYNTAX, 0, "have \"127.1\""},
        {"e#localhost:1#svc:80", ERR_SYNTAX, 0, "have \"localhost\""},
        {"e#127.0.0.1#svc:80", ERR_SYNTAX, 0, "want HOST:PORT, have \"127.0.0.1\""},
        {"e#127.0.0.1:0#svc:80", ERR_RANGE, 0, "want a port"},
        {"e#127.0.0.1:15006#svc:80", ERR_RANGE, 0, "the proxy listens on port 15006 itself"},
        {"e#127.0.0.1:9901#svc:80", ERR_DUPLICATE, 0, "the admin interface listens on port 9901"},
        {"e#127.0.0.1:1#svc", ERR_SYNTAX, 0, "want HOST:PORT, have \"svc\""},
        {"e#127.0.0.1:1#:80", ERR_SYNTAX, 0,
         "want a DNS name, an IPv4 address or an IPv6 address in brackets, have \"\""},
        {"e#127.0.0.1:1#svc:http", ERR_RANGE, 0, "have \"http\""},
        {"e#127.0.0.1:1#svc:", ERR_RANGE, 0, "have \"\""},
        {"e#127.0.0.1:1#svc:65536", ERR_RANGE, 0, "have \"65536\""},
        {"e#127.0.0.1:1#fd00::5:80", ERR_SYNTAX, 0, "have \"fd00::5\""},
        {"e#127.0.0.1:1#[svc]:80", ERR_SYNTAX, 0, "have \"[svc]\""},
        {"e#127.0.0.1:1#[10.0.0.1]:80", ERR_SYNTAX, 0, "have \"[10.0.0.1]\""},
        {"e#127.0.0.1:1#[]:80", ERR_SYNTAX, 0, "have \"[]\""},
        {"e#127.0.0.1:1#10.0.0.01:80", ERR_SYNTAX, 0, "have \"10.0.0.01\""},
        {"e#127.0.0.1:1#a.7:80", ERR_SYNTAX, 0, "have \"a.7\""},
        {"e#127.0.0.1:1#a..b:80", ERR_SYNTAX, 0, "have \"a..b\""},
        {"e#127.0.0.1:1#.a:80", ERR_SYNTAX, 0, "have \".a\""},
        {"e#127.0.0.1:1#.:80", ERR_SYNTAX, 0, "have \".\""},
        {"e#127.0.0.1:1#-a:80", ERR_SYNTAX, 0, "have \"-a\""},
        {"e#127.0.0.1:1#a-.b:80", ERR_SYNTAX, 0, "have \"a-.b\""},
        {"e#127.0.0.1:1#a-:80", ERR_SYNTAX, 0, "have \"a-\""},
        {"e#127.0.0.1:1#a/b:80", ERR_SYNTAX, 0, "have \"a/b\""},
        {"e#127.0.0.1:1#0123456789012345678901234567890123456789012345678901234567890123.a:80", ERR_SYNTAX, 0, "have"},
        {"#127.0.0.1:1#svc:80", ERR_MISSING, 0, "want a name in front of the first '#'"},
        {"e/#127.0.0.1:1#svc:80", ERR_SYNTAX, 0, "want a name of letters"},
        {"ingress#127.0.0.1:1#svc:80", ERR_RANGE, 0, "the name \"ingress\" is the proxy's own"},
        {"BlackHoleCluster#127.0.0.1:1#svc:80", ERR_RANGE, 0, "is the proxy's own"},
        {"e#127.0.0.1:1#svc:80##e#127.0.0.2:1#svc:80", ERR_DUPLICATE, 22,
         "entry 2, \"e#127.0.0.2:1#svc:80\": the name is that of entry 1"},
        {"e#127.0.0.1:1#svc:80##f#127.0.0.1:1#svc:81", ERR_DUPLICATE, 22, "entry 1 listens on this address and port"},
        {"e#127.0.0.1:1#svc:80#", ERR_SYNTAX, 0, "want NAME#"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mesh_egress m = {.count = 77};
        struct err err = {0};
        expect_refusal(&rows[i], mesh_egress_parse(lit(rows[i].in), 9901, outs, COUNT(outs), &m, &err), &err);
        cr_expect_eq(m.count, 77);
    }
}

Test(mesh_config, refuses_admin_ports)
{
    static const struct refusal rows[] = {
        {"0", ERR_RANGE, 0, "want a port"},     {"x", ERR_RANGE, 0, "want a port"},
        {"65536", ERR_RANGE, 0, "want a port"}, {"15007", ERR_RANGE, 0, "the proxy listens on port 15007 itself"},
        {" 1", ERR_RANGE, 0, "want a port"},
    };
    uint16_t port = 77;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        expect_refusal(&rows[i], mesh_admin_port_parse(lit(rows[i].in), &port, &err), &err);
    }
    cr_expect_eq(port, 77);
}

Test(mesh_config, refuses_more_than_its_limits)
{
    static char text[LIMIT_MESH_CONFIG_BYTES + 2];
    struct mesh_ingress in;
    struct mesh_egress out;
    struct err err = {0};
    memset(text, '#', sizeof text);
    cr_expect(is_ok(mesh_ingress_parse(BYTES((uint8_t *)text, LIMIT_MESH_CONFIG_BYTES), ins, 0, &in, NULL)));
    cr_expect_eq(mesh_ingress_parse(BYTES((uint8_t *)text, LIMIT_MESH_CONFIG_BYTES + 1), ins, 0, &in, &err).kind,
                 ERR_LIMIT);
    cr_expect_eq(mesh_egress_parse(BYTES((uint8_t *)text, LIMIT_MESH_CONFIG_BYTES + 1), 0, outs, 0, &out, &err).kind,
                 ERR_LIMIT);
    size_t n = 0;
    for (unsigned i = 0; i <= LIMIT_MESH_ENTRIES; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "a#%u#1##", i + 1);
    err = (struct err){0};
    cr_expect_eq(mesh_ingress_parse(BYTES((uint8_t *)text, n), ins, COUNT(ins), &in, &err).kind, ERR_LIMIT);
    cr_expect(strstr(err.text, "want at most 256 entries"), "%s", err.text);
    cr_expect_eq(mesh_ingress_parse(BYTES((uint8_t *)text, n), ins, 3, &in, NULL).kind, ERR_NOMEM);
    while (text[n - 3] != '#' || text[n - 4] != '#')
        n--;
    cr_expect(is_ok(mesh_ingress_parse(BYTES((uint8_t *)text, n - 2), ins, COUNT(ins), &in, NULL)));
    cr_expect_eq(in.count, LIMIT_MESH_ENTRIES);
}

/* ---- what is read ----------------------------------------------------------------------------------------------- */

Test(mesh_config, reads_ingress)
{
    static const struct {
        const char *in;
        size_t count;
        const char *last_name;
        uint16_t last_port;
        bool disables_tls;
    } rows[] = {
        {"", 0, NULL, 0, false},
        {"##", 0, NULL, 0, false},
        {"####", 0, NULL, 0, false},
        {"web#8080#false", 1, "web", 8080, false},
        {"a#1#true##", 1, "a", 1, true},
        {"a#1#true###8080#false", 2, "", 8080, false},
        {"#8080#false", 1, "", 8080, false},
        {"a#1#T##b#65535#0", 2, "b", 65535, false},
        {"a#1#true##b#1#TRUE", 2, "b", 1, true},
        {"A-_.9#1#False", 1, "A-_.9", 1, false},
        {"012345678901234567890123456789012345678901234567890123456789012#80#f", 1,
         "012345678901234567890123456789012345678901234567890123456789012", 80, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mesh_ingress m;
        struct err err = {0};
        cr_assert(is_ok(mesh_ingress_parse(lit(rows[i].in), ins, COUNT(ins), &m, &err)), "%s: %s", rows[i].in,
                  err.text);
        cr_expect(m.count == rows[i].count && !m.is_disabled, "%s", rows[i].in);
        if (m.count == 0) continue;
        const struct mesh_ingress_entry *last = &m.entries[m.count - 1];
        cr_expect(bytes_eq(last->name, lit(rows[i].last_name)) && last->port == rows[i].last_port &&
                      last->disables_tls == rows[i].disables_tls,
                  "%s", rows[i].in);
    }
    struct mesh_ingress m;
    cr_assert(is_ok(mesh_ingress_parse(lit("DISABLED"), ins, COUNT(ins), &m, NULL)));
    cr_expect(m.is_disabled && m.count == 0);
}

Test(mesh_config, reads_egress)
{
    static const struct {
        const char *in, *host;
        uint8_t listen[4];
        uint16_t listen_port, port;
        size_t ip_len;
        uint8_t ip[16];
    } rows[] = {
        {"e#127.137.0.1:8081#svc:80", "svc", {127, 137, 0, 1}, 8081, 80, 0, {0}},
        {"e#127.0.0.255:65535#a_b-c.d.:443", "a_b-c.d.", {127, 0, 0, 255}, 65535, 443, 0, {0}},
        {"e#127.0.0.1:1#10.1.2.3:2", "10.1.2.3", {127, 0, 0, 1}, 1, 2, 4, {10, 1, 2, 3}},
        {"e#127.0.0.1:1#[fd00::5]:80", "fd00::5", {127, 0, 0, 1}, 1, 80, 16, {0xfd, [15] = 5}},
        {"##x#127.0.0.1:1#7a:80##e#127.0.0.2:1#7.a:9##", "7.a", {127, 0, 0, 2}, 1, 9, 0, {0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mesh_egress m;
        struct err err = {0};
        cr_assert(is_ok(mesh_egress_parse(lit(rows[i].in), 0, outs, COUNT(outs), &m, &err)), "%s: %s", rows[i].in,
                  err.text);
        const struct mesh_egress_entry *e = &m.entries[m.count - 1];
        cr_expect(bytes_eq(e->name, lit("e")) && bytes_eq(e->host, lit(rows[i].host)), "%s", rows[i].in);
        cr_expect(memcmp(e->listen_ip, rows[i].listen, 4) == 0 && e->listen_port == rows[i].listen_port, "%s",
                  rows[i].in);
        cr_expect(e->port == rows[i].port && e->ip_len == rows[i].ip_len && e->is_ip == (rows[i].ip_len > 0), "%s",
                  rows[i].in);
        cr_expect_eq(memcmp(e->ip, rows[i].ip, e->ip_len), 0, "%s", rows[i].in);
    }
}

Test(mesh_config, reads_admin_ports)
{
    uint16_t port = 77;
    cr_expect(is_ok(mesh_admin_port_parse(lit(""), &port, NULL)) && port == 0);
    cr_expect(is_ok(mesh_admin_port_parse(lit("9901"), &port, NULL)) && port == 9901);
}

/* Each prefix of an entry is refused but where it ends with an entry, and each change of a byte changes what is read.
 */
Test(mesh_config, prefixes_and_changes)
{
    const char *whole = "emoji#127.137.0.1:8081#emoji-svc:8080##voting#127.137.0.2:8081#voting-svc:8080";
    struct mesh_egress m;
    size_t first = (size_t)(strstr(whole, "##") - whole), n = strlen(whole);
    for (size_t i = 0; i < n; i++) {
        bool is_one = (i > first - 4 && i <= first) || i == first + 1 || i == first + 2 || i > n - 4;
        /* The '#' behind an entry makes a fourth part. */
        if (i == first + 1) is_one = false;
        cr_expect_eq(is_ok(mesh_egress_parse(BYTES((const uint8_t *)whole, i), 0, outs, COUNT(outs), &m, NULL)), is_one,
                     "%.*s", (int)i, whole);
    }
    char text[128];
    for (size_t i = 0; i < n; i++) {
        strcpy(text, whole);
        text[i] = text[i] == 'x' ? 'y' : 'x';
        struct mesh_egress_entry was[2], is[2];
        cr_assert(is_ok(mesh_egress_parse(lit(whole), 0, was, 2, &m, NULL)));
        if (!is_ok(mesh_egress_parse(lit(text), 0, is, 2, &m, NULL))) continue;
        bool same = m.count == 2;
        for (size_t k = 0; k < 2 && same; k++)
            same = bytes_eq(is[k].name, was[k].name) && bytes_eq(is[k].host, was[k].host) && is[k].port == was[k].port;
        cr_expect_not(same, "%s", text);
    }
}
