/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "tests/bench/answer.h"

void bench_cjson_read(bytes json)
{
    cJSON *tree = cJSON_ParseWithLength((const char *)json.ptr, json.len);
    if (!tree) abort();
    cJSON_Delete(tree);
}
