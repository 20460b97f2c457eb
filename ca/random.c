/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

status random_fill(uint8_t *out, size_t n, struct err *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = getrandom(out + done, n - done, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return err_set(err, ERR_IO, 0, "random bytes: %s", got < 0 ? strerror(errno) : "none came");
        done += (size_t)got;
    }
    return OK;
}
