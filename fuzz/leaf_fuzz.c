/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: snp_leaf_parse snp_leaf_read_certificate snp_leaf_read_issuer snp_leaf_read_key snp_leaf_read_extensions
 * snp_leaf_product_part. */
#include <stdlib.h>

#include "fuzz/der_mutate.h"
#include "snp/leaf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static void require(bool holds)
{
    if (!holds) abort();
}

static bool inside(bytes view, bytes in)
{
    return view.ptr >= in.ptr && view.ptr + view.len <= in.ptr + in.len;
}

static bool is_printable(bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] > 0x7e) return false;
    return text.len > 0;
}

static size_t count_extensions(bytes list)
{
    size_t n = 0;
    for (struct cursor c = cursor_over(list); cursor_left(&c) > 0; n++)
        require(!x509_extension_next(&c).critical);
    return n;
}

/* The profile: 11 extensions, none critical, of the kind and product that the issuer's name says. */
static void check_accepted(const struct snp_leaf *leaf, bytes in)
{
    enum snp_product product;
    enum snp_ca_role role;
    bool vlek = leaf->kind == SNP_SIGNED_BY_VLEK, turin = leaf->product == SNP_TURIN;
    require(snp_ca_name_parse(leaf->x.issuer, &product, &role) && product == leaf->product);
    require(role == (vlek ? SNP_ASVK : SNP_ASK) && leaf->tcb.product == product);
    require(count_extensions(leaf->x.extensions) == 11);
    require(leaf->point.len == 97 && leaf->point.ptr[0] == 4 && inside(leaf->point, in));
    require(bytes_is_absent(leaf->hwid) == vlek && bytes_is_absent(leaf->csp_id) == !vlek);
    if (vlek) require(is_printable(leaf->csp_id) && inside(leaf->csp_id, in));
    if (!vlek) require(leaf->hwid.len == (turin ? 8 : 64) && inside(leaf->hwid, in));
    require(turin || leaf->tcb.fmc == 0);
    require(is_printable(leaf->product_name) && snp_leaf_product_part(leaf).len <= leaf->product_name.len);

    struct snp_leaf again;
    require(!is_ok(snp_leaf_parse(bytes_slice(in, 0, in.len - 1), &again, NULL)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct snp_leaf leaf = {.kind = SNP_SIGNED_BY_NONE};
    struct err err = {0};
    bytes in = BYTES(data, size);
    status s = snp_leaf_parse(in, &leaf, &err);
    if (is_ok(s)) {
        check_accepted(&leaf, in);
        return 0;
    }
    require(err.kind == s.kind && err.rule && err.text[0] != '\0' && err.offset <= size);
    require(leaf.kind == SNP_SIGNED_BY_NONE);
    return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
    return seed % 4 ? der_mutate(data, size, max, seed / 4) : mutate_bytes(data, size, max, seed);
}
