/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/settings.h"

#include <string.h>

#include "parse/text.h"

#define PREFIX "CONTRAST_"

static const struct setting rows[] = {
    {"--user-address", PREFIX "USER_ADDRESS", "[::]:1313", "HOST:PORT", "where the User API listens",
     offsetof(struct settings, user_address), false},
    {"--mesh-address", PREFIX "MESH_ADDRESS", "[::]:7777", "HOST:PORT", "where the Mesh API listens",
     offsetof(struct settings, mesh_address), false},
    {"--http-address", PREFIX "HTTP_ADDRESS", "[::]:1314", "HOST:PORT", "where the HTTP API listens",
     offsetof(struct settings, http_address), false},
    {"--probe-address", PREFIX "PROBE_ADDRESS", "[::]:9102", "HOST:PORT", "where probes and metrics are answered",
     offsetof(struct settings, probe_address), false},
    {"--store", PREFIX "STORE", "dir:/var/lib/contrast", "dir:FOLDER",
     "where manifests, policies and their history are kept", offsetof(struct settings, store), false},
    {"--issuer", PREFIX "ISSUER", "auto", "auto|exec:PROGRAM",
     "what makes evidence: this machine, or with --insecure-root a program", offsetof(struct settings, issuer), false},
    {"--insecure-root", PREFIX "INSECURE_ROOT", "", "FILE",
     "trust this root instead of AMD's: nothing that is proved then is about a real machine",
     offsetof(struct settings, insecure_root), false},
    {"--kds-url", PREFIX "KDS_URL", "", "URL", "where contrast-fetch gets leaves and CRLs, in place of AMD's service",
     offsetof(struct settings, kds_url), false},
    {"--cache-dir", PREFIX "CACHE_DIR", "", "FOLDER", "where contrast-fetch keeps them, in the folder kds there",
     offsetof(struct settings, cache), false},
    {"--fetch", PREFIX "FETCH", "", "PROGRAM",
     "contrast-fetch itself, when it is not beside this program; off: evidence of peers is judged as it comes",
     offsetof(struct settings, fetch), false},
    /* Upstream's variable counts by being there. */
    {"--metrics", PREFIX "METRICS", "", "1", "answer GET /metrics; the variable counts by being there, even empty",
     offsetof(struct settings, metrics), true},
    {"--default-deny", PREFIX "DEFAULT_DENY", "keep", "keep|lift",
     "lift: take away the rule by which a confidential guest refuses all new connections; needs iptables-legacy, "
     "CAP_NET_ADMIN and CAP_NET_RAW",
     offsetof(struct settings, default_deny), false},
};

static const struct program_section sections[] = {
    {"DESCRIPTION",
     "Attests the pods and clients of a deployment against a manifest, is their certificate authority, and keeps the "
     "history of manifests. Nothing is in force until an owner has set a manifest with contrast set.\n\n"
     "It runs as three processes: the keeper, which holds every secret and has neither a socket nor a file, and two "
     "fronts, which face the network. All are started by the first, and all end together. "
     "Another program, contrast-fetch, gets leaves and CRLs that the evidence of pods lacks; two small processes start "
     "it when it is needed.\n\n"
     "Started on a store that has a history it has lost its seed and waits for contrast recover: until then each "
     "connection to the User API has a process of its own.\n\n"
     "An address is given in digits, as A.B.C.D:PORT or [ADDRESS]:PORT, or is the word off."},
    {"THE STORE",
     "With the word store in front of the settings it does one thing and ends; no Coordinator may have the store "
     "open.\n\n"
     "store check: each content is what its name says, everything that the history needs is there. It lists contents "
     "that "
     "are not needed: a manifest that was refused in the end leaves some.\n\n"
     "store export ARCHIVE: the history as one tar archive, a new file; equal histories give equal archives.\n\n"
     "store import ARCHIVE: into a store without a history, after the archive was checked. If it ends in between there "
     "is no history yet; begin anew.\n\n"
     "None of them can check the signature on the history: that takes the seed, in a recovery."},
    {"EXIT STATUS", "0: ended by a signal, after what was under way was answered; or the store is good.\n\n"
                    "1: it could not start or go on; the last line of the log says why.\n\n"
                    "2: a setting is wrong."},
    {"SIGNALS",
     "SIGTERM and SIGINT end it within 20 seconds: no new connections are taken, and open calls are answered."},
    {"DIAGNOSTICS",
     "Standard error is the log: one JSON object a line with time, level, process and message. A pod that is refused "
     "is one line with the check that failed, what it wanted and what it got. No secret is ever logged."},
    {"FILES", "/var/lib/contrast: the store. It holds manifests, policies and the history, which are not secret, and "
              "never the seed."},
};

const struct program coordinator_program = {
    .name = "contrast-coordinator",
    .summary = "attest a deployment, be its certificate authority, keep its history",
    .prefix = PREFIX,
    .settings = rows,
    .setting_count = sizeof rows / sizeof rows[0],
    .sections = sections,
    .section_count = sizeof sections / sizeof sections[0],
    .see_also = ".BR contrast (1),\n.BR contrast\\-set (1),\n.BR contrast\\-recover (1),\n.BR contrast\\-verify "
                "(1),\n.BR contrast\\-initializer (8)",
};

static struct text_quoted quote(const char *s)
{
    return text_quote(text_bytes(s));
}

status settings_take(int argc, char *const *argv, char *const *environment, struct settings *out,
                     enum program_wish *wish, struct err *err)
{
    struct settings s;
    enum program_wish wanted = PROGRAM_RUN;
    TRY(configuration_take(&coordinator_program, argc, argv, environment, &s, sizeof s, &wanted, err));
    if (strncmp(s.store, "dir:", 4) != 0 || !s.store[4])
        return err_set(err, ERR_SYNTAX, 0, "--store: want dir:FOLDER, have %s", quote(s.store).s);
    bool is_program = strncmp(s.issuer, "exec:", 5) == 0 && s.issuer[5];
    if (!is_program && strcmp(s.issuer, "auto") != 0)
        return err_set(err, ERR_SYNTAX, 0, "--issuer: want auto or exec:PROGRAM, have %s", quote(s.issuer).s);
    if (is_program && !s.insecure_root[0])
        return err_set(err, ERR_SYNTAX, 0, "--issuer: exec:PROGRAM needs --insecure-root: no machine stands behind it");
    if (strcmp(s.default_deny, "keep") != 0 && strcmp(s.default_deny, "lift") != 0)
        return err_set(err, ERR_SYNTAX, 0, "--default-deny: want keep or lift, have %s", quote(s.default_deny).s);
    *out = s;
    *wish = wanted;
    return OK;
}
