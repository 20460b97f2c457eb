/* SPDX-License-Identifier: Apache-2.0 */
/* contrast manifest check: what manifests say, and all that is wrong with them. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/manifest_view.h"
#include "cli/option_rows.h"
#include "cli/output.h"
#include "cli/report.h"
#include "parse/text.h"

struct settings {
    unsigned format; /* REPORT_x */
    const char *output;
    bool quiet;
};

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    OPTION_FORMAT(AT(format)),
    OPTION_OUTPUT(AT(output)),
    {.name = "--quiet",
     .letter = 'q',
     .help = "findings and warnings only, not what the manifest says",
     .set = option_set_flag,
     .at = AT(quiet)},
};

static const char *const actions[] = {"check", NULL};

const struct manifest_format *const manifest_formats[] = {
    [REPORT_TEXT] = &manifest_text, [REPORT_JSON] = &manifest_json, [REPORT_JUNIT] = &manifest_junit};

/* ---- one file --------------------------------------------------------------------------------------------------- */

static void close_file(bytes *content)
{
    file_free(*content);
}

static status check_content(const char *path, bytes content, const struct manifest_format *format,
                            const struct manifest_style *style, FILE *out, int *code, struct err *err)
{
    __attribute__((cleanup(arena_free))) struct arena memory = {0};
    struct manifest_view view;
    TRY(manifest_view_read(path, content, &memory, &view, err));
    TRY(format->file(out, &view, style, err));
    if (view.storage.finding_count > 0) *code = exit_code_worse(*code, EXIT_MALFORMED);
    return OK;
}

/* What cannot be read has a result of its own, and the others are checked. */
static void check_file(const struct command *self, const char *path, const struct manifest_format *format,
                       const struct manifest_style *style, FILE *out, int *code)
{
    __attribute__((cleanup(close_file))) bytes content = BYTES_ABSENT;
    struct err err = {0};
    status s = file_read(path, LIMIT_MANIFEST_BYTES, &content, &err);
    if (is_ok(s)) s = check_content(path, content, format, style, out, code, &err);
    if (is_ok(s)) return;
    struct err unwritten = {0};
    s = format->unread(out, path, &err, style, &unwritten);
    *code = exit_code_worse(*code, command_failed(self, is_ok(s) ? &err : &unwritten));
}

/* ---- all of them ------------------------------------------------------------------------------------------------ */

static status check_files(const struct command *self, const struct settings *settings, const struct text_list *files,
                          struct arena *memory, int *code, struct err *err)
{
    struct output output;
    TRY(output_open(&output, settings->output, memory, err));
    const struct manifest_format *format = manifest_formats[settings->format];
    struct manifest_style style = {.palette = palette_for(output.stream), .quiet = settings->quiet, .first = true};
    format->open(output.stream);
    for (size_t i = 0; i < files->count; i++) {
        check_file(self, files->items[i], format, &style, output.stream, code);
        style.first = false;
    }
    format->close(output.stream);
    return output_finish(&output, err);
}

/* "check" and at least one file, none of which is the output. */
static int take_action(const struct command *self, const struct settings *settings, struct text_list *operands)
{
    struct err err = {0};
    unsigned action;
    int code = command_take_action(self, operands, &action);
    if (code != EXIT_DONE) return code;
    if (operands->count == 0) return usage_error(self, "check: name at least one file");
    if (settings->quiet && settings->format != REPORT_TEXT) return usage_error(self, "--quiet goes with --format text");
    if (!is_ok(output_check(settings->output, operands, &err))) return usage_error(self, "--output: %s", err.text);
    return EXIT_DONE;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings settings = {0};
    struct text_list operands = {0};
    struct err err = {0};
    __attribute__((cleanup(arena_free))) struct arena memory = {0};
    int code = command_take(self, argc, argv, &settings, &operands, &memory);
    if (code == EXIT_DONE) code = take_action(self, &settings, &operands);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
    status s = check_files(self, &settings, &operands, &memory, &code, &err);
    return is_ok(s) ? code : command_failed(self, &err);
}

static const char description[] =
    "Reads manifests as strictly as the Coordinator and contrast verify do and tells all that is wrong with them at "
    "once, each with its place in the file and a JSON pointer; then what they say in words, with the digests of the "
    "file and of the owners' keys.\n\n"
    "Manifests of all releases of Contrast since 2024 are read. Keys have to be written exactly so, none may occur "
    "twice, hex is lower-case. Values that are still to be filled in, as in a manifest that was just generated, are "
    "told as such and leave it unacceptable.\n\n"
    "A warning is about something lawful that may not be meant. It changes no exit code.\n\n"
    "The exit code is 0 when all manifests are valid, 3 when one is not, 1 when one could not be read. The "
    "machine-readable formats are described in docs/manifest.md.";

const struct command command_manifest = {
    .name = "manifest",
    .operands = "check FILE...",
    .summary = "tell what manifests say and what is wrong with them",
    .description = description,
    .operand = OPERAND_WORD,
    .further = OPERAND_FILE,
    .operand_words = actions,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
