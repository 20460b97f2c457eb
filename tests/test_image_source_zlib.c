/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "kube/image_source.h"
#include "kube/limits.h"
#include "parse/text.h"
#include "verify/crypto.h"

enum { HEX = HEX_TEXT_SIZE(SHA256_BYTES), BLOBS = 8, BLOB_BYTES = 8192, LAYERS = 3 };

/* An image: blobs under the digests that they should have. */
struct image {
    struct blob {
        char digest[HEX];
        uint8_t data[BLOB_BYTES];
        size_t len;
    } blobs[BLOBS];
    size_t count, reads;
    char reference[128];
};

static struct arena memory;

static void free_memory(void)
{
    arena_free(&memory);
}

TestSuite(image_source, .fini = free_memory);

static void digest_of(bytes in, char out[HEX])
{
    uint8_t digest[SHA256_BYTES];
    cr_assert(is_ok(crypto_sha256(&in, 1, digest, NULL)));
    cr_assert(is_ok(hex_write(BYTES_OF(digest), out, HEX, NULL)));
}

static struct blob *add(struct image *i, bytes content)
{
    struct blob *b = &i->blobs[i->count++];
    cr_assert(content.len <= sizeof b->data);
    memcpy(b->data, content.ptr, content.len);
    b->len = content.len;
    digest_of(content, b->digest);
    return b;
}

static status read_blob(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err)
{
    struct image *i = context;
    char digest[HEX];
    i->reads++;
    TRY(hex_write(BYTES_OF(wanted->digest.sha256), digest, sizeof digest, err));
    for (size_t k = 0; k < i->count; k++) {
        if (strcmp(i->blobs[k].digest, digest) != 0) continue;
        for (size_t at = 0, n; at < i->blobs[k].len; at += n) {
            n = i->blobs[k].len - at < 1000 ? i->blobs[k].len - at : 1000;
            TRY(to->put(to->context, BYTES(&i->blobs[k].data[at], n), err));
        }
        return OK;
    }
    return err_set(err, ERR_MISSING, 0, "no such blob");
}

/* One file in an archive; `name` NULL: an empty one. */
static size_t write_tar(uint8_t out[2048], char type, const char *name, const char *content)
{
    unsigned sum = 0;
    memset(out, 0, 2048);
    if (!name) return 1024;
    (void)snprintf((char *)out, 100, "%s", name);
    (void)snprintf((char *)&out[124], 12, "%011zo", strlen(content));
    out[156] = (uint8_t)type;
    memset(&out[148], ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += out[i];
    (void)snprintf((char *)&out[148], 8, "%06o", sum);
    memcpy(&out[512], content, strlen(content));
    return 2048;
}

static bytes gzip(bytes in, uint8_t out[BLOB_BYTES])
{
    z_stream z = {.next_in = (z_const Bytef *)(uintptr_t)in.ptr,
                  .avail_in = (uInt)in.len,
                  .next_out = out,
                  .avail_out = BLOB_BYTES};
    cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    size_t len = BLOB_BYTES - z.avail_out;
    cr_assert_eq(deflateEnd(&z), Z_OK);
    return BYTES(out, len);
}

struct layer {
    char type;
    const char *name, *content;
};

/* Each layer packed, and one file in it. */
static void make(struct image *image, const struct layer *layers, size_t count)
{
    char config[1024], manifest[2048];
    int c = snprintf(config, sizeof config,
                     "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\","
                     "\"diff_ids\":[");
    char items[1024] = "";
    size_t used = 0;
    image->count = image->reads = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t tar[2048], packed[BLOB_BYTES];
        char diff_id[HEX];
        bytes archive = BYTES(tar, write_tar(tar, layers[i].type, layers[i].name, layers[i].content));
        digest_of(archive, diff_id);
        const struct blob *b = add(image, gzip(archive, packed));
        c += snprintf(&config[c], sizeof config - (size_t)c, "%s\"sha256:%s\"", i > 0 ? "," : "", diff_id);
        used += (size_t)snprintf(
            &items[used], sizeof items - used,
            "%s{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:%s\","
            "\"size\":%zu}",
            i > 0 ? "," : "", b->digest, b->len);
    }
    (void)snprintf(&config[c], sizeof config - (size_t)c, "]}}");
    const struct blob *b = add(image, text_bytes(config));
    (void)snprintf(
        manifest, sizeof manifest,
        "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":"
        "\"sha256:%s\",\"size\":%zu},\"layers\":[%s]}",
        b->digest, b->len, items);
    b = add(image, text_bytes(manifest));
    (void)snprintf(image->reference, sizeof image->reference, "r.example/a:v1@sha256:%s", b->digest);
}

static struct image_source source_of(struct image *image)
{
    return (struct image_source){
        .store = {.read = read_blob, .context = image}, .memory = &memory, .layers = {.memory = &memory}};
}

static status accounts(struct image_source *s, const struct image *image, struct image_accounts *out, struct err *err)
{
    const struct image_facts *facts;
    TRY(image_source_get(s, text_bytes(image->reference), &facts, err));
    return image_source_accounts(s, facts, out, err);
}

Test(image_source, references_refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {{"a", ERR_MISSING}, {"a:v1", ERR_MISSING}, {"A", ERR_SYNTAX}, {"a@sha512:00", ERR_UNSUPPORTED}};
    static struct image image;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct image_source s = source_of(&image);
        const struct image_facts *facts;
        struct err err = {0};
        cr_expect_eq(image_source_get(&s, text_bytes(rows[i].in), &facts, &err).kind, rows[i].kind, "%s", err.text);
        cr_expect(strncmp(err.text, "image \"", 7) == 0 && image.reads == 0, "%s", err.text);
    }
}

Test(image_source, accounts_of_layers)
{
    static const struct {
        struct layer layers[LAYERS];
        const char *passwd, *group; /* NULL: absent */
    } rows[] = {
        {{{0, NULL, ""}, {0, NULL, ""}, {0, NULL, ""}}, NULL, NULL},
        {{{'0', "etc/passwd", "one"}, {'0', "etc/group", "all"}, {0, NULL, ""}}, "one", "all"},
        {{{'0', "etc/passwd", "one"}, {0, NULL, ""}, {'0', "etc/passwd", "two"}}, "two", NULL},
        {{{'0', "etc/passwd", "one"}, {'0', "etc/.wh.passwd", ""}, {0, NULL, ""}}, NULL, NULL},
        {{{'0', "etc/passwd", "one"}, {'0', "etc/.wh.passwd", ""}, {'0', "etc/passwd", "two"}}, "two", NULL},
        {{{'0', "etc/passwd", "one"}, {'0', "etc/.wh..wh..opq", ""}, {'0', "etc/group", "all"}}, NULL, "all"},
        {{{'0', "etc/passwd", "one"}, {'0', ".wh.etc", ""}, {0, NULL, ""}}, NULL, NULL},
        {{{'2', "etc/passwd", ""}, {'0', "etc/passwd", "two"}, {0, NULL, ""}}, "two", NULL},
        {{{'2', "etc", ""}, {'0', ".wh.etc", ""}, {'0', "etc/passwd", "two"}}, "two", NULL},
        {{{'0', "etc/passwd", ""}, {0, NULL, ""}, {0, NULL, ""}}, "", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct image image;
        struct image_accounts a = {.passwd = BYTES_ABSENT};
        struct err err = {0};
        make(&image, rows[i].layers, LAYERS);
        struct image_source s = source_of(&image);
        cr_assert(is_ok(accounts(&s, &image, &a, &err)), "row %zu: %s", i, err.text);
        cr_expect(rows[i].passwd ? bytes_eq(a.passwd, text_bytes(rows[i].passwd)) : !a.passwd.ptr, "row %zu", i);
        cr_expect(rows[i].group ? bytes_eq(a.group, text_bytes(rows[i].group)) : !a.group.ptr, "row %zu", i);
        size_t reads = image.reads;
        cr_expect(is_ok(accounts(&s, &image, &a, &err)) && image.reads == reads, "row %zu: read again", i);
    }
}

Test(image_source, links_refused)
{
    static const struct layer rows[][LAYERS] = {
        {{'0', "etc/passwd", "one"}, {'2', "etc/passwd", ""}, {0, NULL, ""}},
        {{'0', "etc/group", "one"}, {'1', "etc/group", ""}, {0, NULL, ""}},
        {{'2', "etc", ""}, {'0', "etc/passwd", "one"}, {'0', "etc/group", "one"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct image image;
        struct image_accounts a;
        struct err err = {0};
        make(&image, rows[i], LAYERS);
        struct image_source s = source_of(&image);
        cr_expect_eq(accounts(&s, &image, &a, &err).kind, ERR_UNSUPPORTED, "row %zu", i);
        cr_expect(strstr(err.text, "links are not followed"), "%s", err.text);
    }
}

/* Whatever a store does to a layer, it is noticed. */
Test(image_source, layers_that_are_changed)
{
    static const struct layer layers[] = {{'0', "etc/passwd", "one"}};
    static struct image image;
    struct image_accounts a;
    make(&image, layers, 1);
    struct blob *layer = &image.blobs[0];
    for (size_t i = 0; i < layer->len; i++) {
        struct image_source s = source_of(&image);
        struct err err = {0};
        layer->data[i] ^= 1;
        cr_expect_eq(accounts(&s, &image, &a, &err).kind, ERR_MISMATCH, "byte %zu: %s", i, err.text);
        cr_expect(strstr(err.text, "layer sha256:"), "%s", err.text);
        layer->data[i] ^= 1;
    }
    for (size_t n = 0; n <= layer->len + 1; n++) {
        size_t whole = layer->len;
        struct image_source s = source_of(&image);
        layer->len = n;
        cr_expect_eq(accounts(&s, &image, &a, NULL).kind, n == whole ? ERR_NONE : ERR_MISMATCH, "%zu bytes", n);
        layer->len = whole;
    }
}

/* What a manifest may name and is no layer: one image each, whose only layer's content is given. */
static enum err_kind read_one(const char *media, bytes content, bytes unpacked, struct err *err)
{
    static struct image image;
    struct image_store store = {.read = read_blob, .context = &image};
    struct image_layer out;
    struct oci_digest diff_id;
    struct oci_descriptor layer = {.media_type = text_bytes(media),
                                   .media = strstr(media, "gzip")   ? OCI_MEDIA_LAYER_GZIP
                                            : strstr(media, "zstd") ? OCI_MEDIA_LAYER_ZSTD
                                                                    : OCI_MEDIA_LAYER,
                                   .size = content.len};
    image.count = 0;
    (void)add(&image, content);
    cr_assert(is_ok(crypto_sha256(&content, 1, layer.digest.sha256, NULL)));
    cr_assert(is_ok(crypto_sha256(&unpacked, 1, diff_id.sha256, NULL)));
    return image_layer_read(&store, BYTES_LIT("a"), &layer, &diff_id, &memory, &out, err).kind;
}

Test(image_source, layers_refused)
{
    uint8_t tar[2048], packed[BLOB_BYTES], twice[BLOB_BYTES];
    bytes archive = BYTES(tar, write_tar(tar, '0', "etc/passwd", "one")), half = bytes_slice(archive, 0, 700);
    bytes whole = gzip(archive, packed), none = BYTES_LIT("");
    struct err err = {0};
    cr_expect_eq(read_one("gzip", whole, archive, NULL), ERR_NONE);
    cr_expect_eq(read_one("tar", archive, archive, NULL), ERR_NONE);
    cr_expect_eq(read_one("gzip", whole, half, NULL), ERR_MISMATCH);
    cr_expect_eq(read_one("tar", archive, half, NULL), ERR_MISMATCH);
    cr_expect_eq(read_one("gzip", archive, archive, NULL), ERR_SYNTAX);
    cr_expect_eq(read_one("gzip", none, none, NULL), ERR_TRUNCATED);
    cr_expect_eq(read_one("tar", half, half, NULL), ERR_TRUNCATED);
    cr_expect_eq(read_one("tar", whole, whole, NULL), ERR_TRUNCATED);
    cr_expect_eq(read_one("gzip", bytes_slice(whole, 0, whole.len - 1), archive, NULL), ERR_TRUNCATED);
    cr_expect_eq(read_one("zstd", whole, archive, &err), ERR_UNSUPPORTED);
    /* Two members are one archive, which is how pigz and lazy snapshotters pack; rubbish behind one is none. */
    bytes first = gzip(half, twice), second = gzip(bytes_slice(archive, 700, archive.len - 700), packed);
    memcpy(&twice[first.len], second.ptr, second.len);
    cr_expect_eq(read_one("gzip", BYTES(twice, first.len + second.len), archive, NULL), ERR_NONE);
    twice[first.len] = twice[first.len + 1] = 0;
    cr_expect_eq(read_one("gzip", BYTES(twice, first.len + 2), half, NULL), ERR_SYNTAX);
}

/* A thousandth of what it unpacks to: it is given up long before. */
static status put_bomb(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err)
{
    (void)wanted;
    bytes *bomb = context;
    for (size_t at = 0, n; at < bomb->len; at += n) {
        n = bomb->len - at < 65536 ? bomb->len - at : 65536;
        TRY(to->put(to->context, bytes_slice(*bomb, at, n), err));
    }
    return OK;
}

Test(image_source, bombs_are_given_up)
{
    static uint8_t zeros[1 << 20];
    size_t cap = (size_t)(LIMIT_LAYER_BYTES_UNWEIGHED / 512), rounds = LIMIT_LAYER_BYTES_UNWEIGHED / sizeof zeros + 2;
    uint8_t *out = malloc(cap);
    cr_assert(out);
    z_stream z = {.next_out = out, .avail_out = (uInt)cap};
    cr_assert_eq(deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    for (size_t i = 0; i < rounds; i++) {
        z.next_in = zeros;
        z.avail_in = sizeof zeros;
        cr_assert_eq(deflate(&z, i + 1 < rounds ? Z_NO_FLUSH : Z_FINISH), i + 1 < rounds ? Z_OK : Z_STREAM_END);
    }
    bytes bomb = BYTES(out, cap - z.avail_out);
    cr_assert_eq(deflateEnd(&z), Z_OK);
    struct image_store store = {.read = put_bomb, .context = &bomb};
    struct oci_descriptor layer = {.media = OCI_MEDIA_LAYER_GZIP, .size = bomb.len};
    struct oci_digest diff_id = {{0}};
    struct image_layer found;
    struct err err = {0};
    cr_assert(is_ok(crypto_sha256(&bomb, 1, layer.digest.sha256, NULL)));
    cr_expect_eq(image_layer_read(&store, BYTES_LIT("a"), &layer, &diff_id, &memory, &found, &err).kind, ERR_LIMIT);
    cr_expect(strstr(err.text, "256 times as large"), "%s", err.text);
    free(out);
}

/* ---- the cache -------------------------------------------------------------------------------------------------- */

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    cr_assert(f && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void expect_file(const char *path, const char *want)
{
    char have[4096] = "";
    FILE *f = fopen(path, "r");
    cr_assert(f);
    size_t n = fread(have, 1, sizeof have - 1, f);
    have[n] = '\0';
    fclose(f);
    cr_expect_str_eq(have, want);
}

static void name_file(char path[32])
{
    (void)snprintf(path, 32, "/tmp/layers-cache.XXXXXX");
    int file = mkstemp(path);
    cr_assert(file >= 0 && close(file) == 0 && remove(path) == 0);
}

/* A second run reads no layer, and finds the same. */
Test(image_source, cache_spares_layers)
{
    static const struct layer layers[] = {
        {'0', "etc/passwd", "o\"ne\n\xc3\xa9"}, {'0', "etc/.wh.group", ""}, {0, NULL, ""}};
    static struct image image;
    char path[32];
    struct image_accounts first, second;
    make(&image, layers, LAYERS);
    name_file(path);
    struct image_source s = source_of(&image), again = source_of(&image);
    cr_expect(is_ok(layer_cache_load(&s.layers, path, NULL)));
    cr_assert(is_ok(accounts(&s, &image, &first, NULL)));
    cr_assert(is_ok(layer_cache_save(&s.layers, path, NULL)));
    cr_assert(is_ok(layer_cache_load(&again.layers, path, NULL)));
    image.reads = 0;
    cr_assert(is_ok(accounts(&again, &image, &second, NULL)));
    cr_expect_eq(image.reads, 2, "manifest and config");
    cr_expect(bytes_eq(first.passwd, second.passwd) && !first.group.ptr && !second.group.ptr);
    cr_expect(!again.layers.has_news);
    remove(path);
}

/* What its form would change is not in it: the second run reads it again. */
Test(image_source, cache_leaves_out_what_it_has_no_form_for)
{
    static const struct layer rows[][1] = {
        {{'0', "etc/passwd", "WHITEOUT"}}, {{'0', "etc/passwd", ""}},
        {{'0', "etc/group", "\xff"}},      {{'0', ".wh.etc", ""}},
        {{'2', "etc/passwd", ""}},         {{'2', "etc", ""}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct image image;
        char path[32];
        struct image_accounts a;
        make(&image, rows[i], 1);
        name_file(path);
        struct image_source s = source_of(&image);
        (void)!is_ok(accounts(&s, &image, &a, NULL));
        cr_expect(!s.layers.has_news && is_ok(layer_cache_save(&s.layers, path, NULL)), "row %zu", i);
        cr_expect(access(path, F_OK) != 0, "row %zu", i);
    }
}

#define DIGITS "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ENTRY(passwd, group)                                                                                           \
    "  {\n    \"diff_id\": \"sha256:" DIGITS "\",\n    \"passwd\": " passwd ",\n    \"group\": " group "\n  }"

/* Written by two programs: both entries are there, in order. */
Test(image_source, cache_adds_to_what_is_there)
{
    static const char other[] = "[\n" ENTRY("\"a\"", "\"WHITEOUT\"") "\n]\n";
    struct layer_cache c = {.memory = &memory};
    const struct oci_digest low = {{0}};
    const struct image_layer layer = {.passwd_change = LAYER_GONE};
    char path[32], want[1024];
    name_file(path);
    cr_assert(is_ok(layer_cache_add(&c, &low, &layer, NULL)) && c.has_news);
    write_file(path, other);
    cr_assert(is_ok(layer_cache_save(&c, path, NULL)));
    (void)snprintf(
        want, sizeof want,
        "[\n  {\n    \"diff_id\": \"sha256:%064d\",\n    \"passwd\": \"WHITEOUT\",\n    \"group\": \"\"\n  },\n%s\n]\n",
        0, ENTRY("\"a\"", "\"WHITEOUT\""));
    expect_file(path, want);
    remove(path);
}

Test(image_source, cache_that_cannot_be_read)
{
    static const char *const rows[] = {"x",
                                       "{}",
                                       "[{}]",
                                       "[\n" ENTRY("1", "\"\"") "]",
                                       "[\n" ENTRY("\"a\"", "\"\"") "] []",
                                       "[" ENTRY("\"\"", "\"\"") ",]"};
    char path[32];
    name_file(path);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct layer_cache c = {.memory = &memory};
        struct err err = {0};
        write_file(path, rows[i]);
        cr_expect_not(is_ok(layer_cache_load(&c, path, &err)), "%s", rows[i]);
        cr_expect(strstr(err.text, path) && !c.known && c.has_news, "%s", err.text);
        cr_expect(is_ok(layer_cache_save(&c, path, NULL)));
        expect_file(path, "[]\n");
    }
    struct layer_cache c = {.memory = &memory};
    cr_expect_eq(layer_cache_load(&c, "/tmp", NULL).kind, ERR_UNSUPPORTED);
    write_file(path, "");
    cr_expect(is_ok(layer_cache_load(&c, path, NULL)));
    remove(path);
}
