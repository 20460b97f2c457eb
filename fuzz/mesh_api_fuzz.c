/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: mesh_new_cert_response_parse mesh_recover_response_parse and their writers.
 *
 * Input: one byte that says which message, then the message.  What was read and written again is read to the same.
 */
#include <stdlib.h>

#include "parse/mesh_api.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAP = 4096 };

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refusal(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

static bool is_same(bytes a, bytes b)
{
    return bytes_eq(a, b) || (bytes_is_absent(a) && bytes_is_absent(b));
}

static void check_new_cert(bytes in)
{
    struct mesh_new_cert_response_secret m = {0}, again = {0};
    struct err err = {0};
    status s = mesh_new_cert_response_parse(in, &m, &err);
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        return;
    }
    uint8_t out[CAP];
    struct protobuf_writer w = {.out = out, .cap = CAP};
    mesh_new_cert_response_write(&w, &m);
    require(w.len <= in.len && is_ok(mesh_new_cert_response_parse(BYTES(out, w.len), &again, NULL)));
    require(is_same(m.mesh_ca, again.mesh_ca) && is_same(m.cert_chain, again.cert_chain));
    require(is_same(m.root_ca, again.root_ca) && is_same(m.workload_secret, again.workload_secret));
    require(bytes_is_absent(m.workload_secret) || m.workload_secret.len == WORKLOAD_SECRET_BYTES);
}

static void check_recover(bytes in)
{
    struct mesh_recover_response_secret m = {0}, again = {0};
    struct err err = {0};
    status s = mesh_recover_response_parse(in, &m, &err);
    if (!is_ok(s)) {
        require_refusal(s, &err, in.len);
        return;
    }
    uint8_t out[CAP];
    struct protobuf_writer w = {.out = out, .cap = CAP};
    mesh_recover_response_write(&w, &m);
    require(w.len <= in.len && is_ok(mesh_recover_response_parse(BYTES(out, w.len), &again, NULL)));
    require(is_same(m.seed, again.seed) && is_same(m.salt, again.salt));
    require(is_same(m.mesh_ca_key, again.mesh_ca_key) && is_same(m.latest_manifest, again.latest_manifest));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > CAP) return 0;
    bytes in = BYTES(data + 1, size - 1);
    if (data[0] % 2 == 0)
        check_new_cert(in);
    else
        check_recover(in);
    return 0;
}
