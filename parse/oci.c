/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/oci.h"

#include "parse/json.h"
#include "parse/text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct media_row {
    const char *name;
    enum oci_media media;
} media_types[] = {
    {"application/vnd.oci.image.index.v1+json", OCI_MEDIA_INDEX},
    {"application/vnd.docker.distribution.manifest.list.v2+json", OCI_MEDIA_INDEX},
    {"application/vnd.oci.image.manifest.v1+json", OCI_MEDIA_MANIFEST},
    {"application/vnd.docker.distribution.manifest.v2+json", OCI_MEDIA_MANIFEST},
    {"application/vnd.oci.image.config.v1+json", OCI_MEDIA_CONFIG},
    {"application/vnd.docker.container.image.v1+json", OCI_MEDIA_CONFIG},
    {"application/vnd.oci.image.layer.v1.tar", OCI_MEDIA_LAYER},
    {"application/vnd.docker.image.rootfs.diff.tar", OCI_MEDIA_LAYER},
    {"application/vnd.oci.image.layer.v1.tar+gzip", OCI_MEDIA_LAYER_GZIP},
    {"application/vnd.docker.image.rootfs.diff.tar.gzip", OCI_MEDIA_LAYER_GZIP},
    {"application/vnd.oci.image.layer.v1.tar+zstd", OCI_MEDIA_LAYER_ZSTD},
};

static enum oci_media media_of(bytes name)
{
    for (size_t i = 0; i < COUNT(media_types); i++)
        if (bytes_eq(name, text_bytes(media_types[i].name))) return media_types[i].media;
    return OCI_MEDIA_OTHER;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Letters beyond ASCII have other cases as well, some of them inside it. */
static bool may_be_taken_for(bytes key, const char *name)
{
    if (key.len != strlen(name)) return false;
    for (size_t i = 0; i < key.len; i++)
        if (lower(key.ptr[i]) != lower((uint8_t)name[i])) return false;
    return true;
}

static bool is_ascii(bytes key)
{
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] >= 0x80) return false;
    return true;
}

static status skip_member(struct json_reader *r, const struct json_fields *f, bytes key, struct err *err)
{
    for (size_t i = 0; i < f->count; i++)
        if (may_be_taken_for(key, f->table[i].name))
            return json_refuse(r, err, ERR_SYNTAX, "want %s, have it in other letters", f->table[i].name);
    if (!is_ascii(key)) return json_refuse(r, err, ERR_SYNTAX, "want a key in ASCII");
    return json_skip(r, err);
}

/* As json_next_field for keys that other readers do not tell apart by case; a member that is null is passed over. */
static status next_member(struct json_reader *r, struct json_fields *f, size_t *field, bool *end, struct err *err)
{
    for (;;) {
        bytes key;
        bool closes = false;
        enum json_kind kind;
        TRY(json_next_key(r, &key, &closes, err));
        if (closes) break;
        size_t i = 0;
        while (i < f->count && !bytes_eq(key, text_bytes(f->table[i].name)))
            i++;
        TRY(json_peek(r, &kind, err));
        if (i == f->count) {
            TRY(skip_member(r, f, key, err));
        } else if (kind == JSON_NULL) {
            TRY(json_skip(r, err));
        } else {
            f->seen |= (uint64_t)1 << i;
            *field = i;
            *end = false;
            return OK;
        }
    }
    for (size_t i = 0; i < f->count; i++)
        if (f->table[i].required && !(f->seen >> i & 1))
            return json_refuse(r, err, ERR_MISSING, "%s is missing", f->table[i].name);
    *end = true;
    return OK;
}

status oci_digest_parse(bytes text, struct oci_digest *out, struct err *err)
{
    static const char algorithm[] = "sha256:";
    size_t n = sizeof algorithm - 1;
    if (!bytes_eq(bytes_slice(text, 0, n), BYTES_LIT(algorithm)))
        return err_set(err, ERR_UNSUPPORTED, 0, "want sha256: and 64 hex digits, have %s", text_quote(text).s);
    return hex_parse(bytes_slice(text, n, text.len - n), HEX_LOWER, out->sha256, sizeof out->sha256, err);
}

static status get_digest(struct json_reader *r, struct oci_digest *out, struct err *err)
{
    bytes text;
    struct err why = {0};
    TRY(json_get_text(r, &text, err));
    status s = oci_digest_parse(text, out, &why);
    return is_ok(s) ? OK : json_refuse(r, err, s.kind, "%s", why.text);
}

/* A text that must have one value. */
static status expect_text(struct json_reader *r, const char *want, struct err *err)
{
    bytes text;
    TRY(json_get_text(r, &text, err));
    if (bytes_eq(text, text_bytes(want))) return OK;
    return json_refuse(r, err, ERR_UNSUPPORTED, "want %s, have %s", want, text_quote(text).s);
}

/* ---- index and manifest ----------------------------------------------------------------------------------------- */

enum { OS, ARCHITECTURE };
static const struct json_field platform_fields[] = {[OS] = {"os", false}, [ARCHITECTURE] = {"architecture", false}};

static status read_platform(struct json_reader *r, struct oci_descriptor *out, struct err *err)
{
    struct json_fields f = {.table = platform_fields, .count = COUNT(platform_fields)};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(next_member(r, &f, &field, &end, err));
        if (end) return OK;
        TRY(json_get_text(r, field == OS ? &out->os : &out->architecture, err));
    }
}

enum { MEDIA_TYPE, DIGEST, SIZE, PLATFORM };
static const struct json_field descriptor_fields[] = {[MEDIA_TYPE] = {"mediaType", true},
                                                      [DIGEST] = {"digest", true},
                                                      [SIZE] = {"size", true},
                                                      [PLATFORM] = {"platform", false}};

static status read_descriptor(struct json_reader *r, struct oci_descriptor *out, struct err *err)
{
    struct json_fields f = {.table = descriptor_fields, .count = COUNT(descriptor_fields)};
    struct oci_descriptor d = {.media = OCI_MEDIA_OTHER};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = COUNT(descriptor_fields);
        bool end = false;
        TRY(next_member(r, &f, &field, &end, err));
        if (end) break;
        switch (field) {
        case MEDIA_TYPE:
            TRY(json_get_text(r, &d.media_type, err));
            d.media = media_of(d.media_type);
            break;
        case DIGEST:
            TRY(get_digest(r, &d.digest, err));
            break;
        case SIZE:
            TRY(json_get_u64(r, INT64_MAX, &d.size, err));
            break;
        case PLATFORM:
        default:
            TRY(read_platform(r, &d, err));
            break;
        }
    }
    *out = d;
    return OK;
}

static status read_descriptors(struct json_reader *r, const struct oci_storage *lent, size_t limit, size_t *count,
                               struct err *err)
{
    TRY(json_enter_array(r, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(r, &end, err));
        if (end) return OK;
        if (*count == limit) return json_refuse(r, err, ERR_LIMIT, "more than %zu items", limit);
        if (*count == lent->descriptor_cap)
            return json_refuse(r, err, ERR_NOMEM, "no room for more than %zu items", lent->descriptor_cap);
        TRY(read_descriptor(r, &lent->descriptors[*count], err));
        ++*count;
    }
}

enum { SCHEMA_VERSION, OWN_MEDIA_TYPE, MANIFESTS, CONFIG, LAYERS };
static const struct json_field document_fields[] = {
    [SCHEMA_VERSION] = {"schemaVersion", true},
    [OWN_MEDIA_TYPE] = {"mediaType", false},
    [MANIFESTS] = {"manifests", false},
    [CONFIG] = {"config", false},
    [LAYERS] = {"layers", false},
};

static bool has(const struct json_fields *f, size_t field)
{
    return f->seen >> field & 1;
}

static status read_schema_version(struct json_reader *r, struct err *err)
{
    uint64_t version = 0;
    TRY(json_get_u64(r, UINT32_MAX, &version, err));
    if (version == 2) return OK;
    return json_refuse(r, err, ERR_UNSUPPORTED, "want 2, have %llu: push the image anew with a current tool",
                       (unsigned long long)version);
}

static status read_document(struct json_reader *r, const struct oci_storage *lent, struct json_fields *f,
                            struct oci_document *out, bytes *called, struct err *err)
{
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = COUNT(document_fields);
        bool end = false;
        TRY(next_member(r, f, &field, &end, err));
        if (end) return json_finish(r, err);
        switch (field) {
        case SCHEMA_VERSION:
            TRY(read_schema_version(r, err));
            break;
        case OWN_MEDIA_TYPE:
            TRY(json_get_text(r, called, err));
            break;
        case CONFIG:
            TRY(read_descriptor(r, &out->config, err));
            break;
        case MANIFESTS:
        case LAYERS:
        default:
            /* One of the two: with the other there would be nothing to count from. */
            if (has(f, MANIFESTS) && has(f, LAYERS))
                return json_refuse(r, err, ERR_SYNTAX, "want an index or a manifest, have both in one");
            TRY(read_descriptors(r, lent, field == LAYERS ? LIMIT_OCI_LAYERS : LIMIT_OCI_DESCRIPTORS, &out->count,
                                 err));
            break;
        }
    }
}

/* What it holds, what it is called, and for a manifest that it is one of an image. */
static status check_document(const struct json_fields *f, bytes called, struct oci_document *d, struct err *err)
{
    bool is_index = has(f, MANIFESTS);
    d->media = is_index ? OCI_MEDIA_INDEX : OCI_MEDIA_MANIFEST;
    if (called.ptr && media_of(called) != d->media)
        return err_set(err, ERR_UNSUPPORTED, 0, "mediaType: want that of an image's %s, have %s",
                       is_index ? "index" : "manifest", text_quote(called).s);
    if (is_index && has(f, CONFIG)) return err_set(err, ERR_SYNTAX, 0, "want an index or a manifest, have both in one");
    if (is_index) return OK;
    if (!has(f, CONFIG) || !has(f, LAYERS)) return err_set(err, ERR_MISSING, 0, "want manifests, or config and layers");
    if (d->config.media != OCI_MEDIA_CONFIG)
        return err_set(err, ERR_UNSUPPORTED, 0, "config.mediaType: want that of an image, have %s",
                       text_quote(d->config.media_type).s);
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].media < OCI_MEDIA_LAYER)
            return err_set(err, ERR_UNSUPPORTED, 0, "layers[%zu].mediaType: want that of a layer, have %s", i,
                           text_quote(d->items[i].media_type).s);
    return OK;
}

static status check_length(bytes in, struct err *err)
{
    if (in.len <= LIMIT_OCI_DOCUMENT_BYTES) return OK;
    return err_set(err, ERR_LIMIT, 0, "want at most %d bytes, have %zu", LIMIT_OCI_DOCUMENT_BYTES, in.len);
}

static struct json_reader reader_over(bytes in, const struct oci_storage *lent)
{
    return (struct json_reader){
        .in = in, .keys = lent->keys, .key_cap = lent->key_cap, .text = lent->text, .text_cap = lent->text_cap};
}

status oci_document_parse(bytes in, const struct oci_storage *lent, struct oci_document *out, struct err *err)
{
    struct json_fields f = {.table = document_fields, .count = COUNT(document_fields)};
    struct oci_document d = {.items = lent->descriptors};
    bytes called = BYTES_ABSENT;
    TRY(check_length(in, err));
    struct json_reader r = reader_over(in, lent);
    TRY(read_document(&r, lent, &f, &d, &called, err));
    TRY(check_document(&f, called, &d, err));
    *out = d;
    return OK;
}

status oci_index_choose(const struct oci_document *index, struct oci_descriptor *out, struct err *err)
{
    const struct oci_descriptor *found = NULL;
    for (size_t i = 0; i < index->count; i++) {
        const struct oci_descriptor *d = &index->items[i];
        if (!bytes_eq(d->os, BYTES_LIT("linux")) || !bytes_eq(d->architecture, BYTES_LIT("amd64"))) continue;
        if (d->media != OCI_MEDIA_MANIFEST) continue;
        if (found && memcmp(&found->digest, &d->digest, sizeof d->digest) != 0)
            return err_set(err, ERR_DUPLICATE, 0, "index: two images for linux/amd64: pin one of them");
        found = d;
    }
    if (!found) return err_set(err, ERR_MISSING, 0, "index: no image for linux/amd64");
    *out = *found;
    return OK;
}

/* ---- config ----------------------------------------------------------------------------------------------------- */

/* Texts that are read into what is left of the lent ones. */
struct texts {
    const struct oci_storage *lent;
    size_t used;
};

static status add_text(struct json_reader *r, struct texts *t, bytes text, struct oci_texts *out, struct err *err)
{
    if (t->used == LIMIT_OCI_TEXTS) return json_refuse(r, err, ERR_LIMIT, "more than %d texts", LIMIT_OCI_TEXTS);
    if (t->used == t->lent->texts_cap)
        return json_refuse(r, err, ERR_NOMEM, "no room for more than %zu texts", t->lent->texts_cap);
    t->lent->texts[t->used++] = text;
    out->count++;
    return OK;
}

static status read_texts(struct json_reader *r, struct texts *t, struct oci_texts *out, struct err *err)
{
    out->items = &t->lent->texts[t->used];
    TRY(json_enter_array(r, err));
    for (;;) {
        bytes text;
        bool end = false;
        TRY(json_next_item(r, &end, err));
        if (end) return OK;
        TRY(json_get_text(r, &text, err));
        TRY(add_text(r, t, text, out, err));
    }
}

/* The keys of an object whose values say nothing. */
static status read_keys(struct json_reader *r, struct texts *t, struct oci_texts *out, struct err *err)
{
    out->items = &t->lent->texts[t->used];
    TRY(json_enter_object(r, err));
    for (;;) {
        bytes key;
        bool end = false;
        TRY(json_next_key(r, &key, &end, err));
        if (end) return OK;
        TRY(add_text(r, t, key, out, err));
        TRY(json_skip(r, err));
    }
}

static status read_if_any(struct json_reader *r, bytes *out, struct err *err)
{
    bytes text;
    TRY(json_get_text(r, &text, err));
    *out = text.len > 0 ? text : BYTES_ABSENT;
    return OK;
}

enum { USER, ENV, ENTRYPOINT, CMD, WORKING_DIR, VOLUMES };
static const struct json_field execution_fields[] = {
    [USER] = {"User", false},
    [ENV] = {"Env", false},
    [ENTRYPOINT] = {"Entrypoint", false},
    [CMD] = {"Cmd", false},
    [WORKING_DIR] = {"WorkingDir", false},
    [VOLUMES] = {"Volumes", false},
};

static status read_execution(struct json_reader *r, const struct oci_storage *lent, struct oci_config *out,
                             struct err *err)
{
    struct json_fields f = {.table = execution_fields, .count = COUNT(execution_fields)};
    struct texts texts = {.lent = lent};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = COUNT(execution_fields);
        bool end = false;
        TRY(next_member(r, &f, &field, &end, err));
        if (end) return OK;
        switch (field) {
        case USER:
            TRY(read_if_any(r, &out->user, err));
            break;
        case ENV:
            TRY(read_texts(r, &texts, &out->env, err));
            break;
        case ENTRYPOINT:
            TRY(read_texts(r, &texts, &out->entrypoint, err));
            break;
        case CMD:
            TRY(read_texts(r, &texts, &out->cmd, err));
            break;
        case WORKING_DIR:
            TRY(read_if_any(r, &out->working_dir, err));
            break;
        case VOLUMES:
        default:
            TRY(read_keys(r, &texts, &out->volumes, err));
            break;
        }
    }
}

static status read_diff_ids(struct json_reader *r, const struct oci_storage *lent, struct oci_config *out,
                            struct err *err)
{
    TRY(json_enter_array(r, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(r, &end, err));
        if (end) return OK;
        if (out->layer_count == LIMIT_OCI_LAYERS)
            return json_refuse(r, err, ERR_LIMIT, "more than %d layers", LIMIT_OCI_LAYERS);
        if (out->layer_count == lent->digest_cap)
            return json_refuse(r, err, ERR_NOMEM, "no room for more than %zu layers", lent->digest_cap);
        TRY(get_digest(r, &lent->digests[out->layer_count], err));
        out->layer_count++;
    }
}

enum { TYPE, DIFF_IDS };
static const struct json_field rootfs_fields[] = {[TYPE] = {"type", true}, [DIFF_IDS] = {"diff_ids", true}};

static status read_rootfs(struct json_reader *r, const struct oci_storage *lent, struct oci_config *out,
                          struct err *err)
{
    struct json_fields f = {.table = rootfs_fields, .count = COUNT(rootfs_fields)};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = COUNT(rootfs_fields);
        bool end = false;
        TRY(next_member(r, &f, &field, &end, err));
        if (end) return OK;
        if (field == TYPE)
            TRY(expect_text(r, "layers", err));
        else
            TRY(read_diff_ids(r, lent, out, err));
    }
}

enum { CONFIG_OS, CONFIG_ARCHITECTURE, EXECUTION, ROOTFS };
static const struct json_field config_fields[] = {
    [CONFIG_OS] = {"os", true},
    [CONFIG_ARCHITECTURE] = {"architecture", true},
    [EXECUTION] = {"config", false},
    [ROOTFS] = {"rootfs", true},
};

static status read_config(struct json_reader *r, const struct oci_storage *lent, struct oci_config *out,
                          struct err *err)
{
    struct json_fields f = {.table = config_fields, .count = COUNT(config_fields)};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = COUNT(config_fields);
        bool end = false;
        TRY(next_member(r, &f, &field, &end, err));
        if (end) return json_finish(r, err);
        switch (field) {
        case CONFIG_OS:
            TRY(expect_text(r, "linux", err));
            break;
        case CONFIG_ARCHITECTURE:
            TRY(expect_text(r, "amd64", err));
            break;
        case EXECUTION:
            TRY(read_execution(r, lent, out, err));
            break;
        case ROOTFS:
        default:
            TRY(read_rootfs(r, lent, out, err));
            break;
        }
    }
}

status oci_config_parse(bytes in, const struct oci_storage *lent, struct oci_config *out, struct err *err)
{
    struct oci_config config = {.diff_ids = lent->digests};
    TRY(check_length(in, err));
    struct json_reader r = reader_over(in, lent);
    TRY(read_config(&r, lent, &config, err));
    *out = config;
    return OK;
}

/* ---- layout ----------------------------------------------------------------------------------------------------- */

enum { LAYOUT_KEYS = 64, LAYOUT_TEXT = 256 };

status oci_layout_check(bytes in, struct err *err)
{
    static const struct json_field fields[] = {{"imageLayoutVersion", true}};
    bytes keys[LAYOUT_KEYS];
    uint8_t text[LAYOUT_TEXT];
    struct json_fields f = {.table = fields, .count = COUNT(fields)};
    struct json_reader r = {.in = in, .keys = keys, .key_cap = LAYOUT_KEYS, .text = text, .text_cap = LAYOUT_TEXT};
    TRY(json_enter_object(&r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(next_member(&r, &f, &field, &end, err));
        if (end) return json_finish(&r, err);
        TRY(expect_text(&r, "1.0.0", err));
    }
}
