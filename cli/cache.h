/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cache.h: where leaves and CRLs are kept for machines without a network, and under which names.
 *
 * The folder is $CONTRAST_CACHE_DIR/kds; without that variable $XDG_CACHE_HOME/contrast/kds, or
 * $HOME/.cache/contrast/kds. Below it lies
 *
 *     vcek/<product>/<hwID>-<TCB word>.der      as a report names its leaf
 *     vlek/<product>/<SHA-256>.der
 *     crl/<product>/<thisUpdate>.der            20260101T000000Z; older ones stay, to judge the past by
 *
 * What lies there is believed as little as any collateral: signatures are verified whenever it is used.
 */
#ifndef CLI_CACHE_H
#define CLI_CACHE_H

#include "cli/collateral.h"

/* The folder, which need not be there.  ERR_STATE when no variable tells it. */
MUST_USE status cache_folder(struct arena *memory, const char **out, struct err *err);

/* The path of a leaf or CRL below `folder`. */
MUST_USE status cache_leaf_path(const char *folder, const struct snp_leaf *leaf, struct arena *memory, const char **out,
                                struct err *err);
MUST_USE status cache_crl_path(const char *folder, const struct collateral_crl *crl, struct arena *memory,
                               const char **out, struct err *err);

/* Makes a folder, and those above it that are missing.  ERR_IO, ERR_NOMEM. */
MUST_USE status cache_make_folder(const char *path, struct arena *memory, struct err *err);

/* Writes a file, and the folders above it that are missing. */
MUST_USE status cache_write(const char *path, bytes content, struct arena *memory, struct err *err);

#endif
