/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_pod.h"

#include "kube/policy_build.h"
#include "parse/text.h"

/* What Kubernetes makes names of that nobody chose. */
#define SUFFIX "[bcdfghjklmnpqrstvwxz2456789]+"

/* ---- names ------------------------------------------------------------------------------------------------------ */

static void put_quoted(struct text_out *out, bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr("\\.+*?()|[]{}^$", text.ptr[i], 14)) text_put_string(out, "\\");
        text_put(out, bytes_slice(text, i, 1));
    }
}

/* The name that the pod gets, for the kind of its object. */
static void put_pod_name(const struct build *b, struct text_out *out)
{
    static const char *const suffixes[][2] = {{"Pod", ""},
                                              {"Deployment", "-" SUFFIX "-" SUFFIX},
                                              {"ReplicaSet", "-" SUFFIX},
                                              {"ReplicationController", "-" SUFFIX},
                                              {"DaemonSet", "-" SUFFIX},
                                              {"StatefulSet", "-[0-9]+"},
                                              {"Job", "(-[0-9]+)?-" SUFFIX},
                                              {"CronJob", "-[0-9]+(-[0-9]+)?-" SUFFIX}};
    put_quoted(out, b->look.r->name);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (bytes_eq(b->look.r->kind, text_bytes(suffixes[i][0]))) text_put_string(out, suffixes[i][1]);
}

static void put_namespace(const struct build *b, struct text_out *out)
{
    if (b->look.r->name_space.ptr)
        put_quoted(out, b->look.r->name_space);
    else
        text_put_string(out, "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
}

static status read_names(struct build *b)
{
    struct text_out name = {.memory = b->memory}, name_space = {.memory = b->memory};
    text_put_string(&name, "^");
    put_pod_name(b, &name);
    text_put_string(&name, "$");
    text_put_string(&name_space, "^");
    put_namespace(b, &name_space);
    text_put_string(&name_space, "$");
    TRY(text_out_take(&name, &b->pod->name, b->look.err));
    return text_out_take(&name_space, &b->pod->name_space, b->look.err);
}

/* ---- annotations ------------------------------------------------------------------------------------------------ */

/* What carries the policy is not in it. */
static bool is_carrier(bytes key)
{
    return bytes_eq(key, BYTES_LIT(ANNOTATION_POLICY)) || bytes_eq(key, BYTES_LIT(ANNOTATION_INITDATA));
}

static status read_annotations(struct build *b)
{
    struct yaml_node *map = yaml_get(yaml_get(b->look.r->pod, "metadata"), "annotations");
    for (size_t i = 0; map && map->kind == YAML_MAPPING && i + 1 < map->count; i += 2) {
        bytes key = yaml_text(map->items[i]), value = yaml_text(map->items[i + 1]);
        if (key.ptr && value.ptr && !is_carrier(key))
            TRY(pairs_add(&b->pod->annotations, key, value, b->memory, b->look.err));
    }
    pairs_sort(&b->pod->annotations);
    return OK;
}

static status add_own_annotations(struct build *b)
{
    struct pairs *own = &b->c->annotations;
    bytes kind = b->c->is_sandbox ? BYTES_LIT("sandbox") : BYTES_LIT("container");
    bytes pod_kind = b->c->is_sandbox ? BYTES_LIT("pod_sandbox") : BYTES_LIT("pod_container");
    TRY(pairs_add(own, BYTES_LIT("io.katacontainers.pkg.oci.container_type"), pod_kind, b->memory, b->look.err));
    if (!b->c->is_sandbox)
        TRY(pairs_add(own, BYTES_LIT("io.kubernetes.cri.container-name"), b->c->name, b->memory, b->look.err));
    return pairs_add(own, BYTES_LIT("io.kubernetes.cri.container-type"), kind, b->memory, b->look.err);
}

static status add_patterns(struct build *b)
{
#define UUID "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    struct text_out log = {.memory = b->memory};
    struct pairs *patterns = &b->c->annotation_patterns;
    bytes text;
    text_put_string(&log, "^/var/log/pods/");
    put_namespace(b, &log);
    text_put_string(&log, "_");
    put_pod_name(b, &log);
    text_put_string(&log, "_" UUID "$");
    TRY(text_out_take(&log, &text, b->look.err));
    TRY(pairs_add(patterns, BYTES_LIT("io.kubernetes.cri.sandbox-log-directory"), text, b->memory, b->look.err));
    return pairs_add(patterns, BYTES_LIT("nerdctl/network-namespace"), BYTES_LIT("^/var/run/netns/cni-" UUID "$"),
                     b->memory, b->look.err);
}

/* ---- containers ------------------------------------------------------------------------------------------------- */

static status add_sysctls(struct build *b)
{
    struct yaml_node *list = yaml_get(yaml_get(b->look.r->pod_spec, "securityContext"), "sysctls");
    if (b->c->is_sandbox) {
        TRY(pairs_add(&b->c->sysctls, BYTES_LIT("net.ipv4.ip_unprivileged_port_start"), BYTES_LIT("0"), b->memory,
                      b->look.err));
        TRY(pairs_add(&b->c->sysctls, BYTES_LIT("net.ipv4.ping_group_range"), BYTES_LIT("0 2147483647"), b->memory,
                      b->look.err));
    }
    for (size_t i = 0; i < build_count(list); i++) {
        bytes name = yaml_text(yaml_get(build_item(list, i), "name"));
        bytes value = yaml_text(yaml_get(build_item(list, i), "value"));
        if (name.len == 0 || !value.ptr || !bytes_is_absent(pairs_find(&b->c->sysctls, name)))
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, build_item(list, i),
                          "sysctls: want a name, once, and a value, have %s", text_quote(name).s);
        TRY(pairs_add(&b->c->sysctls, name, value, b->memory, b->look.err));
    }
    pairs_sort(&b->c->sysctls);
    return OK;
}

/* The host's own image, which the guest does not take: it has one itself. */
static status read_sandbox(struct build *b)
{
    const struct policy_settings *s = b->in->settings;
    bool has_uid = false, has_gid = false;
    uint64_t uid = s->pause_uid, gid = s->pause_gid;
    struct yaml_node *security = yaml_get(b->look.r->pod_spec, "securityContext");
    *b->c = (struct policy_container){.is_sandbox = true,
                                      .image = BYTES_LIT(""),
                                      .args = s->pause_args,
                                      .env = s->pause_env,
                                      .cwd = BYTES_LIT("/"),
                                      .no_new_privileges = true,
                                      .is_root_readonly = true};
    TRY(build_number(b, security, "runAsUser", UINT32_MAX, &has_uid, &uid));
    TRY(build_number(b, security, "runAsGroup", UINT32_MAX, &has_gid, &gid));
    if (has_uid && !has_gid) gid = 0;
    b->c->user.uid = (uint32_t)uid;
    b->c->user.gid = (uint32_t)gid;
    TRY(build_gid(b, gid));
    build_default_capabilities(b);
    TRY(build_mounts(b));
    TRY(add_sysctls(b));
    TRY(add_own_annotations(b));
    return add_patterns(b);
}

/* What the image says of itself, and of users.  What cannot be got has been told; accounts are read here first. */
static status read_image(struct build *b, struct image_reference *reference, bool *is_there)
{
    struct yaml_node *node = yaml_get(b->yaml, "image");
    const struct image_facts *facts;
    struct image_accounts accounts;
    struct err why = {0};
    *is_there = is_ok(image_reference_parse(yaml_text(node), reference, NULL)) && reference->digest.ptr;
    if (!*is_there) return OK;
    status s = image_source_get(b->in->images, yaml_text(node), &facts, NULL);
    *is_there = is_ok(s);
    if (is_ok(s)) s = image_source_accounts(b->in->images, facts, &accounts, &why);
    if (s.kind == ERR_NOMEM) return err_set(b->look.err, ERR_NOMEM, 0, "out of memory");
    if (is_ok(s)) {
        b->image = &facts->config;
        b->passwd = accounts.passwd;
        b->group = accounts.group;
        return OK;
    }
    bool is_told = !*is_there;
    *is_there = false;
    return is_told ? OK : REFUSE(b, LINT_IMAGE_UNREAD, node, "container %s: %s", look_name(b->yaml).s, why.text);
}

static status read_container(struct build *b)
{
    struct image_reference reference;
    struct text_out digest = {.memory = b->memory};
    bool is_there;
    *b->c = (struct policy_container){.name = yaml_text(yaml_get(b->yaml, "name"))};
    TRY(read_image(b, &reference, &is_there));
    if (!is_there) return OK;
    if (b->c->name.len == 0) return REFUSE(b, LINT_POLICY_UNSUPPORTED, NULL, "a container without a name");
    text_put_string(&digest, "sha256:");
    text_put(&digest, reference.digest);
    TRY(text_out_take(&digest, &b->c->image, b->look.err));
    TRY(build_bool(b, b->look.r->pod_spec, "shareProcessNamespace", false, &b->c->shares_pids));
    TRY(build_process(b));
    TRY(build_mounts(b));
    TRY(add_sysctls(b));
    return add_own_annotations(b);
}

static status add_container(struct build *b, struct yaml_node *yaml)
{
    void *all = b->pod->containers;
    TRY(arena_grow(b->memory, &all, b->pod->count, sizeof *b->pod->containers, b->look.err));
    b->pod->containers = all;
    b->c = &b->pod->containers[b->pod->count++];
    b->yaml = yaml;
    b->image = NULL;
    return yaml == b->look.r->pod_spec ? read_sandbox(b) : read_container(b);
}

/* ---- the pod ---------------------------------------------------------------------------------------------------- */

static status refuse_unknown(struct build *b)
{
    static const char *const shared[] = {"hostNetwork", "hostPID", "hostIPC"};
    static const char *const keys[] = {"ephemeralContainers", "setHostnameAsFQDN", "hostUsers"};
    struct yaml_node *spec = b->look.r->pod_spec, *n;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (yaml_text_is(n = yaml_get(spec, shared[i]), "true"))
            TRY(REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s: true", shared[i]));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!yaml_is_null(n = yaml_get(spec, keys[i])) && !yaml_text_is(n, "false"))
            TRY(REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "%s", keys[i]));
    n = yaml_get(yaml_get(spec, "securityContext"), "supplementalGroupsPolicy");
    if (n && !yaml_text_is(n, "Merge"))
        TRY(REFUSE(b, LINT_POLICY_UNSUPPORTED, n, "supplementalGroupsPolicy: want Merge"));
    return OK;
}

status policy_pod_read(const struct policy_inputs *in, size_t file, const struct resource *r, struct findings *findings,
                       struct policy_pod *out, struct err *err)
{
    static const char *const lists[] = {"initContainers", "containers"};
    struct policy_pod pod = {0};
    struct build b = {.look = {.out = findings, .file = file, .r = r, .err = err},
                      .in = in,
                      .pod = &pod,
                      .memory = findings->memory,
                      .yaml = r->pod_spec};
    memcpy(pod.allows, in->settings->allows, sizeof pod.allows);
    TRY(refuse_unknown(&b));
    TRY(read_names(&b));
    TRY(read_annotations(&b));
    TRY(add_container(&b, r->pod_spec));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct yaml_node *list = yaml_get(r->pod_spec, lists[i]);
        for (size_t k = 0; k < build_count(list); k++)
            TRY(add_container(&b, build_item(list, k)));
    }
    *out = pod;
    return OK;
}
