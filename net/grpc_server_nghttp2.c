/* SPDX-License-Identifier: Apache-2.0 */
#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/grpc_server.h"
#include "net/wiped_memory.h"
#include "parse/text.h"

/* Where a call is.  One that the peer has reset while somebody works on it stays CALL_TAKEN, and is_closed. */
enum phase {
    CALL_HEADERS, /* they are being received */
    CALL_BODY,    /* so is the message */
    CALL_COMPLETE,
    CALL_TAKEN,
    CALL_ANSWERED, /* what is left is to send it */
};

/* What was seen of the headers; each may come once. */
enum header {
    HEADER_METHOD,
    HEADER_PATH,
    HEADER_CONTENT_TYPE,
    HEADER_ENCODING,
    HEADER_TIMEOUT,
    HEADERS,
};

struct call {
    int32_t stream;
    enum phase phase;
    bool is_closed;   /* by nghttp2, which knows it no more */
    bool has_ended;   /* the peer's side */
    unsigned seen;    /* bit i: header i */
    unsigned refused; /* HTTP status to refuse it with, 0: none */
    enum grpc_code code;
    const char *why; /* static; with `code`, unless that is GRPC_OK */
    uint64_t header_bytes;
    size_t method;
    int64_t deadline, receive_by;
    uint8_t prefix[GRPC_PREFIX_BYTES];
    size_t prefix_len;
    size_t want; /* bytes of the message, once the prefix is there */
    size_t late; /* bytes that came behind the answer */
    struct buffer message, answer;
};

struct grpc_server {
    struct grpc_server_options options;
    nghttp2_session *session;
    struct call **calls; /* options.call_limit of them; NULL: free */
    size_t call_count;
    uint64_t messages; /* bytes that the open calls may send, by their prefixes */
    int64_t now;
    int64_t resets, refilled; /* how many, less those forgiven up to that time */
    bool is_failed;
};

/* ---- calls ------------------------------------------------------------------------------------------------------ */

static struct call *call_of(struct grpc_server *s, int32_t stream)
{
    return nghttp2_session_get_stream_user_data(s->session, stream);
}

static struct call *add_call(struct grpc_server *s, int32_t stream)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c) return NULL;
    *c = (struct call){
        .stream = stream,
        .method = s->options.method_count,
        .deadline = GRPC_NO_DEADLINE,
        .receive_by = s->now + s->options.request_ms,
        .message = BUFFER("gRPC request", 0),
        .answer = BUFFER("gRPC answer", (size_t)UINT32_MAX + GRPC_PREFIX_BYTES),
    };
    size_t i = 0;
    while (s->calls[i])
        i++;
    s->calls[i] = c;
    s->call_count++;
    return c;
}

static void forget_message(struct grpc_server *s, struct call *c)
{
    s->messages -= c->want;
    c->want = 0;
    buffer_free(&c->message);
}

static void free_call(struct grpc_server *s, struct call *c)
{
    size_t i = 0;
    while (s->calls[i] != c)
        i++;
    s->calls[i] = NULL;
    s->call_count--;
    forget_message(s, c);
    buffer_free(&c->answer);
    free(c);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

#define NV(name_, value_, len_)                                                                                        \
    ((nghttp2_nv){(uint8_t *)(name_), (uint8_t *)(value_), sizeof(name_) - 1, (len_), NGHTTP2_NV_FLAG_NONE})

static bool submit_http(struct grpc_server *s, struct call *c, unsigned http_status)
{
    char text[4];
    snprintf(text, sizeof text, "%u", http_status % 1000);
    nghttp2_nv headers[] = {NV(":status", text, 3)};
    c->phase = CALL_ANSWERED;
    return nghttp2_submit_response(s->session, c->stream, headers, 1, NULL) == 0;
}

/* Trailers only: one block of headers is all of the answer. */
static bool submit_failure(struct grpc_server *s, struct call *c, enum grpc_code code, bytes text)
{
    char number[12], message[GRPC_MESSAGE_TEXT_SIZE(GRPC_MESSAGE_BYTES)];
    snprintf(number, sizeof number, "%d", (int)code);
    grpc_message_write(bytes_slice(text, 0, text.len < GRPC_MESSAGE_BYTES ? text.len : GRPC_MESSAGE_BYTES), message,
                       sizeof message);
    nghttp2_nv headers[] = {
        NV(":status", "200", 3),
        NV("content-type", "application/grpc", 16),
        NV("grpc-status", number, strlen(number)),
        NV("grpc-message", message, strlen(message)),
        NV("grpc-accept-encoding", "identity", 8),
    };
    bool about_encoding = code == GRPC_UNIMPLEMENTED;
    c->phase = CALL_ANSWERED;
    forget_message(s, c);
    return nghttp2_submit_response(s->session, c->stream, headers, about_encoding ? 5 : 4, NULL) == 0;
}

static bool fail(struct grpc_server *s, struct call *c, enum grpc_code code, const char *why)
{
    return submit_failure(s, c, code, text_bytes(why));
}

static bool submit_trailers(nghttp2_session *session, int32_t stream)
{
    nghttp2_nv trailers[] = {NV("grpc-status", "0", 1)};
    return nghttp2_submit_trailer(session, stream, trailers, 1) == 0;
}

static ssize_t read_answer(nghttp2_session *session, int32_t stream, uint8_t *out, size_t cap, uint32_t *flags,
                           nghttp2_data_source *source, void *user)
{
    struct call *c = source->ptr;
    bytes left = buffer_view(&c->answer);
    size_t n = left.len < cap ? left.len : cap;
    (void)user;
    memcpy(out, left.ptr, n);
    buffer_drop(&c->answer, n);
    if (left.len > n) return (ssize_t)n;
    *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
    return submit_trailers(session, stream) ? (ssize_t)n : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static bool submit_answer(struct grpc_server *s, struct call *c)
{
    nghttp2_nv headers[] = {NV(":status", "200", 3), NV("content-type", "application/grpc", 16)};
    nghttp2_data_provider data = {.source.ptr = c, .read_callback = read_answer};
    return nghttp2_submit_response(s->session, c->stream, headers, 2, &data) == 0;
}

/* The peer is asked for no more; it has its answer. */
static bool stop_sending(struct grpc_server *s, const struct call *c)
{
    return nghttp2_submit_rst_stream(s->session, NGHTTP2_FLAG_NONE, c->stream, NGHTTP2_NO_ERROR) == 0;
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static void refuse(struct call *c, enum grpc_code code, const char *why)
{
    if (c->code != GRPC_OK) return;
    c->code = code;
    c->why = why;
}

static void take_method(struct grpc_server *s, struct call *c, bytes path)
{
    for (size_t i = 0; i < s->options.method_count; i++) {
        const char *known = s->options.methods[i].path;
        if (bytes_eq(path, text_bytes(known))) c->method = i;
    }
    if (c->method == s->options.method_count) refuse(c, GRPC_UNIMPLEMENTED, "no such method");
}

static void take_timeout(struct grpc_server *s, struct call *c, bytes value)
{
    uint64_t ms = 0;
    if (!is_ok(grpc_timeout_parse(value, &ms, NULL))) {
        refuse(c, GRPC_INTERNAL, "malformed grpc-timeout");
        return;
    }
    if (__builtin_add_overflow(s->now, ms, &c->deadline)) c->deadline = GRPC_NO_DEADLINE;
}

static void take_header(struct grpc_server *s, struct call *c, enum header which, bytes value)
{
    if (c->seen >> which & 1) c->refused = 400;
    c->seen |= 1u << which;
    switch (which) {
    case HEADER_METHOD:
        if (!bytes_eq(value, BYTES_LIT("POST"))) c->refused = 405;
        return;
    case HEADER_PATH:
        take_method(s, c, value);
        return;
    case HEADER_CONTENT_TYPE:
        if (!grpc_content_type_is_ours(value)) c->refused = 415;
        return;
    case HEADER_ENCODING:
        if (!bytes_eq(value, BYTES_LIT("identity"))) refuse(c, GRPC_UNIMPLEMENTED, "no compression but identity");
        return;
    case HEADER_TIMEOUT:
    case HEADERS:
        take_timeout(s, c, value);
        return;
    }
}

static enum header header_of(bytes name)
{
    static const bytes names[HEADERS] = {BYTES_LIT(":method"), BYTES_LIT(":path"), BYTES_LIT("content-type"),
                                         BYTES_LIT("grpc-encoding"), BYTES_LIT("grpc-timeout")};
    size_t i = 0;
    while (i < HEADERS && !bytes_eq(name, names[i]))
        i++;
    return (enum header)i;
}

static bool end_body(struct grpc_server *s, struct call *c)
{
    c->has_ended = true;
    if (c->phase != CALL_BODY) return true;
    bool whole = c->prefix_len == GRPC_PREFIX_BYTES && c->message.len == c->want;
    if (!whole) return fail(s, c, GRPC_INTERNAL, "the message is cut off");
    c->phase = CALL_COMPLETE;
    return true;
}

/* All headers are there. */
static bool begin_body(struct grpc_server *s, struct call *c)
{
    if (!(c->seen >> HEADER_CONTENT_TYPE & 1) && c->refused == 0) c->refused = 415;
    if (c->refused != 0) return submit_http(s, c, c->refused);
    if (c->code != GRPC_OK) return fail(s, c, c->code, c->why);
    c->phase = CALL_BODY;
    c->message.limit = s->options.methods[c->method].message_limit;
    return true;
}

/* ---- the message ------------------------------------------------------------------------------------------------ */

static bool take_prefix(struct grpc_server *s, struct call *c)
{
    size_t len = 0;
    struct err err = {0};
    status r = grpc_prefix_parse(c->prefix, c->message.limit, &len, &err);
    if (r.kind == ERR_UNSUPPORTED) return fail(s, c, GRPC_UNIMPLEMENTED, err.text);
    if (!is_ok(r)) return fail(s, c, GRPC_RESOURCE_EXHAUSTED, err.text);
    if (len > s->options.messages_limit - s->messages)
        return fail(s, c, GRPC_RESOURCE_EXHAUSTED, "too many messages at once on this connection");
    c->want = len;
    s->messages += len;
    return true;
}

/* False when the connection can't go on. */
static bool take_body(struct grpc_server *s, struct call *c, bytes in)
{
    size_t n = GRPC_PREFIX_BYTES - c->prefix_len;
    if (n > in.len) n = in.len;
    if (n > 0) {
        memcpy(c->prefix + c->prefix_len, in.ptr, n);
        c->prefix_len += n;
        if (c->prefix_len == GRPC_PREFIX_BYTES && !take_prefix(s, c)) return false;
    }
    bytes rest = bytes_slice(in, n, in.len - n);
    if (c->phase != CALL_BODY || rest.len == 0) return true;
    if (rest.len > c->want - c->message.len) return fail(s, c, GRPC_INTERNAL, "more than one message");
    return is_ok(buffer_put(&c->message, rest, NULL));
}

/* ---- callbacks of nghttp2 --------------------------------------------------------------------------------------- */

/* An error from here ends the connection. */
static int result(bool good)
{
    return good ? 0 : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct grpc_server *s = user;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    if (s->call_count == s->options.call_limit)
        return result(
            nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id, NGHTTP2_REFUSED_STREAM) == 0);
    struct call *c = add_call(s, frame->hd.stream_id);
    return result(c && nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, c) == 0);
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_len,
                     const uint8_t *value, size_t value_len, uint8_t flags, void *user)
{
    enum { OVERHEAD = 32 }; /* RFC 9113, 6.5.2 */
    struct grpc_server *s = user;
    struct call *c = call_of(s, frame->hd.stream_id);
    (void)session, (void)flags;
    if (!c) return 0;
    c->header_bytes += name_len + value_len + OVERHEAD;
    if (c->header_bytes > s->options.header_limit) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE; /* a reset */
    if (c->phase != CALL_HEADERS) return 0;
    enum header which = header_of(BYTES(name, name_len));
    if (which != HEADERS) take_header(s, c, which, BYTES(value, value_len));
    return 0;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *user)
{
    struct grpc_server *s = user;
    struct call *c = call_of(s, frame->hd.stream_id);
    (void)session;
    if (!c || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA)) return 0;
    bool good = c->phase != CALL_HEADERS || begin_body(s, c);
    if (good && frame->hd.flags & NGHTTP2_FLAG_END_STREAM) good = end_body(s, c);
    return result(good);
}

/* The peer may send the rest of what was answered before its end, a little: some clients take a reset for a failure,
 * although they have the answer. */
static bool take_late(struct grpc_server *s, struct call *c, size_t n)
{
    enum { LATE_BYTES = 65536 };
    bool was_fine = c->late <= LATE_BYTES;
    c->late += n;
    return !was_fine || c->late <= LATE_BYTES || stop_sending(s, c);
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data, size_t len, void *user)
{
    struct grpc_server *s = user;
    struct call *c = call_of(s, stream);
    (void)session, (void)flags;
    if (!c) return 0;
    return result(c->phase == CALL_BODY ? take_body(s, c, BYTES(data, len)) : take_late(s, c, len));
}

static int on_stream_closed(nghttp2_session *session, int32_t stream, uint32_t code, void *user)
{
    struct grpc_server *s = user;
    struct call *c = call_of(s, stream);
    (void)session;
    if (code != NGHTTP2_NO_ERROR) s->resets++;
    if (!c) return 0;
    c->is_closed = true;
    if (c->phase != CALL_TAKEN) free_call(s, c);
    return 0;
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

static bool make_session(struct grpc_server *s, nghttp2_session_callbacks *callbacks, nghttp2_option *option)
{
    static nghttp2_mem memory = {NULL, wiped_malloc, wiped_free, wiped_calloc, wiped_realloc};
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_max_outbound_ack(option, 100);
    /* Ours comes first: it also counts resets that the peer makes us send, and goes by the caller's clock. */
    nghttp2_option_set_stream_reset_rate_limit(option, 2 * GRPC_RESETS_AT_ONCE, 2 * GRPC_RESETS_PER_SECOND);
    if (nghttp2_session_server_new3(&s->session, callbacks, s, option, &memory) != 0) return false;
    nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, s->options.call_limit},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, s->options.header_limit},
    };
    return nghttp2_submit_settings(s->session, NGHTTP2_FLAG_NONE, settings, 2) == 0;
}

static bool open_session(struct grpc_server *s)
{
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    bool good = nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0 &&
                make_session(s, callbacks, option);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_option_del(option);
    return good;
}

status grpc_server_open(const struct grpc_server_options *options, struct grpc_server **out, struct err *err)
{
    struct grpc_server *s = calloc(1, sizeof *s);
    if (s) {
        s->options = *options;
        s->calls = calloc(options->call_limit, sizeof *s->calls);
    }
    if (!s || !s->calls || !open_session(s)) {
        grpc_server_close(s);
        return err_set(err, ERR_NOMEM, 0, "no memory for an HTTP/2 connection");
    }
    *out = s;
    return OK;
}

void grpc_server_close(struct grpc_server *s)
{
    if (!s) return;
    nghttp2_session_del(s->session);
    for (size_t i = 0; s->calls && i < s->options.call_limit; i++)
        if (s->calls[i]) free_call(s, s->calls[i]);
    free(s->calls);
    free(s);
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

static void advance(struct grpc_server *s, int64_t now)
{
    s->now = now;
    int64_t forgiven = (now - s->refilled) / 1000 * GRPC_RESETS_PER_SECOND;
    if (forgiven == 0) return;
    s->resets = s->resets > forgiven ? s->resets - forgiven : 0;
    s->refilled = now;
}

/* A request that does not come to its end, before it was answered or after. */
static int64_t give_up_at(const struct call *c)
{
    if (c->has_ended || c->is_closed || (c->phase != CALL_BODY && c->phase != CALL_ANSWERED)) return GRPC_NO_DEADLINE;
    return c->phase == CALL_BODY && c->deadline < c->receive_by ? c->deadline : c->receive_by;
}

static bool give_up(struct grpc_server *s, struct call *c)
{
    enum { LATE_MS = 1000 }; /* for the answer to get there before the reset does */
    if (c->phase == CALL_ANSWERED) {
        c->receive_by = GRPC_NO_DEADLINE;
        return stop_sending(s, c);
    }
    if (c->receive_by < s->now + LATE_MS) c->receive_by = s->now + LATE_MS;
    return fail(s, c, GRPC_DEADLINE_EXCEEDED, "the request did not come in time");
}

static status expire(struct grpc_server *s, struct err *err)
{
    for (size_t i = 0; i < s->options.call_limit; i++) {
        struct call *c = s->calls[i];
        if (!c || give_up_at(c) > s->now) continue;
        if (!give_up(s, c)) return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
    }
    return OK;
}

static status read_input(struct grpc_server *s, bytes in, struct err *err)
{
    if (in.len == 0) return OK;
    ssize_t n = nghttp2_session_mem_recv(s->session, in.ptr, in.len);
    if (n == NGHTTP2_ERR_NOMEM || n == NGHTTP2_ERR_CALLBACK_FAILURE)
        return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
    if (n == NGHTTP2_ERR_FLOODED) return err_set(err, ERR_LIMIT, 0, "HTTP/2: too many frames that want an answer");
    if (n < 0) return err_set(err, ERR_SYNTAX, 0, "HTTP/2: %s", nghttp2_strerror((int)n));
    if (s->resets <= GRPC_RESETS_AT_ONCE) return OK;
    (void)nghttp2_session_terminate_session(s->session, NGHTTP2_ENHANCE_YOUR_CALM);
    return err_set(err, ERR_LIMIT, 0, "HTTP/2: too many calls were reset");
}

static status write_output(struct grpc_server *s, struct buffer *out, struct err *err)
{
    while (buffer_room(out) >= GRPC_OUTPUT_ROOM) {
        const uint8_t *data = NULL;
        ssize_t n = nghttp2_session_mem_send(s->session, &data);
        if (n == 0) return OK;
        if (n < 0) return err_set(err, ERR_NOMEM, 0, "HTTP/2: %s", nghttp2_strerror((int)n));
        TRY(buffer_put(out, BYTES(data, (size_t)n), err));
    }
    return OK;
}

status grpc_server_step(struct grpc_server *s, int64_t now, bytes in, struct buffer *out, struct err *err)
{
    if (s->is_failed) return err_set(err, ERR_STATE, 0, "HTTP/2: the connection has failed");
    advance(s, now);
    status received = read_input(s, in, err);
    if (is_ok(received)) received = expire(s, err);
    status sent = write_output(s, out, is_ok(received) ? err : NULL);
    s->is_failed = !is_ok(received) || !is_ok(sent);
    return is_ok(received) ? sent : received;
}

bool grpc_server_next(struct grpc_server *s, struct grpc_request *out)
{
    struct call *oldest = NULL;
    for (size_t i = 0; i < s->options.call_limit; i++) {
        struct call *c = s->calls[i];
        if (c && c->phase == CALL_COMPLETE && (!oldest || c->stream < oldest->stream)) oldest = c;
    }
    if (!oldest) return false;
    oldest->phase = CALL_TAKEN;
    *out = (struct grpc_request){oldest->stream, oldest->method, buffer_view(&oldest->message), oldest->deadline};
    return true;
}

/* The call that is to be answered; NULL: there is none to answer any more. */
static struct call *find_taken(struct grpc_server *s, int32_t stream)
{
    for (size_t i = 0; i < s->options.call_limit; i++) {
        struct call *c = s->calls[i];
        if (!c || c->stream != stream || c->phase != CALL_TAKEN) continue;
        if (!c->is_closed) return c;
        free_call(s, c);
    }
    return NULL;
}

status grpc_server_answer(struct grpc_server *s, int32_t stream, bytes message, struct err *err)
{
    struct call *c = find_taken(s, stream);
    if (!c) return OK;
    uint8_t prefix[GRPC_PREFIX_BYTES];
    if (message.len > UINT32_MAX) return err_set(err, ERR_LIMIT, 0, "gRPC answer: longer than 4 GiB");
    grpc_prefix_write((uint32_t)message.len, prefix);
    status r = buffer_put(&c->answer, BYTES_OF(prefix), err);
    if (is_ok(r)) r = buffer_put(&c->answer, message, err);
    if (is_ok(r) && !submit_answer(s, c)) r = err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
    if (!is_ok(r)) {
        buffer_free(&c->answer);
        return r;
    }
    c->phase = CALL_ANSWERED;
    forget_message(s, c);
    return OK;
}

status grpc_server_fail(struct grpc_server *s, int32_t stream, enum grpc_code code, bytes text, struct err *err)
{
    struct call *c = find_taken(s, stream);
    if (!c || submit_failure(s, c, code, text)) return OK;
    return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
}

status grpc_server_drain(struct grpc_server *s, struct err *err)
{
    int32_t last = nghttp2_session_get_last_proc_stream_id(s->session);
    if (nghttp2_submit_goaway(s->session, NGHTTP2_FLAG_NONE, last, NGHTTP2_NO_ERROR, NULL, 0) == 0) return OK;
    return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
}

status grpc_server_ping(struct grpc_server *s, struct err *err)
{
    if (nghttp2_submit_ping(s->session, NGHTTP2_FLAG_NONE, NULL) == 0) return OK;
    return err_set(err, ERR_NOMEM, 0, "HTTP/2: no memory");
}

bool grpc_server_has_output(const struct grpc_server *s)
{
    return !s->is_failed && nghttp2_session_want_write(s->session) != 0;
}

bool grpc_server_is_done(const struct grpc_server *s)
{
    if (s->is_failed) return true;
    return nghttp2_session_want_read(s->session) == 0 && nghttp2_session_want_write(s->session) == 0;
}

size_t grpc_server_calls(const struct grpc_server *s)
{
    return s->call_count;
}

int64_t grpc_server_deadline(const struct grpc_server *s)
{
    int64_t first = GRPC_NO_DEADLINE;
    for (size_t i = 0; i < s->options.call_limit; i++)
        if (s->calls[i] && give_up_at(s->calls[i]) < first) first = give_up_at(s->calls[i]);
    return first;
}
