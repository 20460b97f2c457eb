/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_call.h"

#include "net/dial.h"

enum { BUFFERED = 1 << 16 };

static status exchange(struct dial *d, struct http1_client *c, struct buffer *out, struct buffer *in, struct err *err)
{
    TRY(http1_client_step(c, BYTES_LIT(""), out, err));
    while (!http1_client_has_answer(c)) {
        bool has_ended;
        TRY(dial_exchange(d, out, in, &has_ended, err));
        TRY(http1_client_step(c, buffer_view(in), out, err));
        buffer_drop(in, in->len);
        if (has_ended) TRY(http1_client_end(c, err));
    }
    return OK;
}

static status call_open(const struct address *to, struct http1_client *c, int64_t deadline, struct err *err)
{
    struct dial d;
    struct buffer out = BUFFER("HTTP output", BUFFERED), in = BUFFER("HTTP input", BUFFERED);
    TRY(dial_open(&d, to, deadline, err));
    status s = err_in(err, exchange(&d, c, &out, &in, err), "%s", to->text);
    dial_close(&d);
    buffer_free(&out);
    buffer_free(&in);
    return s;
}

status http_call(const struct address *to, const struct http1_client_call *call, int64_t deadline,
                 struct http1_client *c, struct http1_answer *out, struct err *err)
{
    struct http1_client_call mine = *call;
    mine.authority = to->text;
    TRY(http1_client_open(c, &mine, err));
    status s = call_open(to, c, deadline, err);
    if (is_ok(s))
        http1_client_get_answer(c, out);
    else
        http1_client_close(c);
    return s;
}
