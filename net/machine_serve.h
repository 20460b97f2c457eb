/* SPDX-License-Identifier: Apache-2.0 */
/* net/machine_serve.h: the machine as an issuer: requests and answers as net/issuer.h tells, on two descriptors. */
#ifndef NET_MACHINE_SERVE_H
#define NET_MACHINE_SERVE_H

#include "net/machine.h"

/* Until `in` ends.  False when it ends within a request, for a request of another form, and when `out` takes no more.
 */
bool machine_serve(const struct machine *machine, int in, int out);

#endif
