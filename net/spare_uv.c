/* SPDX-License-Identifier: Apache-2.0 */
#include "net/spare_uv.h"

static void drop(struct spare *s, uv_stream_t *listener);

static void on_closed(uv_handle_t *handle)
{
    struct spare *s = handle->data;
    s->is_closing = false;
    for (size_t i = 0; i < SPARE_LISTENERS && !s->is_closing; i++) {
        uv_stream_t *listener = s->owed[i];
        s->owed[i] = NULL;
        if (listener && !uv_is_closing((const uv_handle_t *)listener)) drop(s, listener);
    }
}

static void drop(struct spare *s, uv_stream_t *listener)
{
    s->is_closing = true;
    uv_tcp_init(listener->loop, &s->tcp);
    s->tcp.data = s;
    (void)uv_accept(listener, (uv_stream_t *)&s->tcp); /* whether it works or not, the listener hears again */
    uv_close((uv_handle_t *)&s->tcp, on_closed);
}

/* A listener that is owed calls back no more, so that it is there once. */
void spare_drop(struct spare *s, uv_stream_t *listener)
{
    if (!s->is_closing) {
        drop(s, listener);
        return;
    }
    for (size_t i = 0; i < SPARE_LISTENERS; i++) {
        if (s->owed[i]) continue;
        s->owed[i] = listener;
        return;
    }
}
