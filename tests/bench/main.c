/* SPDX-License-Identifier: Apache-2.0 */
/* bench: what verifying costs, as ratios to what it cannot do without, both measured in turn in one run.
 *
 *   bench BIN WORK    (BIN: the folder with the programs; WORK: one with the program `nothing`, and deployments of
 *                     tests/deployment.py with so many manifests as their names say)
 *
 * Each line is the median over the rounds of the ratio in that round, with the quartiles.  A target that is missed is
 * said so and is no failure: machines differ, and nothing here is a test.
 */
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/answer.h"
#include "tests/simulator/sim.h"
#include "verify/authenticate.h"
#include "verify/judge.h"
#include "verify/signature.h"

enum { ROUNDS = 41, NOW = 1780272000 /* 2026-06-01 */ };

/* That of tests/deployment.py. */
#define DEPLOYMENT_NONCE "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

extern char **environ;

static struct {
    struct sim_evidence made;
    struct snp_ca cas[3];
    struct evidence_input input;
    struct authenticate_options options;
    struct reference reference;
    struct evidence evidence;
    struct verdict verdict;
    struct signature_cache leaf_cache, crl_cache;
    uint8_t digest[SHA384_BYTES], r[P384_SCALAR_BYTES], s[P384_SCALAR_BYTES];
    const char *bin;
} b;

_Noreturn static void die(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static void must(const char *what, status s, const struct err *err)
{
    if (!is_ok(s)) die(what, err->text);
}

/* ---- what is measured ---------------------------------------------------------------------------------------------
 */

static void judge_once(void)
{
    memset(&b.verdict, 0, sizeof b.verdict);
    evidence_read(&b.input, &b.evidence, &b.verdict);
    evidence_authenticate(&b.evidence, &b.options, &b.verdict);
    evidence_judge(&b.evidence, &b.reference, &b.verdict);
}

static void without_crl(void)
{
    b.input.crl = BYTES_ABSENT;
    b.options.revocation = REVOCATION_WAIVED_BY_USER;
    b.options.leaf_cache = b.options.crl_cache = NULL;
    judge_once();
}

static void with_crl(void)
{
    b.input.crl = sim_file(&b.made, SIM_FILE_CRL);
    b.options.revocation = REVOCATION_REQUIRED;
    b.options.leaf_cache = b.options.crl_cache = NULL;
    judge_once();
}

static void warm(void)
{
    b.input.crl = sim_file(&b.made, SIM_FILE_CRL);
    b.options.revocation = REVOCATION_REQUIRED;
    b.options.leaf_cache = &b.leaf_cache;
    b.options.crl_cache = &b.crl_cache;
    judge_once();
}

static void ecdsa(void)
{
    struct err err = {0};
    must("P-384", crypto_p384_verify(b.evidence.leaf.point.ptr, b.digest, b.r, b.s, &err), &err);
}

static void pss(void)
{
    struct err err = {0};
    uint8_t digest[SHA384_BYTES];
    must("SHA-384", crypto_sha384(&b.evidence.leaf.x.tbs, 1, digest, &err), &err);
    must("RSA-PSS",
         crypto_rsa4096_pss_verify(b.cas[1].modulus, SNP_CA_EXPONENT, digest, b.evidence.leaf.x.signature, &err), &err);
}

static void one_of_each(void)
{
    ecdsa();
    pss();
}

static void one_and_two(void)
{
    ecdsa();
    pss();
    pss();
}

static void parse_report(void)
{
    struct snp_report report;
    struct err err = {0};
    must("parse", snp_report_parse(b.input.report, &report, &err), &err);
    __asm__ volatile("" : : "r"(&report) : "memory");
}

static void read_bytes(void)
{
    volatile uint8_t sink;
    uint8_t all = 0;
    for (size_t i = 0; i < b.input.report.len; i++) {
        all = (uint8_t)(all | b.input.report.ptr[i]);
        __asm__ volatile("" : "+r"(all)); /* one byte after the other, as a reader must see them */
    }
    sink = all;
    (void)sink;
}

static void spawn(char *const argv[], int want)
{
    posix_spawn_file_actions_t quiet;
    pid_t child;
    int how;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", 1 /* O_WRONLY */, 0);
    if (posix_spawn(&child, argv[0], &quiet, NULL, argv, environ) != 0) die(argv[0], "cannot be started");
    posix_spawn_file_actions_destroy(&quiet);
    if (waitpid(child, &how, 0) != child || !WIFEXITED(how) || WEXITSTATUS(how) != want) die(argv[0], "ended badly");
}

static char inspect_program[PATH_MAX], nothing_program[PATH_MAX], report_file[PATH_MAX], leaf_file[PATH_MAX];

static void inspect_process(void)
{
    char *argv[] = {inspect_program,        "inspect",         report_file, "--collateral", leaf_file, "--at",
                    "2026-06-01T00:00:00Z", "--no-revocation", NULL};
    spawn(argv, 4); /* made by the simulator: all is done, and AMD's root has not signed it */
}

static char answer_file[PATH_MAX], manifest_file[PATH_MAX];

static void verify_process(void)
{
    char *argv[] = {inspect_program,  "verify", "--evidence",           answer_file, "-m", manifest_file, "--nonce",
                    DEPLOYMENT_NONCE, "--at",   "2026-06-01T00:00:00Z", NULL};
    spawn(argv, 4); /* likewise */
}

/* What of it is the crypto library's: two CAs, the report, the leaf, the CRL, and the key of the ID block. */
static void verify_crypto(void)
{
    uint8_t keys[2][P384_POINT_BYTES];
    struct err err = {0};
    for (int i = 0; i < 3; i++)
        ecdsa();
    pss();
    pss();
    must("P-384", crypto_p384_recover(b.evidence.leaf.point.ptr, b.s, b.digest, keys, &err), &err);
}

static void nothing_process(void)
{
    char *argv[] = {nothing_program, NULL};
    spawn(argv, 0);
}

enum { QUARTER, HALF, WHOLE, HISTORIES };
static struct bench_answer histories[HISTORIES];

static void check_answer(struct bench_answer *a)
{
    if (!bench_answer_check(a, NOW)) die("history", "not accepted");
}

static void check_quarter(void)
{
    check_answer(&histories[QUARTER]);
}

static void check_half(void)
{
    check_answer(&histories[HALF]);
}

static void check_whole(void)
{
    check_answer(&histories[WHOLE]);
}

static bytes document; /* of JSON */

static void read_json(void)
{
    if (!bench_json_read(document)) die("JSON", "not read");
}

static void read_cjson(void)
{
    bench_cjson_read(document);
}

/* ---- measuring ----------------------------------------------------------------------------------------------------
 */

/* Processor time of this process and of its children: what else the machine does hardly shows in it. */
static double processor_time(void)
{
    struct timespec own;
    struct rusage children;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return (double)(own.tv_sec + children.ru_utime.tv_sec + children.ru_stime.tv_sec) + (double)own.tv_nsec * 1e-9 +
           (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1e-6;
}

static double seconds(void (*f)(void), unsigned times)
{
    double from = processor_time();
    for (unsigned i = 0; i < times; i++)
        f();
    return (processor_time() - from) / times;
}

static int by_size(const void *x, const void *y)
{
    double d = *(const double *)x - *(const double *)y;
    return (d > 0) - (d < 0);
}

/* Runs both in turn; `minus` seconds are taken off the first (its share that another line measures). */
static void compare(const char *what, void (*f)(void), const char *floor, void (*g)(void), double minus, double target,
                    unsigned times)
{
    double ratio[ROUNDS], cost[ROUNDS];
    f();
    g();
    for (int i = 0; i < ROUNDS; i++) {
        double have = seconds(f, times) - minus, least = seconds(g, times);
        ratio[i] = have / least;
        cost[i] = have;
    }
    qsort(ratio, ROUNDS, sizeof ratio[0], by_size);
    qsort(cost, ROUNDS, sizeof cost[0], by_size);
    double median = ratio[ROUNDS / 2];
    printf("%-38s %8.2f us = %5.2f x %-32s (%.2f..%.2f) target %.2f%s\n", what, cost[ROUNDS / 2] * 1e6, median, floor,
           ratio[ROUNDS / 4], ratio[3 * ROUNDS / 4], target, median <= target ? "" : ": MISSED");
}

/* ---- the stack ----------------------------------------------------------------------------------------------------
 */

enum { STACK_BYTES = 1048576, PAINT = 0x5a };
static uint8_t stack[STACK_BYTES] __attribute__((aligned(4096)));

static void *run_on_stack(void *unused)
{
    (void)unused;
    with_crl();
    return NULL;
}

static void *run_nothing(void *unused)
{
    return unused;
}

static size_t stack_used(void *(*f)(void *))
{
    pthread_attr_t attr;
    pthread_t thread;
    size_t untouched = 0;
    memset(stack, PAINT, sizeof stack);
    pthread_attr_init(&attr);
    if (pthread_attr_setstack(&attr, stack, sizeof stack) != 0) die("thread", "no stack");
    if (pthread_create(&thread, &attr, f, NULL) != 0) die("thread", "cannot be started");
    pthread_join(thread, NULL);
    while (untouched < sizeof stack && stack[untouched] == PAINT)
        untouched++;
    return sizeof stack - untouched;
}

/* ---- set-up -------------------------------------------------------------------------------------------------------
 */

static void load_ca(size_t at, enum sim_file file)
{
    struct x509_certificate x;
    struct err err = {0};
    must("CA", x509_certificate_parse(sim_file(&b.made, file), &x, &err), &err);
    must("CA", snp_ca_from_certificate(&x, &b.cas[at], &err), &err);
}

static void reverse(bytes le, uint8_t be[P384_SCALAR_BYTES])
{
    for (size_t i = 0; i < P384_SCALAR_BYTES; i++)
        be[P384_SCALAR_BYTES - 1 - i] = le.ptr[i];
}

static void save(const char *folder, const char *name, bytes content, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(content.ptr, 1, content.len, f) != content.len || fclose(f) != 0) die(path, "cannot be written");
}

static bytes load(const char *folder, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", folder, name);
    bytes content = bench_load(path);
    if (!content.ptr) die(path, "cannot be read");
    return content;
}

/* Folders that tests/deployment.py has made. */
static void set_up_deployments(const char *work)
{
    static const char *const names[HISTORIES] = {"250", "500", "1000"};
    char folder[PATH_MAX], path[PATH_MAX];
    for (int i = 0; i < HISTORIES; i++) {
        snprintf(folder, sizeof folder, "%s/%s", work, names[i]);
        histories[i].content = load(folder, "answer.json", path);
        histories[i].manifest = load(folder, "manifest.json", path);
    }
    snprintf(folder, sizeof folder, "%s/two", work);
    (void)load(folder, "answer.json", answer_file);
    (void)load(folder, "manifest.json", manifest_file);
}

static void set_up(const char *bin, const char *work)
{
    struct err err = {0};
    struct sim_options options = {.seed = 1};
    must("crypto", crypto_open(&err), &err);
    must("simulator", sim_make(&options, &b.made, &err), &err);
    load_ca(0, SIM_FILE_ARK);
    load_ca(1, SIM_FILE_ASK);
    load_ca(2, SIM_FILE_ASVK);
    b.input =
        (struct evidence_input){.report = sim_file(&b.made, SIM_FILE_REPORT), .leaf = sim_file(&b.made, SIM_FILE_LEAF)};
    b.options = (struct authenticate_options){.cas = {.cas = b.cas, .count = 3, .by_hand = true}, .now = NOW};
    b.reference = reference_anything();
    warm();
    for (size_t i = CHECK_REPORT_SIZE; i < CHECK_REPORT_ROWS; i++) /* there is no envelope */
        if (b.verdict.by_id[i].outcome < SKIPPED_BY_USER) die("not accepted", check_rows[i].name);
    must("SHA-384", crypto_sha384(&b.evidence.report.signed_part, 1, b.digest, &err), &err);
    reverse(b.evidence.report.signature_r, b.r);
    reverse(b.evidence.report.signature_s, b.s);

    snprintf(inspect_program, sizeof inspect_program, "%s/contrast", bin);
    snprintf(nothing_program, sizeof nothing_program, "%s/nothing", work);
    save(work, "report.bin", b.input.report, report_file);
    save(work, "leaf.der", b.input.leaf, leaf_file);
    set_up_deployments(work);
}

int main(int argc, char **argv)
{
    if (argc != 3) die("usage", "bench BIN WORK");
    set_up(argv[1], argv[2]);
    printf("%s; median of %d rounds, quartiles in brackets\n", crypto_library(), ROUNDS);
    compare("judge, cold, CRL waived", without_crl, "(P-384 verify + RSA-PSS verify)", one_of_each, 0, 1.15, 20);
    compare("judge, cold, with CRL", with_crl, "(P-384 + 2 RSA-PSS verify)", one_and_two, 0, 1.15, 20);
    compare("judge, second report of a leaf", warm, "P-384 verify", ecdsa, 0, 1.10, 20);
    compare("parse a report, all rules", parse_report, "reading its 1184 bytes", read_bytes, 0, 3, 2000);
    compare("contrast inspect, less its crypto", inspect_process, "starting a static program", nothing_process,
            seconds(one_of_each, 200), 3, 10);
    compare("contrast verify, less its crypto", verify_process, "starting a static program", nothing_process,
            seconds(verify_crypto, 100), 4, 10);
    compare("history of 500 manifests", check_half, "one of 250", check_quarter, 0, 2.3, 2);
    compare("history of 1000 manifests", check_whole, "one of 500", check_half, 0, 2.3, 1);
    document = histories[WHOLE].content;
    compare("JSON of an answer, strict", read_json, "cJSON", read_cjson, 0, 1 / 0.7, 1);
    document = histories[WHOLE].manifest;
    compare("JSON of a manifest, strict", read_json, "cJSON", read_cjson, 0, 1 / 0.7, 200);
    printf("stack of a whole judgement with CRL: %zu bytes beyond an idle thread's (core and library; target 65536)\n",
           stack_used(run_on_stack) - stack_used(run_nothing));
    return 0;
}
