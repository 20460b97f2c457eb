/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_data.h"

#include <stdlib.h>

#include "kube/json_put.h"
#include "parse/text.h"

/* ---- lists ------------------------------------------------------------------------------------------------------ */

status texts_add(struct texts *list, bytes text, struct arena *memory, struct err *err)
{
    void *items = list->items;
    TRY(arena_grow(memory, &items, list->count, sizeof *list->items, err));
    list->items = items;
    list->items[list->count++] = text;
    return OK;
}

status pairs_add(struct pairs *list, bytes key, bytes value, struct arena *memory, struct err *err)
{
    void *items = list->items;
    TRY(arena_grow(memory, &items, list->count, sizeof *list->items, err));
    list->items = items;
    list->items[list->count++] = (struct pair){key, value};
    return OK;
}

bytes pairs_find(const struct pairs *list, bytes key)
{
    for (size_t i = 0; i < list->count; i++)
        if (bytes_eq(list->items[i].key, key)) return list->items[i].value;
    return BYTES_ABSENT;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *one = a, *other = b;
    size_t n = one->key.len < other->key.len ? one->key.len : other->key.len;
    int order = memcmp(one->key.ptr, other->key.ptr, n);
    return order ? order : (one->key.len > other->key.len) - (one->key.len < other->key.len);
}

void pairs_sort(struct pairs *list)
{
    if (list->count > 0) qsort(list->items, list->count, sizeof list->items[0], compare_pairs);
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static const char *const capabilities[CAPABILITIES] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

const char *capability_name(unsigned number)
{
    return capabilities[number];
}

status capability_find(bytes name, unsigned *out, struct err *err)
{
    for (unsigned i = 0; i < CAPABILITIES; i++)
        if (bytes_eq(name, text_bytes(capabilities[i] + sizeof "CAP_" - 1))) {
            *out = i;
            return OK;
        }
    return err_set(err, ERR_UNSUPPORTED, 0, "there is no capability %s", text_quote(name).s);
}

const char *policy_request_name(enum policy_request request)
{
    static const char *const names[POLICY_REQUESTS] = {"CloseStdinRequest", "GetDiagnosticDataRequest",
                                                       "ReadStreamRequest", "UpdateEphemeralMountsRequest",
                                                       "WriteStreamRequest"};
    return names[request];
}

/* ---- parts of a container --------------------------------------------------------------------------------------- */

static void put_texts(struct json_put *p, const char *key, const struct texts *list)
{
    json_put_open(p, key, '[');
    for (size_t i = 0; i < list->count; i++)
        json_put_text(p, NULL, list->items[i]);
    json_put_close(p, ']');
}

static void put_pairs(struct json_put *p, const char *key, const struct pairs *list)
{
    json_put_open(p, key, '{');
    for (size_t i = 0; i < list->count; i++)
        json_put_member(p, list->items[i].key, list->items[i].value);
    json_put_close(p, '}');
}

/* Up to NULL. */
static void put_words(struct json_put *p, const char *key, const char *const *words)
{
    json_put_open(p, key, '[');
    for (size_t i = 0; words[i]; i++)
        json_put_text(p, NULL, text_bytes(words[i]));
    json_put_close(p, ']');
}

static void put_process(struct json_put *p, const struct policy_container *c)
{
    json_put_open(p, "Process", '{');
    json_put_bool(p, "Terminal", c->is_terminal);
    json_put_open(p, "User", '{');
    json_put_number(p, "UID", c->user.uid);
    json_put_number(p, "GID", c->user.gid);
    json_put_open(p, "AdditionalGids", '[');
    for (size_t i = 0; i < c->user.gid_count; i++)
        json_put_number(p, NULL, c->user.gids[i]);
    json_put_close(p, ']');
    json_put_close(p, '}');
    put_texts(p, "Args", &c->args);
    put_texts(p, "Env", &c->env);
    json_put_text(p, "Cwd", c->cwd);
    json_put_open(p, "Capabilities", '[');
    for (unsigned i = 0; i < CAPABILITIES; i++)
        if (c->capabilities >> i & 1) json_put_text(p, NULL, text_bytes(capabilities[i]));
    json_put_close(p, ']');
    json_put_bool(p, "NoNewPrivileges", c->no_new_privileges);
    json_put_close(p, '}');
}

static void put_mounts(struct json_put *p, const struct policy_mounts *mounts)
{
    static const char *const keys[] = {
        [MOUNT_AS_WRITTEN] = "source", [MOUNT_COPIED] = "shared_name", [MOUNT_EMPTY_DIR] = "empty_dir"};
    json_put_open(p, "Mounts", '[');
    for (size_t i = 0; i < mounts->count; i++) {
        const struct policy_mount *m = &mounts->items[i];
        json_put_open(p, NULL, '{');
        json_put_text(p, "destination", m->destination);
        json_put_text(p, keys[m->from], m->source);
        json_put_text(p, "type_", text_bytes(m->type));
        put_words(p, "options", m->options);
        json_put_close(p, '}');
    }
    json_put_close(p, ']');
}

static void put_linux(struct json_put *p, const struct policy_container *c)
{
    static const char *const namespaces[] = {"ipc", "uts", "mnt", NULL};
    static const char *const masked[] = {
        "/proc/acpi",        "/proc/kcore",       "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",       NULL};
    static const char *const readonly[] = {"/proc/bus",           "/proc/fs", "/proc/irq", "/proc/sys",
                                           "/proc/sysrq-trigger", NULL};
    static const char *const none[] = {NULL};
    json_put_open(p, "Linux", '{');
    put_words(p, "Namespaces", namespaces);
    put_words(p, "MaskedPaths", c->is_privileged ? none : masked);
    put_words(p, "ReadonlyPaths", c->is_privileged ? none : readonly);
    put_pairs(p, "Sysctl", &c->sysctls);
    json_put_close(p, '}');
}

/* `prefix` and the volume's name, as the mount point of a storage. */
static void put_mount_point(struct json_put *p, bytes name)
{
    struct text_out out = {.memory = p->out->memory};
    bytes path = BYTES_ABSENT;
    text_put_string(&out, "/run/kata-containers/sandbox/ephemeral/");
    text_put(&out, name);
    if (is_ok(text_out_take(&out, &path, NULL)))
        json_put_text(p, "mount_point", path);
    else
        p->out->has_failed = true;
}

static void put_storage(struct json_put *p, const char *driver, const char *source, const char *const *options,
                        const char *mount_point)
{
    static const char *const none[] = {NULL};
    json_put_text(p, "driver", text_bytes(driver));
    put_words(p, "driver_options", none);
    json_put_text(p, "source", text_bytes(source));
    json_put_text(p, "fstype", BYTES_LIT("tmpfs"));
    put_words(p, "options", options);
    if (mount_point) json_put_text(p, "mount_point", text_bytes(mount_point));
}

static void put_storages(struct json_put *p, const struct policy_storages *storages)
{
    static const char *const none[] = {NULL};
    json_put_open(p, "storages", '[');
    for (size_t i = 0; i < storages->count; i++) {
        json_put_open(p, NULL, '{');
        if (storages->items[i].is_in_memory) {
            put_storage(p, "ephemeral", "tmpfs", none, NULL);
            put_mount_point(p, storages->items[i].name);
            json_put_null(p, "fs_group");
            json_put_bool(p, "shared", false);
        } else {
            json_put_text(p, "empty_dir", storages->items[i].name);
        }
        json_put_close(p, '}');
    }
    json_put_close(p, ']');
}

static void put_container(struct json_put *p, const struct policy_container *c)
{
    json_put_open(p, NULL, '{');
    json_put_open(p, "OCI", '{');
    put_process(p, c);
    json_put_open(p, "Root", '{');
    json_put_bool(p, "Readonly", c->is_root_readonly);
    json_put_close(p, '}');
    put_mounts(p, &c->mounts);
    put_pairs(p, "Annotations", &c->annotations);
    put_linux(p, c);
    json_put_close(p, '}');
    json_put_text(p, "image", c->image);
    put_pairs(p, "env_fields", &c->env_fields);
    put_storages(p, &c->storages);
    put_texts(p, "devices", &c->devices);
    json_put_bool(p, "sandbox_pidns", c->shares_pids);
    json_put_open(p, "exec_commands", '[');
    for (size_t i = 0; i < c->exec_count; i++)
        put_texts(p, NULL, &c->exec_commands[i]);
    json_put_close(p, ']');
    put_pairs(p, "annotation_patterns", &c->annotation_patterns);
    json_put_close(p, '}');
}

/* ---- the document ----------------------------------------------------------------------------------------------- */

static void put_sandbox(struct json_put *p, const struct policy_pod *pod)
{
    static const char *const options[] = {"noexec", "nosuid", "nodev", "mode=1777", "size=67108864", NULL};
    json_put_open(p, "sandbox", '{');
    json_put_open(p, "storages", '[');
    json_put_open(p, NULL, '{');
    put_storage(p, "ephemeral", "shm", options, "/run/kata-containers/sandbox/shm");
    json_put_null(p, "fs_group");
    json_put_bool(p, "shared", false);
    json_put_close(p, '}');
    json_put_close(p, ']');
    json_put_text(p, "name", pod->name);
    json_put_text(p, "namespace", pod->name_space);
    json_put_close(p, '}');
}

status policy_data_write(const struct policy_pod *pod, struct arena *memory, bytes *out, struct err *err)
{
    struct text_out text = {.memory = memory};
    struct json_put p = {.out = &text};
    json_put_open(&p, NULL, '{');
    json_put_open(&p, "containers", '[');
    for (size_t i = 0; i < pod->count; i++)
        put_container(&p, &pod->containers[i]);
    json_put_close(&p, ']');
    put_pairs(&p, "pod_annotations", &pod->annotations);
    put_sandbox(&p, pod);
    json_put_open(&p, "request_defaults", '{');
    for (unsigned i = 0; i < POLICY_REQUESTS; i++)
        json_put_bool(&p, policy_request_name((enum policy_request)i), pod->allows[i]);
    json_put_close(&p, '}');
    json_put_close(&p, '}');
    return text_out_take(&text, out, err);
}
