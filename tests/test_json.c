/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/json.h"
#include "parse/pem.h"
#include "parse/text.h"
#include "tests/shared.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static bytes keys[2 * LIMIT_JSON_KEYS];
static uint8_t text_room[1 << 16];

static struct json_reader over(bytes in)
{
    return (struct json_reader){
        .in = in, .keys = keys, .key_cap = COUNT(keys), .text = text_room, .text_cap = sizeof text_room};
}

static status read_to_end(struct json_reader *r, struct err *err)
{
    struct json_event e;
    do
        TRY(json_next(r, &e, err));
    while (e.kind != JSON_END);
    return OK;
}

static status read_all(bytes in, struct err *err)
{
    struct json_reader r = over(in);
    return read_to_end(&r, err);
}

static bool is_json(bytes in)
{
    return is_ok(read_all(in, NULL));
}

/* ---- what is refused ---- */

Test(json, refuses)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        size_t offset;
    } rows[] = {
        {"", ERR_TRUNCATED, 0},
        {" \n", ERR_TRUNCATED, 2},
        {"\xef\xbb\xbf{}", ERR_SYNTAX, 0},
        {"{} {}", ERR_TRAILING, 3},
        {"[]]", ERR_TRAILING, 2},
        {"nullx", ERR_TRAILING, 4},
        {"nul", ERR_TRUNCATED, 3},
        {"nulL", ERR_SYNTAX, 3},
        {"True", ERR_SYNTAX, 0},
        {"NaN", ERR_SYNTAX, 0},
        {"Infinity", ERR_SYNTAX, 0},
        {"'a'", ERR_SYNTAX, 0},
        {"/* */ 1", ERR_SYNTAX, 0},
        {"\f1", ERR_SYNTAX, 0},
        {"[1,]", ERR_SYNTAX, 3},
        {"[,1]", ERR_SYNTAX, 1},
        {"[1 2]", ERR_SYNTAX, 3},
        {"[1}", ERR_SYNTAX, 2},
        {"[", ERR_TRUNCATED, 1},
        {"[1", ERR_TRUNCATED, 2},
        {"{\"a\":1]", ERR_SYNTAX, 6},
        {"{\"a\":1,}", ERR_SYNTAX, 7},
        {"{,\"a\":1}", ERR_SYNTAX, 1},
        {"{\"a\" 1}", ERR_SYNTAX, 5},
        {"{\"a\"}", ERR_SYNTAX, 4},
        {"{\"a\":}", ERR_SYNTAX, 5},
        {"{a:1}", ERR_SYNTAX, 1},
        {"{1:1}", ERR_SYNTAX, 1},
        {"{\"a\":1 \"b\":2}", ERR_SYNTAX, 7},
        {"01", ERR_SYNTAX, 0},
        {"-01", ERR_SYNTAX, 1},
        {"00", ERR_SYNTAX, 0},
        {"+1", ERR_SYNTAX, 0},
        {"-", ERR_TRUNCATED, 1},
        {"-a", ERR_SYNTAX, 1},
        {".5", ERR_SYNTAX, 0},
        {"1.", ERR_TRUNCATED, 2},
        {"1.e1", ERR_SYNTAX, 2},
        {"1e", ERR_TRUNCATED, 2},
        {"1e+", ERR_TRUNCATED, 3},
        {"1ee1", ERR_SYNTAX, 2},
        {"1.2.3", ERR_TRAILING, 3},
        {"0x1", ERR_TRAILING, 1},
        {"1_0", ERR_TRAILING, 1},
        {"\"a", ERR_TRUNCATED, 2},
        {"\"a\\", ERR_TRUNCATED, 3},
        {"\"a\n\"", ERR_SYNTAX, 2},
        {"\"\t\"", ERR_SYNTAX, 1},
        {"\"\x1f\"", ERR_SYNTAX, 1},
        {"\"\\x41\"", ERR_SYNTAX, 2},
        {"\"\\'\"", ERR_SYNTAX, 2},
        {"\"\\U0041\"", ERR_SYNTAX, 2},
        {"\"\\u004\"", ERR_SYNTAX, 1},
        {"\"\\u00g0\"", ERR_SYNTAX, 1},
        {"\"\\u+041\"", ERR_SYNTAX, 1},
        {"\"\\ud800\"", ERR_SYNTAX, 1}, /* half a pair */
        {"\"\\udc00\"", ERR_SYNTAX, 1},
        {"\"\\ud800x\"", ERR_SYNTAX, 1},
        {"\"\\ud800\\n\"", ERR_SYNTAX, 1},
        {"\"\\ud800\\u0041\"", ERR_SYNTAX, 1},
        {"\"\\ud800\\ud800\"", ERR_SYNTAX, 1},
        {"\"\\udc00\\ud800\"", ERR_SYNTAX, 1},
        {"\"\xff\"", ERR_SYNTAX, 1},
        {"\"a\x80\"", ERR_SYNTAX, 2},
        {"\"\xc0\xaf\"", ERR_SYNTAX, 1},         /* overlong */
        {"\"\xed\xa0\x80\"", ERR_SYNTAX, 1},     /* a surrogate */
        {"\"\xf4\x90\x80\x80\"", ERR_SYNTAX, 1}, /* above U+10FFFF */
        {"\"\xe2\x82\"", ERR_SYNTAX, 1},         /* cut short */
        {"\xc2\xa0"
         "1",
         ERR_SYNTAX, 0}, /* no-break space is no white space */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        status s = read_all(text_bytes(rows[i].text), &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].text, err.text);
        cr_expect(err.offset == rows[i].offset && err.text[0], "%s: %zu: %s", rows[i].text, err.offset, err.text);
    }
}

Test(json, refuses_nul_outside_strings_and_raw_inside)
{
    struct err err = {0};
    cr_expect_eq(read_all(BYTES_LIT("1\0"), &err).kind, ERR_TRAILING);
    cr_expect_eq(read_all(BYTES_LIT("[1\0]"), NULL).kind, ERR_SYNTAX);
    cr_expect_eq(read_all(BYTES_LIT("\"a\0b\""), NULL).kind, ERR_SYNTAX);
    cr_expect_eq(read_all(BYTES_LIT("\0"), NULL).kind, ERR_SYNTAX);
}

/* Strings are read in words where they are plain: each byte on each place of strings of each length around two words.
 */
Test(json, one_byte_in_the_middle_of_plain_ones)
{
    enum { LONGEST = 18 };
    for (size_t len = 1; len <= LONGEST; len++)
        for (size_t at = 0; at < len; at++)
            for (unsigned c = 0; c < 256; c++) {
                uint8_t in[LONGEST + 2];
                memset(in, 'a', sizeof in);
                in[0] = in[len + 1] = '"';
                in[at + 1] = (uint8_t)c;
                struct json_reader r = over(BYTES(in, len + 2));
                struct json_event e = {0};
                bool have = is_ok(json_next(&r, &e, NULL)) && e.text.len == len && is_ok(json_finish(&r, NULL));
                bool want = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
                cr_assert_eq(have, want, "byte 0x%02x at %zu of %zu", c, at, len);
                if (want) cr_assert(bytes_eq(e.text, BYTES(in + 1, len)));
            }
}

Test(json, refuses_duplicate_keys_after_unescaping)
{
    static const struct {
        const char *text;
        size_t offset;
    } rows[] = {
        {"{\"a\":1,\"a\":1}", 7},
        {"{\"a\":1,\"\\u0061\":2}", 7},
        {"{\"\\u0061\":1,\"a\":2}", 12},
        {"{\"\":1,\"\":2}", 6},
        {"{\"a\":{\"a\":1},\"b\":2,\"a\":3}", 19},
        {"[{\"x\":{\"k\":0,\"k\":0}}]", 13},
        {"{\"\xc3\xa9\":1,\"\\u00E9\":2}", 8},
        {"{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}", 10},
        {"{\"/\":1,\"\\/\":2}", 7},
        {"{\"\\u0000\":1,\"\\u0000\":2}", 12},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err err = {0};
        cr_expect_eq(read_all(text_bytes(rows[i].text), &err).kind, ERR_DUPLICATE, "%s: %s", rows[i].text, err.text);
        cr_expect_eq(err.offset, rows[i].offset, "%s: %zu", rows[i].text, err.offset);
    }
    static const char *const fine[] = {
        "{\"a\":1,\"A\":2}",     "{\"a\":1,\"a\\u0000\":2}",  "{\"a\":{\"a\":{\"a\":1}}}",
        "[{\"a\":1},{\"a\":1}]", "{\"a\":{\"b\":1},\"b\":2}", "{\"\xc3\xa9\":1,\"e\\u0301\":2}", /* no normalization */
    };
    for (size_t i = 0; i < COUNT(fine); i++)
        cr_expect(is_json(text_bytes(fine[i])), "%s", fine[i]);
}

static const char sample[] = " {\"a\" : [1, -2.5e+3, {}, [], \"x\\n\\ud83d\\ude00\xc3\xa9\"], \"b\\t\": {\"c\": true, "
                             "\"d\": false}, \"e\": null}";

Test(json, every_prefix_is_refused)
{
    const size_t len = sizeof sample - 1;
    cr_assert(is_json(BYTES_LIT(sample)));
    for (size_t n = 0; n < len; n++) {
        struct err err = {0};
        /* A copy of exactly that size, so that a sanitizer sees a byte read behind it. */
        uint8_t *copy = malloc(n > 0 ? n : 1);
        cr_assert_not_null(copy);
        memcpy(copy, sample, n);
        status s = read_all(BYTES(copy, n), &err);
        cr_expect(!is_ok(s) && err.offset <= n && err.text[0], "%zu", n);
        free(copy);
    }
}

Test(json, an_extra_byte_is_refused_unless_white)
{
    uint8_t copy[sizeof sample];
    memcpy(copy, sample, sizeof sample - 1);
    for (int c = 0; c < 256; c++) {
        copy[sizeof sample - 1] = (uint8_t)c;
        bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        cr_expect_eq(is_json(BYTES_OF(copy)), white, "%02x", (unsigned)c);
    }
}

/* ---- limits and lent memory ---- */

static size_t nested(char *out, size_t depth, const char *open, char close)
{
    size_t n = 0;
    for (size_t i = 0; i < depth; i++, n += strlen(open))
        memcpy(out + n, open, strlen(open));
    out[n++] = '0';
    for (size_t i = 0; i < depth; i++)
        out[n++] = close;
    return n;
}

Test(json, depth_is_limited)
{
    char text[8 * (LIMIT_JSON_DEPTH + 1)];
    struct err err = {0};
    cr_expect(is_json(BYTES((uint8_t *)text, nested(text, LIMIT_JSON_DEPTH, "[", ']'))));
    cr_expect(is_json(BYTES((uint8_t *)text, nested(text, LIMIT_JSON_DEPTH, "{\"k\":", '}'))));
    size_t n = nested(text, LIMIT_JSON_DEPTH + 1, "[", ']');
    cr_expect_eq(read_all(BYTES((uint8_t *)text, n), &err).kind, ERR_LIMIT);
    cr_expect_eq(err.offset, LIMIT_JSON_DEPTH);
    n = nested(text, LIMIT_JSON_DEPTH + 1, "{\"k\":", '}');
    cr_expect_eq(read_all(BYTES((uint8_t *)text, n), NULL).kind, ERR_LIMIT);
}

/* {"0":0,"1":0,...} */
static size_t many_keys(char *out, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += (size_t)sprintf(out + n, "%c\"%zu\":0", i == 0 ? '{' : ',', i);
    out[n++] = '}';
    return n;
}

Test(json, keys_of_one_object_are_limited)
{
    static char text[16 * (LIMIT_JSON_KEYS + 2)];
    cr_expect(is_json(BYTES((uint8_t *)text, many_keys(text, LIMIT_JSON_KEYS))));
    cr_expect_eq(read_all(BYTES((uint8_t *)text, many_keys(text, LIMIT_JSON_KEYS + 1)), NULL).kind, ERR_LIMIT);
}

/* Every seventh of 97, so that no key comes in order; lengths 1 to 5, and each is the beginning of others. */
enum { SCATTERED = 97 };

static size_t scattered_key(char *out, size_t i)
{
    size_t n = i * 7 % SCATTERED, len = 1 + n % 5;
    return (size_t)sprintf(out, "\"%.*s%c\":{\"k\":%zu}", (int)len, "xxxxx", (char)('0' + n / 5), n);
}

Test(json, a_key_that_occurs_twice_is_found_among_many)
{
    char text[SCATTERED * 24 + 32];
    for (size_t again = 0; again <= SCATTERED; again++) {
        size_t n = 0, at = 0;
        for (size_t i = 0; i < SCATTERED; i++) {
            text[n++] = i == 0 ? '{' : ',';
            n += scattered_key(&text[n], i);
        }
        at = n + 1;
        if (again < SCATTERED) {
            text[n++] = ',';
            n += scattered_key(&text[n], again);
        }
        text[n++] = '}';
        struct err err = {0};
        status s = read_all(BYTES((uint8_t *)text, n), &err);
        cr_assert_eq(s.kind, again < SCATTERED ? ERR_DUPLICATE : ERR_NONE, "%zu: %s", again, err.text);
        cr_assert_eq(err.offset, again < SCATTERED ? at : 0, "%zu: %s", again, err.text);
    }
}

/* The sample has 5 keys, 3 and 2 of them open at a time, and 2 strings with escapes: 8 and 2 bytes. */
Test(json, lent_memory_of_any_size)
{
    size_t enough = 0;
    for (size_t key_cap = 0; key_cap <= 5; key_cap++)
        for (size_t text_cap = 0; text_cap <= 12; text_cap++) {
            bytes few_keys[5];
            uint8_t few_bytes[12];
            struct json_reader r = {.in = BYTES_LIT(sample), .keys = few_keys, .key_cap = key_cap, .text = few_bytes};
            struct err err = {0};
            r.text_cap = text_cap;
            status s = read_to_end(&r, &err);
            cr_expect(is_ok(s) ? err.text[0] == '\0' : s.kind == ERR_NOMEM && err.text[0], "%s", err.text);
            cr_expect_eq(is_ok(s), key_cap >= 4 && text_cap >= 10, "%zu keys, %zu bytes", key_cap, text_cap);
            enough += is_ok(s);
        }
    cr_expect_eq(enough, 2 * 3);
}

/* ---- events ---- */

static void expect_event(struct json_reader *r, enum json_kind kind, size_t offset, const char *text)
{
    struct json_event e;
    struct err err = {0};
    enum json_kind peeked = JSON_END;
    cr_assert(is_ok(json_peek(r, &peeked, &err)), "%s", err.text);
    cr_assert(is_ok(json_next(r, &e, &err)), "%s", err.text);
    cr_expect_eq(peeked, kind == JSON_INTEGER ? JSON_NUMBER : kind, "byte %zu", offset);
    cr_expect(e.kind == kind && e.offset == offset, "kind %d at %zu", (int)e.kind, e.offset);
    cr_expect(text ? bytes_eq(e.text, text_bytes(text)) : bytes_is_absent(e.text), "byte %zu", offset);
}

Test(json, events_in_order)
{
    struct json_reader r = over(BYTES_LIT(sample));
    expect_event(&r, JSON_OBJECT, 1, NULL);
    expect_event(&r, JSON_KEY, 2, "a");
    expect_event(&r, JSON_ARRAY, 8, NULL);
    expect_event(&r, JSON_INTEGER, 9, "1");
    expect_event(&r, JSON_NUMBER, 12, "-2.5e+3");
    expect_event(&r, JSON_OBJECT, 21, NULL);
    expect_event(&r, JSON_OBJECT_END, 22, NULL);
    expect_event(&r, JSON_ARRAY, 25, NULL);
    expect_event(&r, JSON_ARRAY_END, 26, NULL);
    expect_event(&r, JSON_STRING, 29, "x\n\xf0\x9f\x98\x80\xc3\xa9");
    expect_event(&r, JSON_ARRAY_END, 48, NULL);
    expect_event(&r, JSON_KEY, 51, "b\t");
    expect_event(&r, JSON_OBJECT, 58, NULL);
    expect_event(&r, JSON_KEY, 59, "c");
    expect_event(&r, JSON_BOOL, 64, NULL);
    expect_event(&r, JSON_KEY, 70, "d");
    expect_event(&r, JSON_BOOL, 75, NULL);
    expect_event(&r, JSON_OBJECT_END, 80, NULL);
    expect_event(&r, JSON_KEY, 83, "e");
    expect_event(&r, JSON_NULL, 88, NULL);
    expect_event(&r, JSON_OBJECT_END, 92, NULL);
    expect_event(&r, JSON_END, 93, NULL);
    expect_event(&r, JSON_END, 93, NULL);
}

Test(json, unescapes)
{
    static const struct {
        const char *text;
        bytes want;
    } rows[] = {
        {"\"\"", BYTES_LIT("")},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", BYTES_LIT("\"\\/\b\f\n\r\t")},
        {"\"\\u0000\"", BYTES_LIT("\0")},
        {"\"\\u0041\\u007f\"", BYTES_LIT("A\x7f")},
        {"\"\\u0080\\u07FF\"", BYTES_LIT("\xc2\x80\xdf\xbf")},
        {"\"\\u0800\\uffff\"", BYTES_LIT("\xe0\xa0\x80\xef\xbf\xbf")},
        {"\"\\ud7ff\\ue000\"", BYTES_LIT("\xed\x9f\xbf\xee\x80\x80")},
        {"\"\\uD800\\uDC00\"", BYTES_LIT("\xf0\x90\x80\x80")},
        {"\"\\uDBFF\\uDFFF\"", BYTES_LIT("\xf4\x8f\xbf\xbf")},
        {"\"\\uD834\\udd1e\"", BYTES_LIT("\xf0\x9d\x84\x9e")},
        {"\"a\\u00e9\xc3\xa9\x7f\"", BYTES_LIT("a\xc3\xa9\xc3\xa9\x7f")},
        {"\"\\\\u0041\"", BYTES_LIT("\\u0041")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_reader r = over(text_bytes(rows[i].text));
        struct json_event e;
        cr_assert(is_ok(json_next(&r, &e, NULL)), "%s", rows[i].text);
        cr_expect(bytes_eq(e.text, rows[i].want), "%s", rows[i].text);
    }
}

Test(json, integers_are_exact)
{
    static const struct {
        const char *text;
        enum json_kind kind;
        bool negative;
        uint64_t magnitude;
    } rows[] = {
        {"0", JSON_INTEGER, false, 0},
        {"-0", JSON_INTEGER, true, 0},
        {"9007199254740993", JSON_INTEGER, false, 9007199254740993u},
        {"9223372036854775807", JSON_INTEGER, false, INT64_MAX},
        {"18446744073709551615", JSON_INTEGER, false, UINT64_MAX},
        {"18446744073709551616", JSON_NUMBER, false, 0},
        {"-9223372036854775808", JSON_INTEGER, true, (uint64_t)1 << 63},
        {"-9223372036854775809", JSON_NUMBER, false, 0},
        {"123456789012345678901234567890", JSON_NUMBER, false, 0},
        {"1.0", JSON_NUMBER, false, 0},
        {"1e2", JSON_NUMBER, false, 0},
        {"-1E-2", JSON_NUMBER, false, 0},
        {"0.1", JSON_NUMBER, false, 0},
        {"0e0", JSON_NUMBER, false, 0},
        {"1e999999999", JSON_NUMBER, false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_reader r = over(text_bytes(rows[i].text));
        struct json_event e;
        cr_assert(is_ok(json_next(&r, &e, NULL)), "%s", rows[i].text);
        cr_expect(e.kind == rows[i].kind && e.negative == rows[i].negative, "%s", rows[i].text);
        cr_expect(bytes_eq(e.text, text_bytes(rows[i].text)));
        if (e.kind == JSON_INTEGER) cr_expect_eq(e.magnitude, rows[i].magnitude, "%s", rows[i].text);
        cr_expect(is_ok(json_finish(&r, NULL)));
    }
}

Test(json, strings_without_escapes_are_views_of_the_input)
{
    const bytes in = BYTES_LIT("[\"plain\",\"esc\\n\"]");
    struct json_reader r = over(in);
    struct json_event e;
    cr_assert(is_ok(json_next(&r, &e, NULL)));
    cr_assert(is_ok(json_next(&r, &e, NULL)));
    cr_expect_eq(e.text.ptr, in.ptr + 2);
    cr_assert(is_ok(json_next(&r, &e, NULL)));
    cr_expect_eq(e.text.ptr, text_room);
}

/* ---- schemas ---- */

enum { SNP_VERSION, MICROCODE_VERSION, DEBUG, NAME, FIELD_COUNT };

static const struct json_field fields[FIELD_COUNT] = {
    {"SNPVersion", true}, {"MicrocodeVersion", false}, {"Debug", false}, {"Name", false}};

struct values {
    uint64_t snp_version, microcode_version;
    bool debug;
    bytes name;
};

static status read_values(struct json_reader *r, bool skip_unknown, struct values *v, struct err *err)
{
    struct json_fields f = {.table = fields, .count = FIELD_COUNT, .skip_unknown = skip_unknown};
    TRY(json_enter_object(r, err));
    for (size_t field = 0;;) {
        bool end = false;
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) return OK;
        switch (field) {
        case SNP_VERSION:
            TRY(json_get_u64(r, 255, &v->snp_version, err));
            break;
        case MICROCODE_VERSION:
            TRY(json_get_u64(r, UINT64_MAX, &v->microcode_version, err));
            break;
        case DEBUG:
            TRY(json_get_bool(r, &v->debug, err));
            break;
        default:
            TRY(json_get_text(r, &v->name, err));
        }
    }
}

/* {"ReferenceValues": {"snp": [values, ...]}} */
static status read_schema(bytes in, bool skip_unknown, struct values *last, struct err *err)
{
    struct json_reader r = over(in);
    bytes key;
    bool end = false;
    TRY(json_enter_object(&r, err));
    TRY(json_next_key(&r, &key, &end, err));
    TRY(json_enter_object(&r, err));
    TRY(json_next_key(&r, &key, &end, err));
    TRY(json_enter_array(&r, err));
    for (;;) {
        TRY(json_next_item(&r, &end, err));
        if (end) break;
        TRY(read_values(&r, skip_unknown, last, err));
    }
    TRY(json_next_key(&r, &key, &end, err));
    if (!end) return json_refuse(&r, err, ERR_UNSUPPORTED, "unknown key");
    TRY(json_next_key(&r, &key, &end, err));
    if (!end) return json_refuse(&r, err, ERR_UNSUPPORTED, "unknown key");
    return json_finish(&r, err);
}

#define SNP(values) "{\"ReferenceValues\":{\"snp\":[" values "]}}"

Test(json, schema_errors_carry_their_path)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        const char *want;
    } rows[] = {
        {SNP("{\"SNPVersion\":256}"), ERR_RANGE,
         "ReferenceValues.snp[0].SNPVersion: want an integer from 0 to 255, have \"256\""},
        {SNP("{\"SNPVersion\":0},{\"SNPVersion\":-0}"), ERR_RANGE,
         "ReferenceValues.snp[1].SNPVersion: want an integer from 0 to 255, have \"-0\""},
        {SNP("{\"SNPVersion\":1.0}"), ERR_RANGE,
         "ReferenceValues.snp[0].SNPVersion: want an integer from 0 to 255, have \"1.0\""},
        {SNP("{\"SNPVersion\":0,\"MicrocodeVersion\":18446744073709551616}"), ERR_RANGE,
         "ReferenceValues.snp[0].MicrocodeVersion: want an integer from 0 to 18446744073709551615, have "
         "\"18446744073709551616\""},
        {SNP("{\"SNPVersion\":\"1\"}"), ERR_SYNTAX, "ReferenceValues.snp[0].SNPVersion: want a number, have a string"},
        {SNP("{\"SNPVersion\":null}"), ERR_SYNTAX, "ReferenceValues.snp[0].SNPVersion: want a number, have null"},
        {SNP("{\"Debug\":0}"), ERR_SYNTAX, "ReferenceValues.snp[0].Debug: want true or false, have a number"},
        {SNP("{\"Name\":true}"), ERR_SYNTAX, "ReferenceValues.snp[0].Name: want a string, have true or false"},
        {SNP("{\"Name\":[]}"), ERR_SYNTAX, "ReferenceValues.snp[0].Name: want a string, have an array"},
        {SNP("{\"Name\":\"a\\u0000\"}"), ERR_SYNTAX, "ReferenceValues.snp[0].Name: want no \\u0000, have \"a\\x00\""},
        {SNP("{\"snpversion\":1}"), ERR_UNSUPPORTED, "ReferenceValues.snp[0].snpversion: unknown key"},
        {SNP("{\"a b\\u001b\":1}"), ERR_UNSUPPORTED, "ReferenceValues.snp[0].\"a b\\x1b\": unknown key"},
        {SNP("{\"\":1}"), ERR_UNSUPPORTED, "ReferenceValues.snp[0].\"\": unknown key"},
        {SNP("{\"99dd\":1}"), ERR_UNSUPPORTED, "ReferenceValues.snp[0].\"99dd\": unknown key"},
        {SNP("{\"SNPVersion\\u0000\":1}"), ERR_SYNTAX,
         "ReferenceValues.snp[0].\"SNPVersion\\x00\": want no \\u0000, have \"SNPVersion\\x00\""},
        {SNP("{\"SNPVersion\":1,\"SNPVersion\":1}"), ERR_DUPLICATE,
         "ReferenceValues.snp[0]: key \"SNPVersion\" occurs twice"},
        {SNP("{}"), ERR_MISSING, "ReferenceValues.snp[0]: want key \"SNPVersion\", have none"},
        {SNP("{\"SNPVersion\":1},[]"), ERR_SYNTAX, "ReferenceValues.snp[1]: want an object, have an array"},
        {SNP("{\"SNPVersion\":1},"), ERR_SYNTAX,
         "ReferenceValues.snp[1]: byte 44: want another item after ',', have \"]\""},
        {SNP("{\"SNPVersion\":1 1}"), ERR_SYNTAX,
         "ReferenceValues.snp[0].SNPVersion: byte 43: want ',' or '}', have \"1\""},
        {"{\"ReferenceValues\":3}", ERR_SYNTAX, "ReferenceValues: want an object, have a number"},
        {"[]", ERR_SYNTAX, "want an object, have an array"},
        {"{}", ERR_SYNTAX, "want an object, have the end"},
        {SNP("{\"SNPVersion\":1}") "x", ERR_TRAILING, "byte 46: leftover after the document"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct values v = {0};
        struct err err = {0};
        status s = read_schema(text_bytes(rows[i].text), false, &v, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].text, err.text);
        cr_expect_str_eq(err.text, rows[i].want);
        cr_expect(err.offset <= strlen(rows[i].text));
    }
}

Test(json, schema_reads)
{
    struct values v = {0};
    struct err err = {0};
    cr_assert(is_ok(read_schema(
                  text_bytes(SNP(" {\"Name\" : \"x\\ty\", \"Debug\":true,\"MicrocodeVersion\":18446744073709551615,"
                                 "\"SNPVersion\":255} ")),
                  false, &v, &err)),
              "%s", err.text);
    cr_expect(v.snp_version == 255 && v.microcode_version == UINT64_MAX && v.debug);
    cr_expect(bytes_eq(v.name, text_bytes("x\ty")));
}

Test(json, unknown_keys_are_skipped_when_asked_for)
{
    struct values v = {0};
    struct err err = {0};
    const char *text = SNP("{\"x\":{\"SNPVersion\":[1,{\"y\":[]}]},\"SNPVersion\":7,\"z\":\"}\",\"n\":null,\"d\":1e9}");
    cr_assert(is_ok(read_schema(text_bytes(text), true, &v, &err)), "%s", err.text);
    cr_expect_eq(v.snp_version, 7);
    cr_expect_not(is_ok(read_schema(text_bytes(text), false, &v, NULL)));
    cr_expect_eq(read_schema(text_bytes(SNP("{\"x\":1,\"SNPVersion\":7,\"x\":1}")), true, &v, NULL).kind,
                 ERR_DUPLICATE);
    cr_expect_eq(read_schema(text_bytes(SNP("{\"x\":{\"k\":1,\"k\":1},\"SNPVersion\":7}")), true, &v, NULL).kind,
                 ERR_DUPLICATE);
    cr_expect_eq(read_schema(text_bytes(SNP("{\"x\":[01],\"SNPVersion\":7}")), true, &v, NULL).kind, ERR_SYNTAX);
}

Test(json, long_paths_are_cut)
{
    char text[4096] = "";
    for (int i = 0; i < LIMIT_JSON_DEPTH; i++)
        strcat(text, "{\"abcdefghij\":");
    strcat(text, "x");
    struct err err = {0};
    cr_expect_eq(read_all(text_bytes(text), &err).kind, ERR_SYNTAX);
    cr_expect_not_null(strstr(err.text, "abcdefghij..: byte 896: "), "%s", err.text);
    cr_expect_not_null(strstr(err.text, "want a value, have \"x\""));
}

/* ---- public suite ---- */

/* Reads every file of the suite whose name starts with `prefix` and calls `expect`; returns how many there were. */
static size_t for_each_file(const char *prefix, void (*expect)(const char *name, status s, const char *text))
{
    free((void *)(uintptr_t)shared_read("suites/json/y_array_empty.json").ptr); /* skips the test without a suite */
    DIR *dir = opendir("../shared/suites/json");
    cr_assert_not_null(dir);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) continue;
        char path[300];
        (void)snprintf(path, sizeof path, "suites/json/%s", entry->d_name);
        bytes in = shared_read(path);
        struct err err = {0};
        status s = read_all(in, &err);
        cr_expect(is_ok(s) || (err.text[0] && err.offset <= in.len), "%s", path);
        expect(entry->d_name, s, err.text);
        free((void *)(uintptr_t)in.ptr);
        count++;
    }
    (void)closedir(dir);
    return count;
}

struct decision {
    const char *name;
    enum err_kind kind; /* ERR_NONE: accepted */
    const char *reason;
};

static const struct decision *find_decision(const struct decision *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i].name, name) == 0) return &rows[i];
    return NULL;
}

static void expect_refused(const char *name, status s, const char *text)
{
    (void)text;
    cr_expect_not(is_ok(s), "%s was accepted", name);
}

Test(json, suite_refuses_every_n)
{
    cr_expect_geq(for_each_file("n_", expect_refused), 187);
}

/* Well-formed by the grammar and yet refused. */
static const struct decision refused_y[] = {
    {"y_object_duplicated_key.json", ERR_DUPLICATE, "readers differ in whether the first or the last one counts"},
    {"y_object_duplicated_key_and_value.json", ERR_DUPLICATE, "the same: one rule, whatever the values are"},
};

static void expect_accepted(const char *name, status s, const char *text)
{
    const struct decision *d = find_decision(refused_y, COUNT(refused_y), name);
    cr_expect_eq(s.kind, d ? d->kind : ERR_NONE, "%s: %s%s", name, text, d ? d->reason : "");
}

Test(json, suite_accepts_every_y_but_duplicates)
{
    cr_expect_geq(for_each_file("y_", expect_accepted), 95);
}

/* What the grammar leaves to the reader. */
static const char large[] = "in the grammar; handed out as a number that is no integer, never converted";
static const char half[] = "half a surrogate pair stands for no character";
static const char not_utf8[] = "malformed UTF-8";
static const char utf16[] = "UTF-8 is the one encoding";

static const struct decision decisions[] = {
    {"i_number_double_huge_neg_exp.json", ERR_NONE, large},
    {"i_number_huge_exp.json", ERR_NONE, large},
    {"i_number_neg_int_huge_exp.json", ERR_NONE, large},
    {"i_number_pos_double_huge_exp.json", ERR_NONE, large},
    {"i_number_real_neg_overflow.json", ERR_NONE, large},
    {"i_number_real_pos_overflow.json", ERR_NONE, large},
    {"i_number_real_underflow.json", ERR_NONE, large},
    {"i_number_too_big_neg_int.json", ERR_NONE, large},
    {"i_number_too_big_pos_int.json", ERR_NONE, large},
    {"i_number_very_big_negative_int.json", ERR_NONE, large},
    {"i_object_key_lone_2nd_surrogate.json", ERR_SYNTAX, half},
    {"i_string_1st_surrogate_but_2nd_missing.json", ERR_SYNTAX, half},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", ERR_SYNTAX, half},
    {"i_string_incomplete_surrogate_and_escape_valid.json", ERR_SYNTAX, half},
    {"i_string_incomplete_surrogate_pair.json", ERR_SYNTAX, half},
    {"i_string_incomplete_surrogates_escape_valid.json", ERR_SYNTAX, half},
    {"i_string_invalid_lonely_surrogate.json", ERR_SYNTAX, half},
    {"i_string_invalid_surrogate.json", ERR_SYNTAX, half},
    {"i_string_inverted_surrogates_U+1D11E.json", ERR_SYNTAX, half},
    {"i_string_lone_second_surrogate.json", ERR_SYNTAX, half},
    {"i_string_UTF-8_invalid_sequence.json", ERR_SYNTAX, not_utf8},
    {"i_string_UTF8_surrogate_U+D800.json", ERR_SYNTAX, not_utf8},
    {"i_string_invalid_utf-8.json", ERR_SYNTAX, not_utf8},
    {"i_string_iso_latin_1.json", ERR_SYNTAX, not_utf8},
    {"i_string_lone_utf8_continuation_byte.json", ERR_SYNTAX, not_utf8},
    {"i_string_not_in_unicode_range.json", ERR_SYNTAX, not_utf8},
    {"i_string_overlong_sequence_2_bytes.json", ERR_SYNTAX, not_utf8},
    {"i_string_overlong_sequence_6_bytes.json", ERR_SYNTAX, not_utf8},
    {"i_string_overlong_sequence_6_bytes_null.json", ERR_SYNTAX, not_utf8},
    {"i_string_truncated-utf-8.json", ERR_SYNTAX, not_utf8},
    {"i_string_UTF-16LE_with_BOM.json", ERR_SYNTAX, utf16},
    {"i_string_utf16BE_no_BOM.json", ERR_SYNTAX, utf16},
    {"i_string_utf16LE_no_BOM.json", ERR_SYNTAX, utf16},
    {"i_structure_UTF-8_BOM_empty_object.json", ERR_SYNTAX, "RFC 8259 forbids to add a byte order mark"},
    {"i_structure_500_nested_arrays.json", ERR_LIMIT, "deeper than LIMIT_JSON_DEPTH"},
};

static void expect_decided(const char *name, status s, const char *text)
{
    const struct decision *d = find_decision(decisions, COUNT(decisions), name);
    cr_assert_not_null(d, "%s is not decided", name);
    cr_expect_eq(s.kind, d->kind, "%s: %s: %s", name, text, d->reason);
}

Test(json, suite_decides_every_i)
{
    cr_expect_eq(for_each_file("i_", expect_decided), COUNT(decisions));
}

/* ---- Azure THIM ---- */

static void expect_certificates(bytes pem, size_t count)
{
    static const char *const labels[] = {"CERTIFICATE"};
    static uint8_t der[4096];
    struct pem_reader p = {.in = pem, .labels = labels, .label_count = 1};
    struct pem_block block;
    for (bool end = false;;) {
        cr_assert(is_ok(pem_next(&p, der, sizeof der, &block, &end, NULL)));
        if (end) break;
    }
    cr_expect_eq(p.blocks, count);
}

Test(json, shared_thim_answer)
{
    static const struct json_field thim[] = {
        {"vcekCert", true}, {"tcbm", true}, {"certificateChain", true}, {"cacheControl", false}};
    bytes in = shared_read("vectors/azure/thim_uvm_host_amd_certificate.json");
    struct json_reader r = over(in);
    struct json_fields f = {.table = thim, .count = COUNT(thim), .skip_unknown = true};
    bytes value[COUNT(thim)] = {{0}};
    bool end = false;
    cr_assert(is_ok(json_enter_object(&r, NULL)));
    for (size_t field = 0;;) {
        cr_assert(is_ok(json_next_field(&r, &f, &field, &end, NULL)));
        if (end) break;
        cr_assert(is_ok(json_get_text(&r, &value[field], NULL)));
    }
    cr_assert(is_ok(json_finish(&r, NULL)));
    expect_certificates(value[0], 1);
    cr_expect(bytes_eq(value[1], text_bytes("7308000000000003")));
    expect_certificates(value[2], 2);
    cr_expect(bytes_eq(value[3], text_bytes("86400")));
    free((void *)(uintptr_t)in.ptr);
}

/* RFC 6901, section 5, in a document of one path each. */
Test(json, pointers)
{
    static const struct {
        const char *text;
        size_t events;
        const char *want;
    } rows[] = {
        {"{}", 0, ""},
        {"{}", 1, ""},
        {"{\"foo\":1}", 2, "/foo"},
        {"{\"foo\":[\"a\",{}]}", 4, "/foo/0"},
        {"{\"foo\":[\"a\",{}]}", 5, "/foo/1"},
        {"{\"a\":{},\"\":2}", 5, "/"},
        {"{\"a/b\":1}", 2, "/a~1b"},
        {"{\"m~n\":1}", 2, "/m~0n"},
        {"{\"\\u0007\\u00e9\":1}", 2, "/\\x07\\xc3\\xa9"},
        {"[[[1]]]", 4, "/0/0/0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_reader r = over(text_bytes(rows[i].text));
        struct json_event e;
        for (size_t n = 0; n < rows[i].events; n++)
            cr_assert(is_ok(json_next(&r, &e, NULL)), "%s", rows[i].text);
        cr_expect_str_eq(json_pointer(&r).s, rows[i].want, "%s", rows[i].text);
    }
}
