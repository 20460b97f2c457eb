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

/* Lines that strangers can cause at will: so many of a kind in so much time, and then how many more there were. */
enum { LIMIT_LOG_LINES = 20, LOG_WINDOW_MS = 10000 };

struct log_limit {
    const char *what; /* the kind, for the line that counts; a static string */
    int64_t since;
    unsigned lines;
    uint64_t left_out;
};

/* Whether one more line may be written at `now`, in milliseconds of a clock that never goes back.  Says what was left
 * out when a new window begins. */
bool log_limit_take(struct log_limit *l, int64_t now);

/* The same without a line, so that the count is told when nothing more happens. */
void log_limit_tick(struct log_limit *l, int64_t now);

/* The least that is written from now on: "debug", "info", "warning" or "error"; all of it before.  False: no such
 * level. */
bool log_level(const char *level);

/* The name of this process in each line; a static string. */
void log_name(const char *process);

#endif
