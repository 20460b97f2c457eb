/* SPDX-License-Identifier: Apache-2.0 */
/* cli/verdict_json.h: a verdict, and what it is about, as members of a JSON object.
 *
 * Numbers of 64 bits and bytes are strings in hex, so that no reader rounds them.  Every string is printable ASCII:
 * foreign text that is more comes quoted and escaped, as on a terminal.
 */
#ifndef CLI_VERDICT_JSON_H
#define CLI_VERDICT_JSON_H

#include "cli/describe.h"

struct cJSON;

void verdict_json_text(struct cJSON *to, const char *name, const char *text);

/* "decision", "exit_code", "by_hand" */
void verdict_json_decision(struct cJSON *to, const struct verdict *v);

/* A member for each section. */
void verdict_json_description(struct cJSON *to, const struct description *d);

/* "checks" and "warnings" */
void verdict_json_outcome(struct cJSON *to, const struct verdict *v);

#endif
