/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/kds.h"

#include <stdio.h>

#include "parse/text.h"
#include "snp/tcb.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

size_t kds_chip_id_bytes(enum snp_product product)
{
    return product == SNP_TURIN ? FETCH_CHIP_ID_BYTES_TURIN : FETCH_CHIP_ID_BYTES;
}

static status check_chip_id(enum snp_product product, bytes id, struct err *err)
{
    size_t want = kds_chip_id_bytes(product);
    if (id.len == want) return OK;
    return err_set(err, ERR_RANGE, 0, "chip id: want %zu bytes for %s, have %zu", want, snp_product_name(product),
                   id.len);
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

status kds_target_write(const struct fetch_request *in, char out[static KDS_TARGET_SIZE], struct err *err)
{
    enum snp_product product = (enum snp_product)in->product;
    const char *name = snp_product_name(product);
    char chip[HEX_TEXT_SIZE(FETCH_CHIP_ID_BYTES)] = "", fmc[16] = "";
    struct snp_tcb tcb;
    if (in->kind == FETCH_CRL) {
        (void)snprintf(out, KDS_TARGET_SIZE, "/vcek/v1/%s/crl", name);
        return OK;
    }
    TRY(check_chip_id(product, in->chip_id, err));
    TRY(snp_tcb_split(in->tcb, product, &tcb, err));
    (void)is_ok(hex_write(in->chip_id, chip, sizeof chip, NULL)); /* it fits */
    if (product == SNP_TURIN) (void)snprintf(fmc, sizeof fmc, "fmcSPL=%u&", tcb.fmc);
    (void)snprintf(out, KDS_TARGET_SIZE, "/vcek/v1/%s/%s?%sblSPL=%u&teeSPL=%u&snpSPL=%u&ucodeSPL=%u", name, chip, fmc,
                   tcb.boot_loader, tcb.tee, tcb.snp, tcb.microcode);
    return OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static status parse_product(bytes name, enum snp_product *out, struct err *err)
{
    for (unsigned p = SNP_MILAN; p < SNP_PRODUCT_COUNT; p++) {
        if (!bytes_eq(name, text_bytes(snp_product_name((enum snp_product)p)))) continue;
        *out = (enum snp_product)p;
        return OK;
    }
    return err_set(err, ERR_UNSUPPORTED, 0, "product: want Milan, Genoa or Turin, have %s", text_quote(name).s);
}

/* 0 to 255, in decimal, alone or padded to two digits. */
static status parse_part(bytes text, uint8_t *out, struct err *err)
{
    uint64_t value;
    bool is_padded = text.len == 2 && text.ptr[0] == '0';
    TRY(decimal_parse(is_padded ? bytes_slice(text, 1, 1) : text, UINT8_MAX, &value, err));
    *out = (uint8_t)value;
    return OK;
}

enum { FMC, BL, TEE, SNP, UCODE, PARTS };
static const char *const part_names[PARTS] = {"fmcSPL", "blSPL", "teeSPL", "snpSPL", "ucodeSPL"};

static status parse_parameter(bytes parameter, uint8_t parts[PARTS], bool seen[PARTS], struct err *err)
{
    bytes value = parameter, name = text_take_part(&value, '=');
    for (size_t i = 0; i < PARTS; i++) {
        if (!bytes_eq(name, text_bytes(part_names[i]))) continue;
        if (seen[i]) return err_set(err, ERR_DUPLICATE, 0, "%s comes twice", part_names[i]);
        seen[i] = true;
        return err_in(err, parse_part(value, &parts[i], err), "%s", part_names[i]);
    }
    return err_set(err, ERR_SYNTAX, 0, "parameter %s: nobody knows it", text_quote(name).s);
}

static status parse_query(bytes query, enum snp_product product, uint64_t *word, struct err *err)
{
    uint8_t parts[PARTS] = {0};
    bool seen[PARTS] = {false};
    /* Each turn takes a parameter that was not there before, or fails. */
    while (query.ptr)
        TRY(parse_parameter(text_take_part(&query, '&'), parts, seen, err));
    for (size_t i = 0; i < PARTS; i++) {
        bool wanted = i != FMC || product == SNP_TURIN;
        if (wanted && !seen[i]) return err_set(err, ERR_MISSING, 0, "parameter %s is missing", part_names[i]);
        if (!wanted && seen[i]) return err_set(err, ERR_SYNTAX, 0, "parameter %s is for Turin alone", part_names[i]);
    }
    const struct snp_tcb tcb = {.product = product,
                                .fmc = parts[FMC],
                                .boot_loader = parts[BL],
                                .tee = parts[TEE],
                                .snp = parts[SNP],
                                .microcode = parts[UCODE]};
    *word = snp_tcb_join(&tcb);
    return OK;
}

static status parse_path(bytes path, struct fetch_request *r, bytes *last, struct err *err)
{
    static const bytes front = BYTES_LIT("/vcek/v1/");
    enum snp_product product;
    if (!bytes_eq(bytes_slice(path, 0, front.len), front))
        return err_set(err, ERR_UNSUPPORTED, 0, "target: want /vcek/v1/..., have %s", text_quote(path).s);
    *last = bytes_slice(path, front.len, path.len - front.len);
    TRY(parse_product(text_take_part(last, '/'), &product, err));
    r->product = (uint8_t)product;
    r->kind = bytes_eq(*last, BYTES_LIT("crl")) ? FETCH_CRL : FETCH_VCEK;
    return OK;
}

status kds_target_parse(bytes target, uint8_t chip_id[static FETCH_CHIP_ID_BYTES], struct fetch_request *out,
                        struct err *err)
{
    struct fetch_request r = {.chip_id = BYTES_ABSENT};
    bytes query = target, path = text_take_part(&query, '?'), last;
    TRY(parse_path(path, &r, &last, err));
    if (r.kind == FETCH_CRL && query.ptr) return err_set(err, ERR_SYNTAX, 0, "crl: want no parameters");
    if (r.kind == FETCH_VCEK) {
        enum snp_product product = (enum snp_product)r.product;
        uint8_t id[FETCH_CHIP_ID_BYTES];
        size_t n = kds_chip_id_bytes(product);
        TRY(err_in(err, hex_parse(last, HEX_LOWER, id, n, err), "chip id"));
        TRY(parse_query(query, product, &r.tcb, err));
        memcpy(chip_id, id, n);
        r.chip_id = BYTES(chip_id, n);
    }
    *out = r;
    return OK;
}
