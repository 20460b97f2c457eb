/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/mesh_config.h"

#include "parse/san.h"
#include "parse/text.h"

enum { NAME_MAX_BYTES = 63, HOST_MAX_BYTES = 253, LABEL_MAX_BYTES = 63 };

/* ---- pieces ----------------------------------------------------------------------------------------------------- */

static bool is_letter_or_digit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

struct pieces {
    bytes text;
    size_t at;     /* behind the last piece and what parts it from the next */
    size_t from;   /* of the last piece */
    size_t number; /* of the last piece, from 1 */
};

/* The first "##" at or behind `from`; text.len when there is none. */
static size_t find_separator(bytes text, size_t from)
{
    size_t at = text_find(text, from, '#');
    while (at + 1 < text.len && text.ptr[at + 1] != '#')
        at = text_find(text, at + 1, '#');
    size_t end = at + 1 < text.len ? at : text.len;
    //@ split end;
    return end;
}

/* The next piece that is not empty. */
static bool next_piece(struct pieces *p, bytes *out)
{
    while (p->at < p->text.len) {
        size_t end = find_separator(p->text, p->at);
        p->from = p->at;
        //@ split p->from;
        *out = bytes_slice(p->text, p->at, end - p->at);
        p->at = end < p->text.len ? end + 2 : end;
        if (out->len == 0) continue;
        p->number++;
        return true;
    }
    return false;
}

/* Exactly three parts. */
static status split(bytes piece, bytes parts[3], const char *form, struct err *err)
{
    size_t first = text_find(piece, 0, '#');
    //@ split first;
    size_t second = text_find(piece, first + 1, '#');
    //@ split second;
    if (second >= piece.len || text_find(piece, second + 1, '#') < piece.len)
        return err_set(err, ERR_SYNTAX, 0, "want %s", form);
    parts[0] = bytes_slice(piece, 0, first);
    parts[1] = bytes_slice(piece, first + 1, second - first - 1);
    parts[2] = bytes_slice(piece, second + 1, piece.len - second - 1);
    return OK;
}

static status check_text(bytes text, struct err *err)
{
    if (text.len > LIMIT_MESH_CONFIG_BYTES)
        return err_set(err, ERR_LIMIT, LIMIT_MESH_CONFIG_BYTES, "want at most %d bytes, have %zu",
                       LIMIT_MESH_CONFIG_BYTES, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] == 0x7f)
            return err_set(err, ERR_SYNTAX, i,
                           "contains whitespace or a control character: use a plain one-line string");
    return OK;
}

/* Puts number and text of the piece in front, and makes the offset one of the whole. */
static status in_piece(const struct pieces *p, bytes piece, status s, struct err *err)
{
    if (!is_ok(s) && err) err->offset = p->from;
    return err_in(err, s, "entry %zu, %s", p->number, text_quote(piece).s);
}

/* ---- what entries are made of ----------------------------------------------------------------------------------- */

static status read_name(bytes name, struct err *err)
{
    if (name.len > NAME_MAX_BYTES)
        return err_set(err, ERR_RANGE, 0, "want a name of at most %d characters, have %zu", NAME_MAX_BYTES, name.len);
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        if (!is_letter_or_digit(c) && c != '-' && c != '_' && c != '.')
            return err_set(err, ERR_SYNTAX, 0, "want a name of letters, digits and \"-_.\", have %s",
                           text_quote(name).s);
    }
    return OK;
}

static status read_port(bytes text, uint16_t *out, struct err *err)
{
    uint64_t port = 0;
    if (!is_ok(decimal_parse(text, UINT16_MAX, &port, NULL)) || port == 0)
        return err_set(err, ERR_RANGE, 0, "want a port from 1 to 65535 without sign or leading zero, have %s",
                       text_quote(text).s);
    *out = (uint16_t)port;
    return OK;
}

/* One that the proxy doesn't listen on itself. */
static status read_own_port(bytes text, uint16_t *out, struct err *err)
{
    uint16_t port;
    TRY(read_port(text, &port, err));
    if (port == MESH_PORT_INGRESS || port == MESH_PORT_INGRESS_OPEN)
        return err_set(err, ERR_RANGE, 0, "the proxy listens on port %u itself", port);
    *out = port;
    return OK;
}

/* The spellings that Go's ParseBool takes. */
static status read_bool(bytes text, bool *out, struct err *err)
{
    static const char spellings[][6] = {"1", "t", "T", "TRUE",  "true",  "True",
                                        "0", "f", "F", "FALSE", "false", "False"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (bytes_eq(text, BYTES((const uint8_t *)spellings[i], strlen(spellings[i])))) {
            *out = i < 6;
            return OK;
        }
    return err_set(err, ERR_SYNTAX, 0, "want true or false, have %s", text_quote(text).s);
}

/* The last ':', for addresses have some too; `split` is for Eva, as in parse/cursor.c. */
static status split_port(bytes text, bytes *host, bytes *port, struct err *err)
{
    size_t colon = text.len;
    while (colon > 0 && text.ptr[colon - 1] != ':')
        colon--;
    //@ split colon;
    if (colon == 0) return err_set(err, ERR_SYNTAX, 0, "want HOST:PORT, have %s", text_quote(text).s);
    *host = bytes_slice(text, 0, colon - 1);
    *port = bytes_slice(text, colon, text.len - colon);
    return OK;
}

static bool is_ipv4(bytes text, struct san *out)
{
    return text_find(text, 0, ':') == text.len && is_ok(san_parse(text, out, NULL)) && out->kind == SAN_IP;
}

static bool is_ipv6(bytes text, struct san *out)
{
    return text_find(text, 0, ':') < text.len && is_ok(san_parse(text, out, NULL)) && out->kind == SAN_IP;
}

static status read_listen(bytes text, struct mesh_egress_entry *e, struct err *err)
{
    bytes host, port;
    struct san ip;
    TRY(split_port(text, &host, &port, err));
    if (!is_ipv4(host, &ip) || ip.ip[0] != 127)
        return err_set(err, ERR_SYNTAX, 0, "want an address in 127.0.0.0/8 to listen on, have %s", text_quote(host).s);
    memcpy(e->listen_ip, ip.ip, sizeof e->listen_ip);
    return read_own_port(port, &e->listen_port, err);
}

/* RFC 1123, 2.1, with '_', which names of services have, and with one dot at the end. */
static bool is_dns_name(bytes text)
{
    if (text.len > 0 && text.ptr[text.len - 1] == '.') text.len--;
    bool has_letter = false;
    size_t label = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool is_inside = label > 0 && i + 1 < text.len && text.ptr[i + 1] != '.';
        if (c == '.' ? label == 0 : !is_letter_or_digit(c) && c != '_' && !(c == '-' && is_inside)) return false;
        if (c == '.' || label == 0) has_letter = false;
        has_letter = has_letter || !is_digit(c);
        label = c == '.' ? 0 : label + 1;
        if (label > LABEL_MAX_BYTES) return false;
    }
    /* What ends in a number is an address, or a mistake in one. */
    return label > 0 && has_letter && text.len <= HOST_MAX_BYTES;
}

static status read_remote(bytes text, struct mesh_egress_entry *e, struct err *err)
{
    bytes host, port;
    struct san ip = {.kind = SAN_DNS};
    TRY(split_port(text, &host, &port, err));
    bool has_brackets = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    bytes inside = has_brackets ? bytes_slice(host, 1, host.len - 2) : host;
    e->is_ip = has_brackets ? is_ipv6(inside, &ip) : is_ipv4(host, &ip);
    if (!e->is_ip && (has_brackets || !is_dns_name(host)))
        return err_set(err, ERR_SYNTAX, 0, "want a DNS name, an IPv4 address or an IPv6 address in brackets, have %s",
                       text_quote(host).s);
    host = inside;
    e->host = host;
    if (e->is_ip) memcpy(e->ip, ip.ip, sizeof e->ip);
    e->ip_len = e->is_ip ? ip.ip_len : 0;
    return read_port(port, &e->port, err);
}

/* ---- ingress ---------------------------------------------------------------------------------------------------- */

static status read_ingress(bytes piece, struct mesh_ingress_entry *out, struct err *err)
{
    bytes parts[3];
    struct mesh_ingress_entry e;
    TRY(split(piece, parts, "NAME#PORT#true or NAME#PORT#false", err));
    e.name = parts[0];
    TRY(read_name(parts[0], err));
    TRY(read_own_port(parts[1], &e.port, err));
    TRY(read_bool(parts[2], &e.disables_tls, err));
    *out = e;
    return OK;
}

static status check_ingress(const struct mesh_ingress_entry *entries, size_t count, struct err *err)
{
    const struct mesh_ingress_entry *last = &entries[count];
    for (size_t i = 0; i < count; i++)
        if (entries[i].port == last->port && entries[i].disables_tls != last->disables_tls)
            return err_set(err, ERR_DUPLICATE, 0, "port %u is there already, as entry %zu, and says otherwise",
                           last->port, i + 1);
    return OK;
}

static status add_ingress(bytes piece, struct mesh_ingress_entry *entries, size_t count, struct err *err)
{
    TRY(read_ingress(piece, &entries[count], err));
    return check_ingress(entries, count, err);
}

static status want_room(size_t count, size_t cap, size_t offset, struct err *err)
{
    if (count >= LIMIT_MESH_ENTRIES)
        return err_set(err, ERR_LIMIT, offset, "want at most %d entries", LIMIT_MESH_ENTRIES);
    return count < cap ? OK : err_set(err, ERR_NOMEM, offset, "no room for more than %zu entries", cap);
}

status mesh_ingress_parse(bytes text, struct mesh_ingress_entry *entries, size_t cap, struct mesh_ingress *out,
                          struct err *err)
{
    struct pieces p = {.text = text};
    bytes piece;
    size_t count = 0;
    TRY(check_text(text, err));
    bool is_disabled = bytes_eq(text, BYTES_LIT("DISABLED"));
    for (; !is_disabled && next_piece(&p, &piece); count++) {
        TRY(want_room(count, cap, p.from, err));
        TRY(in_piece(&p, piece, add_ingress(piece, entries, count, err), err));
    }
    *out = (struct mesh_ingress){.is_disabled = is_disabled, .entries = entries, .count = count};
    return OK;
}

/* ---- egress ----------------------------------------------------------------------------------------------------- */

/* Envoy's configuration has these already. */
static bool is_reserved(bytes name)
{
    static const char reserved[][25] = {"ingress", "ingressWithoutClientAuth", "IngressCluster", "BlackHoleCluster"};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (bytes_eq(name, BYTES((const uint8_t *)reserved[i], strlen(reserved[i])))) return true;
    return false;
}

static status read_egress(bytes piece, struct mesh_egress_entry *out, struct err *err)
{
    bytes parts[3];
    struct mesh_egress_entry e = {.name = BYTES_ABSENT};
    TRY(split(piece, parts, "NAME#127.X.Y.Z:PORT#HOST:PORT", err));
    e.name = parts[0];
    TRY(read_name(parts[0], err));
    if (e.name.len == 0) return err_set(err, ERR_MISSING, 0, "want a name in front of the first '#'");
    if (is_reserved(e.name)) return err_set(err, ERR_RANGE, 0, "the name %s is the proxy's own", text_quote(e.name).s);
    TRY(read_listen(parts[1], &e, err));
    TRY(read_remote(parts[2], &e, err));
    *out = e;
    return OK;
}

static status check_egress(const struct mesh_egress_entry *entries, size_t count, uint16_t admin_port, struct err *err)
{
    const struct mesh_egress_entry *last = &entries[count];
    if (last->listen_port == admin_port)
        return err_set(err, ERR_DUPLICATE, 0, "the admin interface listens on port %u", admin_port);
    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(entries[i].name, last->name))
            return err_set(err, ERR_DUPLICATE, 0, "the name is that of entry %zu", i + 1);
        if (entries[i].listen_port == last->listen_port &&
            memcmp(entries[i].listen_ip, last->listen_ip, sizeof last->listen_ip) == 0)
            return err_set(err, ERR_DUPLICATE, 0, "entry %zu listens on this address and port", i + 1);
    }
    return OK;
}

static status add_egress(bytes piece, uint16_t admin_port, struct mesh_egress_entry *entries, size_t count,
                         struct err *err)
{
    TRY(read_egress(piece, &entries[count], err));
    return check_egress(entries, count, admin_port, err);
}

status mesh_egress_parse(bytes text, uint16_t admin_port, struct mesh_egress_entry *entries, size_t cap,
                         struct mesh_egress *out, struct err *err)
{
    struct pieces p = {.text = text};
    bytes piece;
    size_t count = 0;
    TRY(check_text(text, err));
    for (; next_piece(&p, &piece); count++) {
        TRY(want_room(count, cap, p.from, err));
        TRY(in_piece(&p, piece, add_egress(piece, admin_port, entries, count, err), err));
    }
    if (count == 0)
        return err_set(err, ERR_MISSING, 0,
                       "want at least one entry, NAME#127.X.Y.Z:PORT#HOST:PORT; leave it out for none");
    *out = (struct mesh_egress){.entries = entries, .count = count};
    return OK;
}

/* ---- admin interface -------------------------------------------------------------------------------------------- */

status mesh_admin_port_parse(bytes text, uint16_t *out, struct err *err)
{
    if (text.len > 0) return read_own_port(text, out, err);
    *out = 0;
    return OK;
}
