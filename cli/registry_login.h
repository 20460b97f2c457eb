/* SPDX-License-Identifier: Apache-2.0 */
/* cli/registry_login.h: the password of a registry, as Docker and Podman keep it.
 *
 * Looked for in $REGISTRY_AUTH_FILE, $DOCKER_CONFIG/config.json (default: ~/.docker),
 * $XDG_RUNTIME_DIR/containers/auth.json and ~/.config/containers/auth.json; the first that has one counts.  Helpers are
 * started as docker-credential-NAME get. A file that cannot be read, and a helper that fails, is told on standard error
 * and passed over.
 */
#ifndef CLI_REGISTRY_LOGIN_H
#define CLI_REGISTRY_LOGIN_H

#include "parse/bytes.h"
#include "parse/status.h"

enum { REGISTRY_LOGIN_BYTES = 2048 };

/* Parts with a NUL behind them, through no formatter, which would leave copies; false when they do not fit. */
bool secret_join(char *secret_out, size_t cap, const bytes *parts, size_t count);

/* "Basic " and base64 of NAME:PASSWORD with a NUL, for a host as it stands in a reference; false: there is none. */
bool registry_login_get(bytes host, bytes repository, char secret_out[REGISTRY_LOGIN_BYTES]);

#endif
