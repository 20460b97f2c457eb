/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/tcb.h"

#define RESERVED_BEFORE_TURIN 0x0000ffffffff0000ULL
#define RESERVED_ON_TURIN     0x00ffffff00000000ULL

/*@ requires i < 8;
    assigns \nothing; */
static uint8_t byte_of(uint64_t word, unsigned i)
{
    return (uint8_t)(word >> (8 * i) & 0xff);
}

/*@ requires err_sound(err);
    assigns *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE <==> (word & mask) == 0; */
static status refuse_reserved(uint64_t word, uint64_t mask, struct err *err)
{
    if ((word & mask) == 0) return OK;
    return err_rule(err, ERR_RANGE, "report.tcb-reserved", 0, "TCB 0x%016llx: reserved bytes are not zero",
                    (unsigned long long)word);
}

status snp_tcb_split(uint64_t word, enum snp_product product, struct snp_tcb *out, struct err *err)
{
    switch (product) {
    case SNP_MILAN:
    case SNP_GENOA:
        TRY(refuse_reserved(word, RESERVED_BEFORE_TURIN, err));
        *out = (struct snp_tcb){.product = product,
                                .boot_loader = byte_of(word, 0),
                                .tee = byte_of(word, 1),
                                .snp = byte_of(word, 6),
                                .microcode = byte_of(word, 7)};
        return OK;
    case SNP_TURIN:
        TRY(refuse_reserved(word, RESERVED_ON_TURIN, err));
        *out = (struct snp_tcb){.product = product,
                                .fmc = byte_of(word, 0),
                                .boot_loader = byte_of(word, 1),
                                .tee = byte_of(word, 2),
                                .snp = byte_of(word, 3),
                                .microcode = byte_of(word, 7)};
        return OK;
    default:
        break;
    }
    return err_rule(err, ERR_UNSUPPORTED, "product.known", 0, "TCB: the layout of this product is not known");
}

uint64_t snp_tcb_join(const struct snp_tcb *t)
{
    uint64_t ucode = (uint64_t)t->microcode << 56;
    switch (t->product) {
    case SNP_MILAN:
    case SNP_GENOA:
        return ucode | (uint64_t)t->snp << 48 | (uint64_t)t->tee << 8 | t->boot_loader;
    case SNP_TURIN:
        return ucode | (uint64_t)t->snp << 24 | (uint64_t)t->tee << 16 | (uint64_t)t->boot_loader << 8 | t->fmc;
    default:
        return 0;
    }
}

bool snp_tcb_at_least(const struct snp_tcb *have, const struct snp_tcb *least)
{
    return have->product != SNP_PRODUCT_UNKNOWN && have->product == least->product && have->fmc >= least->fmc &&
           have->boot_loader >= least->boot_loader && have->tee >= least->tee && have->snp >= least->snp &&
           have->microcode >= least->microcode;
}

bool snp_tcb_eq(const struct snp_tcb *a, const struct snp_tcb *b)
{
    return snp_tcb_at_least(a, b) && snp_tcb_at_least(b, a);
}
