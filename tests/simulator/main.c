/* SPDX-License-Identifier: Apache-2.0 */
/* snp-sim: makes SEV-SNP evidence under test keys; see sim.h and --help. */
#include <stdio.h>

#include "tests/simulator/options.h"

enum { EXIT_DONE = 0, EXIT_INTERNAL = 1, EXIT_USAGE = 2 };

static status write_file(const char *folder, const char *name, bytes content, struct err *err)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (n < 0 || (size_t)n >= sizeof path) return err_set(err, ERR_LIMIT, 0, "%s: path too long", name);
    FILE *f = fopen(path, "wb");
    if (!f) return err_set(err, ERR_IO, 0, "%s: cannot be written", path);
    bool written = fwrite(content.ptr, 1, content.len, f) == content.len;
    bool closed = fclose(f) == 0;
    return written && closed ? OK : err_set(err, ERR_IO, 0, "%s: cannot be written", path);
}

static status write_all(const struct sim_evidence *evidence, const char *folder, struct err *err)
{
    for (size_t i = 0; i < SIM_FILES; i++) {
        bytes content = sim_file(evidence, (enum sim_file)i);
        if (!bytes_is_absent(content)) TRY(write_file(folder, sim_file_names[i], content, err));
    }
    return OK;
}

/* Takes --out FOLDER out of the arguments. */
static const char *take_folder(char **args, size_t *count)
{
    const char *folder = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(args[i], "--out") == 0 && i + 1 < *count)
            folder = args[++i];
        else
            args[kept++] = args[i];
    }
    *count = kept;
    return folder;
}

int main(int argc, char **argv)
{
    static struct sim_evidence evidence;
    struct sim_options options = {0};
    struct err err = {0};
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    if (count == 1 && strcmp(argv[1], "--help") == 0) {
        sim_options_help(stdout);
        return EXIT_DONE;
    }

    const char *folder = take_folder(argv + 1, &count);
    status s = folder ? sim_options_parse(argv + 1, count, &options, &err)
                      : err_set(&err, ERR_SYNTAX, 0, "--out DIRECTORY is missing; see --help");
    int failure = EXIT_USAGE;
    if (is_ok(s)) s = sim_make(&options, &evidence, &err);
    if (is_ok(s)) {
        failure = EXIT_INTERNAL;
        s = write_all(&evidence, folder, &err);
    }
    if (!is_ok(s)) fprintf(stderr, "snp-sim: %s\n", err.text);
    return is_ok(s) ? EXIT_DONE : failure;
}
