/* SPDX-License-Identifier: Apache-2.0 */
/* parse/put.h: little-endian integers into memory of the caller, the writing twin of parse/cursor.h. */
#ifndef PARSE_PUT_H
#define PARSE_PUT_H

#include <stdint.h>

static inline void put_u16le(uint8_t out[static 2], uint16_t v)
{
    out[0] = (uint8_t)v;
    out[1] = (uint8_t)(v >> 8);
}

static inline void put_u32le(uint8_t out[static 4], uint32_t v)
{
    put_u16le(out, (uint16_t)v);
    put_u16le(out + 2, (uint16_t)(v >> 16));
}

static inline void put_u64le(uint8_t out[static 8], uint64_t v)
{
    put_u32le(out, (uint32_t)v);
    put_u32le(out + 4, (uint32_t)(v >> 32));
}

#endif
