/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "parse/initdata.h"
#include "parse/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

#define HEAD   "version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n"
#define TABLE  HEAD "[data]\n"
#define POLICY "package agent_policy\n\ndefault AllowRequestsFailingPolicy := false\n"
#define WHOLE  TABLE "\"policy.rego\" = '''\n" POLICY "'''\n\"contrast.insecure-debug\" = \"true\"\n"

static struct initdata_entry entries[LIMIT_INITDATA_ENTRIES];
static uint8_t text[4096];

static status parse(bytes in, struct initdata *out, struct err *err)
{
    return initdata_parse(in, entries, COUNT(entries), text, sizeof text, out, err);
}

static void refused(bytes in, enum err_kind kind, const char *says)
{
    struct initdata d = {.entry_count = 77};
    struct err err = {0};
    cr_expect_eq(parse(in, &d, &err).kind, kind, "%.*s: %s", (int)in.len, (const char *)in.ptr, err.text);
    cr_expect(d.entry_count == 77 && err.offset <= in.len && strncmp(err.text, "initdata: ", 10) == 0, "%s", err.text);
    cr_expect(strstr(err.text, says), "%.*s: want %s, have %s", (int)in.len, (const char *)in.ptr, says, err.text);
}

/* ---- what is refused ---- */

Test(initdata, refuses_other_heads)
{
    static const struct {
        const char *in;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {"", ERR_MISSING, "want version before [data]"},
        {"version = \"0.1.0\"\n[data]\n", ERR_MISSING, "want algorithm before [data]"},
        {"algorithm = \"sha256\"\n[data]\n", ERR_MISSING, "want version before [data]"},
        {"[data]\nversion = \"0.1.0\"\nalgorithm = \"sha256\"\n", ERR_MISSING, "want version"},
        {HEAD, ERR_MISSING, "want the table [data]"},
        {"version = \"0.1.1\"\n" HEAD, ERR_UNSUPPORTED, "want \"0.1.0\", have \"0.1.1\""},
        {"version = 0.1\n", ERR_SYNTAX, "line 1: want a string in quotes"},
        {"algorithm = \"sha-256\"\n", ERR_UNSUPPORTED, "have \"sha-256\""},
        {"algorithm = \"SHA256\"\n", ERR_UNSUPPORTED, "have \"SHA256\""},
        {"algorithm = \"md5\"\n", ERR_UNSUPPORTED, "want sha256, sha384 or sha512"},
        {"version = \"0.1.0\"\n\nversion = \"0.1.0\"\n", ERR_DUPLICATE, "line 3: version occurs twice"},
        {"Version = \"0.1.0\"\n", ERR_UNSUPPORTED, "have \"Version\""},
        {HEAD "plaintext = \"x\"\n", ERR_UNSUPPORTED, "line 4: want version, algorithm or [data]"},
        {HEAD "data = {}\n", ERR_UNSUPPORTED, "have \"data\""},
        {HEAD "[[data]]\n", ERR_SYNTAX, "want the table [data]"},
        {HEAD "[data.x]\n", ERR_SYNTAX, "want the table [data]"},
        {HEAD "[Data]\n", ERR_SYNTAX, "want the table [data]"},
        {HEAD "[ data ]\n", ERR_SYNTAX, "want the table [data]"},
        {HEAD "[data] x\n", ERR_SYNTAX, "want the end of the line"},
        {TABLE "a = \"b\"\n[data]\n", ERR_UNSUPPORTED, "want no table but [data]"},
        {TABLE "[other]\n", ERR_UNSUPPORTED, "want no table but [data]"},
        {"version = \"0.1.0\" algorithm = \"sha256\"\n", ERR_SYNTAX, "want the end of the line"},
        {"version \"0.1.0\"\n", ERR_SYNTAX, "want '='"},
        {"version.x = \"0.1.0\"\n", ERR_SYNTAX, "want '='"},
        {"\xef\xbb\xbf" WHOLE, ERR_SYNTAX, "line 1: want a string in quotes"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        refused(text_bytes(rows[i].in), rows[i].kind, rows[i].says);
}

Test(initdata, refuses_entries)
{
    static const struct {
        const char *in;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {"a = 1\n", ERR_SYNTAX, "want a string in quotes"},
        {"a = true\n", ERR_SYNTAX, "want a string in quotes"},
        {"a = [\"b\"]\n", ERR_SYNTAX, "want a string in quotes"},
        {"a =\n\"b\"\n", ERR_SYNTAX, "line 5: want a string in quotes"},
        {"a\n= \"b\"\n", ERR_SYNTAX, "want '='"},
        {"policy.rego = \"b\"\n", ERR_SYNTAX, "want '='"},
        {"a = \"b\" \"c\"\n", ERR_SYNTAX, "want the end of the line"},
        {"a = \"b\"\na = \"b\"\n", ERR_DUPLICATE, "line 6: \"a\" occurs twice"},
        {"a = \"b\"\n'a' = \"b\"\n", ERR_DUPLICATE, "occurs twice"},
        {"a = \"b\"\n\"\\u0061\" = \"c\"\n", ERR_DUPLICATE, "occurs twice"},
        {"\"\" = \"b\"\n", ERR_DENIED, "want the name of a file, have \"\""},
        {"\"..\" = \"b\"\n", ERR_DENIED, "have \"..\""},
        {"\".\" = \"b\"\n", ERR_DENIED, "have \".\""},
        {"\"../policy.rego\" = \"b\"\n", ERR_DENIED, "have \"../policy.rego\""},
        {"\"a\\u002fb\" = \"b\"\n", ERR_DENIED, "have \"a/b\""},
        {"\"a\\u0000\" = \"b\"\n", ERR_DENIED, "have \"a\\x00\""},
        {"\"\"\"a\"\"\" = \"b\"\n", ERR_DENIED, "have \"\""},
        {"= \"b\"\n", ERR_SYNTAX, "want a string in quotes"},
        {"a = \"b\n\"\n", ERR_SYNTAX, "in one line"},
        {"a = 'b\n'\n", ERR_SYNTAX, "in one line"},
        {"a = \"\\x41\"\n", ERR_SYNTAX, "one of btnfr"},
        {"a = \"\\e\"\n", ERR_SYNTAX, "one of btnfr"},
        {"a = \"\\/\"\n", ERR_SYNTAX, "one of btnfr"},
        {"a = \"\\\n\"\n", ERR_SYNTAX, "one of btnfr"},
        {"a = \"\"\"\\ b\"\"\"\n", ERR_SYNTAX, "one of btnfr"},
        {"a = \"\\u00e\"\n", ERR_SYNTAX, "hex digits"},
        {"a = \"\\ud800\"\n", ERR_SYNTAX, "a code point that is a character"},
        {"a = \"\\U00110000\"\n", ERR_SYNTAX, "a code point that is a character"},
        {"a = \"\x07\"\n", ERR_SYNTAX, "without control characters"},
        {"a = '''\x7f'''\n", ERR_SYNTAX, "without control characters"},
        {"a = '''\r\n'''\n", ERR_SYNTAX, "have \"\\r\""},
        {"a = \"b\"\r\n", ERR_SYNTAX, "want the end of the line, have \"\\r\""},
        {"a = \"b\" # \x01\n", ERR_SYNTAX, "want the end of the line"},
        {"a = \"\xff\"\n", ERR_SYNTAX, "have \"\\xff\""},
        {"# \xc3\n", ERR_SYNTAX, "have \"\\xc3\""},
        {"a = '''''''''\n", ERR_SYNTAX, "want the end of the line"},
        {"a = \"\"\"b\"\"\"\"\"\"\n", ERR_SYNTAX, "want the end of the line"},
        {"a = '''b''\n", ERR_TRUNCATED, "have the end"},
        {"a = \"b\\", ERR_TRUNCATED, "have the end"},
        {"a", ERR_TRUNCATED, "want '=', have the end"},
        {"a = \"\0\"\n", ERR_TRUNCATED, "have the end"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char in[512];
        snprintf(in, sizeof in, "%s%s", TABLE, rows[i].in);
        refused(text_bytes(in), rows[i].kind, rows[i].says);
    }
    refused(BYTES_LIT(TABLE "a = '\0'\n"), ERR_SYNTAX, "have \"\\x00\"");
    refused(BYTES_LIT(TABLE "\0"), ERR_SYNTAX, "want a string in quotes");
}

/* Cut between two lines it is a shorter document; everywhere else it is none. */
Test(initdata, prefixes)
{
    static const char whole[] = WHOLE;
    static const size_t lines[] = {sizeof TABLE - 1, sizeof(TABLE "\"policy.rego\" = '''\n" POLICY "'''\n") - 1,
                                   sizeof WHOLE - 1};
    for (size_t n = 0; n < sizeof whole; n++) {
        struct initdata d = {0};
        struct err err = {0};
        /* Half of the opening quotes are an empty string. */
        bool is_document = n == sizeof(TABLE "\"policy.rego\" = ''") - 1;
        for (size_t i = 0; i < COUNT(lines); i++)
            is_document = is_document || n == lines[i] || n == lines[i] - 1; /* the last newline may lack */
        cr_expect_eq(is_ok(parse(BYTES((const uint8_t *)whole, n), &d, &err)), is_document, "%zu: %s", n, err.text);
        cr_expect(err.offset <= n, "%zu", n);
    }
}

Test(initdata, changes_of_one_byte_are_refused_or_change_a_value)
{
    static uint8_t in[] = TABLE "a = 'bc'\n\"d\" = \"e\\n\"\n";
    for (size_t i = 0; i < sizeof in - 1; i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            struct initdata d;
            in[i] ^= (uint8_t)flip;
            bool same = is_ok(parse(BYTES(in, sizeof in - 1), &d, NULL)) && d.algorithm == INITDATA_SHA256 &&
                        bytes_eq(initdata_find(&d, text_bytes("a")), text_bytes("bc")) &&
                        bytes_eq(initdata_find(&d, text_bytes("d")), text_bytes("e\n")) && d.entry_count == 2;
            /* White space says nothing: a tab for a blank, and the reverse; an empty line, a comment. */
            bool is_space = in[i] == ' ' || in[i] == '\t' || in[i] == '\n' || in[i] == '#';
            cr_expect(!same || is_space, "byte %zu ^ %02x", i, flip);
            in[i] ^= (uint8_t)flip;
        }
    }
}

Test(initdata, limits)
{
    static char in[LIMIT_INITDATA_ENTRIES * 16 + 256];
    size_t n = (size_t)snprintf(in, sizeof in, "%s", TABLE);
    struct initdata d;
    struct err err = {0};
    for (size_t i = 0; i < LIMIT_INITDATA_ENTRIES; i++)
        n += (size_t)snprintf(in + n, sizeof in - n, "k%zu = ''\n", i);
    cr_assert(is_ok(parse(text_bytes(in), &d, &err)), "%s", err.text);
    cr_expect_eq(d.entry_count, LIMIT_INITDATA_ENTRIES);
    cr_expect_eq(initdata_parse(text_bytes(in), entries, 3, text, sizeof text, &d, NULL).kind, ERR_NOMEM);
    snprintf(in + n, sizeof in - n, "x = ''\n");
    refused(text_bytes(in), ERR_LIMIT, "want at most");

    uint8_t *large = malloc(LIMIT_INITDATA_BYTES + 1);
    cr_assert(large);
    memset(large, '\n', LIMIT_INITDATA_BYTES + 1);
    memcpy(large, WHOLE, sizeof WHOLE - 1);
    cr_expect(is_ok(parse(BYTES(large, LIMIT_INITDATA_BYTES), &d, NULL)));
    refused(BYTES(large, LIMIT_INITDATA_BYTES + 1), ERR_LIMIT, "want at most");
    free(large);
}

Test(initdata, lent_text_is_enough_or_full)
{
    bytes in = text_bytes(TABLE "a = \"b\\u00e9\"\n'c' = \"\"\"d\"\"\"\"\"\n");
    struct initdata d = {0};
    size_t cap = 0;
    for (;; cap++) {
        uint8_t *exact = malloc(cap + 1);
        cr_assert(exact);
        status s = initdata_parse(in, entries, COUNT(entries), exact, cap, &d, NULL);
        bool same = is_ok(s) && bytes_eq(d.entries[1].value, text_bytes("d\"\""));
        free(exact);
        if (same) break;
        cr_assert_eq(s.kind, ERR_NOMEM, "%zu", cap);
    }
    cr_expect_eq(cap, strlen("0.1.0sha256b\xc3\xa9"
                             "d\"\""));
}

/* ---- values ---- */

Test(initdata, values)
{
    struct initdata d = {0};
    struct err err = {0};
    cr_assert(is_ok(parse(text_bytes(WHOLE), &d, &err)), "%s", err.text);
    cr_expect_eq(d.algorithm, INITDATA_SHA256);
    cr_expect_str_eq(initdata_algorithm_name(d.algorithm), "sha256");
    cr_assert_eq(d.entry_count, 2);
    cr_expect(bytes_eq(d.entries[0].name, text_bytes("policy.rego")) &&
              bytes_eq(d.entries[0].value, text_bytes(POLICY)));
    cr_expect(bytes_eq(initdata_find(&d, text_bytes("contrast.insecure-debug")), text_bytes("true")));
    cr_expect(bytes_is_absent(initdata_find(&d, text_bytes("policy"))));

    cr_assert(is_ok(parse(text_bytes("algorithm='sha384'\nversion='''0.1.0'''\n[data]"), &d, NULL)));
    cr_expect(d.algorithm == INITDATA_SHA384 && d.entry_count == 0);
    cr_assert(is_ok(
        parse(text_bytes("# a\n\n \tversion\t=\"\"\"\n0.1.0\"\"\" # b\nalgorithm = \"sha512\"\n[data]#\n"), &d, NULL)));
    cr_expect(d.algorithm == INITDATA_SHA512);
    cr_expect_str_eq(initdata_algorithm_name(d.algorithm), "sha512");
}

/* As Python's tomllib reads them. */
Test(initdata, strings)
{
    static const struct {
        const char *toml, *value;
    } rows[] = {
        {"''", ""},
        {"\"\"", ""},
        {"''''''", ""},
        {"\"\"\"\"\"\"", ""},
        {"'''\n'''", ""},
        {"'''\n\n'''", "\n"},
        {"'a\"\\n#'", "a\"\\n#"},
        {"\"a'#\\\"\\\\\"", "a'#\"\\"},
        {"\"\\b\\t\\n\\f\\r\"", "\b\t\n\f\r"},
        {"\"\\u00E9\\U0001f600\"", "\xc3\xa9\xf0\x9f\x98\x80"},
        {"'\xc3\xa9\t'", "\xc3\xa9\t"},
        {"'''a'b''c'''", "a'b''c"},
        {"'''a''''", "a'"},
        {"'''a'''''", "a''"},
        {"\"\"\"a\"\"\"\"\"", "a\"\""},
        {"\"\"\"a\\\"\"\"\"", "a\""},
        {"\"\"\"a\n b\"\"\"", "a\n b"},
        {"\"\"\"a\\\n  \n\t b\"\"\"", "ab"},
        {"\"\"\"a \\  \nb\"\"\"", "a b"},
        {"\"\"\"\\\n\"\"\"", ""},
        {"'''\\\n'''", "\\\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char in[256];
        struct initdata d = {0};
        struct err err = {0};
        snprintf(in, sizeof in, "%sx = %s # end\ny = 'z'", TABLE, rows[i].toml);
        cr_assert(is_ok(parse(text_bytes(in), &d, &err)), "%s: %s", rows[i].toml, err.text);
        cr_expect(bytes_eq(d.entries[0].value, text_bytes(rows[i].value)), "%s", rows[i].toml);
        cr_expect(d.entry_count == 2 && bytes_eq(d.entries[1].value, text_bytes("z")), "%s", rows[i].toml);
    }
}

Test(initdata, names)
{
    static const char *const rows[][2] = {
        {"policy", "policy"},       {"a-_9", "a-_9"},           {"1", "1"},
        {"\"aa.toml\"", "aa.toml"}, {"'cdh.toml'", "cdh.toml"}, {"\"\\u0061b\"", "ab"},
        {"'a b'", "a b"},           {"\"...\"", "..."},         {"'\\'", "\\"},
        {"'\xc3\xa9'", "\xc3\xa9"}, {"true", "true"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char in[256];
        struct initdata d = {0};
        struct err err = {0};
        snprintf(in, sizeof in, "%s  %s='v'", TABLE, rows[i][0]);
        cr_assert(is_ok(parse(text_bytes(in), &d, &err)), "%s: %s", rows[i][0], err.text);
        cr_expect(bytes_eq(initdata_find(&d, text_bytes(rows[i][1])), text_bytes("v")), "%s", rows[i][0]);
    }
}

Test(initdata, which_form_a_policy_document_has)
{
    static const struct {
        const char *text;
        enum policy_form form;
    } rows[] = {
        {WHOLE, POLICY_FORM_INITDATA},
        {"algorithm=", POLICY_FORM_INITDATA},
        {"# package x\n\n [data]", POLICY_FORM_INITDATA},
        {POLICY, POLICY_FORM_REGO},
        {"# Copyright\r\n# version = 1\n\npackage agent_policy", POLICY_FORM_REGO},
        {"package", POLICY_FORM_REGO},
        {"packages", POLICY_FORM_UNKNOWN},
        {"versions = 1", POLICY_FORM_UNKNOWN},
        {"#package x", POLICY_FORM_UNKNOWN},
        {"", POLICY_FORM_UNKNOWN},
        {"{}", POLICY_FORM_UNKNOWN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(policy_form_of(text_bytes(rows[i].text)), rows[i].form, "%s", rows[i].text);
}
