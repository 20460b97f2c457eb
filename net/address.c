/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "parse/text.h"

static bool is_host_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

static status read_host(bytes text, bool in_brackets, struct address *out, struct err *err)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (text.len == 0 || text.len >= sizeof out->host)
        return err_set(err, ERR_RANGE, 0, "address: want a host of 1 to 253 characters, have %zu", text.len);
    memcpy(out->host, text.ptr, text.len);
    out->host[text.len] = '\0';
    out->is_ip = inet_pton(AF_INET, out->host, &v4) == 1;
    bool good = true;
    for (size_t i = 0; i < text.len; i++)
        good = good && is_host_char(text.ptr[i]);
    if (in_brackets)
        out->is_ip = good = memchr(text.ptr, 0, text.len) == NULL && inet_pton(AF_INET6, out->host, &v6) == 1;
    if (good) return OK;
    return err_set(err, ERR_SYNTAX, 0, "address: want a host's name or IP address, have %s", text_quote(text).s);
}

/* What is behind the host: nothing, or a colon and a port. */
static status read_port(bytes rest, unsigned *port, struct err *err)
{
    uint64_t number = 0;
    if (rest.len == 0) return OK;
    if (rest.ptr[0] != ':') return err_set(err, ERR_SYNTAX, 0, "address: want HOST:PORT");
    TRY(err_in(err, decimal_parse(bytes_slice(rest, 1, rest.len - 1), UINT16_MAX, &number, err), "address: port"));
    if (number == 0) return err_set(err, ERR_RANGE, 0, "address: port: want 1 to 65535, have 0");
    *port = (unsigned)number;
    return OK;
}

void address_with_port(const struct address *in, unsigned port, struct address *out)
{
    *out = *in;
    bool is_v6 = strchr(in->host, ':') != NULL;
    (void)snprintf(out->port, sizeof out->port, "%u", port & UINT16_MAX);
    (void)snprintf(out->text, sizeof out->text, is_v6 ? "[%s]:%s" : "%s:%s", out->host, out->port);
}

status address_parse(bytes text, unsigned port, struct address *out, struct err *err)
{
    struct address a = {0};
    bool in_brackets = text.len > 0 && text.ptr[0] == '[';
    size_t end = text_find(text, 0, in_brackets ? ']' : ':');
    if (in_brackets && end == text.len) return err_set(err, ERR_SYNTAX, 0, "address: no ] behind the IP address");
    size_t from = in_brackets, behind = in_brackets ? end + 1 : end;
    TRY(read_host(bytes_slice(text, from, end - from), in_brackets, &a, err));
    TRY(read_port(bytes_slice(text, behind, text.len - behind), &port, err));
    address_with_port(&a, port, out);
    return OK;
}
