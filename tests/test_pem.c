/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/pem.h"
#include "parse/text.h"
#include "tests/shared.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

#define BEGIN   "-----BEGIN CERTIFICATE-----\n"
#define END     "-----END CERTIFICATE-----"
#define LINE    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v\n" /* the bytes 0 to 47 */
#define CRLF(s) s "\r\n"

static const char *const labels[] = {"CERTIFICATE", "RSA PRIVATE KEY"};
static const struct pem_reader one_label = {.labels = labels, .label_count = 1};

/* Reads all blocks; `*last` is a view of buf. */
static status read_all(struct pem_reader r, bytes in, uint8_t *buf, size_t cap, size_t *blocks, struct pem_block *last,
                       struct err *err)
{
    r.in = in;
    for (*blocks = 0;; ++*blocks) {
        bool end = false;
        TRY(pem_next(&r, buf, cap, last, &end, err));
        if (end) return OK;
    }
}

static void expect_refused(struct pem_reader r, bytes in, enum err_kind kind, size_t offset, const char *what)
{
    uint8_t buf[256];
    size_t blocks;
    struct pem_block last;
    struct err err = {0};
    cr_expect_eq(read_all(r, in, buf, sizeof buf, &blocks, &last, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect(err.offset == offset && err.text[0], "%s: byte %zu: %s", what, err.offset, err.text);
}

Test(pem, refuses)
{
    static const struct {
        const char *text;
        enum err_kind kind;
        size_t offset;
    } rows[] = {
        {"x", ERR_SYNTAX, 0},
        {"MIIC\n", ERR_SYNTAX, 0},
        {"\v" BEGIN LINE END, ERR_SYNTAX, 0},
        {"\xef\xbb\xbf" BEGIN LINE END, ERR_SYNTAX, 0}, /* byte order mark */
        {" " BEGIN LINE END, ERR_SYNTAX, 1},            /* BEGIN in the middle of a line */
        {"subject=x\n" BEGIN LINE END, ERR_SYNTAX, 0},  /* what openssl prints in front */
        {"# AMD\n" BEGIN LINE END, ERR_SYNTAX, 0},      /* comments, which were not asked for */
        {BEGIN LINE END "\nx", ERR_SYNTAX, 119},
        {BEGIN LINE END "x", ERR_SYNTAX, 118},
        {BEGIN LINE END BEGIN LINE END, ERR_SYNTAX, 118}, /* no line end between two blocks */
        {BEGIN LINE END " " BEGIN LINE END, ERR_SYNTAX, 119},
        {END "\n", ERR_SYNTAX, 0},
        {"-----BEGIN CERTIFICATE-----", ERR_TRUNCATED, 27},
        {"-----BEGIN CERTIFICATE----- \n" LINE END, ERR_SYNTAX, 27},
        {"-----BEGIN CERTIFICATE-----\r" LINE END, ERR_SYNTAX, 27},
        {"-----BEGIN CERTIFICATE------\n" LINE END, ERR_SYNTAX, 27},
        {"-----BEGIN CERTIFICATE----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN CERTIFICATE\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN certificate-----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN  CERTIFICATE-----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN TRUSTED CERTIFICATE-----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN CERTIFICATES-----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN -----\n" LINE END, ERR_UNSUPPORTED, 0},
        {"-----BEGIN RSA PRIVATE KEY-----\n" LINE "-----END RSA PRIVATE KEY-----\n", ERR_UNSUPPORTED, 0},
        {"----BEGIN CERTIFICATE-----\n" LINE END, ERR_SYNTAX, 0},
        {BEGIN LINE "-----END RSA PRIVATE KEY-----\n", ERR_MISMATCH, 93},
        {BEGIN LINE "-----END CERTIFICATE----\n", ERR_MISMATCH, 93},
        {BEGIN LINE "-----END CERTIFICATE", ERR_MISMATCH, 93},
        {BEGIN LINE "-----END X509 CERTIFICATE-----\n", ERR_MISMATCH, 93},
        {BEGIN LINE "----END CERTIFICATE-----\n", ERR_SYNTAX, 93},
        {BEGIN END, ERR_MISSING, 28},     /* empty block */
        {BEGIN "\n" END, ERR_SYNTAX, 28}, /* empty lines */
        {BEGIN "\n" LINE END, ERR_SYNTAX, 28},
        {BEGIN LINE "\n" END, ERR_SYNTAX, 93},
        {BEGIN LINE "\r\n" END, ERR_SYNTAX, 93},
        {BEGIN "Proc-Type: 4,ENCRYPTED\n\n" LINE END, ERR_SYNTAX, 32}, /* headers */
        {BEGIN "Proc: ab\n\n" LINE END, ERR_SYNTAX, 32},
        {BEGIN LINE, ERR_TRUNCATED, 93},
        {BEGIN "AAEC", ERR_TRUNCATED, 32},
        {BEGIN BEGIN LINE END, ERR_SYNTAX, 28},
        {BEGIN LINE BEGIN LINE END, ERR_SYNTAX, 93},
        {BEGIN "AAEC\n" LINE END, ERR_SYNTAX, 33}, /* a short line that is not the last */
        {BEGIN "AAE=\n"
               "AAEC\n" END,
         ERR_SYNTAX, 33},
        {BEGIN "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4=\nAAEC\n" END, ERR_SYNTAX, 93},
        {BEGIN "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vAAEC\n" END, ERR_SYNTAX, 28},
        {BEGIN "AAE\n" END, ERR_TRUNCATED, 31}, /* padding is not optional */
        {BEGIN "AAF=\n" END, ERR_SYNTAX, 30},   /* unused bits that are not 0 */
        {BEGIN "AA-_\n" END, ERR_SYNTAX, 30},
        {BEGIN " AAE\n" END, ERR_SYNTAX, 28},
        {BEGIN "AAEC \n" END, ERR_SYNTAX, 32},
        {BEGIN "AAEC\r\r\n" END, ERR_SYNTAX, 32},
        {BEGIN "AA\rC\n" END, ERR_SYNTAX, 30},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_refused(one_label, text_bytes(rows[i].text), rows[i].kind, rows[i].offset, rows[i].text);
}

Test(pem, refuses_a_nul_outside_and_inside)
{
    expect_refused(one_label, BYTES_LIT(BEGIN LINE END "\n\0"), ERR_SYNTAX, 119, "behind");
    expect_refused(one_label, BYTES_LIT(BEGIN "AA\0C\n" END), ERR_SYNTAX, 30, "inside");
}

Test(pem, every_prefix_is_refused_but_the_empty_one)
{
    static const char text[] = BEGIN LINE "AAE=\n" END;
    for (size_t n = 1; n < sizeof text - 1; n++) {
        uint8_t buf[64];
        size_t blocks;
        struct pem_block last;
        cr_expect_not(is_ok(read_all(one_label, BYTES((const uint8_t *)text, n), buf, 64, &blocks, &last, NULL)), "%zu",
                      n);
    }
}

/* Another byte anywhere is refused, means other bytes, or is one of the line ends that may vary. */
Test(pem, a_changed_byte_is_refused_or_seen)
{
    static const char text[] = BEGIN LINE "AAE=\n" END;
    uint8_t want[50], buf[64], copy[sizeof text - 1];
    for (size_t i = 0; i < 50; i++)
        want[i] = (uint8_t)(i % 48);
    for (size_t i = 0; i < sizeof copy; i++)
        for (int c = 0; c < 256; c++) {
            size_t blocks;
            struct pem_block last;
            memcpy(copy, text, sizeof copy);
            copy[i] = (uint8_t)c;
            if (c == text[i] || !is_ok(read_all(one_label, BYTES_OF(copy), buf, 64, &blocks, &last, NULL))) continue;
            cr_expect_not(bytes_eq(last.der, BYTES_OF(want)), "byte %zu as %02x", i, (unsigned)c);
        }
}

Test(pem, a_small_buffer_is_no_memory)
{
    for (size_t cap = 0; cap < 50; cap++) {
        uint8_t buf[50];
        size_t blocks;
        struct pem_block last = {0};
        struct err err = {0};
        status s = read_all(one_label, text_bytes(BEGIN LINE "AAE=\n" END), buf, cap, &blocks, &last, &err);
        cr_expect_eq(s.kind, ERR_NOMEM, "%zu", cap);
        cr_expect(err.text[0] && bytes_is_absent(last.der));
    }
}

/* `lines` lines of 48 bytes. */
static bytes long_block(size_t lines)
{
    size_t len = strlen(BEGIN) + lines * strlen(LINE) + strlen(END);
    char *text = malloc(len + 1);
    cr_assert(text);
    memcpy(text, BEGIN, strlen(BEGIN));
    for (size_t i = 0; i < lines; i++)
        memcpy(text + strlen(BEGIN) + i * strlen(LINE), LINE, strlen(LINE));
    memcpy(text + len - strlen(END), END, strlen(END) + 1);
    return (bytes){(uint8_t *)text, len};
}

Test(pem, limits)
{
    static uint8_t buf[2 * LIMIT_PEM_BLOCK_BYTES];
    const size_t most = LIMIT_PEM_BLOCK_BYTES / 48;
    size_t blocks;
    struct pem_block last;
    bytes fits = long_block(most), too_long = long_block(most + 1);
    cr_expect(is_ok(read_all(one_label, fits, buf, sizeof buf, &blocks, &last, NULL)));
    cr_expect_eq(last.der.len, most * 48);
    cr_expect_eq(read_all(one_label, too_long, buf, sizeof buf, &blocks, &last, NULL).kind, ERR_LIMIT);
    free((void *)(uintptr_t)fits.ptr);
    free((void *)(uintptr_t)too_long.ptr);

    char many[(LIMIT_PEM_BLOCKS + 1) * sizeof(BEGIN LINE END "\n")] = "";
    for (int i = 0; i < LIMIT_PEM_BLOCKS; i++)
        strcat(many, BEGIN LINE END "\n");
    cr_expect(is_ok(read_all(one_label, text_bytes(many), buf, sizeof buf, &blocks, &last, NULL)));
    cr_expect_eq(blocks, LIMIT_PEM_BLOCKS);
    strcat(many, BEGIN LINE END "\n");
    cr_expect_eq(read_all(one_label, text_bytes(many), buf, sizeof buf, &blocks, &last, NULL).kind, ERR_LIMIT);
}

Test(pem, accepts_line_ends_and_what_may_follow)
{
    static const struct {
        const char *text;
        size_t blocks, len;
    } rows[] = {
        {"", 0, 0},
        {" \t\r\n", 0, 0},
        {BEGIN LINE END, 1, 48},
        {BEGIN LINE END "\n", 1, 48},
        {BEGIN LINE END "\r\n", 1, 48},
        {BEGIN LINE END "\r", 1, 48},
        {BEGIN LINE END " \t\r\n\r\n \n", 1, 48},
        {"\n\r\n" BEGIN LINE END, 1, 48},
        {BEGIN LINE END "\n" BEGIN LINE "AAEC\n" END "\n", 2, 51},
        {BEGIN LINE END "\n\n" BEGIN "AA==\n" END "\n", 2, 1},
        {BEGIN LINE END "  \r\n" BEGIN LINE LINE "AAE=\n" END "\n", 2, 98},
        {CRLF("-----BEGIN CERTIFICATE-----") CRLF("AAEC") CRLF(END) "\r\n", 1, 3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t buf[256];
        size_t blocks = 77;
        struct pem_block last = {0};
        struct err err = {0};
        cr_expect(is_ok(read_all(one_label, text_bytes(rows[i].text), buf, sizeof buf, &blocks, &last, &err)), "%s",
                  err.text);
        cr_expect(blocks == rows[i].blocks && last.der.len == rows[i].len, "row %zu", i);
        for (size_t k = 0; k < last.der.len; k++)
            cr_expect_eq(last.der.ptr[k], k % 48);
    }
}

Test(pem, tells_labels_apart)
{
    static const char text[] =
        BEGIN "AA==\n" END "\n-----BEGIN RSA PRIVATE KEY-----\nAQ==\n-----END RSA PRIVATE KEY-----\n";
    struct pem_reader r = {.in = text_bytes(text), .labels = labels, .label_count = 2};
    uint8_t buf[4];
    struct pem_block block;
    bool end = true;
    cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, NULL)));
    cr_expect(!end && block.label == 0 && block.offset == 0 && block.der.ptr[0] == 0);
    cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, NULL)));
    cr_expect(!end && block.label == 1 && block.offset == 59 && block.der.ptr[0] == 1);
    cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, NULL)));
    cr_expect(end);
    cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, NULL)));
    cr_expect(end, "and stays at the end");
}

Test(pem, comments_only_when_asked_for_and_only_outside)
{
    struct pem_reader r = one_label;
    uint8_t buf[64];
    size_t blocks;
    struct pem_block last;
    r.comments = true;
    cr_expect(is_ok(
        read_all(r, text_bytes("# a\x1b" BEGIN "#\n" BEGIN LINE END " \n\n# b\n#"), buf, 64, &blocks, &last, NULL)));
    cr_expect_eq(blocks, 1);
    expect_refused(r, text_bytes(" # a\n"), ERR_SYNTAX, 1, "not at the start of a line");
    expect_refused(r, text_bytes(BEGIN LINE END "# a\n"), ERR_SYNTAX, 118, "not at the start of a line");
    expect_refused(r, text_bytes(BEGIN "# a\n" LINE END "\n"), ERR_SYNTAX, 28, "inside");
}

Test(pem, writes)
{
    uint8_t der[49];
    char text[PEM_TEXT_SIZE(49, 11)];
    for (size_t i = 0; i < sizeof der; i++)
        der[i] = (uint8_t)(i % 48);
    for (size_t n = 1; n <= sizeof der; n++) {
        struct err err = {0};
        cr_assert(is_ok(pem_write(BYTES(der, n), "CERTIFICATE", text, sizeof text, NULL)));
        cr_expect_eq(strlen(text) + 1, PEM_TEXT_SIZE(n, 11));
        cr_expect_eq(pem_write(BYTES(der, n), "CERTIFICATE", text, PEM_TEXT_SIZE(n, 11) - 1, &err).kind, ERR_NOMEM);
        cr_expect_neq(err.text[0], '\0');
    }
    cr_assert(is_ok(pem_write(BYTES(der, 48), "CERTIFICATE", text, sizeof text, NULL)));
    cr_expect_str_eq(text, BEGIN LINE END "\n");
    cr_assert(is_ok(pem_write(BYTES(der, 49), "CERTIFICATE", text, sizeof text, NULL)));
    cr_expect_str_eq(text, BEGIN LINE "AA==\n" END "\n");
    cr_expect_not(is_ok(pem_write(BYTES(der, 0), "CERTIFICATE", text, sizeof text, NULL)), "no empty block");
}

/* ---- chains as AMD's key server and others have served and saved them ---- */

/* The certificates in ../shared/vectors/ca are the same ones in DER, converted by another program. */
static void expect_chain(const char *file, const char *const *der_files, size_t count)
{
    static uint8_t buf[8192];
    struct err err = {0};
    bytes text = shared_read(file);
    struct pem_reader r = {.in = text, .labels = labels, .label_count = 1};
    struct pem_block block;
    bool end = false;
    r.comments = strstr(file, "routex") != NULL;
    for (size_t i = 0; i < count; i++) {
        cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, &err)), "%s: %s", file, err.text);
        cr_assert_not(end, "%s", file);
        if (!der_files[i]) continue;
        bytes der = shared_read(der_files[i]);
        cr_expect(bytes_eq(der, block.der), "%s: %s", file, der_files[i]);
        free((void *)(uintptr_t)der.ptr);
    }
    cr_assert(is_ok(pem_next(&r, buf, sizeof buf, &block, &end, &err)), "%s: %s", file, err.text);
    cr_expect(end, "%s", file);
    free((void *)(uintptr_t)text.ptr);
}

#define CA(name) "vectors/ca/" name ".der"

Test(pem, shared_chains)
{
    static const struct {
        const char *file;
        size_t count;
        const char *der[3]; /* NULL: not kept in DER */
    } rows[] = {
        {"vectors/chains/ask_ark_milan.pem", 2, {CA("milan_ask"), CA("milan_ark")}},
        {"vectors/chains/ask_ark_milan_vlek.pem", 2, {CA("milan_asvk"), CA("milan_ark")}},
        {"vectors/chains/ask_ark_genoa.pem", 2, {CA("genoa_ask"), CA("genoa_ark")}},
        {"vectors/chains/ask_ark_genoa_vlek.pem", 2, {CA("genoa_asvk"), CA("genoa_ark")}},
        {"vectors/chains/ask_ark_turin_vcek.pem", 2, {CA("turin_ask"), CA("turin_ark")}},
        {"vectors/chains/ask_ark_turin_vlek.pem", 2, {CA("turin_asvk"), CA("turin_ark")}},
        {"vectors/chains/virtee_cert_chain_turin.pem", 2, {CA("turin_ask"), CA("turin_ark")}},
        {"vectors/chains/constellation_certchain.pem", 2, {CA("milan_ask"), CA("milan_ark")}},
        {"vectors/chains/milan_ask_ark_asvk.pem", 3, {CA("milan_ask"), CA("milan_ark"), CA("milan_asvk")}},
        {"vectors/chains/genoa_ask_ark_asvk.pem", 3, {CA("genoa_ask"), CA("genoa_ark"), CA("genoa_asvk")}},
        {"vectors/chains/turin_ask_ark_asvk.pem", 3, {CA("turin_ask"), CA("turin_ark"), CA("turin_asvk")}},
        {"vectors/chains/routex_vcek-chain-milan.pem", 3, {NULL, CA("milan_ask"), CA("milan_ark")}},
        {"vectors/chains/routex_vcek-chain-genoa.pem", 3, {NULL, CA("genoa_ask"), CA("genoa_ark")}},
        {"vectors/chains/routex_vcek-chain-turin.pem", 3, {NULL, CA("turin_ask"), CA("turin_ark")}},
        {"vectors/certs/tav_milan.vcek.pem", 1, {NULL}},
        {"vectors/certs/tav_turin.vcek.pem", 1, {NULL}},
        {"vectors/certs/constellation_vcek_thim.pem", 1, {NULL}},
        {"vectors/azure/kinvolk_certs.pem", 3, {NULL, CA("milan_ask"), CA("milan_ark")}},
        {"vectors/azure/trustee_az-snp-vtpm_vcek.pem", 3, {NULL, CA("milan_ask"), CA("milan_ark")}},
        {"vectors/azure/trustee_az-snp-vtpm_vcek-genoa.pem", 1, {NULL}},
        {"vectors/azure/thim_uvm_host_amd_certificate.pem", 3, {NULL, CA("milan_ask"), CA("milan_ark")}},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_chain(rows[i].file, rows[i].der, rows[i].count);
}

/* Three saved chains carry comment lines, which a server's answer may not. */
Test(pem, shared_chains_with_comments_are_refused_unless_asked_for)
{
    bytes text = shared_read("vectors/chains/routex_vcek-chain-turin.pem");
    expect_refused(one_label, text, ERR_SYNTAX, 0, "# SEV-VCEK");
    free((void *)(uintptr_t)text.ptr);
}

Test(pem, exactly_so_many_blocks)
{
    static const char *const want = "CERTIFICATE";
    bytes one = text_bytes(BEGIN LINE END "\n"), two = text_bytes(BEGIN LINE END "\n" BEGIN LINE END);
    bytes other = text_bytes("-----BEGIN X509 CRL-----\n" LINE "-----END X509 CRL-----");
    uint8_t buf[3 * 48];
    bytes out[2];
    cr_expect_eq(pem_parse(text_bytes(""), want, out, 1, buf, sizeof buf, NULL).kind, ERR_MISSING);
    cr_expect_eq(pem_parse(one, want, out, 2, buf, sizeof buf, NULL).kind, ERR_MISSING);
    cr_expect_eq(pem_parse(two, want, out, 1, buf, sizeof buf, NULL).kind, ERR_TRAILING);
    cr_expect_eq(pem_parse(other, want, out, 1, buf, sizeof buf, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_eq(pem_parse(text_bytes(BEGIN LINE END "\nx"), want, out, 1, buf, sizeof buf, NULL).kind, ERR_SYNTAX);
    cr_expect_eq(pem_parse(two, want, out, 2, buf, 95, NULL).kind, ERR_NOMEM);

    cr_assert(is_ok(pem_parse(two, want, out, 2, buf, 96, NULL)));
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(out[i].ptr, buf + 48 * i);
        cr_expect_eq(out[i].len, 48);
        cr_expect_eq(out[i].ptr[47], 47);
    }
}
