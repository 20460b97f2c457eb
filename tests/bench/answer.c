/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/answer.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse/attest_answer.h"
#include "parse/json.h"

bytes bench_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    long size = -1;
    uint8_t *content = NULL;
    if (f && fseek(f, 0, SEEK_END) == 0) size = ftell(f);
    if (size >= 0) content = calloc((size_t)size + 1, 1);
    bool good = content && fseek(f, 0, SEEK_SET) == 0 && fread(content, 1, (size_t)size, f) == (size_t)size;
    if (f) (void)fclose(f);
    return good ? BYTES(content, (size_t)size) : BYTES_ABSENT;
}

bool bench_json_read(bytes json)
{
    enum { KEYS = 4096, TEXT = 65536 };
    static bytes keys[KEYS];
    static uint8_t text[TEXT];
    struct json_reader r = {.in = json, .keys = keys, .key_cap = KEYS, .text = text, .text_cap = TEXT};
    struct json_event e = {.kind = JSON_NULL};
    while (e.kind != JSON_END)
        if (!is_ok(json_next(&r, &e, NULL))) return false;
    return true;
}

static bool open_answer(struct bench_answer *a, struct bundle *out)
{
    struct attest_answer answer;
    if (!a->buffer) a->buffer = malloc(ATTEST_ANSWER_BUFFER_BYTES(a->content.len));
    const struct attest_answer_storage lent = {a->manifests, LIMIT_HISTORY_MANIFESTS,
                                               a->policies,  LIMIT_HISTORY_POLICIES,
                                               a->buffer,    ATTEST_ANSWER_BUFFER_BYTES(a->content.len)};
    if (!a->buffer || !is_ok(attest_answer_parse(a->content, &lent, &answer, NULL))) return false;
    *out = (struct bundle){.binding = BUNDLE_ATTEST,
                           .document = answer.document,
                           .root_ca = answer.root_ca,
                           .mesh_ca = answer.mesh_ca,
                           .manifests = a->manifests,
                           .manifest_count = answer.manifest_count,
                           .policies = a->policies,
                           .policy_count = answer.policy_count};
    return is_ok(bundle_sort(a->policies, a->digests, &out->policy_count, NULL));
}

bool bench_answer_check(struct bench_answer *a, int64_t now)
{
    static const enum check_id rows[] = {CHECK_HISTORY_MANIFESTS, CHECK_POLICY_PRESENT, CHECK_POLICY_NAMED,
                                         CHECK_MANIFEST_ACTIVE};
    struct bundle b;
    const struct deployment_expectation want = {.manifest = a->manifest};
    if (!open_answer(a, &b)) return false;
    a->work = (struct deployment_work){0};
    a->work.expected_storage = manifest_storage_of(&a->rooms[0], a->text[0], sizeof a->text[0]);
    a->work.history_storage = manifest_storage_of(&a->rooms[1], a->text[1], sizeof a->text[1]);
    a->work.policies = a->named;
    a->work.transitions = a->transitions;
    a->verdict = (struct verdict){0};
    deployment_check(&b, &want, now, &a->work, &a->verdict);
    bool all = a->work.has_report_data;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        all = all && a->verdict.by_id[rows[i]].outcome == PASSED;
    return all;
}
