/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/oci.h"
#include "parse/text.h"

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define OCI    "application/vnd.oci.image."
#define DOCKER "application/vnd.docker."

#define ITEM(media, hex, more) "{\"mediaType\":\"" media "\",\"digest\":\"sha256:" hex "\",\"size\":9" more "}"
#define CONFIG                 ITEM(OCI "config.v1+json", DIGITS, "")
#define LAYER                  ITEM(OCI "layer.v1.tar+gzip", OTHER, "")
#define LINUX                  ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}"
#define DOCUMENT(rest)         "{\"schemaVersion\":2," rest "}"
#define MANIFEST               DOCUMENT("\"config\":" CONFIG ",\"layers\":[" LAYER "]")
#define IMAGE(rest)            "{\"os\":\"linux\",\"architecture\":\"amd64\"" rest "}"
#define ROOTFS                 ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" DIGITS "\",\"sha256:" OTHER "\"]}"

enum { KEYS = 64, ITEMS = 3, TEXT = 4096 };

static struct oci_storage lend(void)
{
    static bytes keys[KEYS], texts[ITEMS];
    static uint8_t text[TEXT];
    static struct oci_descriptor descriptors[ITEMS];
    static struct oci_digest digests[ITEMS];
    return (struct oci_storage){.keys = keys,
                                .key_cap = KEYS,
                                .text = text,
                                .text_cap = TEXT,
                                .descriptors = descriptors,
                                .descriptor_cap = ITEMS,
                                .digests = digests,
                                .digest_cap = ITEMS,
                                .texts = texts,
                                .texts_cap = ITEMS};
}

struct refusal {
    const char *in;
    enum err_kind kind;
};

Test(oci, documents_refused)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {"[]", ERR_SYNTAX},
        {"{}", ERR_MISSING},
        {"{\"schemaVersion\":2}", ERR_MISSING},
        {"{\"schemaVersion\":1}", ERR_UNSUPPORTED},
        {"{\"schemaVersion\":\"2\"}", ERR_SYNTAX},
        {DOCUMENT("\"config\":" CONFIG), ERR_MISSING},
        {DOCUMENT("\"layers\":[]"), ERR_MISSING},
        {DOCUMENT("\"config\":null,\"layers\":[]"), ERR_MISSING},
        {DOCUMENT("\"config\":" CONFIG ",\"layers\":[],\"layers\":[]"), ERR_DUPLICATE},
        {DOCUMENT("\"config\":" CONFIG ",\"layers\":[],\"Layers\":[]"), ERR_SYNTAX},
        {DOCUMENT("\"config\":" CONFIG ",\"layers\":[],\"manifests\":[]"), ERR_SYNTAX},
        {DOCUMENT("\"manifests\":[],\"layers\":[]"), ERR_SYNTAX},
        {DOCUMENT("\"manifests\":[],\"config\":" CONFIG), ERR_SYNTAX},
        {DOCUMENT("\"mediaType\":\"" OCI "manifest.v1+json\",\"manifests\":[]"), ERR_UNSUPPORTED},
        {DOCUMENT("\"mediaType\":\"" OCI "index.v1+json\",\"config\":" CONFIG ",\"layers\":[]"), ERR_UNSUPPORTED},
        {DOCUMENT("\"mediaType\":\"application/json\",\"manifests\":[]"), ERR_UNSUPPORTED},
        {DOCUMENT("\"config\":" LAYER ",\"layers\":[]"), ERR_UNSUPPORTED},
        {DOCUMENT("\"config\":" CONFIG ",\"layers\":[" CONFIG "]"), ERR_UNSUPPORTED},
        {DOCUMENT("\"config\":{},\"layers\":[]"), ERR_MISSING},
        {DOCUMENT("\"config\":" ITEM(OCI "config.v1+json", "00", "") ",\"layers\":[]"), ERR_TRUNCATED},
        {DOCUMENT("\"config\":" ITEM(OCI "config.v1+json", DIGITS, ",\"Size\":9") ",\"layers\":[]"), ERR_SYNTAX},
        {DOCUMENT("\"manifests\":[{\"mediaType\":\"a\",\"size\":1,\"digest\":\"sha512:" DIGITS DIGITS "\"}]"),
         ERR_UNSUPPORTED},
        {DOCUMENT("\"manifests\":[{\"mediaType\":\"a\",\"size\":-1,\"digest\":\"sha256:" DIGITS "\"}]"), ERR_RANGE},
        {DOCUMENT("\"manifests\":[{\"mediaType\":\"a\",\"size\":9223372036854775808,\"digest\":\"sha256:" DIGITS
                  "\"}]"),
         ERR_RANGE},
        {DOCUMENT("\"config\":" CONFIG ",\"layers\":[" LAYER "," LAYER "," LAYER "," LAYER "]"), ERR_NOMEM},
        {MANIFEST "x", ERR_TRAILING},
    };
    const struct oci_storage lent = lend();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oci_document d = {.count = 77};
        struct err err = {0};
        status s = oci_document_parse(text_bytes(rows[i].in), &lent, &d, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        cr_expect(err.text[0] && d.count == 77, "%s", rows[i].in);
    }
}

Test(oci, configs_refused)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {IMAGE(""), ERR_MISSING},
        {IMAGE(",\"rootfs\":null"), ERR_MISSING},
        {IMAGE(",\"rootfs\":{}"), ERR_MISSING},
        {IMAGE(",\"rootfs\":{\"type\":\"layers\"}"), ERR_MISSING},
        {IMAGE(",\"rootfs\":{\"type\":\"tar\",\"diff_ids\":[]}"), ERR_UNSUPPORTED},
        {IMAGE(",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" DIGITS "\"]}"), ERR_UNSUPPORTED},
        {IMAGE(",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[null]}"), ERR_SYNTAX},
        {"{\"architecture\":\"amd64\"" ROOTFS "}", ERR_MISSING},
        {"{\"os\":\"linux\"" ROOTFS "}", ERR_MISSING},
        {"{\"os\":\"linux\",\"architecture\":\"arm64\"" ROOTFS "}", ERR_UNSUPPORTED},
        {"{\"os\":\"windows\",\"architecture\":\"amd64\"" ROOTFS "}", ERR_UNSUPPORTED},
        {IMAGE(ROOTFS ",\"OS\":\"linux\""), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":[]"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"User\":1000}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"user\":\"root\"}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"wor\xe2\x84\xaaingDir\":\"/\"}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"User\":\"a\\u0000\"}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"Env\":{}}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"Cmd\":\"sh\"}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"Entrypoint\":[1]}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"Volumes\":[\"/a\"]}"), ERR_SYNTAX},
        {IMAGE(ROOTFS ",\"config\":{\"Volumes\":{\"/a\":{},\"/a\":{}}}"), ERR_DUPLICATE},
        {IMAGE(ROOTFS ",\"config\":{\"Env\":[\"a\",\"b\"],\"Cmd\":[\"c\",\"d\"]}"), ERR_NOMEM},
        {IMAGE(ROOTFS) "{", ERR_TRAILING},
    };
    const struct oci_storage lent = lend();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oci_config c = {.layer_count = 77};
        struct err err = {0};
        status s = oci_config_parse(text_bytes(rows[i].in), &lent, &c, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        cr_expect(err.text[0] && c.layer_count == 77, "%s", rows[i].in);
    }
}

/* Every strict prefix of a document is refused. */
Test(oci, prefixes)
{
    static const char config[] = IMAGE(ROOTFS ",\"config\":{\"User\":\"a\"}");
    const struct oci_storage lent = lend();
    struct oci_document d;
    struct oci_config c;
    for (size_t n = 0; n < sizeof MANIFEST - 1; n++)
        cr_expect_not(is_ok(oci_document_parse(BYTES((const uint8_t *)MANIFEST, n), &lent, &d, NULL)), "%zu", n);
    for (size_t n = 0; n < sizeof config - 1; n++)
        cr_expect_not(is_ok(oci_config_parse(BYTES((const uint8_t *)config, n), &lent, &c, NULL)), "%zu", n);
}

static void put(char *out, size_t *len, const char *text)
{
    memcpy(&out[*len], text, strlen(text));
    *len += strlen(text);
}

/* `head`, `count` times `item`, `tail`; to be freed. */
static bytes repeat(const char *head, const char *item, size_t count, const char *tail)
{
    size_t len = 0;
    char *out = malloc(strlen(head) + count * (strlen(item) + 1) + strlen(tail) + 1);
    cr_assert(out);
    put(out, &len, head);
    for (size_t i = 0; i < count; i++) {
        put(out, &len, item);
        if (i + 1 < count) put(out, &len, ",");
    }
    put(out, &len, tail);
    return BYTES((uint8_t *)out, len);
}

struct large {
    bytes keys[64], texts[LIMIT_OCI_TEXTS + 1];
    uint8_t text[16];
    struct oci_descriptor descriptors[LIMIT_OCI_DESCRIPTORS + 1];
    struct oci_digest digests[LIMIT_OCI_LAYERS + 1];
};

Test(oci, limits)
{
    struct large *l = calloc(1, sizeof *l);
    cr_assert(l);
    const struct oci_storage lent = {.keys = l->keys,
                                     .key_cap = 64,
                                     .text = l->text,
                                     .text_cap = sizeof l->text,
                                     .descriptors = l->descriptors,
                                     .descriptor_cap = LIMIT_OCI_DESCRIPTORS + 1,
                                     .digests = l->digests,
                                     .digest_cap = LIMIT_OCI_LAYERS + 1,
                                     .texts = l->texts,
                                     .texts_cap = LIMIT_OCI_TEXTS + 1};
    static const struct {
        const char *head, *item, *tail;
        size_t limit;
        bool is_config;
    } rows[] = {
        {"{\"schemaVersion\":2,\"config\":" CONFIG ",\"layers\":[", LAYER, "]}", LIMIT_OCI_LAYERS, false},
        {"{\"schemaVersion\":2,\"manifests\":[", LAYER, "]}", LIMIT_OCI_DESCRIPTORS, false},
        {"{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[",
         "\"sha256:" OTHER "\"", "]}}", LIMIT_OCI_LAYERS, true},
        {"{\"os\":\"linux\",\"architecture\":\"amd64\"" ROOTFS ",\"config\":{\"Env\":[", "\"a=b\"", "]}}",
         LIMIT_OCI_TEXTS, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t more = 0; more < 2; more++) {
            struct oci_document d;
            struct oci_config c;
            bytes in = repeat(rows[i].head, rows[i].item, rows[i].limit + more, rows[i].tail);
            status s =
                rows[i].is_config ? oci_config_parse(in, &lent, &c, NULL) : oci_document_parse(in, &lent, &d, NULL);
            cr_expect_eq(s.kind, more ? ERR_LIMIT : ERR_NONE, "row %zu, %zu more", i, more);
            free((void *)(uintptr_t)in.ptr);
        }
    free(l);
    uint8_t *spaces = malloc(LIMIT_OCI_DOCUMENT_BYTES + 1);
    cr_assert(spaces);
    memset(spaces, ' ', LIMIT_OCI_DOCUMENT_BYTES + 1);
    memcpy(spaces, MANIFEST, sizeof MANIFEST - 1);
    const struct oci_storage small = lend();
    struct oci_document d;
    struct oci_config c;
    cr_expect(is_ok(oci_document_parse(BYTES(spaces, LIMIT_OCI_DOCUMENT_BYTES), &small, &d, NULL)));
    cr_expect_eq(oci_document_parse(BYTES(spaces, LIMIT_OCI_DOCUMENT_BYTES + 1), &small, &d, NULL).kind, ERR_LIMIT);
    cr_expect_eq(oci_config_parse(BYTES(spaces, LIMIT_OCI_DOCUMENT_BYTES + 1), &small, &c, NULL).kind, ERR_LIMIT);
    free(spaces);
}

static bool is_digest(const struct oci_digest *d, const char *hex)
{
    uint8_t want[OCI_DIGEST_BYTES];
    cr_assert(is_ok(hex_parse(text_bytes(hex), HEX_LOWER, want, sizeof want, NULL)));
    return memcmp(d->sha256, want, sizeof want) == 0;
}

Test(oci, manifest)
{
    static const char docker[] =
        DOCUMENT("\"layers\":[" ITEM(DOCKER "image.rootfs.diff.tar.gzip", DIGITS, ",\"urls\":[]") "," ITEM(
            OCI "layer.v1.tar", OTHER,
            "") "," ITEM(OCI "layer.v1.tar+zstd", OTHER,
                         "") "],\"later\":{\"layers\":[]},\"config\":" ITEM(DOCKER "container.image.v1+json", OTHER,
                                                                            "") ",\"mediaType\":\"" DOCKER
                                                                                "distribution.manifest.v2+json\"");
    const struct oci_storage lent = lend();
    struct oci_document d;
    struct err err = {0};
    cr_assert(is_ok(oci_document_parse(text_bytes(docker), &lent, &d, &err)), "%s", err.text);
    cr_expect(d.media == OCI_MEDIA_MANIFEST && d.count == 3 && d.config.size == 9);
    cr_expect(is_digest(&d.config.digest, OTHER) && is_digest(&d.items[0].digest, DIGITS));
    cr_expect(d.items[0].media == OCI_MEDIA_LAYER_GZIP && d.items[1].media == OCI_MEDIA_LAYER);
    cr_expect(d.items[2].media == OCI_MEDIA_LAYER_ZSTD && !d.items[0].os.ptr);
    cr_assert(is_ok(oci_document_parse(text_bytes(MANIFEST), &lent, &d, &err)), "%s", err.text);
    cr_expect(d.media == OCI_MEDIA_MANIFEST && d.count == 1);
}

Test(oci, index)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {DOCUMENT("\"manifests\":[]"), ERR_MISSING},
        {DOCUMENT("\"manifests\":[" ITEM(OCI "manifest.v1+json", DIGITS, "") "]"), ERR_MISSING},
        {DOCUMENT("\"manifests\":[" ITEM(OCI "manifest.v1+json", DIGITS, ",\"platform\":{\"os\":\"linux\"}") "]"),
         ERR_MISSING},
        {DOCUMENT("\"manifests\":[" ITEM(OCI "index.v1+json", DIGITS, LINUX) "]"), ERR_MISSING},
        {DOCUMENT("\"manifests\":[" ITEM(
             OCI "manifest.v1+json", OTHER,
             ",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}") "," ITEM(OCI "manifest.v1+json", DIGITS,
                                                                                     LINUX) "]"),
         ERR_NONE},
        {DOCUMENT("\"manifests\":[" ITEM(DOCKER "distribution.manifest.v2+json", DIGITS,
                                         LINUX) "," ITEM(OCI "manifest.v1+json", DIGITS, LINUX) "]"),
         ERR_NONE},
        {DOCUMENT("\"manifests\":[" ITEM(OCI "manifest.v1+json", DIGITS, LINUX) "," ITEM(OCI "manifest.v1+json", OTHER,
                                                                                         LINUX) "]"),
         ERR_DUPLICATE},
    };
    const struct oci_storage lent = lend();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oci_document d;
        struct oci_descriptor chosen = {.size = 77};
        struct err err = {0};
        cr_assert(is_ok(oci_document_parse(text_bytes(rows[i].in), &lent, &d, &err)), "row %zu: %s", i, err.text);
        cr_expect_eq(oci_index_choose(&d, &chosen, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
        cr_expect(rows[i].kind == ERR_NONE ? is_digest(&chosen.digest, DIGITS) : chosen.size == 77, "row %zu", i);
    }
}

Test(oci, config)
{
    static const char whole[] =
        IMAGE(",\"config\":{\"User\":\"web:\\u0077eb\",\"Env\":[\"A=\\\"b\\\"\"],\"Entrypoint\":[\"/a\"],\"Cmd\":null,"
              "\"WorkingDir\":\"\",\"Volumes\":{\"/data\":{}},\"Labels\":{\"User\":\"x\"}}" ROOTFS);
    const struct oci_storage lent = lend();
    struct oci_config c;
    struct err err = {0};
    cr_assert(is_ok(oci_config_parse(text_bytes(whole), &lent, &c, &err)), "%s", err.text);
    cr_expect(bytes_eq(c.user, BYTES_LIT("web:web")) && !c.working_dir.ptr && c.cmd.count == 0);
    cr_expect(c.env.count == 1 && bytes_eq(c.env.items[0], BYTES_LIT("A=\"b\"")));
    cr_expect(c.entrypoint.count == 1 && bytes_eq(c.entrypoint.items[0], BYTES_LIT("/a")));
    cr_expect(c.volumes.count == 1 && bytes_eq(c.volumes.items[0], BYTES_LIT("/data")));
    cr_expect(c.layer_count == 2 && is_digest(&c.diff_ids[0], DIGITS) && is_digest(&c.diff_ids[1], OTHER));
    cr_assert(is_ok(oci_config_parse(text_bytes(IMAGE(ROOTFS ",\"config\":null")), &lent, &c, &err)), "%s", err.text);
    cr_expect(!c.user.ptr && c.env.count == 0 && c.volumes.count == 0 && c.layer_count == 2);
}

Test(oci, layout)
{
    static const struct refusal rows[] = {
        {"", ERR_TRUNCATED},
        {"{}", ERR_MISSING},
        {"{\"imageLayoutVersion\":1}", ERR_SYNTAX},
        {"{\"imageLayoutVersion\":\"1.0\"}", ERR_UNSUPPORTED},
        {"{\"imageLayoutVersion\":\"1.0.0\"}}", ERR_TRAILING},
        {"{\"imageLayoutVersion\":\"1.0.0\",\"more\":{}}\n", ERR_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(oci_layout_check(text_bytes(rows[i].in), NULL).kind, rows[i].kind, "%s", rows[i].in);
}
