/* SPDX-License-Identifier: Apache-2.0 */
/* Target: mesh_rules_write, of every annotation that is read.
 *
 * Its chain in_redirect is walked as the kernel would, rule by rule, for ports that are named, neighbours of the first,
 * and the ends.  Properties: each is exempt because it was named with true, goes to the proxy's port without
 * certificates because it was named with false, or goes to the one with; and what is not exempt is dropped while nobody
 * listens there.  What leads into the chain is the same for every input, and tests/cli/mesh.t's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mesh/rules.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TO_APPLICATION = 0, DROPPED = 65536 };

static void require(bool holds)
{
    if (!holds) abort();
}

static bool take(const char **at, const char *word)
{
    bool is_there = strncmp(*at, word, strlen(word)) == 0;
    if (is_there) *at += strlen(word);
    return is_there;
}

static unsigned take_number(const char **at)
{
    char *end = NULL;
    unsigned long n = strtoul(*at, &end, 10);
    require(end != *at && n >= 1 && n <= 65535);
    *at = end;
    return (unsigned)n;
}

struct packet {
    bool is_v6, is_heard; /* somebody listens on the proxy's ports */
    unsigned port;
};

/* What a rule does with what it matches; `tproxy` is how one of its family may say so, NULL for one of both.  That
 * matches only while somebody listens. */
static bool take_verdict(const char **line, const struct packet *p, const char *tproxy, unsigned *verdict)
{
    *verdict = DROPPED;
    if (take(line, " drop\n")) return true;
    bool is_proxied = tproxy && take(line, tproxy);
    *verdict = is_proxied ? take_number(line) : TO_APPLICATION;
    require(take(line, " accept\n"));
    return !is_proxied || p->is_heard;
}

/* Takes a rule; whether it decides over the packet, and how.  One that is none of the known ones aborts. */
static bool take_rule(const char **line, const struct packet *p, unsigned *verdict)
{
    bool is_v4 = take(line, "meta nfproto ipv4 "), is_v6 = !is_v4 && take(line, "meta nfproto ipv6 ");
    bool is_of_family = p->is_v6 ? !is_v4 : !is_v6, is_of_port = true;
    if (take(line, "tcp dport "))
        is_of_port = take_number(line) == p->port;
    else
        require(take(line, "meta l4proto tcp"));
    bool matches = take_verdict(line, p, is_v4 ? " tproxy ip to :" : is_v6 ? " tproxy ip6 to :" : NULL, verdict);
    return is_of_family && is_of_port && matches;
}

static unsigned walk(const char *script, struct packet p)
{
    static const char head[] = "chain in_redirect {\n";
    const char *line = strstr(script, head);
    unsigned verdict = DROPPED;
    require(line);
    line += strlen(head);
    while (take(&line, "\t\t"))
        if (take_rule(&line, &p, &verdict)) return verdict;
    abort(); /* it falls through: nobody has decided */
}

static unsigned wanted(const struct mesh_ingress *ingress, unsigned port)
{
    for (size_t i = 0; i < ingress->count; i++)
        if (ingress->entries[i].port == port)
            return ingress->entries[i].disables_tls ? TO_APPLICATION : MESH_PORT_INGRESS_OPEN;
    return MESH_PORT_INGRESS;
}

static void require_port(const char *script, const struct mesh_ingress *ingress, unsigned port)
{
    if (port < 1 || port > 65535) return;
    const unsigned want = wanted(ingress, port), unheard = want == TO_APPLICATION ? TO_APPLICATION : DROPPED;
    for (unsigned is_v6 = 0; is_v6 < 2; is_v6++) {
        require(walk(script, (struct packet){.port = port, .is_v6 = is_v6, .is_heard = true}) == want);
        require(walk(script, (struct packet){.port = port, .is_v6 = is_v6, .is_heard = false}) == unheard);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mesh_ingress_entry entries[LIMIT_MESH_ENTRIES];
    static char script[MESH_RULES_TEXT_SIZE];
    struct mesh_ingress ingress;
    struct err err = {0};
    if (!is_ok(mesh_ingress_parse(BYTES(data, size), entries, LIMIT_MESH_ENTRIES, &ingress, NULL))) return 0;
    require(is_ok(mesh_rules_write(&ingress, script, sizeof script, &err)));
    require((strstr(script, "chain") == NULL) == ingress.is_disabled);
    if (ingress.is_disabled) return 0;
    require_port(script, &ingress, 1);
    require_port(script, &ingress, 65535);
    for (size_t i = 0; i < ingress.count; i++)
        require_port(script, &ingress, ingress.entries[i].port);
    for (unsigned near = 0; ingress.count > 0 && near < 3; near++)
        require_port(script, &ingress, ingress.entries[0].port - 1u + near);
    char small[64];
    require(mesh_rules_write(&ingress, small, sizeof small, &err).kind == ERR_LIMIT);
    return 0;
}
