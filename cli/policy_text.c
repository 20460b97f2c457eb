/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_text.h"

#include "cli/layout.h"
#include "parse/text.h"

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static void begin(FILE *out, const char *what)
{
    fprintf(out, "    %-12s ", what);
}

/* Words with blanks between them, each as a shell would need it. */
static void print_words(FILE *out, const struct texts *words)
{
    for (size_t i = 0; i < words->count; i++) {
        if (i > 0) fprintf(out, " ");
        layout_foreign(out, words->items[i]);
    }
    fprintf(out, "\n");
}

static void print_user(const struct policy_container *c, FILE *out)
{
    begin(out, "as");
    fprintf(out, "user %lu, group %lu, groups", (unsigned long)c->user.uid, (unsigned long)c->user.gid);
    for (size_t i = 0; i < c->user.gid_count; i++)
        fprintf(out, " %lu", (unsigned long)c->user.gids[i]);
    fprintf(out, "%s%s%s\n", c->is_privileged ? ", privileged" : "",
            c->no_new_privileges ? ", cannot gain privileges" : "",
            c->is_root_readonly ? ", its root file system is read-only" : "");
}

static void print_capabilities(const struct policy_container *c, FILE *out)
{
    begin(out, "may");
    if (c->capabilities == 0) fprintf(out, "do nothing that takes a capability");
    bool is_first = true;
    for (unsigned i = 0; i < CAPABILITIES; i++) {
        if (!(c->capabilities >> i & 1)) continue;
        fprintf(out, "%s%s", is_first ? "" : " ", capability_name(i) + sizeof "CAP_" - 1);
        is_first = false;
    }
    fprintf(out, "\n");
}

static const char *field_words(bytes field)
{
    static const char *const words[][2] = {{"sandbox-name", "the pod's name"},
                                           {"sandbox-namespace", "the pod's namespace"},
                                           {"pod-uid", "any UID of a pod"},
                                           {"ip", "any IP address"},
                                           {"ips", "any IP addresses"},
                                           {"node-name", "any name of a node"},
                                           {"number", "any number"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bytes_eq(field, text_bytes(words[i][0]))) return words[i][1];
    return "what the rules say of it";
}

static void print_variables(const struct policy_container *c, FILE *out)
{
    for (size_t i = 0; i < c->env.count; i++) {
        begin(out, "variable");
        layout_foreign(out, c->env.items[i]);
        fprintf(out, "\n");
    }
    for (size_t i = 0; i < c->env_fields.count; i++) {
        begin(out, "variable");
        layout_foreign(out, c->env_fields.items[i].key);
        fprintf(out, ": %s\n", field_words(c->env_fields.items[i].value));
    }
}

static bool is_readonly(const struct policy_mount *m)
{
    bool found = false;
    for (size_t i = 0; m->options[i]; i++)
        found = found || strcmp(m->options[i], "ro") == 0;
    return found;
}

/* What the guest makes in every container is not told. */
static void print_mounts(const struct policy_container *c, FILE *out)
{
    for (size_t i = 0; i < c->mounts.count; i++) {
        const struct policy_mount *m = &c->mounts.items[i];
        bool is_memory = m->from == MOUNT_AS_WRITTEN && strcmp(m->type, "bind") == 0;
        if (m->from == MOUNT_AS_WRITTEN && !is_memory) continue;
        begin(out, "mount");
        layout_foreign(out, m->destination);
        fprintf(out, ": %s%s\n",
                m->from == MOUNT_COPIED      ? "what the host puts there"
                : m->from == MOUNT_EMPTY_DIR ? "a folder or encrypted disk of the guest"
                                             : "memory of the guest",
                is_readonly(m) ? ", read-only" : "");
    }
    for (size_t i = 0; i < c->devices.count; i++) {
        begin(out, "device");
        layout_foreign(out, c->devices.items[i]);
        fprintf(out, ": a disk of the host's\n");
    }
}

static void print_commands(const struct policy_container *c, FILE *out)
{
    for (size_t i = 0; i < c->exec_count; i++) {
        begin(out, "exec");
        print_words(out, &c->exec_commands[i]);
    }
}

static void print_container(const struct policy_container *c, FILE *out)
{
    if (c->is_sandbox) {
        fprintf(out, "  the sandbox, from the image that the guest has itself\n");
    } else {
        fprintf(out, "  container ");
        layout_foreign(out, c->name);
        fprintf(out, "\n");
        begin(out, "image");
        layout_foreign(out, c->image);
        fprintf(out, "\n");
    }
    begin(out, "runs");
    print_words(out, &c->args);
    begin(out, "in");
    layout_foreign(out, c->cwd);
    fprintf(out, "%s%s\n", c->is_terminal ? ", with a terminal" : "",
            c->shares_pids ? ", and sees the pod's processes" : "");
    print_user(c, out);
    print_capabilities(c, out);
    print_variables(c, out);
    print_mounts(c, out);
    for (size_t i = 0; i < c->sysctls.count; i++) {
        begin(out, "sysctl");
        layout_foreign(out, c->sysctls.items[i].key);
        fprintf(out, " = ");
        layout_foreign(out, c->sysctls.items[i].value);
        fprintf(out, "\n");
    }
    print_commands(c, out);
}

/* ---- the pod ---------------------------------------------------------------------------------------------------- */

static void print_requests(const struct policy_pod *pod, FILE *out)
{
    static const char *const words[POLICY_REQUESTS] = {
        [POLICY_CLOSE_STDIN] = "close the input of containers",
        [POLICY_GET_DIAGNOSTIC_DATA] = "get diagnostic data",
        [POLICY_READ_STREAM] = "read what containers write (kubectl logs)",
        [POLICY_UPDATE_EPHEMERAL_MOUNTS] = "change mounts in memory",
        [POLICY_WRITE_STREAM] = "write to containers",
    };
    for (unsigned i = 0; i < POLICY_REQUESTS; i++)
        fprintf(out, "  the host may%s %s\n", pod->allows[i] ? "" : " not", words[i]);
}

void policy_text(const struct policy_pod *pod, FILE *out)
{
    fprintf(out, "  the pod's name is like ");
    layout_foreign(out, pod->name);
    fprintf(out, ", its namespace like ");
    layout_foreign(out, pod->name_space);
    fprintf(out, "\n");
    print_requests(pod, out);
    fprintf(out,
            "  the host may start each of these once, with fewer variables and mounts, and with what Kubernetes tells "
            "of Services\n");
    for (size_t i = 0; i < pod->count; i++)
        print_container(&pod->containers[i], out);
}
