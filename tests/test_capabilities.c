/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "parse/capabilities.h"
#include "parse/text.h"

Test(capabilities, refused)
{
    static const struct {
        const char *in;
        enum err_kind kind;
    } rows[] = {
        {"", ERR_TRUNCATED},
        {"{}", ERR_MISSING},
        {"[]", ERR_SYNTAX},
        {"{\"api_versions\":null}", ERR_SYNTAX},
        {"{\"api_versions\":\"v1\"}", ERR_SYNTAX},
        {"{\"api_versions\":[1]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"1\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v0\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v01\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"V1\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v1 \"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v-1\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v4294967296\"]}", ERR_SYNTAX},
        {"{\"api_versions\":[\"v1\",]}", ERR_SYNTAX},
        {"{\"api_versions\":[],\"api_versions\":[]}", ERR_DUPLICATE},
        {"{\"API_versions\":[\"v1\"]}", ERR_MISSING},
        {"{\"api_versions\":[\"v1\"]}x", ERR_TRAILING},
        {"{\"api_versions\":[\"v1\"]", ERR_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct capabilities c = {.version_count = 77};
        struct err err = {0};
        status s = capabilities_parse(text_bytes(rows[i].in), &c, &err);
        cr_expect_eq(s.kind, rows[i].kind, "%s: %s", rows[i].in, err.text);
        cr_expect(err.text[0] && c.version_count == 77, "%s", rows[i].in);
    }
}

static size_t put(char *out, size_t at, const char *text)
{
    memcpy(&out[at], text, strlen(text));
    return at + strlen(text);
}

Test(capabilities, limits)
{
    char in[LIMIT_CAPABILITIES_BYTES + 1];
    struct capabilities c;
    memset(in, ' ', sizeof in);
    (void)put(in, 0, "{\"api_versions\":[\"v1\"]}");
    cr_expect(is_ok(capabilities_parse(BYTES((uint8_t *)in, sizeof in - 1), &c, NULL)));
    cr_expect_eq(capabilities_parse(BYTES((uint8_t *)in, sizeof in), &c, NULL).kind, ERR_LIMIT);
    for (size_t count = LIMIT_API_VERSIONS; count <= LIMIT_API_VERSIONS + 1; count++) {
        size_t n = put(in, 0, "{\"api_versions\":[\"v9\"");
        for (size_t i = 1; i < count; i++)
            n = put(in, n, ",\"v9\"");
        n = put(in, n, "]}");
        enum err_kind kind = capabilities_parse(BYTES((uint8_t *)in, n), &c, NULL).kind;
        cr_expect_eq(kind, count > LIMIT_API_VERSIONS ? ERR_LIMIT : ERR_NONE);
    }
    cr_expect(c.version_count == LIMIT_API_VERSIONS);
}

Test(capabilities, values)
{
    static const char whole[] = " {\"later\":{\"api_versions\":[\"v7\"]},\"api_versions\":[\"v1\",\"v4294967295\"]}\n";
    struct capabilities c;
    cr_assert(is_ok(capabilities_parse(text_bytes(whole), &c, NULL)));
    cr_expect(c.version_count == 2 && c.versions[0] == 1 && c.versions[1] == UINT32_MAX);
    cr_expect(capabilities_offer(&c, 1) && !capabilities_offer(&c, 7) && !capabilities_offer(&c, 0));
    for (size_t n = 0; n < sizeof whole - 2; n++)
        cr_expect_not(is_ok(capabilities_parse(BYTES((const uint8_t *)whole, n), &c, NULL)), "%zu bytes", n);
}
