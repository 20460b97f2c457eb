/* SPDX-License-Identifier: Apache-2.0 */
#include "net/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "parse/time.h"

/* What is longer is cut: one write of at most PIPE_BUF bytes does not mix with another process's. */
enum { LINE_MAX_BYTES = 4096 };

static const char *process_name = "coordinator";

struct line {
    char text[LINE_MAX_BYTES];
    size_t len;
    bool is_full;
};

static const char *const levels[] = {"debug", "info", "warning", "error"};
enum { LEVELS = sizeof levels / sizeof levels[0] };
static size_t least;

static size_t rank_of(const char *level)
{
    size_t i = 0;
    while (i < LEVELS && strcmp(level, levels[i]) != 0)
        i++;
    return i;
}

bool log_level(const char *level)
{
    size_t rank = rank_of(level);
    if (rank == LEVELS) return false;
    least = rank;
    return true;
}

void log_name(const char *process)
{
    process_name = process;
}

/* Keeps room for the end of the line. */
static void put(struct line *l, const char *s, size_t n)
{
    if (n > sizeof l->text - 2 - l->len) {
        l->is_full = true;
        return;
    }
    memcpy(l->text + l->len, s, n);
    l->len += n;
}

static void put_string(struct line *l, const char *s)
{
    put(l, "\"", 1);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        char escaped[8];
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
            put(l, s, 1);
            continue;
        }
        int n = snprintf(escaped, sizeof escaped, "\\u%04x", c);
        put(l, escaped, n > 0 ? (size_t)n : 0);
    }
    put(l, "\"", 1);
}

/* Whole or not at all. */
static void put_pair(struct line *l, const char *name, const char *text)
{
    size_t before = l->len;
    put(l, l->len == 0 ? "{" : ",", 1);
    put_string(l, name);
    put(l, ":", 1);
    put_string(l, text);
    if (l->is_full) l->len = before;
    l->is_full = false;
}

void log_line(const char *level, const char *message, const struct log_field *fields)
{
    if (rank_of(level) < least) return;
    struct line l = {0};
    char now[TIME_TEXT_SIZE] = "";
    struct timespec t = {0};
    clock_gettime(CLOCK_REALTIME, &t);
    (void)!is_ok(time_write_rfc3339(t.tv_sec, now, NULL)); /* empty in the year 10000 */
    put_pair(&l, "time", now);
    put_pair(&l, "level", level);
    put_pair(&l, "process", process_name);
    put_pair(&l, "message", message);
    for (; fields->name; fields++)
        put_pair(&l, fields->name, fields->text);
    memcpy(l.text + l.len, "}\n", 2);
    ssize_t n = write(STDERR_FILENO, l.text, l.len + 2);
    (void)n; /* there is nobody left to tell */
}

/* ---- lines that strangers cause --------------------------------------------------------------------------------- */

void log_limit_tick(struct log_limit *l, int64_t now)
{
    char count[24];
    if (now - l->since < LOG_WINDOW_MS) return;
    (void)snprintf(count, sizeof count, "%llu", (unsigned long long)l->left_out);
    if (l->left_out > 0) LOG("warning", "lines were left out", {"of", l->what}, {"count", count}, );
    l->since = now;
    l->lines = 0;
    l->left_out = 0;
}

bool log_limit_take(struct log_limit *l, int64_t now)
{
    log_limit_tick(l, now);
    if (l->lines < LIMIT_LOG_LINES) {
        l->lines++;
        return true;
    }
    l->left_out++;
    return false;
}
