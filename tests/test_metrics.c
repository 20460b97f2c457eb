/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coordinator/expiry.h"
#include "coordinator/metrics.h"

static struct metrics *metrics;
static char text[LIMIT_METRICS_BYTES + 1];

static void begin(void)
{
    struct err err = {0};
    cr_assert(is_ok(metrics_open(&metrics, &err)), "%s", err.text);
    metrics_name(metrics, 0, "/a.B/Set");
    metrics_name(metrics, METRICS_ROWS, "/no.Row/Here");
}

static void end(void)
{
    metrics_close(metrics);
}

static void write_text(const struct metrics_state *state)
{
    struct err err = {0};
    struct buffer out = BUFFER("metrics", LIMIT_METRICS_BYTES);
    cr_assert(is_ok(metrics_write(metrics, state, &out, &err)), "%s", err.text);
    bytes all = buffer_view(&out);
    memcpy(text, all.ptr, all.len);
    text[all.len] = '\0';
    buffer_free(&out);
}

static void expect_line(const char *line)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "\n%s\n", line);
    cr_expect_not_null(strstr(text, wanted), "want \"%s\" in:\n%s", line, text);
}

TestSuite(metrics, .init = begin, .fini = end);

Test(metrics, begin_with_zeros_for_every_code)
{
    size_t codes = 0;
    write_text(&(struct metrics_state){0});
    for (const char *at = text; (at = strstr(at, "\ncontrast_grpc_server_handled_total{")); at++)
        codes++;
    cr_expect_eq(codes, 17);
    expect_line("contrast_grpc_server_handling_seconds_bucket{grpc_method=\"Set\",grpc_service=\"a.B\","
                "grpc_type=\"unary\",le=\"+Inf\"} 0");
    expect_line("contrast_coordinator_insecure_root 0");
    cr_expect_null(strstr(text, "no.Row"));
    cr_expect_null(strstr(text, "\ncontrast_coordinator_crl_next_update_timestamp_seconds "));
    cr_expect_null(strstr(text, "certificate=\""));
}

/* Prometheus: a bucket counts all that took no longer; the last one counts all. */
Test(metrics, sort_durations_into_buckets)
{
    static const uint64_t took[] = {100000, 100001, 3000000000, 60000000000};
    for (size_t i = 0; i < sizeof took / sizeof took[0]; i++) {
        metrics_begin(metrics, 0);
        metrics_end(metrics, 0, i == 0 ? 7 : 0, took[i]);
    }
    metrics_end(metrics, 0, 99, 0);
    write_text(&(struct metrics_state){0});
#define LABELS "grpc_method=\"Set\",grpc_service=\"a.B\",grpc_type=\"unary\""
    expect_line("contrast_grpc_server_handling_seconds_bucket{" LABELS ",le=\"0.0001\"} 2");
    expect_line("contrast_grpc_server_handling_seconds_bucket{" LABELS ",le=\"0.0005\"} 3");
    expect_line("contrast_grpc_server_handling_seconds_bucket{" LABELS ",le=\"2.5\"} 3");
    expect_line("contrast_grpc_server_handling_seconds_bucket{" LABELS ",le=\"5\"} 4");
    expect_line("contrast_grpc_server_handling_seconds_bucket{" LABELS ",le=\"+Inf\"} 5");
    expect_line("contrast_grpc_server_handling_seconds_sum{" LABELS "} 63.000200001");
    expect_line("contrast_grpc_server_handling_seconds_count{" LABELS "} 5");
    expect_line("contrast_grpc_server_handled_total{grpc_code=\"PermissionDenied\"," LABELS "} 1");
    expect_line("contrast_grpc_server_handled_total{grpc_code=\"Unknown\"," LABELS "} 1");
    expect_line("contrast_grpc_server_handled_total{grpc_code=\"OK\"," LABELS "} 3");
    expect_line("contrast_grpc_server_started_total{" LABELS "} 4");
    expect_line("contrast_grpc_server_msg_sent_total{" LABELS "} 3");
}

/* One front tells what both have counted. */
Test(metrics, are_shared_by_processes)
{
    pid_t child = fork();
    if (child == 0) {
        metrics_begin(metrics, 0);
        _exit(0);
    }
    cr_assert_eq(waitpid(child, NULL, 0), child);
    write_text(&(struct metrics_state){0});
    expect_line("contrast_grpc_server_started_total{" LABELS "} 1");
}

Test(metrics, tell_the_state)
{
    write_text(&(struct metrics_state){.generation = 3,
                                       .refused_peers = 5,
                                       .is_insecure = true,
                                       .root_ca_not_after = 11,
                                       .leaf_not_after = 12,
                                       .crl_next_update = 13});
    expect_line("contrast_coordinator_manifest_generation 3");
    expect_line("contrast_meshapi_attestation_failures_total 5");
    expect_line("contrast_coordinator_insecure_root 1");
    expect_line("contrast_coordinator_fetch_failures_total 0");
    expect_line("contrast_coordinator_certificate_not_after_timestamp_seconds{certificate=\"root_ca\"} 11");
    expect_line("contrast_coordinator_certificate_not_after_timestamp_seconds{certificate=\"endorsement\"} 12");
    expect_line("contrast_coordinator_crl_next_update_timestamp_seconds 13");
    cr_expect_null(strstr(text, "mesh_ca"));
}

Test(expiry, of_what_cannot_be_read_is_not_known)
{
    const struct expiry_evidence e = expiry_of_evidence(BYTES_LIT("\x0a\x03no"));
    cr_expect(e.leaf_not_after == 0 && e.crl_next_update == 0);
    cr_expect_eq(expiry_of_certificate(BYTES_LIT("")), 0);
    cr_expect_eq(expiry_of_certificate(BYTES_LIT("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n")), 0);
}
