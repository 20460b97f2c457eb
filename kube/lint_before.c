/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what people write: names, runtime classes, annotations. */
#include <stdio.h>

#include "kube/lint_look.h"
#include "kube/platform.h"
#include "kube/quantity.h"
#include "parse/mesh_config.h"
#include "parse/text.h"

/* ---- annotations ------------------------------------------------------------------------------------------------ */

enum value { ANY, ROLE, BOOL, SIZE };

static const struct {
    const char *name;
    enum value value;
} annotations[] = {
    {"pod-role", ROLE},
    {"workload-secret-id", ANY},
    {"servicemesh-ingress", ANY},
    {"servicemesh-egress", ANY},
    {"servicemesh-admin-interface-port", ANY},
    {"skip-initializer", BOOL},
    {"secure-pv", ANY},
    {"image-store-size", SIZE},
    {"platform", ANY},
    {"expose-service", BOOL},
};
enum { ANNOTATIONS = sizeof annotations / sizeof annotations[0] };

static bool is_ours(bytes key, bytes *name)
{
    bytes prefix = BYTES_LIT(ANNOTATION_PREFIX);
    if (key.len < prefix.len || !bytes_eq(bytes_slice(key, 0, prefix.len), prefix)) return false;
    *name = bytes_slice(key, prefix.len, key.len - prefix.len);
    return true;
}

/* generate itself writes these. */
static bool is_written(bytes name)
{
    bytes prefix = BYTES_LIT("snp-id-block/");
    return name.len > prefix.len && bytes_eq(bytes_slice(name, 0, prefix.len), prefix);
}

static status check_name(const struct look *l, const struct yaml_node *key, bytes name)
{
    size_t best = 0, least = SIZE_MAX;
    for (size_t i = 0; i < ANNOTATIONS; i++) {
        size_t distance = text_distance(name, text_bytes(annotations[i].name));
        if (distance < least) {
            best = i;
            least = distance;
        }
    }
    if (least == 0 || is_written(name)) return OK;
    bool is_slip = least <= name.len / 3;
    return look_add(l, LINT_ANNOTATION_UNKNOWN, key, "unknown annotation %s%s%s%s", text_quote(key->text).s,
                    is_slip ? ", did you mean " ANNOTATION_PREFIX : "", is_slip ? annotations[best].name : "",
                    is_slip ? "?" : "");
}

static bool is_allowed(enum value value, bytes text)
{
    struct quantity q;
    switch (value) {
    case ANY:
        return true;
    case ROLE:
        return text.len == 0 || bytes_eq(text, BYTES_LIT("coordinator")) ||
               bytes_eq(text, BYTES_LIT("contrast-node-installer"));
    case BOOL:
        return bytes_eq(text, BYTES_LIT("true")) || bytes_eq(text, BYTES_LIT("false"));
    case SIZE:
        return is_ok(quantity_parse(text, &q, NULL));
    }
    return false;
}

static status check_annotation(const struct look *l, struct yaml_node *key, struct yaml_node *value)
{
    bytes name;
    if (!is_ours(yaml_text(key), &name)) return OK;
    if (value->kind != YAML_TEXT || !yaml_is_string(value))
        return look_add(l, LINT_ANNOTATION_STRING, value, "the annotation %s is no string", text_quote(key->text).s);
    TRY(check_name(l, key, name));
    for (size_t i = 0; i < ANNOTATIONS; i++)
        if (bytes_eq(name, text_bytes(annotations[i].name)) && !is_allowed(annotations[i].value, value->text))
            return look_add(l, LINT_ANNOTATION_VALUE, value, "the annotation %s has the value %s",
                            text_quote(key->text).s, text_quote(value->text).s);
    return OK;
}

static status check_annotations(const struct look *l, struct yaml_node *holder)
{
    enum { ALL_MAX_BYTES = 256 * 1024 };
    struct yaml_node *all = yaml_get(yaml_get(holder, "metadata"), "annotations");
    size_t sum = 0;
    for (size_t i = 0; all && all->kind == YAML_MAPPING && i < all->count; i += 2) {
        struct yaml_node *value = yaml_follow(all->items[i + 1]);
        sum += yaml_text(all->items[i]).len + yaml_text(value).len;
        TRY(check_annotation(l, all->items[i], value));
    }
    if (sum <= ALL_MAX_BYTES) return OK;
    return look_add(l, LINT_ANNOTATION_SIZE, all, "%zu bytes of annotations", sum);
}

static status check_conflicts(const struct look *l)
{
    for (size_t i = 0; i < ANNOTATIONS; i++) {
        const struct yaml_node *outer = resource_annotation_conflict(l->r, annotations[i].name);
        if (outer)
            TRY(look_add(l, LINT_ANNOTATION_CONFLICT, outer,
                         "the annotation " ANNOTATION_PREFIX "%s is that of the pod template too, with the value %s",
                         annotations[i].name, text_quote(yaml_text(resource_annotation(l->r, annotations[i].name))).s));
    }
    return OK;
}

/* ---- the mesh --------------------------------------------------------------------------------------------------- */

static status check_mesh(const struct look *l)
{
    struct yaml_node *ingress = resource_annotation(l->r, "servicemesh-ingress");
    struct yaml_node *egress = resource_annotation(l->r, "servicemesh-egress");
    struct yaml_node *admin = resource_annotation(l->r, "servicemesh-admin-interface-port");
    struct mesh_ingress in;
    struct mesh_egress out;
    uint16_t port = 0;
    struct err err = {0};
    if (admin && !is_ok(mesh_admin_port_parse(yaml_text(admin), &port, &err)))
        TRY(look_add(l, LINT_MESH_ADMIN_PORT, admin, "servicemesh-admin-interface-port: %s", err.text));
    err = (struct err){0};
    if (ingress && !is_ok(mesh_ingress_parse(yaml_text(ingress), l->ins, LIMIT_MESH_ENTRIES, &in, &err)))
        TRY(look_add(l, LINT_MESH_INGRESS, ingress, "servicemesh-ingress: %s", err.text));
    err = (struct err){0};
    if (egress && !is_ok(mesh_egress_parse(yaml_text(egress), port, l->outs, LIMIT_MESH_ENTRIES, &out, &err)))
        TRY(look_add(l, LINT_MESH_EGRESS, egress, "servicemesh-egress: %s", err.text));
    if (egress && !ingress)
        TRY(look_add(l, LINT_MESH_EGRESS_ONLY, egress, "servicemesh-egress without servicemesh-ingress"));
    return OK;
}

/* ---- runtime classes and names ---------------------------------------------------------------------------------- */

/* A runtime class of ours somewhere in what is not known. */
static struct yaml_node *find_runtime_class(struct yaml_node *n)
{
    struct yaml_node *found = NULL;
    for (size_t i = 0; i < n->count && !found; i++) {
        bool is_value = n->kind == YAML_MAPPING && i % 2 == 1 && yaml_text_is(n->items[i - 1], "runtimeClassName");
        if (is_value && runtime_class_is_confidential(yaml_text(n->items[i])))
            found = n->items[i];
        else
            found = find_runtime_class(n->items[i]);
    }
    return found;
}

static status check_unknown(const struct look *l)
{
    const struct yaml_node *found = find_runtime_class(l->r->object);
    if (!found) return OK;
    return look_add(l, LINT_OBJECT_UNKNOWN, found, "the kind %s of %s is not prepared", text_quote(l->r->kind).s,
                    text_quote(l->r->api_version).s);
}

static status check_open(const struct look *l)
{
    static const char *const telling[] = {"servicemesh-ingress", "servicemesh-egress", "secure-pv"};
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++) {
        const struct yaml_node *a = resource_annotation(l->r, telling[i]);
        if (a)
            return look_add(l, LINT_RUNTIME_CLASS_ABSENT, a,
                            "has the annotation " ANNOTATION_PREFIX "%s and no runtime class of ours", telling[i]);
    }
    return OK;
}

static status check_pod(const struct look *l)
{
    struct err err = {0};
    struct yaml_node *name = yaml_get(l->r->pod_spec, "runtimeClassName");
    if (!is_ok(platform_check_runtime_class(yaml_text(name), &err)))
        TRY(look_add(l, LINT_RUNTIME_CLASS_NAME, name, "%s", err.text));
    if (l->r->name.len == 0) TRY(look_add(l, LINT_OBJECT_NAME, l->r->object, "has no name"));
    TRY(check_conflicts(l));
    TRY(check_annotations(l, l->r->object));
    if (l->r->pod != l->r->object) TRY(check_annotations(l, l->r->pod));
    return check_mesh(l);
}

static status check_object(const struct look *l)
{
    if (!l->r->pod) return check_unknown(l);
    return l->r->is_confidential ? check_pod(l) : check_open(l);
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static bool is_same_text(bytes a, bytes b)
{
    return bytes_eq(a, b) || (!a.ptr && !b.ptr);
}

static bool is_same_object(const struct resource *a, const struct resource *b)
{
    return bytes_eq(a->api_version, b->api_version) && bytes_eq(a->kind, b->kind) && bytes_eq(a->name, b->name) &&
           is_same_text(a->name_space, b->name_space);
}

/* Confidential ones alone: what else is applied twice harms nobody here. */
static status check_twice(const struct look *l, const struct resource *const *seen, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_object(seen[i], l->r))
            return look_add(l, LINT_OBJECT_TWICE, l->r->object, "is there already, with this kind and namespace");
    return OK;
}

static status check_coordinators(const struct look *l, size_t *count)
{
    if (!resource_is_coordinator(l->r) || ++*count < 2) return OK;
    return look_add(l, LINT_COORDINATOR_SEVERAL, l->r->object, "is a second Coordinator");
}

status lint_before(const struct lint_file *files, size_t count, struct findings *out, struct err *err)
{
    void *seen = NULL;
    size_t pods = 0, coordinators = 0;
    struct look l = {.out = out, .err = err};
    TRY(look_open(&l));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < files[i].resources.count; k++) {
            l.file = i;
            l.r = &files[i].resources.items[k];
            TRY(check_object(&l));
            if (!l.r->is_confidential) continue;
            TRY(check_twice(&l, seen, pods));
            TRY(check_coordinators(&l, &coordinators));
            TRY(arena_grow(out->memory, &seen, pods, sizeof(struct resource *), err));
            ((const struct resource **)seen)[pods++] = l.r;
        }
    if (pods == 0 || coordinators > 0) return OK;
    return lint_add(out, LINT_COORDINATOR_MISSING, 0, 0, err, "no Coordinator is among these files");
}
