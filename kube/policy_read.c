/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_read.h"

#include "parse/json.h"
#include "parse/text.h"

/* Keys of all objects that are open: one of them may have as many as the reader takes. */
enum { OPEN_KEYS = LIMIT_JSON_KEYS + 128 };

struct reader {
    struct json_reader json;
    struct arena *memory;
};

status policy_split(bytes rego, bytes *rules, bytes *data, struct err *err)
{
    const bytes mark = BYTES_LIT("\npolicy_data := {");
    for (size_t i = rego.len; i-- > 0;)
        if (bytes_eq(bytes_slice(rego, i, mark.len), mark)) {
            *rules = bytes_slice(rego, 0, i);
            *data = bytes_slice(rego, i + mark.len - 1, rego.len - i - mark.len + 1);
            return OK;
        }
    return err_set(err, ERR_MISSING, 0, "the policy has no data of a pod as this program writes them");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* A copy: views of the reader are gone with the next document. */
static status get_text(struct reader *r, bytes *out, struct err *err)
{
    TRY(json_get_text(&r->json, out, err));
    return arena_copy(r->memory, *out, out, err);
}

/* With a NUL behind it. */
static status get_word(struct reader *r, const char **out, struct err *err)
{
    bytes text;
    void *room;
    TRY(json_get_text(&r->json, &text, err));
    TRY(arena_take(r->memory, text.len + 1, 1, &room, err));
    if (text.len > 0) memcpy(room, text.ptr, text.len);
    *out = room;
    return OK;
}

static status get_texts(struct reader *r, struct texts *out, struct err *err)
{
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        bytes text;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(get_text(r, &text, err));
        TRY(texts_add(out, text, r->memory, err));
    }
}

static status get_pairs(struct reader *r, struct pairs *out, struct err *err)
{
    TRY(json_enter_object(&r->json, err));
    for (bool end;;) {
        bytes key, value;
        TRY(json_next_key(&r->json, &key, &end, err));
        if (end) return OK;
        TRY(arena_copy(r->memory, key, &key, err));
        TRY(get_text(r, &value, err));
        TRY(pairs_add(out, key, value, r->memory, err));
    }
}

static status get_id(struct reader *r, uint32_t *out, struct err *err)
{
    uint64_t id;
    TRY(json_get_u64(&r->json, UINT32_MAX, &id, err));
    *out = (uint32_t)id;
    return OK;
}

/* Members of an object by their names; what the table does not have is refused. */
typedef status get_member(struct reader *r, void *to, size_t member, struct err *err);

static status get_object(struct reader *r, const struct json_field *table, size_t count, get_member *get, void *to,
                         struct err *err)
{
    struct json_fields f = {.table = table, .count = count};
    TRY(json_enter_object(&r->json, err));
    for (size_t field;;) {
        bool end;
        TRY(json_next_field(&r->json, &f, &field, &end, err));
        if (end) return OK;
        TRY(get(r, to, field, err));
    }
}

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

/* ---- a container ------------------------------------------------------------------------------------------------ */

static status get_gids(struct reader *r, struct policy_user *u, struct err *err)
{
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        void *gids = u->gids;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(arena_grow(r->memory, &gids, u->gid_count, sizeof *u->gids, err));
        u->gids = gids;
        TRY(get_id(r, &u->gids[u->gid_count++], err));
    }
}

static status get_user_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_user *u = to;
    if (member == 2) return get_gids(r, u, err);
    return get_id(r, member == 0 ? &u->uid : &u->gid, err);
}

static status get_user(struct reader *r, struct policy_user *u, struct err *err)
{
    static const struct json_field fields[] = {{"UID", true}, {"GID", true}, {"AdditionalGids", true}};
    return get_object(r, fields, COUNT_OF(fields), get_user_member, u, err);
}

static status get_capabilities(struct reader *r, uint64_t *out, struct err *err)
{
    struct texts names = {0};
    const size_t prefix = sizeof "CAP_" - 1;
    TRY(get_texts(r, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        unsigned number = 0;
        bytes name = names.items[i];
        bytes rest = name.len > prefix ? bytes_slice(name, prefix, name.len - prefix) : BYTES_LIT("");
        TRY(capability_find(rest, &number, err));
        *out |= UINT64_C(1) << number;
    }
    return OK;
}

static status get_process_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_container *c = to;
    switch (member) {
    case 0:
        return json_get_bool(&r->json, &c->is_terminal, err);
    case 1:
        return get_user(r, &c->user, err);
    case 2:
        return get_texts(r, &c->args, err);
    case 3:
        return get_texts(r, &c->env, err);
    case 4:
        return get_text(r, &c->cwd, err);
    case 5:
        return get_capabilities(r, &c->capabilities, err);
    default:
        return json_get_bool(&r->json, &c->no_new_privileges, err);
    }
}

static status get_root_member(struct reader *r, void *to, size_t member, struct err *err)
{
    (void)member;
    return json_get_bool(&r->json, to, err);
}

static status get_options(struct reader *r, struct policy_mount *m, struct err *err)
{
    TRY(json_enter_array(&r->json, err));
    for (size_t i = 0;; i++) {
        bool end;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        if (i + 1 >= COUNT_OF(m->options)) return json_refuse(&r->json, err, ERR_LIMIT, "too many options of a mount");
        TRY(get_word(r, &m->options[i], err));
    }
}

static status get_mount_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_mount *m = to;
    switch (member) {
    case 0:
        return get_text(r, &m->destination, err);
    case 1:
        m->from = MOUNT_AS_WRITTEN;
        return get_text(r, &m->source, err);
    case 2:
        m->from = MOUNT_COPIED;
        return get_text(r, &m->source, err);
    case 3:
        m->from = MOUNT_EMPTY_DIR;
        return get_text(r, &m->source, err);
    case 4:
        return get_word(r, &m->type, err);
    default:
        return get_options(r, m, err);
    }
}

static status get_mounts(struct reader *r, struct policy_mounts *out, struct err *err)
{
    static const struct json_field fields[] = {{"destination", true}, {"source", false}, {"shared_name", false},
                                               {"empty_dir", false},  {"type_", true},   {"options", true}};
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        void *items = out->items;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(arena_grow(r->memory, &items, out->count, sizeof *out->items, err));
        out->items = items;
        out->items[out->count] = (struct policy_mount){.source = BYTES_LIT("")};
        TRY(get_object(r, fields, COUNT_OF(fields), get_mount_member, &out->items[out->count++], err));
    }
}

/* What a container has in common with others of its privileges is known by one of the lists. */
static status get_linux_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_container *c = to;
    struct texts words = {0};
    if (member == 3) return get_pairs(r, &c->sysctls, err);
    TRY(get_texts(r, &words, err));
    if (member == 1) c->is_privileged = words.count == 0;
    return OK;
}

static status get_oci_member(struct reader *r, void *to, size_t member, struct err *err)
{
    static const struct json_field process[] = {
        {"Terminal", true}, {"User", true},         {"Args", true},           {"Env", true},
        {"Cwd", true},      {"Capabilities", true}, {"NoNewPrivileges", true}};
    static const struct json_field root[] = {{"Readonly", true}};
    static const struct json_field linux_fields[] = {
        {"Namespaces", true}, {"MaskedPaths", true}, {"ReadonlyPaths", true}, {"Sysctl", true}};
    struct policy_container *c = to;
    switch (member) {
    case 0:
        return get_object(r, process, COUNT_OF(process), get_process_member, c, err);
    case 1:
        return get_object(r, root, COUNT_OF(root), get_root_member, &c->is_root_readonly, err);
    case 2:
        return get_mounts(r, &c->mounts, err);
    case 3:
        return get_pairs(r, &c->annotations, err);
    default:
        return get_object(r, linux_fields, COUNT_OF(linux_fields), get_linux_member, c, err);
    }
}

/* "/run/kata-containers/sandbox/ephemeral/NAME" */
static bytes name_of(bytes path)
{
    size_t slash = 0;
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] == '/') slash = i + 1;
    return bytes_slice(path, slash, path.len - slash);
}

static status get_storage_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_storage *s = to;
    if (member > 1) return json_skip(&r->json, err);
    s->is_in_memory = member == 1;
    TRY(get_text(r, &s->name, err));
    if (member == 1) s->name = name_of(s->name);
    return OK;
}

static status get_storages(struct reader *r, struct policy_storages *out, struct err *err)
{
    static const struct json_field fields[] = {{"empty_dir", false},      {"mount_point", false}, {"driver", false},
                                               {"driver_options", false}, {"source", false},      {"fstype", false},
                                               {"options", false},        {"fs_group", false},    {"shared", false}};
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        void *items = out->items;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(arena_grow(r->memory, &items, out->count, sizeof *out->items, err));
        out->items = items;
        out->items[out->count] = (struct policy_storage){.name = BYTES_LIT("")};
        TRY(get_object(r, fields, COUNT_OF(fields), get_storage_member, &out->items[out->count++], err));
    }
}

static status get_commands(struct reader *r, struct policy_container *c, struct err *err)
{
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        void *all = c->exec_commands;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(arena_grow(r->memory, &all, c->exec_count, sizeof *c->exec_commands, err));
        c->exec_commands = all;
        c->exec_commands[c->exec_count] = (struct texts){0};
        TRY(get_texts(r, &c->exec_commands[c->exec_count++], err));
    }
}

static status get_container_member(struct reader *r, void *to, size_t member, struct err *err)
{
    static const struct json_field oci[] = {
        {"Process", true}, {"Root", true}, {"Mounts", true}, {"Annotations", true}, {"Linux", true}};
    struct policy_container *c = to;
    switch (member) {
    case 0:
        return get_object(r, oci, COUNT_OF(oci), get_oci_member, c, err);
    case 1:
        return get_text(r, &c->image, err);
    case 2:
        return get_pairs(r, &c->env_fields, err);
    case 3:
        return get_storages(r, &c->storages, err);
    case 4:
        return get_texts(r, &c->devices, err);
    case 5:
        return json_get_bool(&r->json, &c->shares_pids, err);
    case 6:
        return get_commands(r, c, err);
    default:
        return get_pairs(r, &c->annotation_patterns, err);
    }
}

static void name_container(struct policy_container *c)
{
    bytes kind = pairs_find(&c->annotations, BYTES_LIT("io.kubernetes.cri.container-type"));
    c->is_sandbox = bytes_eq(kind, BYTES_LIT("sandbox"));
    c->name = pairs_find(&c->annotations, BYTES_LIT("io.kubernetes.cri.container-name"));
}

/* ---- the document ----------------------------------------------------------------------------------------------- */

static status get_containers(struct reader *r, struct policy_pod *pod, struct err *err)
{
    static const struct json_field fields[] = {
        {"OCI", true},     {"image", true},         {"env_fields", true},    {"storages", true},
        {"devices", true}, {"sandbox_pidns", true}, {"exec_commands", true}, {"annotation_patterns", true}};
    TRY(json_enter_array(&r->json, err));
    for (bool end;;) {
        void *all = pod->containers;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        TRY(arena_grow(r->memory, &all, pod->count, sizeof *pod->containers, err));
        pod->containers = all;
        struct policy_container *c = &pod->containers[pod->count++];
        *c = (struct policy_container){0};
        TRY(get_object(r, fields, COUNT_OF(fields), get_container_member, c, err));
        name_container(c);
    }
}

static status get_sandbox_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_pod *pod = to;
    if (member == 0) return json_skip(&r->json, err);
    return get_text(r, member == 1 ? &pod->name : &pod->name_space, err);
}

static status get_request_member(struct reader *r, void *to, size_t member, struct err *err)
{
    struct policy_pod *pod = to;
    return json_get_bool(&r->json, &pod->allows[member], err);
}

static status get_pod_member(struct reader *r, void *to, size_t member, struct err *err)
{
    static const struct json_field sandbox[] = {{"storages", true}, {"name", true}, {"namespace", true}};
    struct json_field requests[POLICY_REQUESTS];
    struct policy_pod *pod = to;
    for (unsigned i = 0; i < POLICY_REQUESTS; i++)
        requests[i] = (struct json_field){policy_request_name((enum policy_request)i), true};
    switch (member) {
    case 0:
        return get_containers(r, pod, err);
    case 1:
        return get_pairs(r, &pod->annotations, err);
    case 2:
        return get_object(r, sandbox, COUNT_OF(sandbox), get_sandbox_member, pod, err);
    default:
        return get_object(r, requests, POLICY_REQUESTS, get_request_member, pod, err);
    }
}

/* Whatever was passed over is as it has to be. */
static status check_same(bytes data, const struct policy_pod *pod, struct arena *memory, struct err *err)
{
    bytes again;
    TRY(policy_data_write(pod, memory, &again, err));
    while (data.len > 0 && data.ptr[data.len - 1] == '\n')
        data.len--;
    if (bytes_eq(data, again)) return OK;
    size_t at = 0;
    while (at < data.len && at < again.len && data.ptr[at] == again.ptr[at])
        at++;
    return err_set(err, ERR_MISMATCH, at, "line %zu of the data is not as this program writes it",
                   text_place_of(data, at).line);
}

status policy_data_parse(bytes data, struct arena *memory, struct policy_pod *out, struct err *err)
{
    static const struct json_field fields[] = {
        {"containers", true}, {"pod_annotations", true}, {"sandbox", true}, {"request_defaults", true}};
    struct policy_pod pod = {0};
    void *keys, *text;
    TRY(arena_take(memory, OPEN_KEYS, sizeof(bytes), &keys, err));
    TRY(arena_take(memory, data.len, 1, &text, err));
    struct reader r = {.json = {.in = data, .keys = keys, .key_cap = OPEN_KEYS, .text = text, .text_cap = data.len},
                       .memory = memory};
    TRY(get_object(&r, fields, COUNT_OF(fields), get_pod_member, &pod, err));
    TRY(json_finish(&r.json, err));
    TRY(check_same(data, &pod, memory, err));
    *out = pod;
    return OK;
}
