/* SPDX-License-Identifier: Apache-2.0 */
/* cli/file.h: files that a user names: read whole, with a limit. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include "parse/bytes.h"
#include "parse/status.h"

/* No envelope of evidence is larger; Azure's blobs have a few KiB, a certificate table at most 16 KiB. */
#define LIMIT_EVIDENCE_FILE_BYTES 1048576

/* Reads all of `path`, at most `limit` bytes.  *out is allocated: free it with file_free.  ERR_IO, ERR_LIMIT,
 * ERR_NOMEM. */
MUST_USE status file_read(const char *path, size_t limit, bytes *out, struct err *err);

void file_free(bytes content);

/* Calls `visit` for `path`, or, when it is a folder, for each regular file below it, or link to one, in the order of
 * their names.  Stops at the first failure: ERR_IO when something cannot be read, ERR_UNSUPPORTED for a link to a
 * folder and whatever else is no file, for what is passed over in silence looks judged. */
MUST_USE status file_walk(const char *path, status (*visit)(void *context, const char *file, struct err *err),
                          void *context, struct err *err);

/* False for anything that cannot be looked at. */
bool file_is_folder(const char *path);

#endif
