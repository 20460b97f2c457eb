/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "net/tsm.h"
#include "parse/text.h"
#include "tests/scratch.h"

/* What stands in for the kernel: one folder, its counter, and how it misbehaves. */
struct kernel {
    bool absent, made, dropped;
    uint64_t generation;
    uint8_t inblob[MACHINE_REPORT_DATA_BYTES];
    const char *other_provider;
    size_t short_by, longer_by; /* bytes of outblob */
    int busy;                   /* so many times outblob is EBUSY */
    int disturbances;           /* so many times somebody else writes after us */
    int no_auxblob;             /* errno */
    bool other_data;            /* the report is for another request */
};

static int make(void *context, const char *folder)
{
    struct kernel *k = context;
    (void)folder;
    errno = ENOENT;
    if (k->absent) return -1;
    k->made = true;
    return 0;
}

static int drop(void *context, const char *folder)
{
    struct kernel *k = context;
    (void)folder;
    k->dropped = true;
    return 0;
}

static int put(void *context, const char *folder, const char *attribute, bytes value)
{
    struct kernel *k = context;
    (void)folder;
    cr_assert_str_eq(attribute, "inblob");
    cr_assert_eq(value.len, sizeof k->inblob);
    memcpy(k->inblob, value.ptr, sizeof k->inblob);
    k->generation++;
    return 0;
}

static int get_outblob(struct kernel *k, struct buffer *out)
{
    uint8_t blob[4096] = {5};
    errno = EBUSY;
    if (k->busy-- > 0) return -1;
    memcpy(blob + 0x50, k->inblob, sizeof k->inblob);
    blob[0x50] ^= k->other_data;
    if (k->disturbances-- > 0) k->generation++;
    return is_ok(buffer_put(out, BYTES(blob, SNP_REPORT_BYTES + k->longer_by - k->short_by), NULL)) ? 0 : -1;
}

static int get(void *context, const char *folder, const char *attribute, struct buffer *out)
{
    struct kernel *k = context;
    char number[32];
    (void)folder;
    (void)snprintf(number, sizeof number, "%llu\n", (unsigned long long)k->generation);
    const char *text = number;
    if (strcmp(attribute, "provider") == 0) text = k->other_provider ? k->other_provider : "sev_guest\n";
    errno = k->no_auxblob;
    if (strcmp(attribute, "outblob") == 0) return get_outblob(k, out);
    if (strcmp(attribute, "auxblob") == 0 && k->no_auxblob) return -1;
    if (strcmp(attribute, "auxblob") == 0) text = "table";
    return is_ok(buffer_put(out, text_bytes(text), NULL)) ? 0 : -1;
}

static const uint8_t report_data[MACHINE_REPORT_DATA_BYTES] = {1, 2, 3};

static status quote(struct kernel *k, struct machine_quote *out, struct err *err)
{
    struct tsm_files files = {k, make, drop, put, get, 0};
    status s = tsm_quote(&files, report_data, out, err);
    cr_expect_eq(k->made, k->dropped, "what was made is dropped");
    return s;
}

#define QUOTE ((struct machine_quote){.table = BUFFER("table", LIMIT_MACHINE_TABLE_BYTES)})
static void refused(struct kernel k, enum err_kind kind, const char *what)
{
    struct machine_quote q = QUOTE;
    struct err err = {0};
    cr_expect_eq(quote(&k, &q, &err).kind, kind, "%s: %s", what, err.text);
    cr_expect_neq(err.text[0], '\0', "%s", what);
    buffer_free(&q.table);
}

Test(tsm, refusals)
{
    refused((struct kernel){.absent = true}, ERR_UNSUPPORTED, "no configfs-tsm");
    refused((struct kernel){.other_provider = "tdx_guest\n"}, ERR_UNSUPPORTED, "another provider");
    refused((struct kernel){.short_by = 1}, ERR_IO, "a short report");
    refused((struct kernel){.no_auxblob = EACCES}, ERR_IO, "certificates that cannot be read");
}

Test(tsm, a_report_for_somebody_else_is_none)
{
    refused((struct kernel){.other_data = true}, ERR_IO, "other report data");
    refused((struct kernel){.disturbances = 1000}, ERR_IO, "somebody else all the time");
}

static void expect_quote(struct kernel k, bytes table)
{
    struct machine_quote q = QUOTE;
    struct err err = {0};
    cr_assert(is_ok(quote(&k, &q, &err)), "%s", err.text);
    cr_expect_eq(q.report[0], 5);
    cr_expect(memcmp(q.report + 0x50, report_data, sizeof report_data) == 0);
    cr_expect(bytes_eq(buffer_view(&q.table), table));
    buffer_free(&q.table);
}

Test(tsm, quotes)
{
    expect_quote((struct kernel){.generation = 7}, BYTES_LIT("table"));
    expect_quote((struct kernel){.longer_by = 2000}, BYTES_LIT("table"));
    expect_quote((struct kernel){.no_auxblob = ENOENT}, BYTES_LIT(""));
    expect_quote((struct kernel){.busy = 2}, BYTES_LIT("table"));
    expect_quote((struct kernel){.disturbances = 2}, BYTES_LIT("table"));
}

/* The real files, below a folder in which nothing counts. */
Test(tsm, files)
{
    struct scratch s = scratch_open();
    struct tsm_files f = tsm_kernel_files(s.path);
    struct buffer out = BUFFER("attribute", 5);
    cr_expect_eq(f.make(f.context, "request"), 0);
    cr_expect_eq(f.make(f.context, "request"), -1);
    cr_expect_eq(f.put(f.context, "request", "inblob", BYTES_LIT("x")), -1, "attributes are the kernel's to make");
    cr_expect_eq(f.get(f.context, "request", "outblob", &out), -1);
    cr_expect_eq(errno, ENOENT);
    scratch_write(&s, "request/outblob", BYTES_LIT("1234567"));
    cr_expect_eq(f.get(f.context, "request", "outblob", &out), 0);
    cr_expect(bytes_eq(buffer_view(&out), BYTES_LIT("12345")), "as much as there is room for");
    cr_expect_eq(f.put(f.context, "request", "outblob", BYTES_LIT("abc")), 0);
    scratch_run(&s, "test \"$(cat request/outblob)\" = abc4567 && rm request/outblob");
    cr_expect_eq(f.drop(f.context, "request"), 0);
    buffer_free(&out);
    scratch_close(&s);
}
