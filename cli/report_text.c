/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_text.h"

#include "parse/text.h"
#include "parse/time.h"

static void write_hex(bytes b, char out[VALUE_TEXT_SIZE])
{
    bytes head = b.len > 64 ? bytes_slice(b, 0, 64) : b;
    if (!is_ok(hex_write(head, out, VALUE_TEXT_SIZE, NULL))) out[0] = '\0';
    size_t n = 2 * head.len;
    if (b.len > head.len) snprintf(out + n, VALUE_TEXT_SIZE - n, "..(%zu)", b.len);
}

static void write_tcb(const struct snp_tcb *t, char out[VALUE_TEXT_SIZE])
{
    int n = t->product == SNP_TURIN ? snprintf(out, VALUE_TEXT_SIZE, "fmc=%u ", t->fmc) : 0;
    size_t used = n > 0 ? (size_t)n : 0;
    snprintf(out + used, VALUE_TEXT_SIZE - used, "bl=%u tee=%u snp=%u ucode=%u", t->boot_loader, t->tee, t->snp,
             t->microcode);
}

void value_write_text(const struct value *value, char out[VALUE_TEXT_SIZE])
{
    char when[TIME_TEXT_SIZE];
    out[0] = '\0';
    switch (value->kind) {
    case VALUE_HEX:
        write_hex(value->as.b, out);
        return;
    case VALUE_FOREIGN:
        snprintf(out, VALUE_TEXT_SIZE, "%s", text_quote(value->as.b).s);
        return;
    case VALUE_TEXT:
        snprintf(out, VALUE_TEXT_SIZE, "%s", value->as.text);
        return;
    case VALUE_DECIMAL:
        snprintf(out, VALUE_TEXT_SIZE, "%llu", (unsigned long long)value->as.u);
        return;
    case VALUE_BITS:
        snprintf(out, VALUE_TEXT_SIZE, "0x%llx", (unsigned long long)value->as.u);
        return;
    case VALUE_TIME:
        if (is_ok(time_write_rfc3339(value->as.time, when, NULL))) snprintf(out, VALUE_TEXT_SIZE, "%s", when);
        return;
    case VALUE_VERSION:
        snprintf(out, VALUE_TEXT_SIZE, "%u.%u.%u", value->as.version.major, value->as.version.minor,
                 value->as.version.build);
        return;
    case VALUE_TCB:
        write_tcb(&value->as.tcb, out);
        return;
    case VALUE_NONE:
    default:
        return;
    }
}

static void line(FILE *out, const char *name, struct value value)
{
    char text[VALUE_TEXT_SIZE];
    value_write_text(&value, text);
    fprintf(out, "  %-20s %s\n", name, text);
}

static void print_tcb(FILE *out, const char *name, bool split, const struct snp_tcb *tcb, uint64_t word)
{
    line(out, name, split ? value_tcb(tcb) : value_bits(word));
}

static void print_report(const struct evidence *e, FILE *out)
{
    const struct snp_report *r = &e->report;
    line(out, "VERSION", value_decimal(r->version));
    line(out, "product", value_text(snp_product_name(e->product)));
    line(out, "GUEST_SVN", value_decimal(r->guest_svn));
    line(out, "POLICY", value_bits(r->policy));
    line(out, "FAMILY_ID", value_hex(r->family_id));
    line(out, "IMAGE_ID", value_hex(r->image_id));
    line(out, "VMPL", value_decimal(r->vmpl));
    print_tcb(out, "CURRENT_TCB", e->has_tcbs, &e->current, r->current_tcb);
    line(out, "PLATFORM_INFO", value_bits(r->platform_info));
    line(out, "KEY_INFO", value_bits(r->key_info));
    line(out, "REPORT_DATA", value_hex(r->report_data));
    line(out, "MEASUREMENT", value_hex(r->measurement));
    line(out, "HOST_DATA", value_hex(r->host_data));
    line(out, "ID_KEY_DIGEST", value_hex(r->id_key_digest));
    line(out, "AUTHOR_KEY_DIGEST", value_hex(r->author_key_digest));
    line(out, "REPORT_ID", value_hex(r->report_id));
    line(out, "REPORT_ID_MA", value_hex(r->report_id_ma));
    print_tcb(out, "REPORTED_TCB", e->has_tcbs, &e->reported, r->reported_tcb);
    line(out, "CHIP_ID", value_hex(r->chip_id));
    print_tcb(out, "COMMITTED_TCB", e->has_tcbs, &e->committed, r->committed_tcb);
    line(out, "CURRENT_VERSION", value_version(r->current));
    line(out, "COMMITTED_VERSION", value_version(r->committed));
    print_tcb(out, "LAUNCH_TCB", e->has_tcbs, &e->launch, r->launch_tcb);
    line(out, "LAUNCH_MIT_VECTOR", value_bits(r->launch_mit_vector));
    line(out, "CURRENT_MIT_VECTOR", value_bits(r->current_mit_vector));
}

static void print_failure(const struct check *c, const struct check_row *row, FILE *out)
{
    char want[VALUE_TEXT_SIZE], got[VALUE_TEXT_SIZE];
    value_write_text(&c->want, want);
    value_write_text(&c->got, got);
    fprintf(out, "  failed   %s", row->name);
    if (c->note[0]) fprintf(out, ": %s", c->note);
    if (want[0]) fprintf(out, ": want %s", want);
    if (got[0]) fprintf(out, "%s have %s", want[0] ? "," : ":", got);
    if (c->source) fprintf(out, " (%s)", c->source);
    fputc('\n', out);
}

static void print_checks(const struct verdict *v, FILE *out)
{
    size_t passed = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        const struct check *c = &v->by_id[i];
        if (c->outcome == PASSED) passed++;
        if (c->outcome == FAILED) print_failure(c, &check_rows[i], out);
        if (c->outcome == NOT_RUN) fprintf(out, "  not run  %s\n", check_rows[i].name);
        if (c->outcome == SKIPPED_BY_USER) fprintf(out, "  skipped  %s: %s\n", check_rows[i].name, c->note);
    }
    fprintf(out, "  passed   %zu checks\n", passed);
    for (size_t i = 0; i < WARNING_COUNT; i++)
        if (v->warned[i]) fprintf(out, "  warning  %s: %s\n", warning_rows[i].name, warning_rows[i].text);
}

void report_text(const struct inspection *i, FILE *out)
{
    int code = verdict_exit_code(&i->verdict);
    fprintf(out, "%s: %s (exit %d)\n", i->path, verdict_decide(&i->verdict) == ALLOW ? "ALLOW" : "DENY", code);
    if (i->evidence.has_report) print_report(&i->evidence, out);
    print_checks(&i->verdict, out);
}
