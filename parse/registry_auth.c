/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/registry_auth.h"

#include "parse/json.h"
#include "parse/text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Whatever the case. */
static bool is_word(bytes text, const char *word)
{
    if (text.len != strlen(word)) return false;
    for (size_t i = 0; i < text.len; i++)
        if (lower(text.ptr[i]) != (uint8_t)word[i]) return false;
    return true;
}

/* ---- challenges ------------------------------------------------------------------------------------------------- */

static bool is_one_of(uint8_t c, bytes set)
{
    return text_find(set, 0, c) < set.len;
}

static bool is_token_byte(uint8_t c)
{
    bool is_letter = (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
    return is_letter || is_one_of(c, BYTES_LIT("!#$%&'*+-.^_`|~/"));
}

static uint8_t byte_at(bytes in, size_t at)
{
    return at < in.len ? in.ptr[at] : 0;
}

static void skip_blanks(bytes in, size_t *at)
{
    while (byte_at(in, *at) == ' ' || byte_at(in, *at) == '\t')
        ++*at;
}

static bytes take_token(bytes in, size_t *at)
{
    size_t from = *at;
    while (is_token_byte(byte_at(in, *at)))
        ++*at;
    return bytes_slice(in, from, *at - from);
}

static status refuse(bytes in, size_t at, struct err *err)
{
    return err_set(err, ERR_SYNTAX, at, "challenge: byte %zu: want SCHEME NAME=VALUE, have %s", at,
                   text_quote(bytes_slice(in, at, in.len - at)).s);
}

static status take_value(bytes in, size_t *at, bytes *out, struct err *err)
{
    if (byte_at(in, *at) != '"') {
        *out = take_token(in, at);
        return out->len > 0 ? OK : refuse(in, *at, err);
    }
    size_t from = ++*at;
    while (byte_at(in, *at) >= 0x20 && byte_at(in, *at) < 0x7f && byte_at(in, *at) != '"' && byte_at(in, *at) != '\\')
        ++*at;
    if (byte_at(in, *at) != '"') return refuse(in, *at, err);
    *out = bytes_slice(in, from, *at - from);
    ++*at;
    return OK;
}

enum scheme { SCHEME_NONE, SCHEME_OTHER, SCHEME_BASIC, SCHEME_BEARER };

struct challenges {
    enum scheme current;
    bool has_basic, has_bearer, is_new; /* nothing has followed the scheme */
    struct auth_challenge bearer;
};

static status take_parameter(struct challenges *c, bytes name, bytes value, struct err *err)
{
    bytes *to = is_word(name, "realm")     ? &c->bearer.realm
                : is_word(name, "service") ? &c->bearer.service
                : is_word(name, "scope")   ? &c->bearer.scope
                                           : NULL;
    if (c->current != SCHEME_BEARER || !to) return OK;
    if (to->ptr) return err_set(err, ERR_DUPLICATE, 0, "challenge: %s twice", text_quote(name).s);
    *to = value;
    return OK;
}

static status take_scheme(struct challenges *c, bytes name, struct err *err)
{
    c->current = is_word(name, "bearer") ? SCHEME_BEARER : is_word(name, "basic") ? SCHEME_BASIC : SCHEME_OTHER;
    c->is_new = true;
    if (c->current == SCHEME_BEARER && c->has_bearer) return err_set(err, ERR_DUPLICATE, 0, "challenge: Bearer twice");
    c->has_bearer = c->has_bearer || c->current == SCHEME_BEARER;
    c->has_basic = c->has_basic || c->current == SCHEME_BASIC;
    return OK;
}

/* "abc==": what other schemes have in place of parameters. */
static bool ends_token68(bytes in, size_t at)
{
    while (byte_at(in, at) == '=')
        at++;
    skip_blanks(in, &at);
    return at >= in.len || byte_at(in, at) == ',';
}

static status take_item(struct challenges *c, bytes in, size_t *at, struct err *err)
{
    bytes name = take_token(in, at), value = BYTES_ABSENT;
    if (name.len == 0) return refuse(in, *at, err);
    size_t next = *at;
    skip_blanks(in, &next);
    bool has_equals = byte_at(in, next) == '=';
    if (c->current == SCHEME_OTHER && c->is_new && ends_token68(in, *at)) {
        while (byte_at(in, *at) == '=')
            ++*at;
        c->is_new = false;
        return OK;
    }
    if (!has_equals) return take_scheme(c, name, err);
    if (c->current == SCHEME_NONE) return refuse(in, next, err);
    c->is_new = false;
    *at = next + 1;
    skip_blanks(in, at);
    TRY(take_value(in, at, &value, err));
    return take_parameter(c, name, value, err);
}

status auth_challenge_parse(bytes value, struct auth_challenge *out, struct err *err)
{
    struct challenges c = {.bearer = {.is_bearer = true}};
    for (size_t at = 0;;) {
        skip_blanks(value, &at);
        if (byte_at(value, at) == ',') {
            at++;
            continue;
        }
        if (at >= value.len) break;
        TRY(take_item(&c, value, &at, err));
        bool has_blank = byte_at(value, at) == ' ' || byte_at(value, at) == '\t';
        if (at < value.len && byte_at(value, at) != ',' && !has_blank) return refuse(value, at, err);
    }
    if (c.has_bearer && !c.bearer.realm.ptr) return err_set(err, ERR_SYNTAX, 0, "challenge: Bearer without a realm");
    if (!c.has_bearer && !c.has_basic)
        return err_set(err, ERR_UNSUPPORTED, 0, "challenge: want Bearer or Basic, have %s", text_quote(value).s);
    *out = c.has_bearer ? c.bearer : (struct auth_challenge){.is_bearer = false};
    return OK;
}

/* ---- names of hosts --------------------------------------------------------------------------------------------- */

static bytes drop_front(bytes text, const char *front)
{
    size_t n = strlen(front);
    return bytes_eq(bytes_slice(text, 0, n), text_bytes(front)) ? bytes_slice(text, n, text.len - n) : text;
}

static bytes drop_end(bytes text, const char *end)
{
    size_t n = strlen(end);
    if (text.len < n || !bytes_eq(bytes_slice(text, text.len - n, n), text_bytes(end))) return text;
    return bytes_slice(text, 0, text.len - n);
}

/* "https://index.docker.io/v1/" -> "index.docker.io" */
static bytes trim_name(bytes name)
{
    name = drop_front(drop_front(name, "https://"), "http://");
    return drop_end(drop_end(drop_end(name, "/"), "/v1"), "/v2");
}

static bool is_host(bytes name, bytes host)
{
    static const char *const docker[] = {"docker.io", "index.docker.io", "registry-1.docker.io"};
    if (bytes_eq(name, host)) return true;
    for (size_t i = 0; bytes_eq(host, text_bytes(docker[0])) && i < COUNT(docker); i++)
        if (bytes_eq(name, text_bytes(docker[i]))) return true;
    return false;
}

/* How well a name fits: 0 when it does not, else the more the longer it is. */
static size_t fit_of(bytes name, bytes host, bytes repository)
{
    bytes trimmed = trim_name(name);
    size_t slash = 0;
    while (slash < trimmed.len && trimmed.ptr[slash] != '/')
        slash++;
    if (!is_host(bytes_slice(trimmed, 0, slash), host)) return 0;
    if (slash == trimmed.len) return 1;
    bytes path = bytes_slice(trimmed, slash + 1, trimmed.len - slash - 1);
    bool fits = path.len > 0 && bytes_eq(bytes_slice(repository, 0, path.len), path) &&
                (path.len == repository.len || repository.ptr[path.len] == '/');
    return fits ? 1 + path.len : 0;
}

/* ---- config.json ------------------------------------------------------------------------------------------------ */

struct search {
    bytes host, repository;
    size_t auth_fit, helper_fit;
    bytes store; /* helper for all that has none of its own */
    struct registry_login found;
};

enum { AUTH, IDENTITY };
static const struct json_field auth_fields[] = {[AUTH] = {"auth", false}, [IDENTITY] = {"identitytoken", false}};

static status read_auth(struct json_reader *r, struct registry_login *out, struct err *err)
{
    struct json_fields f = {.table = auth_fields, .count = COUNT(auth_fields), .skip_unknown = true};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        bytes text;
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) return OK;
        TRY(json_get_text(r, &text, err));
        if (field == IDENTITY)
            out->has_identity = text.len > 0;
        else if (text.len > 0)
            out->secret_basic = text;
    }
}

static status read_auths(struct json_reader *r, struct search *s, struct err *err)
{
    TRY(json_enter_object(r, err));
    for (;;) {
        bytes key;
        bool end = false;
        TRY(json_next_key(r, &key, &end, err));
        if (end) return OK;
        size_t fit = fit_of(key, s->host, s->repository);
        struct registry_login login = {.has_identity = false};
        TRY(read_auth(r, &login, err));
        if (fit <= s->auth_fit) continue;
        s->auth_fit = fit;
        s->found.secret_basic = login.secret_basic;
        s->found.has_identity = login.has_identity;
    }
}

static status read_helpers(struct json_reader *r, struct search *s, struct err *err)
{
    TRY(json_enter_object(r, err));
    for (;;) {
        bytes key, helper;
        bool end = false;
        TRY(json_next_key(r, &key, &end, err));
        if (end) return OK;
        TRY(json_get_text(r, &helper, err));
        size_t fit = fit_of(key, s->host, s->repository);
        if (fit <= s->helper_fit) continue;
        s->helper_fit = fit;
        s->found.helper = helper;
    }
}

enum { AUTHS, HELPERS, STORE };
static const struct json_field config_fields[] = {
    [AUTHS] = {"auths", false}, [HELPERS] = {"credHelpers", false}, [STORE] = {"credsStore", false}};

static struct json_reader reader_over(bytes in, const struct registry_auth_storage *lent)
{
    return (struct json_reader){
        .in = in, .keys = lent->keys, .key_cap = lent->key_cap, .text = lent->secret_text, .text_cap = lent->text_cap};
}

static status read_config(struct json_reader *r, struct search *s, struct err *err)
{
    struct json_fields f = {.table = config_fields, .count = COUNT(config_fields), .skip_unknown = true};
    TRY(json_enter_object(r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(json_next_field(r, &f, &field, &end, err));
        if (end) return json_finish(r, err);
        if (field == AUTHS)
            TRY(read_auths(r, s, err));
        else if (field == HELPERS)
            TRY(read_helpers(r, s, err));
        else
            TRY(json_get_text(r, &s->store, err));
    }
}

/* Part of the name of a program: it must not lead elsewhere. */
static bool is_program(bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_token_byte(name.ptr[i]) || is_one_of(name.ptr[i], BYTES_LIT("/.%'*|`"))) return false;
    return name.len <= LIMIT_HELPER_NAME_BYTES;
}

status registry_login_find(bytes in, bytes host, bytes repository, const struct registry_auth_storage *lent,
                           struct registry_login *out, struct err *err)
{
    struct search s = {.host = host, .repository = repository, .store = BYTES_LIT("")};
    struct json_reader r = reader_over(in, lent);
    TRY(read_config(&r, &s, err));
    if (s.helper_fit == 0) s.found.helper = s.store;
    if (s.found.helper.len == 0) s.found.helper = BYTES_ABSENT;
    if (!is_program(s.found.helper))
        return err_set(err, ERR_SYNTAX, 0, "credential helper: want a name, have %s", text_quote(s.found.helper).s);
    *out = s.found;
    return OK;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* Two texts of an object, of which the first has to be there when it is required. */
static status read_two(bytes in, const struct json_field fields[2], const struct registry_auth_storage *lent,
                       bytes out[2], struct err *err)
{
    struct json_reader r = reader_over(in, lent);
    struct json_fields f = {.table = fields, .count = 2, .skip_unknown = true};
    TRY(json_enter_object(&r, err));
    for (;;) {
        size_t field = 0;
        bool end = false;
        TRY(json_next_field(&r, &f, &field, &end, err));
        if (end) return json_finish(&r, err);
        TRY(json_get_text(&r, &out[field], err));
    }
}

status registry_helper_parse(bytes in, const struct registry_auth_storage *lent, bytes *name, bytes *secret_password,
                             struct err *err)
{
    static const struct json_field fields[] = {{"Username", true}, {"Secret", true}};
    bytes found[2] = {BYTES_ABSENT, BYTES_ABSENT};
    TRY(read_two(in, fields, lent, found, err));
    *name = found[0];
    *secret_password = found[1];
    return OK;
}

static bool is_header_text(bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] >= 0x7f) return false;
    return text.len > 0;
}

status registry_token_parse(bytes in, const struct registry_auth_storage *lent, bytes *secret_token, struct err *err)
{
    static const struct json_field fields[] = {{"token", false}, {"access_token", false}};
    bytes found[2] = {BYTES_ABSENT, BYTES_ABSENT};
    TRY(read_two(in, fields, lent, found, err));
    bytes secret = found[0].len > 0 ? found[0] : found[1];
    if (!is_header_text(secret)) return err_set(err, ERR_MISSING, 0, "want a token, have none that can be sent");
    *secret_token = secret;
    return OK;
}
