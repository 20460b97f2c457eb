/* SPDX-License-Identifier: Apache-2.0 */
/* net/fetch.h: the program contrast-fetch, which alone has an HTTP client, and gets VCEKs and CRLs from AMD.
 *
 * It is started once and asked one thing at a time. Requests go to its standard input and answers come from its
 * standard output until its input ends; standard error is ours:
 *
 *     request, answer = length (u32, little-endian) | message (parse/fetch_message.h)
 *
 * A request is 293 bytes at most, an answer 64 KiB and some; what is longer, or no message, ends either side.  The
 * program keeps what it got in the cache (cli/cache.h), after verifying it under the roots it was given.
 *
 * The trap: what it answers is hostile.  It has talked to the network in a process of its own so that nothing else has
 * to believe it: parse and authenticate the content as if a peer had sent it.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "parse/fetch_image.h"

enum { FETCH_OPTION_ROOTS = 16 };

struct fetch_options {
    const char *program;      /* NULL: as $CONTRAST_FETCH says, else contrast-fetch beside this program */
    const char *url;          /* of the service; NULL: as the program says */
    const char *const *roots; /* files; the program believes these instead of AMD's */
    size_t root_count;        /* at most FETCH_OPTION_ROOTS */
    /* Registries that may be asked without TLS, by host and port. */
    const char *const *plain_registries;
    size_t plain_count; /* at most FETCH_OPTION_ROOTS */
    const char *cache;  /* a folder, as $CONTRAST_CACHE_DIR has it; NULL: as the environment says */
    bool is_quiet;      /* its standard error goes nowhere: ours is not for people */
};

struct fetch;

/* Starts it.  Descriptors that are open here are closed there.  The caller closes it.  ERR_IO, ERR_LIMIT, ERR_NOMEM.
 * A program that is not there shows with the first request. */
MUST_USE status fetch_open(const struct fetch_options *options, struct fetch **out, struct err *err);

/* Asks, and waits for the answer for in->wait_ms and a moment.  `out` has views that live until the next call.  After
 * an error (ERR_IO, and those of parse/fetch_message.h) the program is of no use any more. */
MUST_USE status fetch_ask(struct fetch *f, const struct fetch_request *in, struct fetch_answer *out, struct err *err);

/* Takes parts in order; a failure of it ends the program's use. */
struct fetch_taker {
    status (*take)(void *context, bytes part, struct err *err);
    void *context;
};

/* As fetch_ask, for bytes of an image: each part goes to `to`, and has in->wait_ms and a moment to come.  `out` is
 * FETCH_END, or says why there are no more. */
MUST_USE status fetch_ask_image(struct fetch *f, const struct fetch_image_request *in, const struct fetch_taker *to,
                                struct fetch_answer *out, struct err *err);

/* Ends it.  NULL is fine. */
void fetch_close(struct fetch *f);

/* Whether it is there and says nothing, as between two requests. */
bool fetch_is_idle(const struct fetch *f);

#endif
