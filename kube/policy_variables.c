/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_variables.h"

#include "parse/text.h"

static status set(struct build *b, struct variables *v, struct variable one)
{
    void *items = v->items;
    for (size_t i = 0; i < v->count; i++)
        if (bytes_eq(v->items[i].name, one.name)) {
            v->items[i] = one;
            return OK;
        }
    TRY(arena_grow(b->memory, &items, v->count, sizeof *v->items, b->look.err));
    v->items = items;
    v->items[v->count++] = one;
    return OK;
}

static status set_checked(struct build *b, struct variables *v, struct variable one, const struct yaml_node *node)
{
    bool has_sign = one.name.len == 0, has_nul = false;
    for (size_t i = 0; i < one.name.len; i++)
        has_sign = has_sign || one.name.ptr[i] == '=' || one.name.ptr[i] == 0;
    for (size_t i = 0; i < one.value.len; i++)
        has_nul = has_nul || one.value.ptr[i] == 0;
    if (has_sign)
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, node, "container %s: %s is no name of a variable",
                      look_name(b->yaml).s, text_quote(one.name).s);
    if (has_nul || (one.value.len > 0 && !is_ok(utf8_check(one.value, NULL))))
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, node, "container %s: the variable %s has bytes that are no text",
                      look_name(b->yaml).s, text_quote(one.name).s);
    return set(b, v, one);
}

/* ---- $(NAME) ---------------------------------------------------------------------------------------------------- */

static bool ends_in(bytes text, bytes end)
{
    return text.len > end.len && bytes_eq(bytes_slice(text, text.len - end.len, end.len), end);
}

/* What Kubernetes makes of a Service, and knows before a container's own variables. */
static bool is_of_service(bytes name)
{
    static const char *const marks[] = {"_SERVICE_PORT_", "_TCP", "_UDP", "_TCP_", "_UDP_"};
    if (ends_in(name, BYTES_LIT("_SERVICE_HOST")) || ends_in(name, BYTES_LIT("_PORT"))) return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        for (size_t k = 1; k < name.len; k++)
            if (bytes_eq(bytes_slice(name, k, strlen(marks[i])), text_bytes(marks[i]))) return true;
    return false;
}

static status put_reference(struct build *b, const struct variables *v, bytes whole, const struct yaml_node *node,
                            struct text_out *out)
{
    bytes name = bytes_slice(whole, 2, whole.len - 3);
    for (size_t i = 0; i < v->count; i++) {
        if (v->items[i].is_image || !bytes_eq(v->items[i].name, name)) continue;
        if (v->items[i].field)
            return REFUSE(b, LINT_POLICY_UNSUPPORTED, node,
                          "container %s: %s inside of another value is known only when the pod runs",
                          look_name(b->yaml).s, text_quote(whole).s);
        text_put(out, v->items[i].value);
        return OK;
    }
    if (is_of_service(name))
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, node,
                      "container %s: %s may be a Service's, known only in the cluster", look_name(b->yaml).s,
                      text_quote(whole).s);
    text_put(out, whole);
    return OK;
}

status variables_expand(struct build *b, const struct variables *v, bytes text, const struct yaml_node *node,
                        bytes *out)
{
    struct text_out to = {.memory = b->memory};
    for (size_t i = 0; i < text.len; i++) {
        uint8_t next = i + 1 < text.len ? text.ptr[i + 1] : 0;
        const uint8_t *end = text.ptr[i] == '$' && next == '(' ? memchr(text.ptr + i, ')', text.len - i) : NULL;
        text_put(&to, end ? BYTES_LIT("") : bytes_slice(text, i, 1));
        if (end) {
            size_t len = (size_t)(end - text.ptr) - i + 1;
            TRY(put_reference(b, v, bytes_slice(text, i, len), node, &to));
            i += len - 1;
        } else if (text.ptr[i] == '$' && next == '$') {
            i++;
        }
    }
    return text_out_take(&to, out, b->look.err);
}

/* ---- ConfigMaps and Secrets ------------------------------------------------------------------------------------- */

static bytes namespace_of(const struct resource *r)
{
    return r->name_space.ptr ? r->name_space : BYTES_LIT("default");
}

static struct yaml_node *find_object(const struct build *b, const char *kind, bytes name)
{
    for (size_t i = 0; i < b->in->file_count; i++)
        for (size_t k = 0; k < b->in->files[i].resources.count; k++) {
            const struct resource *r = &b->in->files[i].resources.items[k];
            if (bytes_eq(r->kind, text_bytes(kind)) && bytes_eq(r->api_version, BYTES_LIT("v1")) &&
                bytes_eq(r->name, name) && bytes_eq(namespace_of(r), namespace_of(b->look.r)))
                return r->object;
        }
    return NULL;
}

static status decode(struct build *b, bytes text, bytes *out)
{
    void *room;
    TRY(arena_take(b->memory, BASE64_BYTES_MAX(text.len) + 1, 1, &room, b->look.err));
    if (is_ok(base64_parse(text, BASE64_STANDARD, room, BASE64_BYTES_MAX(text.len), out, NULL))) return OK;
    *out = BYTES_LIT("");
    return REFUSE(b, LINT_POLICY_SOURCE, NULL, "container %s: a Secret that it uses has a value that is no base64",
                  look_name(b->yaml).s);
}

static bytes find_text(struct yaml_node *map, bytes key)
{
    for (size_t i = 0; map && map->kind == YAML_MAPPING && i + 1 < map->count; i += 2)
        if (bytes_eq(yaml_text(map->items[i]), key)) return yaml_text(map->items[i + 1]);
    return BYTES_ABSENT;
}

/* The value of a key.  In a Secret stringData counts before data, which is base64. */
static status get_value(struct build *b, struct yaml_node *object, bool is_secret, bytes key, bytes *out)
{
    bytes plain = find_text(yaml_get(object, is_secret ? "stringData" : "data"), key);
    bytes coded = is_secret ? find_text(yaml_get(object, "data"), key) : BYTES_ABSENT;
    *out = plain;
    return bytes_is_absent(plain) && !bytes_is_absent(coded) ? decode(b, coded, out) : OK;
}

/* NULL when there is none, which is a finding unless it is optional. */
static status get_object(struct build *b, struct yaml_node *reference, bool is_secret, struct yaml_node **out)
{
    const char *kind = is_secret ? "Secret" : "ConfigMap";
    bool is_optional = false;
    bytes name = yaml_text(yaml_get(reference, "name"));
    TRY(build_bool(b, reference, "optional", false, &is_optional));
    *out = find_object(b, kind, name);
    if (*out || is_optional) return OK;
    return REFUSE(b, LINT_POLICY_SOURCE, reference, "container %s: the %s %s is not among these files",
                  look_name(b->yaml).s, kind, text_quote(name).s);
}

static status set_from_key(struct build *b, struct variables *v, bytes name, struct yaml_node *reference,
                           bool is_secret)
{
    struct yaml_node *object;
    bytes value, key = yaml_text(yaml_get(reference, "key"));
    bool is_optional = false;
    TRY(get_object(b, reference, is_secret, &object));
    if (!object) return OK;
    TRY(get_value(b, object, is_secret, key, &value));
    TRY(build_bool(b, reference, "optional", false, &is_optional));
    if (!bytes_is_absent(value)) return set_checked(b, v, (struct variable){.name = name, .value = value}, reference);
    if (is_optional) return OK;
    return REFUSE(b, LINT_POLICY_SOURCE, reference, "container %s: there is no key %s in the %s of the variable %s",
                  look_name(b->yaml).s, text_quote(key).s, is_secret ? "Secret" : "ConfigMap", text_quote(name).s);
}

static status set_all(struct build *b, struct variables *v, bytes prefix, struct yaml_node *object, bool is_secret,
                      const char *map_name)
{
    struct yaml_node *map = yaml_get(object, map_name);
    for (size_t k = 0; map && map->kind == YAML_MAPPING && k + 1 < map->count; k += 2) {
        struct text_out name = {.memory = b->memory};
        struct variable one = {0};
        text_put(&name, prefix);
        text_put(&name, yaml_text(map->items[k]));
        TRY(text_out_take(&name, &one.name, b->look.err));
        TRY(get_value(b, object, is_secret, yaml_text(map->items[k]), &one.value));
        TRY(set_checked(b, v, one, b->yaml));
    }
    return OK;
}

static status set_from(struct build *b, struct variables *v, struct yaml_node *source)
{
    struct yaml_node *map = yaml_get(source, "configMapRef"), *secret = yaml_get(source, "secretRef"), *object;
    bytes prefix = yaml_text(yaml_get(source, "prefix"));
    if (!map && !secret)
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, source, "container %s: envFrom: want configMapRef or secretRef",
                      look_name(b->yaml).s);
    TRY(get_object(b, map ? map : secret, !map, &object));
    if (!object) return OK;
    TRY(set_all(b, v, prefix, object, !map, "data"));
    return map ? OK : set_all(b, v, prefix, object, true, "stringData");
}

/* ---- fields ----------------------------------------------------------------------------------------------------- */

/* metadata.labels['KEY'] and metadata.annotations['KEY']. */
static bool split_subscript(bytes path, const char *map, bytes *key)
{
    size_t n = strlen(map);
    bool is_it = path.len > n + 4 && bytes_eq(bytes_slice(path, 0, n), text_bytes(map)) &&
                 bytes_eq(bytes_slice(path, n, 2), BYTES_LIT("['")) &&
                 bytes_eq(bytes_slice(path, path.len - 2, 2), BYTES_LIT("']"));
    if (is_it) *key = bytes_slice(path, n + 2, path.len - n - 4);
    return is_it;
}

static status set_from_metadata(struct build *b, struct variables *v, bytes name, struct yaml_node *at, bytes path)
{
    static const char *const maps[][2] = {{"metadata.labels", "labels"}, {"metadata.annotations", "annotations"}};
    bytes key = BYTES_ABSENT;
    for (size_t i = 0; i < 2; i++) {
        if (!split_subscript(path, maps[i][0], &key)) continue;
        bytes value = find_text(yaml_get(yaml_get(b->look.r->pod, "metadata"), maps[i][1]), key);
        if (!bytes_is_absent(value)) return set_checked(b, v, (struct variable){.name = name, .value = value}, at);
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, at, "container %s: the variable %s: the pod has no %s in these files",
                      look_name(b->yaml).s, text_quote(name).s, text_quote(path).s);
    }
    return REFUSE(b, LINT_POLICY_UNSUPPORTED, at, "container %s: the variable %s: %s is no field that is known",
                  look_name(b->yaml).s, text_quote(name).s, text_quote(path).s);
}

static status set_from_field(struct build *b, struct variables *v, bytes name, struct yaml_node *reference)
{
    static const struct {
        const char *path, *field;
    } fields[] = {{"metadata.name", "sandbox-name"}, {"metadata.namespace", "sandbox-namespace"},
                  {"metadata.uid", "pod-uid"},       {"status.hostIP", "ip"},
                  {"status.hostIPs", "ips"},         {"status.podIP", "ip"},
                  {"status.podIPs", "ips"},          {"spec.nodeName", "node-name"}};
    struct yaml_node *node = yaml_get(reference, "fieldPath");
    bytes path = yaml_text(node), account = yaml_text(yaml_get(b->look.r->pod_spec, "serviceAccountName"));
    if (bytes_eq(path, BYTES_LIT("spec.serviceAccountName")))
        return set_checked(
            b, v, (struct variable){.name = name, .value = account.len > 0 ? account : BYTES_LIT("default")}, node);
    if (bytes_eq(path, BYTES_LIT("metadata.namespace")) && b->look.r->name_space.ptr)
        return set_checked(b, v, (struct variable){.name = name, .value = b->look.r->name_space}, node);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (bytes_eq(path, text_bytes(fields[i].path)))
            return set_checked(b, v, (struct variable){.name = name, .value = BYTES_LIT(""), .field = fields[i].field},
                               node);
    return set_from_metadata(b, v, name, node ? node : reference, path);
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static status set_from_env(struct build *b, struct variables *v, struct yaml_node *one)
{
    struct yaml_node *from = yaml_get(one, "valueFrom"), *source;
    bytes name, value;
    TRY(build_text(b, one, "name", &name));
    if (bytes_is_absent(name)) name = BYTES_LIT("");
    if ((source = yaml_get(from, "configMapKeyRef"))) return set_from_key(b, v, name, source, false);
    if ((source = yaml_get(from, "secretKeyRef"))) return set_from_key(b, v, name, source, true);
    if ((source = yaml_get(from, "fieldRef"))) return set_from_field(b, v, name, source);
    if (yaml_get(from, "resourceFieldRef"))
        return set_checked(b, v, (struct variable){.name = name, .value = BYTES_LIT(""), .field = "number"}, one);
    if (!yaml_is_null(from))
        return REFUSE(b, LINT_POLICY_UNSUPPORTED, from, "container %s: the variable %s has a source that is not known",
                      look_name(b->yaml).s, text_quote(name).s);
    TRY(build_text(b, one, "value", &value));
    TRY(variables_expand(b, v, bytes_is_absent(value) ? BYTES_LIT("") : value, one, &value));
    return set_checked(b, v, (struct variable){.name = name, .value = value}, one);
}

static status set_from_image(struct build *b, struct variables *v)
{
    const struct oci_texts *env = &b->image->env;
    if (env->count == 0)
        return set(b, v,
                   (struct variable){.name = BYTES_LIT("PATH"),
                                     .value = BYTES_LIT("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
                                     .is_image = true});
    for (size_t i = 0; i < env->count; i++) {
        bytes text = env->items[i];
        const uint8_t *sign = memchr(text.ptr, '=', text.len);
        size_t n = sign ? (size_t)(sign - text.ptr) : text.len;
        struct variable one = {.name = bytes_slice(text, 0, n),
                               .value = sign ? bytes_slice(text, n + 1, text.len - n - 1) : BYTES_LIT(""),
                               .is_image = true};
        TRY(set_checked(b, v, one, b->yaml));
    }
    return OK;
}

/* Its own, when the pod says what it is called. */
static status set_host_name(struct build *b, struct variables *v)
{
    bytes name;
    TRY(build_text(b, b->look.r->pod_spec, "hostname", &name));
    if (name.len == 0) return OK;
    return set(b, v, (struct variable){.name = BYTES_LIT("HOSTNAME"), .value = name, .is_image = true});
}

static status put_all(struct build *b, const struct variables *v)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct variable *one = &v->items[i];
        struct text_out out = {.memory = b->memory};
        bytes text;
        if (one->field) {
            TRY(pairs_add(&b->c->env_fields, one->name, text_bytes(one->field), b->memory, b->look.err));
            continue;
        }
        text_put(&out, one->name);
        text_put_string(&out, "=");
        text_put(&out, one->value);
        TRY(text_out_take(&out, &text, b->look.err));
        TRY(texts_add(&b->c->env, text, b->memory, b->look.err));
    }
    pairs_sort(&b->c->env_fields);
    return OK;
}

status build_variables(struct build *b, struct variables *out)
{
    struct variables v = {0};
    struct yaml_node *from = yaml_get(b->yaml, "envFrom"), *env = yaml_get(b->yaml, "env");
    TRY(set_from_image(b, &v));
    TRY(set_host_name(b, &v));
    for (size_t i = 0; i < build_count(from); i++)
        TRY(set_from(b, &v, build_item(from, i)));
    for (size_t i = 0; i < build_count(env); i++)
        TRY(set_from_env(b, &v, build_item(env, i)));
    TRY(put_all(b, &v));
    *out = v;
    return OK;
}
