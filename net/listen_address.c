/* SPDX-License-Identifier: Apache-2.0 */
#include "net/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "parse/text.h"

static bool take_v4(const char *host, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, host, &at.sin_addr) != 1) return false;
    memcpy(out, &at, sizeof at);
    return true;
}

static bool take_v6(const char *host, uint16_t port, struct sockaddr_storage *out)
{
    struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    if (inet_pton(AF_INET6, host, &at.sin6_addr) != 1) return false;
    memcpy(out, &at, sizeof at);
    return true;
}

static bool take(const char *text, struct sockaddr_storage *out)
{
    char host[INET6_ADDRSTRLEN] = "";
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    uint64_t port = 0;
    if (!colon || !is_ok(decimal_parse(text_bytes(colon + 1), UINT16_MAX, &port, NULL))) return false;
    bool is_v6 = len >= 2 && text[0] == '[' && text[len - 1] == ']';
    bytes digits = bytes_slice(BYTES((const uint8_t *)text, len), is_v6, is_v6 ? len - 2 : len);
    if (digits.len >= sizeof host) return false;
    memcpy(host, digits.ptr, digits.len);
    return is_v6 ? take_v6(host, (uint16_t)port, out) : take_v4(host, (uint16_t)port, out);
}

status listen_address_parse(const char *text, struct sockaddr_storage *out, struct err *err)
{
    struct sockaddr_storage at = {0};
    if (!take(text, &at))
        return err_set(err, ERR_SYNTAX, 0, "want A.B.C.D:PORT or [ADDRESS]:PORT, have %s",
                       text_quote(text_bytes(text)).s);
    *out = at;
    return OK;
}

unsigned listen_address_port(const struct sockaddr_storage *at)
{
    if (at->ss_family == AF_INET6) return ntohs(((const struct sockaddr_in6 *)(const void *)at)->sin6_port);
    return ntohs(((const struct sockaddr_in *)(const void *)at)->sin_port);
}
