/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_serve_uv.h: contrast-fetch as a proxy for collateral: answers the paths of AMD's service over HTTP/1.1, out
 * of the cache or from the service.
 *
 * Whoever asks verifies what comes; this program does as well, before it keeps it.  It has no TLS of its own: it is for
 * this machine, or stands behind something that has.
 *
 * One request at a time goes on to the service, so that it is asked once for what many want; what is in the cache is
 * answered meanwhile.
 */
#ifndef CLI_FETCH_SERVE_UV_H
#define CLI_FETCH_SERVE_UV_H

#include "cli/fetch_kds.h"

/* Connections at once; more are closed as they come. */
#define LIMIT_SERVE_CLIENTS 256

/* Listens on A.B.C.D:PORT or [ADDRESS]:PORT, tells on standard output where, and answers until the process is ended.
 * ERR_IO, ERR_NOMEM, ERR_SYNTAX. */
MUST_USE status fetch_serve(const struct fetch_kds *kds, const char *listen, struct err *err);

#endif
