/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: attest_request_parse manifest_request_parse.
 *
 * Input: one byte that says which, then the body of a request.
 */
#include <stdlib.h>

#include "parse/attest_request.h"
#include "parse/manifest_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { POLICIES = 4, CAP = 2048 };

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_refused(status s, const struct err *err, size_t size)
{
    require(err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

static void check_attest(bytes in)
{
    uint8_t nonce[ATTEST_NONCE_BYTES] = {0};
    struct err err = {0};
    status s = attest_request_parse(in, nonce, &err);
    if (is_ok(s)) return;
    require_refused(s, &err, in.len);
    require(bytes_are_zero(BYTES_OF(nonce)));
}

static void require_inside(bytes part, const uint8_t buffer[CAP])
{
    if (!bytes_is_absent(part)) require(part.ptr >= buffer && part.ptr + part.len <= buffer + CAP);
}

static void check_manifest(bytes in)
{
    bytes policies[POLICIES];
    uint8_t buffer[CAP];
    const struct manifest_request_storage lent = {policies, POLICIES, buffer, CAP};
    struct user_set_manifest_request r = {0};
    struct err err = {0};
    status s = manifest_request_parse(in, &lent, &r, &err);
    if (!is_ok(s)) {
        require_refused(s, &err, in.len);
        require(bytes_is_absent(r.manifest));
        require(s.kind != ERR_NOMEM || in.len > 40); /* four policies, or a full buffer */
        return;
    }
    require(!bytes_is_absent(r.manifest) && r.policy_count <= POLICIES);
    require_inside(r.manifest, buffer);
    require_inside(r.signature, buffer);
    require_inside(r.previous_transition_hash, buffer);
    for (size_t i = 0; i < r.policy_count; i++)
        require_inside(r.policies[i], buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    bytes in = BYTES(data + 1, size - 1);
    if (data[0] % 2 == 0)
        check_attest(in);
    else
        check_manifest(in);
    return 0;
}
