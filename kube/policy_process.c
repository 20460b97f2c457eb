/* SPDX-License-Identifier: Apache-2.0 */
/* What a container runs and as whom: arguments, folder, user, groups, capabilities, commands of probes. */
#include <stdio.h>

#include "kube/policy_variables.h"
#include "parse/text.h"

/* ---- members ---------------------------------------------------------------------------------------------------- */

status build_bool(struct build *b, struct yaml_node *map, const char *key, bool by_default, bool *out)
{
    struct yaml_node *n = yaml_get(map, key);
    *out = yaml_is_null(n) ? by_default : yaml_text_is(n, "true");
    if (yaml_is_null(n) || yaml_text_is(n, "true") || yaml_text_is(n, "false")) return OK;
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s: want true or false, have %s", key, text_quote(yaml_text(n)).s);
}

status build_number(struct build *b, struct yaml_node *map, const char *key, uint64_t max, bool *is_there,
                    uint64_t *out)
{
    struct yaml_node *n = yaml_get(map, key);
    struct err why = {0};
    if (yaml_is_null(n)) return OK;
    *is_there = is_ok(decimal_parse(yaml_text(n), max, out, &why));
    return *is_there ? OK : REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s: %s", key, why.text);
}

status build_text(struct build *b, struct yaml_node *map, const char *key, bytes *out)
{
    struct yaml_node *n = yaml_get(map, key);
    *out = yaml_is_null(n) ? BYTES_ABSENT : yaml_text(n);
    if (yaml_is_null(n) || (n->kind == YAML_TEXT && yaml_is_string(n))) return OK;
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s: want a string, have %s", key, text_quote(*out).s);
}

size_t build_count(struct yaml_node *sequence)
{
    return sequence && sequence->kind == YAML_SEQUENCE ? sequence->count : 0;
}

struct yaml_node *build_item(struct yaml_node *sequence, size_t i)
{
    return yaml_follow(sequence->items[i]);
}

status build_texts(struct build *b, struct yaml_node *map, const char *key, struct texts *out)
{
    struct yaml_node *list = yaml_get(map, key);
    if (!yaml_is_null(list) && list->kind != YAML_SEQUENCE)
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, list, "%s: want a list of strings", key);
    for (size_t i = 0; i < build_count(list); i++) {
        struct yaml_node *n = build_item(list, i);
        if (n->kind != YAML_TEXT || !yaml_is_string(n))
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s: want strings", key);
        TRY(texts_add(out, n->text, b->memory, b->look.err));
    }
    return OK;
}

/* ---- arguments -------------------------------------------------------------------------------------------------- */

static status add_expanded(struct build *b, const struct variables *v, const char *key, struct err *err)
{
    struct texts list = {0};
    TRY(build_texts(b, b->yaml, key, &list));
    for (size_t i = 0; i < list.count; i++) {
        bytes text;
        TRY(variables_expand(b, v, list.items[i], yaml_get(b->yaml, key), &text));
        TRY(texts_add(&b->c->args, text, b->memory, err));
    }
    return OK;
}

static status add_of_image(struct build *b, const struct oci_texts *list)
{
    for (size_t i = 0; i < list->count; i++)
        TRY(texts_add(&b->c->args, list->items[i], b->memory, b->look.err));
    return OK;
}

static status build_args(struct build *b, const struct variables *v)
{
    bool has_command = build_count(yaml_get(b->yaml, "command")) > 0;
    bool has_args = build_count(yaml_get(b->yaml, "args")) > 0;
    if (!has_command) TRY(add_of_image(b, &b->image->entrypoint));
    TRY(add_expanded(b, v, "command", b->look.err));
    TRY(add_expanded(b, v, "args", b->look.err));
    if (!has_command && !has_args) TRY(add_of_image(b, &b->image->cmd));
    if (b->c->args.count > 0) return OK;
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, NULL, "container %s: neither it nor its image says what to run",
                  look_name(b->yaml).s);
}

/* Only what `value:` states is expanded in commands of probes. */
static status add_command(struct build *b, const struct variables *v, struct yaml_node *exec, bool is_probe)
{
    struct texts command = {0};
    void *all = b->c->exec_commands;
    if (!exec) return OK;
    TRY(build_texts(b, exec, "command", &command));
    for (size_t i = 0; i < command.count && is_probe; i++)
        TRY(variables_expand(b, v, command.items[i], exec, &command.items[i]));
    if (command.count == 0) return OK;
    TRY(arena_grow(b->memory, &all, b->c->exec_count, sizeof command, b->look.err));
    b->c->exec_commands = all;
    b->c->exec_commands[b->c->exec_count++] = command;
    return OK;
}

static status build_commands(struct build *b, const struct variables *v)
{
    static const char *const probes[] = {"startupProbe", "livenessProbe", "readinessProbe"};
    static const char *const hooks[] = {"postStart", "preStop"};
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++)
        TRY(add_command(b, v, yaml_get(yaml_get(b->yaml, probes[i]), "exec"), true));
    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++)
        TRY(add_command(b, v, yaml_get(yaml_get(yaml_get(b->yaml, "lifecycle"), hooks[i]), "exec"), false));
    return OK;
}

/* ---- capabilities ----------------------------------------------------------------------------------------------- */

static const uint64_t all_capabilities = (UINT64_C(1) << CAPABILITIES) - 1;

/* What containerd gives: CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW
 * SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP. */
static const uint64_t by_default = 0x00000000a80425fb;

static status change(struct build *b, struct yaml_node *capabilities, const char *key, uint64_t *set)
{
    struct texts names = {0};
    bool is_add = strcmp(key, "add") == 0;
    TRY(build_texts(b, capabilities, key, &names));
    for (size_t i = 0; i < names.count; i++) {
        unsigned number = 0;
        struct err why = {0};
        bool is_all = bytes_eq(names.items[i], BYTES_LIT("ALL"));
        if (!is_all && !is_ok(capability_find(names.items[i], &number, &why)))
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, yaml_get(capabilities, key), "container %s: %s",
                          look_name(b->yaml).s, why.text);
        uint64_t bits = is_all ? all_capabilities : UINT64_C(1) << number;
        *set = is_add ? *set | bits : *set & ~bits;
    }
    return OK;
}

void build_default_capabilities(struct build *b)
{
    b->c->capabilities = by_default;
}

static status build_capabilities(struct build *b, struct yaml_node *security)
{
    struct yaml_node *capabilities = yaml_get(security, "capabilities");
    uint64_t set = b->c->is_privileged ? all_capabilities : by_default;
    TRY(change(b, capabilities, "drop", &set));
    TRY(change(b, capabilities, "add", &set));
    b->c->capabilities = set;
    return OK;
}

/* ---- the user --------------------------------------------------------------------------------------------------- */

/* Field `n`, from 0, of a line whose fields are parted by ':'. */
static bytes field_of(bytes line, size_t n)
{
    size_t from = 0, at = 0;
    for (; at < line.len; at++) {
        if (line.ptr[at] != ':') continue;
        if (n-- == 0) return bytes_slice(line, from, at - from);
        from = at + 1;
    }
    return n == 0 ? bytes_slice(line, from, at - from) : BYTES_LIT("");
}

/* The line at *at, which moves behind it; false at the end. */
static bool next_line(bytes file, size_t *at, bytes *line)
{
    if (*at >= file.len) return false;
    const uint8_t *end = memchr(file.ptr + *at, '\n', file.len - *at);
    size_t n = end ? (size_t)(end - file.ptr) - *at : file.len - *at;
    *line = bytes_slice(file, *at, n);
    *at += n + 1;
    return true;
}

/* The first line of passwd whose field `n` is this. */
static bool find_user(bytes passwd, size_t n, bytes want, bytes *line)
{
    for (size_t at = 0; next_line(passwd, &at, line);)
        if (bytes_eq(field_of(*line, n), want)) return true;
    return false;
}

status build_gid(struct build *b, uint64_t gid)
{
    struct policy_user *u = &b->c->user;
    void *gids = u->gids;
    size_t at = 0;
    for (; at < u->gid_count && u->gids[at] <= gid; at++)
        if (u->gids[at] == gid) return OK;
    TRY(arena_grow(b->memory, &gids, u->gid_count, sizeof *u->gids, b->look.err));
    u->gids = gids;
    memmove(&u->gids[at + 1], &u->gids[at], (u->gid_count - at) * sizeof *u->gids);
    u->gids[at] = (uint32_t)gid;
    u->gid_count++;
    return OK;
}

/* Groups that have the user among their members. */
static status add_groups_of(struct build *b, bytes user)
{
    bytes line;
    for (size_t at = 0; next_line(b->group, &at, &line);) {
        bytes members = field_of(line, 3), name = field_of(line, 0);
        uint64_t gid;
        bool is_member = false;
        for (size_t from = 0, i = 0; i <= members.len; i++) {
            if (i < members.len && members.ptr[i] != ',') continue;
            is_member = is_member || bytes_eq(bytes_slice(members, from, i - from), user);
            from = i + 1;
        }
        if (is_member && !bytes_eq(name, user) && is_ok(decimal_parse(field_of(line, 2), UINT32_MAX, &gid, NULL)))
            TRY(build_gid(b, gid));
    }
    return OK;
}

/* The user that the image names, without its group. */
static status read_image_user(struct build *b, uint64_t *uid)
{
    bytes user = b->image->user, name = field_of(user, 0), line;
    *uid = 0;
    if (name.len == 0 || is_ok(decimal_parse(name, UINT32_MAX, uid, NULL))) return OK;
    if (find_user(b->passwd, 0, name, &line) && is_ok(decimal_parse(field_of(line, 2), UINT32_MAX, uid, NULL)))
        return OK;
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, yaml_get(b->yaml, "image"),
                  "container %s: its image runs as the user %s, whose number is not known", look_name(b->yaml).s,
                  text_quote(name).s);
}

/* What is said for the container counts before what is said for the pod. */
static status read_id(struct build *b, const char *key, bool *is_there, uint64_t *out)
{
    struct yaml_node *pod = yaml_get(b->look.r->pod_spec, "securityContext");
    TRY(build_number(b, pod, key, UINT32_MAX, is_there, out));
    return build_number(b, yaml_get(b->yaml, "securityContext"), key, UINT32_MAX, is_there, out);
}

static status add_supplemental(struct build *b)
{
    struct yaml_node *pod = yaml_get(b->look.r->pod_spec, "securityContext"),
                     *list = yaml_get(pod, "supplementalGroups");
    bool is_there = false;
    uint64_t gid;
    TRY(build_number(b, pod, "fsGroup", UINT32_MAX, &is_there, &gid));
    if (is_there) TRY(build_gid(b, gid));
    for (size_t i = 0; i < build_count(list); i++) {
        if (!is_ok(decimal_parse(yaml_text(list->items[i]), UINT32_MAX, &gid, NULL)))
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, list->items[i], "supplementalGroups: want numbers");
        TRY(build_gid(b, gid));
    }
    return OK;
}

status build_user(struct build *b)
{
    bool has_uid = false, has_gid = false;
    uint64_t uid = 0, gid = 0;
    char number[24];
    bytes line = BYTES_LIT("");
    TRY(read_id(b, "runAsUser", &has_uid, &uid));
    TRY(read_id(b, "runAsGroup", &has_gid, &gid));
    if (!has_uid) TRY(read_image_user(b, &uid));
    (void)snprintf(number, sizeof number, "%llu", (unsigned long long)uid);
    bool is_known = find_user(b->passwd, 2, text_bytes(number), &line);
    if (!has_gid && (!is_known || !is_ok(decimal_parse(field_of(line, 3), UINT32_MAX, &gid, NULL)))) gid = 0;
    b->c->user.uid = (uint32_t)uid;
    b->c->user.gid = (uint32_t)gid;
    TRY(build_gid(b, gid));
    if (is_known) TRY(add_groups_of(b, field_of(line, 0)));
    return add_supplemental(b);
}

/* ---- all of it -------------------------------------------------------------------------------------------------- */

/* What no policy of ours can say. */
static status refuse_unknown(struct build *b, struct yaml_node *security)
{
    struct yaml_node *mount = yaml_get(security, "procMount");
    if (mount && !yaml_text_is(mount, "Default"))
        TRY(REFUSE(b, LINT_POLICY_UNSUPPORTED, mount, "container %s: procMount: want Default", look_name(b->yaml).s));
    return OK;
}

status build_process(struct build *b)
{
    struct yaml_node *security = yaml_get(b->yaml, "securityContext");
    struct variables v;
    bool escalates;
    TRY(refuse_unknown(b, security));
    TRY(build_variables(b, &v));
    TRY(build_args(b, &v));
    TRY(build_commands(b, &v));
    TRY(build_text(b, b->yaml, "workingDir", &b->c->cwd));
    if (b->c->cwd.len == 0) b->c->cwd = b->image->working_dir;
    if (b->c->cwd.len == 0) b->c->cwd = BYTES_LIT("/");
    TRY(build_bool(b, b->yaml, "tty", false, &b->c->is_terminal));
    TRY(build_bool(b, security, "privileged", false, &b->c->is_privileged));
    TRY(build_bool(b, security, "readOnlyRootFilesystem", false, &b->c->is_root_readonly));
    TRY(build_bool(b, security, "allowPrivilegeEscalation", true, &escalates));
    b->c->no_new_privileges = !escalates;
    TRY(build_capabilities(b, security));
    return build_user(b);
}
