/* SPDX-License-Identifier: Apache-2.0 */
/* tests/prove/libc.c: vsnprintf as Eva is told to see it: any text comes out, cut and ended by a NUL, or a failure.
 *
 * The format is walked for what the compiler cannot check through err_set's variable arguments: that each of them is
 * there, initialised, and a NUL-terminated text where the format says %s. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/prove/input.h"

static size_t skip(const char *format, size_t i, const char *any_of)
{
    //@ loop unroll 12;
    while (format[i] != '\0' && strchr(any_of, format[i]))
        i++;
    return i;
}

int vsnprintf(char *out, size_t cap, const char *format, va_list args)
{
    //@ loop unroll 400;
    for (size_t i = 0; format[i] != '\0'; i++) {
        if (format[i] != '%') continue;
        size_t flags = i + 1, longs = skip(format, flags, "0123456789.-");
        i = skip(format, longs, "lz");
        //@ assert conversion: \subset(format[i], {'%', 's', 'd', 'u', 'x', 'c'});
        if (format[i] == 's')
            (void)strlen(va_arg(args, const char *));
        else if (format[i] != '%' && i == longs)
            (void)va_arg(args, int);
        else if (format[i] != '%')
            (void)va_arg(args, long);
    }
    if (any(0, 1)) return -1;
    if (cap > 0) {
        Frama_C_make_unknown(out, cap);
        out[cap - 1] = '\0';
    }
    return any(0, INT32_MAX);
}

int snprintf(char *out, size_t cap, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out, cap, format, args);
    va_end(args);
    return n;
}
