/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fetch_kds.h: answers a request out of the cache, or else from the service, with patience where it asks for that.
 */
#ifndef CLI_FETCH_KDS_H
#define CLI_FETCH_KDS_H

#include "cli/fetch_store.h"

struct fetch_kds {
    const char *url; /* checked, without a slash at its end */
    bool is_loopback;
    struct fetch_store store;
};

/* Does not fail: what goes wrong is an outcome.  The answer's views lie in `memory`. */
void fetch_kds_answer(const struct fetch_kds *kds, const struct fetch_request *wanted, struct arena *memory,
                      struct fetch_answer *out);

#endif
