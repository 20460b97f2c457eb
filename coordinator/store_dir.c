/* SPDX-License-Identifier: Apache-2.0 */
/* A value is a file FOLDER/KEY.  It is written as FOLDER/new, synced, renamed to its name, and then the folder that
 * holds the name is synced: after a loss of power it is there whole or not at all. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coordinator/store.h"
#include "net/descriptor.h"
#include "parse/text.h"

#define NEW_FILE  "new"
#define LOCK_FILE "lock"

struct store {
    int folder;
    int lock;
};

static status failed(const char *what, struct err *err)
{
    enum err_kind kind = errno == ENOENT ? ERR_MISSING : ERR_IO;
    return err_set(err, kind, 0, "store: %s: %s", what, strerror(errno));
}

static bool is_word(const char *from, const char *to)
{
    for (const char *c = from; c < to; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-'))
            return false;
    return from < to;
}

static status check_key(const char *key, struct err *err)
{
    size_t len = strlen(key);
    const char *slash = strchr(key, '/');
    if (len <= LIMIT_STORE_KEY_BYTES && slash && is_word(key, slash) && is_word(slash + 1, key + len)) return OK;
    return err_set(err, ERR_SYNTAX, 0, "store: key %s: want two words of letters, digits and '-' with a '/' between",
                   text_quote(BYTES((const uint8_t *)key, len)).s);
}

/* ---- the folder ---- */

static status sync_shelves(int folder, struct err *err)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = again >= 0 ? fdopendir(again) : NULL;
    bool synced = d != NULL;
    for (const struct dirent *e; synced && (e = readdir(d));) {
        int shelf = is_word(e->d_name, e->d_name + strlen(e->d_name))
                        ? openat(folder, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
                        : -1;
        synced = shelf < 0 || fsync(shelf) == 0;
        if (shelf >= 0) close(shelf);
    }
    status done = synced ? OK : failed("shelves", err);
    if (d)
        closedir(d);
    else if (again >= 0)
        close(again);
    return done;
}

/* An earlier process may have died between a name and its sync; from here on what is read is there to stay.  The name
 * of the folder itself is in the one above, which may be nobody's to open where it was made by somebody else. */
static status sync_names(int folder, bool is_made, struct err *err)
{
    int above = openat(folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = above >= 0 ? fsync(above) == 0 : !is_made;
    status done = synced ? OK : failed("the folder above", err);
    if (above >= 0) close(above);
    TRY(done);
    TRY(sync_shelves(folder, err));
    return fsync(folder) == 0 ? OK : failed("folder", err);
}

static status open_folder(const char *path, int *out, struct err *err)
{
    bool is_made = mkdir(path, 0700) == 0;
    if (!is_made && errno != EEXIST) return failed(path, err);
    *out = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out >= 0 ? sync_names(*out, is_made, err) : failed(path, err);
}

static status take_lock(struct store *s, const char *path, struct err *err)
{
    s->lock = openat(s->folder, LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (s->lock < 0) return failed(LOCK_FILE, err);
    if (flock(s->lock, LOCK_EX | LOCK_NB) == 0) return OK;
    if (errno != EWOULDBLOCK) return failed(LOCK_FILE, err);
    return err_set(err, ERR_STATE, 0, "store: %s: is in use by another process", path);
}

status store_open_dir(const char *path, struct store **out, struct err *err)
{
    struct store *s = malloc(sizeof *s);
    if (!s) return err_set(err, ERR_NOMEM, 0, "store: out of memory");
    *s = (struct store){.folder = -1, .lock = -1};
    status opened = open_folder(path, &s->folder, err);
    if (is_ok(opened)) opened = take_lock(s, path, err);
    if (!is_ok(opened)) {
        store_close(s);
        return opened;
    }
    /* What an earlier process did not bring to its end. */
    if (unlinkat(s->folder, NEW_FILE, 0) != 0 && errno != ENOENT) {
        opened = failed(NEW_FILE, err);
        store_close(s);
        return opened;
    }
    *out = s;
    return OK;
}

void store_close(struct store *s)
{
    if (!s) return;
    if (s->lock >= 0) close(s->lock);
    if (s->folder >= 0) close(s->folder);
    free(s);
}

/* ---- reading ---- */

static status read_all(int file, const char *key, size_t limit, bytes *out, struct err *err)
{
    struct stat st;
    if (fstat(file, &st) != 0) return failed(key, err);
    if (!S_ISREG(st.st_mode)) return err_set(err, ERR_IO, 0, "store: %s: is not a file", key);
    if (st.st_size < 0 || (uint64_t)st.st_size > limit)
        return err_set(err, ERR_LIMIT, 0, "store: %s: want at most %zu bytes", key, limit);
    size_t len = (size_t)st.st_size;
    uint8_t *content = malloc(len + 1);
    if (!content) return err_set(err, ERR_NOMEM, 0, "store: %s: out of memory", key);
    size_t have = 0;
    ssize_t n = 0;
    while (have < len && (n = read(file, content + have, len - have)) > 0)
        have += (size_t)n;
    if (have < len) {
        status s = n < 0 ? failed(key, err) : err_set(err, ERR_IO, 0, "store: %s: has shrunk while it was read", key);
        free(content);
        return s;
    }
    *out = BYTES(content, len);
    return OK;
}

status store_get(struct store *s, const char *key, size_t limit, bytes *out, struct err *err)
{
    TRY(check_key(key, err));
    int file = openat(s->folder, key, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return failed(key, err);
    status done = read_all(file, key, limit, out, err);
    close(file);
    return done;
}

/* ---- writing ---- */

static status write_new(const struct store *s, bytes value, struct err *err)
{
    int file = openat(s->folder, NEW_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return failed(NEW_FILE, err);
    bool written = descriptor_write(file, value) && fsync(file) == 0;
    status done = written ? OK : failed(NEW_FILE, err);
    if (close(file) != 0 && is_ok(done)) done = failed(NEW_FILE, err);
    return done;
}

/* The folder of the key's first word, which is made when it is not there. */
static status open_shelf(const struct store *s, const char *key, int *out, struct err *err)
{
    char shelf[LIMIT_STORE_KEY_BYTES + 1] = {0};
    memcpy(shelf, key, (size_t)(strchr(key, '/') - key));
    if (mkdirat(s->folder, shelf, 0700) == 0) {
        if (fsync(s->folder) != 0) return failed(shelf, err);
    } else if (errno != EEXIST) {
        return failed(shelf, err);
    }
    *out = openat(s->folder, shelf, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *out >= 0 ? OK : failed(shelf, err);
}

static status replace(const struct store *s, const char *key, bytes value, struct err *err)
{
    if (value.len > LIMIT_STORE_VALUE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "store: %s: want at most %d bytes", key, LIMIT_STORE_VALUE_BYTES);
    int shelf = -1;
    TRY(open_shelf(s, key, &shelf, err));
    status done = write_new(s, value, err);
    if (is_ok(done) && renameat(s->folder, NEW_FILE, s->folder, key) != 0) done = failed(key, err);
    if (is_ok(done) && fsync(shelf) != 0) done = failed(key, err);
    close(shelf);
    return done;
}

/* Whether there is a value, and whether it is `want`. */
static status compare(struct store *s, const char *key, bytes want, bool *is_there, bool *is_same, struct err *err)
{
    TRY(check_key(key, err));
    bytes have = BYTES_ABSENT;
    struct err why = {0};
    status got = store_get(s, key, LIMIT_STORE_VALUE_BYTES, &have, &why);
    if (!is_ok(got) && got.kind != ERR_MISSING) {
        *err = why;
        return got;
    }
    *is_there = is_ok(got);
    *is_same = bytes_eq(have, want);
    free((void *)(uintptr_t)have.ptr);
    return OK;
}

static status sync_shelf(const struct store *s, const char *key, struct err *err)
{
    int shelf = -1;
    TRY(open_shelf(s, key, &shelf, err));
    status done = fsync(shelf) == 0 ? OK : failed(key, err);
    close(shelf);
    return done;
}

status store_put(struct store *s, const char *key, bytes value, struct err *err)
{
    bool is_there = false, is_same = false;
    TRY(compare(s, key, value, &is_there, &is_same, err));
    if (!is_there) return replace(s, key, value, err);
    if (!is_same) return err_set(err, ERR_MISMATCH, 0, "store: %s: holds something else already", key);
    return sync_shelf(s, key, err); /* whoever wrote it may have died before */
}

status store_swap(struct store *s, const char *key, bytes old, bytes value, struct err *err)
{
    bool is_there = false, is_old = false;
    TRY(compare(s, key, old, &is_there, &is_old, err));
    if (old.len > 0 ? is_old : !is_there) return replace(s, key, value, err);
    return err_set(err, ERR_MISMATCH, 0, "store: %s: has changed since it was read", key);
}

/* ---- listing ---- */

static status add_key(struct store_keys *k, const char *shelf, const char *name, struct err *err)
{
    struct store_key key;
    int n = snprintf(key.text, sizeof key.text, "%s/%s", shelf, name);
    if (n < 0 || (size_t)n >= sizeof key.text)
        return err_set(err, ERR_SYNTAX, 0, "store: %s: holds a name that is too long for a key", shelf);
    TRY(check_key(key.text, err));
    if (k->count == LIMIT_STORE_LIST)
        return err_set(err, ERR_LIMIT, 0, "store: %s: want at most %d keys", shelf, LIMIT_STORE_LIST);
    if ((k->count & (k->count - 1)) == 0) { /* it is full: of 0, 1, 2, 4, ... */
        size_t cap = k->count == 0 ? 1 : 2 * k->count;
        struct store_key *more = realloc(k->keys, cap * sizeof *more);
        if (!more) return err_set(err, ERR_NOMEM, 0, "store: %s: out of memory", shelf);
        k->keys = more;
    }
    k->keys[k->count++] = key;
    return OK;
}

static status add_all(DIR *folder, const char *shelf, struct store_keys *k, struct err *err)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) return errno == 0 ? OK : failed(shelf, err);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            TRY(add_key(k, shelf, entry->d_name, err));
    }
}

status store_list(struct store *s, const char *shelf, struct store_keys *out, struct err *err)
{
    struct store_keys k = {0};
    int at = openat(s->folder, shelf, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = at >= 0 ? fdopendir(at) : NULL;
    if (!folder) {
        status none = at < 0 && errno == ENOENT ? OK : failed(shelf, err);
        if (at >= 0) close(at);
        if (is_ok(none)) *out = k;
        return none;
    }
    status done = add_all(folder, shelf, &k, err);
    (void)closedir(folder);
    if (is_ok(done))
        *out = k;
    else
        store_keys_free(&k);
    return done;
}
