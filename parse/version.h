/* SPDX-License-Identifier: Apache-2.0 */
/* parse/version.h: the version, in its one place. */
#ifndef PARSE_VERSION_H
#define PARSE_VERSION_H

#define CONTRAST_VERSION "0.1.0"

#endif
