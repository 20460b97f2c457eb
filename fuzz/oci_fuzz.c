/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: oci_document_parse oci_index_choose oci_config_parse oci_layout_check. */
#include <stdlib.h>

#include "parse/oci.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEYS = 64, TEXT = 4096, ITEMS = 16 };

struct room {
    bytes keys[KEYS], texts[ITEMS];
    uint8_t text[TEXT];
    struct oci_descriptor descriptors[ITEMS];
    struct oci_digest digests[ITEMS];
};

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refused(const struct err *err, status s)
{
    require(err->kind == s.kind && err->text[0] != '\0');
}

static void require_inside(bytes in, const struct room *room, bytes text)
{
    bool is_input = text.ptr >= in.ptr && text.ptr + text.len <= in.ptr + in.len;
    bool is_lent = text.ptr >= room->text && text.ptr + text.len <= room->text + TEXT;
    require(is_input || is_lent);
    for (size_t i = 0; i < text.len; i++)
        require(text.ptr[i] != 0);
}

static void check_document(bytes in, const struct oci_storage *lent, const struct room *room)
{
    struct oci_document d = {.count = 77};
    struct oci_descriptor chosen = {.size = 77};
    struct err err = {0};
    status s = oci_document_parse(in, lent, &d, &err);
    if (!is_ok(s)) {
        require_refused(&err, s);
        require(d.count == 77);
        return;
    }
    bool is_index = d.media == OCI_MEDIA_INDEX;
    require(is_index || (d.media == OCI_MEDIA_MANIFEST && d.config.media == OCI_MEDIA_CONFIG));
    require(d.count <= ITEMS && d.items == room->descriptors);
    for (size_t i = 0; i < d.count; i++) {
        require_inside(in, room, d.items[i].media_type);
        require(is_index || d.items[i].media >= OCI_MEDIA_LAYER);
    }
    bool is_chosen = is_index && is_ok(oci_index_choose(&d, &chosen, NULL));
    require(is_chosen ? chosen.media == OCI_MEDIA_MANIFEST : chosen.size == 77);
}

static void check_texts(bytes in, const struct room *room, const struct oci_texts *t)
{
    require(t->count == 0 || (t->items >= room->texts && t->items + t->count <= room->texts + ITEMS));
    for (size_t i = 0; i < t->count; i++)
        require_inside(in, room, t->items[i]);
}

static void check_config(bytes in, const struct oci_storage *lent, const struct room *room)
{
    struct oci_config c = {.layer_count = 77};
    struct err err = {0};
    status s = oci_config_parse(in, lent, &c, &err);
    if (!is_ok(s)) {
        require_refused(&err, s);
        require(c.layer_count == 77);
        return;
    }
    require(c.layer_count <= ITEMS && c.diff_ids == room->digests);
    require(!c.user.ptr || c.user.len > 0);
    require(!c.working_dir.ptr || c.working_dir.len > 0);
    check_texts(in, room, &c.env);
    check_texts(in, room, &c.entrypoint);
    check_texts(in, room, &c.cmd);
    check_texts(in, room, &c.volumes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct room room;
    const struct oci_storage lent = {
        .keys = room.keys,
        .key_cap = KEYS,
        .text = room.text,
        .text_cap = TEXT,
        .descriptors = room.descriptors,
        .descriptor_cap = ITEMS,
        .digests = room.digests,
        .digest_cap = ITEMS,
        .texts = room.texts,
        .texts_cap = ITEMS,
    };
    struct err err = {0};
    bytes in = BYTES(data, size);
    check_document(in, &lent, &room);
    check_config(in, &lent, &room);
    status s = oci_layout_check(in, &err);
    if (!is_ok(s)) require_refused(&err, s);
    return 0;
}
