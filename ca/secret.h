/* SPDX-License-Identifier: Apache-2.0 */
/* ca/secret.h: the bytes that must not leak: how they are held, wiped and compared.
 *
 * Rules of this tree, kept by names: a member that holds a secret is called secret or begins with secret_, and so does
 * a parameter; such a struct has a wipe function, called as soon as the secret has been used, or tied to the scope with
 *
 *     __attribute__((cleanup(secret_seed_wipe))) struct secret_seed seed = {0};
 *
 * Nothing here makes text of a secret, and no error, log or verdict may hold one; `ninja` refuses a source that hands
 * something with such a name to a function that formats (configure/check.py).
 *
 * The trap: a copy of a struct is a second secret.  Pass pointers.
 * Not done here: locking pages into memory, and keeping them out of core dumps; that is for the process
 * (coordinator/).
 */
#ifndef CA_SECRET_H
#define CA_SECRET_H

#include "parse/bytes.h"

enum { SECRET_SEED_BYTES = 64, SECRET_SALT_BYTES = 32 };

/* What every key of a deployment is derived from, or a secret of that length that was derived. */
struct secret_seed {
    uint8_t secret[SECRET_SEED_BYTES];
};

/* HKDF's salt.  It is no secret by itself, but lives and dies with the seed. */
struct secret_salt {
    uint8_t secret[SECRET_SALT_BYTES];
};

/* Zeros that the compiler may not leave out. */
void secret_wipe(void *p, size_t n);

void secret_seed_wipe(struct secret_seed *s);
void secret_salt_wipe(struct secret_salt *s);

/* Whether `n` bytes are equal, in time that depends on `n` only. */
bool secret_eq(const void *a, const void *b, size_t n);

#endif
