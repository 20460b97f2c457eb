/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: seed_shares_parse seed_shares_check seed_shares_write seed_shares_find.
 *
 * Sizes that 5 divides run with an array and a buffer that are short, so that "full" is tried too.
 */
#include <stdlib.h>

#include "parse/seed_share.h"
#include "parse/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SHARES = LIMIT_MANIFEST_OWNERS + 8, BUFFER = 1 << 15, KEY_BYTES = 3000 };
static struct user_seed_share shares[2][SHARES];
static uint8_t buffer[2][BUFFER];
static char text[4 * BUFFER];

static void require(bool holds)
{
    if (!holds) abort();
}

/* Written and read again it is the same. */
static void require_same_again(const struct user_seed_shares *all)
{
    size_t len = 0;
    require(is_ok(seed_shares_check(all, NULL)) && is_ok(seed_shares_write(all, text, sizeof text, &len, NULL)));
    require(text[len] == '\0' && text[len - 1] == '}');
    const struct seed_share_storage lent = {shares[1], SHARES, buffer[1], BUFFER};
    struct user_seed_shares again;
    require(is_ok(seed_shares_parse(BYTES((const uint8_t *)text, len), &lent, &again, NULL)));
    require(again.count == all->count && bytes_eq(again.salt, all->salt));
    for (size_t i = 0; i < all->count; i++) {
        require(bytes_eq(again.shares[i].public_key, all->shares[i].public_key));
        require(bytes_eq(again.shares[i].encrypted_seed, all->shares[i].encrypted_seed));
    }
}

/* Each share is found by its key, and by no other. */
static void require_found(const struct user_seed_shares *all)
{
    static uint8_t key[KEY_BYTES];
    for (size_t i = 0; i < all->count; i++) {
        size_t len = all->shares[i].public_key.len / 2;
        require(is_ok(hex_parse(all->shares[i].public_key, HEX_ANY_CASE, key, len, NULL)));
        require(seed_shares_find(all, BYTES(key, len)) == &all->shares[i]);
        key[len - 1] ^= 0x20; /* of the exponent */
        require(seed_shares_find(all, BYTES(key, len)) != &all->shares[i]);
    }
    require(!seed_shares_find(all, BYTES_OF(key)));
}

/* It fits, or is refused and nothing behind the room is touched. */
static void write_small(const struct user_seed_shares *all, size_t cap)
{
    size_t len = 0;
    cap %= 2048;
    text[cap] = 'x';
    status s = seed_shares_write(all, text, cap, &len, NULL);
    require(text[cap] == 'x' && (is_ok(s) ? len < cap : s.kind == ERR_NOMEM));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_short = size % 5 == 0;
    const struct seed_share_storage lent = {shares[0], is_short ? 1 : SHARES, buffer[0],
                                            is_short ? size % BUFFER : BUFFER};
    struct user_seed_shares all = {.count = 77};
    struct err err = {0};
    status s = seed_shares_parse(BYTES(data, size), &lent, &all, &err);
    if (is_ok(s)) {
        require(all.count <= lent.share_cap && all.salt.len == SEED_SHARE_SALT_BYTES);
        require_same_again(&all);
        require_found(&all);
        write_small(&all, size);
        write_small(&all, data[size / 2] * 8u);
        return 0;
    }
    require(err.kind == s.kind && err.text[0] != '\0' && err.offset <= size && all.count == 77);
    /* Each share has at least a key of 2048 bits, or two members; escapes and base64 at most the input's size. */
    require(s.kind != ERR_NOMEM || is_short || size > 35 * SHARES || size > BUFFER / 2);
    return 0;
}
