/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/image_source.h"

#include "kube/limits.h"
#include "kube/sha256.h"
#include "parse/text.h"

struct image_known {
    struct image_known *next;
    bytes text;
    struct image_facts facts;
    status got;
    struct err why; /* when it was not got */
};

/* ---- one document ----------------------------------------------------------------------------------------------- */

struct download {
    struct arena *memory;
    struct sha256 *hash;
    uint8_t *data;
    size_t len, cap;
};

static status make_room(struct download *d, size_t more, struct err *err)
{
    size_t cap = d->cap > 0 ? d->cap : 4096;
    void *data;
    if (more <= d->cap - d->len) return OK;
    while (cap - d->len < more)
        cap *= 2;
    TRY(arena_take(d->memory, cap, 1, &data, err));
    if (d->len > 0) memcpy(data, d->data, d->len);
    d->data = data;
    d->cap = cap;
    return OK;
}

static status take_part(void *context, bytes part, struct err *err)
{
    struct download *d = context;
    if (part.len == 0) return OK;
    if (part.len > LIMIT_OCI_DOCUMENT_BYTES - d->len)
        return err_set(err, ERR_LIMIT, 0, "want at most %d bytes", LIMIT_OCI_DOCUMENT_BYTES);
    TRY(make_room(d, part.len, err));
    memcpy(&d->data[d->len], part.ptr, part.len);
    d->len += part.len;
    return sha256_put(d->hash, part, err);
}

static status check_digest(struct download *d, const struct oci_digest *want, struct err *err)
{
    struct oci_digest have;
    char text[HEX_TEXT_SIZE(OCI_DIGEST_BYTES)];
    TRY(sha256_finish(d->hash, have.sha256, err));
    if (memcmp(&have, want, sizeof have) == 0) return OK;
    TRY(hex_write(BYTES_OF(have.sha256), text, sizeof text, err));
    return err_set(err, ERR_MISMATCH, 0, "what came has %zu bytes and the digest sha256:%s", d->len, text);
}

static status read_checked(const struct image_source *s, const struct image_blob *wanted, struct download *d,
                           struct err *err)
{
    const struct image_sink sink = {.put = take_part, .context = d};
    TRY(s->store.read(s->store.context, wanted, &sink, err));
    return check_digest(d, &wanted->digest, err);
}

static status read_document(const struct image_source *s, const struct image_blob *wanted, bytes *out, struct err *err)
{
    struct download d = {.memory = s->memory};
    TRY(sha256_open(&d.hash, err));
    status done = read_checked(s, wanted, &d, err);
    sha256_free(d.hash);
    if (is_ok(done)) *out = BYTES(d.data, d.len);
    return done;
}

/* "manifest sha256:0123...: " */
static status in_document(struct err *err, status s, const char *what, const struct oci_digest *digest)
{
    char text[HEX_TEXT_SIZE(OCI_DIGEST_BYTES)];
    if (is_ok(s) || !is_ok(hex_write(BYTES_OF(digest->sha256), text, sizeof text, NULL))) return s;
    return err_in(err, s, "%s sha256:%s", what, text);
}

/* ---- one image -------------------------------------------------------------------------------------------------- */

/* The shortest item of each kind takes this much of a document. */
enum { TEXT_CHARACTERS = 3, DIGEST_CHARACTERS = 73 };

static size_t most(size_t length, size_t each, size_t limit)
{
    return length / each < limit ? length / each + 1 : limit;
}

static status lend(struct arena *memory, size_t length, struct oci_storage *out, struct err *err)
{
    struct oci_storage l = {
        .key_cap = most(length, TEXT_CHARACTERS, LIMIT_OCI_KEYS),
        .text_cap = length,
        .descriptor_cap = most(length, DIGEST_CHARACTERS, LIMIT_OCI_DESCRIPTORS),
        .digest_cap = most(length, DIGEST_CHARACTERS, LIMIT_OCI_LAYERS),
        .texts_cap = most(length, TEXT_CHARACTERS, LIMIT_OCI_TEXTS),
    };
    void *keys, *text, *descriptors, *digests, *texts;
    TRY(arena_take(memory, l.key_cap, sizeof *l.keys, &keys, err));
    TRY(arena_take(memory, l.text_cap, 1, &text, err));
    TRY(arena_take(memory, l.descriptor_cap, sizeof *l.descriptors, &descriptors, err));
    TRY(arena_take(memory, l.digest_cap, sizeof *l.digests, &digests, err));
    TRY(arena_take(memory, l.texts_cap, sizeof *l.texts, &texts, err));
    l.keys = keys;
    l.text = text;
    l.descriptors = descriptors;
    l.digests = digests;
    l.texts = texts;
    *out = l;
    return OK;
}

static status parse_document(const struct image_source *s, bytes in, struct oci_document *out, struct err *err)
{
    struct oci_storage lent;
    TRY(lend(s->memory, in.len, &lent, err));
    return oci_document_parse(in, &lent, out, err);
}

static status parse_config(const struct image_source *s, bytes in, struct oci_config *out, struct err *err)
{
    struct oci_storage lent;
    TRY(lend(s->memory, in.len, &lent, err));
    return oci_config_parse(in, &lent, out, err);
}

static status get_document(const struct image_source *s, const struct image_blob *wanted, struct oci_document *out,
                           struct err *err)
{
    bytes in;
    TRY(read_document(s, wanted, &in, err));
    return parse_document(s, in, out, err);
}

/* The manifest that the pin means. */
static status get_manifest(const struct image_source *s, struct image_blob *wanted, struct oci_document *out,
                           struct err *err)
{
    struct oci_descriptor chosen;
    TRY(in_document(err, get_document(s, wanted, out, err), "manifest", &wanted->digest));
    if (out->media == OCI_MEDIA_MANIFEST) return OK;
    TRY(in_document(err, oci_index_choose(out, &chosen, err), "manifest", &wanted->digest));
    wanted->digest = chosen.digest;
    TRY(in_document(err, get_document(s, wanted, out, err), "manifest", &wanted->digest));
    if (out->media == OCI_MEDIA_MANIFEST) return OK;
    status refused = err_set(err, ERR_UNSUPPORTED, 0, "want a manifest, have an index in an index");
    return in_document(err, refused, "manifest", &wanted->digest);
}

static status get_config(const struct image_source *s, const struct image_blob *wanted, uint64_t size,
                         struct oci_config *out, struct err *err)
{
    bytes in;
    TRY(read_document(s, wanted, &in, err));
    if (in.len != size)
        return err_set(err, ERR_MISMATCH, 0, "want %llu bytes, as the manifest says, have %zu",
                       (unsigned long long)size, in.len);
    return parse_config(s, in, out, err);
}

static status get_facts(const struct image_source *s, struct image_facts *f, struct err *err)
{
    struct image_blob wanted = {.kind = IMAGE_MANIFEST, .repository = f->reference.name};
    struct oci_document manifest;
    TRY(hex_parse(f->reference.digest, HEX_LOWER, wanted.digest.sha256, sizeof wanted.digest.sha256, err));
    TRY(get_manifest(s, &wanted, &manifest, err));
    f->manifest = wanted.digest;
    f->layers = manifest.items;
    wanted.kind = IMAGE_BLOB;
    wanted.digest = manifest.config.digest;
    TRY(in_document(err, get_config(s, &wanted, manifest.config.size, &f->config, err), "config", &wanted.digest));
    if (f->config.layer_count == manifest.count) return OK;
    return err_set(err, ERR_MISMATCH, 0, "want %zu layers, as the manifest has, have %zu in the config", manifest.count,
                   f->config.layer_count);
}

static struct image_known *find(const struct image_source *s, bytes reference)
{
    struct image_known *k = s->known;
    while (k && !bytes_eq(k->text, reference))
        k = k->next;
    return k;
}

static status look_up(const struct image_source *s, bytes reference, struct image_facts *out, struct err *err)
{
    TRY(image_reference_parse(reference, &out->reference, err));
    if (!out->reference.digest.ptr)
        return err_set(err, ERR_MISSING, 0, "want NAME@sha256:DIGEST: without a digest it may be another one tomorrow");
    return get_facts(s, out, err);
}

static bytes without_digest(bytes reference)
{
    return bytes_slice(reference, 0, text_find(reference, 0, '@'));
}

static status add(struct image_source *s, bytes reference, struct image_known **out, struct err *err)
{
    void *room;
    TRY(arena_take(s->memory, 1, sizeof(struct image_known), &room, err));
    struct image_known *k = room;
    TRY(arena_copy(s->memory, reference, &k->text, err));
    k->got =
        err_in(&k->why, look_up(s, k->text, &k->facts, &k->why), "image %s", text_quote(without_digest(reference)).s);
    k->next = s->known;
    s->known = k;
    *out = k;
    return OK;
}

status image_source_get(struct image_source *source, bytes reference, const struct image_facts **out, struct err *err)
{
    struct image_known *k = find(source, reference);
    if (!k) TRY(add(source, reference, &k, err));
    if (!is_ok(k->got)) return err_set(err, k->got.kind, 0, "%s", k->why.text);
    *out = &k->facts;
    return OK;
}

/* ---- accounts --------------------------------------------------------------------------------------------------- */

static status read_layer(struct image_source *s, const struct image_facts *f, size_t i, const struct image_layer **out,
                         struct err *err)
{
    const struct oci_digest *diff_id = &f->config.diff_ids[i];
    struct image_layer layer;
    *out = layer_cache_find(&s->layers, diff_id);
    if (*out) return OK;
    TRY(image_layer_read(&s->store, f->reference.name, &f->layers[i], diff_id, s->memory, &layer, err));
    TRY(layer_cache_add(&s->layers, diff_id, &layer, err));
    *out = layer_cache_find(&s->layers, diff_id);
    return OK;
}

/* A file as the layers so far leave it. */
struct file {
    const char *name;
    bool is_other;
    bytes content;
};

static void apply(struct file *f, enum layer_change change, bytes content)
{
    if (change == LAYER_UNTOUCHED) return;
    f->is_other = change == LAYER_OTHER;
    f->content = change == LAYER_FILE ? content : BYTES_ABSENT;
}

static status check_file(const struct file *f, bool has_etc, struct err *err)
{
    if (has_etc && !f->is_other) return OK;
    return err_set(err, ERR_UNSUPPORTED, 0, "/etc/%s: want a regular file in a folder: links are not followed",
                   f->name);
}

static status merge(struct image_source *s, const struct image_facts *f, struct image_accounts *out, struct err *err)
{
    struct file passwd = {.name = "passwd"}, group = {.name = "group"};
    bool has_etc = true;
    for (size_t i = 0; i < f->config.layer_count; i++) {
        const struct image_layer *layer;
        TRY(in_document(err, read_layer(s, f, i, &layer, err), "layer", &f->layers[i].digest));
        if (layer->etc != LAYER_UNTOUCHED) has_etc = layer->etc == LAYER_GONE;
        apply(&passwd, layer->passwd_change, layer->passwd);
        apply(&group, layer->group_change, layer->group);
    }
    TRY(check_file(&passwd, has_etc, err));
    TRY(check_file(&group, has_etc, err));
    *out = (struct image_accounts){.passwd = passwd.content, .group = group.content};
    return OK;
}

status image_source_accounts(struct image_source *source, const struct image_facts *image, struct image_accounts *out,
                             struct err *err)
{
    return err_in(err, merge(source, image, out, err), "image %s", text_quote(image->reference.name).s);
}
