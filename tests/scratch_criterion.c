/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/scratch.h"

struct full_path {
    char s[256];
};

static struct full_path path_in(const struct scratch *s, const char *name)
{
    struct full_path p;
    int n = snprintf(p.s, sizeof p.s, "%s/%s", s->path, name);
    cr_assert(n > 0 && (size_t)n < sizeof p.s, "%s: path too long", name);
    return p;
}

struct scratch scratch_open(void)
{
    struct scratch s = {"build/run/scratch.XXXXXX"};
    (void)mkdir("build/run", 0755);
    cr_assert_not_null(mkdtemp(s.path), "%s cannot be made", s.path);
    return s;
}

void scratch_close(const struct scratch *s)
{
    scratch_run(s, "rm -r -- \"$PWD\"");
}

void scratch_write(const struct scratch *s, const char *name, bytes content)
{
    struct full_path p = path_in(s, name);
    char *slash = strrchr(p.s, '/');
    *slash = '\0';
    (void)mkdir(p.s, 0755);
    *slash = '/';
    FILE *f = fopen(p.s, "wb");
    cr_assert_not_null(f, "%s cannot be written", p.s);
    cr_assert_eq(fwrite(content.ptr, 1, content.len, f), content.len, "%s cannot be written", p.s);
    cr_assert_eq(fclose(f), 0, "%s cannot be written", p.s);
}

bytes scratch_read(const struct scratch *s, const char *name)
{
    struct full_path p = path_in(s, name);
    struct stat st;
    FILE *f = fopen(p.s, "rb");
    cr_assert(f && fstat(fileno(f), &st) == 0, "%s cannot be read", p.s);
    size_t size = (size_t)st.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    cr_assert_not_null(data);
    cr_assert_eq(fread(data, 1, size, f), size, "%s cannot be read", p.s);
    (void)fclose(f);
    return BYTES(data, size);
}

void scratch_run(const struct scratch *s, const char *line)
{
    char command[2048];
    int n = snprintf(command, sizeof command, "cd %s && %s", s->path, line);
    cr_assert(n > 0 && (size_t)n < sizeof command, "the line is too long");
    int result = system(command);
    cr_assert_eq(result, 0, "%s: failed with %d", command, result);
}
