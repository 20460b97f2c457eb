/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "kube/image.h"
#include "parse/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define HEX      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PINNED   "@sha256:" HEX

static struct arena memory;

static void free_memory(void)
{
    arena_free(&memory);
}

TestSuite(image, .fini = free_memory);

Test(image, refuses_references)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"a b", ERR_SYNTAX},
        {"A/b", ERR_SYNTAX},
        {"a/B", ERR_SYNTAX},
        {"a:", ERR_SYNTAX},
        {":v1", ERR_SYNTAX},
        {"a:-b", ERR_SYNTAX},
        {"a:b:c", ERR_SYNTAX},
        {"a//b", ERR_SYNTAX},
        {"/a", ERR_SYNTAX},
        {"a/", ERR_SYNTAX},
        {"a.", ERR_SYNTAX},
        {"a..b", ERR_SYNTAX},
        {"a___b", ERR_SYNTAX},
        {"-a", ERR_SYNTAX},
        {"a._b", ERR_SYNTAX},
        {"x:y/a", ERR_SYNTAX},
        {"x.:1/a", ERR_SYNTAX},
        {"-x.y/a", ERR_SYNTAX},
        {"a@", ERR_UNSUPPORTED},
        {"a@sha512:00", ERR_UNSUPPORTED},
        {"a@sha256:00", ERR_TRUNCATED},
        {"a@sha256:" HEX "0", ERR_TRAILING},
        {"a@SHA256:" HEX, ERR_UNSUPPORTED},
        {"a" PINNED PINNED, ERR_TRAILING},
        {"a\n", ERR_SYNTAX},
        {"a@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef", ERR_SYNTAX},
        {"a:0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "01234567890123456789012345678",
         ERR_SYNTAX},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image_reference r = {.name = text_bytes("77")};
        struct err err = {0};
        cr_expect_eq(image_reference_parse(text_bytes(rows[i].in), &r, &err).kind, rows[i].kind, "%s: %s", rows[i].in,
                     err.text);
        cr_expect(bytes_eq(r.name, text_bytes("77")));
    }
}

static void expect_part(const char *in, bytes have, const char *want)
{
    cr_expect(want ? bytes_eq(have, text_bytes(want)) : bytes_is_absent(have), "%s", in);
}

Test(image, reads_references)
{
    static const struct {
        const char *in, *name, *tag, *digest;
    } rows[] = {
        {"a", "a", NULL, NULL},
        {"a:v1", "a", "v1", NULL},
        {"a" PINNED, "a", NULL, HEX},
        {"a:v1" PINNED, "a", "v1", HEX},
        {"docker.io/b/c:v1", "docker.io/b/c", "v1", NULL},
        {"localhost:5000/a", "localhost:5000/a", NULL, NULL},
        {"Reg.Example:5000/a_b/c__d/e---f.g:T_1.x-y" PINNED, "Reg.Example:5000/a_b/c__d/e---f.g", "T_1.x-y", HEX},
        {"localhost/a", "localhost/a", NULL, NULL},
        {"my-registry.example/0a", "my-registry.example/0a", NULL, NULL},
        {"contrast/initializer:VERSION", "contrast/initializer", "VERSION", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image_reference r;
        struct err err = {0};
        cr_assert(is_ok(image_reference_parse(text_bytes(rows[i].in), &r, &err)), "%s: %s", rows[i].in, err.text);
        expect_part(rows[i].in, r.name, rows[i].name);
        expect_part(rows[i].in, r.tag, rows[i].tag);
        expect_part(rows[i].in, r.digest, rows[i].digest);
    }
}

Test(image, refuses_replacements)
{
    static const struct {
        const char *in;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {"a\n", ERR_SYNTAX, "line 1: want ORIGINAL=REPLACEMENT, have \"a\""},
        {"\n# x\n=b\n", ERR_SYNTAX, "line 3: want ORIGINAL"},
        {"a b=c\n", ERR_SYNTAX, "line 1: want ORIGINAL"},
        {"a=b c\n", ERR_SYNTAX, "line 1: want NAME:TAG@sha256:DIGEST, have \"b c\""},
        {"a=\n", ERR_SYNTAX, "line 1: want NAME"},
        {"a=b=c\n", ERR_SYNTAX, "line 1: want NAME"},
        {"a=b\na=c\n", ERR_DUPLICATE, "line 2: \"a\" has a replacement already"},
        {"a=b\nb=c\n", ERR_DUPLICATE, "\"b\" is a replacement and has one itself"},
        {"a=c\nb=c\nc=c\n", ERR_DUPLICATE, "\"c\" is a replacement"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image_replacements r = {.count = 77};
        struct err err = {0};
        cr_expect_eq(image_replacements_parse(text_bytes(rows[i].in), &memory, &r, &err).kind, rows[i].kind, "%s",
                     rows[i].in);
        cr_expect(strstr(err.text, rows[i].says) && r.count == 77, "%s: %s", rows[i].in, err.text);
    }
}

Test(image, replaces)
{
    struct image_replacements r;
    struct err err = {0};
    const char *in = "# ours\r\n\r\n a:1 = b:2" PINNED " \r\nc=d\ne=e";
    cr_assert(is_ok(image_replacements_parse(text_bytes(in), &memory, &r, &err)), "%s", err.text);
    cr_expect_eq(r.count, 3);
    cr_expect(bytes_eq(image_replace(&r, text_bytes("a:1")), text_bytes("b:2" PINNED)));
    cr_expect(bytes_eq(image_replace(&r, text_bytes("c")), text_bytes("d")));
    cr_expect(bytes_eq(image_replace(&r, text_bytes("e")), text_bytes("e")));
    cr_expect(bytes_eq(image_replace(&r, text_bytes("a")), text_bytes("a")));
}
