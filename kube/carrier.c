/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/carrier.h"

#include "kube/gzip.h"
#include "kube/resource.h"
#include "parse/initdata.h"
#include "parse/text.h"

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* A literal string of TOML has no escapes. */
status carrier_check(bytes rules, struct err *err)
{
    for (size_t i = 0; i < rules.len; i++) {
        uint8_t c = rules.ptr[i];
        bool is_quote = bytes_eq(bytes_slice(rules, i, 3), BYTES_LIT("'''"));
        if (!is_quote && (c >= 0x20 || c == '\t' || c == '\n') && c != 0x7f) continue;
        return err_set(err, ERR_UNSUPPORTED, i, "line %zu: want no %s in the rules", text_place_of(rules, i).line,
                       is_quote ? "three apostrophes in a row" : "carriage return or other control character");
    }
    TRY(utf8_check(rules, err));
    bool has_end = rules.len > 0 && rules.ptr[rules.len - 1] == '\n';
    return has_end ? OK : err_set(err, ERR_UNSUPPORTED, rules.len, "want a line end at the end of the rules");
}

static status write_initdata(bytes rego, struct arena *memory, bytes *out, struct err *err)
{
    struct text_out text = {.memory = memory};
    text_put_string(&text, "version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n[data]\n\"policy.rego\" = '''\n");
    text_put(&text, rego);
    text_put_string(&text, "'''\n");
    return text_out_take(&text, out, err);
}

static status write_base64(bytes in, struct arena *memory, bytes *out, struct err *err)
{
    void *room;
    size_t size = BASE64_TEXT_SIZE(in.len);
    TRY(arena_take(memory, size, 1, &room, err));
    TRY(base64_write(in, BASE64_STANDARD, room, size, err));
    *out = BYTES(room, size - 1);
    return OK;
}

/* The agent on AKS is given the text itself. */
static bool takes_initdata(enum platform platform)
{
    return platform != PLATFORM_AKS_CLH_SNP;
}

status carrier_write(enum platform platform, bytes rego, struct arena *memory, struct carried *out, struct err *err)
{
    struct carried c = {.annotation = takes_initdata(platform) ? ANNOTATION_INITDATA : ANNOTATION_POLICY,
                        .document = rego};
    bytes packed = rego;
    if (takes_initdata(platform)) {
        TRY(write_initdata(rego, memory, &c.document, err));
        TRY(gzip_write(c.document, memory, &packed, err));
    }
    TRY(write_base64(packed, memory, &c.value, err));
    TRY(crypto_sha256(&c.document, 1, c.digest, err));
    *out = c;
    return OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

status carrier_read(bytes annotation, bytes value, struct arena *memory, bool *is_carrier, bytes *document,
                    struct err *err)
{
    bool is_initdata = bytes_eq(annotation, BYTES_LIT(ANNOTATION_INITDATA));
    bytes packed;
    void *room;
    *is_carrier = is_initdata || bytes_eq(annotation, BYTES_LIT(ANNOTATION_POLICY));
    if (!*is_carrier) return OK;
    TRY(arena_take(memory, BASE64_BYTES_MAX(value.len) + 1, 1, &room, err));
    TRY(base64_parse(value, BASE64_STANDARD, room, BASE64_BYTES_MAX(value.len), &packed, err));
    if (is_initdata) return gzip_read(packed, LIMIT_INITDATA_BYTES, memory, document, err);
    *document = packed;
    return OK;
}

status carrier_rego(bytes document, struct arena *memory, bytes *rego, struct err *err)
{
    struct initdata_entry entries[LIMIT_INITDATA_ENTRIES];
    struct initdata d;
    void *text;
    if (policy_form_of(document) == POLICY_FORM_REGO) {
        *rego = document;
        return OK;
    }
    TRY(arena_take(memory, document.len, 1, &text, err));
    TRY(initdata_parse(document, entries, LIMIT_INITDATA_ENTRIES, text, document.len, &d, err));
    bytes found = initdata_find(&d, BYTES_LIT("policy.rego"));
    if (bytes_is_absent(found)) return err_set(err, ERR_MISSING, 0, "the initdata has no policy.rego");
    *rego = found;
    return OK;
}
