/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* accept4 */
#include "mesh/listen_linux.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

static bool set(int s, int level, int option, int value)
{
    return setsockopt(s, level, option, &value, sizeof value) == 0;
}

static bool bind_and_listen(int s, const void *at, socklen_t len)
{
    return set(s, SOL_SOCKET, SO_REUSEADDR, 1) && bind(s, at, len) == 0 && listen(s, BACKLOG) == 0;
}

static status hand_out(int s, bool listens, unsigned port, int *out, struct err *err)
{
    if (listens) {
        *out = s;
        return OK;
    }
    status failed = err_set(err, ERR_IO, 0, "port %u: %s", port, strerror(errno));
    if (s >= 0) close(s);
    return failed;
}

status listen_transparent(unsigned port, int *out, struct err *err)
{
    const struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int s = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool listens = s >= 0 && set(s, IPPROTO_IPV6, IPV6_V6ONLY, 0) && set(s, IPPROTO_IPV6, IPV6_TRANSPARENT, 1) &&
                   bind_and_listen(s, &at, sizeof at);
    return hand_out(s, listens, port, out, err);
}

status listen_egress(const struct mesh_egress_entry *entry, int *out, struct err *err)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(entry->listen_port)};
    int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    memcpy(&at.sin_addr, entry->listen_ip, sizeof entry->listen_ip);
    return hand_out(s, s >= 0 && bind_and_listen(s, &at, sizeof at), entry->listen_port, out, err);
}

int listen_accept(int listener)
{
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
