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

/* Where entries lie that are not one of the files as it is. */
struct scratch {
    uint8_t other_leaf[SIM_FILE_MAX], pem[4 * SIM_FILE_MAX];
    struct out pems;
};

/* The certificate as it goes into the table: DER, or PEM. */
static bytes as_blob(struct scratch *scratch, const struct sim_options *options, bytes der)
{
    if (!options->table_pem || der.len == 0) return der;
    size_t from = scratch->pems.len;
    out_pem(&scratch->pems, "CERTIFICATE", der);
    return bytes_slice(out_view(&scratch->pems), from, scratch->pems.len - from);
}

/* The leaf with another last byte of its signature. */
static bytes other_leaf(struct scratch *scratch, bytes leaf)
{
    if (leaf.len == 0 || leaf.len > sizeof scratch->other_leaf) return BYTES_ABSENT;
    memcpy(scratch->other_leaf, leaf.ptr, leaf.len);
    scratch->other_leaf[leaf.len - 1] ^= 1;
    return BYTES(scratch->other_leaf, leaf.len);
}

static status filler_make(struct entry *e, const char *what, struct err *err)
{
    uint64_t repeat;
    if (strncmp(what, "filler:", 7) != 0) return err_set(err, ERR_SYNTAX, 0, "nothing to include: \"%.40s\"", what);
    TRY(sim_text_number(what + 7, &repeat, err));
    if (repeat > FILLER_MAX) return err_set(err, ERR_RANGE, 0, "more than %d fillers", FILLER_MAX);
    *e = (struct entry){guid_filler, BYTES_LIT("filler"), (size_t)repeat};
    return OK;
}

static status entry_make(struct entry *e, const char *what, const struct sim_options *options,
                         const struct sim_evidence *made, struct scratch *scratch, struct err *err)
{
    bool vcek = options->kind == SIM_VCEK;
    const uint8_t *guid_leaf = vcek ? guid_vcek : guid_vlek;
    bytes leaf = sim_file(made, SIM_FILE_LEAF);
    const struct {
        const char *name;
        const uint8_t *guid;
        bytes der;
    } certificates[] = {
        {"leaf", guid_leaf, leaf},
        {"leaf-empty", guid_leaf, BYTES_LIT("")},
        {"leaf-other", guid_leaf, other_leaf(scratch, leaf)},
        {"ask", guid_ask, sim_file(made, vcek ? SIM_FILE_ASK : SIM_FILE_ASVK)},
        {"ark", guid_ark, sim_file(made, SIM_FILE_ARK)},
    };
    for (size_t i = 0; i < sizeof certificates / sizeof certificates[0]; i++) {
        if (strcmp(certificates[i].name, what) != 0) continue;
        *e = (struct entry){certificates[i].guid, as_blob(scratch, options, certificates[i].der), 1};
        return OK;
    }
    if (strcmp(what, "crl") != 0) return filler_make(e, what, err);
    *e = (struct entry){guid_crl, sim_file(made, SIM_FILE_CRL), 1};
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
    struct scratch scratch;
    scratch.pems = OUT(scratch.pem);
    for (size_t i = 0; i < include->count; i++)
        TRY(entry_make(&entries[i], include->text[i], options, made, &scratch, err));

    out_bytes(o, sim_file(made, SIM_FILE_REPORT));
    size_t table = o->len;
    put_entries(o, options, entries, include->count);
    size_t used = (o->len - table) % PAGE_BYTES;
    if (used && !options->table_no_end) out_zeros(o, PAGE_BYTES - used);
    return OK;
}
