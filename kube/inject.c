/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/inject.h"

#include "kube/text_out.h"
#include "parse/mesh_config.h"
#include "parse/text.h"

static const char initializer_source[] = "name: " CONTAINER_INITIALIZER "\n"
                                         "image: " IMAGE_INITIALIZER "\n"
                                         "env:\n"
                                         "- name: COORDINATOR_HOST\n"
                                         "  value: coordinator\n"
                                         "resources:\n"
                                         "  requests:\n"
                                         "    memory: 50Mi\n"
                                         "  limits:\n"
                                         "    memory: 50Mi\n"
                                         "volumeMounts:\n"
                                         "- name: " VOLUME_SECRETS "\n"
                                         "  mountPath: /contrast\n";

/* With an encrypted volume: a sidecar, which opens the device and keeps it open. */
static const char secure_pv_source[] = "name: " CONTAINER_INITIALIZER "\n"
                                       "image: " IMAGE_INITIALIZER "\n"
                                       "restartPolicy: Always\n"
                                       "env:\n"
                                       "- name: COORDINATOR_HOST\n"
                                       "  value: coordinator\n"
                                       "- name: CRYPTSETUP_DEVICE\n"
                                       "  value: /dev/csi0\n"
                                       "resources:\n"
                                       "  requests:\n"
                                       "    memory: 100Mi\n"
                                       "  limits:\n"
                                       "    memory: 100Mi\n"
                                       "securityContext:\n"
                                       "  privileged: true\n"
                                       "startupProbe:\n"
                                       "  exec:\n"
                                       "    command:\n"
                                       "    - /bin/test\n"
                                       "    - \"-f\"\n"
                                       "    - /done\n"
                                       "  periodSeconds: 5\n"
                                       "  failureThreshold: 20\n"
                                       "volumeDevices:\n"
                                       "- name: device\n"
                                       "  devicePath: /dev/csi0\n"
                                       "volumeMounts:\n"
                                       "- name: " VOLUME_SECRETS "\n"
                                       "  mountPath: /contrast\n"
                                       "- name: mount\n"
                                       "  mountPath: /state\n"
                                       "  mountPropagation: Bidirectional\n";

static const char mesh_source[] = "name: " CONTAINER_MESH_PROXY "\n"
                                  "image: " IMAGE_MESH_PROXY "\n"
                                  "restartPolicy: Always\n"
                                  "args:\n"
                                  "- \"-l\"\n"
                                  "- debug\n"
                                  "securityContext:\n"
                                  "  privileged: true\n"
                                  "  capabilities:\n"
                                  "    add:\n"
                                  "    - NET_ADMIN\n"
                                  "startupProbe:\n"
                                  "  exec:\n"
                                  "    command:\n"
                                  "    - test\n"
                                  "    - \"-f\"\n"
                                  "    - /ready\n"
                                  "  initialDelaySeconds: 1\n"
                                  "  periodSeconds: 5\n"
                                  "  failureThreshold: 5\n"
                                  "volumeMounts:\n"
                                  "- name: " VOLUME_SECRETS "\n"
                                  "  mountPath: /contrast\n";

static const char mount_source[] = "name: " VOLUME_SECRETS "\nmountPath: /contrast\n";

struct job {
    struct yaml_file *file;
    const struct resource *r;
    const struct inject_options *options;
};

/* ---- sequences in mappings -------------------------------------------------------------------------------------- */

/* The sequence of a key; NULL when there is none, or nothing in it. */
static status find_sequence(struct yaml_node *map, const char *key, struct yaml_node **out, struct err *err)
{
    *out = yaml_get(map, key);
    if (yaml_is_null(*out)) *out = NULL;
    if (*out && (*out)->kind != YAML_SEQUENCE)
        return err_set(err, ERR_MISMATCH, (*out)->from, "want a sequence as %s", key);
    return OK;
}

static size_t count_of(const struct yaml_node *sequence)
{
    return sequence ? sequence->count : 0;
}

static struct yaml_node *item_of(const struct yaml_node *sequence, size_t i)
{
    return yaml_follow(sequence->items[i]);
}

/* The first item of this name at or behind `from`; count_of when there is none. */
static size_t find_named(const struct yaml_node *sequence, size_t from, bytes name)
{
    while (from < count_of(sequence) && !bytes_eq(yaml_text(yaml_get(item_of(sequence, from), "name")), name))
        from++;
    return from;
}

static status insert(struct job *j, struct yaml_node *map, const char *key, size_t at, struct yaml_node *item,
                     struct err *err)
{
    struct yaml_node *sequence;
    TRY(find_sequence(map, key, &sequence, err));
    if (sequence) return yaml_insert(j->file, sequence, at, item, err);
    TRY(yaml_new(j->file, "[]", &sequence, err));
    sequence->is_flow = false;
    TRY(yaml_insert(j->file, sequence, 0, item, err));
    return yaml_put(j->file, map, key, sequence, err);
}

/* Exactly one item has the name, as `want` has it, in place `at`; SIZE_MAX: wherever it is, else at the end; `at` ==
 * count: the last one. */
static status ensure(struct job *j, struct yaml_node *map, const char *key, size_t at, struct yaml_node *want,
                     struct err *err)
{
    struct yaml_node *sequence;
    bytes name = yaml_text(yaml_get(want, "name"));
    TRY(find_sequence(map, key, &sequence, err));
    size_t count = count_of(sequence), found = find_named(sequence, 0, name);
    bool is_one = found < count && find_named(sequence, found + 1, name) == count;
    bool is_placed = at == SIZE_MAX || found == at || (at == count && found + 1 == count);
    if (is_one && is_placed && yaml_is_equal(item_of(sequence, found), want)) return OK;
    if (at == SIZE_MAX) at = found;
    while ((found = find_named(sequence, 0, name)) < count_of(sequence)) {
        TRY(yaml_remove(j->file, sequence, found, err));
        at -= found < at;
    }
    return insert(j, map, key, at, want, err);
}

/* ---- volumes ---------------------------------------------------------------------------------------------------- */

static status ensure_empty_dir(struct job *j, bytes name, struct err *err)
{
    struct yaml_node *volumes, *made, *text;
    TRY(find_sequence(j->r->pod_spec, "volumes", &volumes, err));
    size_t found = find_named(volumes, 0, name);
    if (found < count_of(volumes)) {
        struct yaml_node *volume = item_of(volumes, found);
        if (yaml_get_key(volume, "emptyDir")) return OK;
        return err_set(err, ERR_MISMATCH, volume->from, "the volume %s has to be an emptyDir", text_quote(name).s);
    }
    TRY(yaml_new(j->file, "name: x\nemptyDir:\n  medium: Memory\n", &made, err));
    TRY(yaml_new_text(j->file, name, &text, err));
    made->items[1] = text;
    return insert(j, j->r->pod_spec, "volumes", count_of(volumes), made, err);
}

static bool is_ours(struct yaml_node *container)
{
    struct yaml_node *name = yaml_get(container, "name");
    return yaml_text_is(name, CONTAINER_INITIALIZER) || yaml_text_is(name, CONTAINER_MESH_PROXY);
}

static status ensure_mounts(struct job *j, const char *key, struct err *err)
{
    struct yaml_node *containers, *mount;
    TRY(find_sequence(j->r->pod_spec, key, &containers, err));
    for (size_t i = 0; i < count_of(containers); i++) {
        struct yaml_node *c = item_of(containers, i);
        if (c->kind != YAML_MAPPING) return err_set(err, ERR_MISMATCH, c->from, "want a mapping as container");
        if (is_ours(c)) continue;
        TRY(yaml_new(j->file, mount_source, &mount, err));
        TRY(ensure(j, c, "volumeMounts", SIZE_MAX, mount, err));
    }
    return OK;
}

/* ---- containers ------------------------------------------------------------------------------------------------- */

static status set_image(struct job *j, struct yaml_node *container, struct err *err)
{
    struct yaml_node *image = yaml_get(container, "image");
    bytes text = yaml_text(image);
    if (!text.ptr) return OK; /* lint tells */
    bytes by = image_replace(&j->options->replacements, text);
    return bytes_eq(by, text) ? OK : yaml_set_text(j->file, image, by, err);
}

static status set_images(struct job *j, const char *key, struct err *err)
{
    struct yaml_node *containers;
    TRY(find_sequence(j->r->pod_spec, key, &containers, err));
    for (size_t i = 0; i < count_of(containers); i++)
        TRY(set_image(j, item_of(containers, i), err));
    return OK;
}

/* The value of the `at`th environment variable. */
static status set_env(struct job *j, struct yaml_node *container, size_t at, bytes value, struct err *err)
{
    return yaml_set_text(j->file, yaml_get(item_of(yaml_get(container, "env"), at), "value"), value, err);
}

static bool has_device(const struct job *j, bytes name)
{
    struct yaml_node *volumes = yaml_get(j->r->pod_spec, "volumes");
    struct yaml_node *claims = yaml_get(yaml_get(j->r->object, "spec"), "volumeClaimTemplates");
    size_t found = volumes && volumes->kind == YAML_SEQUENCE ? find_named(volumes, 0, name) : 0;
    if (found < (volumes && volumes->kind == YAML_SEQUENCE ? volumes->count : 0)) {
        struct yaml_node *volume = item_of(volumes, found);
        return yaml_get_key(volume, "persistentVolumeClaim") || yaml_get_key(volume, "iscsi");
    }
    for (size_t i = 0; claims && claims->kind == YAML_SEQUENCE && i < claims->count; i++)
        if (bytes_eq(yaml_text(yaml_get(yaml_get(item_of(claims, i), "metadata"), "name")), name)) return true;
    return false;
}

/* "DEVICE:MOUNT", with exactly one ':'. */
static status split_secure_pv(const struct job *j, struct yaml_node *annotation, bytes *device, bytes *mount,
                              struct err *err)
{
    bytes text = yaml_text(annotation);
    size_t colon = 0, colons = 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == ':' && ++colons) colon = i;
    if (colons != 1 || colon == 0 || colon + 1 == text.len)
        return err_set(err, ERR_SYNTAX, annotation->from, "secure-pv: want DEVICE:MOUNT, have %s", text_quote(text).s);
    *device = bytes_slice(text, 0, colon);
    *mount = bytes_slice(text, colon + 1, text.len - colon - 1);
    if (!has_device(j, *device))
        return err_set(err, ERR_MISSING, annotation->from,
                       "secure-pv: want a volume with a persistent volume claim, or a claim template, of the name %s",
                       text_quote(*device).s);
    return OK;
}

static status make_secure_pv(struct job *j, struct yaml_node *annotation, struct yaml_node **out, struct err *err)
{
    bytes device, mount;
    TRY(split_secure_pv(j, annotation, &device, &mount, err));
    TRY(ensure_empty_dir(j, mount, err));
    TRY(yaml_new(j->file, secure_pv_source, out, err));
    TRY(yaml_set_text(j->file, yaml_get(item_of(yaml_get(*out, "volumeDevices"), 0), "name"), device, err));
    return yaml_set_text(j->file, yaml_get(item_of(yaml_get(*out, "volumeMounts"), 1), "name"), mount, err);
}

static status inject_initializer(struct job *j, struct injection *out, struct err *err)
{
    struct yaml_node *made, *secure_pv = resource_annotation(j->r, "secure-pv");
    TRY(ensure_empty_dir(j, BYTES_LIT(VOLUME_SECRETS), err));
    TRY(ensure_mounts(j, "containers", err));
    TRY(ensure_mounts(j, "initContainers", err));
    if (secure_pv)
        TRY(make_secure_pv(j, secure_pv, &made, err));
    else
        TRY(yaml_new(j->file, initializer_source, &made, err));
    TRY(set_env(j, made, 0, j->options->coordinator_host, err));
    TRY(set_image(j, made, err));
    out->initializer = true;
    out->secure_pv = secure_pv != NULL;
    return ensure(j, j->r->pod_spec, "initContainers", 0, made, err);
}

/* A variable, unless the annotation is absent or empty. */
static status add_mesh_env(struct job *j, struct yaml_node *mesh, const char *annotation, const char *name,
                           struct err *err)
{
    struct yaml_node *variable, *text;
    bytes value = yaml_text(resource_annotation(j->r, annotation));
    if (value.len == 0) return OK;
    TRY(yaml_new(j->file, "name: x\nvalue: x\n", &variable, err));
    TRY(yaml_new_text(j->file, text_bytes(name), &text, err));
    variable->items[1] = text;
    TRY(yaml_new_text(j->file, value, &text, err));
    variable->items[3] = text;
    return insert(j, mesh, "env", count_of(yaml_get(mesh, "env")), variable, err);
}

static status add_admin_port(struct job *j, struct yaml_node *mesh, struct err *err)
{
    struct yaml_node *annotation = resource_annotation(j->r, "servicemesh-admin-interface-port"), *port;
    bytes text = yaml_text(annotation);
    uint16_t number;
    if (text.len == 0) return OK;
    if (!is_ok(mesh_admin_port_parse(text, &number, NULL)))
        return err_set(err, ERR_RANGE, annotation->from, "servicemesh-admin-interface-port: not a port");
    TRY(yaml_new(j->file, "name: contrast-admin\ncontainerPort: 0\n", &port, err));
    TRY(arena_copy(j->file->memory, text, &port->items[3]->text, err));
    return insert(j, mesh, "ports", 0, port, err);
}

static status inject_mesh(struct job *j, struct injection *out, struct err *err)
{
    struct yaml_node *made, *init;
    TRY(ensure_empty_dir(j, BYTES_LIT(VOLUME_SECRETS), err));
    TRY(yaml_new(j->file, mesh_source, &made, err));
    TRY(add_mesh_env(j, made, "servicemesh-ingress", "CONTRAST_INGRESS_PROXY_CONFIG", err));
    TRY(add_mesh_env(j, made, "servicemesh-egress", "CONTRAST_EGRESS_PROXY_CONFIG", err));
    TRY(add_mesh_env(j, made, "servicemesh-admin-interface-port", "CONTRAST_ADMIN_PORT", err));
    TRY(add_admin_port(j, made, err));
    TRY(set_image(j, made, err));
    TRY(find_sequence(j->r->pod_spec, "initContainers", &init, err));
    out->mesh = true;
    return ensure(j, j->r->pod_spec, "initContainers", count_of(init), made, err);
}

/* ---- the pod ---------------------------------------------------------------------------------------------------- */

static status set_runtime_class(struct job *j, struct err *err)
{
    struct yaml_node *name = yaml_get(j->r->pod_spec, "runtimeClassName");
    if (bytes_eq(yaml_text(name), j->options->runtime_class)) return OK;
    return yaml_set_text(j->file, name, j->options->runtime_class, err);
}

status inject(struct yaml_file *file, const struct resource *r, const struct inject_options *options,
              struct injection *out, struct err *err)
{
    struct job j = {.file = file, .r = r, .options = options};
    struct injection done = {.is_coordinator = resource_is_coordinator(r)};
    bool skips = options->skip_initializer || yaml_text_is(resource_annotation(r, "skip-initializer"), "true");
    TRY(set_runtime_class(&j, err));
    if (!done.is_coordinator && !skips) TRY(inject_initializer(&j, &done, err));
    if (!done.is_coordinator && !options->skip_mesh && resource_wants_mesh(r)) TRY(inject_mesh(&j, &done, err));
    TRY(set_images(&j, "initContainers", err));
    TRY(set_images(&j, "containers", err));
    *out = done;
    return OK;
}

/* ---- the Coordinator's name ------------------------------------------------------------------------------------- */

static bool is_service(const struct resource *r, const char *name, bytes name_space)
{
    bytes own = r->name_space.ptr ? r->name_space : BYTES_LIT("default");
    return bytes_eq(r->kind, BYTES_LIT("Service")) && bytes_eq(r->name, text_bytes(name)) && bytes_eq(own, name_space);
}

status inject_coordinator_host(const struct resources *all, size_t count, struct arena *memory, bytes *out,
                               struct err *err)
{
    bytes name_space = BYTES_ABSENT;
    bool is_found = false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < all[i].count; k++) {
            const struct resource *r = &all[i].items[k];
            if (r->is_confidential && resource_is_coordinator(r))
                name_space = r->name_space.ptr ? r->name_space : BYTES_LIT("default");
        }
    for (size_t i = 0; i < count && name_space.ptr; i++)
        for (size_t k = 0; k < all[i].count; k++)
            is_found = is_found || is_service(&all[i].items[k], "coordinator-ready", name_space);
    struct text_out text = {.memory = memory};
    text_put_string(&text, is_found ? "coordinator-ready." : "coordinator");
    if (is_found) text_put(&text, name_space);
    return text_out_take(&text, out, err);
}
