/* SPDX-License-Identifier: Apache-2.0 */
/* contrast measure: the launch digest of a guest from its firmware, kernel and vCPUs, and the ID block that goes with
 * it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/file.h"
#include "parse/text.h"
#include "snp/policy.h"
#include "verify/crypto.h"
#include "verify/id_key.h"
#include "verify/launch.h"

/* A kernel or an initrd.  Initrds of confidential guests carry whole root file systems. */
#define LIMIT_BOOT_FILE_BYTES 1073741824

enum {
    OPTION_OVMF,
    OPTION_KERNEL,
    OPTION_INITRD,
    OPTION_APPEND,
    OPTION_VCPUS,
    OPTION_PRODUCT,
    OPTION_VCPU_TYPE,
    OPTION_VCPU_SIGNATURE,
    OPTION_GUEST_FEATURES,
    OPTION_VMM,
    OPTION_ID_BLOCK,
    OPTION_POLICY,
    OPTION_FORMAT,
    OPTION_COUNT,
};

static const struct option_row options[] = {
    [OPTION_OVMF] = {"ovmf", "FILE", "firmware image"},
    [OPTION_KERNEL] = {"kernel", "FILE", "kernel that the VMM boots directly"},
    [OPTION_INITRD] = {"initrd", "FILE", "its initrd"},
    [OPTION_APPEND] = {"append", "TEXT", "its command line"},
    [OPTION_VCPUS] = {"vcpus", "N", "number of vCPUs"},
    [OPTION_PRODUCT] = {"product", "NAME", "CPU model by product line: milan, genoa or turin"},
    [OPTION_VCPU_TYPE] = {"vcpu-type", "MODEL", "CPU model as QEMU calls it, for example EPYC-v4"},
    [OPTION_VCPU_SIGNATURE] = {"vcpu-signature", "NUMBER", "CPU model by EAX of CPUID leaf 1"},
    [OPTION_GUEST_FEATURES] = {"guest-features", "NUMBER", "SEV_FEATURES of the vCPUs (default 0x1)"},
    [OPTION_VMM] = {"vmm", "NAME", "who launches: qemu (default), ec2 or gce"},
    [OPTION_ID_BLOCK] = {"id-block", NULL, "print Contrast's ID block, its authentication and the ID key digest too"},
    [OPTION_POLICY] = {"policy", "NUMBER", "guest policy of the ID block (default 0x30000)"},
    [OPTION_FORMAT] = {"format", "NAME", "text (default) or json"},
};

/* What the arguments say, taken apart. */
struct request {
    const char *ovmf, *kernel, *initrd, *append; /* borrowed from argv; NULL: not given */
    struct snp_vcpu vcpu;
    uint32_t vcpus;
    bool wants_id_block;
    uint64_t policy;
    bool is_json;
};

/* What is printed. */
struct measured {
    struct launch_digest digest;
    bool has_ap_reset_eip;
    uint32_t ap_reset_eip;
    uint8_t id_block[SNP_ID_BLOCK_BYTES];
    uint8_t id_auth[SNP_ID_AUTH_BYTES];
    struct id_key id_key;
};

static bytes text(const char *s)
{
    return s ? BYTES((const uint8_t *)s, strlen(s)) : BYTES_ABSENT;
}

/* ---- arguments ------------------------------------------------------------------------------------------------- */

/* Decimal, or hexadecimal after 0x. */
static bool read_number(const char *s, uint64_t max, uint64_t *out)
{
    if (strncmp(s, "0x", 2) != 0) return is_ok(decimal_parse(text(s), max, out, NULL));
    size_t digits = strlen(s + 2);
    if (digits == 0 || digits > 16 || strspn(s + 2, "0123456789abcdefABCDEF") != digits) return false;
    uint64_t value = strtoull(s + 2, NULL, 16);
    if (value <= max) *out = value;
    return value <= max;
}

static int take_number(const struct command *self, const char *const *values, int option, uint64_t max, uint64_t *out)
{
    if (!values[option] || read_number(values[option], max, out)) return EXIT_DONE;
    return usage_error(self, "--%s: want a number up to 0x%llx, have %s", options[option].name, (unsigned long long)max,
                       text_quote(text(values[option])).s);
}

/* The place of the option's value in names[0..count); 0 when it is not given. */
static int take_name(const struct command *self, const char *const *values, int option, const char *const *names,
                     size_t count, size_t *out)
{
    *out = 0;
    if (!values[option]) return EXIT_DONE;
    for (size_t i = 0; i < count; i++) {
        if (names[i] && strcmp(values[option], names[i]) == 0) {
            *out = i;
            return EXIT_DONE;
        }
    }
    return usage_error(self, "--%s: no %s", options[option].name, text_quote(text(values[option])).s);
}

static int take_model(const struct command *self, const char *const *values, uint32_t *signature)
{
    static const char *const products[SNP_PRODUCT_COUNT] = {
        [SNP_MILAN] = "milan", [SNP_GENOA] = "genoa", [SNP_TURIN] = "turin"};
    size_t product = SNP_PRODUCT_UNKNOWN;
    uint64_t number = 0;
    int code = take_name(self, values, OPTION_PRODUCT, products, SNP_PRODUCT_COUNT, &product);
    if (code == EXIT_DONE) code = take_number(self, values, OPTION_VCPU_SIGNATURE, UINT32_MAX, &number);
    if (code != EXIT_DONE) return code;

    const char *type = values[OPTION_VCPU_TYPE];
    *signature = values[OPTION_PRODUCT] ? snp_vcpu_signature_of_product((enum snp_product)product) : (uint32_t)number;
    if (!type || is_ok(snp_vcpu_signature_of_model(text(type), signature, NULL))) return EXIT_DONE;

    fprintf(stderr, "contrast: measure: known CPU models:");
    for (size_t i = 0; snp_vcpu_model_name(i); i++)
        fprintf(stderr, " %s", snp_vcpu_model_name(i));
    fprintf(stderr, "\n");
    return usage_error(self, "--vcpu-type: no %s", text_quote(text(type)).s);
}

/* Which options go with which. */
static int check_options(const struct command *self, const char *const *values)
{
    /* The others' VMSA pages do not hold the CPU signature. */
    bool is_qemu = !values[OPTION_VMM] || strcmp(values[OPTION_VMM], "qemu") == 0;
    int models = !!values[OPTION_PRODUCT] + !!values[OPTION_VCPU_TYPE] + !!values[OPTION_VCPU_SIGNATURE];
    if (!values[OPTION_OVMF]) return usage_error(self, "--ovmf is missing");
    if (!values[OPTION_VCPUS]) return usage_error(self, "--vcpus is missing");
    if (models > 1 || (models == 0 && is_qemu))
        return usage_error(self, "want one of --product, --vcpu-type and --vcpu-signature, have %d", models);
    if (!values[OPTION_KERNEL] && (values[OPTION_INITRD] || values[OPTION_APPEND]))
        return usage_error(self, "--initrd and --append go with --kernel");
    if (values[OPTION_POLICY] && !values[OPTION_ID_BLOCK]) return usage_error(self, "--policy goes with --id-block");
    return EXIT_DONE;
}

static int take_values(const struct command *self, const char *const *values, struct request *out)
{
    static const char *const vmms[] = {[SNP_VMM_QEMU] = "qemu", [SNP_VMM_EC2] = "ec2", [SNP_VMM_GCE] = "gce"};
    static const char *const formats[] = {"text", "json"};
    uint64_t vcpus = 0;
    size_t vmm = SNP_VMM_QEMU, format = 0;
    struct request q = {.ovmf = values[OPTION_OVMF],
                        .kernel = values[OPTION_KERNEL],
                        .initrd = values[OPTION_INITRD],
                        .append = values[OPTION_APPEND],
                        .wants_id_block = values[OPTION_ID_BLOCK] != NULL,
                        .vcpu.features = 1,
                        .policy = SNP_POLICY_MUST_BE_ONE | SNP_POLICY_SMT};

    int code = take_number(self, values, OPTION_VCPUS, LIMIT_LAUNCH_VCPUS, &vcpus);
    if (code == EXIT_DONE) code = take_number(self, values, OPTION_GUEST_FEATURES, UINT64_MAX, &q.vcpu.features);
    if (code == EXIT_DONE) code = take_number(self, values, OPTION_POLICY, ~SNP_POLICY_RESERVED, &q.policy);
    if (code == EXIT_DONE) code = take_name(self, values, OPTION_VMM, vmms, sizeof vmms / sizeof vmms[0], &vmm);
    if (code == EXIT_DONE) code = take_name(self, values, OPTION_FORMAT, formats, 2, &format);
    if (code == EXIT_DONE) code = take_model(self, values, &q.vcpu.signature);
    if (code != EXIT_DONE) return code;

    if (vcpus == 0) return usage_error(self, "--vcpus: want at least 1");
    if (!(q.policy & SNP_POLICY_MUST_BE_ONE)) return usage_error(self, "--policy: bit 17 must be 1");
    q.vcpus = (uint32_t)vcpus;
    q.vcpu.vmm = (enum snp_vmm)vmm;
    q.is_json = format == 1;
    *out = q;
    return EXIT_DONE;
}

/* -1 when help was asked for. */
static int take_arguments(const struct command *self, int argc, char **argv, struct request *out)
{
    const char *values[OPTION_COUNT] = {0};
    struct option_reader r = options_over(self, argc, argv);
    const char *value;
    for (int option = option_next(&r, &value); option != OPTION_END; option = option_next(&r, &value)) {
        if (option == OPTION_HELP) return -1;
        if (option == OPTION_BAD) return EXIT_USAGE;
        if (option == OPTION_OPERAND) return usage_error(self, "takes no operand %s", text_quote(text(value)).s);
        if (values[option]) return usage_error(self, "--%s is given twice", options[option].name);
        values[option] = value ? value : "";
    }
    int code = check_options(self, values);
    return code == EXIT_DONE ? take_values(self, values, out) : code;
}

/* ---- measuring ------------------------------------------------------------------------------------------------- */

static void close_file(bytes *content)
{
    file_free(*content);
}

/* Absent when no path is given. */
static status read_boot_file(const char *path, bytes *out, struct err *err)
{
    return path ? file_read(path, LIMIT_BOOT_FILE_BYTES, out, err) : OK;
}

static status hash_kernel(const struct request *q, struct snp_kernel_hashes *out, struct err *err)
{
    __attribute__((cleanup(close_file))) bytes kernel = BYTES_ABSENT;
    __attribute__((cleanup(close_file))) bytes initrd = BYTES_ABSENT;
    TRY(read_boot_file(q->kernel, &kernel, err));
    TRY(read_boot_file(q->initrd, &initrd, err));
    return launch_hash_kernel(kernel, initrd, text(q->append), out, err);
}

static status make_id_block(const struct request *q, struct measured *m, struct err *err)
{
    struct snp_id_block block;
    struct snp_id_auth auth;
    id_key_block(m->digest.ld, q->policy, &block);
    TRY(id_key_derive(&block, &m->id_key, err));
    id_key_auth(&m->id_key.key, &auth);
    snp_id_block_write(&block, m->id_block);
    snp_id_auth_write(&auth, m->id_auth);
    return OK;
}

static status measure(const struct request *q, struct measured *m, struct err *err)
{
    __attribute__((cleanup(close_file))) bytes image = BYTES_ABSENT;
    TRY(file_read(q->ovmf, LIMIT_FIRMWARE_BYTES, &image, err));
    struct snp_ovmf firmware;
    TRY(err_in(err, snp_ovmf_parse(image, &firmware, err), "%s", text_quote(text(q->ovmf)).s));

    struct snp_kernel_hashes hashes;
    if (q->kernel) TRY(hash_kernel(q, &hashes, err));
    struct launch_guest guest = {&firmware, q->kernel ? &hashes : NULL, q->vcpu, q->vcpus};
    TRY(err_in(err, launch_measure(&guest, &m->digest, err), "%s", text_quote(text(q->ovmf)).s));
    m->has_ap_reset_eip = firmware.has_ap_reset_eip;
    m->ap_reset_eip = firmware.ap_reset_eip;
    return q->wants_id_block ? make_id_block(q, m, err) : OK;
}

/* ---- printing -------------------------------------------------------------------------------------------------- */

/* One name for text and JSON; the values hold nothing that has to be escaped. */
struct line {
    const char *name;
    const char *value;
};

static void print_text(const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%-14s %s\n", lines[i].name, lines[i].value);
}

static void print_json(const struct line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%s\n  \"%s\": \"%s\"", i == 0 ? "{" : ",", lines[i].name, lines[i].value);
    printf("\n}\n");
}

static status print(const struct request *q, const struct measured *m, struct err *err)
{
    struct line lines[5];
    size_t count = 0;
    char digest[HEX_TEXT_SIZE(SNP_LAUNCH_DIGEST_BYTES)], eip[9], key[HEX_TEXT_SIZE(SHA384_BYTES)];
    char block[BASE64_TEXT_SIZE(SNP_ID_BLOCK_BYTES)], auth[BASE64_TEXT_SIZE(SNP_ID_AUTH_BYTES)];

    TRY(hex_write(BYTES_OF(m->digest.ld), digest, sizeof digest, err));
    lines[count++] = (struct line){"measurement", digest};
    if (m->has_ap_reset_eip) {
        snprintf(eip, sizeof eip, "%08x", m->ap_reset_eip);
        lines[count++] = (struct line){"ap_reset_eip", eip};
    }
    if (q->wants_id_block) {
        TRY(base64_write(BYTES_OF(m->id_block), BASE64_STANDARD, block, sizeof block, err));
        TRY(base64_write(BYTES_OF(m->id_auth), BASE64_STANDARD, auth, sizeof auth, err));
        TRY(hex_write(BYTES_OF(m->id_key.digest), key, sizeof key, err));
        lines[count++] = (struct line){"id_key_digest", key};
        lines[count++] = (struct line){"id_block", block};
        lines[count++] = (struct line){"id_auth", auth};
    }
    (q->is_json ? print_json : print_text)(lines, count);
    if (fflush(stdout) != 0) return err_set(err, ERR_IO, 0, "standard output: %s", strerror(errno));
    return OK;
}

static int exit_code_of(status s)
{
    bool is_ours = s.kind == ERR_IO || s.kind == ERR_NOMEM || s.kind == ERR_BUG || s.kind == ERR_STATE;
    return is_ok(s) ? EXIT_DONE : is_ours ? EXIT_INTERNAL : EXIT_MALFORMED;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct request q = {0};
    int code = take_arguments(self, argc, argv, &q);
    if (code != EXIT_DONE) return code < 0 ? EXIT_DONE : code;

    struct measured m;
    struct err err = {0};
    status s = measure(&q, &m, &err);
    if (is_ok(s)) s = print(&q, &m, &err);
    if (!is_ok(s)) fprintf(stderr, "contrast: measure: %s\n", err.text);
    return exit_code_of(s);
}

const struct command command_measure = {
    .name = "measure",
    .operands = "--ovmf FILE --vcpus N --product NAME",
    .summary = "compute the launch digest of a guest, and its ID block",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run,
};
