/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history_yaml.h"

#include <stdio.h>
#include <stdlib.h>

#include "parse/text.h"
#include "parse/transition_record.h"

static status put_object(FILE *f, const char *kind, const char *name, bytes value, struct arena *a, struct err *err)
{
    void *base64;
    size_t cap = BASE64_TEXT_SIZE(value.len);
    TRY(arena_take(a, cap, 1, &base64, err));
    TRY(base64_write(value, BASE64_STANDARD, base64, cap, err));
    fprintf(f,
            "---\n"
            "apiVersion: v1\n"
            "kind: ConfigMap\n"
            "metadata:\n"
            "  name: contrast-store-%s-%s\n"
            "  labels:\n"
            "    app.kubernetes.io/component: coordinator\n"
            "    app.kubernetes.io/managed-by: contrast.edgeless.systems\n"
            "    app.kubernetes.io/name: kvstore\n"
            "binaryData:\n"
            "  \"%s\": \"%s\"\n",
            kind, name, name, (const char *)base64);
    return OK;
}

/* A value under its SHA-256; one that is among those before it is there already. */
static status put_value(FILE *f, const char *kind, const bytes *values, size_t at, struct arena *a, struct err *err)
{
    uint8_t hash[SHA256_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    for (size_t i = 0; i < at; i++)
        if (bytes_eq(values[i], values[at])) return OK;
    TRY(crypto_sha256(&values[at], 1, hash, err));
    TRY(hex_write(BYTES_OF(hash), hex, sizeof hex, err));
    return put_object(f, kind, hex, values[at], a, err);
}

static status put_transition(FILE *f, const struct verification *v, size_t at, struct err *err)
{
    struct transition t = {0};
    uint8_t content[TRANSITION_BYTES];
    char hex[HEX_TEXT_SIZE(SHA256_BYTES)];
    TRY(crypto_sha256(&v->bundle.manifests[at], 1, t.manifest, err));
    if (at > 0) memcpy(t.previous, v->work.transitions[at - 1], sizeof t.previous);
    transition_write(&t, content);
    TRY(hex_write(BYTES(v->work.transitions[at], SHA256_BYTES), hex, sizeof hex, err));
    return put_object(f, "transitions", hex, BYTES_OF(content), v->memory, err);
}

static status put_history(FILE *f, const struct verification *v, bytes latest, struct err *err)
{
    const struct bundle *b = &v->bundle;
    for (size_t i = 0; i < b->manifest_count; i++)
        TRY(put_value(f, "manifests", b->manifests, i, v->memory, err));
    for (size_t i = 0; i < b->policy_count; i++)
        TRY(put_value(f, "policies", b->policies, i, v->memory, err));
    for (size_t i = 0; i < b->manifest_count; i++)
        TRY(put_transition(f, v, i, err));
    return bytes_is_absent(latest) ? OK : put_object(f, "transitions", "latest", latest, v->memory, err);
}

status history_yaml_write(const struct verification *v, bytes latest, bytes *out, struct err *err)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    if (!f) return err_set(err, ERR_NOMEM, 0, "no memory for a history");
    status s = put_history(f, v, latest, err);
    bool is_whole = !ferror(f);
    if ((fclose(f) != 0 || !is_whole) && is_ok(s)) s = err_set(err, ERR_NOMEM, 0, "no memory for a history");
    if (is_ok(s)) s = arena_copy(v->memory, BYTES((const uint8_t *)text, len), out, err);
    free(text);
    return s;
}
