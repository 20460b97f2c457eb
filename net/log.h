/* SPDX-License-Identifier: Apache-2.0 */
/* net/log.h: one JSON object a line on standard error, written whole.
 *
 * No secret is ever handed to it.  Foreign text is escaped.
 */
#ifndef NET_LOG_H
#define NET_LOG_H

#include "parse/bytes.h"

struct log_field {
    const char *name;
    const char *text;
};

/* {"time":...,"level":"info","process":"keeper","message":...,NAME:TEXT...}; fields end with one whose name is NULL.
 * The message is a static string. */
void log_line(const char *level, const char *message, const struct log_field *fields);

#define LOG(level, message, ...) log_line(level, message, (const struct log_field[]){__VA_ARGS__{0}})

/* The name of this process in each line; a static string. */
void log_name(const char *process);

#endif
