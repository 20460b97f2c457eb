/* SPDX-License-Identifier: Apache-2.0 */
/* tests/prove/wp.h: the functions of the C library that the core calls, as WP is told to see them.
 *
 * Frama-C's own headers speak of arrays of char; WP's memory model keeps char and uint8_t apart and could use none of
 * it on bytes.  Here the element is uint8_t, or char for the files that handle text (-DELEMENT=char).
 *
 * Stricter than C: no pointer is null, not even when n is 0 (C17 7.24.1 paragraph 2).
 */
#ifndef PROVE_WP_H
#define PROVE_WP_H

#define __FC_STRING_H_ /* keeps Frama-C's <string.h> and <stdio.h> out */
#define __FC_STDIO

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#ifndef ELEMENT
#define ELEMENT uint8_t
#endif

/*@ requires to != \null && from != \null;
    requires \valid(to + (0 .. n - 1)) && \valid_read(from + (0 .. n - 1));
    requires \separated(to + (0 .. n - 1), from + (0 .. n - 1));
    assigns to[0 .. n - 1] \from from[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> to[i] == from[i];
    ensures \result == to;
 */
extern ELEMENT *memcpy(ELEMENT *to, const ELEMENT *from, size_t n);

/*@ requires to != \null && from != \null;
    requires \valid(to + (0 .. n - 1)) && \valid_read(from + (0 .. n - 1));
    assigns to[0 .. n - 1] \from from[0 .. n - 1];
    ensures \forall integer i; 0 <= i < n ==> to[i] == \old(from[i]);
    ensures \result == to;
 */
extern ELEMENT *memmove(ELEMENT *to, const ELEMENT *from, size_t n);

/*@ requires to != \null;
    requires \valid(to + (0 .. n - 1));
    assigns to[0 .. n - 1] \from value;
    ensures 0 <= value <= 127 ==> \forall integer i; 0 <= i < n ==> to[i] == value;
    ensures \result == to;
 */
extern ELEMENT *memset(ELEMENT *to, int value, size_t n);

/*@ requires a != \null && b != \null;
    requires \valid_read(a + (0 .. n - 1)) && \valid_read(b + (0 .. n - 1));
    assigns \nothing;
    ensures \result == 0 <==> \forall integer i; 0 <= i < n ==> a[i] == b[i];
 */
extern int memcmp(const ELEMENT *a, const ELEMENT *b, size_t n);

/*@ requires \exists integer n; 0 <= n && \valid_read(s + (0 .. n)) && s[n] == 0;
    assigns \nothing;
    ensures \valid_read(s + (0 .. \result)) && s[\result] == 0;
    ensures \forall integer i; 0 <= i < \result ==> s[i] != 0;
 */
extern size_t strlen(const char *s);

/* That the arguments fit the format is the compiler's to check (-Wformat=2) and Eva's (tests/prove/libc.c). */
/*@ requires \valid(to + (0 .. n - 1)) && n > 0;
    assigns to[0 .. n - 1] \from format[0 ..], args;
    ensures to[n - 1] == 0 || to[n - 1] == \old(to[n - 1]);
 */
extern int vsnprintf(char *to, size_t n, const char *format, va_list args);

#endif
