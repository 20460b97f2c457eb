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
    int to, from; /* neither blocks */
    uint8_t head[HEAD_BYTES];
    uint8_t *answer;  /* once its length is known */
    size_t len, have; /* have: with the head */
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
    const int ours[] = {i->to, i->from};
    for (size_t n = 0; n < 2 && is_ok(s); n++)
        if (fcntl(ours[n], F_SETFD, FD_CLOEXEC) != 0 || fcntl(ours[n], F_SETFL, O_NONBLOCK) != 0)
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

static void drop_answer(struct issuer *i)
{
    free(i->answer);
    i->answer = NULL;
    i->have = 0;
}

void issuer_close(struct issuer *i)
{
    if (!i) return;
    drop_answer(i);
    if (i->to >= 0) close(i->to);
    if (i->from >= 0) close(i->from);
    free(i);
}

/* ---- one request ------------------------------------------------------------------------------------------------ */

/* A request fits into an empty pipe, and one of which the answer is overdue leaves room for another. */
status issuer_ask(struct issuer *i, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], struct err *err)
{
    uint8_t request[HEAD_BYTES + ISSUER_REPORT_DATA_BYTES] = {0, 0, 0, ISSUER_REPORT_DATA_BYTES};
    memcpy(request + HEAD_BYTES, report_data, ISSUER_REPORT_DATA_BYTES);
    ssize_t n = write(i->to, request, sizeof request);
    return n == (ssize_t)sizeof request ? OK : failed("request", err);
}

int issuer_file(const struct issuer *i)
{
    return i->from;
}

static status open_answer(struct issuer *i, struct err *err)
{
    const uint8_t *head = i->head;
    i->len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (i->len == 0 || i->len > LIMIT_ISSUER_DOCUMENT_BYTES + 1)
        return err_set(err, ERR_IO, 0, "issuer: answer of %zu bytes, want 1 to %d", i->len,
                       LIMIT_ISSUER_DOCUMENT_BYTES + 1);
    i->answer = malloc(i->len);
    return i->answer ? OK : err_set(err, ERR_NOMEM, 0, "issuer: out of memory");
}

static status take_answer(struct issuer *i, struct buffer *out, struct err *err)
{
    bytes rest = BYTES(i->answer + 1, i->len - 1);
    switch (i->answer[0]) {
    case ANSWER_DOCUMENT:
        return buffer_put(out, rest, err);
    case ANSWER_FAILURE:
        return err_set(err, ERR_DENIED, 0, "issuer: %s", text_quote(rest).s);
    default:
        return err_set(err, ERR_IO, 0, "issuer: answer of kind %u, want 0 or 1", i->answer[0]);
    }
}

/* The next bytes of head or answer; *is_here: some came. */
static status read_some(struct issuer *i, bool *is_here, struct err *err)
{
    bool in_head = i->have < HEAD_BYTES;
    uint8_t *at = in_head ? i->head + i->have : i->answer + (i->have - HEAD_BYTES);
    ssize_t n = read(i->from, at, (in_head ? (size_t)HEAD_BYTES : HEAD_BYTES + i->len) - i->have);
    *is_here = n > 0;
    if (n == 0) return err_set(err, ERR_IO, 0, "issuer: the program has ended, or is not there");
    if (n < 0 && errno != EAGAIN && errno != EINTR) return failed("answer", err);
    if (n > 0) i->have += (size_t)n;
    return n > 0 && in_head && i->have == HEAD_BYTES ? open_answer(i, err) : OK;
}

status issuer_take(struct issuer *i, struct buffer *out, bool *is_whole, struct err *err)
{
    bool is_here = true;
    *is_whole = false;
    while (is_here && !*is_whole) {
        TRY(read_some(i, &is_here, err));
        *is_whole = i->answer && i->have == HEAD_BYTES + i->len;
    }
    if (!*is_whole) return OK;
    status s = take_answer(i, out, err);
    drop_answer(i);
    return s;
}

status issuer_issue(struct issuer *i, const uint8_t report_data[ISSUER_REPORT_DATA_BYTES], struct buffer *out,
                    struct err *err)
{
    int64_t until = dial_now() + ISSUER_MS;
    bool is_whole = false;
    TRY(issuer_ask(i, report_data, err));
    while (!is_whole) {
        TRY(err_in(err, exchange_await(i->from, POLLIN, until, err), "issuer"));
        TRY(issuer_take(i, out, &is_whole, err));
    }
    return OK;
}
