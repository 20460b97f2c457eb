/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/image_layer.h"

#include <stdlib.h>

#include "kube/image_gunzip.h"
#include "kube/limits.h"
#include "kube/sha256.h"
#include "parse/text.h"

struct reading {
    const struct oci_descriptor *layer;
    struct sha256 *packed, *unpacked;
    struct gunzip *gunzip; /* NULL: it is not packed */
    uint64_t packed_bytes, unpacked_bytes;
    status looked; /* what is wrong inside; told when what came is what was meant */
    struct err why;
    struct layer_scan scan;
    uint8_t passwd[LIMIT_ACCOUNTS_BYTES], group[LIMIT_ACCOUNTS_BYTES], extension[LIMIT_LAYER_EXTENSION_BYTES];
};

/* ---- parts ------------------------------------------------------------------------------------------------------ */

static status check_growth(const struct reading *r, struct err *err)
{
    if (r->unpacked_bytes > LIMIT_LAYER_BYTES)
        return err_set(err, ERR_LIMIT, 0, "unpacked: more than %llu bytes", (unsigned long long)LIMIT_LAYER_BYTES);
    if (r->unpacked_bytes > LIMIT_LAYER_BYTES_UNWEIGHED && r->unpacked_bytes / LIMIT_LAYER_RATIO > r->packed_bytes)
        return err_set(err, ERR_LIMIT, 0, "unpacked: more than %d times as large as what came", LIMIT_LAYER_RATIO);
    return OK;
}

static status take_unpacked(void *context, bytes part, struct err *err)
{
    struct reading *r = context;
    r->unpacked_bytes += part.len;
    TRY(check_growth(r, err));
    TRY(sha256_put(r->unpacked, part, err));
    return layer_scan_put(&r->scan, part, err);
}

static status take_packed(void *context, bytes part, struct err *err)
{
    struct reading *r = context;
    const struct image_sink sink = {.put = take_unpacked, .context = r};
    if (part.len > r->layer->size - r->packed_bytes)
        return err_set(err, ERR_MISMATCH, 0, "want %llu bytes, as the manifest says, have more",
                       (unsigned long long)r->layer->size);
    r->packed_bytes += part.len;
    TRY(sha256_put(r->packed, part, err));
    if (is_ok(r->looked))
        r->looked = r->gunzip ? gunzip_put(r->gunzip, part, &sink, &r->why) : take_unpacked(r, part, &r->why);
    return OK;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static status check_digest(struct sha256 *hash, const struct oci_digest *want, const char *what, struct err *err)
{
    struct oci_digest have;
    char text[HEX_TEXT_SIZE(OCI_DIGEST_BYTES)];
    TRY(sha256_finish(hash, have.sha256, err));
    if (memcmp(&have, want, sizeof have) == 0) return OK;
    TRY(hex_write(BYTES_OF(have.sha256), text, sizeof text, err));
    return err_set(err, ERR_MISMATCH, 0, "%s has the digest sha256:%s", what, text);
}

static status check_inside(struct reading *r, const struct oci_digest *diff_id, struct err *err)
{
    if (!is_ok(r->looked)) return err_set(err, r->looked.kind, 0, "%s", r->why.text);
    if (r->gunzip) TRY(gunzip_finish(r->gunzip, err));
    TRY(check_digest(r->unpacked, diff_id, "what was in it is not what the config names: it", err));
    return layer_scan_finish(&r->scan, err);
}

static status read_all(const struct image_store *store, bytes repository, struct reading *r,
                       const struct oci_digest *diff_id, struct err *err)
{
    const struct image_blob wanted = {.kind = IMAGE_BLOB, .repository = repository, .digest = r->layer->digest};
    const struct image_sink sink = {.put = take_packed, .context = r};
    TRY(store->read(store->context, &wanted, &sink, err));
    if (r->packed_bytes != r->layer->size)
        return err_set(err, ERR_MISMATCH, 0, "want %llu bytes, as the manifest says, have %llu",
                       (unsigned long long)r->layer->size, (unsigned long long)r->packed_bytes);
    TRY(check_digest(r->packed, &r->layer->digest, "what came", err));
    return check_inside(r, diff_id, err);
}

static status open_reading(struct reading *r, const struct oci_descriptor *layer, struct err *err)
{
    r->layer = layer;
    r->scan.passwd = (struct layer_file){.content = r->passwd, .cap = sizeof r->passwd};
    r->scan.group = (struct layer_file){.content = r->group, .cap = sizeof r->group};
    r->scan.extension = r->extension;
    r->scan.extension_cap = sizeof r->extension;
    TRY(sha256_open(&r->packed, err));
    TRY(sha256_open(&r->unpacked, err));
    return layer->media == OCI_MEDIA_LAYER_GZIP ? gunzip_open(&r->gunzip, err) : OK;
}

static void close_reading(struct reading *r)
{
    sha256_free(r->packed);
    sha256_free(r->unpacked);
    gunzip_free(r->gunzip);
    free(r);
}

static status keep(const struct layer_scan *s, struct arena *memory, struct image_layer *out, struct err *err)
{
    struct image_layer l = {.etc = s->etc, .passwd_change = s->passwd.change, .group_change = s->group.change};
    if (l.passwd_change == LAYER_FILE) TRY(arena_copy(memory, BYTES(s->passwd.content, s->passwd.len), &l.passwd, err));
    if (l.group_change == LAYER_FILE) TRY(arena_copy(memory, BYTES(s->group.content, s->group.len), &l.group, err));
    *out = l;
    return OK;
}

status image_layer_read(const struct image_store *store, bytes repository, const struct oci_descriptor *layer,
                        const struct oci_digest *diff_id, struct arena *memory, struct image_layer *out,
                        struct err *err)
{
    if (layer->media != OCI_MEDIA_LAYER && layer->media != OCI_MEDIA_LAYER_GZIP)
        return err_set(err, ERR_UNSUPPORTED, 0, "want a tar archive, plain or packed with gzip, have %s",
                       text_quote(layer->media_type).s);
    struct reading *r = calloc(1, sizeof *r);
    if (!r) return err_set(err, ERR_NOMEM, 0, "out of memory");
    status s = open_reading(r, layer, err);
    if (is_ok(s)) s = read_all(store, repository, r, diff_id, err);
    if (is_ok(s)) s = keep(&r->scan, memory, out, err);
    close_reading(r);
    return s;
}
