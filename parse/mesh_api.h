/* SPDX-License-Identifier: Apache-2.0 */
/* parse/mesh_api.h: the messages of the Coordinator's Mesh API, read and written.
 *
 * gRPC service MeshAPI: NewMeshCert for a pod, Recover for another Coordinator; both requests are empty
 * (empty_message_parse of parse/user_api.h).  What that header says of members, storage and errors holds here.
 *
 * Both answers hold secrets, as views: wiping what they view is the caller's.
 * Source: Contrast protocol, meshapi.proto.
 */
#ifndef PARSE_MESH_API_H
#define PARSE_MESH_API_H

#include "parse/bytes.h"
#include "parse/protobuf_write.h"
#include "parse/status.h"

enum { WORKLOAD_SECRET_BYTES = 64 };

#define MESH_API_PATH "/meshapi.MeshAPI/"

struct mesh_new_cert_response_secret {
    bytes mesh_ca;         /* PEM */
    bytes cert_chain;      /* PEM: leaf, intermediate */
    bytes root_ca;         /* PEM */
    bytes workload_secret; /* WORKLOAD_SECRET_BYTES; absent when the policy names none */
};

MUST_USE status mesh_new_cert_response_parse(bytes in, struct mesh_new_cert_response_secret *out, struct err *err);
void mesh_new_cert_response_write(struct protobuf_writer *w, const struct mesh_new_cert_response_secret *in);

struct mesh_recover_response_secret {
    bytes seed;
    bytes salt;
    bytes mesh_ca_key;     /* PEM; not checked to be one */
    bytes latest_manifest; /* whoever recovers has to compare it with what he has */
};

MUST_USE status mesh_recover_response_parse(bytes in, struct mesh_recover_response_secret *out, struct err *err);
void mesh_recover_response_write(struct protobuf_writer *w, const struct mesh_recover_response_secret *in);

#endif
