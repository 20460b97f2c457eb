/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ustar.h"

#include "parse/text.h"

enum { BLOCK = USTAR_BLOCK_BYTES };

/* Fields of a header: where they begin and, where it is used, how many digits they hold. */
enum { SIZE_AT = 124, SIZE_DIGITS = 11, CHECKSUM_AT = 148, CHECKSUM_BYTES = 8, CHECKSUM_DIGITS = 6 };

/* All of a header but name, size and checksum; every other byte is zero. */
static const struct {
    size_t at;
    const char *text;
} fixed[] = {
    {100, "0000644"},     /* mode */
    {108, "0000000"},     /* uid */
    {116, "0000000"},     /* gid */
    {136, "00000000000"}, /* mtime */
    {156, "0"},           /* typeflag: a regular file */
    {257, "ustar"},       /* magic */
    {263, "00"},          /* version */
    {329, "0000000"},     /* devmajor */
    {337, "0000000"},     /* devminor */
};

/* ---- names ------------------------------------------------------------------------------------------------------ */

static bool is_alphanumeric(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether `c` may stand behind `before`, which is '/' at the beginning of a name. */
static bool may_follow(uint8_t before, uint8_t c)
{
    return is_alphanumeric(c) || (before != '/' && (c == '.' || c == '_' || c == '-' || c == '/'));
}

status ustar_check_name(bytes name, struct err *err)
{
    if (name.len == 0 || name.len > USTAR_NAME_BYTES)
        return err_set(err, ERR_RANGE, 0, "name: want 1 to %d bytes, have %zu", USTAR_NAME_BYTES, name.len);
    uint8_t before = '/';
    for (size_t i = 0; i < name.len; i++) {
        if (!may_follow(before, name.ptr[i]))
            return err_set(err, ERR_SYNTAX, i, "name: byte %zu may not stand there: %s", i, text_quote(name).s);
        before = name.ptr[i];
    }
    if (before == '/') return err_set(err, ERR_SYNTAX, name.len - 1, "name: ends in '/': %s", text_quote(name).s);
    return OK;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static void put_octal(uint8_t *out, size_t digits, uint64_t value)
{
    for (size_t i = digits; i > 0; i--, value /= 8)
        out[i - 1] = (uint8_t)('0' + value % 8);
}

static unsigned sum_of(const uint8_t *field, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += field[i];
    return sum;
}

/* The one header for a checked name and size.  The checksum is the sum of all bytes, its own taken as spaces; most are
 * zero and need not be looked at. */
static void put_header(bytes name, uint64_t size, uint8_t out[BLOCK])
{
    memset(out, 0, BLOCK);
    memcpy(out, name.ptr, name.len);
    put_octal(&out[SIZE_AT], SIZE_DIGITS, size);
    unsigned sum = CHECKSUM_BYTES * ' ' + sum_of(out, name.len) + sum_of(&out[SIZE_AT], SIZE_DIGITS);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        size_t len = strlen(fixed[i].text);
        memcpy(&out[fixed[i].at], fixed[i].text, len);
        sum += sum_of(&out[fixed[i].at], len);
    }
    put_octal(&out[CHECKSUM_AT], CHECKSUM_DIGITS, sum);
    out[CHECKSUM_AT + CHECKSUM_BYTES - 1] = ' ';
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Up to the first NUL, or all of the field. */
static bytes name_of(bytes header)
{
    size_t n = 0;
    while (n < USTAR_NAME_BYTES && header.ptr[n] != 0)
        n++;
    return bytes_slice(header, 0, n);
}

/* `at` is where the header is in the archive, here and below. */
static status read_size(bytes header, size_t at, uint64_t *out, struct err *err)
{
    uint64_t size = 0;
    for (size_t i = SIZE_AT; i < SIZE_AT + SIZE_DIGITS; i++) {
        uint8_t c = header.ptr[i];
        if (c < '0' || c > '7')
            return err_set(err, ERR_SYNTAX, at + i, "size: want %d octal digits, have %s", SIZE_DIGITS,
                           text_quote(bytes_slice(header, SIZE_AT, SIZE_DIGITS + 1)).s);
        size = size * 8 + (uint64_t)(c - '0');
    }
    *out = size;
    return OK;
}

static status read_header(bytes header, size_t at, bytes *name, uint64_t *size, struct err *err)
{
    uint8_t want[BLOCK];
    bytes have_name = name_of(header);
    status s = ustar_check_name(have_name, err);
    if (!is_ok(s) && err) err->offset += at;
    TRY(s);
    TRY(read_size(header, at, size, err));
    put_header(have_name, *size, want);
    if (!bytes_eq(header, BYTES_OF(want))) {
        size_t i = 0;
        while (i < BLOCK - 1 && header.ptr[i] == want[i])
            i++;
        return err_set(err, ERR_SYNTAX, at + i, "header of %s: byte %zu: want 0x%02x, have 0x%02x",
                       text_quote(have_name).s, i, want[i], header.ptr[i]);
    }
    *name = have_name;
    return OK;
}

/* As bytes_are_zero for at most USTAR_END_BYTES: half of an archive of small members is zeros. */
static bool is_zero(bytes in)
{
    static const uint8_t zeros[USTAR_END_BYTES];
    return bytes_eq(in, bytes_slice(BYTES_OF(zeros), 0, in.len));
}

/* The end is two blocks of zeros and nothing behind them. */
static status read_end(bytes in, size_t pos, bool *end, struct err *err)
{
    bytes zeros = bytes_slice(in, pos, USTAR_END_BYTES);
    if (bytes_is_absent(zeros))
        return err_set(err, ERR_TRUNCATED, in.len, "want two blocks of zeros at the end, have %zu bytes", in.len - pos);
    if (!is_zero(zeros) || in.len - pos > USTAR_END_BYTES)
        return err_set(err, ERR_TRAILING, pos,
                       "want nothing behind two blocks of zeros, have %zu bytes from byte %zu on", in.len - pos, pos);
    *end = true;
    return OK;
}

/* The member whose header is at `pos`. */
static status read_member(bytes in, size_t pos, struct ustar_member *out, struct err *err)
{
    bytes name = BYTES_ABSENT;
    uint64_t size = 0;
    TRY(err_in(err, read_header(bytes_slice(in, pos, BLOCK), pos, &name, &size, err), "block at byte %zu", pos));

    size_t left = in.len - pos - BLOCK;
    if (size > left)
        return err_set(err, ERR_TRUNCATED, in.len, "member %s: want %llu bytes of content, have %zu",
                       text_quote(name).s, (unsigned long long)size, left);
    *out = (struct ustar_member){name, bytes_slice(in, pos + BLOCK, (size_t)size), pos};

    bytes padding = bytes_slice(in, pos + BLOCK + (size_t)size, (size_t)(BLOCK - size % BLOCK) % BLOCK);
    if (bytes_is_absent(padding))
        return err_set(err, ERR_TRUNCATED, in.len, "member %s: its last block is cut", text_quote(name).s);
    if (!is_zero(padding))
        return err_set(err, ERR_SYNTAX, pos + BLOCK + (size_t)size, "member %s: the padding is not zero",
                       text_quote(name).s);
    return OK;
}

status ustar_next(struct ustar_reader *r, struct ustar_member *out, bool *end, struct err *err)
{
    bytes block = bytes_slice(r->in, r->pos, BLOCK);
    if (bytes_is_absent(block))
        return err_set(err, ERR_TRUNCATED, r->in.len, "want a member or the end at byte %zu, have %zu bytes", r->pos,
                       r->in.len - r->pos);
    if (is_zero(block)) return read_end(r->in, r->pos, end, err);

    struct ustar_member m = {0};
    TRY(read_member(r->in, r->pos, &m, err));
    r->pos += USTAR_MEMBER_BYTES(m.content.len);
    *out = m;
    *end = false;
    return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

status ustar_put(struct ustar_writer *w, bytes name, bytes content, struct err *err)
{
    TRY(ustar_check_name(name, err));
    if (content.len > USTAR_SIZE_MAX)
        return err_set(err, ERR_RANGE, 0, "member %s: %zu bytes are too many", text_quote(name).s, content.len);
    size_t room = w->cap - w->len;
    if (room < BLOCK || content.len > room - BLOCK || USTAR_MEMBER_BYTES(content.len) > room)
        return err_set(err, ERR_NOMEM, 0, "member %s: %zu bytes do not fit into %zu", text_quote(name).s, content.len,
                       room);

    size_t at = w->len, end = at + BLOCK + content.len;
    if (content.len > 0) memmove(&w->out[at + BLOCK], content.ptr, content.len);
    put_header(name, content.len, &w->out[at]);
    w->len += USTAR_MEMBER_BYTES(content.len);
    memset(&w->out[end], 0, w->len - end);
    return OK;
}

status ustar_finish(struct ustar_writer *w, struct err *err)
{
    if (w->cap - w->len < USTAR_END_BYTES)
        return err_set(err, ERR_NOMEM, 0, "the end of the archive does not fit into %zu bytes", w->cap - w->len);
    memset(&w->out[w->len], 0, USTAR_END_BYTES);
    w->len += USTAR_END_BYTES;
    return OK;
}
