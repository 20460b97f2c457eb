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

static bool is_one_of(uint8_t c, bytes set)
{
    for (size_t i = 0; i < set.len; i++)
        if (set.ptr[i] == c) return true;
    return false;
}

/* What a URI may have in it: RFC 3986's unreserved characters and sub-delims, whole %XX, and `more`. */
static bool is_uri_text(bytes text, bytes more)
{
    static const bytes marks = BYTES_LIT("-._~!$&'()*+,;=");
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i], octet = 0;
        if (c == '%' && is_ok(hex_parse(bytes_slice(text, i + 1, 2), HEX_ANY_CASE, &octet, 1, NULL)))
            i += 2;
        else if (!is_digit(c) && (lower(c) < 'a' || lower(c) > 'z') && !is_one_of(c, marks) && !is_one_of(c, more))
            return false;
    }
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
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return err_set(err, ERR_SYNTAX, i, "HTTP head: a control character, 0x%02x", c);
        if ((c == '\n') != (before == '\r'))
            return err_set(err, ERR_SYNTAX, i, "HTTP head: a line end that is not CR LF");
        if (c == '\n' && i == 1) return err_set(err, ERR_SYNTAX, i, "HTTP head: begins with an empty line");
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
    size_t end = text_find(head, *pos, '\r');
    if (end == head.len) return false;
    *line = bytes_slice(head, *pos, end - *pos);
    *pos = end + 2;
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
        return err_set(err, ERR_RANGE, 0, "HTTP version: want 1.0 or 1.1, have %s", text_quote(text).s);
    *minor = (unsigned)(at(text, 7) - '0');
    return OK;
}

status http1_target_check(bytes target, struct err *err)
{
    if (at(target, 0) == '/' && is_uri_text(target, BYTES_LIT("/:@?"))) return OK;
    return err_set(err, ERR_SYNTAX, 0, "HTTP target: want a path, have %s", text_quote(target).s);
}

static status read_target(bytes target, struct http1_request *out, struct err *err)
{
    TRY(http1_target_check(target, err));
    size_t n = text_find(target, 0, '?');
    out->path = bytes_slice(target, 0, n);
    out->query = n < target.len ? bytes_slice(target, n + 1, target.len - n - 1) : BYTES_ABSENT;
    return OK;
}

static status read_request_line(bytes line, struct http1_request *out, struct err *err)
{
    size_t method = token_length(line);
    if (method == 0 || at(line, method) != ' ')
        return err_set(err, ERR_SYNTAX, 0, "HTTP request line: want a method, have %s", text_quote(line).s);
    bytes rest = bytes_slice(line, method + 1, line.len - method - 1);
    size_t target = text_find(rest, 0, ' ');
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

status http1_host_check(bytes value, struct err *err)
{
    if (is_uri_text(value, BYTES_LIT(":[]"))) return OK;
    return err_set(err, ERR_SYNTAX, 0, "HTTP Host: want a host and a port, have %s", text_quote(value).s);
}

static status take_once(bytes *to, bytes value, const char *name, struct err *err)
{
    if (to->ptr) return err_set(err, ERR_DUPLICATE, 0, "HTTP %s: comes twice", name);
    *to = value;
    return OK;
}

static status take_length(struct http1_fields *f, bytes value, struct err *err)
{
    if (f->has_length) return err_set(err, ERR_DUPLICATE, 0, "HTTP Content-Length: comes twice");
    if (!is_ok(decimal_parse(value, INT64_MAX, &f->content_length, NULL)))
        return err_set(err, ERR_SYNTAX, 0, "HTTP Content-Length: want a number, have %s", text_quote(value).s);
    f->has_length = true;
    return OK;
}

static status take_connection(struct http1_fields *f, bytes value, struct err *err)
{
    for (size_t i = 0; i < value.len;) {
        size_t n = 0;
        while (i + n < value.len && value.ptr[i + n] != ',')
            n++;
        bytes word = trimmed(bytes_slice(value, i, n));
        if (token_length(word) < word.len)
            return err_set(err, ERR_SYNTAX, 0, "HTTP Connection: want tokens, have %s", text_quote(value).s);
        if (is_named(word, "close")) f->says_close = true;
        if (is_named(word, "keep-alive")) f->says_keep_alive = true;
        i += n + 1;
    }
    return OK;
}

static status take_expect(struct http1_fields *f, bytes value, struct err *err)
{
    if (f->expects_continue) return err_set(err, ERR_DUPLICATE, 0, "HTTP Expect: comes twice");
    if (!is_named(value, "100-continue"))
        return err_set(err, ERR_MISMATCH, 0, "HTTP Expect: want 100-continue, have %s", text_quote(value).s);
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
        return take_connection(f, value, err);
    case EXPECT:
        return take_expect(f, value, err);
    case TRANSFER_ENCODING:
        return take_once(&f->transfer_encoding, value, "Transfer-Encoding", err);
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
    if (r.fields.transfer_encoding.ptr)
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP Transfer-Encoding: want Content-Length instead");
    TRY(http1_host_check(r.fields.host, err));
    if (r.minor == 1 && !r.fields.host.ptr) return err_set(err, ERR_MISSING, 0, "HTTP Host: is missing");
    *out = r;
    return OK;
}

unsigned http1_refusal(status s)
{
    switch (s.kind) {
    case ERR_LIMIT:
        return 431;
    case ERR_UNSUPPORTED:
        return 501;
    case ERR_RANGE:
        return 505;
    case ERR_MISMATCH:
        return 417;
    default:
        return 400;
    }
}

/* How long the body is, if what the status says allows one: RFC 9112, 6.3. */
static status read_framing(struct http1_response *r, struct err *err)
{
    bytes coding = r->fields.transfer_encoding;
    bool has_body = r->status >= 200 && r->status != 204 && r->status != 304;
    if (coding.ptr && r->fields.has_length)
        return err_set(err, ERR_SYNTAX, 0, "HTTP answer: both Transfer-Encoding and Content-Length");
    if (coding.ptr && (!is_named(coding, "chunked") || r->minor == 0))
        return err_set(err, ERR_UNSUPPORTED, 0, "HTTP Transfer-Encoding: want chunked, have %s", text_quote(coding).s);
    if (!has_body && (coding.ptr || (r->fields.content_length > 0 && r->status != 304)))
        return err_set(err, ERR_SYNTAX, 0, "HTTP answer: a body with status %u, which has none", r->status);
    r->body_len = has_body ? r->fields.content_length : 0;
    r->framing = coding.ptr ? HTTP1_CHUNKED : r->fields.has_length || !has_body ? HTTP1_LENGTH : HTTP1_UNTIL_CLOSE;
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
    TRY(read_framing(&r, err));
    *out = r;
    return OK;
}

/* ---- chunks ----------------------------------------------------------------------------------------------------- */

static status refuse_chunk(const char *want, uint8_t have, struct err *err)
{
    return err_set(err, ERR_SYNTAX, 0, "HTTP chunk: want %s, have 0x%02x", want, have);
}

static status take_size(struct http1_chunks *c, uint8_t octet, struct err *err)
{
    enum { DIGITS_MAX = 8 };
    if (octet == '\r' && c->digits > 0) {
        c->is_last = c->left == 0;
        c->phase = HTTP1_CHUNK_SIZE_LF;
        return OK;
    }
    uint8_t padded[2] = {'0', octet}, digit = 0;
    if (!is_ok(hex_parse(BYTES_OF(padded), HEX_ANY_CASE, &digit, 1, NULL)))
        return refuse_chunk("a size in hex and no extension", octet, err);
    if (c->digits == DIGITS_MAX)
        return err_set(err, ERR_LIMIT, 0, "HTTP chunk: a size of more than %d digits", DIGITS_MAX);
    c->left = c->left << 4 | digit;
    c->digits++;
    return OK;
}

/* One byte that isn't data. */
static status take_octet(struct http1_chunks *c, uint8_t octet, struct err *err)
{
    switch (c->phase) {
    case HTTP1_CHUNK_SIZE:
        return take_size(c, octet, err);
    case HTTP1_CHUNK_SIZE_LF:
        if (octet != '\n') return refuse_chunk("LF", octet, err);
        c->digits = 0;
        c->phase = c->is_last ? HTTP1_CHUNK_CR : HTTP1_CHUNK_DATA;
        return OK;
    case HTTP1_CHUNK_CR:
        if (octet != '\r') return refuse_chunk(c->is_last ? "no trailer" : "CR", octet, err);
        c->phase = HTTP1_CHUNK_LF;
        return OK;
    default:
        if (octet != '\n') return refuse_chunk("LF", octet, err);
        c->phase = c->is_last ? HTTP1_CHUNK_END : HTTP1_CHUNK_SIZE;
        return OK;
    }
}

status http1_chunks_next(struct http1_chunks *c, bytes in, size_t *used, bytes *data, struct err *err)
{
    size_t i = 0;
    while (i < in.len && c->phase != HTTP1_CHUNK_DATA && c->phase != HTTP1_CHUNK_END) {
        TRY(take_octet(c, in.ptr[i], err));
        i++;
    }
    size_t n = in.len - i < c->left ? in.len - i : c->left;
    if (c->phase != HTTP1_CHUNK_DATA) n = 0;
    *data = bytes_slice(in, i, n);
    c->left -= n;
    if (c->phase == HTTP1_CHUNK_DATA && c->left == 0) c->phase = HTTP1_CHUNK_CR;
    *used = i + n;
    return OK;
}

/* ---- media types ------------------------------------------------------------------------------------------------ */

static size_t skip_white(bytes text, size_t i)
{
    while (i < text.len && is_white(text.ptr[i]))
        i++;
    return i;
}

static size_t token_at(bytes text, size_t i)
{
    return i < text.len ? token_length(bytes_slice(text, i, text.len - i)) : 0;
}

/* Length of the quoted string from `from` on, with its quotes; 0 when there is none. */
static size_t quoted_at(bytes text, size_t from)
{
    if (at(text, from) != '"') return 0;
    for (size_t i = from + 1; i < text.len; i++) {
        if (text.ptr[i] == '"') return i + 1 - from;
        if (text.ptr[i] == '\\') i++;
    }
    return 0;
}

/* The name of the parameter at *pos, which is moved behind it; absent when there is none. */
static bytes take_parameter(bytes value, size_t *pos)
{
    size_t len = token_at(value, *pos), from = *pos + len + 1;
    bytes name = bytes_slice(value, *pos, len);
    if (len == 0 || at(value, from - 1) != '=') return BYTES_ABSENT;
    size_t quoted = quoted_at(value, from);
    size_t length = quoted > 0 ? quoted : token_at(value, from);
    if (length == 0) return BYTES_ABSENT;
    *pos = from + length;
    return name;
}

static bool are_same_name(bytes a, bytes b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
    return true;
}

/* `;` and a parameter, again and again, from `pos` on. */
static status read_parameters(bytes value, size_t pos, struct err *err)
{
    bytes names[LIMIT_HTTP_PARAMETERS];
    for (size_t count = 0; pos < value.len; count++) {
        pos = skip_white(value, pos);
        if (at(value, pos) != ';')
            return err_set(err, ERR_SYNTAX, pos, "media type: want ';', have %s", text_quote(value).s);
        pos = skip_white(value, pos + 1);
        if (pos == value.len) return OK; /* a last ';' says nothing */
        if (count == LIMIT_HTTP_PARAMETERS)
            return err_set(err, ERR_LIMIT, pos, "media type: more than %d parameters", LIMIT_HTTP_PARAMETERS);
        names[count] = take_parameter(value, &pos);
        if (bytes_is_absent(names[count]))
            return err_set(err, ERR_SYNTAX, pos, "media type: want name=value, have %s", text_quote(value).s);
        for (size_t i = 0; i < count; i++)
            if (are_same_name(names[i], names[count]))
                return err_set(err, ERR_DUPLICATE, pos, "media type: a parameter comes twice in %s",
                               text_quote(value).s);
    }
    return OK;
}

status http1_media_type_is(bytes value, const char *type, bool *out, struct err *err)
{
    size_t first = token_length(value), second = at(value, first) == '/' ? token_at(value, first + 1) : 0;
    if (first == 0 || second == 0) return err_set(err, ERR_SYNTAX, 0, "media type: %s is none", text_quote(value).s);
    TRY(read_parameters(value, first + 1 + second, err));
    *out = is_named(bytes_slice(value, 0, first + 1 + second), type);
    return OK;
}
