/* SPDX-License-Identifier: Apache-2.0 */
/* cli/json_out.h: a JSON document on its way out: whole, or an error.
 *
 * The library leaves out a member that it has no memory for and says so in a result that nobody looks at: what came out
 * would be a verdict without that member.  So all that it fails to get is noticed here.  A document is made by one
 * thread, from json_begin to json_end.
 */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <stdio.h>

#include "parse/status.h"

struct cJSON;

/* The object at the top, which json_end frees. */
struct cJSON *json_begin(void);

/* A part of it could not be made; for whoever gets memory elsewhere. */
void json_lack(void);

/* Writes `before`, the document and `after`.  ERR_NOMEM, and then nothing is written. */
MUST_USE status json_end(struct cJSON *top, FILE *out, const char *before, const char *after, struct err *err);

#endif
