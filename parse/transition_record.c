/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/transition_record.h"

#include "parse/cursor.h"
#include "parse/der.h"

enum { HASH = TRANSITION_HASH_BYTES, P384_BYTES = 48 };

status transition_parse(bytes in, struct transition *out, struct err *err)
{
    struct transition t = {{0}, {0}};
    struct cursor c = cursor_over(in);
    cursor_copy(&c, t.manifest, HASH, "hash of the manifest");
    cursor_copy(&c, t.previous, HASH, "hash of the previous transition");
    TRY(err_in(err, cursor_end(&c, err), "transition"));
    *out = t;
    return OK;
}

void transition_write(const struct transition *in, uint8_t out[static TRANSITION_BYTES])
{
    memcpy(out, in->manifest, HASH);
    memcpy(&out[HASH], in->previous, HASH);
}

/* r or s: FIPS 186-5 has them from 1 to n-1. */
static void take_scalar(struct cursor *c, const char *field)
{
    bytes scalar = der_get_unsigned(c, field);
    if (scalar.len > P384_BYTES || bytes_are_zero(scalar)) cursor_fail(c, ERR_RANGE, field);
}

static void take_signature(struct cursor *c)
{
    struct cursor inner = der_enter(c, DER_SEQUENCE, "signature");
    take_scalar(&inner, "r");
    take_scalar(&inner, "s");
    cursor_close(c, &inner, "signature");
}

status transition_record_parse(bytes in, struct transition_record *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    bytes hash = cursor_take(&c, HASH, "hash of the transition");
    struct cursor rest = c;
    take_signature(&c);
    TRY(err_in(err, cursor_end(&c, err), "latest transition"));
    *out = (struct transition_record){hash, cursor_rest(&rest)};
    return OK;
}
