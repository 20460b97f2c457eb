/* SPDX-License-Identifier: Apache-2.0 */
/* contrast policy explain: what the host may do with pods, in words. */
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/layout.h"
#include "cli/policy_files.h"
#include "cli/policy_text.h"
#include "kube/carrier.h"
#include "kube/package.h"
#include "kube/policy_read.h"
#include "parse/text.h"

struct settings {
    const char *workload;
};

static const struct option_row options[] = {
    {.name = "--workload",
     .argument = "NAME",
     .help = "only the policy of this object in YAML",
     .set = option_set_text,
     .at = offsetof(struct settings, workload)},
};

static const char *const actions[] = {"explain", NULL};

struct run {
    const struct settings *settings;
    struct arena *memory;
    size_t count;
};

static void print_head(const struct policy_file *f, FILE *out)
{
    layout_foreign(out, text_bytes(f->path));
    if (f->resource) {
        fprintf(out, ": ");
        layout_foreign(out, f->resource->kind);
        fprintf(out, " ");
        layout_foreign(out, f->resource->name);
    }
    fprintf(out, ": policy ");
    for (size_t i = 0; i < sizeof f->digest; i++)
        fprintf(out, "%02x", f->digest[i]);
    fprintf(out, "\n");
}

static status explain(void *context, const struct policy_file *f, struct err *err)
{
    struct run *r = context;
    const char *name = r->settings->workload;
    struct policy_pod pod;
    bytes rego, rules, data;
    if (name && (!f->resource || !bytes_eq(f->resource->name, text_bytes(name)))) return OK;
    TRY(err_in(err, carrier_rego(f->document, r->memory, &rego, err), "%s", text_quote(text_bytes(f->path)).s));
    TRY(err_in(err, policy_split(rego, &rules, &data, err), "%s", text_quote(text_bytes(f->path)).s));
    TRY(err_in(err, policy_data_parse(data, r->memory, &pod, err), "%s", text_quote(text_bytes(f->path)).s));
    r->count++;
    print_head(f, stdout);
    printf("  its rules are %s\n", bytes_eq(rules, package_rules())
                                       ? "those of this version of contrast"
                                       : "NOT those of this version of contrast: what follows holds as far as they do");
    policy_text(&pod, stdout);
    return OK;
}

static status explain_all(const struct settings *s, const struct text_list *paths, struct arena *memory,
                          struct err *err)
{
    struct run r = {.settings = s, .memory = memory};
    const struct policy_visitor visitor = {explain, &r};
    for (size_t i = 0; i < paths->count; i++)
        TRY(policy_files_read(paths->items[i], &visitor, memory, err));
    if (r.count > 0) return OK;
    return s->workload ? err_set(err, ERR_MISSING, 0, "there is no policy of %s", text_quote(text_bytes(s->workload)).s)
                       : err_set(err, ERR_MISSING, 0, "there is no policy in these files");
}

static int run(const struct command *self, int argc, char **argv)
{
    struct settings settings = {0};
    struct text_list operands = {0};
    struct err err = {0};
    unsigned action;
    __attribute__((cleanup(arena_free))) struct arena memory = {0};
    int code = command_take(self, argc, argv, &settings, &operands, &memory);
    if (code == EXIT_DONE) code = command_take_action(self, &operands, &action);
    if (code != EXIT_DONE) return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
    if (operands.count == 0) return usage_error(self, "explain: name a file or a folder");
    status s = explain_all(&settings, &operands, &memory, &err);
    return is_ok(s) ? command_flush(self) : command_failed(self, &err);
}

static const char description[] =
    "Tells of each policy what the host may do with its pod: which containers it may start, from which images, with "
    "which arguments, variables, users, mounts and devices, which commands it may run in them, and whether it may read "
    "what they write.\n\n"
    "A file is YAML that contrast generate has prepared, or a policy or initdata document as contrast verify writes "
    "them to verify/. Policies that this program has not made are refused: their data have no meaning without their "
    "rules.";

const struct command command_policy = {
    .name = "policy",
    .operands = "explain FILE|DIR...",
    .summary = "tell in words what policies let the host do",
    .description = description,
    .operand = OPERAND_WORD,
    .further = OPERAND_FILE,
    .operand_words = actions,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
