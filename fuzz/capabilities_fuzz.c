/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: capabilities_parse capabilities_offer api_version_parse. */
#include <stdlib.h>

#include "parse/capabilities.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct capabilities c = {.version_count = 77};
    struct err err = {0};
    uint32_t number = 0;
    require(is_ok(api_version_parse(BYTES(data, size), &number)) == (number != 0));
    status s = capabilities_parse(BYTES(data, size), &c, &err);
    if (!is_ok(s)) {
        require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= size && c.version_count == 77);
        return 0;
    }
    require(size <= LIMIT_CAPABILITIES_BYTES && c.version_count <= LIMIT_API_VERSIONS);
    for (size_t i = 0; i < c.version_count; i++)
        require(c.versions[i] != 0 && capabilities_offer(&c, c.versions[i]));
    require(!capabilities_offer(&c, 0));
    return 0;
}
