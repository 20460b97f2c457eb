/* SPDX-License-Identifier: Apache-2.0 */
/* Target: mesh_rules_write, of every annotation that is read.  The script is walked as the kernel would, rule by rule,
 * for ports that are named, neighbours of the first, and the ends: each is exempt because it was named with true, goes
 * to the proxy's port without certificates because it was named with false, or goes to the one with. */
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

/* Whether a line decides over a packet, and how; a line that is none of the known ones aborts. */
static bool decides(const char *line, const char *family, unsigned port, unsigned *verdict)
{
    bool is_of_family = true, is_of_port = true;
    if (take(&line, "meta nfproto ")) {
        is_of_family = take(&line, family);
        if (!is_of_family) line += strlen("ipv4");
        require(*line++ == ' ');
    }
    if (take(&line, "tcp dport "))
        is_of_port = take_number(&line) == port;
    else
        require(take(&line, "meta l4proto tcp"));
    *verdict = TO_APPLICATION;
    if (take(&line, " drop")) {
        *verdict = DROPPED;
    } else {
        if (take(&line, " tproxy ip to :") || take(&line, " tproxy ip6 to :")) *verdict = take_number(&line);
        require(take(&line, " accept"));
    }
    require(*line == '\n');
    return is_of_family && is_of_port;
}

static unsigned walk(const char *script, const char *family, unsigned port)
{
    const char *line = strstr(script, "chain in_redirect {\n");
    unsigned verdict = DROPPED;
    require(line);
    while ((line = strchr(line, '\n') + 1) && take(&line, "\t\t"))
        if (decides(line, family, port, &verdict)) return verdict;
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
    require(walk(script, "ipv4", port) == wanted(ingress, port));
    require(walk(script, "ipv6", port) == wanted(ingress, port));
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
