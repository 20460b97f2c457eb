/* SPDX-License-Identifier: Apache-2.0 */
/* contrast generate: prepares Kubernetes YAML, and makes policies and a manifest. */
#include "cli/commands.h"
#include "cli/generate.h"
#include "cli/layout.h"
#include "cli/option_rows.h"
#include "cli/output.h"

struct settings {
    const char *reference_values, *image_replacements, *image_layout, *output;
    struct workspace_options workspace;
    struct text_list plain_registries;
    bool checks_images, no_policies, skip_initializer, skip_mesh, is_strict, dry_run;
};

#define AT(member) offsetof(struct settings, member)

static const struct option_row options[] = {
    {.name = "--reference-values",
     .argument = "PLATFORM",
     .help = "where the pods will run, for example aks-clh-snp; required",
     .set = option_set_text,
     .at = AT(reference_values)},
    {.name = "--no-policies",
     .help = "prepare the YAML and make no policies and no manifest",
     .set = option_set_flag,
     .at = AT(no_policies)},
    {.name = "--manifest",
     .letter = 'm',
     .argument = "FILE",
     .help = "the manifest, which is made or brought up to date; default: manifest.json",
     .set = option_set_text,
     .at = AT(workspace.manifest)},
    {.name = "--policy",
     .letter = 'p',
     .argument = "FILE",
     .help = "rules for the agent; default: rules.rego, which is made when it is not there",
     .set = option_set_text,
     .at = AT(workspace.rules)},
    {.name = "--settings",
     .letter = 's',
     .argument = "FILE",
     .help = "settings of policies; default: settings.json, which is made when it is not there",
     .set = option_set_text,
     .at = AT(workspace.settings)},
    {.name = "--reference-values-file",
     .argument = "FILE",
     .help = "reference values of platforms for a new manifest, instead of those of the program",
     .set = option_set_text,
     .at = AT(workspace.reference_values)},
    {.name = "--add-workload-owner-key",
     .letter = 'w',
     .argument = "FILE",
     .help = "a key, private or public, whose owner may update the manifest (repeatable); default: workload-owner.pem, "
             "which is made when it is not there",
     .set = option_add_text,
     .at = AT(workspace.owner_keys),
     .repeatable = true},
    {.name = "--add-seedshare-owner-key",
     .argument = "FILE",
     .help = "a key whose owner may recover the Coordinator (repeatable); default: seedshare-owner.pem, which is made "
             "when it is not there",
     .set = option_add_text,
     .at = AT(workspace.seed_share_keys),
     .repeatable = true},
    {.name = "--disable-updates",
     .letter = 'd',
     .help = "let nobody update the manifest once it is set",
     .set = option_set_flag,
     .at = AT(workspace.disables_updates)},
    {.name = "--image-replacements",
     .argument = "FILE",
     .help = "lines ORIGINAL=REPLACEMENT: images that stand for others",
     .set = option_set_text,
     .at = AT(image_replacements)},
    {.name = "--image-layout",
     .argument = "DIR",
     .help = "where images are found: an OCI image layout; policies need it, or --check-images",
     .set = option_set_text,
     .at = AT(image_layout)},
    {.name = "--check-images",
     .help = "look at all images, in their registries unless --image-layout says where they are",
     .set = option_set_flag,
     .at = AT(checks_images)},
    {.name = "--insecure-registry",
     .argument = "HOST:PORT",
     .help = "ask this registry without TLS (repeatable)",
     .set = option_add_text,
     .at = AT(plain_registries),
     .repeatable = true},
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

/* A folder that is named, else registries. */
static status open_images(const struct settings *s, struct generate *g, struct err *err)
{
    if (!s->image_layout && !s->checks_images) return OK;
    if (s->image_layout) {
        TRY(err_in(err, image_layout_open(&g->layout, s->image_layout, err), "--image-layout"));
        g->images.store = image_layout_store(&g->layout);
    } else {
        g->registry.plain = &s->plain_registries;
        g->images.store = image_registry_store(&g->registry);
    }
    g->images.memory = g->images.layers.memory = g->memory;
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
    if (!s->no_policies) {
        TRY(workspace_open(&s->workspace, g->memory, &g->workspace, err));
        g->options.rules = g->workspace.rules;
        g->options.settings = g->workspace.settings;
    }
    TRY(prepare(g->inputs, g->count, &g->options, g->memory, &g->prepared, err));
    generate_tell(g);
    return OK;
}

static status write_all(const struct settings *s, struct generate *g, struct err *err)
{
    if (!s->no_policies)
        TRY(workspace_update(&s->workspace, g->options.platform, &g->prepared, !s->dry_run, g->memory, &g->workspace,
                             err));
    return s->dry_run ? generate_diff(g, err) : generate_write(g, s->output, err);
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
    if (s->no_policies)
        fprintf(out, "no policies and no manifest were made: what these pods may do is not bound to anything yet\n");
    for (size_t i = 0; i < g->workspace.count && !s->dry_run; i++) {
        layout_foreign(out, text_bytes(g->workspace.files[i].path));
        fprintf(out, ": written\n");
    }
    generate_tell_missing(g);
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
    if (!s->no_policies && !s->image_layout && !s->checks_images)
        return usage_error(self, "policies need the pods' images: say --image-layout, or --no-policies to prepare the "
                                 "YAML alone");
    if (s->workspace.disables_updates && s->workspace.owner_keys.count > 0)
        return usage_error(self, "--add-workload-owner-key does not go with --disable-updates");
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
    workspace_wipe(&g.workspace);
    image_registry_close(&g.registry);
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
                                  "Each confidential pod gets a policy, in an annotation: what the host may ask of it, "
                                  "with its images by their digests. The manifest names all of them, and the keys of "
                                  "those who may update it or recover the Coordinator; what somebody has written into "
                                  "it by hand stays.";

const struct command command_generate = {
    .name = "generate",
    .operands = "FILE|DIR...",
    .summary = "prepare Kubernetes YAML for confidential pods, with policies and a manifest",
    .description = description,
    .operand = OPERAND_FILE,
    .further = OPERAND_FILE,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
