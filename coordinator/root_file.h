/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/root_file.h: --insecure-root: another root than AMD's, out of a PEM file. */
#ifndef COORDINATOR_ROOT_FILE_H
#define COORDINATOR_ROOT_FILE_H

#include "verify/ca_load.h"

/* The file, whose certificates the set borrows. */
#define LIMIT_ROOT_FILE_BYTES 65536

struct root_file {
    uint8_t der[LIMIT_ROOT_FILE_BYTES];
    struct ca_bundle bundle;
};

/* Every certificate of the file.  ERR_IO, and what parse/pem.h and verify/ca_load.h say. */
MUST_USE status root_file_load(const char *path, struct root_file *room, struct snp_ca_set *out, struct err *err);

#endif
