/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/authority.h"

#include "parse/limits.h"
#include "parse/pem.h"

static const char label[] = "CERTIFICATE";

void authority_wipe(struct authority *a)
{
    secret_wipe(a, sizeof *a);
}

static status write_pem(bytes der, struct authority_pem *out, struct err *err)
{
    TRY(pem_write(der, label, out->text, sizeof out->text, err));
    out->len = strlen(out->text);
    return OK;
}

static status make(const struct private_key *root_key, const struct private_key *mesh_key, int64_t now,
                   struct authority *out, struct err *err)
{
    uint8_t buf[CERTIFICATE_CA_MAX];
    struct certificate_room room = {buf, sizeof buf};
    bytes der;
    if (mesh_key)
        out->mesh_key = *mesh_key;
    else
        TRY(private_key_generate(KEY_P384, &out->mesh_key, err));
    TRY(certificate_issue_root(root_key, now, room, &der, err));
    TRY(write_pem(der, &out->root, err));
    TRY(certificate_issue_mesh_ca(&out->mesh_key, now, room, &der, err));
    TRY(write_pem(der, &out->mesh, err));
    TRY(certificate_issue_intermediate(root_key, &out->mesh_key, now, room, &der, err));
    return write_pem(der, &out->intermediate, err);
}

status authority_make(const struct private_key *root_key, const struct private_key *mesh_key, int64_t now,
                      struct authority *out, struct err *err)
{
    __attribute__((cleanup(authority_wipe))) struct authority secret_made = {0};
    TRY(make(root_key, mesh_key, now, &secret_made, err));
    *out = secret_made;
    return OK;
}

status authority_issue(const struct authority *a, const struct certificate_request *request, int64_t now, char *out,
                       size_t cap, size_t *len, struct err *err)
{
    uint8_t buf[LIMIT_CERTIFICATE_BYTES];
    bytes der;
    TRY(certificate_issue_leaf(&a->mesh_key, request, now, (struct certificate_room){buf, sizeof buf}, &der, err));
    TRY(pem_write(der, label, out, cap, err));
    size_t leaf = strlen(out);
    if (a->intermediate.len >= cap - leaf) return err_set(err, ERR_NOMEM, 0, "chain: does not fit into %zu bytes", cap);
    memcpy(out + leaf, a->intermediate.text, a->intermediate.len + 1);
    *len = leaf + a->intermediate.len;
    return OK;
}
