/* SPDX-License-Identifier: Apache-2.0 */
/* contrast generate: prepares Kubernetes YAML. */
#include "cli/commands.h"
#include "cli/generate.h"
#include "cli/option_rows.h"
#include "cli/output.h"

struct settings {
    const char *reference_values, *image_replacements, *image_layout, *output;
    bool no_policies, skip_initializer, skip_mesh, is_strict, dry_run;
};

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    {.name = "--reference-values",
     .argument = "PLATFORM",
     .help = "where the pods will run, for example aks-clh-snp; required",
     .set = option_set_text,
     .at = AT(reference_values)},
    {.name = "--no-policies",
     .help = "prepare the YAML and make no policies and no manifest; required as long as this version makes none",
     .set = option_set_flag,
     .at = AT(no_policies)},
    {.name = "--image-replacements",
     .argument = "FILE",
     .help = "lines ORIGINAL=REPLACEMENT: images that stand for others",
     .set = option_set_text,
     .at = AT(image_replacements)},
    {.name = "--image-layout",
     .argument = "DIR",
     .help = "look at all images, in an OCI image layout: that they are there, whole, and what they ask for",
     .set = option_set_text,
     .at = AT(image_layout)},
    {.name = "--skip-initializer", .help = "add no initializer", .set = option_set_flag, .at = AT(skip_initializer)},
    {.name = "--skip-service-mesh", .help = "add no mesh proxy", .set = option_set_flag, .at = AT(skip_mesh)},
    {.name = "--strict", .help = "take warnings for errors", .set = option_set_flag, .at = AT(is_strict)},
    {.name = "--dry-run",
     .help = "write nothing, and print the changes as a unified diff",
     .set = option_set_flag,
     .at = AT(dry_run)},
    {.name = "--output",
     .letter = 'o',
     .argument = "FILE",
     .help = "write all as one file, and leave those that are read as they are",
     .set = option_set_text,
     .at = AT(output)},
};

static status open_images(const struct settings *s, struct generate *g, struct err *err)
{
    if (!s->image_layout) return OK;
    TRY(err_in(err, image_layout_open(&g->layout, s->image_layout, err), "--image-layout"));
    g->images = (struct image_source){
        .store = image_layout_store(&g->layout), .memory = g->memory, .layers = {.memory = g->memory}};
    g->options.images = &g->images;
    return OK;
}

static status read_all(const struct settings *s, const struct text_list *operands, struct generate *g, struct err *err)
{
    TRY(open_images(s, g, err));
    TRY(err_in(err, platform_find(text_bytes(s->reference_values), &g->options.platform, err), "--reference-values"));
    g->options.skip_initializer = s->skip_initializer;
    g->options.skip_mesh = s->skip_mesh;
    g->options.is_strict = s->is_strict;
    if (s->image_replacements) TRY(generate_read_replacements(g, s->image_replacements, err));
    TRY(generate_read(g, operands, err));
    TRY(output_check(s->output, operands, err));
    TRY(prepare(g->inputs, g->count, &g->options, g->memory, &g->prepared, err));
    generate_tell(g);
    return OK;
}

static status write_all(const struct settings *s, const struct generate *g, struct err *err)
{
    if (s->dry_run) return generate_diff(g, err);
    return s->output ? generate_write_one(g, s->output, err) : generate_write(g, err);
}

static void print_sum(const struct settings *s, const struct generate *g, FILE *out)
{
    size_t changed = 0;
    for (size_t i = 0; i < g->count; i++)
        changed += g->prepared.changes[i].count > 0;
    generate_table(g, out);
    fprintf(out, "%zu workload%s prepared for %s, %zu file%s %s\n", g->prepared.confidential_count,
            g->prepared.confidential_count == 1 ? "" : "s", platform_row(g->options.platform)->printed, changed,
            changed == 1 ? "" : "s", s->dry_run ? "to be changed" : "changed");
    fprintf(out, "no policies and no manifest were made: what these pods may do is not bound to anything yet\n");
}

static int run_with(const struct command *self, const struct settings *s, const struct text_list *operands,
                    struct generate *g)
{
    struct err err = {0};
    status done = read_all(s, operands, g, &err);
    if (!is_ok(done)) return command_failed(self, &err);
    if (g->prepared.has_errors) {
        fprintf(stderr, "contrast: generate: nothing was written\n");
        return EXIT_MALFORMED;
    }
    if (g->prepared.confidential_count == 0) {
        (void)is_ok(err_set(&err, ERR_MISSING, 0, "no .yml/.yaml files with 'contrast-cc' runtime found"));
        return command_failed(self, &err);
    }
    done = write_all(s, g, &err);
    if (!is_ok(done)) return command_failed(self, &err);
    /* With --dry-run standard output is the diff alone, for patch. */
    print_sum(s, g, s->dry_run ? stderr : stdout);
    return command_flush(self);
}

static int check_settings(const struct command *self, const struct settings *s, const struct text_list *operands)
{
    if (!s->reference_values) return usage_error(self, "--reference-values is missing");
    if (!s->no_policies)
        return usage_error(
            self, "this version makes no policies and no manifest: say --no-policies to prepare the YAML alone");
    if (s->dry_run && s->output) return usage_error(self, "--output does not go with --dry-run");
    if (operands->count == 0) return usage_error(self, "no .yml/.yaml files found: name a file or a folder");
    return EXIT_DONE;
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings settings = {0};
    struct text_list operands = {0};
    struct arena memory = {0};
    struct generate g = {.memory = &memory};
    int code = command_take(self, argc, argv, &settings, &operands, &memory);
    if (code == EXIT_DONE) code = check_settings(self, &settings, &operands);
    if (code == EXIT_DONE) code = run_with(self, &settings, &operands, &g);
    arena_free(&memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] = "Prepares files of Kubernetes YAML for confidential pods, in place: pods whose "
                                  "runtimeClassName is contrast-cc get the "
                                  "platform's runtime class, an initializer that fetches their certificate, and, where "
                                  "an annotation asks for it, a mesh "
                                  "proxy. Comments, order, quotes and line ends stay; a second run changes nothing.\n\n"
                                  "Everything that is found wrong is told with file, line, column and rule. With an "
                                  "error among it nothing is written; "
                                  "else all changed files get their names at once.\n\n"
                                  "This version makes neither policies nor a manifest, and wants to be told so with "
                                  "--no-policies: the host may still "
                                  "run anything in these pods.";

const struct command command_generate = {
    .name = "generate",
    .operands = "FILE|DIR...",
    .summary = "prepare Kubernetes YAML for confidential pods",
    .description = description,
    .operand = OPERAND_FILE,
    .further = OPERAND_FILE,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
