/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/prepare.h"

#include "kube/policy_make.h"
#include "parse/text.h"

struct job {
    const struct prepare_options *options;
    struct arena *memory;
    struct preparation p;
};

bool prepare_is_error(const struct finding *f, const struct prepare_options *options)
{
    /* A manifest needs one; without policies there is none. */
    bool is_needed = options->rules.ptr && f->rule == LINT_COORDINATOR_MISSING;
    return options->is_strict || is_needed || lint_row(f->rule)->severity == LINT_ERROR;
}

static bool is_ours(status s)
{
    return s.kind == ERR_NOMEM;
}

/* Whether a file that cannot be read concerns us. */
static bool mentions(bytes in, bytes word)
{
    for (size_t i = 0; i + word.len <= in.len; i++)
        if (memcmp(in.ptr + i, word.ptr, word.len) == 0) return true;
    return false;
}

static status read_one(struct job *j, size_t i, bytes in, struct err *err)
{
    struct lint_file *f = &j->p.files[i];
    struct err why = {0};
    status s = yaml_parse(in, j->memory, &f->yaml, &why);
    if (is_ok(s)) s = resources_read(&f->yaml, &f->resources, &why);
    if (is_ok(s)) return OK;
    f->yaml = (struct yaml_file){.input = in, .memory = j->memory};
    f->resources = (struct resources){.count = 0};
    if (is_ours(s)) return err_set(err, s.kind, 0, "%s", why.text);
    bool concerns = mentions(in, BYTES_LIT("contrast-cc")) || mentions(in, BYTES_LIT("kata-cc-isolation"));
    return lint_add(&j->p.findings, concerns ? LINT_YAML_FORM : LINT_YAML_IGNORED, i, why.offset, err, "%s", why.text);
}

/* What lint_before has said of this place is not said again. */
static bool is_known(const struct findings *f, size_t file, size_t offset)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].file == file && f->items[i].offset == offset &&
            lint_row(f->items[i].rule)->severity == LINT_ERROR)
            return true;
    return false;
}

static status inject_one(struct job *j, size_t i, const struct resource *r, const struct inject_options *options,
                         struct injection *out, struct err *err)
{
    struct err why = {0};
    status s = inject(&j->p.files[i].yaml, r, options, out, &why);
    if (is_ok(s) || is_known(&j->p.findings, i, why.offset)) return OK;
    if (is_ours(s)) return err_set(err, s.kind, 0, "%s", why.text);
    return lint_add(&j->p.findings, s.kind == ERR_UNSUPPORTED ? LINT_YAML_FORM : LINT_POD_FORM, i, why.offset, err,
                    "%.*s %s: %s", (int)r->kind.len, (const char *)r->kind.ptr, text_quote(r->name).s, why.text);
}

static status host_of(struct job *j, bytes *out, struct err *err)
{
    void *all;
    TRY(arena_take(j->memory, j->p.file_count, sizeof(struct resources), &all, err));
    for (size_t i = 0; i < j->p.file_count; i++)
        ((struct resources *)all)[i] = j->p.files[i].resources;
    return inject_coordinator_host(all, j->p.file_count, j->memory, out, err);
}

static status inject_all(struct job *j, struct err *err)
{
    struct preparation *p = &j->p;
    struct inject_options options = {
        .runtime_class = text_bytes(platform_row(j->options->platform)->runtime_class),
        .replacements = j->options->replacements,
        .skip_initializer = j->options->skip_initializer,
        .skip_mesh = j->options->skip_mesh,
    };
    TRY(host_of(j, &options.coordinator_host, err));
    for (size_t i = 0; i < p->file_count; i++)
        for (size_t k = 0; k < p->files[i].resources.count; k++) {
            const struct resource *r = &p->files[i].resources.items[k];
            void *pods = p->pods;
            if (!r->pod) continue;
            TRY(arena_grow(j->memory, &pods, p->pod_count, sizeof *p->pods, err));
            p->pods = pods;
            struct prepared *pod = &p->pods[p->pod_count++];
            *pod = (struct prepared){.file = i, .resource = r};
            p->confidential_count += r->is_confidential;
            if (r->is_confidential) TRY(inject_one(j, i, r, &options, &pod->injection, err));
        }
    return OK;
}

static void count_errors(struct job *j)
{
    for (size_t i = 0; i < j->p.findings.count; i++)
        j->p.has_errors = j->p.has_errors || prepare_is_error(&j->p.findings.items[i], j->options);
}

static struct policy_target target_of(struct job *j, struct prepared *pod)
{
    return (struct policy_target){
        .yaml = &j->p.files[pod->file].yaml, .file = pod->file, .resource = pod->resource, .findings = &j->p.findings};
}

/* The agent of AKS is handed layers by its host, and our rules are for guests that pull images. */
static status warn_of_layers(struct job *j, struct err *err)
{
    if (j->options->platform != PLATFORM_AKS_CLH_SNP || j->p.confidential_count == 0) return OK;
    return lint_add(&j->p.findings, LINT_PLATFORM_LAYERS, 0, 0, err,
                    "on AKS-CLH-SNP these policies deny every container: they are for guests that pull images");
}

/* All are read before any is written: what is wrong is told at once. */
static status make_policies(struct job *j, struct err *err)
{
    const struct policy_inputs in = {.files = j->p.files,
                                     .file_count = j->p.file_count,
                                     .settings = &j->options->settings,
                                     .images = j->options->images};
    void *room;
    if (!j->options->rules.ptr) return OK;
    TRY(warn_of_layers(j, err));
    TRY(arena_take(j->memory, j->p.pod_count, sizeof(struct policy_pod), &room, err));
    struct policy_pod *pods = room;
    for (size_t i = 0; i < j->p.pod_count; i++) {
        const struct prepared *pod = &j->p.pods[i];
        if (pod->resource->is_confidential)
            TRY(policy_pod_read(&in, pod->file, pod->resource, &j->p.findings, &pods[i], err));
    }
    count_errors(j);
    for (size_t i = 0; i < j->p.pod_count && !j->p.has_errors; i++) {
        const struct policy_target to = target_of(j, &j->p.pods[i]);
        if (j->p.pods[i].resource->is_confidential)
            TRY(policy_make(&to, j->options->platform, j->options->rules, &pods[i], &j->p.pods[i].policy, err));
    }
    return OK;
}

/* Two pods with one policy could take each other's place. */
static status check_twins(struct job *j, struct err *err)
{
    for (size_t i = 0; i < j->p.pod_count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct prepared *a = &j->p.pods[k], *b = &j->p.pods[i];
            const struct resource *r = b->resource;
            if (!a->policy.annotation || !b->policy.annotation ||
                memcmp(a->policy.digest, b->policy.digest, sizeof a->policy.digest) != 0)
                continue;
            TRY(lint_add(&j->p.findings, LINT_POLICY_TWICE, b->file, r->object->from, err,
                         "%.*s %s: has the same policy as %.*s %s", (int)r->kind.len, (const char *)r->kind.ptr,
                         text_quote(r->name).s, (int)a->resource->kind.len, (const char *)a->resource->kind.ptr,
                         text_quote(a->resource->name).s));
        }
    return OK;
}

static status write_all(struct job *j, struct err *err)
{
    for (size_t i = 0; i < j->p.file_count; i++) {
        struct yaml_changes *c = &j->p.changes[i];
        struct err why = {0};
        status s = yaml_write(&j->p.files[i].yaml, c, &why);
        if (is_ok(s)) continue;
        if (is_ours(s)) return err_set(err, s.kind, 0, "%s", why.text);
        TRY(lint_add(&j->p.findings, LINT_YAML_FORM, i, why.offset, err, "%s", why.text));
    }
    return OK;
}

status prepare(const bytes *inputs, size_t count, const struct prepare_options *options, struct arena *memory,
               struct preparation *out, struct err *err)
{
    void *files, *changes;
    struct job j = {.options = options, .memory = memory, .p = {.file_count = count, .findings = {.memory = memory}}};
    TRY(arena_take(memory, count, sizeof *j.p.files, &files, err));
    TRY(arena_take(memory, count, sizeof *j.p.changes, &changes, err));
    j.p.files = files;
    j.p.changes = changes;
    for (size_t i = 0; i < count; i++)
        TRY(read_one(&j, i, inputs[i], err));
    TRY(lint_before(j.p.files, count, &j.p.findings, err));
    TRY(inject_all(&j, err));
    TRY(lint_after(j.p.files, count, &j.p.findings, err));
    if (options->images) TRY(lint_images(j.p.files, count, options->images, &j.p.findings, err));
    TRY(make_policies(&j, err));
    TRY(check_twins(&j, err));
    count_errors(&j);
    if (!j.p.has_errors) TRY(write_all(&j, err));
    count_errors(&j);
    lint_sort(&j.p.findings);
    *out = j.p;
    return OK;
}
