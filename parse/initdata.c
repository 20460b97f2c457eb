/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/initdata.h"

#include "parse/text.h"

struct reader {
    bytes in;
    size_t pos;
    uint8_t *text; /* unescaped values */
    size_t text_cap, text_used;
};

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

/* 0 behind the end; NUL is in no place of the grammar. */
static uint8_t byte_at(const struct reader *r, size_t at)
{
    return at < r->in.len ? r->in.ptr[at] : 0;
}

static bool is_next(const struct reader *r, bytes what)
{
    return bytes_eq(bytes_slice(r->in, r->pos, what.len), what);
}

static size_t line_of(const struct reader *r, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < r->in.len; i++)
        line += r->in.ptr[i] == '\n';
    return line;
}

/* The byte at `at` is not what it has to be. */
static status refuse(const struct reader *r, size_t at, const char *want, struct err *err)
{
    if (at >= r->in.len)
        return err_set(err, ERR_TRUNCATED, r->in.len, "line %zu: want %s, have the end", line_of(r, at), want);
    return err_set(err, ERR_SYNTAX, at, "line %zu: want %s, have %s", line_of(r, at), want,
                   text_quote(bytes_slice(r->in, at, 1)).s);
}

static void skip_blanks(struct reader *r)
{
    while (byte_at(r, r->pos) == ' ' || byte_at(r, r->pos) == '\t')
        r->pos++;
}

/* Length of the character at `at` that may stand in a string or a comment as it is: printable, or a tab; else 0. */
static size_t plain_length(const struct reader *r, size_t at)
{
    uint8_t c = byte_at(r, at);
    if ((c < 0x20 && c != '\t') || c == 0x7f) return 0;
    return utf8_length(r->in, at);
}

/* Blanks and a comment, and the end of the line or of the document. */
static status end_line(struct reader *r, struct err *err)
{
    skip_blanks(r);
    if (byte_at(r, r->pos) == '#')
        for (size_t n = 1; n > 0; n = plain_length(r, r->pos))
            r->pos += n;
    if (r->pos == r->in.len) return OK;
    if (r->in.ptr[r->pos] != '\n') return refuse(r, r->pos, "the end of the line", err);
    r->pos++;
    return OK;
}

/* To the next line that says something, or the end. */
static status skip_empty_lines(struct reader *r, struct err *err)
{
    for (;;) {
        skip_blanks(r);
        uint8_t c = byte_at(r, r->pos);
        if (r->pos == r->in.len || (c != '#' && c != '\n')) return OK;
        TRY(end_line(r, err));
    }
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

/* Four forms, by their quote and whether there are three of them. */
struct form {
    uint8_t quote;
    bool is_long; /* may have several lines */
};

static status keep(struct reader *r, bytes more, struct err *err)
{
    if (more.len > r->text_cap - r->text_used)
        return err_set(err, ERR_NOMEM, r->pos, "line %zu: the value does not fit into %zu bytes", line_of(r, r->pos),
                       r->text_cap);
    memcpy(r->text + r->text_used, more.ptr, more.len);
    r->text_used += more.len;
    return OK;
}

/* A code point of `digits` hex digits behind \u or \U. */
static status keep_code_point(struct reader *r, size_t digits, struct err *err)
{
    uint8_t raw[4] = {0}, utf8[4];
    bytes hex = bytes_slice(r->in, r->pos + 2, digits);
    if (bytes_is_absent(hex) || !is_ok(hex_parse(hex, HEX_ANY_CASE, raw + 4 - digits / 2, digits / 2, NULL)))
        return refuse(r, r->pos + 2, "hex digits of a code point", err);
    uint32_t code = (uint32_t)raw[0] << 24 | (uint32_t)raw[1] << 16 | (uint32_t)raw[2] << 8 | raw[3];
    size_t len = utf8_encode(code, utf8);
    if (len == 0) return refuse(r, r->pos, "a code point that is a character", err);
    r->pos += 2 + digits;
    return keep(r, BYTES(utf8, len), err);
}

/* \ at the end of a line: nothing up to the next character that is no white space. */
static bool skip_line_ending(struct reader *r)
{
    size_t at = r->pos + 1;
    while (byte_at(r, at) == ' ' || byte_at(r, at) == '\t')
        at++;
    if (byte_at(r, at) != '\n') return false;
    while (byte_at(r, at) == ' ' || byte_at(r, at) == '\t' || byte_at(r, at) == '\n')
        at++;
    r->pos = at;
    return true;
}

static status keep_escape(struct reader *r, bool is_long, struct err *err)
{
    static const char letters[] = "btnfr\"\\", values[] = "\b\t\n\f\r\"\\";
    uint8_t c = byte_at(r, r->pos + 1);
    if (c == 'u') return keep_code_point(r, 4, err);
    if (c == 'U') return keep_code_point(r, 8, err);
    for (size_t i = 0; letters[i]; i++) {
        if (c != (uint8_t)letters[i]) continue;
        r->pos += 2;
        return keep(r, BYTES((const uint8_t *)&values[i], 1), err);
    }
    if (is_long && skip_line_ending(r)) return OK;
    return refuse(r, r->pos + 1, "one of btnfr\"\\uU after \\", err);
}

/* How many quotes stand at r->pos. */
static size_t count_quotes(const struct reader *r, uint8_t quote)
{
    size_t n = 0;
    while (byte_at(r, r->pos + n) == quote)
        n++;
    return n;
}

/* Whether the string ends at r->pos, and how many of the quotes there are still part of it: up to two before the three
 * that end a long one. */
static bool ends(const struct reader *r, struct form f, size_t *inside)
{
    size_t n = count_quotes(r, f.quote);
    *inside = f.is_long && n >= 3 ? (n - 3 < 2 ? n - 3 : 2) : 0;
    return n >= (f.is_long ? 3 : 1);
}

/* One character, escape or stray quote of a string that goes on. */
static status take_character(struct reader *r, struct form f, bool is_kept, struct err *err)
{
    if (f.quote == '"' && byte_at(r, r->pos) == '\\') return keep_escape(r, f.is_long, err);
    bool is_line = f.is_long && byte_at(r, r->pos) == '\n';
    size_t n = is_line ? 1 : plain_length(r, r->pos);
    if (n == 0)
        return refuse(r, r->pos,
                      f.is_long ? "text without control characters"
                                : "text in one line without control "
                                  "characters",
                      err);
    if (is_kept) TRY(keep(r, bytes_slice(r->in, r->pos, n), err));
    r->pos += n;
    return OK;
}

/* Behind the opening quotes.  Basic strings are copied, literal ones viewed. */
static status read_rest(struct reader *r, struct form f, bytes *out, struct err *err)
{
    bool is_basic = f.quote == '"';
    size_t first = r->pos, first_text = r->text_used, inside = 0;
    while (!ends(r, f, &inside))
        TRY(take_character(r, f, is_basic, err));
    if (is_basic) TRY(keep(r, bytes_slice(r->in, r->pos, inside), err));
    size_t end = r->pos + inside;
    r->pos = end + (f.is_long ? 3 : 1);
    *out = is_basic ? BYTES(r->text + first_text, r->text_used - first_text) : bytes_slice(r->in, first, end - first);
    return OK;
}

/* A string of any form in a value; a name has one line. */
static status read_string(struct reader *r, bool may_be_long, bytes *out, struct err *err)
{
    struct form f = {.quote = byte_at(r, r->pos)};
    if (f.quote != '"' && f.quote != '\'') return refuse(r, r->pos, "a string in quotes", err);
    f.is_long = may_be_long && count_quotes(r, f.quote) >= 3;
    r->pos += f.is_long ? 3 : 1;
    if (f.is_long && byte_at(r, r->pos) == '\n') r->pos++;
    return read_rest(r, f, out, err);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static bool is_bare(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static status read_name(struct reader *r, bytes *out, struct err *err)
{
    size_t first = r->pos;
    while (is_bare(byte_at(r, r->pos)))
        r->pos++;
    *out = bytes_slice(r->in, first, r->pos - first);
    return out->len > 0 ? OK : read_string(r, false, out, err);
}

/* "= " and what may be around it. */
static status read_equals(struct reader *r, struct err *err)
{
    skip_blanks(r);
    if (byte_at(r, r->pos) != '=') return refuse(r, r->pos, "'='", err);
    r->pos++;
    skip_blanks(r);
    return OK;
}

static status read_value(struct reader *r, bytes *out, struct err *err)
{
    TRY(read_equals(r, err));
    TRY(read_string(r, true, out, err));
    return end_line(r, err);
}

/* ---- the document ----------------------------------------------------------------------------------------------- */

static const char *const algorithm_names[] = {
    [INITDATA_SHA256] = "sha256", [INITDATA_SHA384] = "sha384", [INITDATA_SHA512] = "sha512"};
enum { ALGORITHMS = sizeof algorithm_names / sizeof algorithm_names[0] };

const char *initdata_algorithm_name(enum initdata_algorithm algorithm)
{
    return algorithm_names[algorithm];
}

static status set_version(const struct reader *r, bytes version, struct err *err)
{
    if (bytes_eq(version, BYTES_LIT("0.1.0"))) return OK;
    return err_set(err, ERR_UNSUPPORTED, r->pos, "version: want \"0.1.0\", have %s", text_quote(version).s);
}

static status set_algorithm(const struct reader *r, bytes name, enum initdata_algorithm *out, struct err *err)
{
    for (size_t i = 0; i < ALGORITHMS; i++) {
        if (!bytes_eq(name, text_bytes(algorithm_names[i]))) continue;
        *out = (enum initdata_algorithm)i;
        return OK;
    }
    return err_set(err, ERR_UNSUPPORTED, r->pos, "algorithm: want sha256, sha384 or sha512, have %s",
                   text_quote(name).s);
}

/* The keys before the table. */
static status read_head(struct reader *r, enum initdata_algorithm *algorithm, struct err *err)
{
    enum { VERSION, ALGORITHM, KEYS };
    static const char *const names[KEYS] = {[VERSION] = "version", [ALGORITHM] = "algorithm"};
    bool seen[KEYS] = {false};
    for (;;) {
        bytes name = BYTES_ABSENT, value = BYTES_ABSENT;
        TRY(skip_empty_lines(r, err));
        size_t at = r->pos, key = 0;
        if (at == r->in.len || r->in.ptr[at] == '[') break;
        TRY(read_name(r, &name, err));
        while (key < KEYS && !bytes_eq(name, text_bytes(names[key])))
            key++;
        if (key == KEYS)
            return err_set(err, ERR_UNSUPPORTED, at, "line %zu: want version, algorithm or [data], have %s",
                           line_of(r, at), text_quote(name).s);
        if (seen[key]) return err_set(err, ERR_DUPLICATE, at, "line %zu: %s occurs twice", line_of(r, at), names[key]);
        seen[key] = true;
        TRY(read_value(r, &value, err));
        TRY(key == VERSION ? set_version(r, value, err) : set_algorithm(r, value, algorithm, err));
    }
    for (size_t i = 0; i < KEYS; i++)
        if (!seen[i]) return err_set(err, ERR_MISSING, r->pos, "want %s before [data], have none", names[i]);
    return OK;
}

/* The guest writes the entry to a file of this name. */
static status check_name(const struct reader *r, size_t at, bytes name, struct err *err)
{
    bool leads_away = name.len == 0 || bytes_eq(name, BYTES_LIT(".")) || bytes_eq(name, BYTES_LIT(".."));
    for (size_t i = 0; i < name.len; i++)
        leads_away = leads_away || name.ptr[i] == '/' || name.ptr[i] < 0x20 || name.ptr[i] == 0x7f;
    if (!leads_away) return OK;
    return err_set(err, ERR_DENIED, at, "line %zu: want the name of a file, have %s", line_of(r, at),
                   text_quote(name).s);
}

static status read_entries(struct reader *r, struct initdata_entry *entries, size_t cap, size_t *count, struct err *err)
{
    for (*count = 0;; ++*count) {
        struct initdata_entry e = {BYTES_ABSENT, BYTES_ABSENT};
        TRY(skip_empty_lines(r, err));
        size_t at = r->pos;
        if (at == r->in.len) return OK;
        if (r->in.ptr[at] == '[')
            return err_set(err, ERR_UNSUPPORTED, at, "line %zu: want no table but [data]", line_of(r, at));
        if (*count >= LIMIT_INITDATA_ENTRIES)
            return err_set(err, ERR_LIMIT, at, "want at most %d entries, have more", LIMIT_INITDATA_ENTRIES);
        if (*count >= cap) return err_set(err, ERR_NOMEM, at, "no room for more than %zu entries", cap);
        TRY(read_name(r, &e.name, err));
        TRY(check_name(r, at, e.name, err));
        for (size_t i = 0; i < *count; i++)
            if (bytes_eq(e.name, entries[i].name))
                return err_set(err, ERR_DUPLICATE, at, "line %zu: %s occurs twice", line_of(r, at),
                               text_quote(e.name).s);
        TRY(read_value(r, &e.value, err));
        entries[*count] = e;
    }
}

static status read_document(struct reader *r, struct initdata_entry *entries, size_t cap, struct initdata *out,
                            struct err *err)
{
    static const char table[] = "[data]";
    if (r->in.len > LIMIT_INITDATA_BYTES)
        return err_set(err, ERR_LIMIT, 0, "want at most %d bytes, have %zu", LIMIT_INITDATA_BYTES, r->in.len);
    TRY(read_head(r, &out->algorithm, err));
    if (!is_next(r, BYTES_LIT(table)))
        return r->pos == r->in.len ? err_set(err, ERR_MISSING, r->pos, "want the table [data], have none")
                                   : refuse(r, r->pos + 1, "the table [data]", err);
    r->pos += sizeof table - 1;
    TRY(end_line(r, err));
    return read_entries(r, entries, cap, &out->entry_count, err);
}

status initdata_parse(bytes in, struct initdata_entry *entries, size_t cap, uint8_t *text, size_t text_cap,
                      struct initdata *out, struct err *err)
{
    struct reader r = {.in = in, .text = text, .text_cap = text_cap};
    struct initdata d = {.entries = entries};
    TRY(err_in(err, read_document(&r, entries, cap, &d, err), "initdata"));
    *out = d;
    return OK;
}

bytes initdata_find(const struct initdata *d, bytes name)
{
    for (size_t i = 0; i < d->entry_count; i++)
        if (bytes_eq(name, d->entries[i].name)) return d->entries[i].value;
    return BYTES_ABSENT;
}

/* ---- which form ------------------------------------------------------------------------------------------------- */

/* To the first byte of the first line that is neither empty nor a comment, in both languages. */
static void skip_comments(struct reader *r)
{
    bool in_comment = false;
    for (; r->pos < r->in.len; r->pos++) {
        uint8_t c = r->in.ptr[r->pos];
        if (c == '\n') in_comment = false;
        if (c == '#') in_comment = true;
        if (!in_comment && c != ' ' && c != '\t' && c != '\r' && c != '\n') return;
    }
}

enum policy_form policy_form_of(bytes document)
{
    static const struct {
        const char *word;
        enum policy_form form;
    } words[] = {{"package", POLICY_FORM_REGO},
                 {"version", POLICY_FORM_INITDATA},
                 {"algorithm", POLICY_FORM_INITDATA},
                 {"[data]", POLICY_FORM_INITDATA}};
    struct reader r = {.in = document};
    skip_comments(&r);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i].word);
        if (is_next(&r, text_bytes(words[i].word)) && !is_bare(byte_at(&r, r.pos + n))) return words[i].form;
    }
    return POLICY_FORM_UNKNOWN;
}
