/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/initializer.h"

#include <time.h>

#include "ca/random.h"
#include "mesh/credentials.h"
#include "net/coordinator_client.h"
#include "net/dial.h"
#include "parse/text.h"
#include "verify/report_data.h"

/* Contrast protocol, constants: an attempt, with the Coordinator's handshake of 25 s in it. */
enum { ATTEMPT_MS = 30000, ANSWER_BYTES = 65536 };

static int64_t wall_clock(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec;
}

/* See the header: not for the pod to decide. */
static status accept_any(void *context, const struct atls_peer *peer, struct err *err)
{
    (void)context, (void)peer, (void)err;
    return OK;
}

static status issue(void *context, const struct atls_request *request, struct buffer *out, struct err *err)
{
    struct initializer *i = context;
    uint8_t report_data[REPORT_DATA_BYTES];
    if (request->nonce.len != REPORT_DATA_NONCE_BYTES) return err_set(err, ERR_RANGE, 0, "nonce: want 32 bytes");
    TRY(report_data_of_connection(request->spki, request->nonce.ptr, report_data, err));
    if (!i->issuer) TRY(issuer_open(i->evidence, &i->issuer, err));
    status s = issuer_issue(i->issuer, report_data, out, err);
    if (is_ok(s) || s.kind == ERR_DENIED) return s;
    /* Of no use any more: a late answer would be taken for that to the next request. */
    issuer_close(i->issuer);
    i->issuer = NULL;
    return s;
}

static status keep(struct initializer *i, bytes message, struct err *err)
{
    struct mesh_new_cert_response_secret secret_answer;
    status s = mesh_new_cert_response_parse(message, &secret_answer, err);
    TRY(err_in(err, s, "NewMeshCert"));
    TRY(credentials_check(&secret_answer, private_key_spki(&i->secret_key), wall_clock(), err));
    return credential_files_write(&i->files, &secret_answer, &i->secret_key, err);
}

static status ask(struct initializer *i, struct coordinator_client *c, int64_t deadline, struct err *err)
{
    struct grpc_answer answer;
    TRY(coordinator_call(c, MESH_API_PATH "NewMeshCert", BYTES_LIT(""), deadline, &answer, err));
    if (answer.code != GRPC_OK)
        return err_set(err, ERR_DENIED, 0, "NewMeshCert: %s: %s", grpc_code_name(answer.code),
                       text_quote(answer.text).s);
    return keep(i, answer.message, err);
}

status initializer_try(struct initializer *i, struct err *err)
{
    uint8_t nonce[ATLS_NONCE_BYTES];
    struct coordinator_client *c = NULL;
    TRY(random_fill(nonce, sizeof nonce, err));
    int64_t deadline = dial_now() + ATTEMPT_MS;
    const struct coordinator_target target = {.address = &i->coordinator,
                                              .nonce = nonce,
                                              .key = &i->secret_key,
                                              .now = wall_clock(),
                                              .deadline = deadline,
                                              .message_limit = ANSWER_BYTES,
                                              .judge = accept_any,
                                              .issue = issue,
                                              .context = i};
    TRY(coordinator_connect(&target, &c, err));
    status s = ask(i, c, deadline, err);
    coordinator_close(c);
    return s;
}
