/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mesh/credentials.h"
#include "net/descriptor.h"
#include "parse/pem.h"

/* Two certificates of the size that a reader takes, as PEM. */
enum { FILE_MAX = 2 * LIMIT_CERTIFICATE_BYTES * 4 / 3 + 4096 };

enum file { MESH_CA, CERT_CHAIN, ROOT_CA, KEY, FILES };
static const char *const names[FILES] = {[MESH_CA] = "mesh-ca.pem",
                                         [CERT_CHAIN] = "certChain.pem",
                                         [ROOT_CA] = "coordinator-root-ca.pem",
                                         [KEY] = "key.pem"};

struct room {
    uint8_t secret[FILES][FILE_MAX];
    bytes files[FILES];
};

static status read_content(int file, enum file which, struct room *r, struct err *err)
{
    struct stat st;
    size_t len = 0;
    if (fstat(file, &st) != 0) return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    if (!S_ISREG(st.st_mode)) return err_set(err, ERR_IO, 0, "want a regular file");
    if (!descriptor_read(file, r->secret[which], FILE_MAX, &len)) return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    if (len == FILE_MAX) return err_set(err, ERR_LIMIT, 0, "want less than %d bytes", FILE_MAX);
    r->files[which] = BYTES(r->secret[which], len);
    return OK;
}

static status read_file(int folder, enum file which, struct room *r, struct err *err)
{
    /* A pipe that nobody writes to must not hold up the loop that reloads. */
    int file = openat(folder, names[which], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    status s = read_content(file, which, r, err);
    close(file);
    return s;
}

static status read_folder(const char *path, struct room *r, struct err *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return err_set(err, ERR_IO, 0, "%s: %s", path, strerror(errno));
    status s = OK;
    for (enum file i = 0; i < FILES && is_ok(s); i++)
        s = err_in(err, read_file(folder, i, r, err), "%s", names[i]);
    close(folder);
    return s;
}

static status take(const struct room *r, int64_t now, struct identity *out, struct err *err)
{
    const struct mesh_new_cert_response_secret set = {
        .mesh_ca = r->files[MESH_CA], .cert_chain = r->files[CERT_CHAIN], .root_ca = r->files[ROOT_CA]};
    bytes der[2];
    status key = private_key_parse_pem(r->files[KEY], &out->secret_key, err);
    TRY(err_in(err, key, "%s", names[KEY]));
    TRY(credentials_check(&set, private_key_spki(&out->secret_key), now, err));
    TRY(coordinator_ca_parse(set.mesh_ca, COORDINATOR_MESH_CA, &out->mesh_ca, err));
    TRY(pem_parse(set.cert_chain, "CERTIFICATE", der, 2, out->certificates, sizeof out->certificates, err));
    out->leaf = der[0];
    out->intermediate = der[1];
    return OK;
}

status identity_load(const char *folder, int64_t now, struct identity *out, struct err *err)
{
    static struct room r;
    status s = read_folder(folder, &r, err);
    if (is_ok(s)) s = take(&r, now, out, err);
    secret_wipe(&r, sizeof r);
    if (!is_ok(s)) identity_wipe(out);
    return s;
}

void identity_wipe(struct identity *id)
{
    secret_wipe(id, sizeof *id);
}
