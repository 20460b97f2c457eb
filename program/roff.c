/* SPDX-License-Identifier: Apache-2.0 */
#include "program/roff.h"

#include <ctype.h>
#include <string.h>

#include "parse/version.h"

void roff_bytes(FILE *out, const char *text, size_t n)
{
    if (n > 0 && (text[0] == '.' || text[0] == '\'')) fputs("\\&", out);
    static const char *const escapes[128] = {
        ['\\'] = "\\e", ['-'] = "\\-", ['~'] = "\\(ti", ['^'] = "\\(ha", ['`'] = "\\(ga"};
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < sizeof escapes / sizeof escapes[0] && escapes[c])
            fputs(escapes[c], out);
        else
            fputc(c, out);
    }
}

void roff_text(FILE *out, const char *text)
{
    roff_bytes(out, text, strlen(text));
}

void roff_head(FILE *out, const struct roff_page *page)
{
    fprintf(out, ".\\\" Written by \"%s\"; a test compares.\n.TH ", page->writer);
    for (const char *c = page->name; *c; c++)
        fputc(toupper((unsigned char)*c), out);
    fprintf(out, " %d \"\" \"contrast " CONTRAST_VERSION "\" \"%s\"\n.SH NAME\n", page->section, page->group);
    roff_text(out, page->name);
    fputs(" \\- ", out);
    roff_text(out, page->summary);
    fputc('\n', out);
}

void roff_paragraphs(FILE *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t n = end ? (size_t)(end - text) : strlen(text);
        int as_is = strncmp(text, "    ", 4) == 0;
        fputs(as_is ? ".PP\n.nf\n" : ".PP\n", out);
        roff_bytes(out, text, n);
        fputs(as_is ? "\n.fi\n" : "\n", out);
        text += n + (end ? 2 : 0);
    }
}
