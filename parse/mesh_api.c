/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/mesh_api.h"

#include "parse/protobuf_message.h"

/* Both messages have four members of bytes, numbered from 1. */
enum { MEMBERS = 4 };

static const struct protobuf_member new_cert[MEMBERS + 1] = {
    {0},
    {"MeshCACert", PROTOBUF_LEN, false},
    {"CertChain", PROTOBUF_LEN, false},
    {"RootCACert", PROTOBUF_LEN, false},
    {"WorkloadSecret", PROTOBUF_LEN, false},
};

static const struct protobuf_member recover[MEMBERS + 1] = {
    {0},
    {"Seed", PROTOBUF_LEN, false},
    {"Salt", PROTOBUF_LEN, false},
    {"MeshCAKey", PROTOBUF_LEN, false},
    {"LatestManifest", PROTOBUF_LEN, false},
};

static status read_members(struct protobuf_message m, bytes out[MEMBERS + 1], struct err *err)
{
    for (struct protobuf_field f = {0};;) {
        bool end = false;
        TRY(protobuf_message_next(&m, &f, &end, err));
        if (end) return OK;
        out[f.number] = protobuf_optional(&f);
    }
}

status mesh_new_cert_response_parse(bytes in, struct mesh_new_cert_response_secret *out, struct err *err)
{
    bytes got[MEMBERS + 1] = {0};
    TRY(read_members(protobuf_message_over(in, "NewMeshCertResponse", new_cert, MEMBERS + 1), got, err));
    if (got[4].ptr && got[4].len != WORKLOAD_SECRET_BYTES)
        return err_set(err, ERR_RANGE, 0, "NewMeshCertResponse: WorkloadSecret: want %d bytes, have %zu",
                       WORKLOAD_SECRET_BYTES, got[4].len);
    *out = (struct mesh_new_cert_response_secret){got[1], got[2], got[3], got[4]};
    return OK;
}

void mesh_new_cert_response_write(struct protobuf_writer *w, const struct mesh_new_cert_response_secret *in)
{
    protobuf_put_bytes(w, 1, in->mesh_ca);
    protobuf_put_bytes(w, 2, in->cert_chain);
    protobuf_put_bytes(w, 3, in->root_ca);
    protobuf_put_bytes(w, 4, in->workload_secret);
}

status mesh_recover_response_parse(bytes in, struct mesh_recover_response_secret *out, struct err *err)
{
    bytes got[MEMBERS + 1] = {0};
    TRY(read_members(protobuf_message_over(in, "RecoverResponse", recover, MEMBERS + 1), got, err));
    *out = (struct mesh_recover_response_secret){got[1], got[2], got[3], got[4]};
    return OK;
}

void mesh_recover_response_write(struct protobuf_writer *w, const struct mesh_recover_response_secret *in)
{
    protobuf_put_bytes(w, 1, in->seed);
    protobuf_put_bytes(w, 2, in->salt);
    protobuf_put_bytes(w, 3, in->mesh_ca_key);
    protobuf_put_bytes(w, 4, in->latest_manifest);
}
