/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/envelope.h"
#include "tests/simulator/text.h"

/* GUIDs stand in the table in the order of their text. */
static const uint8_t guid_vcek[16] = {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64,
                                      0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd};
static const uint8_t guid_vlek[16] = {0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e,
                                      0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1};
static const uint8_t guid_ask[16] = {0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4,
                                     0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82};
static const uint8_t guid_ark[16] = {0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52,
                                     0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae};
static const uint8_t guid_crl[16] = {0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d,
                                     0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea};
static const uint8_t guid_filler[16] = {0x73, 0x69, 0x6d}; /* of nobody */

enum { ENTRY_BYTES = 24, PAGE_BYTES = 4096, FILLER_MAX = 10000 };

struct entry {
    const uint8_t *guid;
    bytes blob;
    size_t repeat;
};

static status entry_make(struct entry *e, const char *what, const struct sim_options *options,
                         const struct sim_evidence *made, uint8_t other_leaf[SIM_FILE_MAX], struct err *err)
{
    bool pem = options->table_pem;
    const uint8_t *guid_leaf = options->kind == SIM_VCEK ? guid_vcek : guid_vlek;
    bytes leaf = sim_file(made, pem ? SIM_FILE_LEAF_PEM : SIM_FILE_LEAF);
    const struct {
        const char *name;
        struct entry entry;
    } known[] = {
        {"leaf", {guid_leaf, leaf, 1}},
        {"leaf-empty", {guid_leaf, BYTES_LIT(""), 1}},
        {"leaf-other", {guid_leaf, BYTES(other_leaf, leaf.len), 1}},
        {"ask", {guid_ask, sim_file(made, options->kind == SIM_VCEK ? SIM_FILE_ASK : SIM_FILE_ASVK), 1}},
        {"ark", {guid_ark, sim_file(made, SIM_FILE_ARK), 1}},
        {"crl", {guid_crl, sim_file(made, SIM_FILE_CRL), 1}},
    };
    if (leaf.len) { /* the leaf with another last byte of its signature */
        memcpy(other_leaf, leaf.ptr, leaf.len);
        other_leaf[leaf.len - 1] ^= 1;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i].name, what) != 0) continue;
        *e = known[i].entry;
        return OK;
    }
    if (strncmp(what, "filler:", 7) != 0) return err_set(err, ERR_SYNTAX, 0, "nothing to include: \"%.40s\"", what);
    uint64_t repeat;
    TRY(sim_text_number(what + 7, &repeat, err));
    if (repeat > FILLER_MAX) return err_set(err, ERR_RANGE, 0, "more than %d fillers", FILLER_MAX);
    *e = (struct entry){guid_filler, BYTES_LIT("filler"), (size_t)repeat};
    return OK;
}

bool sim_includes(const struct sim_options *options, const char *what)
{
    for (size_t i = 0; i < options->include.count; i++)
        if (strcmp(options->include.text[i], what) == 0) return true;
    return options->include.count == 0;
}

static void put_entries(struct out *o, const struct sim_options *options, const struct entry *entries, size_t count)
{
    size_t rows = options->table_no_end ? 0 : 1;
    for (size_t i = 0; i < count; i++)
        rows += bytes_is_absent(entries[i].blob) ? 0 : entries[i].repeat;
    size_t at = rows * ENTRY_BYTES;
    for (size_t i = 0; i < count; i++) {
        if (bytes_is_absent(entries[i].blob)) continue;
        for (size_t n = 0; n < entries[i].repeat; n++) {
            out_bytes(o, BYTES(entries[i].guid, 16));
            out_u32le(o, (uint32_t)at);
            out_u32le(o, (uint32_t)entries[i].blob.len);
        }
        at += entries[i].blob.len;
    }
    out_zeros(o, options->table_no_end ? 0 : ENTRY_BYTES);
    for (size_t i = 0; i < count; i++)
        if (!bytes_is_absent(entries[i].blob)) out_bytes(o, entries[i].blob);
}

status sim_put_table(struct out *o, const struct sim_options *options, const struct sim_evidence *made, struct err *err)
{
    static const struct sim_list usual = {{"leaf", "ask", "ark", "crl"}, 4};
    const struct sim_list *include = options->include.count ? &options->include : &usual;
    struct entry entries[SIM_LIST_MAX];
    uint8_t other_leaf[SIM_FILE_MAX];
    for (size_t i = 0; i < include->count; i++)
        TRY(entry_make(&entries[i], include->text[i], options, made, other_leaf, err));

    out_bytes(o, sim_file(made, SIM_FILE_REPORT));
    size_t table = o->len;
    put_entries(o, options, entries, include->count);
    size_t used = (o->len - table) % PAGE_BYTES;
    if (used && !options->table_no_end) out_zeros(o, PAGE_BYTES - used);
    return OK;
}
