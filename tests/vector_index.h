/* SPDX-License-Identifier: Apache-2.0 */
/* tests/vector_index.h: what ../shared/vectors/INDEX.md says about the real reports and leaves.
 *
 * The figures there were made by other programs than ours (openssl and scripts), so they are an oracle.  Texts are
 * handed out as they stand in the file and live until vector_index_free.
 */
#ifndef TESTS_VECTOR_INDEX_H
#define TESTS_VECTOR_INDEX_H

#include <stddef.h>

#include "parse/bytes.h"

enum { VECTOR_FIELDS_MAX = 40, VECTOR_REPORTS_MAX = 64, VECTOR_LEAVES_MAX = 64 };

struct vector_report { /* a chapter of section 2 */
    const char *file;  /* "x.report.bin", in vectors/reports */
    struct {
        const char *name, *value;
    } fields[VECTOR_FIELDS_MAX];
    size_t count;
};

struct vector_leaf { /* a row of section 3 */
    const char *file, *cn, *issuer, *validity, *product_name, *struct_version, *tcb, *id, *chain;
};

struct vector_index {
    char *text;
    struct vector_report reports[VECTOR_REPORTS_MAX];
    size_t report_count;
    struct vector_leaf leaves[VECTOR_LEAVES_MAX];
    size_t leaf_count;
};

/* Skips the test when ../shared is missing. */
void vector_index_read(struct vector_index *out);
void vector_index_free(struct vector_index *index);

/* The value of a field; the test fails when there is none. */
const char *vector_report_get(const struct vector_report *report, const char *name);

/* The DER of a certificate in ../shared/vectors, which is DER or one PEM block whatever its name says; allocated with
 * malloc: the caller frees `ptr`. */
bytes vector_certificate(const char *path);

#endif
