/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: policy_data_write policy_data_parse policy_split.
 *
 * An input is cut into texts, at each 0xff, which fill every place of a pod that takes one.  What is written for them
 * is JSON of one item a line that TOML can hold literally, and reads back as what was written; the same goes for an
 * input that is such a document itself. */
#include <stdlib.h>

#include "kube/policy_read.h"
#include "parse/json.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

/* Texts of the input, one after the other; empty behind the last. */
struct supply {
    bytes in;
    size_t at;
    struct arena *memory;
};

static bytes next(struct supply *s)
{
    size_t from = s->at;
    while (s->at < s->in.len && s->in.ptr[s->at] != 0xff)
        s->at++;
    bytes text = bytes_slice(s->in, from, s->at - from);
    s->at += s->at < s->in.len;
    return text.len > 0 && is_ok(utf8_check(text, NULL)) && !memchr(text.ptr, 0, text.len) ? text : BYTES_LIT("");
}

static unsigned next_number(struct supply *s)
{
    return s->at < s->in.len ? s->in.ptr[s->at++] : 0;
}

static void fill(struct supply *s, struct texts *list)
{
    for (unsigned n = next_number(s) % 4; n > 0; n--)
        require(is_ok(texts_add(list, next(s), s->memory, NULL)));
}

static void fill_pairs(struct supply *s, struct pairs *list)
{
    for (unsigned n = next_number(s) % 4; n > 0; n--) {
        bytes key = next(s);
        if (bytes_is_absent(pairs_find(list, key))) require(is_ok(pairs_add(list, key, next(s), s->memory, NULL)));
    }
    pairs_sort(list);
}

static void fill_mounts(struct supply *s, struct policy_container *c)
{
    static struct policy_mount mounts[4];
    static struct policy_storage storages[4];
    c->mounts = (struct policy_mounts){mounts, next_number(s) % 4};
    for (size_t i = 0; i < c->mounts.count; i++)
        mounts[i] = (struct policy_mount){.destination = next(s),
                                          .from = (enum mount_source)(next_number(s) % 3),
                                          .source = next(s),
                                          .type = "bind",
                                          .options = {"rbind", "ro"}};
    c->storages = (struct policy_storages){storages, next_number(s) % 4};
    for (size_t i = 0; i < c->storages.count; i++) {
        storages[i] = (struct policy_storage){next(s), next_number(s) & 1};
        if (storages[i].name.len > 0 && memchr(storages[i].name.ptr, '/', storages[i].name.len))
            storages[i].name = BYTES_LIT("volume");
    }
}

static void fill_container(struct supply *s, struct policy_container *c)
{
    static struct texts commands[1];
    static uint32_t gids[2];
    unsigned bits = next_number(s);
    commands[0] = (struct texts){0};
    gids[0] = next_number(s);
    gids[1] = UINT32_MAX;
    *c = (struct policy_container){.is_terminal = bits & 1,
                                   .no_new_privileges = bits & 2,
                                   .is_root_readonly = bits & 4,
                                   .is_privileged = bits & 8,
                                   .shares_pids = bits & 16,
                                   .user = {bits, UINT32_MAX, gids, bits % 3},
                                   .capabilities = (UINT64_C(1) << (bits % (CAPABILITIES + 1))) - 1,
                                   .image = next(s),
                                   .cwd = next(s),
                                   .exec_commands = commands,
                                   .exec_count = bits & 1};
    fill(s, &c->args);
    fill(s, &c->env);
    fill(s, &c->devices);
    fill(s, &commands[0]);
    fill_pairs(s, &c->env_fields);
    fill_pairs(s, &c->sysctls);
    fill_pairs(s, &c->annotations);
    fill_pairs(s, &c->annotation_patterns);
    fill_mounts(s, c);
}

/* JSON to another reader of ours, and fit for a literal string. */
static void require_form(bytes text, struct arena *memory)
{
    void *keys, *room;
    struct json_event e = {.kind = JSON_NULL};
    require(is_ok(arena_take(memory, LIMIT_JSON_KEYS, sizeof(bytes), &keys, NULL)));
    require(is_ok(arena_take(memory, text.len, 1, &room, NULL)));
    struct json_reader r = {.in = text, .keys = keys, .key_cap = LIMIT_JSON_KEYS, .text = room, .text_cap = text.len};
    while (e.kind != JSON_END)
        require(is_ok(json_next(&r, &e, NULL)));
    for (size_t i = 0; i < text.len; i++)
        require((text.ptr[i] >= 0x20 || text.ptr[i] == '\n') && text.ptr[i] != '\'' && text.ptr[i] != 0x7f);
}

static bool is_same(const struct texts *a, const struct texts *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++)
        same = bytes_eq(a->items[i], b->items[i]);
    return same;
}

static void require_same(const struct policy_container *a, const struct policy_container *b)
{
    require(is_same(&a->args, &b->args) && is_same(&a->env, &b->env) && is_same(&a->devices, &b->devices));
    require(bytes_eq(a->cwd, b->cwd) && bytes_eq(a->image, b->image) && a->capabilities == b->capabilities);
    require(a->user.uid == b->user.uid && a->user.gid == b->user.gid && a->user.gid_count == b->user.gid_count);
    require(a->env_fields.count == b->env_fields.count && a->mounts.count == b->mounts.count);
    require(a->is_privileged == b->is_privileged && a->shares_pids == b->shares_pids);
    for (size_t i = 0; i < a->mounts.count; i++)
        require(a->mounts.items[i].from == b->mounts.items[i].from &&
                bytes_eq(a->mounts.items[i].source, b->mounts.items[i].source));
    for (size_t i = 0; i < a->env_fields.count; i++)
        require(bytes_eq(a->env_fields.items[i].key, b->env_fields.items[i].key) &&
                bytes_eq(a->env_fields.items[i].value, b->env_fields.items[i].value));
}

static void require_written(bytes in, struct arena *memory)
{
    struct supply s = {.in = in, .memory = memory};
    struct policy_container container;
    struct policy_pod pod = {.containers = &container, .count = 1}, again;
    struct text_out rego = {.memory = memory};
    bytes text, joined, rules = BYTES_ABSENT, data = BYTES_ABSENT;
    fill_container(&s, &container);
    fill_pairs(&s, &pod.annotations);
    pod.name = next(&s);
    pod.name_space = next(&s);
    require(is_ok(policy_data_write(&pod, memory, &text, NULL)));
    require_form(text, memory);
    text_put_string(&rego, "package p\n\n\npolicy_data := ");
    text_put(&rego, text);
    require(is_ok(text_out_take(&rego, &joined, NULL)) && is_ok(policy_split(joined, &rules, &data, NULL)));
    require(bytes_eq(data, text) && bytes_eq(rules, BYTES_LIT("package p\n\n")));
    require(is_ok(policy_data_parse(data, memory, &again, NULL)) && again.count == 1);
    require_same(&container, &again.containers[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena memory = {0};
    struct policy_pod pod;
    struct err err = {0};
    bytes in = BYTES(data, size), again;
    status s = policy_data_parse(in, &memory, &pod, &err);
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0'));
    if (is_ok(s)) require(is_ok(policy_data_write(&pod, &memory, &again, NULL)) && again.len <= size);
    require_written(in, &memory);
    arena_free(&memory);
    return 0;
}
