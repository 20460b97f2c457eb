/* SPDX-License-Identifier: Apache-2.0 */
/* contrast collateral: leaves and CRLs for machines without a network. */
#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/cache.h"
#include "cli/commands.h"
#include "cli/layout.h"
#include "cli/root.h"
#include "parse/text.h"
#include "program/value_text.h"
#include "verify/signature.h"

/* Whoever is to fetch a CRL by hand wants to know some time before. */
enum { DAY = 86400, SOON_DAYS = 30 };

enum { IMPORT, EXPORT, LIST };
static const char *const actions[] = {"import", "export", "list", NULL};

struct settings {
    struct text_list roots;
    int64_t at;
};

static const struct option_row options[] = {
    {.name = "--at",
     .argument = "RFC3339",
     .help = "list: what has expired, or will soon, at this time instead of now",
     .set = option_set_time,
     .at = offsetof(struct settings, at)},
    {.name = "--insecure-root",
     .argument = "FILE",
     .help = "import: believe these ARK, ASK and ASVK instead of AMD's (repeatable)",
     .set = option_add_text,
     .at = offsetof(struct settings, roots),
     .repeatable = true},
};

struct run {
    const struct command *self;
    struct settings settings;
    struct text_list operands;
    struct arena memory;
    struct collateral collateral;
    struct ca_bundle root;
    struct snp_ca_set cas;
    const char *folder; /* of the cache */
};

/* ---- where it comes from, where it goes ------------------------------------------------------------------------- */

/* Malformed leaves are kept to be told of in a verdict; here they are of no use to anybody. */
static status check_leaf(const struct run *r, const struct collateral_leaf *l, struct err *err)
{
    struct snp_leaf whole;
    if (!l->well_formed) return snp_leaf_parse(l->leaf.x.raw, &whole, err);
    enum snp_ca_role role = l->leaf.kind == SNP_SIGNED_BY_VLEK ? SNP_ASVK : SNP_ASK;
    const struct snp_ca *issuer = snp_ca_find(&r->cas, l->leaf.product, role);
    if (!issuer) return err_rule(err, ERR_MISSING, "root.trusted", 0, "leaf: its issuer is not trusted");
    status s = signature_check_pss(issuer, l->leaf.x.tbs, l->leaf.x.signature, NULL, err);
    return err_named(err, err_in(err, s, "leaf"), "leaf.signature");
}

static status check_crl(const struct collateral_crl *c, struct err *err)
{
    if (c->product == SNP_PRODUCT_UNKNOWN)
        return err_rule(err, ERR_MISMATCH, "crl.issuer", 0, "CRL: its issuer is no ARK of AMD's naming");
    if (!c->believed)
        return err_rule(err, ERR_SIGNATURE, "crl.signature", 0, "CRL of %s: not signed by the trusted ARK",
                        snp_product_name(c->product));
    return OK;
}

/* `s`, with the file; of a signature that is not by who is trusted, what to do about it. */
static status in_file(const struct run *r, const char *path, status s, struct err *err)
{
    bool by_stranger =
        err->rule && (strcmp(err->rule, "leaf.signature") == 0 || strcmp(err->rule, "crl.signature") == 0);
    if (is_ok(s)) return s;
    if (by_stranger && r->settings.roots.count == 0) {
        size_t n = strlen(err->text);
        snprintf(err->text + n, sizeof err->text - n,
                 "; what a simulator has made goes with its root: --insecure-root FILE");
    }
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}

static status check_malformed(const struct collateral *c, struct err *err)
{
    struct x509_crl crl;
    if (!c->malformed_crl.ptr) return OK;
    return err_named(err, x509_crl_parse(c->malformed_crl, &crl, err), "crl.encoding");
}

static status check_all(const struct run *r, struct err *err)
{
    const struct collateral *c = &r->collateral;
    TRY(in_file(r, c->malformed_crl_path, check_malformed(c, err), err));
    for (size_t i = 0; i < c->leaf_count; i++)
        TRY(in_file(r, c->leaves[i].path, check_leaf(r, &c->leaves[i], err), err));
    for (size_t i = 0; i < c->crl_count; i++)
        TRY(in_file(r, c->crls[i].path, check_crl(&c->crls[i], err), err));
    return OK;
}

static status write_all(struct run *r, const char *folder, struct err *err)
{
    const struct collateral *c = &r->collateral;
    const char *path;
    for (size_t i = 0; i < c->leaf_count; i++) {
        TRY(cache_leaf_path(folder, &c->leaves[i].leaf, &r->memory, &path, err));
        TRY(cache_write(path, c->leaves[i].leaf.x.raw, &r->memory, err));
    }
    for (size_t i = 0; i < c->crl_count; i++) {
        TRY(cache_crl_path(folder, &c->crls[i], &r->memory, &path, err));
        TRY(cache_write(path, c->crls[i].crl.raw, &r->memory, err));
    }
    layout_foreign(stdout, text_bytes(folder));
    printf(": leaves %zu, CRLs %zu\n", c->leaf_count, c->crl_count);
    return OK;
}

static status load(struct run *r, const char *path, struct err *err)
{
    TRY(collateral_add(&r->collateral, path, err));
    TRY(root_load(&r->settings.roots, &r->root, &r->memory, &r->cas, err));
    return collateral_seal(&r->collateral, &r->cas, err);
}

/* ---- the three -------------------------------------------------------------------------------------------------- */

/* Everything is checked before the first file is written. */
static status import(struct run *r, const char *from, struct err *err)
{
    TRY(load(r, from, err));
    TRY(check_all(r, err));
    return write_all(r, r->folder, err);
}

static status export(struct run *r, const char *to, struct err *err)
{
    TRY(load(r, r->folder, err));
    for (size_t i = 0; i < r->collateral.leaf_count; i++)
        if (!r->collateral.leaves[i].well_formed)
            return in_file(r, r->collateral.leaves[i].path, check_leaf(r, &r->collateral.leaves[i], err), err);
    return write_all(r, to, err);
}

/* "until 2026-07-01T00:00:00Z: expires in 12 days" */
static void print_end(const char *word, int64_t end, int64_t now)
{
    struct value at = value_time(end);
    printf("  %s %s", word, value_text_of(&at).s);
    if (end < now)
        printf(": EXPIRED");
    else if (end - now < SOON_DAYS * DAY)
        printf(": EXPIRES in %" PRId64 " days", (end - now) / DAY);
    putchar('\n');
}

static void list_leaf(const struct collateral_leaf *l, int64_t now)
{
    if (!l->well_formed) {
        printf("leaf  malformed\n");
        return;
    }
    struct value tcb = value_tcb(&l->leaf.tcb), chip = value_hex(l->leaf.hwid);
    printf("%s  %s  %s", snp_leaf_common_name(l->leaf.kind) + 4, snp_product_name(l->leaf.product),
           value_text_of(&tcb).s);
    if (l->leaf.hwid.ptr) printf("  chip %s", value_text_short(&chip).s);
    print_end("until", l->leaf.x.not_after, now);
}

static void list_crl(const struct collateral_crl *c, int64_t now)
{
    struct value from = value_time(c->crl.this_update);
    printf("CRL  %s  from %s", snp_product_name(c->product), value_text_of(&from).s);
    if (c->crl.has_next_update)
        print_end("until", c->crl.next_update, now);
    else
        printf("  without an end\n");
}

/* `path` NULL: the cache, which is not there before something is in it. */
static status list(struct run *r, const char *path, struct err *err)
{
    const struct collateral *c = &r->collateral;
    struct stat st;
    const char *at = path ? path : r->folder;
    if (path || stat(at, &st) == 0 || errno != ENOENT) TRY(load(r, at, err));
    if (c->leaf_count + c->crl_count == 0 && !c->malformed_crl.ptr) {
        layout_foreign(stdout, text_bytes(at));
        printf(": empty\n");
    }
    for (size_t i = 0; i < c->leaf_count; i++)
        list_leaf(&c->leaves[i], r->settings.at);
    for (size_t i = 0; i < c->crl_count; i++)
        list_crl(&c->crls[i], r->settings.at);
    if (c->malformed_crl.ptr) printf("CRL  malformed\n");
    return OK;
}

static int run_with(struct run *r, unsigned action, const char *path)
{
    struct err err = {0};
    status s = cache_folder(&r->memory, &r->folder, &err);
    if (is_ok(s)) {
        s = action == IMPORT ? import(r, path, &err) : action == EXPORT ? export(r, path, &err) : list(r, path, &err);
    }
    return is_ok(s) ? command_flush(r->self) : command_failed(r->self, &err);
}

static int run(const struct command *self, int argc, char **argv)
{
    struct run r = {.self = self, .settings = {.at = (int64_t)time(NULL)}};
    unsigned action = LIST;
    int code = command_take(self, argc, argv, &r.settings, &r.operands, &r.memory);
    if (code == EXIT_DONE) code = command_take_action(self, &r.operands, &action);
    size_t n = r.operands.count;
    if (code == EXIT_DONE && (n > 1 || (n == 0 && action != LIST)))
        code = usage_error(self, "%s: name one file or folder", actions[action]);
    if (code == EXIT_DONE) code = run_with(&r, action, n > 0 ? r.operands.items[0] : NULL);
    collateral_free(&r.collateral);
    arena_free(&r.memory);
    return code == COMMAND_HELP_GIVEN ? EXIT_DONE : code;
}

static const char description[] =
    "Carries leaves (VCEK, VLEK) and CRLs to machines without a network. import takes them from files, out of which a "
    "browser or curl has fetched them, or from a folder that export has written elsewhere, and keeps them in the "
    "cache; each has to be signed by AMD, and nothing is kept unless all of it is. export writes all that the cache "
    "holds below a folder; what was imported with --insecure-root is imported elsewhere with it too. list tells what "
    "the cache, or a file or folder, holds, and what has expired or will within "
    "30 days: a CRL that has makes every verdict fail that relies on it.\n\n"
    "The cache is the folder kds in $CONTRAST_CACHE_DIR, else in contrast below $XDG_CACHE_HOME or $HOME/.cache. Give "
    "it to contrast verify or contrast inspect with --collateral. It is believed as little as any file: signatures "
    "are verified whenever it is used.";

const struct command command_collateral = {
    .name = "collateral",
    .operands = "import PATH | export DIR | list [PATH]",
    .summary = "keep leaves and CRLs for machines without a network",
    .description = description,
    .operand = OPERAND_WORD,
    .further = OPERAND_FILE,
    .operand_words = actions,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .run = run,
};
