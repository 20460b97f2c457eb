/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: attest_answer_parse.
 *
 * Sizes that 5 divides run with arrays and a buffer that are short, so that "full" is tried too.
 */
#include <stdlib.h>

#include "parse/attest_answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ITEMS = 64, BUFFER = 1 << 16 };
static bytes manifests[ITEMS], policies[ITEMS];
static uint8_t buffer[BUFFER];

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_decoded(bytes view)
{
    require(view.ptr >= buffer && view.ptr + view.len <= buffer + BUFFER);
}

static void require_sound(const struct attest_answer *a, const struct attest_answer_storage *lent)
{
    require(a->manifest_count > 0 && a->manifest_count <= lent->manifest_cap);
    require(a->policy_count <= lent->policy_cap && a->type_count <= ATTEST_TYPE_NUMBERS);
    require(a->has_type || a->type_count == 0);
    for (size_t i = 0; i < a->manifest_count; i++)
        require_decoded(a->manifests[i]);
    for (size_t i = 0; i < a->policy_count; i++)
        require_decoded(a->policies[i]);
    require_decoded(a->document);
    require_decoded(a->root_ca);
    require_decoded(a->mesh_ca);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_short = size % 5 == 0;
    const struct attest_answer_storage lent = {
        manifests, is_short ? 2 : ITEMS, policies, is_short ? 1 : ITEMS, buffer, is_short ? size % BUFFER : BUFFER};
    struct attest_answer a = {.policy_count = 77};
    struct err err = {0};
    status s = attest_answer_parse(BYTES(data, size), &lent, &a, &err);
    if (is_ok(s)) {
        require_sound(&a, &lent);
        return 0;
    }
    require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size && a.policy_count == 77);
    /* Each item has at least three bytes. */
    require(s.kind != ERR_NOMEM || is_short || size > 3 * ITEMS);
    return 0;
}
