/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/initializer_settings.h"

static const struct setting rows[] = {
    {NULL, "COORDINATOR_HOST", NULL, "HOST", "the Coordinator's host name, and its port when that is not 7777",
     offsetof(struct initializer_settings, coordinator), false},
    {NULL, "CONTRAST_FOLDER", "/contrast", "FOLDER", "where the files go",
     offsetof(struct initializer_settings, folder), false},
    {NULL, "CONTRAST_DONE_FILE", "/done", "FILE", "an empty file that says that they are there",
     offsetof(struct initializer_settings, done_file), false},
    {NULL, "CONTRAST_SECRETS_GID", "", "NUMBER", "a group that may read key and secret",
     offsetof(struct initializer_settings, secrets_gid), false},
    {NULL, "CONTRAST_ISSUER", "auto", "auto|exec:PROGRAM", "what makes evidence: this machine, or a program",
     offsetof(struct initializer_settings, issuer), false},
    {NULL, "CONTRAST_SERVICE_MESH_DISABLED", "", "true",
     "no mesh proxy follows: lift the guest's default deny, so that the pod can be reached without one; whatever is "
     "not "
     "empty counts",
     offsetof(struct initializer_settings, mesh_disabled), false},
};

static const struct program_section sections[] = {
    {"DESCRIPTION",
     "Runs in a pod before its other containers, shows the Coordinator evidence of the machine that the pod runs on, "
     "and ends when the pod has its certificate.\n\n"
     "It tries again every five seconds, for ever: a pod waits until a manifest that allows it has been set. The "
     "Coordinator is not attested here; whoever verifies the deployment checks the certificate that came of it.\n\n"
     "The environment is part of what the pod's policy fixes. Variables that are no setting are left alone, because "
     "Kubernetes adds its own."},
    {"FILES", "tls-config/mesh-ca.pem, 0444: the CA of the manifest in force.\n\n"
              "tls-config/certChain.pem, 0444: the pod's certificate and the intermediate CA's.\n\n"
              "tls-config/coordinator-root-ca.pem, 0444: the CA of the whole history.\n\n"
              "tls-config/key.pem, 0400: the pod's key, PKCS#8.\n\n"
              "secrets/workload-secret-seed, 0400: the workload secret in hex, when the manifest names one.\n\n"
              "All of them are below CONTRAST_FOLDER, and written as a set: each gets its name when all are on disk."},
    {"EXIT STATUS", "0: the files are there.\n\n1: a signal has ended it, or this machine makes no evidence.\n\n"
                    "2: a setting is wrong."},
    {"SIGNALS", "SIGTERM and SIGINT end it."},
    {"DIAGNOSTICS", "Standard error is the log: one JSON object a line. No secret is ever logged."},
};

const struct program initializer_program = {
    .name = "contrast-initializer",
    .summary = "get this pod's certificate and workload secret from the Coordinator",
    .settings = rows,
    .setting_count = sizeof rows / sizeof rows[0],
    .sections = sections,
    .section_count = sizeof sections / sizeof sections[0],
    .see_also = ".BR contrast (1),\n.BR contrast\\-coordinator (8)",
};
