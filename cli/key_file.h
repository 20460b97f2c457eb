/* SPDX-License-Identifier: Apache-2.0 */
/* cli/key_file.h: private keys that a user names, read so that nothing of them stays behind. */
#ifndef CLI_KEY_FILE_H
#define CLI_KEY_FILE_H

#include "ca/key.h"

/* One key in PEM (ca/key.h).  ERR_IO, ERR_LIMIT for a file that is far too long, and what private_key_parse_pem says;
 * the text begins with the path. */
MUST_USE status key_file_read(const char *path, struct private_key *out, struct err *err);

#endif
