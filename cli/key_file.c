/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "parse/text.h"

/* A key of 4096 bits has 3.3 KiB of PEM. */
#define LIMIT_KEY_FILE_BYTES 16384

struct content {
    uint8_t secret[LIMIT_KEY_FILE_BYTES + 1];
    size_t len;
};

static void wipe(struct content *c)
{
    secret_wipe(c, sizeof *c);
}

/* Not by way of stdio, which keeps a copy. */
static bool read_all(int descriptor, struct content *c)
{
    while (c->len < sizeof c->secret) {
        ssize_t got = read(descriptor, c->secret + c->len, sizeof c->secret - c->len);
        if (got == 0) return true;
        if (got < 0 && errno != EINTR) return false;
        if (got > 0) c->len += (size_t)got;
    }
    return true;
}

static status read_file(const char *path, struct content *c, struct err *err)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    bool done = descriptor >= 0 && read_all(descriptor, c);
    int why = errno;
    if (descriptor >= 0) close(descriptor);
    if (!done) return err_set(err, ERR_IO, 0, "%s", strerror(why));
    if (c->len > LIMIT_KEY_FILE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "want a key, of at most %d bytes", LIMIT_KEY_FILE_BYTES);
    return OK;
}

status key_file_read(const char *path, struct private_key *out, struct err *err)
{
    __attribute__((cleanup(wipe))) struct content c;
    c.len = 0;
    status done = read_file(path, &c, err);
    if (is_ok(done)) done = private_key_parse_pem(BYTES(c.secret, c.len), out, err);
    return err_in(err, done, "%s", text_quote(text_bytes(path)).s);
}
