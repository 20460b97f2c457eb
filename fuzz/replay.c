/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/replay.c: main() of a fuzz target outside a fuzzer.  Gives the target every file that the arguments name,
 * folders with all that lies below them, and ends with "N inputs replayed"; no input at all is a failure.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void die(const char *path)
{
    (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
    exit(1);
}

static void replay_file(const char *path, size_t size)
{
    FILE *f = fopen(path, "rb");
    /* Exactly as large as the input, so that a sanitizer sees the first byte read behind it. */
    uint8_t *data = malloc(size > 0 ? size : 1);
    if (!f || !data || fread(data, 1, size, f) != size) die(path);
    (void)fclose(f);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static size_t replay(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) die(path);
    if (!S_ISDIR(st.st_mode)) {
        replay_file(path, (size_t)st.st_size);
        return 1;
    }

    DIR *dir = opendir(path);
    if (!dir) die(path);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        char below[4096];
        int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (n < 0 || (size_t)n >= sizeof below) {
            errno = ENAMETOOLONG;
            die(path);
        }
        count += replay(below);
    }
    (void)closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    size_t count = 0;
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    printf("%zu inputs replayed\n", count);
    return count > 0 ? 0 : 1;
}
