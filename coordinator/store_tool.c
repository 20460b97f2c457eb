/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/store_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coordinator/store_archive.h"
#include "net/descriptor.h"
#include "parse/text.h"

/* ---- words ------------------------------------------------------------------------------------------------------ */

static const struct verb {
    const char *name;
    bool has_archive;
} verbs[STORE_VERBS] = {
    [STORE_CHECK] = {"check", false}, [STORE_EXPORT] = {"export", true}, [STORE_IMPORT] = {"import", true}};

status store_tool_take(int argc, char *const *argv, enum store_verb *verb, const char **archive, int *taken,
                       struct err *err)
{
    for (unsigned i = 0; argc > 0 && i < STORE_VERBS; i++) {
        if (strcmp(argv[0], verbs[i].name) != 0) continue;
        bool has_archive = argc > 1 && argv[1][0] != '-';
        if (verbs[i].has_archive && !has_archive)
            return err_set(err, ERR_SYNTAX, 0, "store %s: want the archive's name behind it", argv[0]);
        *verb = (enum store_verb)i;
        *archive = verbs[i].has_archive ? argv[1] : NULL;
        *taken = verbs[i].has_archive ? 2 : 1;
        return OK;
    }
    return err_set(err, ERR_SYNTAX, 0, "store: want check, export ARCHIVE or import ARCHIVE");
}

/* ---- the archive's file ----------------------------------------------------------------------------------------- */

static status failed(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", text_quote(text_bytes(path)).s, strerror(errno));
}

/* A new file, whole or not at all. */
static status write_file(const char *path, bytes content, struct err *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return failed(path, err);
    bool is_written = descriptor_write(file, content) && fsync(file) == 0;
    status done = is_written ? OK : failed(path, err);
    if (close(file) != 0 && is_ok(done)) done = failed(path, err);
    if (!is_ok(done)) (void)unlink(path);
    return done;
}

static status read_content(int file, const char *path, bytes *out, struct err *err)
{
    struct stat st;
    if (fstat(file, &st) != 0) return failed(path, err);
    if (!S_ISREG(st.st_mode) || st.st_size > LIMIT_STORE_ARCHIVE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "%s: want a file of at most %d bytes", text_quote(text_bytes(path)).s,
                       LIMIT_STORE_ARCHIVE_BYTES);
    size_t len = (size_t)st.st_size, have = 0;
    uint8_t *content = malloc(len + 1);
    if (!content) return err_set(err, ERR_NOMEM, 0, "%s: out of memory", text_quote(text_bytes(path)).s);
    for (ssize_t n = 1; have < len && n > 0; have += n > 0 ? (size_t)n : 0)
        n = read(file, content + have, len - have);
    *out = BYTES(content, have); /* one that has shrunk meanwhile is cut, which its reader finds */
    return OK;
}

static status read_file(const char *path, bytes *out, struct err *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return failed(path, err);
    status done = read_content(file, path, out, err);
    close(file);
    return done;
}

/* ---- checking --------------------------------------------------------------------------------------------------- */

static const char *const shelves[] = {"manifests", "policies", "transitions"};

static void print_history(const struct history *h, FILE *out)
{
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)] = "";
    (void)!is_ok(hex_write(bytes_slice(h->record, 0, SHA256_BYTES), hex, sizeof hex, NULL)); /* it has the room */
    (void)fprintf(out, "%zu manifest%s, %zu polic%s, latest transition %s\n", h->manifest_count,
                  h->manifest_count == 1 ? "" : "s", h->policy_count, h->policy_count == 1 ? "y" : "ies", hex);
}

/* A content that the history does not need: left by a manifest that was refused in the end, and still what it is
 * called. */
static status check_leftover(struct store *s, const char *key, FILE *out, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)] = "";
    bytes content = BYTES_ABSENT;
    TRY(store_get(s, key, LIMIT_STORE_VALUE_BYTES, &content, err));
    status done = crypto_sha256(&content, 1, hash, err);
    free((void *)(uintptr_t)content.ptr);
    TRY(done);
    TRY(hex_write(BYTES_OF(hash), hex, sizeof hex, err));
    if (strcmp(strchr(key, '/') + 1, hex) != 0)
        return err_set(err, ERR_MISMATCH, 0, "store: %s: its content has the SHA-256 %s", key,
                       text_hex(BYTES_OF(hash)).s);
    (void)fprintf(out, "not needed: %s\n", key);
    return OK;
}

static status check_shelf(struct store *s, const char *shelf, const struct store_keys *needed, FILE *out,
                          struct err *err)
{
    struct store_keys have = {0};
    TRY(store_list(s, shelf, &have, err));
    status done = OK;
    for (size_t i = 0; i < have.count && is_ok(done); i++) {
        const char *key = have.keys[i].text;
        if (strcmp(key, HISTORY_LATEST) != 0 && !store_keys_have(needed, key)) done = check_leftover(s, key, out, err);
    }
    store_keys_free(&have);
    return done;
}

/* NULL: no manifest was ever set. */
static status check(struct store *s, const struct history *h, FILE *out, struct err *err)
{
    struct store_keys needed = {0};
    if (h) TRY(store_archive_keys(h, &needed, err));
    status done = OK;
    for (size_t i = 0; i < sizeof shelves / sizeof shelves[0] && is_ok(done); i++)
        done = check_shelf(s, shelves[i], &needed, out, err);
    store_keys_free(&needed);
    if (is_ok(done) && h)
        print_history(h, out);
    else if (is_ok(done))
        (void)fprintf(out, "no manifest was ever set\n");
    return done;
}

/* ---- the verbs -------------------------------------------------------------------------------------------------- */

static status run_on_history(struct store *s, enum store_verb verb, const char *path, FILE *out, struct err *err)
{
    bytes record = BYTES_ABSENT, archive = BYTES_ABSENT;
    struct history h = {0};
    struct err why = {0};
    status found = history_latest(s, &record, &why);
    if (found.kind == ERR_MISSING && verb == STORE_CHECK) return check(s, NULL, out, err);
    if (!is_ok(found)) *err = why;
    TRY(found);
    status done = history_load(s, record, &h, err);
    free((void *)(uintptr_t)record.ptr);
    TRY(done);
    if (verb == STORE_CHECK) {
        done = check(s, &h, out, err);
    } else {
        done = store_archive_write(s, &h, &archive, err);
        if (is_ok(done)) done = write_file(path, archive, err);
        if (is_ok(done)) print_history(&h, out);
        free((void *)(uintptr_t)archive.ptr);
    }
    history_free(&h);
    return done;
}

static status import(struct store *s, const char *path, FILE *out, struct err *err)
{
    bytes archive = BYTES_ABSENT;
    TRY(read_file(path, &archive, err));
    status done = store_archive_read(s, archive, err);
    free((void *)(uintptr_t)archive.ptr);
    TRY(done);
    return run_on_history(s, STORE_CHECK, NULL, out, err);
}

status store_tool_run(const struct settings *settings, enum store_verb verb, const char *archive, FILE *out,
                      struct err *err)
{
    const char *folder = settings->store + strlen("dir:");
    struct store *s = NULL;
    if (verb != STORE_IMPORT && access(folder, F_OK) != 0) return failed(folder, err); /* it would be made */
    TRY(store_open_dir(folder, &s, err));
    status done = verb == STORE_IMPORT ? import(s, archive, out, err) : run_on_history(s, verb, archive, out, err);
    store_close(s);
    return done;
}
