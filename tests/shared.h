/* SPDX-License-Identifier: Apache-2.0 */
/* tests/shared.h: real reports, certificates and envelopes, which lie beside the tree in ../shared and are no part of
 * it.
 *
 * Where that folder is missing the test that asks for it is skipped, and counted as skipped; a file missing from a
 * folder that is there fails the test.
 */
#ifndef TESTS_SHARED_H
#define TESTS_SHARED_H

#include "parse/bytes.h"

/* The contents of ../shared/<path>, allocated with malloc: the caller frees `ptr`. */
bytes shared_read(const char *path);

#endif
