/* SPDX-License-Identifier: Apache-2.0 */
/* verify/coordinator_ca.h: the two CA certificates that a Coordinator hands out (Contrast protocol, certificates).
 *
 * The root CA stays for the life of a deployment, the mesh CA for that of a manifest.  Both sign themselves: what makes
 * them trusted is that REPORT_DATA binds their bytes.  The profile is checked nevertheless, for whoever puts one of
 * them into a trust store trusts all that it may sign.
 *
 * The trap: a Coordinator makes the certificates anew when it starts; only the root's key stays.  So a root is known
 * again by its key, never by its bytes.
 *
 * Not checked here: that REPORT_DATA binds them (verify/deployment.h), the serial number, and that the key identifier
 * is a hash of the key.  Source: Contrast protocol, certificates.
 */
#ifndef VERIFY_COORDINATOR_CA_H
#define VERIFY_COORDINATOR_CA_H

#include "parse/limits.h"
#include "parse/x509.h"
#include "verify/verdict.h"

enum coordinator_ca_role { COORDINATOR_ROOT_CA, COORDINATOR_MESH_CA };

struct coordinator_ca {
    uint8_t der[LIMIT_CERTIFICATE_BYTES];
    struct x509_certificate x; /* views of `der` */
    bool has_profile;
    bytes point; /* 04 | X | Y, 97 bytes; absent unless has_profile */
};

/* `pem`: one block and nothing else.  Sets the rows *-ca.certificate, .profile, .signature and .validity of its role.
 */
void coordinator_ca_check(bytes pem, enum coordinator_ca_role role, int64_t now, struct coordinator_ca *out,
                          struct verdict *v);

/* One certificate, PEM or DER, of this role's profile, as a user gives it: signature and time do not matter there.  The
 * text of the error says what is wrong. */
MUST_USE status coordinator_ca_parse(bytes in, enum coordinator_ca_role role, struct coordinator_ca *out,
                                     struct err *err);

#endif
