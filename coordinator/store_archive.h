/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/store_archive.h: a history as one tar archive (parse/ustar.h), and back into a store without one.
 *
 * A member is named as its key, and members ascend by name, `transitions/latest` last, so that equal histories are
 * equal archives.  What the history does not need is left out.
 *
 * An archive is as hostile as a store: content is checked against its name, and the whole against its record, before
 * the record is put.  The record's own signature is not checked here: no seed, no key.
 */
#ifndef COORDINATOR_STORE_ARCHIVE_H
#define COORDINATOR_STORE_ARCHIVE_H

#include "coordinator/history.h"

/* The longest history, and a header for each of its contents. */
#define LIMIT_STORE_ARCHIVE_BYTES (LIMIT_HISTORY_BYTES + (32 << 20))

/* The keys of all contents that a history needs, ascending, each once.  The caller frees them. */
MUST_USE status store_archive_keys(const struct history *h, struct store_keys *out, struct err *err);

/* The caller frees out->ptr.  ERR_NOMEM, and what the store and the history say. */
MUST_USE status store_archive_write(struct store *s, const struct history *h, bytes *out, struct err *err);

/* All or nothing: contents are put first, under their hashes, and the record last.  What ended in between has put no
 * history, and can be begun anew.
 *
 * ERR_STATE when the store has a history; ERR_SYNTAX, ERR_MISMATCH and the kinds of parse/ustar.h for an archive that
 * is none of these: nothing is put then.  A history that is not whole is found out when its contents have been put, and
 * has no record then: ERR_MISSING. */
MUST_USE status store_archive_read(struct store *s, bytes archive, struct err *err);

#endif
