/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/layer_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kube/json_put.h"
#include "kube/limits.h"
#include "parse/layers_cache.h"
#include "parse/text.h"

struct layer_known {
    struct layer_known *next;
    struct oci_digest diff_id;
    struct image_layer layer;
};

const struct image_layer *layer_cache_find(const struct layer_cache *c, const struct oci_digest *diff_id)
{
    for (const struct layer_known *k = c->known; k; k = k->next)
        if (memcmp(&k->diff_id, diff_id, sizeof *diff_id) == 0) return &k->layer;
    return NULL;
}

static status add(struct layer_cache *c, const struct oci_digest *diff_id, const struct image_layer *layer,
                  struct err *err)
{
    void *room;
    TRY(arena_take(c->memory, 1, sizeof(struct layer_known), &room, err));
    struct layer_known *k = room;
    *k = (struct layer_known){.next = c->known, .diff_id = *diff_id, .layer = *layer};
    c->known = k;
    return OK;
}

/* ---- what the file has a form for ------------------------------------------------------------------------------- */

static bool is_plain(enum layer_change change, bytes content)
{
    if (change != LAYER_FILE) return change == LAYER_UNTOUCHED || change == LAYER_GONE;
    return content.len > 0 && !bytes_eq(content, BYTES_LIT(LAYERS_CACHE_WHITEOUT)) &&
           !memchr(content.ptr, 0, content.len) && is_ok(utf8_check(content, NULL));
}

static bool has_form(const struct image_layer *l)
{
    return l->etc == LAYER_UNTOUCHED && is_plain(l->passwd_change, l->passwd) && is_plain(l->group_change, l->group);
}

static bytes form_of(enum layer_change change, bytes content)
{
    if (change == LAYER_FILE) return content;
    return change == LAYER_GONE ? BYTES_LIT(LAYERS_CACHE_WHITEOUT) : BYTES_LIT("");
}

static enum layer_change change_of(bytes form)
{
    if (form.len == 0) return LAYER_UNTOUCHED;
    return bytes_eq(form, BYTES_LIT(LAYERS_CACHE_WHITEOUT)) ? LAYER_GONE : LAYER_FILE;
}

status layer_cache_add(struct layer_cache *c, const struct oci_digest *diff_id, const struct image_layer *layer,
                       struct err *err)
{
    c->has_news = c->has_news || has_form(layer);
    return add(c, diff_id, layer, err);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static status failed(struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s", strerror(errno));
}

static status read_file(int file, struct arena *memory, bytes *out, struct err *err)
{
    struct stat st;
    void *room;
    if (fstat(file, &st) != 0) return failed(err);
    if (!S_ISREG(st.st_mode)) return err_set(err, ERR_UNSUPPORTED, 0, "want a regular file");
    if (st.st_size > LIMIT_LAYERS_CACHE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "want at most %d bytes", LIMIT_LAYERS_CACHE_BYTES);
    TRY(arena_take(memory, (size_t)st.st_size, 1, &room, err));
    size_t have = 0;
    for (ssize_t n = 1; n > 0 && have < (size_t)st.st_size; have += (size_t)n) {
        n = pread(file, (uint8_t *)room + have, (size_t)st.st_size - have, (off_t)have);
        if (n < 0) return failed(err);
    }
    *out = BYTES(room, have);
    return OK;
}

static status take_entries(struct layer_cache *c, struct json_reader *json, struct err *err)
{
    TRY(layers_cache_enter(json, err));
    for (;;) {
        struct layers_cache_entry e;
        bool end = false;
        TRY(layers_cache_next(json, &e, &end, err));
        if (end) return OK;
        const struct image_layer layer = {.passwd_change = change_of(e.passwd),
                                          .group_change = change_of(e.group),
                                          .passwd = e.passwd,
                                          .group = e.group};
        if (!layer_cache_find(c, &e.diff_id)) TRY(add(c, &e.diff_id, &layer, err));
    }
}

/* All or nothing. */
static status parse(struct layer_cache *c, bytes in, struct err *err)
{
    bytes keys[LIMIT_LAYERS_CACHE_KEYS];
    struct layer_known *before = c->known;
    void *text;
    TRY(arena_take(c->memory, in.len, 1, &text, err));
    struct json_reader json = {
        .in = in, .keys = keys, .key_cap = LIMIT_LAYERS_CACHE_KEYS, .text = text, .text_cap = in.len};
    status s = take_entries(c, &json, err);
    if (!is_ok(s)) c->known = before;
    return s;
}

static status load_from(struct layer_cache *c, int file, struct err *err)
{
    bytes in;
    TRY(read_file(file, c->memory, &in, err));
    return in.len > 0 ? parse(c, in, err) : OK; /* another program has just made it */
}

static int open_locked(const char *path, int flags, int lock)
{
    int file = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0666);
    if (file < 0) return -1;
    if (flock(file, lock) == 0) return file;
    close(file);
    return -1;
}

status layer_cache_load(struct layer_cache *c, const char *path, struct err *err)
{
    int file = open_locked(path, O_RDONLY, LOCK_SH);
    if (file < 0 && errno == ENOENT) return OK;
    status s = file < 0 ? failed(err) : load_from(c, file, err);
    if (file >= 0) close(file);
    if (!is_ok(s)) c->has_news = true;
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct layer_known *const *x = a, *const *y = b;
    return memcmp(&(*x)->diff_id, &(*y)->diff_id, sizeof(*x)->diff_id);
}

static status sort(const struct layer_cache *c, const struct layer_known ***out, size_t *count, struct err *err)
{
    void *room = NULL;
    size_t n = 0;
    for (const struct layer_known *k = c->known; k; k = k->next) {
        if (!has_form(&k->layer)) continue;
        TRY(arena_grow(c->memory, &room, n, sizeof k, err));
        ((const struct layer_known **)room)[n++] = k;
    }
    if (n > 0) qsort(room, n, sizeof(const struct layer_known *), compare);
    *out = room;
    *count = n;
    return OK;
}

static status put_layer(struct json_put *p, const struct layer_known *k, struct err *err)
{
    char digest[sizeof "sha256:" + HEX_TEXT_SIZE(OCI_DIGEST_BYTES)] = "sha256:";
    TRY(hex_write(BYTES_OF(k->diff_id.sha256), &digest[7], HEX_TEXT_SIZE(OCI_DIGEST_BYTES), err));
    json_put_open(p, NULL, '{');
    json_put_text(p, "diff_id", text_bytes(digest));
    json_put_text(p, "passwd", form_of(k->layer.passwd_change, k->layer.passwd));
    json_put_text(p, "group", form_of(k->layer.group_change, k->layer.group));
    json_put_close(p, '}');
    return OK;
}

static status write_text(const struct layer_cache *c, bytes *out, struct err *err)
{
    struct text_out text = {.memory = c->memory};
    struct json_put p = {.out = &text};
    const struct layer_known **layers = NULL;
    size_t count = 0;
    TRY(sort(c, &layers, &count, err));
    json_put_open(&p, NULL, '[');
    for (size_t i = 0; i < count; i++)
        TRY(put_layer(&p, layers[i], err));
    json_put_close(&p, ']');
    text_put_string(&text, "\n");
    return text_out_take(&text, out, err);
}

static status write_file(int file, bytes text, struct err *err)
{
    if (ftruncate(file, 0) != 0) return failed(err);
    for (size_t done = 0; done < text.len;) {
        ssize_t n = pwrite(file, text.ptr + done, text.len - done, (off_t)done);
        if (n < 0) return failed(err);
        done += (size_t)n;
    }
    return OK;
}

static status save_to(struct layer_cache *c, int file, struct err *err)
{
    bytes text;
    struct err why = {0};
    status s = load_from(c, file, &why);
    if (s.kind == ERR_NOMEM) return err_set(err, s.kind, 0, "%s", why.text);
    TRY(write_text(c, &text, err));
    return write_file(file, text, err);
}

status layer_cache_save(struct layer_cache *c, const char *path, struct err *err)
{
    if (!c->has_news) return OK;
    int file = open_locked(path, O_RDWR | O_CREAT, LOCK_EX);
    status s = file < 0 ? failed(err) : save_to(c, file, err);
    if (file >= 0 && close(file) != 0 && is_ok(s)) s = failed(err);
    c->has_news = !is_ok(s);
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}
