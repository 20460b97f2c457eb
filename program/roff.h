/* SPDX-License-Identifier: Apache-2.0 */
/* program/roff.h: man pages: text in which nothing is taken for a request or an escape, and the parts that all pages
 * have.
 */
#ifndef PROGRAM_ROFF_H
#define PROGRAM_ROFF_H

#include <stddef.h>
#include <stdio.h>

struct roff_page {
    const char *name, *summary;
    const char *writer; /* the command that writes this page */
    int section;
    const char *group; /* the section's title */
};

/* Everything up to and with NAME. */
void roff_head(FILE *out, const struct roff_page *page);

void roff_bytes(FILE *out, const char *text, size_t n);
void roff_text(FILE *out, const char *text);

/* Paragraphs are parted by empty lines; one that begins with four blanks stays as it is. */
void roff_paragraphs(FILE *out, const char *text);

#endif
