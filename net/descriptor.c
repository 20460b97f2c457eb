/* SPDX-License-Identifier: Apache-2.0 */
#include "net/descriptor.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

bool descriptor_read(int file, uint8_t *out, size_t len, size_t *have)
{
    for (*have = 0; *have < len;) {
        ssize_t n = read(file, out + *have, len - *have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        if (n == 0) return true;
        *have += (size_t)n;
    }
    return true;
}

bool descriptor_write(int file, bytes in)
{
    while (in.len > 0) {
        ssize_t n = write(file, in.ptr, in.len);
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) in = bytes_slice(in, (size_t)n, in.len - (size_t)n);
    }
    return true;
}

size_t descriptor_raise_limit(void)
{
    struct rlimit r = {0};
    if (getrlimit(RLIMIT_NOFILE, &r) != 0) return SIZE_MAX;
    r.rlim_cur = r.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &r) != 0 && getrlimit(RLIMIT_NOFILE, &r) != 0) return SIZE_MAX;
    return r.rlim_cur;
}
