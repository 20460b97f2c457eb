/* SPDX-License-Identifier: Apache-2.0 */
/* snp-sim: makes SEV-SNP evidence under test keys; see sim.h and --help. */
#include <stdio.h>

#include "tests/simulator/options.h"
#include "tests/simulator/serve.h"

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

/* `folder` NULL: to be an issuer. */
static status make(const struct sim_options *options, const char *folder, int *failure, struct err *err)
{
    static struct sim_evidence evidence;
    if (folder) TRY(sim_make(options, &evidence, err));
    *failure = EXIT_INTERNAL;
    return folder ? write_all(&evidence, folder, err) : sim_serve(options, &evidence, err);
}

int main(int argc, char **argv)
{
    struct sim_options options = {0};
    struct err err = {0};
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    if (count == 1 && strcmp(argv[1], "--help") == 0) {
        sim_options_help(stdout);
        return EXIT_DONE;
    }

    bool serves = count > 0 && strcmp(argv[1], "serve") == 0;
    char **args = argv + 1 + serves;
    count -= serves;
    const char *folder = serves ? NULL : take_folder(args, &count);
    int failure = EXIT_USAGE;
    status s = folder || serves ? sim_options_parse(args, count, &options, &err)
                                : err_set(&err, ERR_SYNTAX, 0, "--out DIRECTORY is missing; see --help");
    if (is_ok(s)) s = make(&options, folder, &failure, &err);
    if (!is_ok(s)) fprintf(stderr, "snp-sim: %s\n", err.text);
    return is_ok(s) ? EXIT_DONE : failure;
}
