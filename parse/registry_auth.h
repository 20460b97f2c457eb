/* SPDX-License-Identifier: Apache-2.0 */
/* parse/registry_auth.h: who we are to a registry of images: its challenge, what Docker and Podman keep of passwords,
 * and the answers of a token server and of a credential helper.
 *
 * A name in a file of passwords is that of a host, whole, with its port, perhaps with the front parts of a repository's
 * name: "example.org" says nothing of "a.example.org" or "example.org.evil", and "example.org/team" nothing of
 * "example.org/teammate".  The longest that fits counts.  What holds a secret has it in its name.
 *
 * Not checked here: that the secret is one, and where it may be sent.
 *
 * Views of the input and of what was lent.  Errors: those of parse/json.h.
 * Specification: RFC 9110 section 11, distribution's token authentication; Contrast, generate, section 3.7.
 */
#ifndef PARSE_REGISTRY_AUTH_H
#define PARSE_REGISTRY_AUTH_H

#include "parse/bytes.h"
#include "parse/limits.h"
#include "parse/status.h"

struct auth_challenge {
    bool is_bearer;              /* else Basic */
    bytes realm, service, scope; /* of Bearer; printable ASCII without quotes; absent when it was not said */
};

/* The value of WWW-Authenticate: its challenge that can be met, Bearer before Basic.  ERR_SYNTAX, also when Bearer has
 * no realm; ERR_DUPLICATE; ERR_UNSUPPORTED when there is neither. */
MUST_USE status auth_challenge_parse(bytes value, struct auth_challenge *out, struct err *err);

struct registry_auth_storage {
    bytes *keys;
    size_t key_cap; /* LIMIT_REGISTRY_AUTH_KEYS is always enough */
    uint8_t *secret_text;
    size_t text_cap; /* the input's length is always enough */
};

struct registry_login {
    bytes secret_basic; /* base64 of NAME:PASSWORD; absent: none */
    bytes helper;       /* of docker-credential-HELPER, to be asked first; absent: none */
    bool has_identity;  /* only a token for a login elsewhere */
};

/* What config.json says for a repository of a host ("docker.io" goes by its other names too).  ERR_SYNTAX for a helper
 * that is no name of a program. */
MUST_USE status registry_login_find(bytes in, bytes host, bytes repository, const struct registry_auth_storage *lent,
                                    struct registry_login *out, struct err *err);

/* What docker-credential-HELPER get writes. */
MUST_USE status registry_helper_parse(bytes in, const struct registry_auth_storage *lent, bytes *name,
                                      bytes *secret_password, struct err *err);

/* What a token server answers: token, or access_token; of the characters that a header may hold.  ERR_MISSING. */
MUST_USE status registry_token_parse(bytes in, const struct registry_auth_storage *lent, bytes *secret_token,
                                     struct err *err);

#endif
