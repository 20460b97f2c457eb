/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: layers_cache_enter layers_cache_next. */
#include <stdlib.h>

#include "parse/layers_cache.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT = 4096 };

static void require(bool holds)
{
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes keys[LIMIT_LAYERS_CACHE_KEYS];
    uint8_t text[TEXT];
    struct json_reader json = {
        .in = BYTES(data, size), .keys = keys, .key_cap = LIMIT_LAYERS_CACHE_KEYS, .text = text, .text_cap = TEXT};
    struct err err = {0};
    status s = layers_cache_enter(&json, &err);
    for (bool end = false; is_ok(s) && !end;) {
        struct layers_cache_entry e = {.passwd = BYTES_ABSENT};
        s = layers_cache_next(&json, &e, &end, &err);
        require((is_ok(s) && !end) == (e.passwd.ptr != NULL && e.group.ptr != NULL));
        if (e.passwd.ptr) require(is_ok(utf8_check(e.passwd, NULL)) && is_ok(utf8_check(e.group, NULL)));
    }
    require(is_ok(s) || (err.kind == s.kind && err.text[0] != '\0'));
    return 0;
}
