/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 16384 };

int64_t dial_now(void)
{
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "%s: %s", what, strerror(errno));
}

/* Until one of `events` or an error is there. */
static status await_events(const struct dial *d, short events, struct err *err)
{
    for (;;) {
        int64_t left = d->deadline - dial_now();
        if (left <= 0) return err_set(err, ERR_EXPIRED, 0, "no answer in time");
        struct pollfd p = {.fd = d->fd, .events = events};
        int n = poll(&p, 1, left > INT32_MAX ? INT32_MAX : (int)left);
        if (n > 0) return OK;
        if (n < 0 && errno != EINTR) return failed("poll", err);
    }
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static status finish_connect(struct dial *d, struct err *err)
{
    int error = 0;
    socklen_t size = sizeof error;
    TRY(await_events(d, POLLOUT, err));
    if (getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return failed("getsockopt", err);
    errno = error;
    return error == 0 ? OK : failed("connect", err);
}

static status connect_to(struct dial *d, const struct addrinfo *to, struct err *err)
{
    const int on = 1;
    d->fd = socket(to->ai_family, SOCK_STREAM, 0);
    if (d->fd < 0) return failed("socket", err);
    if (fcntl(d->fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(d->fd, F_SETFL, O_NONBLOCK) != 0) return failed("fcntl", err);
    (void)setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(d->fd, to->ai_addr, to->ai_addrlen) == 0) return OK;
    return errno == EINPROGRESS ? finish_connect(d, err) : failed("connect", err);
}

/* The error is that of the last address. */
static status connect_to_any(struct dial *d, const struct addrinfo *list, struct err *err)
{
    for (const struct addrinfo *to = list;; to = to->ai_next) {
        struct err why = {0};
        status s = connect_to(d, to, &why);
        if (is_ok(s)) return OK;
        dial_close(d);
        if (!to->ai_next || s.kind == ERR_EXPIRED) return err_set(err, s.kind, 0, "%s", why.text);
    }
}

status dial_open(struct dial *d, const struct address *to, int64_t deadline, struct err *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    *d = (struct dial){.fd = -1, .deadline = deadline};
    int code = getaddrinfo(to->host, to->port, &hints, &list);
    if (code != 0) return err_set(err, ERR_IO, 0, "%s: %s", to->text, gai_strerror(code));
    status s = connect_to_any(d, list, err);
    freeaddrinfo(list);
    return err_in(err, s, "%s", to->text);
}

void dial_close(struct dial *d)
{
    if (d->fd >= 0) (void)close(d->fd);
    d->fd = -1;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static status send_some(struct dial *d, struct buffer *out, struct err *err)
{
    while (out->len > 0) {
        bytes due = buffer_view(out);
        ssize_t n = send(d->fd, due.ptr, due.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) return OK;
        if (n < 0 && errno != EINTR) return failed("send", err);
        if (n > 0) buffer_drop(out, (size_t)n);
    }
    return OK;
}

/* One piece, when one is there. */
static status receive_some(struct dial *d, struct buffer *in, bool *has_ended, struct err *err)
{
    uint8_t *to = NULL;
    size_t room = buffer_room(in) < PIECE ? buffer_room(in) : PIECE;
    if (room == 0) return OK;
    TRY(buffer_reserve(in, room, &to, err));
    ssize_t n = recv(d->fd, to, room, 0);
    if (n < 0) return would_wait() ? OK : failed("receive", err);
    buffer_commit(in, (size_t)n);
    *has_ended = n == 0;
    return OK;
}

status dial_exchange(struct dial *d, struct buffer *out, struct buffer *in, bool *has_ended, struct err *err)
{
    size_t due = out->len;
    *has_ended = false;
    TRY(send_some(d, out, err));
    /* What was sent has made room, and whoever fills `out` may have more. */
    bool has_sent = out->len < due;
    short events = (short)((buffer_room(in) > 0 ? POLLIN : 0) | (out->len > 0 ? POLLOUT : 0));
    if (!has_sent) TRY(await_events(d, events, err));
    return receive_some(d, in, has_ended, err);
}

status dial_flush(struct dial *d, struct buffer *out, struct err *err)
{
    TRY(send_some(d, out, err));
    while (out->len > 0) {
        TRY(await_events(d, POLLOUT, err));
        TRY(send_some(d, out, err));
    }
    return OK;
}
