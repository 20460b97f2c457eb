/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cache.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/output.h"
#include "parse/text.h"
#include "parse/time.h"

/* A path made of parts, in `memory`. */
static status join(struct arena *memory, const char **out, struct err *err, const char *fmt, ...) PRINTF(4, 5);
static status join(struct arena *memory, const char **out, struct err *err, const char *fmt, ...)
{
    va_list args, again;
    void *text;
    va_start(args, fmt);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, fmt, args);
    status s =
        n < 0 ? err_set(err, ERR_BUG, 0, "a path cannot be written") : arena_take(memory, (size_t)n + 1, 1, &text, err);
    if (is_ok(s)) vsnprintf(text, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(args);
    TRY(s);
    *out = text;
    return OK;
}

status cache_folder(struct arena *memory, const char **out, struct err *err)
{
    static const struct {
        const char *variable, *below;
    } places[] = {{"CONTRAST_CACHE_DIR", ""}, {"XDG_CACHE_HOME", "/contrast"}, {"HOME", "/.cache/contrast"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *value = getenv(places[i].variable);
        if (value && value[0]) return join(memory, out, err, "%s%s/kds", value, places[i].below);
    }
    return err_set(err, ERR_STATE, 0, "none of CONTRAST_CACHE_DIR, XDG_CACHE_HOME and HOME is set");
}

status cache_leaf_path(const char *folder, const struct snp_leaf *leaf, struct arena *memory, const char **out,
                       struct err *err)
{
    char hwid[HEX_TEXT_SIZE(64)], digest[HEX_TEXT_SIZE(SHA256_BYTES)];
    uint8_t sha256[SHA256_BYTES];
    const char *product = snp_product_name(leaf->product);
    if (leaf->kind == SNP_SIGNED_BY_VCEK) {
        TRY(hex_write(leaf->hwid, hwid, sizeof hwid, err));
        return join(memory, out, err, "%s/vcek/%s/%s-%016llx.der", folder, product, hwid,
                    (unsigned long long)snp_tcb_join(&leaf->tcb));
    }
    TRY(crypto_sha256(&leaf->x.raw, 1, sha256, err));
    TRY(hex_write(BYTES_OF(sha256), digest, sizeof digest, err));
    return join(memory, out, err, "%s/vlek/%s/%s.der", folder, product, digest);
}

status cache_crl_path(const char *folder, const struct collateral_crl *crl, struct arena *memory, const char **out,
                      struct err *err)
{
    struct time_civil t;
    TRY(time_to_civil(crl->crl.this_update, &t, err));
    return join(memory, out, err, "%s/crl/%s/%04d%02d%02dT%02d%02d%02dZ.der", folder, snp_product_name(crl->product),
                (int)t.year, (int)t.month, (int)t.day, (int)t.hour, (int)t.minute, (int)t.second);
}

/* Each folder above the file; those that are there are left as they are. */
static status make_folders(const char *path, struct arena *memory, struct err *err)
{
    bytes copy;
    TRY(arena_copy(memory, BYTES((const uint8_t *)path, strlen(path) + 1), &copy, err));
    char *text = (char *)(uintptr_t)copy.ptr;
    for (char *c = text + 1; *c; c++) {
        if (*c != '/') continue;
        *c = '\0';
        if (mkdir(text, 0777) != 0 && errno != EEXIST)
            return err_set(err, ERR_IO, 0, "%s: %s", text_quote(text_bytes(text)).s, strerror(errno));
        *c = '/';
    }
    return OK;
}

status cache_make_folder(const char *path, struct arena *memory, struct err *err)
{
    const char *inside;
    TRY(join(memory, &inside, err, "%s/", path));
    return make_folders(inside, memory, err);
}

status cache_write(const char *path, bytes content, struct arena *memory, struct err *err)
{
    TRY(make_folders(path, memory, err));
    return output_write(path, content, memory, err);
}
