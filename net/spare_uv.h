/* SPDX-License-Identifier: Apache-2.0 */
/* net/spare_uv.h: a handle that is always there, to take and close a connection that there is no memory for.
 *
 * libuv hands a listener's connections out one by one and goes deaf when one was not taken: no callback comes any more
 * until uv_accept was called.  Whoever has no memory for a connection gives it to the spare one.
 */
#ifndef NET_SPARE_UV_H
#define NET_SPARE_UV_H

#include <stdbool.h>
#include <uv.h>

/* Listeners that share one. */
enum { SPARE_LISTENERS = 8 };

/* Zeroed; it outlives the listeners. */
struct spare {
    uv_tcp_t tcp;
    bool is_closing;
    uv_stream_t *owed[SPARE_LISTENERS]; /* whose connection waits until the one before has been closed */
};

/* In the callback of a listener: takes its connection and closes it. */
void spare_drop(struct spare *s, uv_stream_t *listener);

#endif
