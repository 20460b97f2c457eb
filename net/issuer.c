/* SPDX-License-Identifier: Apache-2.0 */
#include "net/issuer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/dial.h"
#include "net/exchange.h"
#include "net/machine_serve.h"
#include "parse/text.h"

enum { HEAD_BYTES = 4, ANSWER_DOCUMENT = 0, ANSWER_FAILURE = 1 };

struct issuer {
    int to, from;
};

static status failed(const char *what, struct err *err)
{
    return err_set(err, ERR_IO, 0, "issuer: %s: %s", what, strerror(errno));
}

/* ---- the program ------------------------------------------------------------------------------------------------ */

/* In the child: the program, or this machine's own issuer when there is none. */
static void become(const char *program, const int input[2], const int output[2])
{
    char *const argv[] = {(char *)(uintptr_t)program, NULL};
    if (dup2(input[0], STDIN_FILENO) >= 0 && dup2(output[1], STDOUT_FILENO) >= 0) {
        close(input[0]);
        close(input[1]);
        close(output[0]);
        close(output[1]);
        if (!program) _exit(machine_serve(&MACHINE_OF_THIS_KERNEL, STDIN_FILENO, STDOUT_FILENO) ? 0 : 1);
        execv(program, argv);
    }
    _exit(127);
}

static status start(const char *program, struct issuer *i, struct err *err)
{
    int input[2], output[2];
    if (pipe(input) != 0) return failed("pipe", err);
    if (pipe(output) != 0) {
        status s = failed("pipe", err);
        close(input[0]);
        close(input[1]);
        return s;
    }
    pid_t child = fork();
    if (child == 0) become(program, input, output);
    status s = child > 0 ? OK : failed("fork", err);
    i->to = input[1];
    i->from = output[0];
    close(input[0]);
    close(output[1]);
    if (is_ok(s) && (fcntl(i->to, F_SETFD, FD_CLOEXEC) != 0 || fcntl(i->from, F_SETFD, FD_CLOEXEC) != 0))
        s = failed("pipe", err);
    return s;
}

/* The program of "exec:PROGRAM", or NULL for "auto". */
static status find_program(const char *what, const char **out, struct err *err)
{
    static const char prefix[] = "exec:";
    bool is_program = strncmp(what, prefix, sizeof prefix - 1) == 0;
    if (!is_program && strcmp(what, "auto") != 0)
        return err_set(err, ERR_UNSUPPORTED, 0, "issuer %s: want auto or exec:PROGRAM", text_quote(text_bytes(what)).s);
    *out = is_program ? what + sizeof prefix - 1 : NULL;
    return *out && access(*out, X_OK) != 0 ? failed(*out, err) : OK;
}

status issuer_open(const char *what, struct issuer **out, struct err *err)
{
    const char *program;
    TRY(find_program(what, &program, err));
    struct issuer *i = malloc(sizeof *i);
    if (!i) return err_set(err, ERR_NOMEM, 0, "issuer: out of memory");
    *i = (struct issuer){.to = -1, .from = -1};
    status s = start(program, i, err);
    if (is_ok(s))
        *out = i;
    else
        issuer_close(i);
    return s;
}

void issuer_close(struct issuer *i)
{
    if (!i) return;
    if (i->to >= 0) close(i->to);
    if (i->from >= 0) close(i->from);
    free(i);
}

/* ---- one request ------------------------------------------------------------------------------------------------ */

static status write_all(int file, bytes in, int64_t until, struct err *err)
{
    while (in.len > 0) {
        TRY(exchange_await(file, POLLOUT, until, err));
        ssize_t n = write(file, in.ptr, in.len);
        if (n < 0 && errno != EINTR) return err_set(err, ERR_IO, 0, "request: %s", strerror(errno));
        if (n > 0) in = bytes_slice(in, (size_t)n, in.len - (size_t)n);
    }
    return OK;
}

/* The answer without its length. */
static status read_answer(int file, int64_t until, uint8_t **out, size_t *len, struct err *err)
{
    uint8_t head[HEAD_BYTES];
    TRY(exchange_read(file, head, sizeof head, until, err));
    *len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (*len == 0 || *len > LIMIT_ISSUER_DOCUMENT_BYTES + 1)
        return err_set(err, ERR_IO, 0, "answer of %zu bytes, want 1 to %d", *len, LIMIT_ISSUER_DOCUMENT_BYTES + 1);
    *out = malloc(*len);
    if (!*out) return err_set(err, ERR_NOMEM, 0, "out of memory");
    return exchange_read(file, *out, *len, until, err);
}

static status take_answer(bytes answer, struct buffer *out, struct err *err)
{
    bytes rest = bytes_slice(answer, 1, answer.len - 1);
    switch (answer.ptr[0]) {
    case ANSWER_DOCUMENT:
        return buffer_put(out, rest, err);
    case ANSWER_FAILURE:
        return err_set(err, ERR_DENIED, 0, "%s", text_quote(rest).s);
    default:
        return err_set(err, ERR_IO, 0, "answer of kind %u, want 0 or 1", answer.ptr[0]);
    }
}

status issuer_issue(struct issuer *i, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], struct buffer *out,
                    struct err *err)
{
    int64_t until = dial_now() + ISSUER_MS;
    uint8_t request[HEAD_BYTES + ISSUER_REPORT_DATA_BYTES] = {0, 0, 0, ISSUER_REPORT_DATA_BYTES};
    uint8_t *answer = NULL;
    size_t len = 0;
    memcpy(request + HEAD_BYTES, report_data, ISSUER_REPORT_DATA_BYTES);
    status s = write_all(i->to, BYTES_OF(request), until, err);
    if (is_ok(s)) s = read_answer(i->from, until, &answer, &len, err);
    if (is_ok(s)) s = take_answer(BYTES(answer, len), out, err);
    free(answer);
    return err_in(err, s, "issuer");
}
