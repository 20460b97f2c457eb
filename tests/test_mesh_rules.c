/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/rules.h, as text; tests/cli/mesh.t lets the kernel apply it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "mesh/rules.h"
#include "parse/text.h"

static struct mesh_ingress_entry entries[LIMIT_MESH_ENTRIES];
static struct mesh_ingress ingress;
static char script[MESH_RULES_TEXT_SIZE];

static void write_rules(const char *text)
{
    struct err err = {0};
    cr_assert(is_ok(mesh_ingress_parse(text_bytes(text), entries, LIMIT_MESH_ENTRIES, &ingress, &err)), "%s", err.text);
    cr_assert(is_ok(mesh_rules_write(&ingress, script, sizeof script, &err)), "%s", err.text);
}

/* Lines of the chain that decides, in their order. */
static size_t count_rules(const char *word)
{
    size_t n = 0;
    const char *at = strstr(script, "chain in_redirect"), *end = at ? strstr(at, "}") : NULL;
    while (at && (at = strstr(at, word)) && at < end) {
        n++;
        at += strlen(word);
    }
    return n;
}

Test(mesh_rules, what_is_not_proxied_by_name_is_proxied_or_dropped)
{
    write_rules("");
    cr_expect_eq(count_rules(":15006 accept"), 2);
    cr_expect_eq(count_rules(":15007 accept"), 0);
    cr_expect(strstr(script, "\t\tmeta l4proto tcp drop\n\t}\n"), "%s", script);
}

Test(mesh_rules, each_named_port_has_its_rules)
{
    write_rules("a#8080#false##b#9090#true");
    cr_expect_eq(count_rules("tcp dport 8080 tproxy ip to :15007 accept"), 1);
    cr_expect_eq(count_rules("tcp dport 8080 tproxy ip6 to :15007 accept"), 1);
    cr_expect_eq(count_rules("tcp dport 9090 accept"), 1);
    cr_expect_lt(strstr(script, "dport 9090"), strstr(script, ":15006"), "%s", script);
}

Test(mesh_rules, a_disabled_ingress_takes_the_table_away)
{
    write_rules("DISABLED");
    cr_expect_str_eq(script, "table inet contrast\ndelete table inet contrast\n");
}

Test(mesh_rules, the_longest_fits_and_no_more)
{
    static char text[LIMIT_MESH_CONFIG_BYTES + 1];
    size_t n = 0;
    for (unsigned i = 0; i < LIMIT_MESH_ENTRIES; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "#%u#false##", 65000 - i);
    write_rules(text);
    cr_expect_eq(count_rules(":15007 accept"), 2 * LIMIT_MESH_ENTRIES);
    struct err err = {0};
    const size_t whole = strlen(script) + 1;
    cr_expect(is_ok(mesh_rules_write(&ingress, script, whole + 1, &err)));
    for (size_t cap = 1; cap <= whole; cap += 97)
        cr_expect_eq(mesh_rules_write(&ingress, script, cap, &err).kind, ERR_LIMIT, "%zu", cap);
}
