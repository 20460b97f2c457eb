/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "kube/sha256.h"

/* wolfSSL counts bytes in 32 bits. */
enum { PART_BYTES = 1 << 30 };

struct sha256 {
    wc_Sha256 state;
};

static status checked(int code, struct err *err)
{
    return code == 0 ? OK : err_set(err, ERR_BUG, 0, "SHA-256: wolfSSL error %d", code);
}

status sha256_open(struct sha256 **out, struct err *err)
{
    struct sha256 *s = malloc(sizeof *s);
    if (!s) return err_set(err, ERR_NOMEM, 0, "SHA-256: out of memory");
    status done = checked(wc_InitSha256(&s->state), err);
    if (is_ok(done))
        *out = s;
    else
        free(s);
    return done;
}

status sha256_put(struct sha256 *s, bytes part, struct err *err)
{
    while (part.len > 0) {
        size_t n = part.len < PART_BYTES ? part.len : PART_BYTES;
        TRY(checked(wc_Sha256Update(&s->state, part.ptr, (word32)n), err));
        part = bytes_slice(part, n, part.len - n);
    }
    return OK;
}

status sha256_finish(struct sha256 *s, uint8_t out[SHA256_BYTES], struct err *err)
{
    return checked(wc_Sha256Final(&s->state, out), err);
}

void sha256_free(struct sha256 *s)
{
    if (s) wc_Sha256Free(&s->state);
    free(s);
}
