/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz/der_mutate.h: changes of a DER object that keep the lengths around them right, for custom mutators.
 *
 * Bytes drawn blindly seldom get past the first wrong length; these changes reach what stands behind it.
 */
#ifndef FUZZ_DER_MUTATE_H
#define FUZZ_DER_MUTATE_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own change of bytes in place; absent in a program that is linked with another engine. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

/* LLVMFuzzerMutate, or a change of one byte where there is none. */
size_t mutate_bytes(uint8_t *data, size_t size, size_t max, unsigned seed);

/* Takes away, doubles, replaces, retags or refills one element of data[0..size), in place; returns the new size, at
 * most `max`.  What is no DER is changed as bytes. */
size_t der_mutate(uint8_t *data, size_t size, size_t max, unsigned seed);

#endif
