/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_thim_parse.
 *
 * Sizes that 5 divides run with a lent buffer of that many bytes, so that "full" is tried too.
 */
#include <stdlib.h>

#include "parse/limits.h"
#include "snp/thim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_inside(bytes view, const uint8_t *buffer, size_t cap)
{
    require(view.len > 0 && view.ptr >= buffer && view.ptr + view.len <= buffer + cap);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t buffer[1 << 16];
    size_t cap = size % 5 == 0 && size < sizeof buffer ? size : sizeof buffer;
    struct snp_thim t = {.tcbm = 77};
    struct err err = {0};
    status s = snp_thim_parse(BYTES(data, size), buffer, cap, &t, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
        require(t.tcbm == 77 && bytes_is_absent(t.vcek));
        /* Either the buffer was short or there were more keys than the reader keeps, at five bytes for each. */
        require(s.kind != ERR_NOMEM || cap < 2 * size || size > (size_t)5 * LIMIT_EVIDENCE_KEYS);
        return 0;
    }
    require_inside(t.vcek, buffer, cap);
    require_inside(t.ask, buffer, cap);
    require_inside(t.ark, buffer, cap);
    return 0;
}
