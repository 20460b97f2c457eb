/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/credential_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/descriptor.h"
#include "parse/text.h"

enum folder { TLS_CONFIG, SECRETS, FOLDERS };
static const char *const folder_names[FOLDERS] = {[TLS_CONFIG] = "tls-config", [SECRETS] = "secrets"};

enum file { MESH_CA, CERT_CHAIN, ROOT_CA, KEY, WORKLOAD_SECRET, FILES };

static const struct file_row {
    enum folder folder;
    const char *name, *temporary;
    bool is_secret;
} rows[FILES] = {
    [MESH_CA] = {TLS_CONFIG, "mesh-ca.pem", ".mesh-ca.pem.new", false},
    [CERT_CHAIN] = {TLS_CONFIG, "certChain.pem", ".certChain.pem.new", false},
    [ROOT_CA] = {TLS_CONFIG, "coordinator-root-ca.pem", ".coordinator-root-ca.pem.new", false},
    [KEY] = {TLS_CONFIG, "key.pem", ".key.pem.new", true},
    [WORKLOAD_SECRET] = {SECRETS, "workload-secret-seed", ".workload-secret-seed.new", true},
};

struct job {
    const struct credential_files *where;
    int folders[FOLDERS];
    struct secret_pem key;
    char secret_hex[HEX_TEXT_SIZE(WORKLOAD_SECRET_BYTES)];
    bytes content[FILES]; /* absent: the file is not to be there */
};

static void close_job(struct job *j)
{
    for (size_t i = 0; i < FOLDERS; i++)
        if (j->folders[i] >= 0) close(j->folders[i]);
    secret_wipe(j, sizeof *j);
}

static status failed(const struct job *j, enum folder folder, const char *name, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s/%s%s%s: %s", j->where->folder, folder_names[folder], name ? "/" : "",
                   name ? name : "", strerror(errno));
}

/* ---- folders ---------------------------------------------------------------------------------------------------- */

static status open_folder(struct job *j, int base, enum folder i, struct err *err)
{
    const char *name = folder_names[i];
    if (mkdirat(base, name, 0755) != 0 && errno != EEXIST) return failed(j, i, NULL, err);
    j->folders[i] = openat(base, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (j->folders[i] < 0 || fchmod(j->folders[i], 0755) != 0) return failed(j, i, NULL, err);
    return OK;
}

static status open_folders(struct job *j, struct err *err)
{
    int base = open(j->where->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (base < 0) return err_set(err, ERR_IO, 0, "%s: %s", j->where->folder, strerror(errno));
    status s = OK;
    for (enum folder i = 0; i < FOLDERS && is_ok(s); i++)
        s = open_folder(j, base, i, err);
    close(base);
    return s;
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static bool set_access(const struct job *j, const struct file_row *row, int descriptor)
{
    bool for_group = row->is_secret && j->where->has_group;
    if (for_group && fchown(descriptor, (uid_t)-1, j->where->group) != 0) return false;
    return fchmod(descriptor, !row->is_secret ? 0444 : for_group ? 0440 : 0400) == 0;
}

static status write_temporary(const struct job *j, enum file i, struct err *err)
{
    const struct file_row *row = &rows[i];
    int folder = j->folders[row->folder];
    if (unlinkat(folder, row->temporary, 0) != 0 && errno != ENOENT) return failed(j, row->folder, row->temporary, err);
    int d = openat(folder, row->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (d < 0) return failed(j, row->folder, row->temporary, err);
    bool written = descriptor_write(d, j->content[i]) && set_access(j, row, d) && fsync(d) == 0;
    status s = written ? OK : failed(j, row->folder, row->temporary, err);
    close(d);
    return s;
}

static void remove_temporaries(const struct job *j)
{
    for (size_t i = 0; i < FILES; i++)
        (void)unlinkat(j->folders[rows[i].folder], rows[i].temporary, 0);
}

static status give_name(const struct job *j, enum file i, struct err *err)
{
    const struct file_row *row = &rows[i];
    int folder = j->folders[row->folder];
    bool is_absent = bytes_is_absent(j->content[i]);
    int done = is_absent ? unlinkat(folder, row->name, 0) : renameat(folder, row->temporary, folder, row->name);
    if (done != 0 && !(is_absent && errno == ENOENT)) return failed(j, row->folder, row->name, err);
    return OK;
}

static status write_files(const struct job *j, struct err *err)
{
    for (enum file i = 0; i < FILES; i++)
        if (!bytes_is_absent(j->content[i])) TRY(write_temporary(j, i, err));
    for (enum file i = 0; i < FILES; i++)
        TRY(give_name(j, i, err));
    for (enum folder i = 0; i < FOLDERS; i++)
        if (fsync(j->folders[i]) != 0) return failed(j, i, NULL, err);
    return OK;
}

static status fill(struct job *j, const struct mesh_new_cert_response_secret *in, const struct private_key *key,
                   struct err *err)
{
    j->content[MESH_CA] = in->mesh_ca;
    j->content[CERT_CHAIN] = in->cert_chain;
    j->content[ROOT_CA] = in->root_ca;
    TRY(private_key_write_pkcs8_pem(key, &j->key, err));
    j->content[KEY] = BYTES((const uint8_t *)j->key.secret, j->key.len);
    if (in->workload_secret.len == 0) return OK;
    TRY(hex_write(in->workload_secret, j->secret_hex, sizeof j->secret_hex, err));
    j->content[WORKLOAD_SECRET] = BYTES((const uint8_t *)j->secret_hex, 2 * in->workload_secret.len);
    return OK;
}

status credential_files_write(const struct credential_files *where, const struct mesh_new_cert_response_secret *in,
                              const struct private_key *key, struct err *err)
{
    __attribute__((cleanup(close_job))) struct job j = {.where = where, .folders = {-1, -1}};
    TRY(fill(&j, in, key, err));
    TRY(open_folders(&j, err));
    status s = write_files(&j, err);
    if (!is_ok(s)) remove_temporaries(&j);
    return s;
}
