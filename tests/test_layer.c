/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "parse/layer.h"
#include "parse/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum { FILE_BYTES = 32, EXTENSION_BYTES = 256, BLOCK = LAYER_BLOCK_BYTES };

/* An archive that is being written, as POSIX describes it. */
struct archive {
    uint8_t data[64 * BLOCK];
    size_t len;
};

static void put_sum(uint8_t *header)
{
    unsigned sum = 0;
    memset(&header[148], ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += header[i];
    (void)snprintf((char *)&header[148], 8, "%06o", sum);
}

static uint8_t *put_entry(struct archive *a, char type, const char *name, const char *content, size_t size)
{
    uint8_t *header = &a->data[a->len];
    memset(header, 0, BLOCK);
    memcpy(header, name, strlen(name));
    (void)snprintf((char *)&header[124], 12, "%011zo", size);
    header[156] = (uint8_t)type;
    memcpy(&header[257],
           "ustar\0"
           "00",
           8);
    put_sum(header);
    a->len += BLOCK;
    memset(&a->data[a->len], 0, (size + BLOCK - 1) / BLOCK * BLOCK);
    memcpy(&a->data[a->len], content, size);
    a->len += (size + BLOCK - 1) / BLOCK * BLOCK;
    return header;
}

static void put(struct archive *a, char type, const char *name, const char *content)
{
    (void)put_entry(a, type, name, content, strlen(content));
}

static void put_end(struct archive *a)
{
    memset(&a->data[a->len], 0, 2 * BLOCK);
    a->len += 2 * BLOCK;
}

struct found {
    struct layer_scan scan;
    uint8_t passwd[FILE_BYTES], group[FILE_BYTES], extension[EXTENSION_BYTES];
};

static status scan(struct found *f, bytes in, size_t step, struct err *err)
{
    f->scan = (struct layer_scan){.passwd = {.content = f->passwd, .cap = FILE_BYTES},
                                  .group = {.content = f->group, .cap = FILE_BYTES},
                                  .extension = f->extension,
                                  .extension_cap = EXTENSION_BYTES};
    for (size_t at = 0; at < in.len; at += step)
        TRY(layer_scan_put(&f->scan, bytes_slice(in, at, in.len - at < step ? in.len - at : step), err));
    return layer_scan_finish(&f->scan, err);
}

static bool holds(const struct layer_file *f, const char *content)
{
    return f->change == LAYER_FILE && bytes_eq(BYTES(f->content, f->len), text_bytes(content));
}

/* Up to four entries: type, name, content. */
struct entries {
    struct {
        char type;
        const char *name, *content;
    } e[4];
};

static void put_all(struct archive *a, const struct entries *in)
{
    a->len = 0;
    for (size_t i = 0; i < 4 && in->e[i].name; i++)
        put(a, in->e[i].type, in->e[i].name, in->e[i].content);
}

Test(layer, refused)
{
    static const struct {
        struct entries in;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {{{{'0', "etc/../etc/passwd", ""}}}, ERR_UNSUPPORTED, "want none with .."},
        {{{{'5', "etc/", "a"}}}, ERR_UNSUPPORTED, "type 5 that has content"},
        {{{{'2', "a", "b"}}}, ERR_UNSUPPORTED, "type 2 that has content"},
        {{{{'M', "a", ""}}}, ERR_UNSUPPORTED, "type 0x4d"},
        {{{{'0', "etc/passwd", "123456789012345678901234567890123"}}}, ERR_LIMIT, "/etc/passwd: want at most 32"},
        {{{{'0', "./etc/group", "123456789012345678901234567890123"}}}, ERR_LIMIT, "/etc/group: want at most 32"},
        {{{{'x', "p", "11 path=a/b"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "012 path=a\n"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "8 path=a\n"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "7 path\n"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "1 2 path=a\n"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "8 path=\n"}}}, ERR_SYNTAX, "empty"},
        {{{{'x', "p", "10 size=-1\n"}}}, ERR_SYNTAX, "want LENGTH KEY=VALUE"},
        {{{{'x', "p", "11 size=-1\n"}}}, ERR_SYNTAX, "size: "},
        {{{{'x', "p", "10 path=a\n10 path=b\n"}}}, ERR_DUPLICATE, "two long names"},
        {{{{'x', "p", "10 size=1\n10 size=1\n"}}}, ERR_DUPLICATE, "two sizes"},
        {{{{'x', "p", "12 path=../\n"}}}, ERR_UNSUPPORTED, "want none with .."},
        {{{{'L', "p", "a"}, {'x', "p", "10 path=b\n"}}}, ERR_DUPLICATE, "two long names"},
        {{{{'L', "p", ""}}}, ERR_SYNTAX, "empty"},
        {{{{'g', "p", "10 path=a\n"}}}, ERR_UNSUPPORTED, "a global header with \"path\""},
        {{{{'g', "p", "10 size=1\n"}}}, ERR_UNSUPPORTED, "a global header with \"size\""},
        {{{{'g', "p", "22 GNU.sparse.major=1\n"}}}, ERR_UNSUPPORTED, "a global header"},
        {{{{'x', "p", "22 size=999999999999\n"}}}, ERR_SYNTAX, "want LENGTH"},
        {{{{'x', "p", "21 size=137438953473\n"}, {'0', "a", ""}}}, ERR_LIMIT, "want at most 137438953472"},
        {{{{'x', "p", "10 path=a\n"}}}, ERR_TRUNCATED, "ends in an entry"},
        {{{{'K', "p", "a"}}}, ERR_TRUNCATED, "ends in an entry"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct archive a;
        static struct found f;
        struct err err = {0};
        put_all(&a, &rows[i].in);
        cr_expect_eq(scan(&f, BYTES(a.data, a.len), 100, &err).kind, rows[i].kind, "row %zu: %s", i, err.text);
        cr_expect(strstr(err.text, rows[i].says), "row %zu: %s", i, err.text);
    }
}

Test(layer, damaged_headers)
{
    static struct archive a;
    static struct found f;
    uint8_t *header = put_entry(&a, '0', "etc/passwd", "", 0);
    put_end(&a);
    bytes in = BYTES(a.data, a.len);
    for (size_t i = 0; i < BLOCK; i++) {
        header[i] ^= 1;
        cr_expect_eq(scan(&f, in, a.len, NULL).kind, ERR_SYNTAX, "byte %zu", i);
        header[i] ^= 1;
    }
    static const struct {
        const char size[12];
        enum err_kind kind;
    } sizes[] = {
        {"0000000000x", ERR_SYNTAX},
        {"00 00000000", ERR_SYNTAX},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", ERR_SYNTAX},
        {"\x80\x01\0\0\0\0\0\0\0\0\0\0", ERR_SYNTAX},
        {"\x80\0\0\0\x7f\0\0\0\0\0\0\0", ERR_LIMIT},
        {"77777777777", ERR_LIMIT},
        {"", ERR_NONE},
        {"         0 ", ERR_NONE},
        {"\x80\0\0\0\0\0\0\0\0\0\0\0", ERR_NONE},
    };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        memcpy(&header[124], sizes[i].size, 12);
        put_sum(header);
        cr_expect_eq(scan(&f, in, 512, NULL).kind, sizes[i].kind, "size %zu", i);
    }
    /* As some have added it up: signed. */
    memcpy(header, "etc/\xc3\xa9", 7);
    memset(&header[7], 0, 3);
    put_sum(header);
    cr_expect(is_ok(scan(&f, in, 512, NULL)));
    unsigned sum = 0;
    memset(&header[148], ' ', 8);
    for (size_t i = 0; i < BLOCK; i++)
        sum += (unsigned)(int)(int8_t)header[i];
    (void)snprintf((char *)&header[148], 8, "%06o", sum);
    cr_expect(is_ok(scan(&f, in, 512, NULL)));
}

Test(layer, ends)
{
    static struct archive a;
    static struct found f;
    struct err err = {0};
    cr_expect(is_ok(scan(&f, BYTES(a.data, 0), 1, NULL)));
    put(&a, '0', "etc/passwd", "root");
    size_t end = a.len;
    for (size_t n = 1; n < end; n++)
        cr_expect_eq(scan(&f, BYTES(a.data, n), 200, NULL).kind, ERR_TRUNCATED, "%zu", n);
    cr_expect(is_ok(scan(&f, BYTES(a.data, end), 200, NULL)) && holds(&f.scan.passwd, "root"));
    put_end(&a);
    put_end(&a);
    cr_expect(is_ok(scan(&f, BYTES(a.data, a.len), 200, NULL)));
    put(&a, '0', "etc/passwd", "other");
    cr_expect_eq(scan(&f, BYTES(a.data, a.len), 200, &err).kind, ERR_TRAILING, "%s", err.text);
    a.len = end + BLOCK;
    put(&a, '0', "etc/passwd", "other");
    cr_expect_eq(scan(&f, BYTES(a.data, a.len), 200, NULL).kind, ERR_SYNTAX);
}

Test(layer, changes)
{
    static const struct {
        struct entries in;
        enum layer_change etc, passwd, group;
    } rows[] = {
        {{{{'0', "bin/etc/passwd", "a"}, {'0', "etc/passwd-", "a"}, {'0', "etc/group/a", "b"}}}, 0, 0, 0},
        {{{{'5', "etc/", ""}, {'0', "etc/passwd", "a"}}}, 0, LAYER_FILE, 0},
        {{{{'0', "/etc//./group", "a"}, {'0', "etc/passwd", ""}}}, 0, LAYER_FILE, LAYER_FILE},
        {{{{'\0', "./etc/group", "a"}, {'7', "etc/passwd", "b"}}}, 0, LAYER_FILE, LAYER_FILE},
        {{{{'0', "etc/.wh.passwd", ""}}}, 0, LAYER_GONE, 0},
        {{{{'0', "etc/.wh.group", ""}, {'0', "etc/.wh.group", ""}}}, 0, 0, LAYER_GONE},
        {{{{'0', "etc/.wh.passwd", ""}, {'0', "etc/passwd", "a"}}}, 0, LAYER_OTHER, 0},
        {{{{'0', "etc/group", "a"}, {'0', "etc/.wh.group", ""}}}, 0, 0, LAYER_OTHER},
        {{{{'0', "etc/.wh..wh..opq", ""}}}, 0, LAYER_GONE, LAYER_GONE},
        {{{{'0', "etc/.wh..wh..opq", ""}, {'0', "etc/group", "a"}}}, 0, LAYER_GONE, LAYER_FILE},
        {{{{'0', ".wh..wh..opq", ""}}}, LAYER_GONE, LAYER_GONE, LAYER_GONE},
        {{{{'0', ".wh.etc", ""}, {'0', "etc/passwd", "a"}}}, LAYER_GONE, LAYER_FILE, LAYER_GONE},
        {{{{'2', "etc", ""}}}, LAYER_OTHER, 0, 0},
        {{{{'2', "etc", ""}, {'0', ".wh.etc", ""}}}, LAYER_OTHER, 0, 0},
        {{{{'0', "etc/", ""}}}, 0, 0, 0},
        {{{{'1', "etc/passwd", ""}, {'2', "etc/group", ""}}}, 0, LAYER_OTHER, LAYER_OTHER},
        {{{{'5', "etc/passwd/", ""}, {'0', "etc/group/", ""}}}, 0, LAYER_OTHER, LAYER_OTHER},
        {{{{'2', "etc/passwd", ""}, {'0', "etc/passwd", "a"}}}, 0, LAYER_FILE, 0},
        {{{{'x', "p", "19 path=etc/passwd\n"}, {'0', "a", "b"}, {'0', "c", "d"}}}, 0, LAYER_FILE, 0},
        {{{{'x', "p", "19 path=etc/passwd\n22 GNU.sparse.major=1\n"}, {'0', "a", "b"}}}, 0, LAYER_OTHER, 0},
        {{{{'x', "p", "29 GNU.sparse.name=etc/group\n"}, {'0', "a", "b"}}}, 0, 0, LAYER_OTHER},
        {{{{'g', "p", "13 comment=a\n"}, {'0', "etc/group", "b"}}}, 0, 0, LAYER_FILE},
        {{{{'L', "p", "etc/group"}, {'K', "p", "etc/passwd"}, {'0', "a", "b"}}}, 0, 0, LAYER_FILE},
        {{{{'S', "etc/group", "b"}}}, 0, 0, LAYER_OTHER},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t step = 1; step < 3000; step = step * 7 + 5) {
            static struct archive a;
            static struct found f;
            struct err err = {0};
            put_all(&a, &rows[i].in);
            put_end(&a);
            cr_assert(is_ok(scan(&f, BYTES(a.data, a.len), step, &err)), "row %zu: %s", i, err.text);
            cr_expect(f.scan.etc == rows[i].etc && f.scan.passwd.change == rows[i].passwd &&
                          f.scan.group.change == rows[i].group,
                      "row %zu: %d %d %d", i, f.scan.etc, f.scan.passwd.change, f.scan.group.change);
        }
}

Test(layer, contents)
{
    static struct archive a;
    static struct found f;
    /* The later one counts; a prefix is POSIX's alone; a size from an extended header; a map of a sparse file. */
    put(&a, '0', "etc/passwd", "old");
    put(&a, 'x', "p", "10 size=3\n");
    (void)put_entry(&a, '0', "etc/passwd", "new", 3);
    uint8_t *header = put_entry(&a, '0', "group", "all", 3);
    memcpy(&header[345], "etc", 3);
    put_sum(header);
    header = put_entry(&a, 'S', "sparse", "", 0);
    header[482] = 1;
    put_sum(header);
    memset(&a.data[a.len], 0, 2 * BLOCK);
    a.data[a.len + 504] = 1;
    a.len += 2 * BLOCK;
    put_end(&a);
    cr_assert(is_ok(scan(&f, BYTES(a.data, a.len), 513, NULL)));
    cr_expect(holds(&f.scan.passwd, "new") && holds(&f.scan.group, "all"));
    a.len = 0;
    header = put_entry(&a, '0', "group", "all", 3);
    memcpy(&header[257], "ustar  ", 8);
    memcpy(&header[345], "etc", 3);
    put_sum(header);
    cr_assert(is_ok(scan(&f, BYTES(a.data, a.len), 513, NULL)));
    cr_expect(f.scan.group.change == LAYER_UNTOUCHED);
}
