/* SPDX-License-Identifier: Apache-2.0 */
#include "mesh/proxy_settings.h"

static const struct setting rows[] = {
    {"--ingress", "CONTRAST_INGRESS_PROXY_CONFIG", "", "ENTRIES",
     "what comes in: the annotation servicemesh-ingress; empty: every port wants a certificate",
     offsetof(struct proxy_settings, ingress), false},
    {"--egress", "CONTRAST_EGRESS_PROXY_CONFIG", "", "ENTRIES", "what goes out: the annotation servicemesh-egress",
     offsetof(struct proxy_settings, egress), false},
    {"--admin-port", "CONTRAST_ADMIN_PORT", "", "PORT",
     "the annotation servicemesh-admin-interface-port: no egress entry may use it; nobody listens there yet",
     offsetof(struct proxy_settings, admin_port), false},
    {"--credentials", "CONTRAST_TLS_CONFIG", "/contrast/tls-config", "FOLDER",
     "certificates and key, as contrast-initializer leaves them", offsetof(struct proxy_settings, folder), false},
    {"--ready-file", "CONTRAST_READY_FILE", "/ready", "FILE", "an empty file that says that connections are protected",
     offsetof(struct proxy_settings, ready_file), false},
    {"--default-deny", "CONTRAST_DEFAULT_DENY", "lift", "lift|keep",
     "what becomes of the guest's rule that lets nobody in, when ours are there",
     offsetof(struct proxy_settings, default_deny), false},
    {"-l", "CONTRAST_LOG_LEVEL", "info", "debug|info|warning|error", "the least that is logged",
     offsetof(struct proxy_settings, log_level), false},
};

static const struct program_section sections[] = {
    {"DESCRIPTION",
     "Runs beside a pod's containers and speaks mutual TLS for them. Every TCP connection to the pod is taken by "
     "netfilter rules to this proxy, which lets in who has a certificate of the mesh CA and passes the bytes on to the "
     "port that was asked for; what a container sends to an address of the egress list goes out under the pod's "
     "certificate, to a workload that shows one.\n\n"
     "An ingress entry NAME#PORT#false lifts the demand for a client's certificate on one port, NAME#PORT#true leaves "
     "the port as it is; DISABLED touches nothing that comes in. A text that is wrong ends the program before anything "
     "is opened: no mistake turns protection off.\n\n"
     "Connections inside of the pod and UDP are not touched. An application that listens on 127.0.0.1 alone is not "
     "reached by its pod's address."},
    {"EXIT STATUS", "0: a signal has ended it.\n\n1: the network or the credentials did not allow to start.\n\n"
                    "2: a setting is wrong."},
    {"SIGNALS", "SIGTERM ends it. SIGHUP loads the credentials anew; connections that are open keep theirs."},
    {"DIAGNOSTICS", "Standard error is the log: one JSON object a line."},
};

const struct program proxy_program = {
    .name = "contrast-mesh",
    .summary = "mutual TLS for what comes to a pod and what goes out",
    .settings = rows,
    .setting_count = sizeof rows / sizeof rows[0],
    .sections = sections,
    .section_count = sizeof sections / sizeof sections[0],
    .see_also = ".BR contrast (1),\n.BR contrast\\-initializer (8)",
};
