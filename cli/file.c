/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "parse/text.h"

/* Deeper folders are a mistake or a trap. */
#define LIMIT_FOLDER_DEPTH 16

static void close_file(FILE **f)
{
    if (*f) fclose(*f);
}

static struct text_quoted quote(const char *path)
{
    return text_quote(text_bytes(path));
}

static status failed(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", quote(path).s, strerror(errno));
}

static status no_memory(const char *path, struct err *err)
{
    return err_set(err, ERR_NOMEM, 0, "%s: out of memory", quote(path).s);
}

void file_free(bytes content)
{
    free((void *)(uintptr_t)content.ptr);
}

status file_read(const char *path, size_t limit, bytes *out, struct err *err)
{
    __attribute__((cleanup(close_file))) FILE *f = fopen(path, "rb");
    if (!f) return failed(path, err);

    struct stat st;
    if (fstat(fileno(f), &st) != 0) return failed(path, err);
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return failed(path, err);
    }
    /* A regular file tells its size; a pipe, a device and what the kernel makes up as it is read (size 0, such as the
     * outblob of configfs) get the whole limit. */
    bool has_size = S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size < limit;
    size_t cap = has_size ? (size_t)st.st_size + 1 : limit + 1;
    uint8_t *buffer = malloc(cap);
    if (!buffer) return no_memory(path, err);

    size_t n = fread(buffer, 1, cap, f);
    if (ferror(f)) {
        free(buffer);
        return failed(path, err);
    }
    if (n == cap) {
        free(buffer);
        if (cap <= limit) return err_set(err, ERR_IO, 0, "%s: has grown while it was read", quote(path).s);
        return err_set(err, ERR_LIMIT, 0, "%s: want at most %zu bytes", quote(path).s, limit);
    }
    *out = BYTES(buffer, n);
    return OK;
}

status file_read_into(const char *path, size_t limit, struct arena *memory, bytes *out, struct err *err)
{
    bytes content;
    TRY(file_read(path, limit, &content, err));
    status s = arena_copy(memory, content, out, err);
    file_free(content);
    return s;
}

static int skip_dots(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static status refuse(const struct file_visitor *v, const char *path, const struct err *why, struct err *err)
{
    if (v->refused && why->kind != ERR_NOMEM) return v->refused(v->context, path, why, err);
    *err = *why;
    return (status){why->kind};
}

static status walk(const char *path, unsigned depth, const struct file_visitor *v, struct err *err);

static status walk_folder(const char *path, unsigned depth, const struct file_visitor *v, struct err *err)
{
    struct dirent **names;
    int n = scandir(path, &names, skip_dots, alphasort);
    if (n < 0) {
        struct err why = {0};
        (void)!is_ok(failed(path, &why));
        return refuse(v, path, &why, err);
    }
    status s = OK;
    for (int i = 0; i < n; i++) {
        size_t len = strlen(path) + strlen(names[i]->d_name) + 2;
        char *below = malloc(len);
        if (!below && is_ok(s)) s = no_memory(path, err);
        if (below) snprintf(below, len, "%s/%s", path, names[i]->d_name);
        if (is_ok(s)) s = walk(below, depth + 1, v, err);
        free(below);
        free(names[i]);
    }
    free(names);
    return s;
}

static status look(const char *path, unsigned depth, bool *is_folder, struct err *err)
{
    struct stat at, behind; /* the name itself, and what it leads to */
    if (lstat(path, &at) != 0 || stat(path, &behind) != 0) return failed(path, err);
    *is_folder = S_ISDIR(behind.st_mode) && (depth == 0 || !S_ISLNK(at.st_mode));
    if (*is_folder && depth > LIMIT_FOLDER_DEPTH)
        return err_set(err, ERR_LIMIT, 0, "%s: folders are nested deeper than %d", quote(path).s, LIMIT_FOLDER_DEPTH);
    if (*is_folder || depth == 0 || S_ISREG(behind.st_mode)) return OK;
    /* Passed over in silence it would look judged. */
    return err_set(err, ERR_UNSUPPORTED, 0, "%s: in a folder there may be files, folders and links to files",
                   quote(path).s);
}

static status walk(const char *path, unsigned depth, const struct file_visitor *v, struct err *err)
{
    struct err why = {0};
    bool is_folder = false;
    if (!is_ok(look(path, depth, &is_folder, &why))) return refuse(v, path, &why, err);
    return is_folder ? walk_folder(path, depth, v, err) : v->file(v->context, path, err);
}

status file_walk(const char *path, const struct file_visitor *visitor, struct err *err)
{
    return walk(path, 0, visitor, err);
}

bool file_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
