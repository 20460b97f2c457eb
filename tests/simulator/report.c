/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/report.h"

#include "tests/simulator/product.h"
#include "tests/simulator/text.h"

enum field_kind { NUMBER, BYTE_STRING, TCB };

static const struct field {
    const char *name;
    uint16_t offset, size;
    enum field_kind kind;
} fields[] = {
    {"version", 0x000, 4, NUMBER},
    {"guest_svn", 0x004, 4, NUMBER},
    {"policy", 0x008, 8, NUMBER},
    {"family_id", 0x010, 16, BYTE_STRING},
    {"image_id", 0x020, 16, BYTE_STRING},
    {"vmpl", 0x030, 4, NUMBER},
    {"signature_algo", 0x034, 4, NUMBER},
    {"current_tcb", 0x038, 8, TCB},
    {"platform_info", 0x040, 8, NUMBER},
    {"signer_info", REPORT_SIGNER_INFO, 4, NUMBER},
    {"report_data", REPORT_DATA, 64, BYTE_STRING},
    {"measurement", 0x090, 48, BYTE_STRING},
    {"host_data", 0x0C0, 32, BYTE_STRING},
    {"id_key_digest", 0x0E0, 48, BYTE_STRING},
    {"author_key_digest", 0x110, 48, BYTE_STRING},
    {"report_id", 0x140, 32, BYTE_STRING},
    {"report_id_ma", 0x160, 32, BYTE_STRING},
    {"reported_tcb", REPORT_REPORTED_TCB, 8, TCB},
    {"cpuid_fam_id", 0x188, 1, NUMBER},
    {"cpuid_mod_id", 0x189, 1, NUMBER},
    {"cpuid_step", 0x18A, 1, NUMBER},
    {"chip_id", REPORT_CHIP_ID, 64, BYTE_STRING},
    {"committed_tcb", 0x1E0, 8, TCB},
    {"current_build", 0x1E8, 1, NUMBER},
    {"current_minor", 0x1E9, 1, NUMBER},
    {"current_major", 0x1EA, 1, NUMBER},
    {"committed_build", 0x1EC, 1, NUMBER},
    {"committed_minor", 0x1ED, 1, NUMBER},
    {"committed_major", 0x1EE, 1, NUMBER},
    {"launch_tcb", 0x1F0, 8, TCB},
    {"launch_mit_vector", 0x1F8, 8, NUMBER},
    {"current_mit_vector", 0x200, 8, NUMBER},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

const char *sim_report_field_name(size_t i)
{
    return i < FIELDS ? fields[i].name : NULL;
}

static const struct field *field_find(const char *name)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(fields[i].name, name) == 0) return &fields[i];
    return NULL;
}

/* `name` is one of the table. */
static uint8_t *field_at(struct out *report, const char *name)
{
    return report->ptr + field_find(name)->offset;
}

static void set_number(struct out *report, const char *name, uint64_t v)
{
    const struct field *f = field_find(name);
    for (size_t i = 0; i < f->size; i++)
        report->ptr[f->offset + i] = (uint8_t)(v >> (8 * i));
}

static status draw_field(struct out *report, const struct sim_options *options, const char *name, size_t len,
                         struct err *err)
{
    return sim_draw(options->seed, name, BYTES_ABSENT, field_at(report, name), len, err);
}

static status set_defaults(struct out *report, const struct sim_options *options, uint32_t version, struct err *err)
{
    const struct sim_product_profile *p = sim_product_get(options->product);
    static const char *const tcbs[] = {"current_tcb", "reported_tcb", "committed_tcb", "launch_tcb"};
    static const char *const firmware[] = {"current_build", "committed_build"};

    set_number(report, "version", version);
    set_number(report, "policy", 0x30000);
    set_number(report, "signature_algo", 1);
    set_number(report, "platform_info", version >= 3 ? p->platform_info : 0x1);
    set_number(report, "signer_info", options->kind == SIM_VLEK ? 1u << 2 : 0);
    for (size_t i = 0; i < sizeof tcbs / sizeof tcbs[0]; i++)
        memcpy(field_at(report, tcbs[i]), p->tcb, sizeof p->tcb);
    for (size_t i = 0; i < sizeof firmware / sizeof firmware[0]; i++)
        memcpy(field_at(report, firmware[i]), (const uint8_t[]){p->build, 55, 1}, 3);
    memset(field_at(report, "report_id_ma"), 0xFF, 32);
    if (version >= 3) memcpy(report->ptr + REPORT_CPUID, p->cpuid, sizeof p->cpuid);
    if (version >= 5) {
        set_number(report, "launch_mit_vector", p->mit_vector);
        set_number(report, "current_mit_vector", p->mit_vector);
    }
    TRY(draw_field(report, options, "report_data", 64, err));
    TRY(draw_field(report, options, "measurement", 48, err));
    TRY(draw_field(report, options, "host_data", 32, err));
    TRY(draw_field(report, options, "report_id", 32, err));
    /* machines with a VLEK hide their chip id */
    return options->kind == SIM_VLEK ? OK : draw_field(report, options, "chip_id", p->chip_id_len, err);
}

/* "bl:4,snp:24": the named components; the others stay. */
static status set_tcb(uint8_t tcb[8], const struct sim_product_profile *p, const char *text, struct err *err)
{
    while (*text) {
        size_t name = strcspn(text, ":"), end = strcspn(text, ","), spl = 0;
        while (spl < SPLS &&
               (strlen(sim_spl_short_names[spl]) != name || memcmp(sim_spl_short_names[spl], text, name) != 0))
            spl++;
        char digits[8] = "";
        uint64_t v;
        if (spl == SPLS || p->tcb_byte[spl] == SPL_ABSENT || name >= end || end - name > sizeof digits)
            return err_set(err, ERR_SYNTAX, 0, "no component of a %s TCB: \"%.40s\"", p->name, text);
        memcpy(digits, text + name + 1, end - name - 1);
        TRY(sim_text_number(digits, &v, err));
        if (v > 255) return err_set(err, ERR_RANGE, 0, "TCB component above 255: \"%.40s\"", text);
        tcb[p->tcb_byte[spl]] = (uint8_t)v;
        text += end + (text[end] == ',');
    }
    return OK;
}

static status set_bytes(uint8_t *at, size_t size, const char *text, struct err *err)
{
    uint8_t memory[SIM_REPORT_BYTES];
    struct out value = OUT(memory);
    TRY(sim_text_hex(text, &value, err));
    if (value.full || value.len != size)
        return err_set(err, ERR_RANGE, 0, "%zu bytes wanted, %zu given", size, value.len);
    memcpy(at, memory, size);
    return OK;
}

static status set_field(struct out *report, const struct sim_product_profile *p, const struct sim_pair *pair,
                        struct err *err)
{
    if (pair->name[0] == '@') {
        struct sim_pair edit = *pair;
        memmove(edit.name, pair->name + 1, strlen(pair->name));
        return sim_text_edit(&edit, report, err);
    }
    const struct field *f = field_find(pair->name);
    if (!f) return err_set(err, ERR_SYNTAX, 0, "no such field");
    if (f->kind == TCB && strchr(pair->value, ':')) return set_tcb(report->ptr + f->offset, p, pair->value, err);
    if (f->kind != NUMBER) return set_bytes(report->ptr + f->offset, f->size, pair->value, err);

    uint64_t v;
    TRY(sim_text_number(pair->value, &v, err));
    if (f->size < 8 && v >> (8 * f->size)) return err_set(err, ERR_RANGE, 0, "does not fit %u bytes", f->size);
    set_number(report, f->name, v);
    return OK;
}

status sim_put_report(struct out *o, const struct sim_options *options, bytes report_data, struct err *err)
{
    out_zeros(o, SIM_REPORT_BYTES);
    if (o->full) return err_set(err, ERR_LIMIT, 0, "report: no room");
    TRY(set_defaults(o, options, options->report_version ? options->report_version : 3, err));
    if (!bytes_is_absent(report_data)) memcpy(o->ptr + REPORT_DATA, report_data.ptr, 64);

    for (size_t i = 0; i < options->report.count; i++) {
        struct sim_pair pair;
        TRY(sim_text_pair(options->report.text[i], &pair, err));
        TRY(err_in(err, set_field(o, sim_product_get(options->product), &pair, err), "report field %s", pair.name));
    }
    return OK;
}

/* Big-endian in, 72 bytes little-endian out. */
static void put_reversed(uint8_t field[SIM_SIGNATURE_PART], const uint8_t *number, size_t len)
{
    for (size_t i = 0; i < len; i++)
        field[i] = number[len - 1 - i];
}

status sim_sign_report(struct out *report, const struct sim_options *options, const struct sim_ec_key *key,
                       struct err *err)
{
    enum sim_report_signature how = options->report_signature;
    if (how == SIM_SIGN_NONE) return OK;

    uint8_t body[SIM_REPORT_SIGNED], digest[SIM_HASH_MAX], r[SIM_EC_MAX], s[SIM_EC_MAX];
    memcpy(body, report->ptr, sizeof body);
    if (how == SIM_SIGN_OTHER_BODY) body[REPORT_DATA] ^= 1;
    enum sim_hash hash = how == SIM_SIGN_SHA256 ? SIM_SHA256 : SIM_SHA384;
    TRY(sim_hash(hash, BYTES_OF(body), digest, err));

    struct sim_ec_key other;
    if (how == SIM_SIGN_OTHER_KEY) {
        TRY(sim_ec_key_draw(options->seed, "key of nobody", SIM_P384, &other, err));
        key = &other;
    }
    TRY(sim_ec_sign(key, options->seed, BYTES(digest, sim_hash_len(hash)), r, s, err));
    bool swapped = how == SIM_SIGN_SWAPPED;
    size_t len = sim_curve_len(key->curve);
    uint8_t *r_at = report->ptr + (swapped ? REPORT_S : REPORT_R),
            *s_at = report->ptr + (swapped ? REPORT_R : REPORT_S);
    if (how == SIM_SIGN_BIG_ENDIAN) {
        memcpy(r_at, r, len);
        memcpy(s_at, s, len);
        return OK;
    }
    put_reversed(r_at, r, len);
    put_reversed(s_at, s, len);
    return OK;
}
