/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/evidence_json.h"

#include "parse/json.h"
#include "parse/limits.h"
#include "parse/text.h"
#include "snp/report_json.h"

static const char rule[] = "evidence.envelope";

struct document {
    struct json_reader r;
    bytes keys[LIMIT_EVIDENCE_KEYS];
    uint8_t *out; /* what is decoded */
    size_t cap;
    size_t used;
};

static void open_document(struct document *d, bytes in, uint8_t *buffer, size_t cap)
{
    *d = (struct document){.out = &buffer[cap / 2], .cap = cap - cap / 2};
    d->r = (struct json_reader){
        .in = in, .keys = d->keys, .key_cap = LIMIT_EVIDENCE_KEYS, .text = buffer, .text_cap = cap / 2};
}

/* ---- recognition ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *key;
    enum snp_json_kind kind;
} telling_keys[] = {
    {"vcekCert", SNP_JSON_THIM},     {"certificateChain", SNP_JSON_THIM},      {"outblob", SNP_JSON_TSM},
    {"report", SNP_JSON_AZURE_V0},   {"hcl_report", SNP_JSON_AZURE_V1},        {"sev_snp", SNP_JSON_AUTOMATA},
    {"evidence", SNP_JSON_EVIDENCE}, {"attestation_report", SNP_JSON_TRUSTEE},
};

static enum snp_json_kind kind_of_key(bytes key)
{
    for (size_t i = 0; i < sizeof telling_keys / sizeof telling_keys[0]; i++)
        if (bytes_eq(key, text_bytes(telling_keys[i].key))) return telling_keys[i].kind;
    return SNP_JSON_UNKNOWN;
}

/* One more member at the top. */
static status look_at_key(struct json_reader *r, enum snp_json_kind *kind, bool *end, struct err *err)
{
    bytes key = BYTES_ABSENT;
    TRY(json_next_key(r, &key, end, err));
    if (*end) return json_finish(r, err);
    enum snp_json_kind more = kind_of_key(key);
    if (more != SNP_JSON_UNKNOWN && *kind != SNP_JSON_UNKNOWN && more != *kind)
        return json_refuse(r, err, ERR_UNSUPPORTED, "a key of another kind of document than the keys before");
    if (more != SNP_JSON_UNKNOWN) *kind = more;
    return json_skip(r, err);
}

status snp_json_recognise(bytes in, uint8_t *buffer, size_t cap, enum snp_json_kind *out, struct err *err)
{
    struct document d;
    struct err broken = {0};
    enum snp_json_kind kind = SNP_JSON_UNKNOWN;
    open_document(&d, in, buffer, cap);
    status s = json_enter_object(&d.r, &broken);
    for (bool end = false; is_ok(s) && !end;)
        s = look_at_key(&d.r, &kind, &end, &broken);
    if (!is_ok(s) && (kind == SNP_JSON_UNKNOWN || s.kind == ERR_UNSUPPORTED))
        return err_rule(err, s.kind, rule, broken.offset, "JSON evidence: %s", broken.text);
    if (kind == SNP_JSON_UNKNOWN)
        return err_rule(err, ERR_UNSUPPORTED, rule, 0, "JSON evidence: no key that tells what it is");
    *out = kind;
    return OK;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static status take_base64(struct document *d, enum base64_alphabet alphabet, bytes *out, struct err *err)
{
    bytes text = BYTES_ABSENT;
    TRY(json_get_text(&d->r, &text, err));
    TRY(base64_parse(text, alphabet, &d->out[d->used], d->cap - d->used, out, err));
    d->used += out->len;
    return OK;
}

/* Without padding: it is put behind a copy of the text. */
static status take_base64_unpadded(struct document *d, bytes *out, struct err *err)
{
    bytes text = BYTES_ABSENT;
    TRY(json_get_text(&d->r, &text, err));
    size_t padded = (text.len + 3) / 4 * 4;
    if (padded > d->cap - d->used)
        return json_refuse(&d->r, err, ERR_NOMEM, "%zu digits do not fit into %zu bytes", padded, d->cap - d->used);
    uint8_t *copy = &d->out[d->used];
    memcpy(copy, text.ptr, text.len);
    memset(&copy[text.len], '=', padded - text.len);
    d->used += padded;
    TRY(base64_parse(BYTES(copy, padded), BASE64_URL, &d->out[d->used], d->cap - d->used, out, err));
    d->used += out->len;
    return OK;
}

/* An array of numbers from 0 to 255. */
static status take_numbers(struct document *d, bytes *out, struct err *err)
{
    size_t start = d->used;
    TRY(json_enter_array(&d->r, err));
    for (;;) {
        bool end = false;
        uint64_t v = 0;
        TRY(json_next_item(&d->r, &end, err));
        if (end) break;
        TRY(json_get_u64(&d->r, 255, &v, err));
        if (d->used == d->cap) return json_refuse(&d->r, err, ERR_NOMEM, "more than %zu bytes in all", d->cap);
        d->out[d->used++] = (uint8_t)v;
    }
    *out = BYTES(&d->out[start], d->used - start);
    return OK;
}

/* ---- documents -------------------------------------------------------------------------------------------------- */

enum form { FORM_BASE64, FORM_BASE64_URL, FORM_BASE64_UNPADDED, FORM_NUMBERS, FORM_TEXT };

/* Each document is an object with up to three members that matter. */
enum { CONTENT, TABLE, LEAF, MEMBERS };

struct layout {
    struct json_field fields[MEMBERS];
    enum form forms[MEMBERS];
};

/* A member that a document does not have bears a name that no key can have. */
#define NO_MEMBER {"\xff", false}

static const struct layout layouts[] = {
    [SNP_JSON_TSM] = {{{"outblob", true}, {"auxblob", false}, NO_MEMBER},
                      {FORM_BASE64_UNPADDED, FORM_BASE64_UNPADDED, FORM_TEXT}},
    [SNP_JSON_AZURE_V0] = {{{"report", true}, NO_MEMBER, {"vcek", false}}, {FORM_NUMBERS, FORM_TEXT, FORM_TEXT}},
    [SNP_JSON_AZURE_V1] = {{{"hcl_report", true}, NO_MEMBER, {"vcek", false}},
                           {FORM_BASE64_URL, FORM_TEXT, FORM_BASE64_URL}},
    [SNP_JSON_AUTOMATA] = {{{"attestation_report", true}, NO_MEMBER, {"vek_cert", false}},
                           {FORM_BASE64, FORM_TEXT, FORM_BASE64}},
};

static status take_form(struct document *d, enum form form, bytes *out, struct err *err)
{
    switch (form) {
    case FORM_BASE64:
        return take_base64(d, BASE64_STANDARD, out, err);
    case FORM_BASE64_URL:
        return take_base64(d, BASE64_URL, out, err);
    case FORM_BASE64_UNPADDED:
        return take_base64_unpadded(d, out, err);
    case FORM_NUMBERS:
        return take_numbers(d, out, err);
    default:
        return json_get_text(&d->r, out, err);
    }
}

static status take_object(struct document *d, const struct layout *layout, struct snp_json_evidence *out,
                          struct err *err)
{
    bytes members[MEMBERS] = {{0}};
    struct json_fields f = {.table = layout->fields, .count = MEMBERS, .skip_unknown = true};
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = MEMBERS;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) break;
        TRY(take_form(d, layout->forms[field], &members[field], err));
    }
    *out = (struct snp_json_evidence){.content = members[CONTENT], .table = members[TABLE], .leaf = members[LEAF]};
    return OK;
}

/* The one member at the top that matters holds the object. */
static status take_automata(struct document *d, struct snp_json_evidence *out, struct err *err)
{
    static const struct json_field top[] = {{"sev_snp", true}};
    struct json_fields f = {.table = top, .count = 1, .skip_unknown = true};
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) return OK;
        TRY(take_object(d, &layouts[SNP_JSON_AUTOMATA], out, err));
    }
}

/* One item of "evidence"; the blob counts when its kind is "sevsnp". */
static status take_item(struct document *d, bytes *content, struct err *err)
{
    enum { KIND, BLOB, COUNT };
    static const struct json_field fields[COUNT] = {{"kind", true}, {"blob", true}};
    struct json_fields f = {.table = fields, .count = COUNT, .skip_unknown = true};
    bytes texts[COUNT] = {{0}};
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = COUNT;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) break;
        TRY(json_get_text(&d->r, &texts[field], err));
    }
    if (!bytes_eq(texts[KIND], BYTES_LIT("sevsnp"))) return OK;
    if (!bytes_is_absent(*content)) return json_refuse(&d->r, err, ERR_DUPLICATE, "a second blob of kind sevsnp");
    TRY(base64_parse(texts[BLOB], BASE64_STANDARD, &d->out[d->used], d->cap - d->used, content, err));
    d->used += content->len;
    return OK;
}

static status take_items(struct document *d, struct snp_json_evidence *out, struct err *err)
{
    bytes content = BYTES_ABSENT;
    TRY(json_enter_array(&d->r, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(&d->r, &end, err));
        if (end) break;
        TRY(take_item(d, &content, err));
    }
    if (bytes_is_absent(content)) return json_refuse(&d->r, err, ERR_MISSING, "no item of kind sevsnp");
    *out = (struct snp_json_evidence){.content = content};
    return OK;
}

static status take_evidence(struct document *d, struct snp_json_evidence *out, struct err *err)
{
    static const struct json_field top[] = {{"evidence", true}};
    struct json_fields f = {.table = top, .count = 1, .skip_unknown = true};
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) return OK;
        TRY(take_items(d, out, err));
    }
}

/* Where a certificate of trustee's chain belongs; NULL for kinds that are not known, such as {"OTHER": ...}. */
static bytes *chain_place(struct snp_certificate_table *chain, bytes kind)
{
    const struct {
        bytes kind;
        bytes *place;
    } places[] = {{BYTES_LIT("VCEK"), &chain->vcek},
                  {BYTES_LIT("VLEK"), &chain->vlek},
                  {BYTES_LIT("ASK"), &chain->ask},
                  {BYTES_LIT("ARK"), &chain->ark},
                  {BYTES_LIT("CRL"), &chain->crl}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (bytes_eq(kind, places[i].kind)) return places[i].place;
    return NULL;
}

/* A text, or absent for a value of another kind. */
static status take_text_if_one(struct document *d, bytes *out, struct err *err)
{
    enum json_kind kind = JSON_END;
    TRY(json_peek(&d->r, &kind, err));
    return kind == JSON_STRING ? json_get_text(&d->r, out, err) : json_skip(&d->r, err);
}

static status take_chain_item(struct document *d, struct snp_certificate_table *chain, struct err *err)
{
    enum { CERT_TYPE, DATA, COUNT };
    static const struct json_field fields[COUNT] = {{"cert_type", true}, {"data", true}};
    struct json_fields f = {.table = fields, .count = COUNT, .skip_unknown = true};
    bytes kind = BYTES_ABSENT, data = BYTES_ABSENT;
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = COUNT;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) break;
        TRY(field == CERT_TYPE ? take_text_if_one(d, &kind, err) : take_numbers(d, &data, err));
    }
    bytes *place = chain_place(chain, kind);
    if (!place) return OK;
    if (!bytes_is_absent(*place)) return json_refuse(&d->r, err, ERR_DUPLICATE, "a second certificate of this kind");
    *place = data;
    return OK;
}

static status take_cert_chain(struct document *d, struct snp_certificate_table *chain, struct err *err)
{
    enum json_kind kind = JSON_END;
    TRY(json_peek(&d->r, &kind, err));
    if (kind == JSON_NULL) return json_skip(&d->r, err);
    TRY(json_enter_array(&d->r, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(&d->r, &end, err));
        if (end) return OK;
        TRY(take_chain_item(d, chain, err));
    }
}

static status take_trustee(struct document *d, struct snp_json_evidence *out, struct err *err)
{
    enum { ATTESTATION_REPORT, CERT_CHAIN, COUNT };
    static const struct json_field fields[COUNT] = {{"attestation_report", true}, {"cert_chain", false}};
    struct json_fields f = {.table = fields, .count = COUNT, .skip_unknown = true};
    uint8_t report[SNP_REPORT_BYTES] = {0};
    TRY(json_enter_object(&d->r, err));
    for (;;) {
        size_t field = COUNT;
        bool end = false;
        TRY(json_next_field(&d->r, &f, &field, &end, err));
        if (end) break;
        TRY(field == CERT_CHAIN ? take_cert_chain(d, &out->chain, err) : snp_report_json_parse(&d->r, report, err));
    }
    if (sizeof report > d->cap - d->used)
        return json_refuse(&d->r, err, ERR_NOMEM, "no room for a report in %zu bytes", d->cap);
    memcpy(&d->out[d->used], report, sizeof report);
    out->content = BYTES(&d->out[d->used], sizeof report);
    d->used += sizeof report;
    return OK;
}

static status take_document(struct document *d, enum snp_json_kind kind, struct snp_json_evidence *out, struct err *err)
{
    switch (kind) {
    case SNP_JSON_TSM:
    case SNP_JSON_AZURE_V0:
    case SNP_JSON_AZURE_V1:
        return take_object(d, &layouts[kind], out, err);
    case SNP_JSON_AUTOMATA:
        return take_automata(d, out, err);
    case SNP_JSON_EVIDENCE:
        return take_evidence(d, out, err);
    case SNP_JSON_TRUSTEE:
        return take_trustee(d, out, err);
    default:
        return err_set(err, ERR_UNSUPPORTED, 0, "another kind of document");
    }
}

status snp_json_evidence_parse(bytes in, enum snp_json_kind kind, uint8_t *buffer, size_t cap,
                               struct snp_json_evidence *out, struct err *err)
{
    struct document d;
    struct snp_json_evidence e = {0};
    open_document(&d, in, buffer, cap);
    status s = take_document(&d, kind, &e, err);
    if (is_ok(s)) s = json_finish(&d.r, err);
    TRY(err_in(err, err_named(err, s, rule), "JSON evidence"));
    e.used = cap / 2 + d.used;
    *out = e;
    return OK;
}
