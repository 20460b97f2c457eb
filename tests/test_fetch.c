/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "net/fetch.h"
#include "tests/scratch.h"

/* A CRL of Genoa is asked for in 4 + 7 bytes. */
static const struct fetch_request request = {.kind = FETCH_CRL, .product = 2, .wait_ms = 10000};

/* What a program that is a script answers; its folder has what it wrote. */
static status ask_script(const char *script, struct fetch **f, struct fetch_answer *out, struct err *err)
{
    struct scratch s = scratch_open();
    char program[128];
    scratch_write(&s, "fetch", BYTES((const uint8_t *)script, strlen(script)));
    scratch_run(&s, "chmod +x fetch");
    snprintf(program, sizeof program, "%s/fetch", s.path);
    const char *const roots[] = {"a.pem", "b.pem"};
    const struct fetch_options options = {
        .program = program, .url = "https://kds.example", .roots = roots, .root_count = 2};
    cr_assert(is_ok(fetch_open(&options, f, err)), "%s", err->text);
    status done = fetch_ask(*f, &request, out, err);
    scratch_close(&s);
    return done;
}

static void expect_failure(const char *script, enum err_kind kind, const char *text)
{
    struct fetch *f = NULL;
    struct fetch_answer a = {.retry_after_s = 77};
    struct err err = {0};
    cr_expect_eq(ask_script(script, &f, &a, &err).kind, kind, "%s: %s", script, err.text);
    cr_expect(strstr(err.text, text) != NULL, "want \"%s\", have \"%s\"", text, err.text);
    cr_expect_eq(a.retry_after_s, 77);
    fetch_close(f);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

#define READ "#!/bin/sh\nhead -c 11 >/dev/null\n"

Test(fetch, answers_that_are_none_are_refused)
{
    expect_failure(READ "printf '\\000\\000\\000\\000'\n", ERR_RANGE, "want a length of 1 to");
    expect_failure(READ "printf '\\377\\377\\377\\377'\n", ERR_RANGE, "want a length of 1 to");
    expect_failure(READ "printf '\\001\\000\\000\\000\\000'\n", ERR_TRUNCATED, "contrast-fetch: fetch answer");
    expect_failure(READ "printf '\\007\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000'\n", ERR_RANGE, "content");
    expect_failure(READ "printf '\\007\\000\\000\\000\\000'\n", ERR_IO, "the program has ended");
    expect_failure(READ "printf '\\007'\n", ERR_IO, "the program has ended");
    expect_failure("#!/bin/sh\ntrue\n", ERR_IO, "the program has ended");
}

Test(fetch, a_program_that_is_not_there_shows_when_it_is_asked)
{
    struct fetch *f = NULL;
    struct fetch_answer a;
    struct err err = {0};
    cr_assert(is_ok(fetch_open(&(struct fetch_options){.program = "/nowhere/contrast-fetch"}, &f, &err)));
    cr_expect_eq(fetch_ask(f, &request, &a, &err).kind, ERR_IO);
    cr_expect(strstr(err.text, "has ended, or is not there") != NULL, "%s", err.text);
    fetch_close(f);
    fetch_close(NULL);
}

Test(fetch, too_many_roots)
{
    struct fetch *f = NULL;
    cr_expect_eq(fetch_open(&(struct fetch_options){.root_count = FETCH_OPTION_ROOTS + 1}, &f, NULL).kind, ERR_LIMIT);
    cr_expect_null(f);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The script answers with its arguments and the request in hex: each as the header says. */
Test(fetch, asks_and_takes_the_answer)
{
    struct fetch *f = NULL;
    struct fetch_answer a = {0};
    struct err err = {0};
    status s =
        ask_script("#!/bin/sh\ntext=\"$* $(head -c 11 | od -An -v -tx1 | tr -d ' \\n')\"\n"
                   "printf \"\\\\$(printf %o $((${#text} + 10)))\\\\000\\\\000\\\\000\"\n"
                   "printf \"\\\\001\\\\000\\\\000\\\\000\\\\000\\\\$(printf %o ${#text})\\\\000%sDER\" \"$text\"\n",
                   &f, &a, &err);
    cr_assert(is_ok(s), "%s", err.text);
    cr_expect_eq(a.outcome, FETCH_STALE);
    cr_expect(bytes_eq(a.content, BYTES_LIT("DER")));
    cr_expect(bytes_eq(a.text, BYTES_LIT("--kds-url https://kds.example --insecure-root a.pem --insecure-root b.pem "
                                         "0700000002000210270000")),
              "%.*s", (int)a.text.len, (const char *)a.text.ptr);
    fetch_close(f);
}

/* It waits for the network, and is ended all the same. */
Test(fetch, closing_does_not_wait)
{
    struct fetch *f = NULL;
    struct fetch_answer a;
    struct err err = {0};
    cr_expect_eq(ask_script("#!/bin/sh\nprintf '\\000\\000\\000\\000'\nexec sleep 1000\n", &f, &a, &err).kind,
                 ERR_RANGE);
    fetch_close(f);
}
