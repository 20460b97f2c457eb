/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/nonce_name.h"

#include "parse/cursor.h"
#include "parse/der.h"
#include "parse/text.h"

enum { NONCE_CHARACTERS = BASE64_TEXT_SIZE(ATLS_NONCE_BYTES) - 1 };

/* 2.5.4.3, commonName. */
static const uint8_t common_name[] = {0x55, 0x04, 0x03};

void nonce_name_write(const uint8_t nonce[ATLS_NONCE_BYTES], uint8_t out[NONCE_NAME_BYTES])
{
    /* SEQUENCE, SET, SEQUENCE, OBJECT IDENTIFIER and the header of the string. */
    static const uint8_t head[] = {0x30, 0x37, 0x31, 0x35, 0x30, 0x33, 0x06, 0x03, 0x55, 0x04, 0x03, 0x13, 0x2c};
    char text[NONCE_CHARACTERS + 1];
    (void)is_ok(base64_write(BYTES(nonce, ATLS_NONCE_BYTES), BASE64_STANDARD, text, sizeof text, NULL));
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, text, NONCE_CHARACTERS);
}

/* The text of the one attribute. */
static status read_text(bytes in, bytes *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct cursor name = der_enter(&c, DER_SEQUENCE, "Name");
    struct cursor rdn = der_enter(&name, DER_SET, "RDN");
    struct cursor attribute = der_enter(&rdn, DER_SEQUENCE, "attribute");
    bytes oid = der_get_oid(&attribute, "attribute type");
    uint8_t tag = der_next_is(&attribute, DER_UTF8_STRING) ? DER_UTF8_STRING : DER_PRINTABLE_STRING;
    bytes text = der_get(&attribute, tag, "attribute value");
    cursor_close(&rdn, &attribute, "attribute");
    cursor_close(&name, &rdn, "RDN");
    cursor_close(&c, &name, "Name");
    TRY(cursor_end(&c, err));
    if (!bytes_eq(oid, BYTES_OF(common_name)))
        return err_set(err, ERR_MISSING, 0, "want a common name, have attribute %s", text_hex(oid).s);
    *out = text;
    return OK;
}

static status read_name(bytes in, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    uint8_t buf[BASE64_BYTES_MAX(NONCE_CHARACTERS)];
    bytes text, value;
    TRY(read_text(in, &text, err));
    if (text.len != NONCE_CHARACTERS)
        return err_set(err, ERR_RANGE, 0, "want %d characters of base64, have %s", NONCE_CHARACTERS,
                       text_quote(text).s);
    TRY(base64_parse(text, BASE64_STANDARD, buf, sizeof buf, &value, err));
    if (value.len != ATLS_NONCE_BYTES)
        return err_set(err, ERR_RANGE, 0, "want %d bytes, have %zu", ATLS_NONCE_BYTES, value.len);
    memcpy(nonce, value.ptr, ATLS_NONCE_BYTES);
    return OK;
}

status nonce_name_parse(bytes in, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    return err_in(err, read_name(in, nonce, err), "nonce in the list of CAs");
}

status nonce_name_list_parse(bytes in, uint8_t nonce[ATLS_NONCE_BYTES], struct err *err)
{
    if (in.len == 0) return err_set(err, ERR_MISSING, 0, "list of CAs: want one name, have none");
    struct cursor c = cursor_over(in);
    uint8_t high = cursor_u8(&c, "length of a name"), low = cursor_u8(&c, "length of a name");
    bytes name = cursor_take(&c, (size_t)high << 8 | low, "name");
    TRY(err_in(err, cursor_end(&c, err), "list of CAs: want one name"));
    return nonce_name_parse(name, nonce, err);
}
