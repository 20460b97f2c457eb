/* SPDX-License-Identifier: Apache-2.0 */
/* snp/tcb.h: the TCB_VERSION word of a report, split into its components.
 *
 * Which byte is which depends on the product line: Turin begins with FMC, Milan and Genoa have none.  Comparison is by
 * component: a word is at least another when every component is.  Comparing the words as integers is wrong, and this
 * header offers no way.
 *
 * Not checked here: whether a word is plausible for a product, or signed (verify/).
 * Source: SEV-SNP ABI (AMD 56860), TCB_VERSION.
 */
#ifndef SNP_TCB_H
#define SNP_TCB_H

#include "parse/status.h"
#include "snp/product.h"

struct snp_tcb {
    enum snp_product product;
    uint8_t fmc; /* Turin only; 0 elsewhere, where it does not exist */
    uint8_t boot_loader;
    uint8_t tee;
    uint8_t snp;
    uint8_t microcode;
};

/* Splits `word` (as read little-endian from the report) for `product`.  Rule report.tcb-reserved: ERR_RANGE when a
 * reserved byte is not 0; rule product.known: ERR_UNSUPPORTED for an unknown product.  `out` is written on success
 * only. */
/*@ requires \valid(out) && err_sound(err) && \separated(out, err);
    assigns *out, *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE ==> product != SNP_PRODUCT_UNKNOWN && out->product == product;
    ensures \result.kind == ERR_NONE && product != SNP_TURIN ==> out->fmc == 0;
    ensures \result.kind != ERR_NONE ==> *out == \old(*out); */
MUST_USE status snp_tcb_split(uint64_t word, enum snp_product product, struct snp_tcb *out, struct err *err);

/* The word again; the inverse of snp_tcb_split for a known product, 0 for an unknown one. */
/*@ requires \valid_read(tcb);
    assigns \nothing; */
uint64_t snp_tcb_join(const struct snp_tcb *tcb);

/*@ predicate snp_tcb_covers(struct snp_tcb *have, struct snp_tcb *least) =
      have->product != SNP_PRODUCT_UNKNOWN && have->product == least->product && have->fmc >= least->fmc &&
      have->boot_loader >= least->boot_loader && have->tee >= least->tee && have->snp >= least->snp &&
      have->microcode >= least->microcode; */

/* True when every component of `have` is >= the one of `least`.  Unequal or unknown products are false. */
/*@ requires \valid_read(have) && \valid_read(least);
    assigns \nothing;
    ensures \result <==> snp_tcb_covers(have, least); */
bool snp_tcb_at_least(const struct snp_tcb *have, const struct snp_tcb *least);

/*@ requires \valid_read(a) && \valid_read(b);
    assigns \nothing;
    ensures \result <==> a->product != SNP_PRODUCT_UNKNOWN && *a == *b; */
bool snp_tcb_eq(const struct snp_tcb *a, const struct snp_tcb *b);

#endif
