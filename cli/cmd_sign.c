/* SPDX-License-Identifier: Apache-2.0 */
/* contrast sign: a workload owner's approval of a manifest, made where the key is. */
#include <errno.h>
#include <unistd.h>

#include "ca/owner.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/key_file.h"
#include "cli/manifest_view.h"
#include "cli/output.h"
#include "parse/text.h"
#include "verify/transition.h"

struct hash {
    bool given;
    uint8_t bytes[TRANSITION_HASH_BYTES];
};

struct settings {
    const char *manifest, *key, *workspace, *out;
    struct hash previous;
    bool prepare;
};

/* 64 digits and nothing else, also in a file: an end of line would be read over by one and refused by another. */
static status parse_hash(bytes text, struct hash *out, struct err *err)
{
    if (text.len != 2 * sizeof out->bytes)
        return err_set(err, ERR_SYNTAX, 0, "want 64 hex digits and nothing else, have %zu bytes: %s", text.len,
                       text_quote(text).s);
    TRY(hex_parse(text, HEX_ANY_CASE, out->bytes, sizeof out->bytes, err));
    out->given = true;
    return OK;
}

static status set_hash(void *member, const struct option_row *row, const char *value, struct arena *memory,
                       struct err *err)
{
    (void)row, (void)memory;
    return parse_hash(text_bytes(value), member, err);
}

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    {.name = "--manifest",
     .letter = 'm',
     .argument = "FILE",
     .help = "the manifest to approve; default: manifest.json",
     .set = option_set_text,
     .at = AT(manifest)},
    {.name = "--out",
     .argument = "FILE",
     .help = "write the signature, or what is to be signed, to this file, whole or not at all",
     .set = option_set_text,
     .at = AT(out)},
    {.name = "--workload-owner-key",
     .argument = "FILE",
     .help = "the private key of the workload owner, P-384 in PEM; default: workload-owner.pem",
     .set = option_set_text,
     .at = AT(key)},
    {.name = "--latest-transition",
     .argument = "HEX",
     .help = "the hash of the transition that the manifest follows; default: what contrast verify left in "
             "verify/latest-transition, and zeros when that file is not there",
     .set = set_hash,
     .at = AT(previous)},
    {.name = "--prepare",
     .help = "write what is to be signed, for a key that this program cannot read",
     .set = option_set_flag,
     .at = AT(prepare)},
    {.name = "--workspace-dir",
     .argument = "DIR",
     .help = "where the files lie whose names are not given",
     .set = option_set_text,
     .at = AT(workspace)},
};

/* ---- files ------------------------------------------------------------------------------------------------------ */

/* `given`, or `name` in the workspace. */
static status find_path(const struct settings *s, const char *given, const char *name, struct arena *memory,
                        const char **out, struct err *err)
{
    *out = given ? given : name;
    if (given || !s->workspace) return OK;
    void *path;
    size_t n = strlen(s->workspace) + strlen(name) + 2;
    TRY(arena_take(memory, n, 1, &path, err));
    snprintf(path, n, "%s/%s", s->workspace, name);
    *out = path;
    return OK;
}

/* One that the Coordinator will take: a signature over anything else is of no use. */
static status read_manifest(const char *path, struct arena *memory, bytes *out, struct err *err)
{
    struct manifest_view view;
    TRY(file_read_into(path, LIMIT_MANIFEST_BYTES, memory, out, err));
    TRY(manifest_view_read(path, *out, memory, &view, err));
    size_t n = view.storage.finding_count;
    if (n == 0) return OK;
    return err_set(err, ERR_SYNTAX, 0, "%s: not a valid manifest, %zu finding%s: see contrast manifest check",
                   text_quote(text_bytes(path)).s, n, n == 1 ? "" : "s");
}

/* The first manifest of a deployment follows none, and no such file is there then. */
static status find_previous(const struct settings *s, struct arena *memory, struct hash *out, struct err *err)
{
    const char *path;
    bytes text;
    *out = s->previous;
    if (out->given) return OK;
    TRY(find_path(s, NULL, "verify/latest-transition", memory, &path, err));
    if (access(path, F_OK) != 0 && errno == ENOENT) return OK;
    TRY(file_read_into(path, 2 * sizeof out->bytes, memory, &text, err));
    return err_in(err, parse_hash(text, out, err), "%s", text_quote(text_bytes(path)).s);
}

static status write_signature(const struct settings *s, const uint8_t transition[TRANSITION_HASH_BYTES],
                              struct arena *memory, struct err *err)
{
    __attribute__((cleanup(private_key_wipe))) struct private_key key = {0};
    const char *path;
    struct signature signature;
    TRY(find_path(s, s->key, "workload-owner.pem", memory, &path, err));
    TRY(key_file_read(path, &key, err));
    TRY(err_in(err, owner_sign(&key, transition, &signature, err), "%s", text_quote(text_bytes(path)).s));
    const bytes made = BYTES(signature.bytes, signature.len);
    TRY(owner_verify(private_key_spki(&key), transition, made, err)); /* a fault of the machine leaves no signature */
    return output_write(s->out, made, memory, err);
}

static status sign(const struct settings *s, struct arena *memory, struct err *err)
{
    const char *path;
    bytes manifest;
    struct hash previous;
    uint8_t transition[TRANSITION_HASH_BYTES];
    TRY(find_path(s, s->manifest, "manifest.json", memory, &path, err));
    TRY(read_manifest(path, memory, &manifest, err));
    TRY(find_previous(s, memory, &previous, err));
    TRY(transition_next(manifest, previous.bytes, transition, err));
    if (!s->prepare) return write_signature(s, transition, memory, err);
    char text[OWNER_TEXT_BYTES];
    owner_write_text(transition, text);
    return output_write(s->out, BYTES((const uint8_t *)text, sizeof text), memory, err);
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int check_usage(const struct command *self, const struct settings *s, const struct text_list *operands)
{
    struct err err = {0};
    const char *files[] = {s->manifest ? s->manifest : "manifest.json", s->key ? s->key : "workload-owner.pem"};
    const struct text_list inputs = {files, 2};
    if (operands->count > 0) return usage_error(self, "it takes no operand: give the manifest with -m");
    if (!s->out) return usage_error(self, "say where to write, with --out");
    if (s->prepare && s->key) return usage_error(self, "--prepare needs no key: leave --workload-owner-key out");
    if (!is_ok(output_check(s->out, &inputs, &err))) return usage_error(self, "--out: %s", err.text);
    return EXIT_DONE;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings settings = {0};
    struct text_list operands = {0};
    struct err err = {0};
    __attribute__((cleanup(arena_free))) struct arena memory = {0};
    int code = command_take(self, argc, argv, &settings, &operands, &memory);
    if (code == EXIT_DONE) code = check_usage(self, &settings, &operands);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
    return is_ok(sign(&settings, &memory, &err)) ? EXIT_DONE : command_failed(self, &err);
}

static const char description[] =
    "Makes the signature by which a workload owner approves a manifest, so that somebody else can set it. It is good "
    "for that manifest after that one history and for nothing else: what is signed is the hash of the transition, "
    "which is SHA-256 over the SHA-256 of the manifest and the hash of the transition before it.\n\n"
    "The manifest has to be valid, see contrast-manifest(1). The transition before it is taken from "
    "verify/latest-transition, where contrast verify keeps that of the history it has judged; without that file the "
    "manifest is taken for the first one of a deployment, which follows 64 zeros. Verify first: whoever signs after a "
    "history that was not judged approves of that too.\n\n"
    "With --prepare no key is needed: the file then holds 64 hex digits, without an end of line, and a key in a "
    "hardware token signs them with ECDSA over SHA-256, as in openssl dgst -sha256 -sign KEY -out FILE PREPARED.\n\n"
    "The signature is in DER. It names no manifest: keep it beside its own.";

const struct command command_sign = {
    .name = "sign",
    .operands = "",
    .summary = "approve a manifest with the key of a workload owner",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
