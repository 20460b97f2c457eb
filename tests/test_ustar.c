/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "parse/ustar.h"
#include "tests/scratch.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char longest[] =
    "0123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789";

/* The name of 3 bytes, with a content of 5, and one that fills a block. */
static bytes archive(uint8_t *out, size_t cap)
{
    static const uint8_t block[USTAR_BLOCK_BYTES] = {1, 2, 3};
    struct ustar_writer w = {.out = out, .cap = cap};
    cr_assert(is_ok(ustar_put(&w, text_bytes("a/b"), text_bytes("hello"), NULL)));
    cr_assert(is_ok(ustar_put(&w, text_bytes("c"), BYTES_OF(block), NULL)));
    cr_assert(is_ok(ustar_finish(&w, NULL)));
    return BYTES(out, w.len);
}

/* Reads to the end; the number of members. */
static status read_all(bytes in, size_t *count, struct err *err)
{
    struct ustar_reader r = {.in = in};
    struct ustar_member m = {.offset = 77};
    for (*count = 0;; ++*count) {
        bool end = false;
        const struct ustar_member last = m;
        const size_t pos = r.pos;
        status s = ustar_next(&r, &m, &end, err);
        if (!is_ok(s) || end) {
            cr_expect(memcmp(&m, &last, sizeof m) == 0, "the output is left alone");
            cr_expect_eq(r.pos, pos, "the reader stands where it stood");
            return s;
        }
    }
}

static void refused(bytes in, enum err_kind kind, size_t offset, const char *what)
{
    size_t count;
    struct err err = {0};
    cr_expect_eq(read_all(in, &count, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] && err.offset == offset, "%s: byte %zu: %s", what, err.offset, err.text);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

Test(ustar, names_refused)
{
    static const struct {
        const char *name;
        enum err_kind kind;
        size_t offset;
    } rows[] = {
        {"", ERR_RANGE, 0},      {"/", ERR_SYNTAX, 0},     {"/etc/passwd", ERR_SYNTAX, 0}, {".", ERR_SYNTAX, 0},
        {"..", ERR_SYNTAX, 0},   {"../a", ERR_SYNTAX, 0},  {"a/../b", ERR_SYNTAX, 2},      {"a/.", ERR_SYNTAX, 2},
        {"a//b", ERR_SYNTAX, 2}, {"a/", ERR_SYNTAX, 1},    {".hidden", ERR_SYNTAX, 0},     {"-rf", ERR_SYNTAX, 0},
        {"a/-", ERR_SYNTAX, 2},  {"_", ERR_SYNTAX, 0},     {"a b", ERR_SYNTAX, 1},         {"a\\b", ERR_SYNTAX, 1},
        {"a\nb", ERR_SYNTAX, 1}, {"a\x7f", ERR_SYNTAX, 1}, {"\xc3\xa4", ERR_SYNTAX, 0},    {"a:b", ERR_SYNTAX, 1},
        {"@", ERR_SYNTAX, 0},    {"[", ERR_SYNTAX, 0},     {"`", ERR_SYNTAX, 0},           {"{", ERR_SYNTAX, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        cr_expect_eq(ustar_check_name(text_bytes(rows[i].name), &err).kind, rows[i].kind, "\"%s\"", rows[i].name);
        cr_expect(err.offset == rows[i].offset && err.text[0], "\"%s\": %zu: %s", rows[i].name, err.offset, err.text);
    }
    cr_expect(is_ok(ustar_check_name(text_bytes(longest), NULL)), "100 bytes");
    cr_expect_eq(ustar_check_name(BYTES((const uint8_t *)"a1234567890/123456789/123456789/123456789/123456789/123456789"
                                                         "/123456789/123456789/123456789/123456789",
                                        101),
                                  NULL)
                     .kind,
                 ERR_RANGE, "101 bytes");
    const char *const good[] = {"a", "Z", "0", "a.b", "a..b", "a-b_c.d/E-F", "0/1/2"};
    for (size_t i = 0; i < COUNT(good); i++)
        cr_expect(is_ok(ustar_check_name(text_bytes(good[i]), NULL)), "%s", good[i]);
}

Test(ustar, every_prefix_and_every_longer_one_is_refused)
{
    uint8_t out[4096] = {0};
    size_t count;
    bytes in = archive(out, sizeof out);
    cr_assert(is_ok(read_all(in, &count, NULL)));
    for (size_t n = 0; n < in.len; n++)
        cr_assert_not(is_ok(read_all(bytes_slice(in, 0, n), &count, NULL)), "prefix of %zu", n);
    refused(BYTES(out, in.len + 1), ERR_TRAILING, in.len - USTAR_END_BYTES, "a zero more");
    refused(BYTES(out, in.len + USTAR_BLOCK_BYTES), ERR_TRAILING, in.len - USTAR_END_BYTES, "a block of zeros more");
    out[in.len - 1] = 1;
    refused(in, ERR_TRAILING, in.len - USTAR_END_BYTES, "the last byte is not zero");
}

/* A change of a bit of a header or of padding is refused, one of a content is seen there; the first two headers may be
 * changed to another name. */
Test(ustar, every_bit_counts)
{
    uint8_t out[4096] = {0}, copy[4096];
    bytes in = archive(out, sizeof out);
    for (size_t bit = 0; bit < in.len * 8; bit++) {
        memcpy(copy, out, in.len);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct ustar_reader r = {.in = BYTES(copy, in.len)};
        struct ustar_member m;
        bool end = false, content = false;
        status s = OK;
        while (is_ok(s) && !end) {
            s = ustar_next(&r, &m, &end, NULL);
            if (is_ok(s) && !end) content = content || bit / 8 - (m.offset + USTAR_BLOCK_BYTES) < m.content.len;
        }
        cr_assert_eq(is_ok(s), content, "bit %zu of byte %zu", bit % 8, bit / 8);
    }
}

/* What other programs write, each with a checksum that is right. */
Test(ustar, other_headers_are_refused)
{
    static const struct {
        size_t at;
        const char *text;
        size_t len;
        const char *what;
    } rows[] = {
        {100, "0000755", 7, "mode"},
        {100, "000644 ", 7, "mode as old tars write it"},
        {108, "0001750", 7, "uid"},
        {116, "0001750", 7, "gid"},
        {124, "\x80\0\0\0\0\0\0\0\0\0\0\x05", 12, "size in base 256"},
        {124, "         5 ", 12, "size with spaces"},
        {124, "00000000005 ", 12, "size that ends in a space"},
        {136, "14711111111", 11, "mtime"},
        {156, "5", 1, "a folder"},
        {156, "2", 1, "a symbolic link"},
        {156, "1", 1, "a hard link"},
        {156, "\0", 1, "a regular file of old tars"},
        {156, "x", 1, "an extended header"},
        {156, "g", 1, "a global extended header"},
        {156, "L", 1, "a long name of GNU"},
        {157, "target", 6, "linkname"},
        {257, "ustar  \0", 8, "GNU's own format"},
        {257, "\0\0\0\0\0\0\0\0", 8, "the format of 1979"},
        {265, "root", 4, "uname"},
        {297, "root", 4, "gname"},
        {329, "\0\0\0\0\0\0\0\0", 8, "devmajor as python writes it"},
        {345, "prefix", 6, "prefix"},
        {500, "\1", 1, "what lies behind the prefix"},
        {0, "a/b\0x", 5, "bytes behind the name"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t out[4096] = {0};
        bytes in = archive(out, sizeof out);
        memcpy(&out[rows[i].at], rows[i].text, rows[i].len);
        memset(&out[148], ' ', 8);
        unsigned sum = 0;
        for (size_t k = 0; k < USTAR_BLOCK_BYTES; k++)
            sum += out[k];
        (void)snprintf((char *)&out[148], 8, "%06o", sum);
        size_t count;
        struct err err = {0};
        cr_expect_eq(read_all(in, &count, &err).kind, ERR_SYNTAX, "%s: %s", rows[i].what, err.text);
        cr_expect(err.offset < USTAR_BLOCK_BYTES && count == 0, "%s: byte %zu", rows[i].what, err.offset);
    }
}

Test(ustar, sizes_past_the_end_are_refused)
{
    uint8_t out[4096] = {0};
    struct ustar_writer w = {.out = out, .cap = sizeof out};
    cr_assert(is_ok(ustar_put(&w, text_bytes("a"), BYTES(out, 1000), NULL)));
    refused(BYTES(out, 1511), ERR_TRUNCATED, 1511, "content cut");
    refused(BYTES(out, 1512), ERR_TRUNCATED, 1512, "padding missing");
    refused(BYTES(out, 1535), ERR_TRUNCATED, 1535, "padding cut");
    refused(BYTES(out, 1536), ERR_TRUNCATED, 1536, "no end");
    out[1512] = 1;
    refused(BYTES(out, 1536), ERR_SYNTAX, 1512, "padding not zero");
}

Test(ustar, writer_refuses)
{
    uint8_t out[4096], untouched[4096];
    memset(out, 0xa5, sizeof out);
    memcpy(untouched, out, sizeof out);
    for (size_t cap = 0; cap < 1024; cap++) {
        struct ustar_writer w = {.out = out, .cap = cap};
        cr_expect_eq(ustar_put(&w, text_bytes("a"), text_bytes("b"), NULL).kind, ERR_NOMEM, "room for %zu", cap);
        cr_expect_eq(ustar_finish(&w, NULL).kind, ERR_NOMEM, "room for %zu", cap);
        cr_expect_eq(w.len, 0);
    }
    struct ustar_writer w = {.out = out, .cap = sizeof out};
    cr_expect_eq(ustar_put(&w, text_bytes("../a"), text_bytes("b"), NULL).kind, ERR_SYNTAX);
    /* Refused by their lengths, before a byte is read. */
    cr_expect_eq(ustar_put(&w, text_bytes("a"), BYTES(out, SIZE_MAX), NULL).kind, ERR_RANGE);
    cr_expect_eq(ustar_put(&w, text_bytes("a"), BYTES(out, USTAR_SIZE_MAX + 1), NULL).kind, ERR_RANGE);
    cr_expect_eq(ustar_put(&w, text_bytes("a"), BYTES(out, USTAR_SIZE_MAX), NULL).kind, ERR_NOMEM);
    cr_expect(w.len == 0 && memcmp(out, untouched, sizeof out) == 0);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(ustar, empty_archive)
{
    static const uint8_t zeros[USTAR_END_BYTES];
    struct ustar_reader r = {.in = BYTES_OF(zeros)};
    struct ustar_member m;
    bool end = false;
    cr_expect(is_ok(ustar_next(&r, &m, &end, NULL)) && end);
    end = false;
    cr_expect(is_ok(ustar_next(&r, &m, &end, NULL)) && end, "it stays at its end");
    refused(BYTES_ABSENT, ERR_TRUNCATED, 0, "absent");
}

Test(ustar, members_are_views)
{
    uint8_t out[4096];
    bytes in = archive(out, sizeof out);
    struct ustar_reader r = {.in = in};
    struct ustar_member m;
    bool end = true;
    cr_assert(is_ok(ustar_next(&r, &m, &end, NULL)) && !end);
    cr_expect(bytes_eq(m.name, text_bytes("a/b")) && bytes_eq(m.content, text_bytes("hello")));
    cr_expect(m.offset == 0 && m.name.ptr == out && m.content.ptr == out + USTAR_BLOCK_BYTES);
    cr_assert(is_ok(ustar_next(&r, &m, &end, NULL)) && !end);
    cr_expect(bytes_eq(m.name, text_bytes("c")) && m.content.len == USTAR_BLOCK_BYTES && m.offset == 1024);
    cr_expect(is_ok(ustar_next(&r, &m, &end, NULL)) && end);
    cr_expect_eq(in.len, 3072);
}

/* Archives of both ways and their members in files: what other programs are shown. */
static bytes put_files(const struct scratch *s, uint8_t *out, size_t cap)
{
    static uint8_t large[70000];
    const struct {
        const char *name;
        bytes content;
    } files[] = {
        {"empty", text_bytes("")},    {longest, text_bytes("the longest name")}, {"b/one-byte", text_bytes("x")},
        {"block", BYTES(large, 512)}, {"b/block-and-one", BYTES(large, 513)},    {"large.der", BYTES_OF(large)}};
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * i >> 8);

    struct ustar_writer w = {.out = out, .cap = cap};
    uint8_t list[1024];
    size_t used = 0;
    scratch_run(
        s, "mkdir -p tree/0123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789/123456789");
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[128];
        (void)snprintf(path, sizeof path, "tree/%s", files[i].name);
        scratch_write(s, path, files[i].content);
        cr_assert(is_ok(ustar_put(&w, text_bytes(files[i].name), files[i].content, NULL)));
        used += (size_t)snprintf((char *)&list[used], sizeof list - used, "%s\n", files[i].name);
    }
    cr_assert(is_ok(ustar_finish(&w, NULL)));
    scratch_write(s, "list", BYTES(list, used));
    scratch_write(s, "ours.tar", BYTES(out, w.len));
    return BYTES(out, w.len);
}

static uint8_t ours_bytes[100000];

Test(ustar, gnu_tar_reads_it_and_writes_the_same_bytes)
{
    struct scratch s = scratch_open();
    bytes ours = put_files(&s, ours_bytes, sizeof ours_bytes);
    scratch_run(&s, "tar tf ours.tar >names && cmp names list");
    scratch_run(&s, "mkdir out && tar xf ours.tar -C out && diff -r tree out");
    scratch_run(&s, "tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 -C tree"
                    " -T list -cf theirs.tar");
    bytes theirs = scratch_read(&s, "theirs.tar");
    size_t count = 0;
    cr_expect(bytes_eq(ours, theirs));
    cr_expect(is_ok(read_all(theirs, &count, NULL)) && count == 6);
    free((void *)theirs.ptr);
    scratch_close(&s);
}

/* Python leaves devmajor and devminor of a file empty, which POSIX leaves open; so their checksums differ. */
Test(ustar, python_reads_the_same_members)
{
    static const char script[] =
        "import sys, tarfile, io\n"
        "names = open('list').read().split()\n"
        "with tarfile.open('ours.tar', 'r:') as t:\n"
        "    assert t.getnames() == names, t.getnames()\n"
        "    for m in t:\n"
        "        assert m.isreg() and (m.mode, m.uid, m.gid, m.mtime, m.uname, m.gname) == (0o644, 0, 0, 0, '', ''), "
        "m\n"
        "        assert t.extractfile(m).read() == open('tree/' + m.name, 'rb').read(), m.name\n"
        "out = b''\n"
        "for n in names:\n"
        "    data = open('tree/' + n, 'rb').read()\n"
        "    m = tarfile.TarInfo(n)\n"
        "    m.size, m.mode = len(data), 0o644\n"
        "    head = bytearray(m.tobuf(tarfile.USTAR_FORMAT))\n"
        "    head[329:345] = b'0000000\\0' * 2\n"
        "    head[148:156] = b'%06o\\0 ' % tarfile.calc_chksums(head)[0]\n"
        "    out += head + data + bytes(-len(data) % 512)\n"
        "assert out + bytes(1024) == open('ours.tar', 'rb').read()\n";
    struct scratch s = scratch_open();
    (void)put_files(&s, ours_bytes, sizeof ours_bytes);
    scratch_write(&s, "script.py", text_bytes(script));
    scratch_run(&s, "python3 script.py");
    scratch_close(&s);
}
