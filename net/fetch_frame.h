/* SPDX-License-Identifier: Apache-2.0 */
/* net/fetch_frame.h: the end of net/fetch.h's pipe that is asked: frames of requests come in, frames of answers go out.
 *
 * Whoever asks is believed in nothing: a frame that is too long or cut short is an error, and the end of this side.
 */
#ifndef NET_FETCH_FRAME_H
#define NET_FETCH_FRAME_H

#include "parse/fetch_message.h"

/* The next request, into `room`, which `message` views.  `*has_ended` with an error: nothing came at all, which is the
 * other side's way to end.  ERR_IO, ERR_TRUNCATED, and what fetch_length_parse says. */
MUST_USE status fetch_frame_read(int file, uint8_t *room, size_t cap, bytes *message, bool *has_ended, struct err *err);

/* ERR_IO. */
MUST_USE status fetch_frame_write(int file, const struct fetch_answer *a, struct err *err);

#endif
