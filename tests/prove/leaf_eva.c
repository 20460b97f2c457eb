/* SPDX-License-Identifier: Apache-2.0 */
/* A leaf part by part: the names of AMD's CAs with one byte that is any; keys around the right length; the extensions
 * of each profile with any numbers, and with every second byte of the first that is any; any certificate of up to 2
 * bytes.
 *
 * Eva: -eva-interprocedural-splits -eva-split-limit 256 */
#include "parse/der_write.h"
#include "snp/leaf.h"
#include "tests/prove/input.h"

enum { FREE = 2, POINT = 97, NAME_ROOM = 128, LIST_ROOM = 384 };

static void any_bytes(size_t n)
{
    uint8_t input[FREE];
    struct snp_leaf leaf;
    struct err err = {0};
    (void)is_ok(snp_leaf_parse(INPUT(input, n), &leaf, &err));
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static void put_attribute(struct der_out *o, uint8_t type, uint8_t tag, const char *text)
{
    const uint8_t oid[] = {0x55, 0x04, type};
    size_t set = der_begin(o, DER_SET), pair = der_begin(o, DER_SEQUENCE);
    der_add_element(o, DER_OID, BYTES_OF(oid));
    der_add_element(o, tag, BYTES((const uint8_t *)text, strlen(text)));
    der_end(o, pair);
    der_end(o, set);
}

static size_t put_name(uint8_t room[NAME_ROOM], const char *common_name)
{
    struct der_out o = {.buf = room, .cap = NAME_ROOM};
    size_t name = der_begin(&o, DER_SEQUENCE);
    put_attribute(&o, 11, DER_UTF8_STRING, "Engineering");
    put_attribute(&o, 6, DER_PRINTABLE_STRING, "US");
    put_attribute(&o, 7, DER_UTF8_STRING, "Santa Clara");
    put_attribute(&o, 8, DER_UTF8_STRING, "CA");
    put_attribute(&o, 10, DER_UTF8_STRING, "Advanced Micro Devices");
    put_attribute(&o, 3, DER_UTF8_STRING, common_name);
    der_end(&o, name);
    return o.len;
}

static void issuer(size_t at)
{
    uint8_t room[NAME_ROOM];
    size_t len = put_name(room, "SEV-Milan");
    struct snp_leaf leaf = {.x = {.issuer = BYTES(room, len)}};
    struct err err = {0};
    UNKNOWN(room[at < 8 ? at : len + 7 - at]);
    if (is_ok(snp_leaf_read_issuer(&leaf, &err))) (void)strlen(snp_leaf_common_name(leaf.kind));
}

/* ---- the key ---------------------------------------------------------------------------------------------------- */

static void key(size_t n)
{
    static const uint8_t algorithm[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                        0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
    uint8_t input[POINT + 1];
    struct snp_leaf leaf = {.x = {.key_algorithm = BYTES_OF(algorithm), .public_key = INPUT(input, n)}};
    struct err err = {0};
    if (is_ok(snp_leaf_read_key(&leaf, &err))) (void)bytes_are_zero(leaf.point);
}

/* ---- extensions ------------------------------------------------------------------------------------------------- */

static const uint8_t arc[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x9c, 0x78, 0x01};

/* `more`: the last number of the identifier; 0: there is none. */
static void put_extension(struct der_out *o, uint8_t number, uint8_t more, bytes value)
{
    uint8_t oid[sizeof arc + 2];
    size_t x = der_begin(o, DER_SEQUENCE);
    memcpy(oid, arc, sizeof arc);
    oid[sizeof arc] = number;
    oid[sizeof arc + 1] = more;
    der_add_element(o, DER_OID, BYTES(oid, sizeof arc + (more ? 2 : 1)));
    der_add_element(o, DER_OCTET_STRING, value);
    der_end(o, x);
}

static void put_number(struct der_out *o, uint8_t number, uint8_t more, uint8_t value)
{
    const uint8_t integer[] = {DER_INTEGER, 1, value};
    put_extension(o, number, more, BYTES_OF(integer));
}

static uint8_t any_octet(void)
{
    return (uint8_t)any(0, 0xff);
}

static size_t put_extensions(uint8_t room[LIST_ROOM], const struct snp_leaf *leaf)
{
    struct der_out o = {.buf = room, .cap = LIST_ROOM};
    bool is_turin = leaf->product == SNP_TURIN;
    uint8_t hwid[64], name[] = {DER_IA5_STRING, 2, 'M', any_octet()};
    UNKNOWN(hwid);
    put_number(&o, 1, 0, any_octet());
    put_extension(&o, 2, 0, BYTES_OF(name));
    //@ loop unroll 9;
    for (uint8_t i = 1; i <= 9; i++)
        if (i == 4 ? !is_turin : i == 9 ? is_turin : true) put_number(&o, 3, i, any_octet());
    if (leaf->kind == SNP_SIGNED_BY_VLEK)
        put_extension(&o, 5, 0, BYTES_OF(name));
    else
        put_extension(&o, 4, 0, BYTES(hwid, is_turin ? 8 : 64));
    return o.len;
}

static void read_extensions(struct snp_leaf *leaf)
{
    struct err err = {0};
    if (!is_ok(snp_leaf_read_extensions(leaf, &err))) return;
    (void)bytes_are_zero(leaf->hwid);
    (void)bytes_are_zero(leaf->csp_id);
    (void)bytes_are_zero(snp_leaf_product_part(leaf));
}

static void any_numbers(enum snp_product product, enum snp_signing_key kind)
{
    uint8_t room[LIST_ROOM];
    struct snp_leaf leaf = {.product = product, .kind = kind};
    leaf.x.extensions = BYTES(room, put_extensions(room, &leaf));
    read_extensions(&leaf);
}

static void one_of_list(size_t at)
{
    uint8_t room[LIST_ROOM];
    struct snp_leaf leaf = {.product = SNP_TURIN, .kind = SNP_SIGNED_BY_VCEK};
    leaf.x.extensions = BYTES(room, put_extensions(room, &leaf));
    UNKNOWN(room[at]);
    read_extensions(&leaf);
}

int main(void)
{
    enum { EXTENSION = 18 };
    //@ loop unroll FREE + 1;
    for (size_t n = 0; n <= FREE; n++)
        any_bytes(n);
    //@ loop unroll 12;
    for (size_t at = 0; at < 12; at++)
        issuer(at);
    //@ loop unroll 4;
    for (size_t n = POINT - 2; n <= POINT + 1; n++)
        key(n);
    any_numbers(SNP_MILAN, SNP_SIGNED_BY_VCEK);
    any_numbers(SNP_GENOA, SNP_SIGNED_BY_VLEK);
    any_numbers(SNP_TURIN, SNP_SIGNED_BY_VCEK);
    //@ loop unroll EXTENSION;
    for (size_t at = 0; at < EXTENSION; at += 2)
        one_of_list(at);
    return 0;
}
