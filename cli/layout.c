/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/layout.h"

#include <stdlib.h>
#include <unistd.h>

void layout_wrap(FILE *out, const char *text, unsigned at, unsigned indent, unsigned columns)
{
    bool first = true; /* on this line: no blank in front */
    while (*text) {
        size_t n = strcspn(text, " ");
        if (!first && at + 1 + n > columns) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        fprintf(out, "%s%.*s", first ? "" : " ", (int)n, text);
        at += (unsigned)n + (first ? 0 : 1);
        first = false;
        text += n;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static bool is_plain(bytes text)
{
    bool plain = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        plain = plain && text.ptr[i] > 0x20 && text.ptr[i] < 0x7f && text.ptr[i] != '"' && text.ptr[i] != '\\';
    return plain;
}

void layout_foreign(FILE *out, bytes text)
{
    if (is_plain(text)) {
        fwrite(text.ptr, 1, text.len, out);
        return;
    }
    fputc('"', out);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            fputc(c, out);
        else
            fprintf(out, "\\x%02x", c);
    }
    fputc('"', out);
}

const struct palette palette_plain = {"", "", "", "", "", ""};

static const struct palette palette_colours = {"\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[0m"};

const struct palette *palette_for(FILE *out)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool dumb = !terminal || strcmp(terminal, "dumb") == 0;
    return (no && no[0]) || dumb || !isatty(fileno(out)) ? &palette_plain : &palette_colours;
}
