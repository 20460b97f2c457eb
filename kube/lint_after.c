/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what will run: images, volumes, memory, ports and probes. */
#include "kube/lint_look.h"
#include "kube/quantity.h"
#include "parse/text.h"

/* ---- images ----------------------------------------------------------------------------------------------------- */

static status check_image(const struct look *l, struct yaml_node *c)
{
    struct yaml_node *image = yaml_get(c, "image");
    bytes text = yaml_text(image);
    struct image_reference r;
    struct err err = {0};
    if (text.len == 0) return look_add(l, LINT_IMAGE_MISSING, c, "container %s: no image", look_name(c).s);
    if (!is_ok(image_reference_parse(text, &r, &err)))
        return look_add(l, LINT_IMAGE_FORM, image, "container %s: image: %s", look_name(c).s, err.text);
    if (r.digest.ptr) return OK;
    return look_add(l, LINT_IMAGE_PINNED, image, "container %s: image %s: no digest", look_name(c).s,
                    text_quote(text).s);
}

/* ---- volumes ---------------------------------------------------------------------------------------------------- */

static struct yaml_node *find_volume(const struct look *l, bytes name)
{
    struct yaml_node *volumes = yaml_get(l->r->pod_spec, "volumes");
    for (size_t i = 0; volumes && volumes->kind == YAML_SEQUENCE && i < volumes->count; i++)
        if (bytes_eq(yaml_text(yaml_get(volumes->items[i], "name")), name)) return yaml_follow(volumes->items[i]);
    return NULL;
}

/* What the guest makes itself, or gets with its policy. */
static bool is_own(struct yaml_node *volume)
{
    static const char *const types[] = {"configMap", "downwardAPI", "emptyDir", "ephemeral", "projected", "secret"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (yaml_get(volume, types[i])) return true;
    return false;
}

static status check_mounts(const struct look *l, struct yaml_node *c)
{
    struct yaml_node *mounts = yaml_get(c, "volumeMounts");
    for (size_t i = 0; mounts && mounts->kind == YAML_SEQUENCE && i < mounts->count; i++) {
        struct yaml_node *name = yaml_get(mounts->items[i], "name"), *volume = find_volume(l, yaml_text(name));
        const struct yaml_node *at = name ? name : mounts->items[i];
        if (!volume)
            TRY(look_add(l, LINT_VOLUME_UNKNOWN, at, "container %s: mounts %s, which is no volume of the pod",
                         look_name(c).s, text_quote(yaml_text(name)).s));
        else if (!is_own(volume))
            TRY(look_add(l, LINT_VOLUME_SHARED, at, "container %s: mounts %s, which is shared with the host",
                         look_name(c).s, text_quote(yaml_text(name)).s));
    }
    return OK;
}

static status check_host(const struct look *l)
{
    static const char *const keys[] = {"hostNetwork", "hostPID", "hostIPC"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct yaml_node *n = yaml_get(l->r->pod_spec, keys[i]);
        if (yaml_text_is(n, "true")) TRY(look_add(l, LINT_HOST_NAMESPACE, n, "%s: true", keys[i]));
    }
    return OK;
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

struct memory {
    bool has_limit, has_request;
    struct quantity limit, request;
};

static status read_memory(const struct look *l, struct yaml_node *c, const char *which, bool *is_there,
                          struct quantity *out)
{
    struct yaml_node *n = yaml_get(yaml_get(yaml_get(c, "resources"), which), "memory");
    struct err err = {0};
    *is_there = false;
    if (yaml_is_null(n)) return OK;
    if (!is_ok(quantity_parse(yaml_text(n), out, &err)))
        return look_add(l, LINT_MEMORY_FORM, n, "container %s: memory %s: %s", look_name(c).s, which, err.text);
    *is_there = true;
    return OK;
}

static status read_both(const struct look *l, struct yaml_node *c, struct memory *out)
{
    TRY(read_memory(l, c, "limits", &out->has_limit, &out->limit));
    return read_memory(l, c, "requests", &out->has_request, &out->request);
}

static status check_equal(const struct look *l, struct yaml_node *c, const struct memory *m)
{
    const struct yaml_node *resources = yaml_get(c, "resources"), *at = resources ? resources : c;
    if (m->has_limit && m->has_request && m->limit.nano == m->request.nano) return OK;
    const char *text = !m->has_limit && !m->has_request ? "neither a request nor a limit of memory"
                       : !m->has_limit                  ? "a request and no limit of memory"
                       : !m->has_request                ? "a limit and no request of memory"
                                                        : "a request of memory that is not its limit";
    return look_add(l, LINT_MEMORY_EQUAL, at, "container %s: %s", look_name(c).s, text);
}

/* An init container that goes on running. */
static bool is_sidecar(struct yaml_node *c)
{
    return yaml_text_is(yaml_get(c, "restartPolicy"), "Always");
}

/* The limits of all containers of a list; those of main containers are checked. */
static status add_up(const struct look *l, const char *key, bool is_main, unsigned __int128 *sum, size_t *limits)
{
    struct yaml_node *containers = yaml_get(l->r->pod_spec, key);
    for (size_t i = 0; containers && containers->kind == YAML_SEQUENCE && i < containers->count; i++) {
        struct yaml_node *c = yaml_follow(containers->items[i]);
        struct memory m;
        if (c->kind != YAML_MAPPING || (!is_main && is_sidecar(c))) continue;
        TRY(read_both(l, c, &m));
        if (is_main) TRY(check_equal(l, c, &m));
        if (!m.has_limit) continue;
        *sum += m.limit.nano;
        ++*limits;
    }
    return OK;
}

static uint64_t mebibytes(unsigned __int128 nano)
{
    return (quantity_units((struct quantity){nano}) + ((1 << 20) - 1)) >> 20;
}

static status check_memory(const struct look *l)
{
    unsigned __int128 mains = 0, inits = 0;
    size_t limits = 0, ignored = 0;
    TRY(add_up(l, "containers", true, &mains, &limits));
    TRY(add_up(l, "initContainers", false, &inits, &ignored));
    if (limits == 0) return look_add(l, LINT_MEMORY_LIMIT, l->r->pod_spec, "no container has a limit of memory");
    if (inits <= mains) return OK;
    return look_add(l, LINT_MEMORY_INIT, l->r->pod_spec,
                    "the init containers have limits of %llu MiB of memory together, the others of %llu MiB",
                    (unsigned long long)mebibytes(inits), (unsigned long long)mebibytes(mains));
}

/* ---- the mesh --------------------------------------------------------------------------------------------------- */

struct mesh {
    uint16_t admin_port;
    struct mesh_ingress ingress;
};

/* Of a pod that has passed lint_before. */
static struct mesh mesh_of(const struct look *l)
{
    struct mesh m = {0};
    bytes admin = yaml_text(resource_annotation(l->r, "servicemesh-admin-interface-port"));
    bytes ingress = yaml_text(resource_annotation(l->r, "servicemesh-ingress"));
    (void)is_ok(mesh_admin_port_parse(admin, &m.admin_port, NULL));
    (void)is_ok(mesh_ingress_parse(ingress, l->ins, LIMIT_MESH_ENTRIES, &m.ingress, NULL));
    return m;
}

static bool read_port(struct yaml_node *n, uint64_t *out)
{
    return is_ok(decimal_parse(yaml_text(n), UINT16_MAX, out, NULL));
}

static status check_ports(const struct look *l, struct yaml_node *c)
{
    const struct mesh m = mesh_of(l);
    struct yaml_node *ports = yaml_get(c, "ports");
    for (size_t i = 0; ports && ports->kind == YAML_SEQUENCE && i < ports->count; i++) {
        struct yaml_node *n = yaml_get(ports->items[i], "containerPort");
        uint64_t port;
        if (!read_port(n, &port)) continue;
        if (port == MESH_PORT_INGRESS || port == MESH_PORT_INGRESS_OPEN || (port == m.admin_port && port > 0))
            TRY(look_add(l, LINT_MESH_PORT, n, "container %s: port %llu is the mesh proxy's", look_name(c).s,
                         (unsigned long long)port));
    }
    return OK;
}

/* A port by its number or its name. */
static bool find_port(struct yaml_node *c, struct yaml_node *of, uint64_t *out)
{
    if (read_port(of, out)) return true;
    struct yaml_node *ports = yaml_get(c, "ports");
    for (size_t i = 0; ports && ports->kind == YAML_SEQUENCE && i < ports->count; i++)
        if (bytes_eq(yaml_text(yaml_get(ports->items[i], "name")), yaml_text(of)))
            return read_port(yaml_get(ports->items[i], "containerPort"), out);
    return false;
}

/* Whether an HTTP probe of the kubelet, which has no certificate, gets through. */
static bool gets_through(const struct mesh *m, uint64_t port, bool is_https)
{
    for (size_t i = 0; i < m->ingress.count; i++)
        if (m->ingress.entries[i].port == port) return m->ingress.entries[i].disables_tls || is_https;
    return m->ingress.is_disabled;
}

static status check_probes(const struct look *l, struct yaml_node *c)
{
    static const char *const probes[] = {"startupProbe", "livenessProbe", "readinessProbe"};
    const struct mesh m = mesh_of(l);
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        struct yaml_node *get = yaml_get(yaml_get(c, probes[i]), "httpGet"), *at = yaml_get(get, "port");
        uint64_t port;
        if (!at || !find_port(c, at, &port)) continue;
        if (!gets_through(&m, port, yaml_text_is(yaml_get(get, "scheme"), "HTTPS")))
            TRY(look_add(l, LINT_MESH_PROBE, at, "container %s: %s asks port %llu, where the mesh proxy wants %s",
                         look_name(c).s, probes[i], (unsigned long long)port, "a certificate or TLS"));
    }
    return OK;
}

/* ---- what an earlier run has left ------------------------------------------------------------------------------- */

static status check_left(const struct look *l, struct yaml_node *c)
{
    bool skips = yaml_text_is(resource_annotation(l->r, "skip-initializer"), "true");
    bool is_initializer = yaml_text_is(yaml_get(c, "name"), CONTAINER_INITIALIZER);
    bool is_mesh = yaml_text_is(yaml_get(c, "name"), CONTAINER_MESH_PROXY);
    if (!(is_initializer && skips) && !(is_mesh && !resource_wants_mesh(l->r))) return OK;
    return look_add(l, LINT_INJECTION_LEFT, c, "has the container %s, and no annotation that asks for it any more",
                    look_name(c).s);
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static status check_pod(const struct look *l)
{
    static const char *const lists[] = {"initContainers", "containers"};
    for (size_t i = 0; i < 2; i++) {
        TRY(look_at_containers(l, lists[i], check_image));
        /* The Coordinator believes nothing that its store returns: that may lie with the host. */
        if (!resource_is_coordinator(l->r)) TRY(look_at_containers(l, lists[i], check_mounts));
    }
    TRY(look_at_containers(l, "initContainers", check_left));
    TRY(check_host(l));
    TRY(check_memory(l));
    if (!resource_wants_mesh(l->r) || resource_is_coordinator(l->r)) return OK;
    TRY(look_at_containers(l, "containers", check_ports));
    return look_at_containers(l, "containers", check_probes);
}

status lint_after(const struct lint_file *files, size_t count, struct findings *out, struct err *err)
{
    struct look l = {.out = out, .err = err};
    TRY(look_open(&l));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < files[i].resources.count; k++) {
            l.file = i;
            l.r = &files[i].resources.items[k];
            if (l.r->is_confidential) TRY(check_pod(&l));
        }
    return OK;
}
