/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: prepare resources_read lint_before inject lint_after diff_put. */
#include <stdlib.h>

#include "kube/diff.h"
#include "kube/prepare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static struct prepare_options options_of(size_t size)
{
    static const struct image_replacement items[] = {
        {BYTES_LIT(IMAGE_INITIALIZER),
         BYTES_LIT("i@sha256:0000000000000000000000000000000000000000000000000000000000000001")},
        {BYTES_LIT(IMAGE_MESH_PROXY),
         BYTES_LIT("m@sha256:0000000000000000000000000000000000000000000000000000000000000002")},
        {BYTES_LIT("x"), BYTES_LIT("x@sha256:0000000000000000000000000000000000000000000000000000000000000003")},
    };
    return (struct prepare_options){.platform = size % PLATFORM_COUNT, .replacements = {items, 3}};
}

static void require_findings(const struct preparation *p, size_t size)
{
    for (size_t i = 0; i < p->findings.count; i++) {
        const struct finding *f = &p->findings.items[i];
        require(f->file == 0 && f->offset <= size && f->text.len > 0 && f->rule < LINT_RULE_COUNT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena memory = {0};
    bytes in = BYTES(data, size);
    const struct prepare_options options = options_of(size);
    struct preparation p, again;
    struct text_out diff = {.memory = &memory};
    require(is_ok(prepare(&in, 1, &options, &memory, &p, NULL)));
    require_findings(&p, size);
    if (!p.has_errors) {
        require(is_ok(diff_put("a", in, &p.changes[0], &diff, NULL)) && (diff.len > 0) == (p.changes[0].count > 0));
        require(is_ok(prepare(&p.changes[0].output, 1, &options, &memory, &again, NULL)));
        require(!again.has_errors && again.changes[0].count == 0 && again.confidential_count == p.confidential_count);
    }
    arena_free(&memory);
    return 0;
}
