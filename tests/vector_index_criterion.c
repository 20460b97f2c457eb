/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse/pem.h"
#include "tests/shared.h"
#include "tests/vector_index.h"

static char *take_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    *at = end ? end + 1 : line + strlen(line);
    if (end) *end = '\0';
    return line;
}

static void read_report_line(char *line, struct vector_index *out)
{
    static const char heading[] = "### reports/";
    if (strncmp(line, heading, sizeof heading - 1) == 0) {
        cr_assert_lt(out->report_count, VECTOR_REPORTS_MAX);
        out->reports[out->report_count++].file = line + sizeof heading - 1;
        return;
    }
    char *colon = strstr(line, ": ");
    if (out->report_count == 0 || strncmp(line, "- ", 2) != 0 || !colon) return;
    struct vector_report *r = &out->reports[out->report_count - 1];
    cr_assert_lt(r->count, VECTOR_FIELDS_MAX);
    *colon = '\0';
    r->fields[r->count].name = line + 2;
    r->fields[r->count].value = colon + 2;
    r->count++;
}

/* | file | CN | issuer | validity | productName | struct ver | TCB in extensions | hwID / CSP id | chain | */
static void read_leaf_line(char *line, struct vector_index *out)
{
    enum { CELLS = 9 };
    const char *cells[CELLS];
    if (!strstr(line, ".der |") && !strstr(line, ".pem |")) return;
    char *at = line + 2;
    for (size_t i = 0; i < CELLS; i++) {
        char *end = strstr(at, " |");
        cr_assert_not_null(end, "INDEX.md: row of a leaf has fewer than %d cells", CELLS);
        *end = '\0';
        cells[i] = at;
        at = end + 2 + (end[2] == ' ');
    }
    cr_assert_lt(out->leaf_count, VECTOR_LEAVES_MAX);
    out->leaves[out->leaf_count++] =
        (struct vector_leaf){cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8]};
}

void vector_index_read(struct vector_index *out)
{
    bytes file = shared_read("vectors/INDEX.md");
    *out = (struct vector_index){.text = malloc(file.len + 1)};
    cr_assert_not_null(out->text);
    memcpy(out->text, file.ptr, file.len);
    out->text[file.len] = '\0';
    free((void *)file.ptr);

    char section = '0';
    for (char *at = out->text; *at != '\0';) {
        char *line = take_line(&at);
        if (strncmp(line, "## ", 3) == 0) section = line[3];
        if (section == '2') read_report_line(line, out);
        if (section == '3') read_leaf_line(line, out);
    }
}

void vector_index_free(struct vector_index *index)
{
    free(index->text);
    *index = (struct vector_index){0};
}

const char *vector_report_get(const struct vector_report *report, const char *name)
{
    for (size_t i = 0; i < report->count; i++)
        if (strcmp(report->fields[i].name, name) == 0) return report->fields[i].value;
    cr_assert_fail("INDEX.md: %s has no %s", report->file, name);
    return NULL;
}

bytes vector_certificate(const char *path)
{
    static const char *const labels[] = {"CERTIFICATE"};
    char full[256];
    (void)snprintf(full, sizeof full, "vectors/%s", path);
    bytes in = shared_read(full);
    if (in.len > 0 && in.ptr[0] == 0x30) return in;

    struct pem_reader r = {.in = in, .labels = labels, .label_count = 1};
    struct pem_block block;
    struct err err = {0};
    bool end = false;
    uint8_t *der = malloc(LIMIT_PEM_BLOCK_BYTES);
    cr_assert_not_null(der);
    cr_assert(is_ok(pem_next(&r, der, LIMIT_PEM_BLOCK_BYTES, &block, &end, &err)) && !end, "%s: %s", path, err.text);
    free((void *)in.ptr);
    return BYTES(der, block.der.len);
}
