/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what images say of themselves. */
#include "kube/lint_look.h"
#include "parse/text.h"

/* "/data/" -> "/data" */
static bytes trim_slashes(bytes path)
{
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

static bool is_mounted(struct yaml_node *container, bytes path)
{
    static const struct {
        const char *list, *path;
    } places[] = {{"volumeMounts", "mountPath"}, {"volumeDevices", "devicePath"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct yaml_node *mounts = yaml_get(container, places[i].list);
        for (size_t k = 0; mounts && mounts->kind == YAML_SEQUENCE && k < mounts->count; k++)
            if (bytes_eq(trim_slashes(yaml_text(yaml_get(mounts->items[k], places[i].path))), trim_slashes(path)))
                return true;
    }
    return false;
}

static status check_volumes(const struct look *l, struct yaml_node *c, const struct image_facts *f)
{
    for (size_t i = 0; i < f->config.volumes.count; i++)
        if (!is_mounted(c, f->config.volumes.items[i]))
            TRY(look_add(l, LINT_IMAGE_VOLUME, yaml_get(c, "image"), "container %s: its image has the volume %s",
                         look_name(c).s, text_quote(f->config.volumes.items[i]).s));
    return OK;
}

static bool is_root(bytes user)
{
    return !user.ptr || bytes_eq(user, BYTES_LIT("0")) || bytes_eq(user, BYTES_LIT("root")) ||
           bytes_eq(user, BYTES_LIT("0:0")) || bytes_eq(user, BYTES_LIT("root:root"));
}

static bool says(const struct look *l, struct yaml_node *c, const char *key)
{
    return !yaml_is_null(yaml_get(yaml_get(c, "securityContext"), key)) ||
           !yaml_is_null(yaml_get(yaml_get(l->r->pod_spec, "securityContext"), key));
}

static status check_user(const struct look *l, struct yaml_node *c, const struct image_facts *f)
{
    if (is_root(f->config.user) || (says(l, c, "runAsUser") && says(l, c, "runAsGroup"))) return OK;
    return look_add(l, LINT_IMAGE_USER, yaml_get(c, "image"), "container %s: its image runs as %s", look_name(c).s,
                    text_quote(f->config.user).s);
}

static status check_container(const struct look *l, struct yaml_node *c)
{
    struct yaml_node *image = yaml_get(c, "image");
    const struct image_facts *facts;
    struct image_reference r;
    struct err why = {0};
    if (!is_ok(image_reference_parse(yaml_text(image), &r, NULL)) || !r.digest.ptr) return OK;
    status s = image_source_get(l->images, yaml_text(image), &facts, &why);
    if (s.kind == ERR_NOMEM) return err_set(l->err, s.kind, 0, "%s", why.text);
    if (!is_ok(s)) return look_add(l, LINT_IMAGE_UNREAD, image, "container %s: %s", look_name(c).s, why.text);
    TRY(check_volumes(l, c, facts));
    return check_user(l, c, facts);
}

status lint_images(const struct lint_file *files, size_t count, struct image_source *images, struct findings *out,
                   struct err *err)
{
    struct look l = {.out = out, .err = err, .images = images};
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < files[i].resources.count; k++) {
            l.file = i;
            l.r = &files[i].resources.items[k];
            if (!l.r->is_confidential) continue;
            TRY(look_at_containers(&l, "initContainers", check_container));
            TRY(look_at_containers(&l, "containers", check_container));
        }
    return OK;
}
