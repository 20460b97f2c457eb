/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/resource.h"

#include <stdlib.h>

#include "parse/text.h"

/* ---- the profile of YAML ---------------------------------------------------------------------------------------- */

static status refuse(const struct yaml_node *n, enum err_kind kind, const char *want, struct err *err)
{
    return err_set(err, kind, n->from, "%s", want);
}

static int compare(bytes a, bytes b)
{
    int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_keys(const void *a, const void *b)
{
    const struct yaml_node *const *one = a, *const *other = b;
    int order = compare((*one)->text, (*other)->text);
    return order ? order : ((*one)->from > (*other)->from) - ((*one)->from < (*other)->from);
}

static status check_keys(const struct yaml_file *file, struct yaml_node *map, struct err *err)
{
    void *room;
    size_t count = map->count / 2;
    TRY(arena_take(file->memory, count, sizeof(struct yaml_node *), &room, err));
    struct yaml_node **keys = room;
    for (size_t i = 0; i < count; i++) {
        keys[i] = yaml_follow(map->items[2 * i]);
        if (keys[i]->kind != YAML_TEXT) return refuse(map->items[2 * i], ERR_MISMATCH, "want a scalar as key", err);
    }
    qsort(keys, count, sizeof keys[0], compare_keys);
    for (size_t i = 1; i < count; i++)
        if (bytes_eq(keys[i - 1]->text, keys[i]->text))
            return err_set(err, ERR_DUPLICATE, keys[i]->from, "the key %s is there already, in line %zu",
                           text_quote(keys[i]->text).s, text_place_of(file->input, keys[i - 1]->from).line);
    return OK;
}

/* Tags that readers agree about. */
static status check_tag(const struct yaml_node *n, struct err *err)
{
    static const char *const known[] = {"str", "int", "bool", "float", "null", "seq", "map"};
    bytes prefix = BYTES_LIT("tag:yaml.org,2002:");
    if (bytes_is_absent(n->tag) || bytes_eq(n->tag, BYTES_LIT("!"))) return OK;
    bytes rest = n->tag.len > prefix.len ? bytes_slice(n->tag, prefix.len, n->tag.len - prefix.len) : BYTES_ABSENT;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (bytes_eq(bytes_slice(n->tag, 0, prefix.len), prefix) && bytes_eq(rest, text_bytes(known[i]))) return OK;
    return err_set(err, ERR_UNSUPPORTED, n->from, "the tag %s is not one of YAML's own", text_quote(n->tag).s);
}

/* Depth is bounded by the reader. */
static status check_profile(const struct yaml_file *file, struct yaml_node *n, struct err *err)
{
    TRY(check_tag(n, err));
    if (n->kind == YAML_MAPPING) TRY(check_keys(file, n, err));
    for (size_t i = 0; i < n->count; i++)
        TRY(check_profile(file, n->items[i], err));
    return OK;
}

/* ---- pods ------------------------------------------------------------------------------------------------------- */

enum { PATH_MAX_KEYS = 4 };

static const struct {
    const char *api_version, *kind;
    const char *path[PATH_MAX_KEYS + 1]; /* to what has the pod's metadata and spec */
} carriers[] = {
    {"v1", "Pod", {NULL}},
    {"apps/v1", "Deployment", {"spec", "template"}},
    {"apps/v1", "StatefulSet", {"spec", "template"}},
    {"apps/v1", "DaemonSet", {"spec", "template"}},
    {"apps/v1", "ReplicaSet", {"spec", "template"}},
    {"v1", "ReplicationController", {"spec", "template"}},
    {"batch/v1", "Job", {"spec", "template"}},
    {"batch/v1", "CronJob", {"spec", "jobTemplate", "spec", "template"}},
};

bool runtime_class_is_confidential(bytes name)
{
    bytes prefix = BYTES_LIT("contrast-cc");
    return bytes_eq(name, BYTES_LIT("kata-cc-isolation")) ||
           (name.len >= prefix.len && bytes_eq(bytes_slice(name, 0, prefix.len), prefix));
}

static void find_pod(struct resource *r)
{
    for (size_t i = 0; i < sizeof carriers / sizeof carriers[0]; i++) {
        if (!bytes_eq(r->api_version, text_bytes(carriers[i].api_version)) ||
            !bytes_eq(r->kind, text_bytes(carriers[i].kind)))
            continue;
        struct yaml_node *n = r->object;
        for (size_t k = 0; carriers[i].path[k]; k++)
            n = yaml_get(n, carriers[i].path[k]);
        struct yaml_node *spec = yaml_get(n, "spec");
        if (!spec || spec->kind != YAML_MAPPING) return;
        r->pod = n;
        r->pod_spec = spec;
        r->is_confidential = runtime_class_is_confidential(yaml_text(yaml_get(spec, "runtimeClassName")));
    }
}

/* ---- objects ---------------------------------------------------------------------------------------------------- */

struct reading {
    const struct yaml_file *file;
    void *items;
    size_t count;
};

static bool ends_in_list(bytes kind)
{
    return kind.len > 4 && bytes_eq(bytes_slice(kind, kind.len - 4, 4), BYTES_LIT("List"));
}

static status want_text(struct yaml_node *object, const char *key, bytes by_default, bytes *out, struct err *err)
{
    struct yaml_node *n = yaml_get(object, key);
    *out = n ? yaml_text(n) : by_default;
    if (!n && by_default.ptr) return OK;
    if (!n) return err_set(err, ERR_MISSING, object->from, "want an object of Kubernetes, which has %s", key);
    if (!out->ptr || !yaml_is_string(yaml_follow(n)))
        return err_set(err, ERR_MISMATCH, n->from, "want a string for %s", key);
    return OK;
}

/* Items of a list that names their kind need not. */
static status add_object(struct reading *all, struct yaml_node *object, bytes api_version, bytes kind, unsigned depth,
                         struct err *err)
{
    struct resource r = {.object = yaml_follow(object)};
    if (r.object->kind != YAML_MAPPING)
        return refuse(object, ERR_MISMATCH, "want an object of Kubernetes, which is a mapping", err);
    TRY(want_text(r.object, "apiVersion", api_version, &r.api_version, err));
    TRY(want_text(r.object, "kind", kind, &r.kind, err));
    struct yaml_node *items = yaml_get(r.object, "items");
    bool is_list = bytes_eq(r.kind, BYTES_LIT("List"));
    if (items && items->kind == YAML_SEQUENCE && (is_list || ends_in_list(r.kind))) {
        bytes of = is_list ? BYTES_ABSENT : bytes_slice(r.kind, 0, r.kind.len - 4);
        if (depth > 0) return refuse(object, ERR_UNSUPPORTED, "a list in a list", err);
        for (size_t i = 0; i < items->count; i++)
            TRY(add_object(all, items->items[i], is_list ? BYTES_ABSENT : r.api_version, of, depth + 1, err));
        return OK;
    }
    struct yaml_node *metadata = yaml_get(r.object, "metadata");
    r.name = yaml_text(yaml_get(metadata, "name"));
    r.name_space = yaml_text(yaml_get(metadata, "namespace"));
    find_pod(&r);
    TRY(arena_grow(all->file->memory, &all->items, all->count, sizeof r, err));
    ((struct resource *)all->items)[all->count++] = r;
    return OK;
}

status resources_read(const struct yaml_file *file, struct resources *out, struct err *err)
{
    struct reading all = {.file = file};
    for (size_t i = 0; i < file->count; i++) {
        struct yaml_node *root = file->documents[i].root;
        if (yaml_is_null(root)) continue;
        TRY(check_profile(file, root, err));
        TRY(add_object(&all, root, BYTES_ABSENT, BYTES_ABSENT, 0, err));
    }
    *out = (struct resources){.items = all.items, .count = all.count};
    return OK;
}

/* ---- annotations ------------------------------------------------------------------------------------------------ */

static struct yaml_node *annotation(struct yaml_node *holder, const char *name)
{
    char key[96] = ANNOTATION_PREFIX;
    size_t prefix = sizeof ANNOTATION_PREFIX - 1, n = strlen(name);
    if (n >= sizeof key - prefix) return NULL;
    memcpy(key + prefix, name, n + 1);
    return yaml_get(yaml_get(yaml_get(holder, "metadata"), "annotations"), key);
}

struct yaml_node *resource_annotation(const struct resource *r, const char *name)
{
    struct yaml_node *own = annotation(r->pod, name);
    return own ? own : annotation(r->object, name);
}

struct yaml_node *resource_annotation_conflict(const struct resource *r, const char *name)
{
    struct yaml_node *inner = annotation(r->pod, name), *outer = annotation(r->object, name);
    return inner && outer && inner != outer && !bytes_eq(yaml_text(inner), yaml_text(outer)) ? outer : NULL;
}

bool resource_is_coordinator(const struct resource *r)
{
    return yaml_text_is(resource_annotation(r, "pod-role"), "coordinator");
}

bool resource_wants_mesh(const struct resource *r)
{
    return resource_annotation(r, "servicemesh-ingress") || resource_annotation(r, "servicemesh-egress") ||
           resource_annotation(r, "servicemesh-admin-interface-port");
}
