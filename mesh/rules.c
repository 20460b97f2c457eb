/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/rules.h"

#include <stdarg.h>
#include <stdio.h>

struct text {
    char *out;
    size_t cap, len;
};

PRINTF(2, 3) static void add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->out + t->len, t->cap - t->len, format, args);
    va_end(args);
    t->len += n > 0 ? (size_t)n : 0;
    if (t->len >= t->cap) t->len = t->cap - 1;
}

/* `which` begins a line: "tcp dport 80 ", or "meta l4proto tcp ". */
static void add_proxied(struct text *t, const char *which, unsigned port)
{
    add(t, "\t\tmeta nfproto ipv4 %s tproxy ip to :%u accept\n", which, port);
    add(t, "\t\tmeta nfproto ipv6 %s tproxy ip6 to :%u accept\n", which, port);
}

static void add_entry(struct text *t, const struct mesh_ingress_entry *e)
{
    char which[32];
    (void)snprintf(which, sizeof which, "tcp dport %u", e->port);
    if (e->disables_tls)
        add(t, "\t\t%s accept\n", which);
    else
        add_proxied(t, which, MESH_PORT_INGRESS_OPEN);
}

static void add_table(struct text *t, const struct mesh_ingress *ingress)
{
    add(t, "table inet contrast {\n\tchain in_redirect {\n");
    for (size_t i = 0; i < ingress->count; i++)
        add_entry(t, &ingress->entries[i]);
    add_proxied(t, "meta l4proto tcp", MESH_PORT_INGRESS);
    /* A rule with tproxy does not match while nobody listens: what comes then must not get through to the application.
     */
    add(t, "\t\tmeta l4proto tcp drop\n\t}\n\tchain prerouting {\n"
           "\t\ttype filter hook prerouting priority mangle; policy accept;\n"
           "\t\tmeta l4proto != tcp return\n"
           "\t\tiifname \"lo\" return\n"
           "\t\tct state established return\n"
           "\t\tjump in_redirect\n"
           "\t}\n}\n");
}

status mesh_rules_write(const struct mesh_ingress *ingress, char *out, size_t cap, struct err *err)
{
    struct text t = {out, cap, 0};
    /* Made before it is taken away, so that there is one to be taken away. */
    add(&t, "table inet contrast\ndelete table inet contrast\n");
    if (!ingress->is_disabled) add_table(&t, ingress);
    if (t.len + 1 >= cap) return err_set(err, ERR_LIMIT, 0, "netfilter rules: want at most %zu bytes", cap);
    return OK;
}
