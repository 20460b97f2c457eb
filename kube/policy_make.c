/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/policy_make.h"

#include "kube/lint_look.h"
#include "parse/text.h"

/* What Kubernetes takes, and from where on we warn; older agents' longest line. */
enum { ANNOTATIONS_MAX = 262144, ANNOTATIONS_MANY = 204800, LINE_MAX_COLUMNS = 1024 };

static status join(bytes rules, const struct policy_pod *pod, struct arena *memory, bytes *out, struct err *err)
{
    struct text_out text = {.memory = memory};
    bytes data;
    TRY(policy_data_write(pod, memory, &data, err));
    text_put(&text, rules);
    text_put_string(&text, "\npolicy_data := ");
    text_put(&text, data);
    text_put_string(&text, "\n");
    return text_out_take(&text, out, err);
}

static size_t longest_line(bytes text)
{
    size_t longest = 0, from = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\n') continue;
        longest = i - from > longest ? i - from : longest;
        from = i + 1;
    }
    return longest;
}

/* ---- the annotation --------------------------------------------------------------------------------------------- */

/* The mapping of a key, made when there is none. */
static status get_map(struct yaml_file *yaml, struct yaml_node *holder, const char *key, struct yaml_node **out,
                      struct err *err)
{
    *out = yaml_get(holder, key);
    if (!yaml_is_null(*out)) return OK;
    TRY(yaml_new(yaml, "{}", out, err));
    (*out)->is_flow = false;
    return yaml_put(yaml, holder, key, *out, err);
}

/* The same document, perhaps by another version of zlib. */
static bool is_carried(const struct carried *c, bytes value, struct arena *memory)
{
    bool is_carrier;
    bytes document;
    return is_ok(carrier_read(text_bytes(c->annotation), value, memory, &is_carrier, &document, NULL)) &&
           bytes_eq(document, c->document);
}

static status annotate(const struct policy_target *to, struct carried *c, struct err *err)
{
    struct yaml_node *metadata, *annotations, *there, *value;
    TRY(get_map(to->yaml, to->resource->pod, "metadata", &metadata, err));
    TRY(get_map(to->yaml, metadata, "annotations", &annotations, err));
    there = yaml_get(annotations, c->annotation);
    if (there && is_carried(c, yaml_text(there), to->findings->memory)) {
        c->value = yaml_text(there);
        return OK;
    }
    TRY(yaml_new_text(to->yaml, c->value, &value, err));
    return yaml_put(to->yaml, annotations, c->annotation, value, err);
}

/* ---- findings --------------------------------------------------------------------------------------------------- */

static status check_size(const struct look *l, const struct policy_target *to)
{
    struct yaml_node *map = yaml_get(yaml_get(to->resource->pod, "metadata"), "annotations");
    size_t sum = 0;
    for (size_t i = 0; map && i < map->count; i++)
        sum += yaml_text(map->items[i]).len;
    if (sum > ANNOTATIONS_MAX)
        return look_add(l, LINT_ANNOTATION_SIZE, to->resource->pod,
                        "the pod's annotations have %zu bytes with its policy, and at most %d can be taken", sum,
                        ANNOTATIONS_MAX);
    if (sum > ANNOTATIONS_MANY)
        return look_add(l, LINT_POLICY_SIZE, to->resource->pod,
                        "the pod's annotations have %zu bytes with its policy, of %d", sum, ANNOTATIONS_MAX);
    return OK;
}

/* A policy for another platform, which nobody means any more. */
static status check_other(const struct look *l, const struct policy_target *to, const struct carried *c)
{
    static const char *const carriers[] = {ANNOTATION_POLICY, ANNOTATION_INITDATA};
    struct yaml_node *map = yaml_get(yaml_get(to->resource->pod, "metadata"), "annotations");
    for (size_t i = 0; i < 2; i++) {
        struct yaml_node *other = yaml_get(map, carriers[i]);
        if (other && strcmp(c->annotation, carriers[i]) != 0)
            TRY(look_add(l, LINT_POLICY_OTHER, other, "has the annotation %s, of another platform", carriers[i]));
    }
    return OK;
}

status policy_make(const struct policy_target *to, enum platform platform, bytes rules, const struct policy_pod *pod,
                   struct carried *out, struct err *err)
{
    const struct look l = {.out = to->findings, .file = to->file, .r = to->resource, .err = err};
    struct carried c;
    struct err why = {0};
    bytes rego;
    TRY(join(rules, pod, to->findings->memory, &rego, err));
    TRY(carrier_write(platform, rego, to->findings->memory, &c, err));
    TRY(check_other(&l, to, &c));
    status s = annotate(to, &c, &why);
    if (s.kind == ERR_NOMEM) return err_set(err, s.kind, 0, "%s", why.text);
    if (!is_ok(s))
        return lint_add(to->findings, LINT_YAML_FORM, to->file, why.offset, err, "%.*s %s: %s",
                        (int)to->resource->kind.len, (const char *)to->resource->kind.ptr,
                        text_quote(to->resource->name).s, why.text);
    size_t longest = longest_line(rego);
    if (longest > LINE_MAX_COLUMNS)
        TRY(look_add(&l, LINT_POLICY_LINE, to->resource->pod, "its policy has a line of %zu columns", longest));
    TRY(check_size(&l, to));
    *out = c;
    return OK;
}
