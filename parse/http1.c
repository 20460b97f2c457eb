/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/http1.h"

#include "parse/text.h"

/* ---- characters ------------------------------------------------------------------------------------------------- */

static uint8_t at(bytes text, size_t i)
{
    return i < text.len ? text.ptr[i] : 0;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* RFC 9110, 5.6.2 */
static bool is_token_char(uint8_t c)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    if (is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z')) return true;
    for (size_t i = 0; i + 1 < sizeof marks; i++)
        if (c == (uint8_t)marks[i]) return true;
    return false;
}

static size_t token_length(bytes text)
{
    size_t n = 0;
    while (n < text.len && is_token_char(text.ptr[n]))
        n++;
    return n;
}

static bool is_white(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bytes trimmed(bytes text)
{
    size_t from = 0, to = text.len;
    while (from < to && is_white(text.ptr[from]))
        from++;
    while (to > from && is_white(text.ptr[to - 1]))
        to--;
    return bytes_slice(text, from, to - from);
}

/* `name` is in lower case. */
static bool is_named(bytes text, const char *name)
{
    size_t n = strlen(name);
    if (text.len != n) return false;
    for (size_t i = 0; i < n; i++)
        if (lower(text.ptr[i]) != (uint8_t)name[i]) return false;
    return true;
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

status http1_find_head(bytes in, size_t *scanned, size_t *len, struct err *err)
{
    size_t i = *scanned;
    for (; i < in.len; i++) {
        if (i >= LIMIT_HTTP_HEAD_BYTES)
            return err_set(err, ERR_LIMIT, i, "HTTP head: want at most %d bytes", LIMIT_HTTP_HEAD_BYTES);
        uint8_t c = in.ptr[i], before = i > 0 ? in.ptr[i - 1] : 0;
        if (c == 0) return err_set(err, ERR_SYNTAX, i, "HTTP head: a NUL");
        if ((c == '\n') != (before == '\r'))
            return err_set(err, ERR_SYNTAX, i, "HTTP head: a line end that is not CR LF");
        if (c != '\n' || i < 3 || in.ptr[i - 2] != '\n') continue;
        *scanned = i + 1;
        *len = i + 1;
        return OK;
    }
    *scanned = i;
    *len = 0;
    return OK;
}

/* The next line without its end; false when none is left. */
static bool next_line(bytes head, size_t *pos, bytes *line)
{
    size_t n = 0;
    bytes rest = bytes_slice(head, *pos, head.len - *pos);
    while (n < rest.len && rest.ptr[n] != '\r')
        n++;
    if (n == rest.len) return false;
    *line = bytes_slice(rest, 0, n);
    *pos += n + 2;
    return true;
}

/* http1_find_head again, for who did not call it. */
static status check_head(bytes head, struct err *err)
{
    size_t scanned = 0, len = 0;
    TRY(http1_find_head(head, &scanned, &len, err));
    if (len == 0) return err_set(err, ERR_TRUNCATED, head.len, "HTTP head: no empty line at its end");
    if (len < head.len) return err_set(err, ERR_TRAILING, len, "HTTP head: bytes behind it");
    return OK;
}

/* "HTTP/1.1" */
static status read_version(bytes text, unsigned *minor, struct err *err)
{
    static const bytes name = BYTES_LIT("HTTP/");
    if (text.len != 8 || !bytes_eq(bytes_slice(text, 0, name.len), name) || !is_digit(at(text, 5)) ||
        at(text, 6) != '.' || !is_digit(at(text, 7)))
        return err_set(err, ERR_SYNTAX, 0, "HTTP version: want HTTP/1.1, have %s", text_quote(text).s);
    if (at(text, 5) != '1' || at(text, 7) > '1')
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP version: want 1.0 or 1.1, have %s", text_quote(text).s);
    *minor = (unsigned)(at(text, 7) - '0');
    return OK;
}

static status read_target(bytes target, struct http1_request *out, struct err *err)
{
    size_t n = 0;
    if (at(target, 0) != '/')
        return err_set(err, ERR_SYNTAX, 0, "HTTP target: want a path, have %s", text_quote(target).s);
    for (size_t i = 0; i < target.len; i++) {
        uint8_t c = target.ptr[i];
        if (c <= 0x20 || c >= 0x7f || c == '#')
            return err_set(err, ERR_SYNTAX, 0, "HTTP target: a character that must not be there: %s",
                           text_quote(target).s);
    }
    while (n < target.len && target.ptr[n] != '?')
        n++;
    out->path = bytes_slice(target, 0, n);
    out->query = n < target.len ? bytes_slice(target, n + 1, target.len - n - 1) : BYTES_ABSENT;
    return OK;
}

static status read_request_line(bytes line, struct http1_request *out, struct err *err)
{
    size_t method = token_length(line), target = 0;
    if (method == 0 || at(line, method) != ' ')
        return err_set(err, ERR_SYNTAX, 0, "HTTP request line: want a method, have %s", text_quote(line).s);
    bytes rest = bytes_slice(line, method + 1, line.len - method - 1);
    while (target < rest.len && rest.ptr[target] != ' ')
        target++;
    if (target == rest.len)
        return err_set(err, ERR_SYNTAX, 0, "HTTP request line: want target and version, have %s", text_quote(line).s);
    out->method = bytes_slice(line, 0, method);
    TRY(read_target(bytes_slice(rest, 0, target), out, err));
    return read_version(bytes_slice(rest, target + 1, rest.len - target - 1), &out->minor, err);
}

static status read_status_line(bytes line, struct http1_response *out, struct err *err)
{
    uint64_t code = 0;
    bool has_reason = at(line, 12) == ' ' || line.len == 12;
    if (at(line, 8) != ' ' || !has_reason || !is_ok(decimal_parse(bytes_slice(line, 9, 3), 599, &code, NULL)) ||
        code < 100)
        return err_set(err, ERR_SYNTAX, 0, "HTTP status line: want a status, have %s", text_quote(line).s);
    out->status = (unsigned)code;
    return read_version(bytes_slice(line, 0, 8), &out->minor, err);
}

/* ---- fields ----------------------------------------------------------------------------------------------------- */

static status take_once(bytes *to, bytes value, const char *name, struct err *err)
{
    if (to->ptr) return err_set(err, ERR_DUPLICATE, 0, "HTTP %s: comes twice", name);
    *to = value;
    return OK;
}

static status take_length(struct http1_fields *f, bytes value, struct err *err)
{
    if (f->has_length) return err_set(err, ERR_DUPLICATE, 0, "HTTP Content-Length: comes twice");
    TRY(err_in(err, decimal_parse(value, INT64_MAX, &f->content_length, err), "HTTP Content-Length"));
    f->has_length = true;
    return OK;
}

static void take_connection(struct http1_fields *f, bytes value)
{
    for (size_t i = 0; i < value.len;) {
        size_t n = 0;
        while (i + n < value.len && value.ptr[i + n] != ',')
            n++;
        bytes word = trimmed(bytes_slice(value, i, n));
        if (is_named(word, "close")) f->says_close = true;
        if (is_named(word, "keep-alive")) f->says_keep_alive = true;
        i += n + 1;
    }
}

static status take_expect(struct http1_fields *f, bytes value, struct err *err)
{
    if (f->expects_continue) return err_set(err, ERR_DUPLICATE, 0, "HTTP Expect: comes twice");
    if (!is_named(value, "100-continue"))
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP Expect: want 100-continue, have %s", text_quote(value).s);
    f->expects_continue = true;
    return OK;
}

enum field { CONTENT_LENGTH, CONTENT_TYPE, HOST, CONNECTION, EXPECT, TRANSFER_ENCODING, FIELDS };

static status take_field(struct http1_fields *f, bytes name, bytes value, struct err *err)
{
    static const char *const names[FIELDS] = {"content-length", "content-type", "host",
                                              "connection",     "expect",       "transfer-encoding"};
    size_t which = 0;
    while (which < FIELDS && !is_named(name, names[which]))
        which++;
    switch (which) {
    case CONTENT_LENGTH:
        return take_length(f, value, err);
    case CONTENT_TYPE:
        return take_once(&f->content_type, value, "Content-Type", err);
    case HOST:
        return take_once(&f->host, value, "Host", err);
    case CONNECTION:
        take_connection(f, value);
        return OK;
    case EXPECT:
        return take_expect(f, value, err);
    case TRANSFER_ENCODING:
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP Transfer-Encoding: want Content-Length instead");
    default:
        return OK;
    }
}

static status read_field(bytes line, struct http1_fields *f, struct err *err)
{
    size_t n = token_length(line);
    if (n == 0 || at(line, n) != ':')
        return err_set(err, ERR_SYNTAX, 0, "HTTP field: want a name and a colon, have %s", text_quote(line).s);
    bytes value = trimmed(bytes_slice(line, n + 1, line.len - n - 1));
    for (size_t i = 0; i < value.len; i++)
        if ((value.ptr[i] < 0x20 && value.ptr[i] != '\t') || value.ptr[i] == 0x7f)
            return err_set(err, ERR_SYNTAX, 0, "HTTP field: a control character in %s", text_quote(line).s);
    if (++f->count > LIMIT_HTTP_FIELDS)
        return err_set(err, ERR_LIMIT, 0, "HTTP head: want at most %d fields", LIMIT_HTTP_FIELDS);
    return take_field(f, bytes_slice(line, 0, n), value, err);
}

static status read_fields(bytes head, size_t pos, struct http1_fields *out, struct err *err)
{
    for (bytes line; next_line(head, &pos, &line) && line.len > 0;)
        TRY(read_field(line, out, err));
    return OK;
}

/* ---- heads ------------------------------------------------------------------------------------------------------ */

status http1_request_parse(bytes head, struct http1_request *out, struct err *err)
{
    struct http1_request r = {0};
    bytes line = BYTES_ABSENT;
    size_t pos = 0;
    TRY(check_head(head, err));
    (void)next_line(head, &pos, &line);
    TRY(read_request_line(line, &r, err));
    TRY(read_fields(head, pos, &r.fields, err));
    if (r.minor == 1 && !r.fields.host.ptr) return err_set(err, ERR_MISSING, 0, "HTTP Host: is missing");
    *out = r;
    return OK;
}

status http1_response_parse(bytes head, struct http1_response *out, struct err *err)
{
    struct http1_response r = {0};
    bytes line = BYTES_ABSENT;
    size_t pos = 0;
    TRY(check_head(head, err));
    (void)next_line(head, &pos, &line);
    TRY(read_status_line(line, &r, err));
    TRY(read_fields(head, pos, &r.fields, err));
    *out = r;
    return OK;
}

status http1_media_type_is(bytes value, const char *type, bool *out, struct err *err)
{
    size_t first = token_length(value);
    bytes rest = at(value, first) == '/' ? bytes_slice(value, first + 1, value.len - first - 1) : BYTES_ABSENT;
    size_t second = token_length(rest), whole = first + 1 + second;
    bytes parameters = second > 0 ? trimmed(bytes_slice(value, whole, value.len - whole)) : BYTES_ABSENT;
    if (first == 0 || !parameters.ptr || (parameters.len > 0 && parameters.ptr[0] != ';'))
        return err_set(err, ERR_SYNTAX, 0, "media type: %s is none", text_quote(value).s);
    *out = is_named(bytes_slice(value, 0, whole), type);
    return OK;
}
