/* SPDX-License-Identifier: Apache-2.0 */
/* cli/file.h: files that a user names: read whole, with a limit. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "kube/arena.h"
#include "parse/bytes.h"
#include "parse/status.h"

/* No envelope of evidence is larger; Azure's blobs have a few KiB, a certificate table at most 16 KiB. */
#define LIMIT_EVIDENCE_FILE_BYTES 1048576

/* Reads all of `path`, at most `limit` bytes.  *out is allocated: free it with file_free.  ERR_IO, ERR_LIMIT,
 * ERR_NOMEM. */
MUST_USE status file_read(const char *path, size_t limit, bytes *out, struct err *err);

void file_free(bytes content);

/* As file_read, but *out lives in `memory`. */
MUST_USE status file_read_into(const char *path, size_t limit, struct arena *memory, bytes *out, struct err *err);

struct file_visitor {
    status (*file)(void *context, const char *path, struct err *err);
    /* What cannot be looked at or is no file, with the reason: ERR_IO, ERR_LIMIT, or ERR_UNSUPPORTED for a link to a
     * folder and special files.  NULL: the walk ends there with that error. */
    status (*refused)(void *context, const char *path, const struct err *why, struct err *err);
    void *context;
};

/* Visits `path`, or, when it is a folder, each regular file below it, or link to one, in the order of their names.
 * Nothing is passed over in silence, for that looks judged.  Stops at the first failure of the visitor. */
MUST_USE status file_walk(const char *path, const struct file_visitor *visitor, struct err *err);

/* False for anything that cannot be looked at. */
bool file_is_folder(const char *path);

#endif
