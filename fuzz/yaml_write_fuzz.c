/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: yaml_set_text yaml_put yaml_insert yaml_remove yaml_write.
 *
 * An input is a few steps, one byte each and 0xff behind the last, and then the file: each step takes a node and
 * changes it. */
#include <stdlib.h>

#include "kube/yaml_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* The node that a step means: the `at`th, as often as that goes round. */
static struct yaml_node *pick(struct yaml_node *n, unsigned *at)
{
    if ((*at)-- == 0) return n;
    struct yaml_node *found = NULL;
    for (size_t i = 0; i < n->count && !found; i++)
        found = pick(n->items[i], at);
    return found;
}

/* A mapping with one key twice has no one value for it; kube/resource.h refuses those. */
static bool has_key_twice(struct yaml_node *map)
{
    size_t found = 0;
    for (size_t i = 0; i + 1 < map->count; i += 2)
        found += yaml_text_is(map->items[i], "k");
    return found > 1;
}

static void change(struct yaml_file *f, uint8_t step)
{
    static const char *const made[] = {"v", "k: v\nl: [m, {n: o}]\np:\n- q: r\n  s: t\n", "- u\n- - w\n- {}\n"};
    unsigned at = step >> 2;
    struct yaml_node *n = pick(f->documents[0].root, &at), *value;
    struct err err = {0};
    status s = OK;
    if (!n || !is_ok(yaml_new(f, made[step % 3], &value, NULL))) return;
    if (n->kind == YAML_TEXT) s = yaml_set_text(f, n, step & 1 ? BYTES_LIT("n \xc3\xa4'\"") : BYTES_LIT("new"), &err);
    if (n->kind == YAML_MAPPING && !has_key_twice(n)) s = yaml_put(f, n, "k", value, &err);
    if (n->kind == YAML_SEQUENCE && step & 1 && n->count > 0)
        s = yaml_remove(f, n, step % n->count, &err);
    else if (n->kind == YAML_SEQUENCE)
        s = yaml_insert(f, n, step % (n->count + 1), value, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0'));
}

/* Everything between the splices is as it was. */
static void require_untouched(bytes in, const struct yaml_changes *c)
{
    size_t read = 0, written = 0;
    for (size_t i = 0; i <= c->count; i++) {
        size_t to = i < c->count ? c->splices[i].from : in.len;
        require(to >= read && to <= in.len);
        bytes was = bytes_slice(in, read, to - read), is = bytes_slice(c->output, written, to - read);
        require(bytes_eq(was, is));
        if (i == c->count) break;
        written += to - read;
        require(bytes_eq(bytes_slice(c->output, written, c->splices[i].text.len), c->splices[i].text));
        written += c->splices[i].text.len;
        read = c->splices[i].to;
    }
    require(written + in.len - read == c->output.len);
}

static void require_written(struct yaml_file *f)
{
    struct yaml_changes c = {.output = BYTES_ABSENT}, none;
    struct yaml_file again;
    struct err err = {0};
    status s = yaml_write(f, &c, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0' && err.offset <= f->input.len && !c.output.ptr));
    if (!is_ok(s)) return;
    require_untouched(f->input, &c);
    require(is_ok(yaml_parse(c.output, f->memory, &again, NULL)) && again.count == f->count);
    for (size_t i = 0; i < f->count; i++)
        require(yaml_is_equal(f->documents[i].root, again.documents[i].root));
    require(is_ok(yaml_write(&again, &none, NULL)) && none.count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena memory = {0};
    struct yaml_file f;
    size_t steps = 0;
    while (steps < size && steps < 8 && data[steps] != 0xff)
        steps++;
    bytes in = bytes_slice(BYTES(data, size), steps + 1, size - steps - (steps < size));
    if (steps == size) in = BYTES_ABSENT;
    if (in.ptr && is_ok(yaml_parse(in, &memory, &f, NULL)) && f.count > 0) {
        for (size_t i = 0; i < steps; i++)
            change(&f, data[i]);
        require_written(&f);
    }
    arena_free(&memory);
    return 0;
}
