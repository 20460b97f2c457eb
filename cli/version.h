/* SPDX-License-Identifier: Apache-2.0 */
/* cli/version.h: the version, in its one place. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#define CONTRAST_VERSION "0.1.0"

#endif
