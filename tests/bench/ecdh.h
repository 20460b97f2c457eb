/* SPDX-License-Identifier: Apache-2.0 */
/* tests/bench/ecdh.h: the key agreement of one handshake. */
#ifndef TESTS_BENCH_ECDH_H
#define TESTS_BENCH_ECDH_H

#include <stdbool.h>

/* A fresh X25519 key and the secret that it shares with another one. */
bool bench_ecdh(void);

#endif
