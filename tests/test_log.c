/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <string.h>

#include "net/log.h"

static char line[8192];

/* What one line on standard error is. */
static void read_line(void)
{
    FILE *f = cr_get_redirected_stderr();
    size_t n = fread(line, 1, sizeof line - 1, f);
    line[n] = '\0';
}

Test(log, is_one_json_object_a_line, .init = cr_redirect_stderr)
{
    LOG("info", "it happened", {"pod", "we\"b\n\\"}, {"host", "\xc3\xa4"}, );
    read_line();
    char *rest = strstr(line, ",\"level\"");
    cr_assert_not_null(rest, "%s", line);
    cr_expect(strncmp(line, "{\"time\":\"20", 11) == 0, "%s", line);
    cr_expect_str_eq(
        rest, ",\"level\":\"info\",\"process\":\"coordinator\",\"message\":\"it happened\",\"pod\":\"we\\u0022b\\u000a"
              "\\u005c\",\"host\":\"\\u00c3\\u00a4\"}\n");
}

/* A field that does not fit is left out whole, so that the line stays one. */
Test(log, leaves_out_what_does_not_fit, .init = cr_redirect_stderr)
{
    static char text[3000];
    memset(text, 'x', sizeof text - 1);
    LOG("info", "it happened", {"a", text}, {"b", text}, {"c", "y"}, );
    read_line();
    cr_expect(strstr(line, "\"a\":\"xxx") != NULL);
    cr_expect_null(strstr(line, "\"b\""));
    cr_expect(strstr(line, ",\"c\":\"y\"}\n") != NULL);
    cr_expect(strlen(line) <= 4096);
}

/* A level that does not exist is not taken for one that is lower or higher. */
Test(log, leaves_out_what_is_below_its_level, .init = cr_redirect_stderr)
{
    cr_expect_not(log_level("loud"));
    cr_expect_not(log_level(""));
    cr_expect(log_level("warning"));
    LOG("debug", "one", );
    LOG("info", "two", );
    LOG("warning", "three", );
    LOG("error", "four", );
    read_line();
    cr_expect_null(strstr(line, "one"));
    cr_expect_null(strstr(line, "two"));
    cr_expect(strstr(line, "three") && strstr(line, "four"), "%s", line);
}

/* What strangers cause at will does not fill a disk, and is not passed over in silence. */
Test(log, counts_what_a_limit_leaves_out, .init = cr_redirect_stderr)
{
    struct log_limit l = {.what = "refused peers"};
    unsigned taken = 0;
    for (int i = 0; i < 100; i++)
        taken += log_limit_take(&l, 50000 + i);
    cr_expect_eq(taken, LIMIT_LOG_LINES);
    log_limit_tick(&l, 50000 + LOG_WINDOW_MS - 1);
    log_limit_tick(&l, 50000 + LOG_WINDOW_MS);
    log_limit_tick(&l, 50000 + 3 * LOG_WINDOW_MS);
    cr_expect(log_limit_take(&l, 50000 + 3 * LOG_WINDOW_MS));
    read_line();
    char *rest = strstr(line, ",\"message\"");
    cr_assert_not_null(rest);
    cr_expect_str_eq(rest, ",\"message\":\"lines were left out\",\"of\":\"refused peers\",\"count\":\"80\"}\n");
}
