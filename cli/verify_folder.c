/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/verify_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/history_yaml.h"
#include "cli/output.h"
#include "cli/save.h"
#include "parse/initdata.h"
#include "parse/text.h"

enum { NAME_MAX_BYTES = 128 };

/* ---- what is in it ---------------------------------------------------------------------------------------------- */

static bool has_ends(const char *name, const char *begin, const char *end)
{
    size_t n = strlen(name), b = strlen(begin), e = strlen(end);
    return n > b + e && memcmp(name, begin, b) == 0 && memcmp(name + n - e, end, e) == 0;
}

static bool is_ours(const char *name)
{
    static const char *const names[] = {
        ".", "..", "coordinator-root-ca.pem", "mesh-ca.pem", "latest-transition", "history.yml", "evidence.tar"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return has_ends(name, "manifest.", ".json") || has_ends(name, "policy.", ".rego") ||
           has_ends(name, "initdata.", ".toml");
}

static status failed(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", text_quote(text_bytes(path)).s, strerror(errno));
}

status verify_folder_check(const char *path, struct err *err)
{
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOENT ? OK : failed(path, err);
    status s = OK;
    for (const struct dirent *e; is_ok(s) && (e = readdir(folder));)
        if (!is_ours(e->d_name))
            s = err_set(err, ERR_STATE, 0, "%s holds %s, which contrast verify has not written: name another folder",
                        text_quote(text_bytes(path)).s, text_quote(text_bytes(e->d_name)).s);
    (void)closedir(folder);
    return s;
}

/* ---- removing and writing --------------------------------------------------------------------------------------- */

static status join(struct arena *a, const char **out, struct err *err, const char *fmt, ...) PRINTF(4, 5);

static status join(struct arena *a, const char **out, struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    void *text;
    if (n < 0) return err_set(err, ERR_BUG, 0, "a name that cannot be written");
    TRY(arena_take(a, (size_t)n + 1, 1, &text, err));
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)n + 1, fmt, args);
    va_end(args);
    *out = text;
    return OK;
}

/* A folder with none but our files in it. */
static status remove_folder(const char *path, struct arena *a, struct err *err)
{
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOENT ? OK : failed(path, err);
    status s = OK;
    for (const struct dirent *e; is_ok(s) && (e = readdir(folder));) {
        const char *file;
        if (e->d_name[0] == '.' || !is_ours(e->d_name)) continue;
        s = join(a, &file, err, "%s/%s", path, e->d_name);
        if (is_ok(s) && unlink(file) != 0) s = failed(file, err);
    }
    (void)closedir(folder);
    if (is_ok(s) && rmdir(path) != 0) s = failed(path, err);
    return s;
}

static status write_file(const char *folder, const char *name, bytes content, struct arena *a, struct err *err)
{
    const char *path;
    TRY(join(a, &path, err, "%s/%s", folder, name));
    return output_write(path, content, a, err);
}

static status write_policy(const char *folder, bytes policy, struct arena *a, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)], name[NAME_MAX_BYTES];
    bool is_initdata = policy_form_of(policy) == POLICY_FORM_INITDATA;
    TRY(crypto_sha256(&policy, 1, hash, err));
    TRY(hex_write(BYTES_OF(hash), hex, sizeof hex, err));
    (void)snprintf(name, sizeof name, is_initdata ? "initdata.%s.toml" : "policy.%s.rego", hex);
    return write_file(folder, name, policy, a, err);
}

static status write_latest(const char *folder, const struct verification *v, struct err *err)
{
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    TRY(hex_write(BYTES(v->work.transitions[v->bundle.manifest_count - 1], SHA256_BYTES), hex, sizeof hex, err));
    return write_file(folder, "latest-transition", text_bytes(hex), v->memory, err);
}

static status write_files(const char *folder, const struct verification *v, bytes latest, int64_t captured_at,
                          struct err *err)
{
    bytes yaml;
    const struct bundle *b = &v->bundle;
    const char *tar;
    TRY(write_file(folder, "coordinator-root-ca.pem", b->root_ca, v->memory, err));
    TRY(write_file(folder, "mesh-ca.pem", b->mesh_ca, v->memory, err));
    TRY(write_latest(folder, v, err));
    for (size_t i = 0; i < b->manifest_count; i++) {
        char name[NAME_MAX_BYTES];
        (void)snprintf(name, sizeof name, "manifest.%zu.json", i);
        TRY(write_file(folder, name, b->manifests[i], v->memory, err));
    }
    for (size_t i = 0; i < b->policy_count; i++)
        TRY(write_policy(folder, b->policies[i], v->memory, err));
    TRY(history_yaml_write(v, latest, &yaml, err));
    TRY(write_file(folder, "history.yml", yaml, v->memory, err));
    TRY(join(v->memory, &tar, err, "%s/evidence.tar", folder));
    return save_bundle(tar, v, captured_at, err);
}

/* The old one steps aside until the new one has its name. */
static status put_in_place(const char *made, const char *path, struct arena *a, struct err *err)
{
    const char *old;
    TRY(join(a, &old, err, "%s.old", made));
    bool had = rename(path, old) == 0;
    if (!had && errno != ENOENT) return failed(path, err);
    if (rename(made, path) == 0) return had ? remove_folder(old, a, err) : OK;
    status s = failed(path, err);
    if (had) (void)rename(old, path);
    return s;
}

status verify_folder_write(const char *path, const struct verification *v, bytes latest, int64_t captured_at,
                           struct err *err)
{
    const char *made;
    TRY(verify_folder_check(path, err));
    TRY(join(v->memory, &made, err, "%s.%ld.new", path, (long)getpid()));
    if (mkdir(made, 0755) != 0) return failed(made, err);
    status s = write_files(made, v, latest, captured_at, err);
    if (is_ok(s)) s = put_in_place(made, path, v->memory, err);
    if (!is_ok(s)) (void)is_ok(remove_folder(made, v->memory, NULL));
    return s;
}
