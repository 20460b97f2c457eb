/* SPDX-License-Identifier: Apache-2.0 */
/* cli/report.h: inspections on paper: one interface, one file for each format (docs/inspect.md describes them). */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>

#include "cli/exit_code.h"
#include "cli/inspection.h"
#include "cli/layout.h"

struct report_style {
    const struct palette *palette; /* of the text format */
    bool quiet;                    /* text: one line for each file */
    bool first;                    /* nothing was printed before this file */
};

struct report_totals {
    size_t files;
    size_t by_code[EXIT_CODE_COUNT];
    int code; /* what the program will exit with */
};

/* ERR_NOMEM: nothing of the file is written.  What the stream fails to take, its owner sees. */
struct report_format {
    void (*open)(FILE *out, const struct inspection_options *options);
    status (*file)(FILE *out, const struct inspection *i, const struct report_style *style, struct err *err);
    /* What could not be read. */
    status (*unread)(FILE *out, const char *path, const struct err *why, const struct report_style *style,
                     struct err *err);
    void (*close)(FILE *out, const struct report_totals *totals);
};

/* In the order of report_format_names. */
extern const struct report_format *const report_formats[];
extern const char *const report_format_names[];
enum { REPORT_TEXT, REPORT_JSON, REPORT_JUNIT };

extern const struct report_format report_text, report_json, report_junit;

/* Name and version of the library that writes JSON, for `contrast version`. */
const char *report_json_library(void);

/* "passed", "failed", "skipped", "does-not-apply", "not-run". */
const char *report_outcome_name(enum outcome outcome);

size_t report_count(const struct verdict *v, enum outcome outcome);

/* The first check that failed with this exit code; a sentence when none did, for checks that did not run deny too. */
const char *report_first_failed(const struct verdict *v, int code);

/* "DENY: ..." for a verdict that denies: the meaning of its exit code and the first check that failed with it. */
void report_deny(const struct verdict *v, char *out, size_t cap);

/* "ALLOW: genuine Milan report ..." or "DENY: ...": what follows, in one line.  Fits `cap`, cut at the end. */
void report_result(const struct inspection *i, char *out, size_t cap);

#endif
