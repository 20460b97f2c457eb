/* SPDX-License-Identifier: Apache-2.0 */
#include "net/exchange.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net/dial.h"

status exchange_await(int file, short what, int64_t until, struct err *err)
{
    struct pollfd p = {.fd = file, .events = what};
    for (;;) {
        int64_t left = until - dial_now();
        if (left <= 0) return err_set(err, ERR_IO, 0, "no answer in time");
        int ready = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (ready > 0) return OK;
        if (ready < 0 && errno != EINTR) return err_set(err, ERR_IO, 0, "poll: %s", strerror(errno));
    }
}

status exchange_read(int file, uint8_t *out, size_t len, int64_t until, struct err *err)
{
    while (len > 0) {
        TRY(exchange_await(file, POLLIN, until, err));
        ssize_t n = read(file, out, len);
        if (n == 0 || (n < 0 && errno == ECONNRESET))
            return err_set(err, ERR_IO, 0, "the program has ended, or is not there");
        if (n < 0 && errno != EINTR) return err_set(err, ERR_IO, 0, "answer: %s", strerror(errno));
        if (n > 0) {
            out += n;
            len -= (size_t)n;
        }
    }
    return OK;
}
