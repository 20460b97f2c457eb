/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/thim.h"

#include "parse/json.h"
#include "parse/limits.h"
#include "parse/pem.h"
#include "parse/text.h"

static const char rule[] = "evidence.thim";

enum { VCEK_CERT, TCBM, CERTIFICATE_CHAIN, CACHE_CONTROL, FIELDS };

static const struct json_field fields[FIELDS] = {
    [VCEK_CERT] = {"vcekCert", true},
    [TCBM] = {"tcbm", true},
    [CERTIFICATE_CHAIN] = {"certificateChain", true},
    [CACHE_CONTROL] = {"cacheControl", true},
};

/* The four texts, unescaped into text[0..cap). */
static status read_texts(bytes in, uint8_t *text, size_t cap, bytes out[FIELDS], struct err *err)
{
    bytes keys[LIMIT_EVIDENCE_KEYS];
    struct json_reader r = {.in = in, .keys = keys, .key_cap = LIMIT_EVIDENCE_KEYS, .text = text, .text_cap = cap};
    struct json_fields f = {.table = fields, .count = FIELDS, .skip_unknown = true};
    TRY(json_enter_object(&r, err));
    for (;;) {
        size_t field = FIELDS;
        bool end = false;
        TRY(json_next_field(&r, &f, &field, &end, err));
        if (end) return json_finish(&r, err);
        TRY(json_get_text(&r, &out[field], err));
    }
}

/* Sixteen digits, most significant first. */
static status read_tcbm(bytes text, uint64_t *out, struct err *err)
{
    uint8_t raw[8];
    TRY(hex_parse(text, HEX_ANY_CASE, raw, sizeof raw, err));
    *out = 0;
    for (size_t i = 0; i < sizeof raw; i++)
        *out = *out << 8 | raw[i];
    return OK;
}

static status read_document(bytes in, uint8_t *buffer, size_t cap, struct snp_thim *out, struct err *err)
{
    static const char label[] = "CERTIFICATE";
    bytes texts[FIELDS] = {{0}}, vcek = BYTES_ABSENT, chain[2] = {{0}};
    uint64_t seconds = 0;
    size_t half = cap / 2;
    TRY(read_texts(in, buffer, half, texts, err));
    TRY(err_in(err, pem_parse(texts[VCEK_CERT], label, &vcek, 1, &buffer[half], cap - half, err), "vcekCert"));
    half += vcek.len;
    TRY(err_in(err, pem_parse(texts[CERTIFICATE_CHAIN], label, chain, 2, &buffer[half], cap - half, err),
               "certificateChain"));
    TRY(err_in(err, read_tcbm(texts[TCBM], &out->tcbm, err), "tcbm"));
    TRY(err_in(err, decimal_parse(texts[CACHE_CONTROL], UINT32_MAX, &seconds, err), "cacheControl"));
    out->vcek = vcek;
    out->ask = chain[0];
    out->ark = chain[1];
    return OK;
}

status snp_thim_parse(bytes in, uint8_t *buffer, size_t cap, struct snp_thim *out, struct err *err)
{
    struct snp_thim thim = {0};
    TRY(err_in(err, err_named(err, read_document(in, buffer, cap, &thim, err), rule), "THIM"));
    *out = thim;
    return OK;
}
