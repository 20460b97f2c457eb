/* SPDX-License-Identifier: Apache-2.0 */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/version.h>

#include "net/ca_names.h"
#include "parse/cursor.h"

#if LIBWOLFSSL_VERSION_HEX != 0x05005004
#error "net/ca_names_wolfssl.c knows the insides of wolfSSL 5.5.4 alone; newer ones have the extension by themselves"
#endif
#ifndef HAVE_EX_DATA
#error "this wolfSSL lacks HAVE_EX_DATA: run ./configure.py --setup"
#endif

enum {
    CERTIFICATE_REQUEST = 13,
    CERTIFICATE_AUTHORITIES = 47,
    SLOT = 0, /* of the data that a connection carries for its user */
    LIST_BYTES = 2 + NONCE_NAME_BYTES,
    EXTENSION_BYTES = 2 + 2 + 2 + LIST_BYTES,
};

/* As wolfSSL/internal.h declares them. */
struct Suites;
int __real_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, word16 *length);
int __wrap_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, word16 *length);
int __real_TLSX_WriteRequest(WOLFSSL *ssl, byte *output, byte type, word16 *offset);
int __wrap_TLSX_WriteRequest(WOLFSSL *ssl, byte *output, byte type, word16 *offset);
int __real_TLSX_Parse(WOLFSSL *ssl, const byte *input, word16 length, byte type, struct Suites *suites);
int __wrap_TLSX_Parse(WOLFSSL *ssl, const byte *input, word16 length, byte type, struct Suites *suites);

void ca_names_attach(void *ssl, struct ca_names *names)
{
    wolfSSL_set_ex_data(ssl, SLOT, names);
}

bytes ca_names_list(const struct ca_names *names)
{
    return names->came && names->list_len <= CA_NAMES_BYTES_MAX ? BYTES(names->list, names->list_len) : BYTES_ABSENT;
}

/* NULL when the message is another one or the connection none of attested TLS. */
static struct ca_names *names_of(WOLFSSL *ssl, byte type)
{
    return type == CERTIFICATE_REQUEST ? wolfSSL_get_ex_data(ssl, SLOT) : NULL;
}

/* ---- server ----------------------------------------------------------------------------------------------------- */

static void put_u16(uint8_t out[2], size_t v)
{
    out[0] = (uint8_t)(v >> 8);
    out[1] = (uint8_t)v;
}

int __wrap_TLSX_GetRequestSize(WOLFSSL *ssl, byte type, word16 *length)
{
    int code = __real_TLSX_GetRequestSize(ssl, type, length);
    struct ca_names *names = names_of(ssl, type);
    if (code == 0 && names && names->sends) *length = (word16)(*length + EXTENSION_BYTES);
    return code;
}

/* The extensions begin with the length of them all. */
int __wrap_TLSX_WriteRequest(WOLFSSL *ssl, byte *output, byte type, word16 *offset)
{
    word16 begun = *offset;
    int code = __real_TLSX_WriteRequest(ssl, output, type, offset);
    struct ca_names *names = names_of(ssl, type);
    if (code != 0 || !names || !names->sends) return code;
    word16 written = (word16)(*offset - begun);
    uint8_t *extension = output + written;
    put_u16(extension, CERTIFICATE_AUTHORITIES);
    put_u16(extension + 2, 2 + LIST_BYTES);
    put_u16(extension + 4, LIST_BYTES);
    put_u16(extension + 6, NONCE_NAME_BYTES);
    memcpy(extension + 8, names->name, NONCE_NAME_BYTES);
    put_u16(output, (size_t)written - 2 + EXTENSION_BYTES);
    *offset = (word16)(*offset + EXTENSION_BYTES);
    return 0;
}

/* ---- client ----------------------------------------------------------------------------------------------------- */

static size_t take_u16(struct cursor *c)
{
    size_t high = cursor_u8(c, "length");
    return high << 8 | cursor_u8(c, "length");
}

static void keep_list(struct ca_names *names, bytes list)
{
    names->came = true;
    names->list_len = list.len <= CA_NAMES_BYTES_MAX ? list.len : CA_NAMES_BYTES_MAX + 1;
    if (list.len > 0 && list.len <= CA_NAMES_BYTES_MAX) memcpy(names->list, list.ptr, list.len);
}

/* Looks for the list among the extensions; what they are beside that is wolfSSL's to judge, an extension that comes
 * twice among it. */
static bool find_list(bytes extensions, struct ca_names *names)
{
    struct cursor c = cursor_over(extensions);
    while (cursor_left(&c) > 0) {
        size_t type = take_u16(&c), length = take_u16(&c);
        struct cursor extension = cursor_sub(&c, length, "extension");
        if (type != CERTIFICATE_AUTHORITIES) continue;
        size_t n = take_u16(&extension);
        bytes list = cursor_take(&extension, n, "list of CAs");
        cursor_close(&c, &extension, "list of CAs");
        if (!cursor_failed(&c)) keep_list(names, list);
    }
    return !cursor_failed(&c);
}

int __wrap_TLSX_Parse(WOLFSSL *ssl, const byte *input, word16 length, byte type, struct Suites *suites)
{
    struct ca_names *names = input ? names_of(ssl, type) : NULL;
    if (names && !names->sends && !find_list(BYTES(input, length), names)) return BUFFER_ERROR;
    return __real_TLSX_Parse(ssl, input, length, type, suites);
}
