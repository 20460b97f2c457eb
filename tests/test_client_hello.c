/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/client_hello.h"
#include "parse/text.h"

/* The nonce of the protocol's example, 00 to 1f, as its text writes it. */
#define EXAMPLE_ENTRY  "atls:v1:nonce:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define EXAMPLE_BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static bool is_example(const uint8_t nonce[ATLS_NONCE_BYTES])
{
    for (uint8_t i = 0; i < ATLS_NONCE_BYTES; i++)
        if (nonce[i] != i) return false;
    return true;
}

/* ---- bytes made by hand ----------------------------------------------------------------------------------------- */

struct made {
    uint8_t at[65536];
    size_t len;
};

static void put(struct made *m, bytes in)
{
    cr_assert_leq(in.len, sizeof m->at - m->len);
    if (in.len > 0) memcpy(m->at + m->len, in.ptr, in.len);
    m->len += in.len;
}

static void put_number(struct made *m, size_t octets, size_t v)
{
    for (size_t i = octets; i > 0; i--)
        put(m, BYTES(&(uint8_t){(uint8_t)(v >> 8 * (i - 1))}, 1));
}

static void put_vector(struct made *m, size_t octets, bytes in)
{
    put_number(m, octets, in.len);
    put(m, in);
}

static void put_extension(struct made *m, size_t type, bytes in)
{
    put_number(m, 2, type);
    put_vector(m, 2, in);
}

#define MADE(m) BYTES((m)->at, (m)->len)

/* An extension of ALPN with these entries. */
static void put_alpn(struct made *m, size_t count, const char *const *entries)
{
    struct made list = {0}, body = {0};
    for (size_t i = 0; i < count; i++)
        put_vector(&list, 1, text_bytes(entries[i]));
    put_vector(&body, 2, MADE(&list));
    put_extension(m, 16, MADE(&body));
}

static void put_sni(struct made *m, const char *name)
{
    struct made list = {0}, body = {0};
    put_number(&list, 1, 0);
    put_vector(&list, 2, text_bytes(name));
    put_vector(&body, 2, MADE(&list));
    put_extension(m, 0, MADE(&body));
}

/* A ClientHello with these extensions. */
static void make_message(struct made *m, bytes extensions)
{
    struct made body = {0};
    put_number(&body, 2, 0x0303);
    put(&body, BYTES((const uint8_t[32]){0}, 32));
    put_vector(&body, 1, BYTES_LIT("session"));
    put_vector(&body, 2, BYTES_LIT("\x13\x01\x13\x02"));
    put_vector(&body, 1, BYTES_LIT("\0"));
    put_vector(&body, 2, extensions);
    m->len = 0;
    put_number(m, 1, 1);
    put_vector(m, 3, MADE(&body));
}

#define ENTRIES(...)                                                                                                   \
    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[])                                 \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static void make_example(struct made *m)
{
    struct made extensions = {0};
    put_sni(&extensions, "coordinator");
    put_extension(&extensions, 43, BYTES_LIT("\2\3\4"));
    put_alpn(&extensions, ENTRIES(EXAMPLE_ENTRY, "h2"));
    make_message(m, MADE(&extensions));
}

static void put_record(struct made *m, size_t type, bytes fragment)
{
    put_number(m, 1, type);
    put_number(m, 2, 0x0301);
    put_vector(m, 2, fragment);
}

/* ---- records ---------------------------------------------------------------------------------------------------- */

static uint8_t gathered[LIMIT_CLIENT_HELLO_BYTES];

static void gather_refused(bytes in, enum err_kind kind, const char *what)
{
    size_t more = 77;
    bytes message = BYTES_LIT("untouched");
    struct err err = {0};
    cr_expect_eq(client_hello_gather(in, gathered, sizeof gathered, &more, &message, &err).kind, kind, "%s: %s", what,
                 err.text);
    cr_expect(err.text[0] != '\0' && err.offset <= in.len, "%s", what);
    cr_expect(more == 77 && bytes_eq(message, BYTES_LIT("untouched")), "%s", what);
}

Test(client_hello, what_is_no_client_hello_is_refused_at_once)
{
    gather_refused(BYTES_LIT("GET / HTTP/1.1\r\n"), ERR_SYNTAX, "HTTP");
    gather_refused(BYTES_LIT("PRI * HTTP/2.0\r\n"), ERR_SYNTAX, "HTTP/2 without TLS");
    gather_refused(BYTES_LIT("\x80\x2e\x01\x03\x01"), ERR_SYNTAX, "SSL 2");
    gather_refused(BYTES_LIT("\x16\x02\x00\x00\x05"), ERR_SYNTAX, "version 2");
    gather_refused(BYTES_LIT("\x16\x04\x00\x00\x05"), ERR_SYNTAX, "version 4");
    gather_refused(BYTES_LIT("\x15\x03\x01\x00\x02\x01\x00"), ERR_SYNTAX, "an alert");
    gather_refused(BYTES_LIT("\x17\x03\x03\x00\x02xy"), ERR_SYNTAX, "application data");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x00"), ERR_SYNTAX, "an empty record");
    gather_refused(BYTES_LIT("\x16\x03\x01\x40\x01"), ERR_SYNTAX, "a record of 16385 bytes");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x05\x02"), ERR_SYNTAX, "a ServerHello, from its first byte on");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x05\x01\x00\x3f\xfd"), ERR_LIMIT, "one byte more than the limit");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x05\x01\xff\xff\xff"), ERR_LIMIT, "16 MiB");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x04\x01\x00\x00\x05\x15\x03\x01\x00\x02"), ERR_SYNTAX,
                   "an alert between two pieces");
    gather_refused(BYTES_LIT("\x16\x03\x01\x00\x04\x01\x00\x00\x05\x16\x03\x01\x00\x00"), ERR_SYNTAX,
                   "an empty record between two pieces");
}

Test(client_hello, a_message_behind_it_in_its_record_is_refused)
{
    struct made message = {0}, flight = {0};
    make_example(&message);
    put(&message, BYTES_LIT("\1"));
    put_record(&flight, 22, MADE(&message));
    gather_refused(MADE(&flight), ERR_TRAILING, "one byte");
    gather_refused(BYTES(flight.at, 9), ERR_TRAILING, "seen from the lengths alone");
}

Test(client_hello, too_many_records)
{
    struct made message = {0}, flight = {0};
    make_example(&message);
    for (size_t i = 0; i < LIMIT_CLIENT_HELLO_RECORDS; i++)
        put_record(&flight, 22, BYTES(message.at + i, 1));
    size_t more = 0;
    bytes out = BYTES_ABSENT;
    cr_expect(
        is_ok(client_hello_gather(BYTES(flight.at, flight.len - 1), gathered, sizeof gathered, &more, &out, NULL)));
    gather_refused(MADE(&flight), ERR_LIMIT, "33 records");
}

Test(client_hello, lent_buffer_too_small)
{
    struct made message = {0}, flight = {0};
    make_example(&message);
    put_record(&flight, 22, MADE(&message));
    for (size_t cap = 0; cap < message.len; cap++) {
        uint8_t *exact = malloc(cap + 1);
        size_t more;
        bytes out;
        cr_assert_eq(client_hello_gather(MADE(&flight), exact, cap, &more, &out, NULL).kind, ERR_NOMEM);
        free(exact);
    }
}

/* However a message is cut into records, and wherever the bytes have got to: more is wanted, exactly as long as it is,
 * and never more than what is missing. */
Test(client_hello, every_prefix_wants_more)
{
    struct made message = {0};
    make_example(&message);
    for (size_t piece = 1; piece < message.len + 7; piece += piece < 8 ? 6 : 51) {
        struct made flight = {0};
        size_t records = 0;
        for (size_t at = 0; at < message.len; at += piece, records++)
            put_record(&flight, 22,
                       bytes_slice(MADE(&message), at, message.len - at < piece ? message.len - at : piece));
        if (records > LIMIT_CLIENT_HELLO_RECORDS) continue;
        for (size_t n = 0; n < flight.len; n++) {
            size_t more = 0;
            bytes out = BYTES_ABSENT;
            cr_assert(is_ok(client_hello_gather(BYTES(flight.at, n), gathered, sizeof gathered, &more, &out, NULL)));
            cr_assert(more > 0 && more <= flight.len - n, "%zu of %zu: %zu", n, flight.len, more);
            cr_assert(bytes_is_absent(out));
        }
        size_t more = 1;
        bytes out = BYTES_ABSENT;
        put(&flight, BYTES_LIT("\x14\3\3\0\1\1"));
        cr_assert(is_ok(client_hello_gather(MADE(&flight), gathered, sizeof gathered, &more, &out, NULL)));
        cr_assert(more == 0 && bytes_eq(out, MADE(&message)), "pieces of %zu", piece);
    }
}

/* ---- the message ------------------------------------------------------------------------------------------------ */

static void parse_refused(bytes message, enum err_kind kind, const char *what)
{
    struct client_hello hello = {.server_name = BYTES_LIT("untouched")};
    struct err err = {0};
    cr_expect_eq(client_hello_parse(message, &hello, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.text[0] != '\0' && err.offset <= message.len, "%s", what);
    cr_expect(bytes_eq(hello.server_name, BYTES_LIT("untouched")), "%s", what);
}

static void extensions_refused(const struct made *extensions, enum err_kind kind, const char *what)
{
    struct made message = {0};
    make_message(&message, MADE(extensions));
    parse_refused(MADE(&message), kind, what);
}

static void extension_refused(size_t type, bytes in, enum err_kind kind, const char *what)
{
    struct made extensions = {0};
    put_extension(&extensions, type, in);
    extensions_refused(&extensions, kind, what);
}

Test(client_hello, lists_of_the_wrong_form)
{
    extension_refused(16, BYTES_LIT(""), ERR_TRUNCATED, "ALPN without a list");
    extension_refused(16, BYTES_LIT("\0\0"), ERR_TRUNCATED, "an empty list of ALPN");
    extension_refused(16, BYTES_LIT("\0\1\0"), ERR_SYNTAX, "an empty protocol");
    extension_refused(16, BYTES_LIT("\0\4\2h2\0"), ERR_SYNTAX, "an empty protocol at the end");
    extension_refused(16, BYTES_LIT("\0\3\3h2"), ERR_TRUNCATED, "a protocol past its list");
    extension_refused(16, BYTES_LIT("\0\3\2h2x"), ERR_TRAILING, "a byte behind the list of ALPN");
    extension_refused(0, BYTES_LIT(""), ERR_TRUNCATED, "server_name without a list");
    extension_refused(0, BYTES_LIT("\0\0"), ERR_TRUNCATED, "an empty list of names");
    extension_refused(0, BYTES_LIT("\0\3\0\0\0"), ERR_SYNTAX, "an empty name");
    extension_refused(0, BYTES_LIT("\0\4\1\0\1x"), ERR_SYNTAX, "another type of name");
    extension_refused(0, BYTES_LIT("\0\x8\0\0\1x\0\0\1y"), ERR_TRAILING, "two names");
    extension_refused(0, BYTES_LIT("\0\4\0\0\1xy"), ERR_TRAILING, "a byte behind the list of names");
}

Test(client_hello, an_extension_twice)
{
    struct made extensions = {0};
    put_alpn(&extensions, ENTRIES(EXAMPLE_ENTRY, "h2"));
    put_alpn(&extensions, ENTRIES("h2"));
    extensions_refused(&extensions, ERR_DUPLICATE, "ALPN");
    extensions.len = 0;
    put_sni(&extensions, EXAMPLE_BASE64);
    put_sni(&extensions, EXAMPLE_BASE64);
    extensions_refused(&extensions, ERR_DUPLICATE, "server_name");
    extensions.len = 0;
    put_extension(&extensions, 0xfafa, BYTES_LIT(""));
    put_extension(&extensions, 0xfafa, BYTES_LIT(""));
    extensions_refused(&extensions, ERR_DUPLICATE, "one that nobody knows");
}

Test(client_hello, too_many_extensions)
{
    struct made extensions = {0}, message = {0};
    struct client_hello hello;
    for (size_t i = 0; i < LIMIT_CLIENT_HELLO_EXTENSIONS; i++)
        put_extension(&extensions, 1000 + i, BYTES_LIT(""));
    make_message(&message, MADE(&extensions));
    cr_expect(is_ok(client_hello_parse(MADE(&message), &hello, NULL)));
    put_extension(&extensions, 5000, BYTES_LIT(""));
    extensions_refused(&extensions, ERR_LIMIT, "65");
}

Test(client_hello, fixed_fields)
{
    struct made message = {0};
    make_example(&message);
    enum { SESSION_ID = 4 + 2 + 32, SUITES = SESSION_ID + 1 + 7, COMPRESSIONS = SUITES + 2 + 4 };
    const struct {
        size_t at;
        uint8_t value;
        enum err_kind kind;
    } changes[] = {{0, 2, ERR_SYNTAX},
                   {SESSION_ID, 33, ERR_RANGE},
                   {SUITES + 1, 3, ERR_SYNTAX},
                   {SUITES + 1, 0, ERR_SYNTAX},
                   {COMPRESSIONS, 0, ERR_SYNTAX}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        uint8_t was = message.at[changes[i].at];
        struct client_hello hello;
        message.at[changes[i].at] = changes[i].value;
        status s = client_hello_parse(MADE(&message), &hello, NULL);
        cr_expect(!is_ok(s), "byte %zu", changes[i].at);
        message.at[changes[i].at] = was;
    }
    cr_expect_eq(message.at[SESSION_ID], 7);
    cr_expect_eq(message.at[SUITES + 1], 4);
    cr_expect_eq(message.at[COMPRESSIONS], 1);
}

Test(client_hello, every_prefix_and_a_byte_more)
{
    struct made message = {0};
    make_example(&message);
    for (size_t n = 0; n < message.len; n++) {
        struct client_hello hello;
        cr_assert(!is_ok(client_hello_parse(BYTES(message.at, n), &hello, NULL)), "%zu bytes", n);
    }
    put(&message, BYTES_LIT("\0"));
    parse_refused(MADE(&message), ERR_TRAILING, "a byte behind the message");
}

/* ---- the nonce -------------------------------------------------------------------------------------------------- */

static status nonce_of(const char *sni, size_t count, const char *const *entries, uint8_t nonce[ATLS_NONCE_BYTES],
                       enum nonce_carrier *carrier, struct err *err)
{
    struct made extensions = {0};
    static struct made message;
    struct client_hello hello;
    if (sni) put_sni(&extensions, sni);
    if (count > 0) put_alpn(&extensions, count, entries);
    make_message(&message, MADE(&extensions));
    cr_assert(is_ok(client_hello_parse(MADE(&message), &hello, NULL)));
    return client_hello_nonce(&hello, nonce, carrier, err);
}

static void nonce_refused(const char *sni, size_t count, const char *const *entries, enum err_kind kind)
{
    uint8_t nonce[ATLS_NONCE_BYTES] = {77};
    enum nonce_carrier carrier;
    struct err err = {0};
    cr_expect_eq(nonce_of(sni, count, entries, nonce, &carrier, &err).kind, kind, "%s %s: %s", sni ? sni : "-",
                 count > 0 ? entries[0] : "-", err.text);
    cr_expect_neq(err.text[0], '\0');
    cr_expect(nonce[0] == 77 && nonce[31] == 0);
}

#define THIRTY_ONE "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e"

Test(client_hello, nonces_of_another_length)
{
    nonce_refused(NULL, ENTRIES("atls:v1:nonce:" THIRTY_ONE, "h2"), ERR_TRUNCATED);
    nonce_refused(NULL, ENTRIES("atls:v1:nonce:" THIRTY_ONE "1f20", "h2"), ERR_TRAILING);
    nonce_refused(NULL, ENTRIES("atls:v1:nonce:" THIRTY_ONE "1", "h2"), ERR_TRUNCATED);
    nonce_refused(NULL, ENTRIES("atls:v1:nonce:", "h2"), ERR_TRUNCATED);
    nonce_refused("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", ENTRIES("h2"), ERR_RANGE);
    nonce_refused("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", ENTRIES("h2"), ERR_RANGE);
}

/* An entry that begins with "atls" decides, whatever else is there. */
Test(client_hello, no_falling_back_to_the_server_name)
{
    nonce_refused(EXAMPLE_BASE64, ENTRIES("atls", "h2"), ERR_UNSUPPORTED);
    nonce_refused(EXAMPLE_BASE64, ENTRIES("atls:v2:nonce:" THIRTY_ONE "1f", "h2"), ERR_UNSUPPORTED);
    nonce_refused(EXAMPLE_BASE64, ENTRIES("atlsx", EXAMPLE_ENTRY, "h2"), ERR_UNSUPPORTED);
    nonce_refused(EXAMPLE_BASE64, ENTRIES("h2", "atls:v1:nonce:xy"), ERR_TRUNCATED);
    nonce_refused(EXAMPLE_BASE64, ENTRIES("atls:v1:nonce:" THIRTY_ONE "1g", "h2"), ERR_SYNTAX);
}

Test(client_hello, no_nonce)
{
    nonce_refused(NULL, ENTRIES("h2"), ERR_MISSING);
    nonce_refused(NULL, 0, NULL, ERR_MISSING);
    nonce_refused("coordinator", ENTRIES("h2", "http/1.1"), ERR_MISSING);
    nonce_refused("coordinator", ENTRIES("ATLS:v1:nonce:" THIRTY_ONE "1f", "h2"), ERR_MISSING);
    nonce_refused("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8-", ENTRIES("h2"), ERR_SYNTAX);
    nonce_refused("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=", ENTRIES("h2"), ERR_SYNTAX);
}

Test(client_hello, nonces)
{
    const struct {
        const char *sni;
        size_t count;
        const char *entries[3];
        enum nonce_carrier carrier;
    } cases[] = {
        {NULL, 2, {EXAMPLE_ENTRY, "h2"}, NONCE_IN_PROTOCOLS},
        {"coordinator", 2, {"h2", EXAMPLE_ENTRY}, NONCE_IN_PROTOCOLS},
        {EXAMPLE_BASE64,
         2,
         {"atls:v1:nonce:000102030405060708090A0b0C0d0E0f101112131415161718191a1b1C1d1e1F", "h2"},
         NONCE_IN_PROTOCOLS},
        {NULL, 3, {EXAMPLE_ENTRY, "atls:v9", "h2"}, NONCE_IN_PROTOCOLS},
        {EXAMPLE_BASE64, 1, {"h2"}, NONCE_IN_SERVER_NAME},
        {EXAMPLE_BASE64, 0, {NULL}, NONCE_IN_SERVER_NAME},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t nonce[ATLS_NONCE_BYTES];
        enum nonce_carrier carrier = (enum nonce_carrier)7;
        struct err err = {0};
        cr_assert(is_ok(nonce_of(cases[i].sni, cases[i].count, cases[i].entries, nonce, &carrier, &err)), "%zu: %s", i,
                  err.text);
        cr_expect(is_example(nonce), "%zu", i);
        cr_expect_eq(carrier, cases[i].carrier, "%zu", i);
    }
}

Test(client_hello, protocols_offered)
{
    struct made message = {0};
    struct client_hello hello, none = {0};
    make_example(&message);
    cr_assert(is_ok(client_hello_parse(MADE(&message), &hello, NULL)));
    cr_expect(client_hello_offers(&hello, BYTES_LIT("h2")));
    cr_expect(client_hello_offers(&hello, BYTES_LIT(EXAMPLE_ENTRY)));
    cr_expect(!client_hello_offers(&hello, BYTES_LIT("h")));
    cr_expect(!client_hello_offers(&hello, BYTES_LIT("h23")));
    cr_expect(!client_hello_offers(&none, BYTES_LIT("h2")));
    cr_expect(bytes_eq(hello.server_name, BYTES_LIT("coordinator")));
}

Test(client_hello, entry_of_the_protocols_example)
{
    uint8_t nonce[ATLS_NONCE_BYTES];
    char text[ATLS_PROTOCOL_TEXT_SIZE];
    for (uint8_t i = 0; i < sizeof nonce; i++)
        nonce[i] = i;
    atls_protocol_write(nonce, text);
    cr_expect_str_eq(text, EXAMPLE_ENTRY);
    cr_expect_eq(strlen(text), 78);
}

/* What OpenSSL 3.0 sends, recorded; all of them with the nonce 00 to 1f. */
Test(client_hello, first_flights_of_openssl)
{
    const struct {
        const char *name;
        const char *sni;
        int carrier; /* -1: there is no nonce */
    } flights[] = {
        {"openssl-nonce-in-alpn", "coordinator", NONCE_IN_PROTOCOLS},
        {"openssl-nonce-in-alpn-no-sni", NULL, NONCE_IN_PROTOCOLS},
        {"openssl-tls12-nonce-in-alpn", "coordinator", NONCE_IN_PROTOCOLS},
        {"openssl-h2-before-nonce-upper-case", NULL, NONCE_IN_PROTOCOLS},
        {"openssl-in-four-records", "coordinator", NONCE_IN_PROTOCOLS},
        {"openssl-nonce-in-sni", EXAMPLE_BASE64, NONCE_IN_SERVER_NAME},
        {"openssl-no-alpn", "coordinator", -1},
    };
    for (size_t i = 0; i < sizeof flights / sizeof *flights; i++) {
        char path[128];
        uint8_t in[2048], nonce[ATLS_NONCE_BYTES];
        (void)snprintf(path, sizeof path, "corpus/client_hello/seed/%s", flights[i].name);
        FILE *f = fopen(path, "rb");
        cr_assert_not_null(f, "%s", path);
        size_t n = fread(in, 1, sizeof in, f), more = 1;
        (void)fclose(f);

        bytes message;
        struct client_hello hello;
        enum nonce_carrier carrier;
        cr_assert(is_ok(client_hello_gather(BYTES(in, n), gathered, sizeof gathered, &more, &message, NULL)));
        cr_assert_eq(more, 0);
        cr_assert(is_ok(client_hello_parse(message, &hello, NULL)));
        const char *sni = flights[i].sni;
        cr_expect(sni ? bytes_eq(hello.server_name, text_bytes(sni)) : bytes_is_absent(hello.server_name));
        bool found = is_ok(client_hello_nonce(&hello, nonce, &carrier, NULL));
        cr_expect_eq(found, flights[i].carrier >= 0, "%s", flights[i].name);
        if (found) cr_expect(is_example(nonce) && (int)carrier == flights[i].carrier, "%s", flights[i].name);
    }
}
