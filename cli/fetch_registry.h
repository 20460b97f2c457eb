/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_registry.h: bytes of images from registries: OCI's distribution API, as contrast-fetch asks it.
 *
 * By https alone, but for this machine's registries and those that are named plain.  A redirection is followed, without
 * the password or token unless it stays on the same host and port.  A token is asked for where the registry says, with
 * the user's password when there is one (cli/registry_login.h).  What fails in a way that may mend (429, 5xx, a
 * connection that breaks) is tried again and goes on where it stood.
 *
 * Not checked here: the digest.  What comes goes to whoever asked as it comes.
 * Specification: OCI distribution specification 1.1; Contrast, generate, section 3.7.
 */
#ifndef CLI_FETCH_REGISTRY_H
#define CLI_FETCH_REGISTRY_H

#include "cli/option.h"
#include "parse/fetch_image.h"

enum { REGISTRY_TOKEN_BYTES = 4096 - 64 };

struct fetch_registry {
    const struct text_list *plain; /* HOST or HOST:PORT */
    /* the token that was got last; starts zeroed */
    char token_for[FETCH_REPOSITORY_BYTES + 1];
    char secret_authorization[REGISTRY_TOKEN_BYTES];
};

struct fetch_parts {
    status (*put)(void *context, bytes part, struct err *err);
    void *context;
};

/* Gives the parts; then `out` is FETCH_END, or says what was wrong, in `text`, which lasts until the next call.  An
 * error is that of `to`. */
MUST_USE status fetch_registry_answer(struct fetch_registry *r, const struct fetch_image_request *wanted,
                                      const struct fetch_parts *to, struct fetch_answer *out,
                                      char text[LIMIT_FETCH_TEXT_BYTES + 1], struct err *err);

#endif
