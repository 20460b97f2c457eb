/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: initdata_parse initdata_find policy_form_of.
 *
 * Sizes that 5 divides run with a text of that many bytes less three quarters and two entries, so that "full" is tried
 * too.
 */
#include <stdlib.h>

#include "parse/initdata.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 65536

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_inside(bytes view, bytes in, bytes text)
{
    bool in_input = view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len;
    require(in_input || (view.ptr >= text.ptr && view.ptr + view.len <= text.ptr + text.len));
    require(is_ok(utf8_check(view, NULL)));
}

/* A document written anew: every string in one line, with escapes for all but printable ASCII. */
struct written {
    uint8_t text[8 * INPUT_MAX];
    size_t len;
};

static void put(struct written *w, bytes b)
{
    require(b.len <= sizeof w->text - w->len);
    if (b.len > 0) memcpy(w->text + w->len, b.ptr, b.len);
    w->len += b.len;
}

static void put_string(struct written *w, bytes s)
{
    static const char digits[] = "0123456789abcdef";
    put(w, BYTES_LIT("\""));
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        const uint8_t code[6] = {'\\', 'u', '0', '0', (uint8_t)digits[c >> 4], (uint8_t)digits[c & 15]};
        bool is_plain = c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
        put(w, is_plain ? BYTES(&s.ptr[i], 1) : BYTES_OF(code));
    }
    put(w, BYTES_LIT("\""));
}

static void write_again(const struct initdata *d, struct written *w)
{
    const char *name = initdata_algorithm_name(d->algorithm);
    w->len = 0;
    put(w, BYTES_LIT("version=\"0.1.0\"\nalgorithm="));
    put_string(w, text_bytes(name));
    put(w, BYTES_LIT("\n[data]\n"));
    for (size_t i = 0; i < d->entry_count; i++) {
        put_string(w, d->entries[i].name);
        put(w, BYTES_LIT("="));
        put_string(w, d->entries[i].value);
        put(w, BYTES_LIT("\n"));
    }
}

static void require_same(const struct initdata *a, const struct initdata *b)
{
    require(a->algorithm == b->algorithm && a->entry_count == b->entry_count);
    for (size_t i = 0; i < a->entry_count; i++)
        require(bytes_eq(a->entries[i].name, b->entries[i].name) && bytes_eq(a->entries[i].value, b->entries[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct initdata_entry entries[LIMIT_INITDATA_ENTRIES], more[LIMIT_INITDATA_ENTRIES];
    static uint8_t text[INPUT_MAX], more_text[8 * INPUT_MAX];
    static struct written again;
    if (size > INPUT_MAX) return 0;
    const bytes in = BYTES(data, size);
    struct initdata d = {.entry_count = 77}, e = {0};
    struct err err = {0};
    enum policy_form form = policy_form_of(in);
    status s = initdata_parse(in, entries, LIMIT_INITDATA_ENTRIES, text, size, &d, &err);
    if (size % 5 == 0) {
        status small = initdata_parse(in, more, 2, more_text, size / 4, &e, NULL);
        require(is_ok(small) ? is_ok(s) : small.kind == s.kind || small.kind == ERR_NOMEM);
    }
    if (!is_ok(s)) {
        require(s.kind != ERR_NOMEM && err.kind == s.kind && err.text[0] && err.offset <= size && d.entry_count == 77);
        return 0;
    }
    require(form == POLICY_FORM_INITDATA || form == POLICY_FORM_UNKNOWN); /* "version" in quotes */
    for (size_t i = 0; i < d.entry_count; i++) {
        require_inside(d.entries[i].name, in, BYTES(text, size));
        require_inside(d.entries[i].value, in, BYTES(text, size));
        require(bytes_eq(initdata_find(&d, d.entries[i].name), d.entries[i].value));
    }
    write_again(&d, &again);
    require(is_ok(initdata_parse(BYTES(again.text, again.len), more, LIMIT_INITDATA_ENTRIES, more_text,
                                 sizeof more_text, &e, NULL)));
    require_same(&d, &e);
    return 0;
}
