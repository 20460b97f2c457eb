/* SPDX-License-Identifier: Apache-2.0 */
/* What a container mounts: what each has, what its volumes are, and devices. */
#include "kube/policy_build.h"
#include "parse/text.h"

#define BIND "rbind", "rprivate"

/* ---- what each container has ------------------------------------------------------------------------------------ */

static const struct policy_mount common[] = {
    {BYTES_LIT("/proc"), MOUNT_AS_WRITTEN, BYTES_LIT("proc"), "proc", {"nosuid", "noexec", "nodev"}},
    {BYTES_LIT("/dev"),
     MOUNT_AS_WRITTEN,
     BYTES_LIT("tmpfs"),
     "tmpfs",
     {"nosuid", "strictatime", "mode=755", "size=65536k"}},
    {BYTES_LIT("/dev/pts"),
     MOUNT_AS_WRITTEN,
     BYTES_LIT("devpts"),
     "devpts",
     {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}},
    {BYTES_LIT("/dev/mqueue"), MOUNT_AS_WRITTEN, BYTES_LIT("mqueue"), "mqueue", {"nosuid", "noexec", "nodev"}},
    {BYTES_LIT("/dev/shm"), MOUNT_AS_WRITTEN, BYTES_LIT("/run/kata-containers/sandbox/shm"), "bind", {"rbind"}},
};

/* A volume of the pod takes the place of what is there otherwise. */
static status put(struct build *b, struct policy_mount m)
{
    struct policy_mounts *all = &b->c->mounts;
    void *items = all->items;
    for (size_t i = 0; i < all->count; i++)
        if (bytes_eq(all->items[i].destination, m.destination)) {
            all->items[i] = m;
            return OK;
        }
    TRY(arena_grow(b->memory, &items, all->count, sizeof *all->items, b->look.err));
    all->items = items;
    all->items[all->count++] = m;
    return OK;
}

static status put_copied(struct build *b, bytes destination, const char *access)
{
    size_t slash = 0;
    for (size_t i = 0; i < destination.len; i++)
        if (destination.ptr[i] == '/') slash = i + 1;
    return put(b, (struct policy_mount){.destination = destination,
                                        .from = MOUNT_COPIED,
                                        .source = bytes_slice(destination, slash, destination.len - slash),
                                        .type = "bind",
                                        .options = {BIND, access}});
}

static status put_common(struct build *b)
{
    const char *access = b->c->is_privileged ? "rw" : "ro";
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        TRY(put(b, common[i]));
    TRY(put(
        b,
        (struct policy_mount){
            BYTES_LIT("/sys"), MOUNT_AS_WRITTEN, BYTES_LIT("sysfs"), "sysfs", {"nosuid", "noexec", "nodev", access}}));
    if (b->c->is_sandbox)
        return put(b, (struct policy_mount){BYTES_LIT("/etc/resolv.conf"),
                                            MOUNT_COPIED,
                                            BYTES_LIT("resolv.conf"),
                                            "bind",
                                            {"rbind", "ro", "nosuid", "nodev", "noexec"}});
    return put(b, (struct policy_mount){BYTES_LIT("/sys/fs/cgroup"),
                                        MOUNT_AS_WRITTEN,
                                        BYTES_LIT("cgroup"),
                                        "cgroup",
                                        {"nosuid", "noexec", "nodev", "relatime", access}});
}

static status put_files(struct build *b)
{
    const char *access = b->c->is_root_readonly ? "ro" : "rw";
    bool has_token;
    bytes log;
    TRY(build_bool(b, b->look.r->pod_spec, "automountServiceAccountToken", true, &has_token));
    TRY(build_text(b, b->yaml, "terminationMessagePath", &log));
    TRY(put_copied(b, BYTES_LIT("/etc/hosts"), "rw"));
    TRY(put_copied(b, log.len > 0 ? log : BYTES_LIT("/dev/termination-log"), "rw"));
    TRY(put_copied(b, BYTES_LIT("/etc/hostname"), access));
    TRY(put_copied(b, BYTES_LIT("/etc/resolv.conf"), access));
    if (!has_token) return OK;
    return put_copied(b, BYTES_LIT("/var/run/secrets/kubernetes.io/serviceaccount"), "ro");
}

/* ---- volumes ---------------------------------------------------------------------------------------------------- */

static struct yaml_node *find_volume(const struct build *b, bytes name)
{
    struct yaml_node *volumes = yaml_get(b->look.r->pod_spec, "volumes");
    for (size_t i = 0; i < build_count(volumes); i++)
        if (bytes_eq(yaml_text(yaml_get(build_item(volumes, i), "name")), name)) return build_item(volumes, i);
    return NULL;
}

static bool is_claimed(const struct build *b, bytes name)
{
    struct yaml_node *claims = yaml_get(yaml_get(b->look.r->object, "spec"), "volumeClaimTemplates");
    for (size_t i = 0; i < build_count(claims); i++)
        if (bytes_eq(yaml_text(yaml_get(yaml_get(build_item(claims, i), "metadata"), "name")), name)) return true;
    return false;
}

static status add_storage(struct build *b, bytes name, bool is_in_memory, const struct yaml_node *at)
{
    struct policy_storages *all = &b->c->storages;
    void *items = all->items;
    for (size_t i = 0; i < all->count; i++)
        if (bytes_eq(all->items[i].name, name))
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, at, "container %s: mounts the emptyDir %s twice",
                          look_name(b->yaml).s, text_quote(name).s);
    TRY(arena_grow(b->memory, &items, all->count, sizeof *all->items, b->look.err));
    all->items = items;
    all->items[all->count++] = (struct policy_storage){name, is_in_memory};
    return OK;
}

static status put_empty_dir(struct build *b, struct yaml_node *volume, struct policy_mount m,
                            const struct yaml_node *at)
{
    bytes medium, name = yaml_text(yaml_get(volume, "name"));
    TRY(build_text(b, yaml_get(volume, "emptyDir"), "medium", &medium));
    bool is_in_memory = bytes_eq(medium, BYTES_LIT("Memory"));
    if (medium.len > 0 && !is_in_memory)
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, at, "container %s: mounts an emptyDir of the medium %s",
                      look_name(b->yaml).s, text_quote(medium).s);
    TRY(add_storage(b, name, is_in_memory, at));
    m.from = MOUNT_EMPTY_DIR;
    m.source = name;
    if (!is_in_memory) return put(b, m);
    struct text_out path = {.memory = b->memory};
    text_put_string(&path, "/run/kata-containers/sandbox/ephemeral/");
    text_put(&path, name);
    m.from = MOUNT_AS_WRITTEN;
    TRY(text_out_take(&path, &m.source, b->look.err));
    return put(b, m);
}

/* How a mount is seen by others. */
static status read_propagation(struct build *b, struct yaml_node *mount, const char **out)
{
    static const char *const names[][2] = {
        {"None", "rprivate"}, {"HostToContainer", "rslave"}, {"Bidirectional", "rshared"}};
    struct yaml_node *n = yaml_get(mount, "mountPropagation");
    *out = "rprivate";
    if (yaml_is_null(n)) return OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (yaml_text_is(n, names[i][0])) {
            *out = names[i][1];
            return OK;
        }
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "mountPropagation: %s is not known", text_quote(yaml_text(n)).s);
}

static status refuse_members(struct build *b, struct yaml_node *mount, bool *is_refused)
{
    static const char *const keys[] = {"subPath", "subPathExpr", "recursiveReadOnly"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct yaml_node *n = yaml_get(mount, keys[i]);
        if (yaml_is_null(n) || yaml_text_is(n, "")) continue;
        *is_refused = true;
        TRY(REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "container %s: a mount with %s", look_name(b->yaml).s, keys[i]));
    }
    return OK;
}

static status put_volume(struct build *b, struct yaml_node *mount)
{
    static const char *const copied[] = {"configMap", "secret", "projected", "downwardAPI"};
    static const char *const kept[] = {"persistentVolumeClaim", "ephemeral"};
    bytes name = yaml_text(yaml_get(mount, "name"));
    struct yaml_node *volume = find_volume(b, name);
    bool is_refused = false, is_readonly;
    struct policy_mount m = {.type = "bind", .options = {"rbind"}};
    TRY(refuse_members(b, mount, &is_refused));
    TRY(build_text(b, mount, "mountPath", &m.destination));
    TRY(build_bool(b, mount, "readOnly", false, &is_readonly));
    TRY(read_propagation(b, mount, &m.options[1]));
    m.options[2] = is_readonly ? "ro" : "rw";
    if (is_refused) return OK;
    if (m.destination.len == 0 || m.destination.ptr[0] != '/' || m.destination.ptr[m.destination.len - 1] == '/')
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, mount,
                      "container %s: mountPath: want an absolute path without a slash at its end",
                      look_name(b->yaml).s);
    if (yaml_get_key(volume, "emptyDir")) return put_empty_dir(b, volume, m, mount);
    for (size_t i = 0; i < sizeof copied / sizeof copied[0]; i++)
        if (yaml_get_key(volume, copied[i])) return put_copied(b, m.destination, "ro");
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (yaml_get_key(volume, kept[i])) return put_copied(b, m.destination, m.options[2]);
    if (!volume && is_claimed(b, name)) return put_copied(b, m.destination, m.options[2]);
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, mount, "container %s: mounts the volume %s, of a kind that is not known",
                  look_name(b->yaml).s, text_quote(name).s);
}

static status add_devices(struct build *b)
{
    struct yaml_node *devices = yaml_get(b->yaml, "volumeDevices");
    for (size_t i = 0; i < build_count(devices); i++) {
        bytes path;
        TRY(build_text(b, build_item(devices, i), "devicePath", &path));
        if (path.len > 0) TRY(texts_add(&b->c->devices, path, b->memory, b->look.err));
    }
    return OK;
}

status build_mounts(struct build *b)
{
    struct yaml_node *mounts = yaml_get(b->yaml, "volumeMounts");
    TRY(put_common(b));
    if (b->c->is_sandbox) return OK;
    TRY(put_files(b));
    for (size_t i = 0; i < build_count(mounts); i++)
        TRY(put_volume(b, build_item(mounts, i)));
    return add_devices(b);
}
