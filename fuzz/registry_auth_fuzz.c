/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: auth_challenge_parse registry_login_find registry_helper_parse registry_token_parse. */
#include <stdlib.h>

#include "parse/registry_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KEYS = 64, TEXT = 4096 };

static void require(bool holds)
{
    if (!holds) abort();
}

static bool is_fine(status s, const struct err *err)
{
    require(is_ok(s) || (err->kind == s.kind && err->text[0] != '\0'));
    return is_ok(s);
}

static void check_challenge(bytes in)
{
    struct auth_challenge c = {.is_bearer = false};
    struct err err = {0};
    if (!is_fine(auth_challenge_parse(in, &c, &err), &err)) return;
    require(c.is_bearer == (c.realm.ptr != NULL));
    const bytes parts[] = {c.realm, c.service, c.scope};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            require(parts[i].ptr[k] >= 0x20 && parts[i].ptr[k] < 0x7f && parts[i].ptr[k] != '"');
}

static void check_login(bytes in, const struct registry_auth_storage *lent)
{
    struct registry_login l = {.has_identity = false}, none = {.has_identity = false};
    struct err err = {0};
    if (!is_fine(registry_login_find(in, BYTES_LIT("r.example:5000"), BYTES_LIT("team/app"), lent, &l, &err), &err))
        return;
    require(!l.helper.ptr || (l.helper.len > 0 && l.helper.len <= LIMIT_HELPER_NAME_BYTES));
    for (size_t i = 0; i < l.helper.len; i++)
        require(l.helper.ptr[i] > ' ' && l.helper.ptr[i] < 0x7f && l.helper.ptr[i] != '/');
    /* A host that no file of this length can name gets nothing but what is for all; which may be no name of a program.
     */
    static const uint8_t name[TEXT] = {'a'};
    if (!is_fine(registry_login_find(in, BYTES_OF(name), BYTES_LIT("app"), lent, &none, &err), &err)) return;
    require(!none.secret_basic.ptr && !none.has_identity);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes keys[KEYS], in = BYTES(data, size), name, secret = BYTES_ABSENT;
    uint8_t text[TEXT];
    const struct registry_auth_storage lent = {.keys = keys, .key_cap = KEYS, .secret_text = text, .text_cap = TEXT};
    struct err err = {0}, token_err = {0};
    check_challenge(in);
    check_login(in, &lent);
    (void)is_fine(registry_helper_parse(in, &lent, &name, &secret, &err), &err);
    if (!is_fine(registry_token_parse(in, &lent, &secret, &token_err), &token_err)) return 0;
    require(secret.len > 0);
    for (size_t i = 0; i < secret.len; i++)
        require(secret.ptr[i] > ' ' && secret.ptr[i] < 0x7f);
    return 0;
}
