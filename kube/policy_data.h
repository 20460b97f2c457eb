/* SPDX-License-Identifier: Apache-2.0 */
/* kube/policy_data.h: what kube/rules.rego decides a pod's requests by, and how it is written.
 *
 * The document is JSON with keys in a fixed order, one item of an array a line; equal pods give equal bytes.  Its shape
 * stays near to what Kata's own rules take, so that whoever knows those can read it.
 *
 * The trap: a list says what the host may ask for, not what it has to; a mount or a variable that the host leaves out
 * is the pod's loss alone.
 *
 * Not checked here: that a pod is the one that was meant (kube/policy_pod.h); that texts are UTF-8.
 * Specification: Contrast, generate: sections 3.5 and 3.10.
 */
#ifndef KUBE_POLICY_DATA_H
#define KUBE_POLICY_DATA_H

#include "kube/text_out.h"

/* A list that grows in an arena. */
struct texts {
    bytes *items;
    size_t count;
};

MUST_USE status texts_add(struct texts *list, bytes text, struct arena *memory, struct err *err);

struct pair {
    bytes key, value;
};

struct pairs {
    struct pair *items;
    size_t count;
};

MUST_USE status pairs_add(struct pairs *list, bytes key, bytes value, struct arena *memory, struct err *err);

/* The value of a key; absent when there is none. */
bytes pairs_find(const struct pairs *list, bytes key);

/* By their keys. */
void pairs_sort(struct pairs *list);

/* Where a mount comes from: as it is written, a file or folder that the host copies, an emptyDir on disk. */
enum mount_source { MOUNT_AS_WRITTEN, MOUNT_COPIED, MOUNT_EMPTY_DIR };

struct policy_mount {
    bytes destination;
    enum mount_source from;
    bytes source; /* or the name of the file, or of the volume */
    const char *type;
    const char *options[8]; /* NULL behind the last */
};

struct policy_mounts {
    struct policy_mount *items;
    size_t count;
};

/* An emptyDir, in the guest's memory or on a disk that the guest encrypts. */
struct policy_storage {
    bytes name;
    bool is_in_memory;
};

struct policy_storages {
    struct policy_storage *items;
    size_t count;
};

struct policy_user {
    uint32_t uid, gid;
    uint32_t *gids; /* sorted, each once */
    size_t gid_count;
};

struct policy_container {
    bool is_sandbox;
    bytes name;  /* absent for the sandbox */
    bytes image; /* "sha256:..."; empty for the sandbox */
    struct texts args;
    struct texts env;        /* NAME=VALUE */
    struct pairs env_fields; /* names of variables, and what kind of value they have */
    bytes cwd;
    struct policy_user user;
    uint64_t capabilities; /* bit for each, by its number in Linux */
    bool is_terminal, no_new_privileges, is_root_readonly, is_privileged;
    struct policy_mounts mounts;
    struct policy_storages storages;
    struct texts devices;
    struct pairs sysctls;
    bool shares_pids;
    struct texts *exec_commands;
    size_t exec_count;
    struct pairs annotations, annotation_patterns; /* regular expressions */
};

enum policy_request {
    POLICY_CLOSE_STDIN,
    POLICY_GET_DIAGNOSTIC_DATA,
    POLICY_READ_STREAM,
    POLICY_UPDATE_EPHEMERAL_MOUNTS,
    POLICY_WRITE_STREAM,
    POLICY_REQUESTS
};

/* "CloseStdinRequest" and so on. */
const char *policy_request_name(enum policy_request request);

struct policy_pod {
    struct policy_container *containers; /* the sandbox first */
    size_t count;
    struct pairs annotations;
    bytes name, name_space; /* regular expressions */
    bool allows[POLICY_REQUESTS];
};

enum { CAPABILITIES = 41 };

/* "CAP_CHOWN" and so on, by number. */
const char *capability_name(unsigned number);

/* By its name without "CAP_".  ERR_UNSUPPORTED. */
MUST_USE status capability_find(bytes name, unsigned *out, struct err *err);

/* The document, without a line end behind it.  ERR_NOMEM. */
MUST_USE status policy_data_write(const struct policy_pod *pod, struct arena *memory, bytes *out, struct err *err);

#endif
