/* SPDX-License-Identifier: Apache-2.0 */
/* tests/bench/answer.h: an answer to /attest, read and held against its own active manifest. */
#ifndef TESTS_BENCH_ANSWER_H
#define TESTS_BENCH_ANSWER_H

#include "verify/deployment.h"

struct bench_answer {
    bytes content; /* the JSON */
    bytes manifest;
    bytes manifests[LIMIT_HISTORY_MANIFESTS], policies[LIMIT_HISTORY_POLICIES];
    uint8_t *buffer; /* ATTEST_ANSWER_BUFFER_BYTES */
    struct bundle_digest digests[LIMIT_HISTORY_POLICIES];
    struct deployment_policy named[LIMIT_HISTORY_POLICIES];
    uint8_t transitions[LIMIT_HISTORY_MANIFESTS][SHA256_BYTES];
    struct manifest_room rooms[2];
    uint8_t text[2][LIMIT_MANIFEST_BYTES];
    struct deployment_work work;
    struct verdict verdict;
};

/* A file whole, with a NUL behind it; kept for ever. */
bytes bench_load(const char *path);

/* Another reader of JSON on the same text. */
void bench_cjson_read(bytes json);

/* Every event of the strict reader, and whether it came to the end. */
bool bench_json_read(bytes json);

/* The answer, taken apart and judged without its report, at `now`.  Whether every row that stands on history and
 * policies passed. */
bool bench_answer_check(struct bench_answer *a, int64_t now);

#endif
