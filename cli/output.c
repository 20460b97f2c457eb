/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "parse/text.h"

static status failed(const char *path, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", path ? text_quote(text_bytes(path)).s : "standard output",
                   strerror(errno));
}

/* ---- what must not be replaced ---------------------------------------------------------------------------------- */

static status want_other(void *context, const char *path, struct err *err)
{
    const struct stat *output = context;
    struct stat st;
    if (stat(path, &st) != 0 || st.st_dev != output->st_dev || st.st_ino != output->st_ino) return OK;
    return err_set(err, ERR_STATE, 0, "%s is read, and would be replaced", text_quote(text_bytes(path)).s);
}

/* Nothing can be read through such a name; whoever reads says so. */
static status pass_over(void *context, const char *path, const struct err *why, struct err *err)
{
    (void)context, (void)path, (void)why, (void)err;
    return OK;
}

status output_check(const char *path, const struct text_list *inputs, struct err *err)
{
    struct stat output, input;
    const struct file_visitor visitor = {.file = want_other, .refused = pass_over, .context = &output};
    if (!path || stat(path, &output) != 0) return OK;
    for (size_t i = 0; i < inputs->count; i++)
        if (stat(inputs->items[i], &input) == 0) TRY(file_walk(inputs->items[i], &visitor, err));
    return OK;
}

/* "/a/b" -> "/a/", "b" -> ""; links in it are followed by stat, as open follows them. */
static bool find_folder(const char *path, struct stat *out)
{
    const char *slash = strrchr(path, '/');
    char folder[PATH_MAX];
    if (!slash) return stat(".", out) == 0;
    int n = snprintf(folder, sizeof folder, "%.*s", (int)(slash + 1 - path), path);
    return n > 0 && (size_t)n < sizeof folder && stat(folder, out) == 0;
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool output_is_same(const char *a, const char *b)
{
    struct stat one, other;
    if (strcmp(a, b) == 0) return true;
    if (stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino)
        return true;
    return strcmp(last_name(a), last_name(b)) == 0 && find_folder(a, &one) && find_folder(b, &other) &&
           one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

static status want_regular(const char *path, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0 || S_ISREG(st.st_mode)) return OK;
    return err_set(err, ERR_STATE, 0, "%s is no regular file, and would be replaced by one",
                   text_quote(text_bytes(path)).s);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* mkstemp lets the owner alone read; a result is a file as any other. */
static int allow_as_usual(int descriptor)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(descriptor, 0666 & ~mask);
}

static status open_file(struct output *o, struct arena *memory, struct err *err)
{
    static const char suffix[] = ".XXXXXX";
    size_t n = strlen(o->path);
    void *name;
    TRY(want_regular(o->path, err));
    TRY(arena_take(memory, n + sizeof suffix, 1, &name, err));
    o->temporary = name;
    memcpy(o->temporary, o->path, n);
    memcpy(o->temporary + n, suffix, sizeof suffix);

    int descriptor = mkstemp(o->temporary);
    if (descriptor < 0) return failed(o->path, err);
    if (allow_as_usual(descriptor) == 0) o->stream = fdopen(descriptor, "wb");
    if (o->stream) return OK;
    status s = failed(o->path, err);
    close(descriptor);
    unlink(o->temporary);
    return s;
}

status output_open(struct output *o, const char *path, struct arena *memory, struct err *err)
{
    *o = (struct output){.stream = path ? NULL : stdout, .path = path};
    return path ? open_file(o, memory, err) : OK;
}

status output_finish(struct output *o, struct err *err)
{
    bool written = fflush(o->stream) == 0 && !ferror(o->stream);
    if (!o->path) return written ? OK : failed(NULL, err);
    written = written && fsync(fileno(o->stream)) == 0;
    if (!written) {
        status s = failed(o->path, err);
        output_abandon(o);
        return s;
    }
    bool closed = fclose(o->stream) == 0;
    o->stream = NULL;
    if (closed && rename(o->temporary, o->path) == 0) return OK;
    status s = failed(o->path, err);
    unlink(o->temporary);
    return s;
}

void output_abandon(struct output *o)
{
    if (!o->path || !o->stream) return;
    fclose(o->stream);
    unlink(o->temporary);
    o->stream = NULL;
}

status output_write(const char *path, bytes content, struct arena *memory, struct err *err)
{
    struct output o;
    TRY(output_open(&o, path, memory, err));
    fwrite(content.ptr, 1, content.len, o.stream); /* output_finish sees a failure */
    return output_finish(&o, err);
}
