/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/attestation_pb.h"

#include "parse/cursor.h"
#include "parse/limits.h"
#include "parse/protobuf.h"
#include "parse/protobuf_write.h"

static const char rule[] = "evidence.protobuf";

/* Contrast's key in CertificateChain.extras. */
static const char crl_key[] = "00569ee4-e480-4fba-bbf4-45b629901180";

/* ---- the schema ------------------------------------------------------------------------------------------------- */

/* message Attestation, an entry of the map CertificateChain.extras, SevProduct, google.protobuf.UInt32Value */
enum { ATTESTATION_REPORT = 1, ATTESTATION_CHAIN = 2, ATTESTATION_PRODUCT = 3 };
enum { ENTRY_KEY = 1, ENTRY_VALUE = 2 };
enum { PRODUCT_MACHINE_STEPPING = 3 }; /* 1: name, 2: stepping of old */
enum { WRAPPER_VALUE = 1 };

/* message CertificateChain: the fields that hold one certificate. */
enum { CHAIN_VCEK = 1, CHAIN_ASK = 2, CHAIN_ARK = 3, CHAIN_FIRMWARE = 4, CHAIN_VLEK = 6, CHAIN_EXTRAS = 7 };
static const char *const chain_names[] = {
    [CHAIN_VCEK] = "vcek_cert",         [CHAIN_ASK] = "ask_cert",   [CHAIN_ARK] = "ark_cert",
    [CHAIN_FIRMWARE] = "firmware_cert", [CHAIN_VLEK] = "vlek_cert",
};
enum { CHAIN_NAMES = sizeof chain_names / sizeof chain_names[0] };

/* message Report: row i is field i + 1.  LEN: exactly `size` bytes that go to `offset`; VARINT: a little-endian number
 * of `size` bytes there, and a zero may be left out.  Field 29 lies there only until place_cpuid has split it. */
static const struct report_field {
    enum protobuf_type type;
    uint16_t offset;
    uint16_t size;
    const char *name;
} report_fields[] = {
    {PROTOBUF_VARINT, 0x000, 4, "version"},
    {PROTOBUF_VARINT, 0x004, 4, "guest_svn"},
    {PROTOBUF_VARINT, 0x008, 8, "policy"},
    {PROTOBUF_LEN, 0x010, 16, "family_id"},
    {PROTOBUF_LEN, 0x020, 16, "image_id"},
    {PROTOBUF_VARINT, 0x030, 4, "vmpl"},
    {PROTOBUF_VARINT, 0x034, 4, "signature_algo"},
    {PROTOBUF_VARINT, 0x038, 8, "current_tcb"},
    {PROTOBUF_VARINT, 0x040, 8, "platform_info"},
    {PROTOBUF_VARINT, 0x048, 4, "signer_info"},
    {PROTOBUF_LEN, 0x050, 64, "report_data"},
    {PROTOBUF_LEN, 0x090, 48, "measurement"},
    {PROTOBUF_LEN, 0x0c0, 32, "host_data"},
    {PROTOBUF_LEN, 0x0e0, 48, "id_key_digest"},
    {PROTOBUF_LEN, 0x110, 48, "author_key_digest"},
    {PROTOBUF_LEN, 0x140, 32, "report_id"},
    {PROTOBUF_LEN, 0x160, 32, "report_id_ma"},
    {PROTOBUF_VARINT, 0x180, 8, "reported_tcb"},
    {PROTOBUF_LEN, 0x1a0, 64, "chip_id"},
    {PROTOBUF_VARINT, 0x1e0, 8, "committed_tcb"},
    {PROTOBUF_VARINT, 0x1e8, 1, "current_build"},
    {PROTOBUF_VARINT, 0x1e9, 1, "current_minor"},
    {PROTOBUF_VARINT, 0x1ea, 1, "current_major"},
    {PROTOBUF_VARINT, 0x1ec, 1, "committed_build"},
    {PROTOBUF_VARINT, 0x1ed, 1, "committed_minor"},
    {PROTOBUF_VARINT, 0x1ee, 1, "committed_major"},
    {PROTOBUF_VARINT, 0x1f0, 8, "launch_tcb"},
    {PROTOBUF_LEN, 0x2a0, 512, "signature"},
    {PROTOBUF_VARINT, 0x188, 4, "cpuid1eax_fms"},
    {PROTOBUF_VARINT, 0x1f8, 8, "launch_mit_vector"},
    {PROTOBUF_VARINT, 0x200, 8, "current_mit_vector"},
};
enum { REPORT_FIELDS = sizeof report_fields / sizeof report_fields[0] };
enum { REPORT_CPUID = 29, CPUID_OFFSET = 0x188 };

static uint64_t get_le(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = n; i > 0; i--)
        v = v << 8 | p[i - 1];
    return v;
}

static void put_le(uint8_t *p, size_t n, uint64_t v)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

/* ---- CPUID_1_EAX ------------------------------------------------------------------------------------------------ */

/* CPUID leaf 1 prints the family as a sum of two parts, of which the second counts only when the first is 15 (APM vol.
 * 3, appendix E).  The report has the sum. */
static uint32_t eax_of_bytes(const uint8_t fms[3])
{
    uint32_t family = fms[0], model = fms[1], step = fms[2];
    uint32_t base = family < 0xf ? family : 0xf;
    return (family - base) << 20 | (model >> 4) << 16 | base << 8 | (model & 0xf) << 4 | step;
}

static void bytes_of_eax(uint32_t eax, uint8_t fms[3])
{
    fms[0] = (uint8_t)((eax >> 20 & 0xff) + (eax >> 8 & 0xf));
    fms[1] = (uint8_t)((eax >> 16 & 0xf) << 4 | (eax >> 4 & 0xf));
    fms[2] = (uint8_t)(eax & 0xf);
}

/* Turns the number that field 29 left in the report into the three bytes due there.  A number that is not the one made
 * from those bytes is refused, so that no two messages mean one report: bits outside 0x0fff0fff, a sum above 255, an
 * extended family beside a base family other than 15. */
static status place_cpuid(uint8_t raw[SNP_REPORT_BYTES], size_t at, struct err *err)
{
    uint32_t version = (uint32_t)get_le(raw, 4);
    uint32_t eax = (uint32_t)get_le(raw + CPUID_OFFSET, 4);
    uint8_t fms[3];
    bytes_of_eax(eax, fms);
    if (eax_of_bytes(fms) != eax)
        return err_rule(err, ERR_RANGE, rule, at, "attestation: cpuid1eax_fms: no processor prints 0x%08x", eax);
    if (eax != 0 && version < 3)
        return err_rule(err, ERR_RANGE, rule, at, "attestation: cpuid1eax_fms: want 0 in version %u, have 0x%08x",
                        version, eax);
    put_le(raw + CPUID_OFFSET, 4, 0);
    memcpy(raw + CPUID_OFFSET, fms, sizeof fms);
    return OK;
}

/* ---- the message ------------------------------------------------------------------------------------------------ */

static status want_type(const struct protobuf_field *f, enum protobuf_type type, const char *name, struct err *err)
{
    if (f->type == type) return OK;
    return err_rule(err, ERR_SYNTAX, rule, f->offset, "attestation: %s: want wire type %d, have %d", name, (int)type,
                    (int)f->type);
}

static status want_once(struct protobuf_seen *seen, const struct protobuf_field *f, const char *name, struct err *err)
{
    if (protobuf_once(seen, f->number)) return OK;
    return err_rule(err, ERR_DUPLICATE, rule, f->offset, "attestation: %s: comes twice", name);
}

/* A number of at most `size` bytes. */
static status want_number(const struct protobuf_field *f, size_t size, const char *name, struct err *err)
{
    TRY(want_type(f, PROTOBUF_VARINT, name, err));
    if (size >= 8 || f->value >> (8 * size) == 0) return OK;
    return err_rule(err, ERR_RANGE, rule, f->offset, "attestation: %s: want at most %zu bits, have %llu", name,
                    8 * size, (unsigned long long)f->value);
}

/* The cursor's own failure under our rule. */
static status want_end(const struct cursor *c, const char *name, struct err *err)
{
    return err_in(err, err_named(err, cursor_end(c, err), rule), "attestation: %s", name);
}

static status take_report_field(const struct protobuf_field *f, const struct report_field *row,
                                uint8_t raw[SNP_REPORT_BYTES], struct err *err)
{
    if (row->type == PROTOBUF_VARINT) {
        TRY(want_number(f, row->size, row->name, err));
        put_le(raw + row->offset, row->size, f->value);
        return OK;
    }
    TRY(want_type(f, PROTOBUF_LEN, row->name, err));
    if (f->view.len != row->size)
        return err_rule(err, f->view.len < row->size ? ERR_TRUNCATED : ERR_TRAILING, rule, f->offset,
                        "attestation: %s: want %u bytes, have %zu", row->name, row->size, f->view.len);
    memcpy(raw + row->offset, f->view.ptr, row->size);
    return OK;
}

static status take_report(const struct protobuf_field *message, uint8_t raw[SNP_REPORT_BYTES], struct err *err)
{
    struct cursor c = protobuf_inside(message);
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    size_t cpuid_at = message->offset;
    while (protobuf_next(&c, &f)) {
        if (f.number > REPORT_FIELDS) continue;
        const struct report_field *row = &report_fields[f.number - 1];
        TRY(want_once(&seen, &f, row->name, err));
        TRY(take_report_field(&f, row, raw, err));
        if (f.number == REPORT_CPUID) cpuid_at = f.offset;
    }
    TRY(want_end(&c, "report", err));

    for (uint32_t i = 0; i < REPORT_FIELDS; i++)
        if (report_fields[i].type == PROTOBUF_LEN && protobuf_once(&seen, i + 1))
            return err_rule(err, ERR_MISSING, rule, message->offset, "attestation: %s: missing", report_fields[i].name);
    /* Only now: the version may come after field 29. */
    return place_cpuid(raw, cpuid_at, err);
}

static status take_certificate(const struct protobuf_field *f, const char *name, bytes *out, struct err *err)
{
    TRY(want_type(f, PROTOBUF_LEN, name, err));
    if (f->view.len == 0) return err_rule(err, ERR_RANGE, rule, f->offset, "attestation: %s: is empty", name);
    *out = f->view;
    return OK;
}

/* One entry of the map; only the CRL's key is known. */
static status take_extra(const struct protobuf_field *entry, bytes *crl, struct err *err)
{
    struct cursor c = protobuf_inside(entry);
    struct protobuf_seen seen = {0};
    struct protobuf_field f, value = {.type = PROTOBUF_LEN, .offset = entry->offset};
    bytes key = BYTES_LIT("");
    while (protobuf_next(&c, &f)) {
        if (f.number != ENTRY_KEY && f.number != ENTRY_VALUE) continue;
        TRY(want_once(&seen, &f, "extras", err));
        TRY(want_type(&f, PROTOBUF_LEN, "extras", err));
        if (f.number == ENTRY_KEY) key = f.view;
        if (f.number == ENTRY_VALUE) value = f;
    }
    TRY(want_end(&c, "extras", err));

    if (!bytes_eq(key, BYTES_LIT(crl_key))) return OK;
    if (!bytes_is_absent(*crl))
        return err_rule(err, ERR_DUPLICATE, rule, entry->offset, "attestation: extras: the CRL comes twice");
    return take_certificate(&value, "extras: CRL", crl, err);
}

static status take_chain(const struct protobuf_field *message, struct snp_attestation *out, struct err *err)
{
    struct cursor c = protobuf_inside(message);
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    bytes certificates[CHAIN_NAMES] = {{0}};
    size_t extras = 0;
    while (protobuf_next(&c, &f)) {
        if (f.number == CHAIN_EXTRAS) {
            if (++extras > LIMIT_ATTESTATION_EXTRAS)
                return err_rule(err, ERR_LIMIT, rule, f.offset, "attestation: extras: more than %d entries",
                                LIMIT_ATTESTATION_EXTRAS);
            TRY(want_type(&f, PROTOBUF_LEN, "extras", err));
            TRY(take_extra(&f, &out->crl, err));
        }
        if (f.number >= CHAIN_NAMES || !chain_names[f.number]) continue;
        TRY(want_once(&seen, &f, chain_names[f.number], err));
        TRY(take_certificate(&f, chain_names[f.number], &certificates[f.number], err));
    }
    TRY(want_end(&c, "certificate_chain", err));

    out->vcek = certificates[CHAIN_VCEK];
    out->ask = certificates[CHAIN_ASK];
    out->ark = certificates[CHAIN_ARK];
    out->vlek = certificates[CHAIN_VLEK];
    return OK;
}

/* The product is the sender's word and not handed out; a message in which it is broken is refused all the same. */
static status check_stepping(const struct protobuf_field *message, struct err *err)
{
    struct cursor c = protobuf_inside(message);
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    while (protobuf_next(&c, &f)) {
        if (f.number != WRAPPER_VALUE) continue;
        TRY(want_once(&seen, &f, "machine_stepping", err));
        TRY(want_number(&f, 4, "machine_stepping", err));
    }
    return want_end(&c, "machine_stepping", err);
}

static status check_product(const struct protobuf_field *message, struct err *err)
{
    struct cursor c = protobuf_inside(message);
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    while (protobuf_next(&c, &f)) {
        if (f.number > PRODUCT_MACHINE_STEPPING) continue;
        TRY(want_once(&seen, &f, "product", err));
        if (f.number == PRODUCT_MACHINE_STEPPING) {
            TRY(want_type(&f, PROTOBUF_LEN, "machine_stepping", err));
            TRY(check_stepping(&f, err));
            continue;
        }
        TRY(want_number(&f, 4, "product", err));
    }
    return want_end(&c, "product", err);
}

static status take_attestation(bytes in, uint8_t raw[SNP_REPORT_BYTES], struct snp_attestation *out, struct err *err)
{
    struct cursor c = cursor_over(in);
    struct protobuf_seen seen = {0};
    struct protobuf_field f;
    while (protobuf_next(&c, &f)) {
        if (f.number > ATTESTATION_PRODUCT) continue;
        TRY(want_once(&seen, &f, "message", err));
        TRY(want_type(&f, PROTOBUF_LEN, "message", err));
        if (f.number == ATTESTATION_REPORT) TRY(take_report(&f, raw, err));
        if (f.number == ATTESTATION_CHAIN) TRY(take_chain(&f, out, err));
        if (f.number == ATTESTATION_PRODUCT) TRY(check_product(&f, err));
    }
    TRY(want_end(&c, "message", err));
    if (protobuf_once(&seen, ATTESTATION_REPORT))
        return err_rule(err, ERR_MISSING, rule, 0, "attestation: report: missing");
    return OK;
}

status snp_attestation_parse(bytes in, uint8_t report[SNP_REPORT_BYTES], struct snp_attestation *out, struct err *err)
{
    uint8_t raw[SNP_REPORT_BYTES] = {0};
    struct snp_attestation a = {0};
    TRY(take_attestation(in, raw, &a, err));
    memcpy(report, raw, sizeof raw);
    a.report = BYTES(report, SNP_REPORT_BYTES);
    *out = a;
    return OK;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

static void put_report(struct protobuf_writer *w, bytes raw)
{
    for (uint32_t i = 0; i < REPORT_FIELDS; i++) {
        const struct report_field *row = &report_fields[i];
        bytes field = bytes_slice(raw, row->offset, row->size);
        if (row->type == PROTOBUF_LEN)
            protobuf_put_item(w, i + 1, field);
        else
            protobuf_put_number(w, i + 1,
                                i + 1 == REPORT_CPUID ? eax_of_bytes(field.ptr) : get_le(field.ptr, row->size));
    }
}

static void put_crl(struct protobuf_writer *w, bytes crl)
{
    struct protobuf_writer size = {0};
    if (bytes_is_absent(crl)) return;
    protobuf_put_bytes(&size, ENTRY_KEY, BYTES_LIT(crl_key));
    protobuf_put_bytes(&size, ENTRY_VALUE, crl);
    protobuf_put_head(w, CHAIN_EXTRAS, size.len);
    protobuf_put_bytes(w, ENTRY_KEY, BYTES_LIT(crl_key));
    protobuf_put_bytes(w, ENTRY_VALUE, crl);
}

static void put_chain(struct protobuf_writer *w, const struct snp_attestation *in)
{
    protobuf_put_bytes(w, CHAIN_VCEK, in->vcek);
    protobuf_put_bytes(w, CHAIN_ASK, in->ask);
    protobuf_put_bytes(w, CHAIN_ARK, in->ark);
    protobuf_put_bytes(w, CHAIN_VLEK, in->vlek);
    put_crl(w, in->crl);
}

static void put_attestation(struct protobuf_writer *w, const struct snp_attestation *in)
{
    struct protobuf_writer report = {0}, chain = {0};
    put_report(&report, in->report);
    put_chain(&chain, in);
    protobuf_put_head(w, ATTESTATION_REPORT, report.len);
    put_report(w, in->report);
    if (chain.len == 0) return;
    protobuf_put_head(w, ATTESTATION_CHAIN, chain.len);
    put_chain(w, in);
}

/* That whoever reads the message gets the report that went in. */
static status check_round_trip(bytes written, bytes report, struct err *err)
{
    uint8_t raw[SNP_REPORT_BYTES];
    struct snp_attestation read;
    TRY(snp_attestation_parse(written, raw, &read, err));
    if (bytes_eq(read.report, report)) return OK;
    return err_set(err, ERR_RANGE, 0, "attestation: the report has something in reserved bytes, which do not travel");
}

status snp_attestation_write(const struct snp_attestation *in, uint8_t *buf, size_t cap, bytes *out, struct err *err)
{
    if (in->report.len != SNP_REPORT_BYTES)
        return err_set(err, ERR_RANGE, 0, "attestation: want a report of %d bytes, have %zu", SNP_REPORT_BYTES,
                       in->report.len);
    struct protobuf_writer w = {.out = buf, .cap = cap};
    put_attestation(&w, in);
    TRY(protobuf_written(&w, err));
    TRY(check_round_trip(BYTES(buf, w.len), in->report, err));
    *out = BYTES(buf, w.len);
    return OK;
}
