/* SPDX-License-Identifier: Apache-2.0 */
/* contrast measure: the launch digest of a guest from its firmware, kernel and vCPUs, and the ID block that goes with
 * it. */
#include <errno.h>

#include "cli/commands.h"
#include "cli/file.h"
#include "parse/text.h"
#include "snp/policy.h"
#include "verify/crypto.h"
#include "verify/id_key.h"
#include "verify/launch.h"

/* A kernel or an initrd.  Initrds of confidential guests carry whole root file systems. */
#define LIMIT_BOOT_FILE_BYTES 1073741824

enum format { FORMAT_TEXT, FORMAT_JSON };

/* What the arguments say.  Texts are borrowed from argv; NULL: not given. */
struct request {
    const char *ovmf, *kernel, *initrd, *append;
    const char *product, *vcpu_type, *vcpu_signature; /* as given; one of them has set vcpu.signature */
    struct snp_vcpu vcpu;
    uint64_t vcpus;
    bool wants_id_block, has_policy;
    uint64_t policy;
    enum format format;
};

/* ---- options ---------------------------------------------------------------------------------------------------- */

static status set_product(void *member, const struct option_row *row, const char *value, struct arena *memory,
                          struct err *err)
{
    struct request *q = member;
    unsigned product;
    (void)memory;
    TRY(option_parse_word(text_bytes(value), row->words, &product, err));
    q->product = value;
    q->vcpu.signature = snp_vcpu_signature_of_product((enum snp_product)(SNP_MILAN + product));
    return OK;
}

static status set_vcpu_type(void *member, const struct option_row *row, const char *value, struct arena *memory,
                            struct err *err)
{
    struct request *q = member;
    (void)row, (void)memory;
    q->vcpu_type = value;
    if (is_ok(snp_vcpu_signature_of_model(text_bytes(value), &q->vcpu.signature, NULL))) return OK;

    char known[ERR_TEXT_MAX] = "";
    for (size_t i = 0; snp_vcpu_model_name(i); i++) {
        size_t n = strlen(known);
        snprintf(known + n, sizeof known - n, " %s", snp_vcpu_model_name(i));
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "no %s; known CPU models:%s", text_quote(text_bytes(value)).s, known);
}

static status set_vcpu_signature(void *member, const struct option_row *row, const char *value, struct arena *memory,
                                 struct err *err)
{
    struct request *q = member;
    uint64_t signature;
    (void)row, (void)memory;
    TRY(option_parse_number(text_bytes(value), UINT32_MAX, &signature, err));
    q->vcpu_signature = value;
    q->vcpu.signature = (uint32_t)signature;
    return OK;
}

static status set_policy(void *member, const struct option_row *row, const char *value, struct arena *memory,
                         struct err *err)
{
    struct request *q = member;
    (void)row, (void)memory;
    TRY(option_parse_policy(text_bytes(value), &q->policy, err));
    q->has_policy = true;
    return OK;
}

static const char *const vmms[] = {[SNP_VMM_QEMU] = "qemu", [SNP_VMM_EC2] = "ec2", [SNP_VMM_GCE] = "gce", NULL};
static const char *const formats[] = {[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", NULL};

#define AT(member) offsetof(struct request, member)

static const struct option_row options[] = {
    {.name = "--ovmf", .argument = "FILE", .help = "firmware image", .set = option_set_text, .at = AT(ovmf)},
    {.name = "--kernel",
     .argument = "FILE",
     .help = "kernel that the VMM boots directly",
     .set = option_set_text,
     .at = AT(kernel)},
    {.name = "--initrd", .argument = "FILE", .help = "its initrd", .set = option_set_text, .at = AT(initrd)},
    {.name = "--append", .argument = "TEXT", .help = "its command line", .set = option_set_text, .at = AT(append)},
    {.name = "--vcpus",
     .argument = "NUMBER",
     .help = "number of vCPUs",
     .set = option_set_number,
     .at = AT(vcpus),
     .max = LIMIT_LAUNCH_VCPUS},
    {.name = "--product",
     .argument = "NAME",
     .help = "CPU model by product line: milan, genoa or turin",
     .set = set_product,
     .words = option_products},
    {.name = "--vcpu-type",
     .argument = "MODEL",
     .help = "CPU model as QEMU calls it, for example EPYC-v4",
     .set = set_vcpu_type},
    {.name = "--vcpu-signature",
     .argument = "NUMBER",
     .help = "CPU model by EAX of CPUID leaf 1",
     .set = set_vcpu_signature},
    {.name = "--guest-features",
     .argument = "NUMBER",
     .help = "SEV_FEATURES of the vCPUs (default 0x1)",
     .set = option_set_number,
     .at = AT(vcpu.features)},
    {.name = "--vmm",
     .argument = "NAME",
     .help = "who launches: qemu (default), ec2 or gce",
     .set = option_set_word,
     .at = AT(vcpu.vmm),
     .words = vmms},
    {.name = "--id-block",
     .help = "print Contrast's ID block, its authentication and the ID key digest too",
     .set = option_set_flag,
     .at = AT(wants_id_block)},
    {.name = "--policy",
     .argument = "POLICY",
     .help = "guest policy of the ID block (default 0x30000)",
     .set = set_policy},
    {.name = "--format",
     .argument = "NAME",
     .help = "text (default) or json",
     .set = option_set_word,
     .at = AT(format),
     .words = formats},
};

/* Which options go with which. */
static int check_request(const struct command *self, const struct request *q)
{
    /* The others' VMSA pages do not hold the CPU signature. */
    bool is_qemu = q->vcpu.vmm == SNP_VMM_QEMU;
    int models = !!q->product + !!q->vcpu_type + !!q->vcpu_signature;
    if (!q->ovmf) return usage_error(self, "--ovmf is missing");
    if (q->vcpus == 0) return usage_error(self, "--vcpus is missing or 0");
    if (models > 1 || (models == 0 && is_qemu))
        return usage_error(self, "want one of --product, --vcpu-type and --vcpu-signature, have %d", models);
    if (!q->kernel && (q->initrd || q->append)) return usage_error(self, "--initrd and --append go with --kernel");
    if (q->has_policy && !q->wants_id_block) return usage_error(self, "--policy goes with --id-block");
    return EXIT_DONE;
}

static int take_arguments(const struct command *self, int argc, char **argv, struct request *q)
{
    struct text_list operands = {0};
    struct arena memory = {0};
    int code = command_take(self, argc, argv, q, &operands, &memory);
    if (code == EXIT_DONE && operands.count > 0)
        code = usage_error(self, "takes no operand %s", text_quote(text_bytes(operands.items[0])).s);
    arena_free(&memory);
    return code == EXIT_DONE ? check_request(self, q) : code;
}

/* What is printed. */
struct measured {
    struct launch_digest digest;
    bool has_ap_reset_eip;
    uint32_t ap_reset_eip;
    uint8_t id_block[SNP_ID_BLOCK_BYTES];
    uint8_t id_auth[SNP_ID_AUTH_BYTES];
    struct id_key id_key;
};

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
    return launch_hash_kernel(kernel, initrd, q->append ? text_bytes(q->append) : BYTES_ABSENT, out, err);
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
    TRY(err_in(err, snp_ovmf_parse(image, &firmware, err), "%s", text_quote(text_bytes(q->ovmf)).s));

    struct snp_kernel_hashes hashes;
    if (q->kernel) TRY(hash_kernel(q, &hashes, err));
    struct launch_guest guest = {&firmware, q->kernel ? &hashes : NULL, q->vcpu, (uint32_t)q->vcpus};
    TRY(err_in(err, launch_measure(&guest, &m->digest, err), "%s", text_quote(text_bytes(q->ovmf)).s));
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
    (q->format == FORMAT_JSON ? print_json : print_text)(lines, count);
    if (fflush(stdout) != 0) return err_set(err, ERR_IO, 0, "standard output: %s", strerror(errno));
    return OK;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct request q = {.vcpu.features = 1, .policy = SNP_POLICY_MUST_BE_ONE | SNP_POLICY_SMT};
    int code = take_arguments(self, argc, argv, &q);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;

    struct measured m = {0};
    struct err err = {0};
    status s = measure(&q, &m, &err);
    if (is_ok(s)) s = print(&q, &m, &err);
    return is_ok(s) ? EXIT_DONE : command_failed(self, &err);
}

const struct command command_measure = {
    .name = "measure",
    .operands = "--ovmf FILE --vcpus NUMBER --product NAME",
    .summary = "compute the launch digest of a guest, and its ID block",
    .description =
        "Computes the MEASUREMENT that a report of the guest will carry, from the firmware image, the kernel "
        "that the VMM boots directly with its initrd and command line, and the vCPUs. Give the files exactly as "
        "the VMM gets them.\n\n"
        "With --id-block also Contrast's ID block and its authentication, in base64 as QEMU takes them, and the "
        "digest of the ID key that a report will carry.",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
