/* SPDX-License-Identifier: Apache-2.0 */
/* Where the library's generators of random numbers take their seed: getrandom(2), as what ca/random.h gives does.
 *
 * Debian's build of the library reads /dev/urandom instead, each time a generator begins or is seeded again, and a
 * locked-down process cannot open files.  Such a build asks a device of ours first.
 */
#ifndef CA_SEEDING_H
#define CA_SEEDING_H

/* The device's id for wc_InitRng_ex and wolfSSL_CTX_SetDevId, for as long as the process lives; the library's
 * INVALID_DEVID where its build calls getrandom by itself, and when there is no room for a device: generators then take
 * what they have, and fail where they cannot.  The device knows seeds alone: the library computes everything else by
 * itself. Any thread may call it.
 */
int seeding_device(void);

#endif
