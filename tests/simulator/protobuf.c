/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/envelope.h"
#include "tests/simulator/report.h"
#include "tests/simulator/text.h"

static void put_varint(struct out *o, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        out_u8(o, (uint8_t)(v | 0x80));
    out_u8(o, (uint8_t)v);
}

static void put_number(struct out *o, uint32_t field, uint64_t v)
{
    if (v == 0) return; /* proto3 leaves zeros out */
    put_varint(o, field << 3);
    put_varint(o, v);
}

static void put_bytes(struct out *o, uint32_t field, bytes b)
{
    put_varint(o, field << 3 | 2);
    put_varint(o, b.len);
    out_bytes(o, b);
}

/* message Report: the numbers are the place in the table + 1; size 0 is the computed field 29. */
static const struct {
    uint16_t offset, size;
} report_fields[] = {
    {0x000, 4},  {0x004, 4}, {0x008, 8},  {0x010, 16},  {0x020, 16}, {0x030, 4},  {0x034, 4},  {0x038, 8},
    {0x040, 8},  {0x048, 4}, {0x050, 64}, {0x090, 48},  {0x0C0, 32}, {0x0E0, 48}, {0x110, 48}, {0x140, 32},
    {0x160, 32}, {0x180, 8}, {0x1A0, 64}, {0x1E0, 8},   {0x1E8, 1},  {0x1E9, 1},  {0x1EA, 1},  {0x1EC, 1},
    {0x1ED, 1},  {0x1EE, 1}, {0x1F0, 8},  {0x2A0, 512}, {0, 0},      {0x1F8, 8},  {0x200, 8},
};

/* CPUID leaf 1, EAX. */
static uint64_t cpuid_eax(const uint8_t *report)
{
    uint32_t family = report[REPORT_CPUID], model = report[REPORT_CPUID + 1], step = report[REPORT_CPUID + 2];
    uint32_t base = family < 0xF ? family : 0xF;
    return (uint64_t)(family - base) << 20 | (model >> 4) << 16 | base << 8 | (model & 15) << 4 | (step & 15);
}

static uint64_t number_le(const uint8_t *at, size_t size)
{
    uint64_t v = 0;
    for (size_t i = size; i-- > 0;)
        v = v << 8 | at[i];
    return v;
}

static const char *change_find(const struct sim_list *changes, uint32_t number, struct sim_pair *pair)
{
    struct err ignored = {0};
    uint64_t n;
    for (size_t i = 0; i < changes->count; i++)
        if (is_ok(sim_text_pair(changes->text[i], pair, &ignored)) && pair->name[0] >= '0' && pair->name[0] <= '9' &&
            is_ok(sim_text_number(pair->name, &n, &ignored)) && n == number)
            return pair->value;
    return NULL;
}

/* absent; len:N for bytes; a number for numbers */
static status put_changed(struct out *o, uint32_t number, bytes field, const char *change, struct err *err)
{
    uint8_t memory[1024];
    struct out value = OUT(memory);
    uint64_t n;
    if (strcmp(change, "absent") == 0) return OK;
    if (strncmp(change, "len:", 4) != 0) {
        TRY(sim_text_number(change, &n, err));
        put_number(o, number, n);
        return OK;
    }
    TRY(sim_text_number(change + 4, &n, err));
    if (n > sizeof memory) return err_set(err, ERR_RANGE, 0, "longer than %zu", sizeof memory);
    out_bytes(&value, BYTES(field.ptr, n < field.len ? (size_t)n : field.len));
    out_zeros(&value, (size_t)n - value.len);
    put_bytes(o, number, out_view(&value));
    return OK;
}

static status put_report_message(struct out *o, const struct sim_options *options, bytes report, struct err *err)
{
    for (uint32_t i = 0; i < sizeof report_fields / sizeof report_fields[0]; i++) {
        bytes field = BYTES(report.ptr + report_fields[i].offset, report_fields[i].size);
        struct sim_pair pair;
        const char *change = change_find(&options->proto, i + 1, &pair);
        if (change)
            TRY(err_in(err, put_changed(o, i + 1, field, change, err), "protobuf field %u", i + 1));
        else if (field.len == 0)
            put_number(o, i + 1, cpuid_eax(report.ptr));
        else if (field.len <= 8)
            put_number(o, i + 1, number_le(field.ptr, field.len));
        else
            put_bytes(o, i + 1, field);
    }
    return OK;
}

static void put_chain_message(struct out *o, const struct sim_options *options, const struct sim_evidence *made)
{
    bool vcek = options->kind == SIM_VCEK;
    bytes crl = sim_file(made, SIM_FILE_CRL);
    const struct {
        const char *include;
        uint32_t field;
        enum sim_file file;
        bool wanted;
    } certs[] = {
        {"leaf", 1, SIM_FILE_LEAF, vcek},
        {"ask", 2, vcek ? SIM_FILE_ASK : SIM_FILE_ASVK, true},
        {"ark", 3, SIM_FILE_ARK, true},
        {"leaf", 6, SIM_FILE_LEAF, !vcek},
    };
    for (size_t i = 0; i < sizeof certs / sizeof certs[0]; i++) {
        bytes cert = sim_file(made, certs[i].file);
        if (certs[i].wanted && !bytes_is_absent(cert) && sim_includes(options, certs[i].include))
            put_bytes(o, certs[i].field, cert);
    }
    if (bytes_is_absent(crl) || !sim_includes(options, "crl")) return;
    uint8_t memory[SIM_FILE_MAX];
    struct out entry = OUT(memory);
    put_bytes(&entry, 1, BYTES_LIT("00569ee4-e480-4fba-bbf4-45b629901180"));
    put_bytes(&entry, 2, crl);
    put_bytes(o, 7, out_view(&entry));
}

/* report=twice, append=HEX (to Report), tail=HEX (to Attestation) */
static status put_extra(struct out *o, const struct sim_list *changes, const char *name, struct err *err)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct sim_pair pair;
        TRY(sim_text_pair(changes->text[i], &pair, err));
        if (strcmp(pair.name, name) == 0) TRY(err_in(err, sim_text_hex(pair.value, o, err), "protobuf %s", name));
    }
    return OK;
}

static bool is_asked(const struct sim_list *changes, const char *text)
{
    for (size_t i = 0; i < changes->count; i++)
        if (strcmp(changes->text[i], text) == 0) return true;
    return false;
}

status sim_put_protobuf(struct out *o, const struct sim_options *options, const struct sim_evidence *made,
                        struct err *err)
{
    bytes raw = sim_file(made, SIM_FILE_REPORT);
    if (raw.len != SIM_REPORT_BYTES) return err_set(err, ERR_RANGE, 0, "protobuf: the report has %zu bytes", raw.len);

    uint8_t report_memory[2048], chain_memory[SIM_FILE_MAX], product_memory[16];
    struct out report = OUT(report_memory), chain = OUT(chain_memory), product = OUT(product_memory);
    TRY(put_report_message(&report, options, raw, err));
    TRY(put_extra(&report, &options->proto, "append", err));
    put_chain_message(&chain, options, made);
    put_number(&product, 1, (uint64_t)options->product + 1);
    put_bytes(&product, 3, BYTES_LIT("")); /* machine stepping 0 */

    for (int times = is_asked(&options->proto, "report=twice") ? 2 : 1; times > 0; times--)
        if (!is_asked(&options->proto, "report=absent")) put_bytes(o, 1, out_view(&report));
    put_bytes(o, 2, out_view(&chain));
    if (raw.ptr[0] == 2) put_bytes(o, 3, out_view(&product)); /* later reports name it themselves */
    if (report.full || chain.full) o->full = true;
    return put_extra(o, &options->proto, "tail", err);
}
