/* SPDX-License-Identifier: Apache-2.0 */
/* ReferenceValues of a manifest: the two lists of entries. */
#include "parse/manifest_reader.h"
#include "parse/text.h"

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

/* ---- values that several entries have --------------------------------------------------------------------------- */

/* The name of a platform.  Those without confidential hardware have "insecure" in theirs, whatever else it says. */
status manifest_read_platform(struct manifest_reader *m, bytes *out)
{
    static const char word[] = "insecure";
    bytes text = BYTES_ABSENT;
    bool got = false;
    TRY(manifest_get_text(m, &text, &got));
    if (!got || text.len == 0) return OK;
    size_t matched = 0;
    for (size_t i = 0; i < text.len && word[matched]; i++) {
        uint8_t lower = text.ptr[i] | 0x20;
        matched = lower == (uint8_t)word[matched] ? matched + 1 : lower == (uint8_t)word[0];
    }
    if (!word[matched])
        return manifest_refuse(m, ERR_DENIED,
                               "want a platform with confidential hardware, have %s, whose evidence proves nothing",
                               text_quote(text).s);
    *out = text;
    return OK;
}

/* ---- entries ---------------------------------------------------------------------------------------------------- */

static status read_entries(struct manifest_reader *m, bool is_tdx)
{
    bool got = false, end = false;
    TRY(manifest_take_null(m, &end));
    if (end) return OK;
    TRY(manifest_enter(m, JSON_ARRAY, &got));
    for (; got;) {
        TRY(manifest_next_item(m, &end));
        if (end) break;
        TRY(is_tdx ? manifest_read_tdx(m) : manifest_read_snp(m));
    }
    return OK;
}

status manifest_read_reference_values(struct manifest_reader *m)
{
    enum { SNP_ENTRIES, TDX_ENTRIES };
    static const char *const names[] = {[SNP_ENTRIES] = "snp", [TDX_ENTRIES] = "tdx"};
    struct manifest_members f = {names, COUNT_OF(names), 0};
    bool got = false, end = false;
    TRY(manifest_enter(m, JSON_OBJECT, &got));
    for (size_t member = 0; got;) {
        TRY(manifest_next_member(m, &f, &member, &end));
        if (end) break;
        TRY(read_entries(m, member == TDX_ENTRIES));
    }
    return OK;
}
