/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/client_hello.h"

#include "parse/cursor.h"
#include "parse/text.h"

/* Numbers of TLS are big-endian; 0 after a failure. */
static size_t take_number(struct cursor *c, size_t octets, const char *field)
{
    bytes b = cursor_take(c, octets, field);
    size_t v = 0;
    for (size_t i = 0; i < b.len; i++)
        v = v << 8 | b.ptr[i];
    return v;
}

/* A vector of TLS: its length in `octets`, then its contents. */
static bytes take_vector(struct cursor *c, size_t octets, const char *field)
{
    size_t n = take_number(c, octets, field);
    return cursor_take(c, n, field);
}

/* A cursor over the contents of the next vector; finish it with cursor_close. */
static struct cursor enter_vector(struct cursor *c, size_t octets, const char *field)
{
    size_t n = take_number(c, octets, field);
    return cursor_sub(c, n, field);
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

enum { RECORD_HEADER = 5, RECORD_BYTES_MAX = 16384, HANDSHAKE = 22, MESSAGE_HEADER = 4, CLIENT_HELLO = 1 };

/* The message put together so far. */
struct gathering {
    uint8_t *buf;
    size_t cap;
    size_t have;
    size_t want; /* its whole length, known once its header is there; 0 until then */
};

static status check_record_header(bytes header, size_t at, size_t *length, struct err *err)
{
    struct cursor c = cursor_over(header);
    uint8_t type = cursor_u8(&c, "type");
    uint8_t major = cursor_u8(&c, "version");
    cursor_u8(&c, "version"); /* the minor one means nothing since TLS 1.3 */
    size_t n = take_number(&c, 2, "length");
    if (type != HANDSHAKE) return err_set(err, ERR_SYNTAX, at, "TLS record: want type %d, have %u", HANDSHAKE, type);
    if (major != 3) return err_set(err, ERR_SYNTAX, at + 1, "TLS record: want version 3, have %u", major);
    if (n == 0 || n > RECORD_BYTES_MAX)
        return err_set(err, ERR_SYNTAX, at + 3, "TLS record: want 1 to %d bytes, have %zu", RECORD_BYTES_MAX, n);
    *length = n;
    return OK;
}

/* Type and length, once the first four octets are there. */
static status check_message_header(struct gathering *g, size_t at, struct err *err)
{
    if (g->have > 0 && g->buf[0] != CLIENT_HELLO)
        return err_set(err, ERR_SYNTAX, at, "handshake: want a ClientHello, have message type %u", g->buf[0]);
    if (g->have < MESSAGE_HEADER || g->want > 0) return OK;
    size_t body = (size_t)g->buf[1] << 16 | (size_t)g->buf[2] << 8 | g->buf[3];
    if (body > LIMIT_CLIENT_HELLO_BYTES - MESSAGE_HEADER)
        return err_set(err, ERR_LIMIT, at, "ClientHello: want at most %d bytes, have %zu", LIMIT_CLIENT_HELLO_BYTES,
                       body + MESSAGE_HEADER);
    g->want = MESSAGE_HEADER + body;
    return OK;
}

static status put_fragment(struct gathering *g, bytes fragment, size_t at, struct err *err)
{
    if (fragment.len > g->cap - g->have) return err_set(err, ERR_NOMEM, at, "ClientHello: more than %zu bytes", g->cap);
    memcpy(g->buf + g->have, fragment.ptr, fragment.len);
    g->have += fragment.len;
    return OK;
}

/* What is there of a record's fragment of `length` bytes.  The header of a message may itself be in two records, so
 * the fragment goes in two pieces: up to the end of that header, and the rest. */
static status take_fragment(struct gathering *g, struct cursor *c, size_t length, struct err *err)
{
    size_t at = c->pos;
    size_t there = cursor_left(c) < length ? cursor_left(c) : length;
    size_t head = g->have < MESSAGE_HEADER ? MESSAGE_HEADER - g->have : 0;
    if (head > there) head = there;
    TRY(put_fragment(g, cursor_take(c, head, "fragment"), at, err));
    TRY(check_message_header(g, at, err));
    if (g->want > 0 && length - head > g->want - g->have)
        return err_set(err, ERR_TRAILING, at, "ClientHello: %zu bytes follow it in its record",
                       length - head - (g->want - g->have));
    return put_fragment(g, cursor_take(c, there - head, "fragment"), at, err);
}

status client_hello_gather(bytes in, uint8_t *buf, size_t cap, size_t *more, bytes *message, struct err *err)
{
    struct gathering g = {.buf = buf, .cap = cap};
    struct cursor c = cursor_over(in);
    for (size_t records = 0; g.want == 0 || g.have < g.want; records++) {
        if (records == LIMIT_CLIENT_HELLO_RECORDS)
            return err_set(err, ERR_LIMIT, c.pos, "ClientHello: more than %d records", LIMIT_CLIENT_HELLO_RECORDS);
        size_t at = c.pos, length = 0;
        if (cursor_left(&c) < RECORD_HEADER) {
            *more = RECORD_HEADER - cursor_left(&c);
            return OK;
        }
        TRY(check_record_header(cursor_take(&c, RECORD_HEADER, "record"), at, &length, err));
        size_t there = cursor_left(&c);
        TRY(take_fragment(&g, &c, length, err));
        if (there < length) {
            *more = length - there;
            return OK;
        }
    }
    *more = 0;
    *message = BYTES(buf, g.want);
    return OK;
}

/* ---- the message ------------------------------------------------------------------------------------------------ */

enum { EXTENSION_SERVER_NAME = 0, EXTENSION_ALPN = 16, HOST_NAME = 0, SESSION_ID_BYTES_MAX = 32 };

/* A list of names, of which the one kind that exists may come once. */
static bytes read_server_name(struct cursor *c)
{
    struct cursor list = enter_vector(c, 2, "server_name");
    uint8_t type = cursor_u8(&list, "server_name");
    bytes name = take_vector(&list, 2, "server_name");
    if (type != HOST_NAME || name.len == 0) cursor_fail(&list, ERR_SYNTAX, "server_name");
    cursor_close(c, &list, "server_name");
    return name;
}

/* The entries, each of which is at least one byte. */
static bytes read_protocols(struct cursor *c)
{
    struct cursor list = enter_vector(c, 2, "ALPN");
    bytes entries = list.in;
    do {
        bytes entry = take_vector(&list, 1, "ALPN");
        if (entry.len == 0) cursor_fail(&list, ERR_SYNTAX, "ALPN");
    } while (cursor_left(&list) > 0);
    cursor_close(c, &list, "ALPN");
    return entries;
}

static bool holds(const uint16_t *types, size_t count, size_t type)
{
    for (size_t i = 0; i < count; i++)
        if (types[i] == type) return true;
    return false;
}

/* What the next extension of `type` says, if it is one of the two. */
static void read_extension(struct cursor *c, size_t type, struct client_hello *hello)
{
    struct cursor extension = enter_vector(c, 2, "extension");
    if (type == EXTENSION_SERVER_NAME)
        hello->server_name = read_server_name(&extension);
    else if (type == EXTENSION_ALPN)
        hello->protocols = read_protocols(&extension);
    else
        cursor_rest(&extension);
    cursor_close(c, &extension, "extension");
}

static void read_extensions(struct cursor *c, struct client_hello *hello)
{
    uint16_t types[LIMIT_CLIENT_HELLO_EXTENSIONS];
    for (size_t count = 0; cursor_left(c) > 0; count++) {
        size_t type = take_number(c, 2, "extension");
        if (holds(types, count, type)) cursor_fail(c, ERR_DUPLICATE, "extension");
        if (count == LIMIT_CLIENT_HELLO_EXTENSIONS) cursor_fail(c, ERR_LIMIT, "extensions");
        if (cursor_failed(c)) return;
        types[count] = (uint16_t)type;
        read_extension(c, type, hello);
    }
}

status client_hello_parse(bytes message, struct client_hello *out, struct err *err)
{
    struct client_hello hello = {0};
    struct cursor whole = cursor_over(message);
    if (cursor_u8(&whole, "message type") != CLIENT_HELLO) cursor_fail(&whole, ERR_SYNTAX, "message type");
    struct cursor c = enter_vector(&whole, 3, "length");

    cursor_take(&c, 2, "legacy_version");
    cursor_take(&c, 32, "random");
    bytes session_id = take_vector(&c, 1, "legacy_session_id");
    bytes suites = take_vector(&c, 2, "cipher_suites");
    bytes compressions = take_vector(&c, 1, "legacy_compression_methods");
    if (session_id.len > SESSION_ID_BYTES_MAX) cursor_fail(&c, ERR_RANGE, "legacy_session_id");
    if (suites.len == 0 || suites.len % 2 != 0) cursor_fail(&c, ERR_SYNTAX, "cipher_suites");
    if (compressions.len == 0) cursor_fail(&c, ERR_SYNTAX, "legacy_compression_methods");
    if (cursor_left(&c) > 0) {
        struct cursor extensions = enter_vector(&c, 2, "extensions");
        read_extensions(&extensions, &hello);
        cursor_close(&c, &extensions, "extensions");
    }
    cursor_close(&whole, &c, "ClientHello");
    TRY(err_in(err, cursor_end(&whole, err), "ClientHello"));
    *out = hello;
    return OK;
}

/* ---- the nonce -------------------------------------------------------------------------------------------------- */

static bool begins_with(bytes text, bytes with)
{
    return bytes_eq(bytes_slice(text, 0, with.len), with);
}

/* The first entry that begins with `with`; absent when there is none. */
static bytes find_protocol(bytes protocols, bytes with)
{
    if (bytes_is_absent(protocols)) return BYTES_ABSENT;
    struct cursor c = cursor_over(protocols);
    while (cursor_left(&c) > 0) {
        bytes entry = take_vector(&c, 1, "protocol");
        if (begins_with(entry, with)) return entry;
    }
    return BYTES_ABSENT;
}

bool client_hello_offers(const struct client_hello *hello, bytes protocol)
{
    if (bytes_is_absent(hello->protocols)) return false;
    struct cursor c = cursor_over(hello->protocols);
    while (cursor_left(&c) > 0)
        if (bytes_eq(take_vector(&c, 1, "protocol"), protocol)) return true;
    return false;
}

static status nonce_of_protocol(bytes entry, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    bytes prefix = BYTES_LIT(ATLS_PROTOCOL_PREFIX);
    if (!begins_with(entry, prefix))
        return err_set(err, ERR_UNSUPPORTED, 0, "nonce in ALPN: want \"%s\" and hex, have %s", ATLS_PROTOCOL_PREFIX,
                       text_quote(entry).s);
    bytes digits = bytes_slice(entry, prefix.len, entry.len - prefix.len);
    return err_in(err, hex_parse(digits, HEX_ANY_CASE, nonce, ATLS_NONCE_BYTES, err), "nonce in ALPN");
}

enum { NONCE_CHARACTERS = BASE64_TEXT_SIZE(ATLS_NONCE_BYTES) - 1 };

static status nonce_of_server_name(bytes name, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    uint8_t buf[BASE64_BYTES_MAX(NONCE_CHARACTERS)];
    bytes value;
    if (name.len != NONCE_CHARACTERS)
        return err_set(err, ERR_MISSING, 0,
                       "no nonce: no protocol of ALPN is one, and the server name is not %d characters: %s",
                       NONCE_CHARACTERS, text_quote(name).s);
    TRY(err_in(err, base64_parse(name, BASE64_STANDARD, buf, sizeof buf, &value, err), "nonce in server_name"));
    if (value.len != ATLS_NONCE_BYTES)
        return err_set(err, ERR_RANGE, 0, "nonce in server_name: want %d bytes, have %zu", ATLS_NONCE_BYTES, value.len);
    memcpy(nonce, value.ptr, ATLS_NONCE_BYTES);
    return OK;
}

status client_hello_nonce(const struct client_hello *hello, uint8_t nonce[ATLS_NONCE_BYTES],
                          enum nonce_carrier *carrier, struct err *err)
{
    bytes entry = find_protocol(hello->protocols, BYTES_LIT("atls"));
    if (bytes_is_absent(entry)) {
        TRY(nonce_of_server_name(hello->server_name, nonce, err));
        *carrier = NONCE_IN_SERVER_NAME;
        return OK;
    }
    TRY(nonce_of_protocol(entry, nonce, err));
    *carrier = NONCE_IN_PROTOCOLS;
    return OK;
}

void atls_protocol_write(const uint8_t nonce[ATLS_NONCE_BYTES], char out[ATLS_PROTOCOL_TEXT_SIZE])
{
    size_t prefix = sizeof ATLS_PROTOCOL_PREFIX - 1;
    memcpy(out, ATLS_PROTOCOL_PREFIX, prefix);
    (void)is_ok(hex_write(BYTES(nonce, ATLS_NONCE_BYTES), out + prefix, ATLS_PROTOCOL_TEXT_SIZE - prefix, NULL));
}
