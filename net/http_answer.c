/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_answer.h"

#include <stdio.h>

#include "parse/text.h"

/* A body that is being written; the first failure stays, and what comes after it is dropped. */
struct json_writer {
    struct buffer *out;
    bool escapes_html;
    status failed;
    struct err *err;
};

static void put(struct json_writer *w, bytes text)
{
    if (is_ok(w->failed)) w->failed = buffer_put(w->out, text, w->err);
}

static void put_plain(struct json_writer *w, const char *text)
{
    put(w, text_bytes(text));
}

static bool is_separator(uint32_t code)
{
    return code == 0x2028 || code == 0x2029; /* line ends in JavaScript */
}

static bool must_escape(const struct json_writer *w, uint8_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || (w->escapes_html && (c == '<' || c == '>' || c == '&'));
}

static void put_escape(struct json_writer *w, uint32_t c)
{
    static const char names[][3] = {"\"\"", "\\\\", "\nn", "\rr", "\tt"};
    char escape[8];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (c == (uint8_t)names[i][0]) {
            put(w, BYTES(((const uint8_t[]){'\\', (uint8_t)names[i][1]}), 2));
            return;
        }
    snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c & 0xffff);
    put_plain(w, escape);
}

/* U+2028 and U+2029 as UTF-8. */
static uint32_t separator_at(bytes text, size_t i)
{
    bytes here = bytes_slice(text, i, 3);
    if (!here.ptr) return 0;
    uint32_t code = (uint32_t)(here.ptr[0] & 0xf) << 12 | (uint32_t)(here.ptr[1] & 0x3f) << 6 | (here.ptr[2] & 0x3f);
    return here.ptr[0] == 0xe2 && is_separator(code) ? code : 0;
}

static void put_text(struct json_writer *w, bytes text)
{
    put_plain(w, "\"");
    for (size_t i = 0; i < text.len;) {
        size_t n = utf8_length(text, i);
        uint32_t separator = n == 3 ? separator_at(text, i) : 0;
        if (n == 0)
            put_escape(w, 0xfffd);
        else if (separator)
            put_escape(w, separator);
        else if (n == 1 && must_escape(w, text.ptr[i]))
            put_escape(w, text.ptr[i]);
        else
            put(w, bytes_slice(text, i, n));
        i += n ? n : 1;
    }
    put_plain(w, "\"");
}

static void put_base64(struct json_writer *w, bytes value)
{
    uint8_t *to = NULL;
    size_t size = BASE64_TEXT_SIZE(value.len);
    put_plain(w, "\"");
    if (is_ok(w->failed)) w->failed = buffer_reserve(w->out, size, &to, w->err);
    if (is_ok(w->failed)) w->failed = base64_write(value, BASE64_STANDARD, (char *)to, size, w->err);
    if (is_ok(w->failed)) buffer_commit(w->out, size - 1);
    put_plain(w, "\"");
}

static void put_list(struct json_writer *w, const bytes *items, size_t count)
{
    put_plain(w, "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) put_plain(w, ",");
        put_base64(w, items[i]);
    }
    put_plain(w, "]");
}

/* ---- errors ----------------------------------------------------------------------------------------------------- */

status http_error_write(const char *version, unsigned http_status, const char *code, bytes text, struct buffer *out,
                        struct err *err)
{
    char number[16];
    struct json_writer w = {.out = out, .escapes_html = true, .err = err};
    snprintf(number, sizeof number, "%u", http_status);
    put_plain(&w, "{\"version\":");
    put_text(&w, text_bytes(version));
    put_plain(&w, ",\"status_code\":");
    put_plain(&w, number);
    put_plain(&w, ",\"code\":");
    put_text(&w, text_bytes(code));
    put_plain(&w, ",\"error\":");
    put_text(&w, text);
    put_plain(&w, "}\n");
    return w.failed;
}

const char *http_error_code(unsigned http_status)
{
    if (http_status == 403) return "permission_denied";
    return http_status >= 400 && http_status < 500 ? "invalid_argument" : "internal";
}

unsigned http_status_of(enum grpc_code code)
{
    switch (code) {
    case GRPC_OK:
        return 200;
    case GRPC_INVALID_ARGUMENT:
        return 400;
    case GRPC_PERMISSION_DENIED:
        return 403;
    case GRPC_FAILED_PRECONDITION:
        return 412;
    default:
        return 500;
    }
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static void put_type(struct json_writer *w, const struct attest_answer *in)
{
    put_plain(w, "[");
    for (size_t i = 0; i < in->type_count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%s%u", i > 0 ? "," : "", in->type[i]);
        put_plain(w, number);
    }
    put_plain(w, "]");
}

status http_attest_answer_write(const struct attest_answer *in, struct buffer *out, struct err *err)
{
    struct json_writer w = {.out = out, .err = err};
    put_plain(&w, "{\"version\":");
    put_text(&w, in->version);
    put_plain(&w, ",\"raw_attestation_doc\":");
    put_base64(&w, in->document);
    put_plain(&w, ",\"attestation_type\":");
    put_type(&w, in);
    put_plain(&w, ",\"manifests\":");
    put_list(&w, in->manifests, in->manifest_count);
    put_plain(&w, ",\"policies\":");
    put_list(&w, in->policies, in->policy_count);
    put_plain(&w, ",\"root_ca\":");
    put_base64(&w, in->root_ca);
    put_plain(&w, ",\"mesh_ca\":");
    put_base64(&w, in->mesh_ca);
    put_plain(&w, "}\n");
    return w.failed;
}

static void put_shares(struct json_writer *w, const struct user_seed_shares *in)
{
    put_plain(w, ",\"seed_shares_doc\":{\"seed_shares\":[");
    for (size_t i = 0; i < in->count; i++) {
        put_plain(w, i > 0 ? ",{\"public_key\":" : "{\"public_key\":");
        put_text(w, in->shares[i].public_key);
        put_plain(w, ",\"encrypted_seed\":");
        put_base64(w, in->shares[i].encrypted_seed);
        put_plain(w, "}");
    }
    put_plain(w, "],\"salt\":");
    put_base64(w, in->salt);
    put_plain(w, "}");
}

status http_manifest_answer_write(const char *version, const struct user_set_manifest_response *in, struct buffer *out,
                                  struct err *err)
{
    struct json_writer w = {.out = out, .err = err};
    put_plain(&w, "{\"version\":");
    put_text(&w, text_bytes(version));
    put_plain(&w, ",\"root_ca\":");
    put_base64(&w, in->root_ca);
    put_plain(&w, ",\"mesh_ca\":");
    put_base64(&w, in->mesh_ca);
    if (in->has_seed_shares) put_shares(&w, &in->seed_shares);
    put_plain(&w, "}\n");
    return w.failed;
}
