/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_options.h: the options of contrast-fetch, and its man page's text; without what it is made of. */
#ifndef CLI_FETCH_OPTIONS_H
#define CLI_FETCH_OPTIONS_H

#include "cli/command.h"

struct fetch_settings {
    const char *url; /* of the service, without a slash at its end */
    struct text_list roots;
    struct text_list plain_registries; /* HOST or HOST:PORT */
    const char *listen;                /* of serve; NULL: the default */
};

/* member: const char *; checked */
option_setter fetch_set_url;

#define FETCH_LISTEN "127.0.0.1:8180"

/* Of its operand, NULL behind the last. */
extern const char *const fetch_actions[];

/* Nothing runs it but fetch_main.c: `run` is NULL. */
extern const struct command command_fetch;

/* $CONTRAST_KDS_URL, or AMD's. */
const char *fetch_default_url(void);

/* Where the service may be: https, or http on this machine; a host, perhaps a port and a path.  ERR_SYNTAX,
 * ERR_UNSUPPORTED. */
MUST_USE status fetch_url_check(const char *url, bool *is_loopback, struct err *err);

#endif
