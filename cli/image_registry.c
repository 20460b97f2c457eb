/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image_registry.h"

#include <stdio.h>
#include <unistd.h>

#include "net/dial.h"
#include "parse/text.h"

/* A registry that is busy is waited for; the bytes of a layer have this time each time that nothing comes. */
enum { WAIT_MS = 120000, SHOW_MS = 200, SHOWN_BYTES = 1 << 20 };

static status open_program(struct image_registry *r, struct err *err)
{
    const struct fetch_options options = {.plain_registries = r->plain->items, .plain_count = r->plain->count};
    return r->program ? OK : fetch_open(&options, &r->program, err);
}

static void close_program(struct image_registry *r)
{
    fetch_close(r->program);
    r->program = NULL;
}

/* ---- progress --------------------------------------------------------------------------------------------------- */

struct transfer {
    struct image_registry *registry;
    const struct image_blob *wanted;
    const struct image_sink *to;
    uint64_t got;
    int64_t shown;
};

/* A line that is written over as more comes. */
static void show(struct transfer *t)
{
    bytes name = t->wanted->repository;
    if (t->got < SHOWN_BYTES || dial_now() - t->shown < SHOW_MS || !isatty(STDERR_FILENO)) return;
    t->shown = dial_now();
    t->registry->has_line = true;
    (void)fprintf(stderr, "\r\033[K%.*s: layer %s: %llu MiB", (int)name.len, (const char *)name.ptr,
                  text_hex(BYTES(t->wanted->digest.sha256, 6)).s, (unsigned long long)(t->got >> 20));
}

static void clear(struct image_registry *r)
{
    if (r->has_line) (void)fputs("\r\033[K", stderr);
    r->has_line = false;
}

static status take_part(void *context, bytes part, struct err *err)
{
    struct transfer *t = context;
    t->got += part.len;
    show(t);
    return t->to->put(t->to->context, part, err);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static status tell(const struct fetch_answer *a, struct err *err)
{
    enum err_kind kind = a->outcome == FETCH_ABSENT ? ERR_MISSING : a->outcome == FETCH_REFUSED ? ERR_DENIED : ERR_IO;
    return err_set(err, kind, 0, "%.*s", (int)a->text.len, (const char *)a->text.ptr);
}

static status read_blob(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err)
{
    struct image_registry *r = context;
    struct transfer t = {.registry = r, .wanted = wanted, .to = to};
    const struct fetch_taker taker = {.take = take_part, .context = &t};
    const struct fetch_image_request request = {
        .kind = wanted->kind == IMAGE_MANIFEST ? FETCH_MANIFEST : FETCH_BLOB,
        .wait_ms = WAIT_MS,
        .digest = BYTES_OF(wanted->digest.sha256),
        .repository = wanted->repository,
    };
    struct fetch_answer answer;
    TRY(open_program(r, err));
    status s = fetch_ask_image(r->program, &request, &taker, &answer, err);
    clear(r);
    /* It may stand in the middle of an answer. */
    if (!is_ok(s)) close_program(r);
    if (!is_ok(s)) return s;
    return answer.outcome == FETCH_END ? OK : tell(&answer, err);
}

struct image_store image_registry_store(struct image_registry *r)
{
    return (struct image_store){.read = read_blob, .context = r};
}

void image_registry_close(struct image_registry *r)
{
    close_program(r);
}
