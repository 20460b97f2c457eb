/* SPDX-License-Identifier: Apache-2.0 */
#include <nghttp2/nghttp2.h>
#include <stdlib.h>

#include "net/grpc_client.h"
#include "net/grpc_server.h"
#include "net/wiped_memory.h"
#include "parse/text.h"

/* What was seen of the headers; each may come once, in the headers or in the trailers. */
enum header { HEADER_STATUS, HEADER_CONTENT_TYPE, HEADER_GRPC_STATUS, HEADER_GRPC_MESSAGE, HEADER_ENCODING, HEADERS };

struct grpc_client {
    struct grpc_client_options options;
    nghttp2_session *session;
    bool is_failed;

    /* of the call */
    int32_t stream; /* 0: there was none yet */
    bool has_answer;
    struct buffer request, message;
    unsigned seen;
    uint64_t header_bytes;
    unsigned http_status;
    bool is_grpc;
    uint8_t prefix[GRPC_PREFIX_BYTES];
    size_t prefix_len, want;
    enum grpc_code sent; /* the peer's verdict, when HEADER_GRPC_STATUS was seen */
    enum grpc_code ours; /* what is wrong with the answer; GRPC_OK: nothing */
    uint8_t text[GRPC_MESSAGE_BYTES];
    size_t text_len;
    struct grpc_answer answer;
};

/* ---- judging the answer ----------------------------------------------------------------------------------------- */

/* The first thing that is wrong with the answer. */
static void refuse(struct grpc_client *c, enum grpc_code code, const char *why)
{
    if (c->ours != GRPC_OK) return;
    c->ours = code;
    c->text_len = strlen(why);
    memcpy(c->text, why, c->text_len);
}

static bool has_seen(const struct grpc_client *c, enum header which)
{
    return c->seen >> which & 1;
}

/* What a reset means, when no status came. */
static enum grpc_code code_of_reset(uint32_t reset)
{
    switch (reset) {
    case NGHTTP2_REFUSED_STREAM:
        return GRPC_UNAVAILABLE;
    case NGHTTP2_CANCEL:
        return GRPC_CANCELLED;
    case NGHTTP2_ENHANCE_YOUR_CALM:
        return GRPC_RESOURCE_EXHAUSTED;
    case NGHTTP2_INADEQUATE_SECURITY:
        return GRPC_PERMISSION_DENIED;
    case NGHTTP2_NO_ERROR:
    default:
        return GRPC_INTERNAL;
    }
}

/* The call has come to its end: is there an answer in what came? */
static void judge(struct grpc_client *c, uint32_t reset)
{
    if (reset != NGHTTP2_NO_ERROR) refuse(c, code_of_reset(reset), "the peer reset the call");
    if (!has_seen(c, HEADER_STATUS)) refuse(c, GRPC_INTERNAL, "the peer sent no headers");
    if (c->http_status != 200) refuse(c, grpc_code_of_http(c->http_status), "the peer answered with an HTTP error");
    if (!c->is_grpc) refuse(c, GRPC_UNKNOWN, "the peer answered with something other than gRPC");
    if (!has_seen(c, HEADER_GRPC_STATUS)) refuse(c, GRPC_UNKNOWN, "the peer sent no grpc-status");
    bool is_whole = c->prefix_len == GRPC_PREFIX_BYTES && c->message.len == c->want;
    if (c->sent == GRPC_OK && !is_whole) refuse(c, GRPC_INTERNAL, "the peer sent no whole message");

    c->answer = (struct grpc_answer){.code = c->ours != GRPC_OK ? c->ours : c->sent};
    if (c->answer.code == GRPC_OK)
        c->answer.message = buffer_view(&c->message);
    else
        c->answer.text = BYTES(c->text, c->text_len);
    c->has_answer = true;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static enum header header_of(bytes name)
{
    static const bytes names[HEADERS] = {BYTES_LIT(":status"), BYTES_LIT("content-type"), BYTES_LIT("grpc-status"),
                                         BYTES_LIT("grpc-message"), BYTES_LIT("grpc-encoding")};
    size_t i = 0;
    while (i < HEADERS && !bytes_eq(name, names[i]))
        i++;
    return (enum header)i;
}

static void take_header(struct grpc_client *c, enum header which, bytes value)
{
    uint64_t number = 0;
    if (has_seen(c, which)) refuse(c, GRPC_INTERNAL, "the peer sent a header twice");
    c->seen |= 1u << which;
    switch (which) {
    case HEADER_STATUS:
        if (is_ok(decimal_parse(value, 999, &number, NULL))) c->http_status = (unsigned)number;
        return;
    case HEADER_CONTENT_TYPE:
        c->is_grpc = grpc_content_type_is_ours(value);
        return;
    case HEADER_GRPC_STATUS:
        if (!is_ok(grpc_code_parse(value, &c->sent, NULL)))
            refuse(c, GRPC_UNKNOWN, "the peer sent a grpc-status that is none");
        return;
    case HEADER_GRPC_MESSAGE:
        if (c->ours == GRPC_OK) c->text_len = grpc_message_parse(value, c->text, sizeof c->text).len;
        return;
    case HEADER_ENCODING:
    case HEADERS:
        if (!bytes_eq(value, BYTES_LIT("identity")))
            refuse(c, GRPC_INTERNAL, "the peer compresses, which was not offered");
        return;
    }
}

/* ---- the message ------------------------------------------------------------------------------------------------ */

static void take_prefix(struct grpc_client *c)
{
    struct err err = {0};
    status r = grpc_prefix_parse(c->prefix, c->options.message_limit, &c->want, &err);
    if (is_ok(r)) return;
    refuse(c, r.kind == ERR_LIMIT ? GRPC_RESOURCE_EXHAUSTED : GRPC_INTERNAL, err.text);
}

/* False when the connection can't go on. */
static bool take_body(struct grpc_client *c, bytes in)
{
    size_t n = GRPC_PREFIX_BYTES - c->prefix_len;
    if (n > in.len) n = in.len;
    if (n > 0) {
        memcpy(c->prefix + c->prefix_len, in.ptr, n);
        c->prefix_len += n;
        if (c->prefix_len == GRPC_PREFIX_BYTES) take_prefix(c);
    }
    bytes rest = bytes_slice(in, n, in.len - n);
    if (c->ours != GRPC_OK || rest.len == 0) return true;
    if (rest.len <= c->want - c->message.len) return is_ok(buffer_put(&c->message, rest, NULL));
    refuse(c, GRPC_INTERNAL, "the peer sent more than one message");
    return true;
}

/* ---- callbacks of nghttp2 --------------------------------------------------------------------------------------- */

static int result(bool good)
{
    return good ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

/* An answer that is no good any more isn't worth receiving. */
static bool cancel_if_refused(struct grpc_client *c)
{
    if (c->ours == GRPC_OK) return true;
    return nghttp2_submit_rst_stream(c->session, NGHTTP2_FLAG_NONE, c->stream, NGHTTP2_CANCEL) == 0;
}

/* They were 1xx: the real ones are still to come, and count against the same limit. */
static void forget_headers(struct grpc_client *c)
{
    c->seen = 0;
    c->http_status = 0;
    c->is_grpc = false;
    c->sent = GRPC_OK;
}

static bool is_mine(const struct grpc_client *c, int32_t stream)
{
    return stream == c->stream && !c->has_answer;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
                     const uint8_t *value, size_t value_len, uint8_t flags, void *user)
{
    enum { OVERHEAD = 32 }; /* RFC 9113, 6.5.2 */
    struct grpc_client *c = user;
    (void)session, (void)flags;
    if (!is_mine(c, frame->hd.stream_id)) return 0;
    c->header_bytes += name_len + value_len + OVERHEAD;
    if (c->header_bytes > c->options.header_limit) {
        refuse(c, GRPC_RESOURCE_EXHAUSTED, "the peer sent too many headers");
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* a reset */
    }
    enum header which = header_of(BYTES(name, name_len));
    if (which != HEADERS) take_header(c, which, BYTES(value, value_len));
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct grpc_client *c = user;
    (void)session;
    if (frame->hd.type != NGHTTP2_HEADERS || !is_mine(c, frame->hd.stream_id)) return 0;
    if (c->http_status >= 100 && c->http_status < 200) forget_headers(c);
    return result(cancel_if_refused(c));
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data, size_t len, void *user)
{
    struct grpc_client *c = user;
    (void)session, (void)flags;
    if (!is_mine(c, stream)) return 0;
    if (c->ours != GRPC_OK) return 0;
    return result(take_body(c, BYTES(data, len)) && cancel_if_refused(c));
}

static int on_stream_closed(nghttp2_session *session, int32_t stream, uint32_t code, void *user)
{
    struct grpc_client *c = user;
    (void)session;
    if (is_mine(c, stream)) judge(c, code);
    return 0;
}

static ssize_t read_request(nghttp2_session *session, int32_t stream, uint8_t *out, size_t cap, uint32_t *flags,
                            nghttp2_data_source *source, void *user)
{
    struct grpc_client *c = user;
    bytes left = buffer_view(&c->request);
    size_t n = left.len < cap ? left.len : cap;
    (void)session, (void)stream, (void)source;
    memcpy(out, left.ptr, n);
    buffer_drop(&c->request, n);
    if (left.len == n) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

static bool make_session(struct grpc_client *c, nghttp2_session_callbacks *callbacks, nghttp2_option *option)
{
    static nghttp2_mem memory = {NULL, wiped_malloc, wiped_free, wiped_calloc, wiped_realloc};
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
    nghttp2_option_set_max_outbound_ack(option, 100);
    if (nghttp2_session_client_new3(&c->session, callbacks, c, option, &memory) != 0) return false;
    nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, c->options.header_limit},
    };
    return nghttp2_submit_settings(c->session, NGHTTP2_FLAG_NONE, settings, 2) == 0;
}

static bool open_session(struct grpc_client *c)
{
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    bool good = nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0 &&
                make_session(c, callbacks, option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    return good;
}

status grpc_client_open(const struct grpc_client_options *options, struct grpc_client **out, struct err *err)
{
    struct grpc_client *c = calloc(1, sizeof *c);
    if (c) {
        c->options = *options;
        c->request = BUFFER("gRPC request", (size_t)UINT32_MAX + GRPC_PREFIX_BYTES);
        c->message = BUFFER("gRPC answer", options->message_limit);
    }
    if (!c || !open_session(c)) {
        grpc_client_close(c);
        return err_set(err, ERR_NOMEM, 0, "no memory for an HTTP/2 connection");
    }
    *out = c;
    return OK;
}

void grpc_client_close(struct grpc_client *c)
{
    if (!c) return;
    nghttp2_session_del(c->session);
    buffer_free(&c->request);
    buffer_free(&c->message);
    free(c);
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

#define NV(name_, value_)                                                                                              \
    ((nghttp2_nv){(uint8_t *)(name_), (uint8_t *)(value_), sizeof(name_) - 1, strlen(value_), NGHTTP2_NV_FLAG_NONE})

static int32_t submit(struct grpc_client *c, const struct grpc_call *call)
{
    char timeout[GRPC_TIMEOUT_SIZE];
    grpc_timeout_write(call->timeout_ms, timeout);
    nghttp2_nv headers[] = {
        NV(":method", "POST"),
        NV(":scheme", "https"),
        NV(":path", call->path),
        NV(":authority", call->authority),
        NV("content-type", "application/grpc"),
        NV("te", "trailers"),
        NV("user-agent", "contrast"),
        NV("grpc-timeout", timeout),
    };
    size_t count = sizeof headers / sizeof headers[0];
    nghttp2_data_provider data = {.read_callback = read_request};
    return nghttp2_submit_request(c->session, NULL, headers, call->timeout_ms > 0 ? count : count - 1, &data, NULL);
}

/* Whatever was there of a call before. */
static void forget_call(struct grpc_client *c)
{
    buffer_free(&c->request);
    buffer_free(&c->message);
    c->stream = 0;
    c->has_answer = false;
    forget_headers(c);
    c->header_bytes = 0;
    c->prefix_len = c->want = 0;
    c->ours = GRPC_OK;
    c->text_len = 0;
    c->answer = (struct grpc_answer){0};
}

status grpc_client_call(struct grpc_client *c, const struct grpc_call *call, struct err *err)
{
    uint8_t prefix[GRPC_PREFIX_BYTES];
    if (c->is_failed || (c->stream != 0 && !c->has_answer) || !nghttp2_session_check_request_allowed(c->session))
        return err_set(err, ERR_STATE, 0, "HTTP/2: the connection takes no call");
    if (call->message.len > UINT32_MAX) return err_set(err, ERR_LIMIT, 0, "gRPC request: longer than 4 GiB");
    forget_call(c);
    grpc_prefix_write((uint32_t)call->message.len, prefix);
    TRY(buffer_put(&c->request, BYTES_OF(prefix), err));
    TRY(buffer_put(&c->request, call->message, err));
    c->stream = submit(c, call);
    if (c->stream > 0) return OK;
    c->stream = 0;
    return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

static status read_input(struct grpc_client *c, bytes in, struct err *err)
{
    if (in.len == 0) return OK;
    ssize_t n = nghttp2_session_mem_recv(c->session, in.ptr, in.len);
    if (n == NGHTTP2_ERR_NOMEM || n == NGHTTP2_ERR_CALLBACK_FAILURE)
        return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
    if (n == NGHTTP2_ERR_FLOODED) return err_set(err, ERR_LIMIT, 0, "HTTP/2: too many frames that want an answer");
    if (n < 0) return err_set(err, ERR_SYNTAX, 0, "HTTP/2: %s", nghttp2_strerror((int)n));
    return OK;
}

static status write_output(struct grpc_client *c, struct buffer *out, struct err *err)
{
    while (buffer_room(out) >= GRPC_OUTPUT_ROOM) {
        const uint8_t *data = NULL;
        ssize_t n = nghttp2_session_mem_send(c->session, &data);
        if (n == 0) return OK;
        if (n < 0) return err_set(err, ERR_NOMEM, 0, "HTTP/2: %s", nghttp2_strerror((int)n));
        TRY(buffer_put(out, BYTES(data, (size_t)n), err));
    }
    return OK;
}

static bool is_over(const struct grpc_client *c)
{
    return nghttp2_session_want_read(c->session) == 0 && nghttp2_session_want_write(c->session) == 0;
}

status grpc_client_step(struct grpc_client *c, bytes in, struct buffer *out, struct err *err)
{
    if (c->is_failed) return err_set(err, ERR_STATE, 0, "HTTP/2: the connection has failed");
    status received = read_input(c, in, err);
    status sent = write_output(c, out, is_ok(received) ? err : NULL);
    status r = is_ok(received) ? sent : received;
    if (is_ok(r) && c->stream != 0 && !c->has_answer && is_over(c))
        r = err_set(err, ERR_SYNTAX, 0, "HTTP/2: the connection was given up before the answer");
    c->is_failed = !is_ok(r);
    return r;
}

bool grpc_client_has_output(const struct grpc_client *c)
{
    return !c->is_failed && nghttp2_session_want_write(c->session) != 0;
}

bool grpc_client_has_answer(const struct grpc_client *c)
{
    return c->has_answer;
}

void grpc_client_get_answer(const struct grpc_client *c, struct grpc_answer *out)
{
    *out = c->answer;
}
