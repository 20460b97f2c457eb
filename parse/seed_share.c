/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/seed_share.h"

#include "parse/json_base64.h"
#include "parse/limits.h"
#include "parse/public_key.h"
#include "parse/text.h"

/* An RSAPublicKey with the longest modulus that is read, an exponent of 4 bytes, and their headers. */
enum { KEY_MAX = LIMIT_RSA_MODULUS_BITS_MOST / 8 + 32 };

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static status decode_key(bytes hex, uint8_t out[KEY_MAX], bytes *der, struct err *err)
{
    if (hex.len % 2 != 0 || hex.len / 2 > KEY_MAX)
        return err_set(err, ERR_SYNTAX, 0, "want an even number of hex digits, at most %d, have %zu", 2 * KEY_MAX,
                       hex.len);
    TRY(hex_parse(hex, HEX_ANY_CASE, out, hex.len / 2, err));
    *der = BYTES(out, hex.len / 2);
    return OK;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'F' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Of hex digits. */
static bool is_same_hex(bytes a, bytes b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i])) return false;
    return true;
}

static status check_share(const struct user_seed_share *share, struct err *err)
{
    uint8_t buf[KEY_MAX];
    bytes der = BYTES_ABSENT;
    struct rsa_public_key key;
    TRY(err_in(err, decode_key(share->public_key, buf, &der, err), "PublicKey"));
    TRY(err_in(err, rsa_public_key_parse(der, &key, err), "PublicKey"));
    if (share->encrypted_seed.len != key.modulus.len)
        return err_set(err, ERR_MISMATCH, 0, "EncryptedSeed: want %zu bytes, as the key has, have %zu", key.modulus.len,
                       share->encrypted_seed.len);
    return OK;
}

status seed_shares_check(const struct user_seed_shares *in, struct err *err)
{
    if (in->count > LIMIT_MANIFEST_OWNERS)
        return err_set(err, ERR_LIMIT, 0, "SeedShares: want at most %d, have %zu", LIMIT_MANIFEST_OWNERS, in->count);
    for (size_t i = 0; i < in->count; i++) {
        TRY(err_in(err, check_share(&in->shares[i], err), "SeedShares[%zu]", i));
        for (size_t k = 0; k < i; k++)
            if (is_same_hex(in->shares[i].public_key, in->shares[k].public_key))
                return err_set(err, ERR_DUPLICATE, 0, "SeedShares[%zu]: the same key as item %zu", i, k);
    }
    if (in->salt.len != SEED_SHARE_SALT_BYTES)
        return err_set(err, ERR_RANGE, 0, "salt: want %d bytes, have %zu", SEED_SHARE_SALT_BYTES, in->salt.len);
    return OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Keys of two objects that are open at once: two each, and one that is not in the table. */
enum { KEYS = 8 };

enum { SHARES, SALT, FIELDS };
static const struct json_field fields[FIELDS] = {[SHARES] = {"SeedShares", false}, [SALT] = {"salt", true}};

enum { PUBLIC_KEY, ENCRYPTED_SEED, SHARE_FIELDS };
static const struct json_field share_fields[SHARE_FIELDS] = {
    [PUBLIC_KEY] = {"PublicKey", true}, [ENCRYPTED_SEED] = {"EncryptedSeed", true}};

static status read_share(struct json_base64 *r, struct user_seed_share *out, struct err *err)
{
    struct json_fields f = {.table = share_fields, .count = SHARE_FIELDS};
    TRY(json_enter_object(&r->json, err));
    for (;;) {
        size_t field = SHARE_FIELDS;
        bool end = false;
        TRY(json_next_field(&r->json, &f, &field, &end, err));
        if (end) return OK;
        if (field == PUBLIC_KEY)
            TRY(json_get_text(&r->json, &out->public_key, err));
        else
            TRY(json_get_base64(r, &out->encrypted_seed, err));
    }
}

static status read_shares(struct json_base64 *r, const struct seed_share_storage *lent, size_t *count, struct err *err)
{
    enum json_kind kind;
    TRY(json_peek(&r->json, &kind, err));
    if (kind == JSON_NULL) return json_skip(&r->json, err);
    TRY(json_enter_array(&r->json, err));
    for (;;) {
        bool end = false;
        TRY(json_next_item(&r->json, &end, err));
        if (end) return OK;
        if (*count == LIMIT_MANIFEST_OWNERS)
            return json_refuse(&r->json, err, ERR_LIMIT, "more than %d shares", LIMIT_MANIFEST_OWNERS);
        if (*count == lent->share_cap)
            return json_refuse(&r->json, err, ERR_NOMEM, "no room for more than %zu shares", lent->share_cap);
        TRY(read_share(r, &lent->shares[*count], err));
        ++*count;
    }
}

static status read_document(bytes in, const struct seed_share_storage *lent, struct user_seed_shares *out,
                            struct err *err)
{
    if (in.len > LIMIT_SEED_SHARES_BYTES)
        return err_set(err, ERR_LIMIT, 0, "want at most %d bytes, have %zu", LIMIT_SEED_SHARES_BYTES, in.len);
    bytes keys[KEYS];
    struct json_base64 r = json_base64_of(in, keys, KEYS, lent->buffer, lent->cap);
    struct json_fields f = {.table = fields, .count = FIELDS};
    TRY(json_enter_object(&r.json, err));
    for (;;) {
        size_t field = FIELDS;
        bool end = false;
        TRY(json_next_field(&r.json, &f, &field, &end, err));
        if (end) break;
        if (field == SHARES)
            TRY(read_shares(&r, lent, &out->count, err));
        else
            TRY(json_get_base64(&r, &out->salt, err));
    }
    TRY(json_finish(&r.json, err));
    return seed_shares_check(out, err);
}

status seed_shares_parse(bytes in, const struct seed_share_storage *lent, struct user_seed_shares *out, struct err *err)
{
    struct user_seed_shares shares = {.shares = lent->shares};
    TRY(err_in(err, read_document(in, lent, &shares, err), "seed shares"));
    *out = shares;
    return OK;
}

const struct user_seed_share *seed_shares_find(const struct user_seed_shares *in, bytes public_key)
{
    char hex[HEX_TEXT_SIZE(KEY_MAX)];
    if (!is_ok(hex_write(public_key, hex, sizeof hex, NULL))) return NULL;
    bytes want = BYTES((const uint8_t *)hex, 2 * public_key.len);
    for (size_t i = 0; i < in->count; i++)
        if (is_same_hex(in->shares[i].public_key, want)) return &in->shares[i];
    return NULL;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct writer {
    char *out;
    size_t cap, len;
    bool full;
};

static void put(struct writer *w, bytes text)
{
    if (w->full || text.len >= w->cap - w->len) {
        w->full = true;
        return;
    }
    if (text.len > 0) memcpy(w->out + w->len, text.ptr, text.len);
    w->len += text.len;
}

static void put_base64(struct writer *w, bytes value)
{
    if (w->full || !is_ok(base64_write(value, BASE64_STANDARD, w->out + w->len, w->cap - w->len, NULL)))
        w->full = true;
    else
        w->len += BASE64_TEXT_SIZE(value.len) - 1;
}

static void put_share(struct writer *w, const struct user_seed_share *share)
{
    put(w, BYTES_LIT("\n    {\n      \"PublicKey\": \""));
    put(w, share->public_key);
    put(w, BYTES_LIT("\",\n      \"EncryptedSeed\": \""));
    put_base64(w, share->encrypted_seed);
    put(w, BYTES_LIT("\"\n    }"));
}

status seed_shares_write(const struct user_seed_shares *in, char *out, size_t cap, size_t *len, struct err *err)
{
    TRY(err_in(err, seed_shares_check(in, err), "seed shares"));
    struct writer w = {.out = out, .cap = cap, .full = cap == 0};
    put(&w, BYTES_LIT("{\n  \"SeedShares\": ["));
    for (size_t i = 0; i < in->count; i++) {
        if (i > 0) put(&w, BYTES_LIT(","));
        put_share(&w, &in->shares[i]);
    }
    put(&w, in->count > 0 ? BYTES_LIT("\n  ],\n  \"salt\": \"") : BYTES_LIT("],\n  \"salt\": \""));
    put_base64(&w, in->salt);
    put(&w, BYTES_LIT("\"\n}"));
    if (w.full) return err_set(err, ERR_NOMEM, 0, "seed shares: the document does not fit into %zu bytes", cap);
    out[w.len] = '\0';
    *len = w.len;
    return OK;
}
