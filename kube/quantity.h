/* SPDX-License-Identifier: Apache-2.0 */
/* kube/quantity.h: Kubernetes' quantities: 700Mi, 1.5G, 500m, 12e6.
 *
 * Two spellings of one quantity are one value, so that "1Gi" and "1024Mi" are equal.  The trap: "M" is 10^6 and "m" a
 * thousandth, so that 700m of memory is less than one byte.
 *
 * Not checked here: whether the number is sensible for what it counts.
 */
#ifndef KUBE_QUANTITY_H
#define KUBE_QUANTITY_H

#include "parse/bytes.h"
#include "parse/status.h"

/* In units of 10^-9, what Kubernetes keeps; what is smaller is rounded up, as there. */
struct quantity {
    unsigned __int128 nano;
};

/* ERR_SYNTAX; ERR_RANGE for what is negative or above 2^63 - 1. */
MUST_USE status quantity_parse(bytes text, struct quantity *out, struct err *err);

/* In whole units, rounded up. */
uint64_t quantity_units(struct quantity q);

#endif
