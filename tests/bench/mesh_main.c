/* SPDX-License-Identifier: Apache-2.0 */
/* mesh-load: pods that ask a Coordinator for certificates, for tests/bench/mesh.py.
 *
 *     mesh-load run HOST:PORT ISSUER THREADS SECONDS RATE    as many calls as go, or RATE a second (0: no limit); one
 *                                                            line: calls, seconds, p50 and p99 in microseconds
 *     mesh-load hold HOST:PORT ISSUER COUNT                  COUNT connections, each certified; waits for standard
 *                                                            input to end
 *     mesh-load bare                                         microseconds of processor time of what a Coordinator has
 *                                                            to compute for one call, in the same library
 *
 * Each call is a connection of its own with a fresh key and evidence over the Coordinator's nonce, as a pod's is.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ca/random.h"
#include "net/coordinator_client.h"
#include "net/dial.h"
#include "net/issuer.h"
#include "net/peer_certificate.h"
#include "parse/mesh_api.h"
#include "tests/bench/ecdh.h"
#include "verify/crypto.h"
#include "verify/report_data.h"

enum { THREADS_MAX = 64, CALLS_MAX = 1 << 20, ATTEMPT_MS = 30000, ANSWER_BYTES = 65536, BARE_ROUNDS = 200 };

static struct address coordinator;
static const char *issuer_name;
static double pause_seconds, until; /* between two calls of one thread */

struct worker {
    pthread_t thread;
    struct issuer *issuer;
    uint32_t *took; /* microseconds */
    size_t calls;
    double first;
};

_Noreturn static void die(const char *what, const char *why)
{
    fprintf(stderr, "mesh-load: %s: %s\n", what, why);
    exit(1);
}

static void must(const char *what, status s, const struct err *err)
{
    if (!is_ok(s)) die(what, err->text);
}

static double now_of(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- one call --------------------------------------------------------------------------------------------------- */

static status accept_any(void *context, const struct atls_peer *peer, struct err *err)
{
    (void)context, (void)peer, (void)err;
    return OK;
}

static status issue(void *context, const struct atls_request *request, struct buffer *out, struct err *err)
{
    uint8_t report_data[REPORT_DATA_BYTES];
    TRY(report_data_of_connection(request->spki, request->nonce.ptr, report_data, err));
    return issuer_issue(context, report_data, out, err);
}

static struct coordinator_client *certify(struct issuer *issuer)
{
    struct err err = {0};
    uint8_t nonce[ATLS_NONCE_BYTES];
    struct coordinator_client *c = NULL;
    struct grpc_answer answer;
    must("nonce", random_fill(nonce, sizeof nonce, &err), &err);
    int64_t deadline = dial_now() + ATTEMPT_MS;
    const struct coordinator_target target = {.address = &coordinator,
                                              .nonce = nonce,
                                              .now = (int64_t)time(NULL),
                                              .deadline = deadline,
                                              .message_limit = ANSWER_BYTES,
                                              .judge = accept_any,
                                              .issue = issue,
                                              .context = issuer};
    must("connection", coordinator_connect(&target, &c, &err), &err);
    must("NewMeshCert", coordinator_call(c, MESH_API_PATH "NewMeshCert", BYTES_LIT(""), deadline, &answer, &err), &err);
    if (answer.code != GRPC_OK || answer.message.len < 1000) die("NewMeshCert", "refused");
    return c;
}

/* ---- many ------------------------------------------------------------------------------------------------------- */

static void wait_until(double at)
{
    const double left = at - now_of(CLOCK_MONOTONIC);
    if (left <= 0) return;
    const struct timespec t = {.tv_sec = (time_t)left, .tv_nsec = (long)((left - (double)(time_t)left) * 1e9)};
    (void)nanosleep(&t, NULL);
}

/* A call that is due and waits for the one before it counts from when it was due. */
static void *work(void *context)
{
    struct worker *w = context;
    double due = w->first;
    for (w->calls = 0; w->calls < CALLS_MAX && now_of(CLOCK_MONOTONIC) < until; w->calls++) {
        if (pause_seconds > 0) wait_until(due);
        const double from = pause_seconds > 0 ? due : now_of(CLOCK_MONOTONIC);
        coordinator_close(certify(w->issuer));
        w->took[w->calls] = (uint32_t)((now_of(CLOCK_MONOTONIC) - from) * 1e6);
        due += pause_seconds;
    }
    return NULL;
}

static int by_size(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

static void open_issuer(struct issuer **out)
{
    struct err err = {0};
    must("issuer", issuer_open(issuer_name, out, &err), &err);
}

static void run(size_t threads, double seconds, double rate)
{
    static struct worker workers[THREADS_MAX];
    uint32_t *all = calloc(threads * CALLS_MAX, sizeof *all);
    size_t calls = 0;
    if (!all) die("memory", "there is not enough");
    pause_seconds = rate > 0 ? (double)threads / rate : 0;
    for (size_t i = 0; i < threads; i++) {
        open_issuer(&workers[i].issuer);
        coordinator_close(certify(workers[i].issuer));
        workers[i].took = all + i * CALLS_MAX;
    }
    const double from = now_of(CLOCK_MONOTONIC);
    until = from + seconds;
    for (size_t i = 0; i < threads; i++) {
        workers[i].first = from + pause_seconds * (double)i / (double)threads;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) die("thread", "cannot be started");
    }
    for (size_t i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        memmove(all + calls, workers[i].took, workers[i].calls * sizeof *all);
        calls += workers[i].calls;
        issuer_close(workers[i].issuer);
    }
    const double took = now_of(CLOCK_MONOTONIC) - from;
    qsort(all, calls, sizeof *all, by_size);
    printf("%zu %.6f %u %u\n", calls, took, all[calls / 2], all[calls * 99 / 100]);
    free(all);
}

static void hold(size_t count)
{
    struct issuer *issuer;
    open_issuer(&issuer);
    for (size_t i = 0; i < count; i++)
        (void)certify(issuer);
    printf("holding\n");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    issuer_close(issuer);
}

/* ---- what has to be computed ------------------------------------------------------------------------------------- */

static struct private_key secret_leaf, secret_mesh;
static struct signature of_leaf, of_mesh;
static uint8_t digest[SHA384_BYTES];

/* r or s of an ECDSA-Sig-Value, big-endian, filled up to 48 bytes. */
static const uint8_t *take_integer(const uint8_t *at, uint8_t out[P384_SCALAR_BYTES])
{
    size_t len = at[1], skip = len > P384_SCALAR_BYTES ? len - P384_SCALAR_BYTES : 0;
    memset(out, 0, P384_SCALAR_BYTES);
    memcpy(out + P384_SCALAR_BYTES - (len - skip), at + 2 + skip, len - skip);
    return at + 2 + len;
}

/* The front: its connection's key and certificate, the handshake, the peer's certificate and signature.  The keeper:
 * the report's signature (the leaf's and the CRL's are known from the last pod of that machine), the key of the ID
 * block, and the signature of the certificate that is issued. */
static void compute(void)
{
    struct err err = {0};
    struct private_key secret_fresh;
    struct signature made;
    uint8_t r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES], keys[2][P384_POINT_BYTES];
    const bytes hash256 = BYTES(digest, SHA256_BYTES), hash384 = BYTES(digest, SHA384_BYTES);
    must("key", private_key_generate(KEY_P256, &secret_fresh, &err), &err);
    if (!bench_ecdh()) die("ECDH", "failed");
    for (int i = 0; i < 2; i++) {
        must("signature", private_key_sign(&secret_fresh, hash256, &made, &err), &err);
        must("P-256",
             peer_signature_check(SIGNATURE_ECDSA, HASH_SHA256, private_key_spki(&secret_leaf), BYTES_LIT("message"),
                                  BYTES(of_leaf.bytes, of_leaf.len), &err),
             &err);
    }
    (void)take_integer(take_integer(of_mesh.bytes + 2, r), s);
    const uint8_t *point = secret_mesh.spki + secret_mesh.spki_len - P384_POINT_BYTES;
    must("P-384", crypto_p384_verify(point, digest, r, s, &err), &err);
    must("ID key", crypto_p384_recover(point, s, digest, keys, &err), &err);
    must("signature", private_key_sign(&secret_mesh, hash384, &made, &err), &err);
}

static void bare(void)
{
    struct err err = {0};
    const bytes message = BYTES_LIT("message");
    uint8_t sha256[SHA256_BYTES];
    must("key", private_key_generate(KEY_P256, &secret_leaf, &err), &err);
    must("key", private_key_generate(KEY_P384, &secret_mesh, &err), &err);
    must("SHA-256", crypto_sha256(&message, 1, sha256, &err), &err);
    must("SHA-384", crypto_sha384(&message, 1, digest, &err), &err);
    must("signature", private_key_sign(&secret_leaf, BYTES_OF(sha256), &of_leaf, &err), &err);
    must("signature", private_key_sign(&secret_mesh, BYTES_OF(digest), &of_mesh, &err), &err);
    compute();
    const double from = now_of(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < BARE_ROUNDS; i++)
        compute();
    printf("%.3f\n", (now_of(CLOCK_PROCESS_CPUTIME_ID) - from) / (double)BARE_ROUNDS * 1e6);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    must("TLS", atls_open((int64_t)time(NULL), &err), &err);
    const char *what = argc > 1 ? argv[1] : "";
    if (argc > 3) {
        must("address", address_parse(BYTES((const uint8_t *)argv[2], strlen(argv[2])), 7777, &coordinator, &err),
             &err);
        issuer_name = argv[3];
    }
    if (argc == 2 && strcmp(what, "bare") == 0)
        bare();
    else if (argc == 5 && strcmp(what, "hold") == 0)
        hold(strtoul(argv[4], NULL, 10));
    else if (argc == 7 && strcmp(what, "run") == 0 && strtoul(argv[4], NULL, 10) <= THREADS_MAX)
        run(strtoul(argv[4], NULL, 10), strtod(argv[5], NULL), strtod(argv[6], NULL));
    else
        die("usage", "see tests/bench/mesh_main.c");
    return 0;
}
