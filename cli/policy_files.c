/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_files.h"

#include "cli/file.h"
#include "kube/carrier.h"
#include "parse/initdata.h"
#include "parse/text.h"

struct reading {
    const struct policy_visitor *visitor;
    struct arena *memory;
    bool is_named; /* by the user, so that it is read whatever it is called */
};

static bool ends_in(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n > m && strcmp(path + n - m, suffix) == 0;
}

static bool is_yaml(const char *path)
{
    return ends_in(path, ".yaml") || ends_in(path, ".yml");
}

static bool is_document(const char *path)
{
    return ends_in(path, ".rego") || ends_in(path, ".toml");
}

static status visit(const struct reading *r, struct policy_file *f, struct err *err)
{
    TRY(crypto_sha256(&f->document, 1, f->digest, err));
    return r->visitor->policy(r->visitor->context, f, err);
}

static status read_annotations(const struct reading *r, const char *path, const struct resource *resource,
                               struct err *err)
{
    struct yaml_node *map = yaml_get(yaml_get(resource->pod, "metadata"), "annotations");
    for (size_t i = 0; map && map->kind == YAML_MAPPING && i + 1 < map->count; i += 2) {
        struct policy_file f = {.path = path, .resource = resource};
        bool is_carrier;
        TRY(err_in(err,
                   carrier_read(yaml_text(map->items[i]), yaml_text(map->items[i + 1]), r->memory, &is_carrier,
                                &f.document, err),
                   "%s: %s", text_quote(text_bytes(path)).s, text_quote(resource->name).s));
        if (is_carrier) TRY(visit(r, &f, err));
    }
    return OK;
}

static status read_yaml(const struct reading *r, const char *path, bytes in, struct err *err)
{
    struct yaml_file yaml;
    struct resources resources;
    TRY(err_in(err, yaml_parse(in, r->memory, &yaml, err), "%s", text_quote(text_bytes(path)).s));
    TRY(err_in(err, resources_read(&yaml, &resources, err), "%s", text_quote(text_bytes(path)).s));
    for (size_t i = 0; i < resources.count; i++)
        if (resources.items[i].is_confidential) TRY(read_annotations(r, path, &resources.items[i], err));
    return OK;
}

static status read_file(void *context, const char *path, struct err *err)
{
    const struct reading *r = context;
    struct policy_file f = {.path = path};
    bool is_known = is_yaml(path) || is_document(path);
    if (!is_known && !r->is_named) return OK;
    TRY(file_read_into(path, LIMIT_INITDATA_BYTES, r->memory, &f.document, err));
    return is_yaml(path) ? read_yaml(r, path, f.document, err) : visit(r, &f, err);
}

status policy_files_read(const char *path, const struct policy_visitor *visitor, struct arena *memory, struct err *err)
{
    struct reading r = {visitor, memory, !file_is_folder(path)};
    const struct file_visitor files = {.file = read_file, .context = &r};
    return file_walk(path, &files, err);
}
