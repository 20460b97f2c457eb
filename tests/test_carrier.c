/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "kube/carrier.h"
#include "kube/gzip.h"
#include "kube/package.h"
#include "kube/policy_settings.h"
#include "kube/resource.h"
#include "parse/initdata.h"
#include "parse/text.h"

/* gzip -n of "contrast\n" by GNU gzip 1.12. */
static const uint8_t packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
                                 0x4b, 0xce, 0xcf, 0x2b, 0x29, 0x4a, 0x2c, 0x2e, 0xe1, 0x02,
                                 0x00, 0x9b, 0xc3, 0xaf, 0x3c, 0x09, 0x00, 0x00, 0x00};

static struct arena memory;

static void clean(void)
{
    arena_free(&memory);
}

static enum err_kind read_kind(bytes in, size_t limit)
{
    bytes out;
    return gzip_read(in, limit, &memory, &out, NULL).kind;
}

Test(carrier, gzip_refuses_what_is_not_one_whole_member, .fini = clean)
{
    uint8_t longer[sizeof packed + 1] = {0}, twice[2 * sizeof packed], changed[sizeof packed];
    memcpy(longer, packed, sizeof packed);
    memcpy(twice, packed, sizeof packed);
    memcpy(twice + sizeof packed, packed, sizeof packed);
    for (size_t n = 0; n < sizeof packed; n++)
        cr_expect(read_kind(BYTES(packed, n), 100) == ERR_SYNTAX, "%zu bytes", n);
    cr_expect(read_kind(BYTES_OF(longer), 100) == ERR_SYNTAX);
    cr_expect(read_kind(BYTES_OF(twice), 100) == ERR_SYNTAX);
    for (size_t i = 10; i < sizeof packed; i++) {
        memcpy(changed, packed, sizeof packed);
        changed[i] ^= 1;
        cr_expect(read_kind(BYTES_OF(changed), 100) == ERR_SYNTAX, "byte %zu", i);
    }
}

Test(carrier, gzip_reads_what_another_program_wrote_up_to_the_limit, .fini = clean)
{
    bytes out;
    cr_assert(is_ok(gzip_read(BYTES_OF(packed), 9, &memory, &out, NULL)));
    cr_expect(bytes_eq(out, BYTES_LIT("contrast\n")));
    cr_expect(read_kind(BYTES_OF(packed), 8) == ERR_LIMIT);
}

Test(carrier, gzip_ends_a_bomb_early, .fini = clean)
{
    enum { MANY = 1 << 24 };
    uint8_t *zeros = calloc(1, MANY);
    bytes small, out;
    cr_assert(is_ok(gzip_write(BYTES(zeros, MANY), &memory, &small, NULL)) && small.len < MANY / 500);
    cr_expect(read_kind(small, MANY - 1) == ERR_LIMIT);
    cr_expect(is_ok(gzip_read(small, MANY, &memory, &out, NULL)) && out.len == MANY);
    cr_expect(bytes_eq(bytes_slice(small, 4, 4), BYTES_LIT("\0\0\0\0")), "no time");
    free(zeros);
}

static enum err_kind check_kind(bytes rules)
{
    return carrier_check(rules, NULL).kind;
}

Test(carrier, rules_that_a_literal_string_cannot_hold_are_refused)
{
    static const char *const bad[] = {"", "a", "a\r\n", "'''\n", "a''''\n", "\x7f\n", "\x01\n", "\xff\n", "a\n'''"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect(!is_ok(carrier_check(text_bytes(bad[i]), NULL)), "%zu", i);
    cr_expect(check_kind(BYTES_LIT("a''\tb '\n\n")) == ERR_NONE);
    cr_expect(check_kind(package_rules()) == ERR_NONE);
    cr_expect(check_kind(BYTES_LIT("a\0\n")) == ERR_UNSUPPORTED);
}

Test(carrier, what_is_carried_is_read_back_by_the_reader_of_initdata, .fini = clean)
{
    struct initdata_entry entries[4];
    struct initdata d;
    struct carried c;
    uint8_t text[256];
    bytes document = BYTES_ABSENT, rego, in = BYTES_LIT("package agent_policy\n\n# \"quoted\" \\ \xc3\xa4\n");
    bool is_carrier;
    cr_assert(is_ok(carrier_write(PLATFORM_METAL_QEMU_SNP, in, &memory, &c, NULL)));
    cr_assert_str_eq(c.annotation, ANNOTATION_INITDATA);
    cr_assert(is_ok(carrier_read(text_bytes(c.annotation), c.value, &memory, &is_carrier, &document, NULL)) &&
              is_carrier);
    cr_assert(bytes_eq(document, c.document));
    cr_assert(is_ok(initdata_parse(document, entries, 4, text, sizeof text, &d, NULL)) && d.entry_count == 1);
    cr_expect(bytes_eq(initdata_find(&d, BYTES_LIT("policy.rego")), in) && d.algorithm == INITDATA_SHA256);
    cr_expect(is_ok(carrier_rego(document, &memory, &rego, NULL)) && bytes_eq(rego, in));
    cr_assert(is_ok(carrier_write(PLATFORM_AKS_CLH_SNP, in, &memory, &c, NULL)));
    cr_assert_str_eq(c.annotation, ANNOTATION_POLICY);
    cr_expect(bytes_eq(c.document, in));
    cr_expect(is_ok(carrier_rego(in, &memory, &rego, NULL)) && bytes_eq(rego, in));
}

Test(carrier, what_carries_nothing_is_told_from_what_is_spoilt, .fini = clean)
{
    bytes document;
    bool is_carrier = true;
    cr_expect(is_ok(carrier_read(BYTES_LIT("team"), BYTES_LIT("?"), &memory, &is_carrier, &document, NULL)) &&
              !is_carrier);
    cr_expect(
        !is_ok(carrier_read(BYTES_LIT(ANNOTATION_POLICY), BYTES_LIT("?"), &memory, &is_carrier, &document, NULL)));
    cr_expect(
        !is_ok(carrier_read(BYTES_LIT(ANNOTATION_INITDATA), BYTES_LIT("YWJj"), &memory, &is_carrier, &document, NULL)));
    cr_expect(carrier_rego(BYTES_LIT("version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n[data]\n\"aa.toml\" = 'x'\n"),
                           &memory, &document, NULL)
                  .kind == ERR_MISSING);
}

Test(carrier, settings_know_all_keys_and_no_other, .fini = clean)
{
    struct policy_settings s;
    bytes usual = package_settings();
    cr_assert(is_ok(policy_settings_parse(usual, &memory, &s, NULL)));
    cr_expect(s.allows[POLICY_READ_STREAM] && !s.allows[POLICY_WRITE_STREAM] && s.pause_uid == 65535);
    cr_expect(s.pause_args.count == 1 && bytes_eq(s.pause_args.items[0], BYTES_LIT("/pause")));
    for (size_t n = 0; n + 1 < usual.len; n++)
        cr_expect(!is_ok(policy_settings_parse(bytes_slice(usual, 0, n), &memory, &s, NULL)), "%zu", n);
    cr_expect(!is_ok(policy_settings_parse(BYTES_LIT("{\"request_defaults\":{}}"), &memory, &s, NULL)));
    cr_expect(!is_ok(policy_settings_parse(BYTES_LIT("{\"others\":{}}"), &memory, &s, NULL)));
}
