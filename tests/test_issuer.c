/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>

#include "net/issuer.h"
#include "parse/text.h"
#include "tests/scratch.h"

static const uint8_t report_data[ISSUER_REPORT_DATA_BYTES] = {1, 2, 3};

/* An issuer that is a script, and what it answers to one request. */
static status issue_by(const char *script, struct buffer *out, struct err *err)
{
    struct scratch s = scratch_open();
    char program[128];
    struct issuer *i = NULL;
    signal(SIGPIPE, SIG_IGN);
    scratch_write(&s, "issuer", text_bytes(script));
    scratch_run(&s, "chmod +x issuer");
    snprintf(program, sizeof program, "exec:%s/issuer", s.path);
    cr_assert(is_ok(issuer_open(program, &i, err)), "%s", err->text);
    status done = issuer_issue(i, report_data, out, err);
    issuer_close(i);
    scratch_close(&s);
    return done;
}

static void expect_failure(const char *script, enum err_kind kind, const char *text)
{
    struct buffer out = BUFFER("document", 1 << 20);
    struct err err = {0};
    cr_expect_eq(issue_by(script, &out, &err).kind, kind, "%s: %s", script, err.text);
    cr_expect(strstr(err.text, text) != NULL, "want \"%s\", have \"%s\"", text, err.text);
    cr_expect_eq(buffer_view(&out).len, 0);
    buffer_free(&out);
}

/* A request is 4 bytes that say 64, and the 64: the script shows that it got them. */
Test(issuer, asks_and_takes_the_document)
{
    struct buffer out = BUFFER("document", 1 << 20);
    struct err err = {0};
    status s = issue_by("#!/bin/sh\nset -e\nhead -c 68 | od -An -v -tx1 | tr -d ' \\n' > got\n"
                        "[ \"$(cut -c1-14 got)\" = 00000040010203 ] && [ $(wc -c < got) = 136 ]\n"
                        "printf '\\000\\000\\000\\004\\000doc'\n",
                        &out, &err);
    cr_expect(is_ok(s), "%s", err.text);
    cr_expect(bytes_eq(buffer_view(&out), BYTES_LIT("doc")));
    buffer_free(&out);
}

/* A script that ends before it has read its request is a broken pipe for whoever asks. */
#define READ "#!/bin/sh\nhead -c 68 >/dev/null\n"

Test(issuer, hands_on_why_there_is_none)
{
    expect_failure(READ "printf '\\000\\000\\000\\004\\001no\\n'\n", ERR_DENIED, "issuer: \"no\\n\"");
}

Test(issuer, answers_that_are_none_are_refused)
{
    expect_failure(READ "printf '\\000\\000\\000\\000'\n", ERR_IO, "answer of 0 bytes");
    expect_failure(READ "printf '\\000\\001\\000\\002'\n", ERR_IO, "answer of 65538 bytes");
    expect_failure(READ "printf '\\000\\000\\000\\004\\002doc'\n", ERR_IO, "answer of kind 2");
    expect_failure(READ "printf '\\000\\000\\000\\004\\000do'\n", ERR_IO, "the program has ended");
    expect_failure(READ "printf '\\000\\000'\n", ERR_IO, "the program has ended");
    expect_failure("#!/bin/sh\ntrue\n", ERR_IO, "issuer: ");
}

Test(issuer, that_is_not_there_is_not_started)
{
    struct issuer *i = NULL;
    struct err err = {0};
    cr_expect_eq(issuer_open("exec:/nowhere/issuer", &i, &err).kind, ERR_IO);
    cr_expect_eq(issuer_open("tpm", &i, NULL).kind, ERR_UNSUPPORTED);
    cr_expect_null(i);
}

/* This machine is no SEV guest, or a guest: in both cases its own process says so. */
Test(issuer, of_this_machine_answers)
{
    struct issuer *i = NULL;
    struct buffer out = BUFFER("document", 1 << 20);
    struct err err = {0};
    cr_assert(is_ok(issuer_open("auto", &i, &err)), "%s", err.text);
    for (int n = 0; n < 2; n++) {
        err = (struct err){0};
        status s = issuer_issue(i, report_data, &out, &err);
        cr_expect(is_ok(s) ? out.len > 1184 : s.kind == ERR_DENIED && strstr(err.text, "sev-guest"), "%s", err.text);
    }
    buffer_free(&out);
    issuer_close(i);
}
