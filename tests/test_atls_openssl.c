/* SPDX-License-Identifier: Apache-2.0 */
/* Attested TLS with OpenSSL at the other end, over a socket of the file system. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/atls_pair.h"
#include "tests/scratch.h"

/* The server's nonce of tests/atls_pair.h in base64, and the entry with the client's, as other programs spell them. */
#define SERVER_NONCE "U0VSVgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define CLIENT_ENTRY "atls:v1:nonce:434c494500000000000000000000000000000000000000000000000000000000"
#define EVIDENCE     "65766964656e6365" /* "evidence" */

/* ---- processes and sockets -------------------------------------------------------------------------------------- */

enum { PATIENCE_MS = 20000 };

/* openssl with these arguments, run in the folder; what it says goes to the file `out`. */
static pid_t start(const struct scratch *s, const char *arguments)
{
    char line[1024];
    (void)snprintf(line, sizeof line, "cd %s && exec openssl %s >out 2>&1 </dev/null", s->path, arguments);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static struct sockaddr_un address(const struct scratch *s)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    (void)snprintf(a.sun_path, sizeof a.sun_path, "%s/socket", s->path);
    return a;
}

static int listen_in(const struct scratch *s)
{
    struct sockaddr_un a = address(s);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)unlink(a.sun_path);
    cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 1) == 0, "%s", a.sun_path);
    return fd;
}

/* A server needs a moment until it listens. */
static int connect_in(const struct scratch *s)
{
    struct sockaddr_un a = address(s);
    for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return fd;
        (void)close(fd);
        (void)nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    cr_assert_fail("%s: nobody listens", a.sun_path);
    return -1;
}

static void flush(struct atls *a, int fd)
{
    while (atls_output(a)->len > 0) {
        bytes out = buffer_view(atls_output(a));
        ssize_t n = send(fd, out.ptr, out.len, MSG_NOSIGNAL);
        if (n <= 0) return; /* the other end is gone: then there is nothing to say */
        buffer_drop(atls_output(a), (size_t)n);
    }
}

/* What one end has to do besides passing bytes on. */
struct talk {
    bytes evidence; /* to give when asked */
    bytes says;     /* once it is open; then it waits for `hears` and closes */
    bytes hears;
};

static status act(struct atls *a, const struct talk *talk, bool *said, struct err *err)
{
    if (atls_state(a) == ATLS_WANT_EVIDENCE) TRY(atls_answer(a, talk->evidence, err));
    if (atls_state(a) == ATLS_WANT_JUDGEMENT) TRY(atls_accept(a, err));
    if (atls_state(a) != ATLS_OPEN) return OK;
    if (!*said) TRY(atls_write(a, talk->says, err));
    *said = true;
    if (bytes_eq(buffer_view(atls_plaintext(a)), talk->hears)) atls_close(a);
    return OK;
}

/* Until the connection is over; the first error of our end, or OK. */
static status run(struct atls *a, int fd, const struct talk *talk, struct err *err)
{
    uint8_t in[4096];
    bool said = false;
    status s = atls_step(a, BYTES_LIT(""), err);
    for (;;) {
        if (is_ok(s)) s = act(a, talk, &said, err);
        flush(a, fd);
        if (!is_ok(s) || atls_state(a) == ATLS_CLOSED) return s;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        cr_assert_gt(poll(&p, 1, PATIENCE_MS), 0, "the other end says nothing");
        ssize_t n = read(fd, in, sizeof in);
        s = n > 0 ? atls_step(a, BYTES(in, (size_t)n), err) : atls_end(a, err);
    }
}

static void expect_said(const struct scratch *s, const char *text, bool wanted)
{
    bytes out = scratch_read(s, "out");
    size_t n = strlen(text);
    bool found = false;
    for (size_t at = 0; !found && at + n <= out.len; at++)
        found = memcmp(out.ptr + at, text, n) == 0;
    cr_expect_eq(found, wanted, "%s%s in\n%.*s", wanted ? "want " : "want no ", text, (int)out.len,
                 (const char *)out.ptr);
    free((void *)out.ptr);
}

/* key.pem and cert.pem, which says of itself what `more` says. */
static void make_certificate(const struct scratch *s, const char *key, const char *more)
{
    char line[512];
    (void)snprintf(line, sizeof line,
                   "openssl req -config empty.cnf -x509 -nodes -days 1 -subj /CN=Contrast -newkey %s -keyout key.pem "
                   "-out cert.pem %s 2>req.out",
                   key, more);
    scratch_write(s, "empty.cnf", BYTES_LIT("[req]\ndistinguished_name=dn\n[dn]\n"));
    scratch_run(s, line);
}

/* ---- OpenSSL is the client -------------------------------------------------------------------------------------- */

static struct atls *new_server(bool require_evidence)
{
    struct atls *a;
    struct err err = {0};
    atls_test_open();
    struct atls_server_config config = {
        .nonce = atls_server_nonce, .require_evidence = require_evidence, .now = time(NULL)};
    cr_assert(is_ok(atls_server_new(&config, &a, &err)), "%s", err.text);
    return a;
}

/* A connection of s_client with these options; the server as it was left at its end. */
static struct atls *serve(const struct scratch *s, const char *options, bool require_evidence, status *how,
                          struct err *err)
{
    char line[768];
    (void)snprintf(line, sizeof line, "s_client -unix socket -ign_eof %s", options);
    int listener = listen_in(s);
    pid_t pid = start(s, line);
    struct pollfd p = {.fd = listener, .events = POLLIN};
    cr_assert_gt(poll(&p, 1, PATIENCE_MS), 0, "openssl does not connect");
    int fd = accept(listener, NULL, NULL), code;
    cr_assert_geq(fd, 0);
    struct atls *a = new_server(require_evidence);
    struct talk greeting = {BYTES_LIT("evidence"), BYTES_LIT("hello\n"), BYTES_LIT("")};
    *how = run(a, fd, &greeting, err);
    (void)close(fd);
    (void)close(listener);
    cr_assert_eq(waitpid(pid, &code, 0), pid);
    return a;
}

static void served(const struct scratch *s, const char *options)
{
    status how;
    struct err err = {0};
    struct atls *a = serve(s, options, false, &how, &err);
    cr_expect(is_ok(how), "%s: %s", options, err.text);
    cr_expect(bytes_eq(atls_request(a).nonce, BYTES_OF(atls_client_nonce)), "%s", options);
    expect_said(s, "ALPN protocol: h2", true);
    expect_said(s, "Acceptable client certificate CA names\nCN = " SERVER_NONCE "\n", true);
    expect_said(s, "hello\n", true);
    atls_free(a);
}

#define ENTRIES " -alpn " CLIENT_ENTRY ",h2 "

Test(atls_openssl, client_of_tls_1_3)
{
    struct scratch s = scratch_open();
    served(&s, "-tls1_3" ENTRIES);
    expect_said(&s, "New, TLSv1.3, Cipher is TLS_", true);
    scratch_close(&s);
}

Test(atls_openssl, client_of_tls_1_2)
{
    struct scratch s = scratch_open();
    served(&s, "-tls1_2" ENTRIES);
    expect_said(&s, "New, TLSv1.2, Cipher is ECDHE-ECDSA-", true);
    scratch_close(&s);
}

Test(atls_openssl, hello_retry_request)
{
    struct scratch s = scratch_open();
    served(&s, "-tls1_3 -groups P-521:P-384 -trace" ENTRIES);
    expect_said(&s, "HelloRetryRequest", false);
    expect_said(&s, "Server Temp Key: ECDH, secp384r1", true);
    scratch_close(&s);
}

Test(atls_openssl, nonce_as_server_name)
{
    struct scratch s = scratch_open();
    served(&s, "-tls1_3 -alpn h2 -servername Q0xJRQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    scratch_close(&s);
}

Test(atls_openssl, keys_of_clients)
{
    static const char *const keys[] = {"ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384",
                                       "rsa:2048", "rsa:4096"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct scratch s = scratch_open();
        status how;
        struct err err = {0};
        make_certificate(&s, keys[i], "-addext 1.3.9901.2.1=DER:" EVIDENCE);
        scratch_run(&s, "openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform DER -out spki");
        struct atls *a = serve(&s, "-tls1_3 -cert cert.pem -key key.pem" ENTRIES, true, &how, &err);
        bytes spki = scratch_read(&s, "spki");
        cr_expect(is_ok(how), "%s: %s", keys[i], err.text);
        cr_expect(bytes_eq(atls_peer(a).spki, spki), "%s", keys[i]);
        cr_expect(bytes_eq(atls_peer(a).evidence, BYTES_LIT("evidence")), "%s", keys[i]);
        expect_said(&s, "hello\n", true);
        free((void *)spki.ptr);
        atls_free(a);
        scratch_close(&s);
    }
}

/* Neither a ticket nor a session is given out. */
Test(atls_openssl, nothing_to_resume)
{
    struct scratch s = scratch_open();
    static const char *const versions[] = {"-tls1_3 -sess_out session" ENTRIES, "-tls1_2 -sess_out session" ENTRIES};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        served(&s, versions[i]);
        expect_said(&s, "Post-Handshake New Session Ticket arrived", false);
        expect_said(&s, "TLS session ticket:", false);
        scratch_run(&s, "test ! -e session");
    }
    scratch_close(&s);
}

/* A client that remembers a session, of somebody else, has to go through all of the handshake. */
Test(atls_openssl, sessions_of_others)
{
    static const char *const versions[] = {"-tls1_3", "-tls1_2"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct scratch s = scratch_open();
        char line[512];
        make_certificate(&s, "ec -pkeyopt ec_paramgen_curve:P-256", "-addext 1.2.3.4=DER:0500");
        (void)snprintf(
            line, sizeof line,
            "{ timeout 20 openssl s_server -unix other -cert cert.pem -key key.pem -alpn h2 -naccept 1 -rev >said 2>&1 "
            "& }; "
            "n=0; while ! test -S other && test $n -lt 500; do sleep 0.02; n=$((n+1)); done; "
            "{ n=0; while ! test -s session && test $n -lt 500; do sleep 0.02; n=$((n+1)); done; echo; } | "
            "timeout 20 openssl s_client -unix other %s -alpn h2 -sess_out session -quiet "
            "-no_ign_eof >said2 2>&1; wait; test -s session",
            versions[i]);
        scratch_run(&s, line);
        (void)snprintf(line, sizeof line, "%s -sess_in session" ENTRIES, versions[i]);
        served(&s, line);
        expect_said(&s, "New, TLSv1.", true);
        expect_said(&s, "Reused", false);
        scratch_close(&s);
    }
}

static void refused(const struct scratch *s, const char *options, bool require_evidence, enum err_kind kind)
{
    status how;
    struct err err = {0};
    struct atls *a = serve(s, options, require_evidence, &how, &err);
    cr_expect_eq(how.kind, kind, "%s: %s", options, err.text);
    cr_expect_neq(err.text[0], '\0');
    expect_said(s, "hello\n", false);
    atls_free(a);
}

Test(atls_openssl, clients_that_are_refused)
{
    struct scratch s = scratch_open();
    make_certificate(&s, "ec -pkeyopt ec_paramgen_curve:P-256", "-addext 1.2.3.4=DER:0500");
    refused(&s, "-tls1_3 -alpn h2 -servername coordinator", false, ERR_MISSING);
    refused(&s, "-tls1_3 -alpn " CLIENT_ENTRY, false, ERR_UNSUPPORTED);
    refused(&s, "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256" ENTRIES, false, ERR_SYNTAX);
    refused(&s, "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256" ENTRIES, false, ERR_SYNTAX);
    refused(&s, "-tls1_3 -groups X448" ENTRIES, false, ERR_SYNTAX);
    refused(&s, "-tls1_3" ENTRIES, true, ERR_SYNTAX);
    refused(&s, "-tls1_3 -cert cert.pem -key key.pem" ENTRIES, true, ERR_MISSING);
    refused(&s, "-tls1_3 -cert cert.pem -key key.pem -cert_chain cert.pem" ENTRIES, false, ERR_TRAILING);
    scratch_close(&s);
}

Test(atls_openssl, certificates_of_clients_that_are_refused)
{
    const struct {
        const char *key, *more;
    } cases[] = {
        {"ec -pkeyopt ec_paramgen_curve:P-521", "-addext 1.2.3.4=DER:0500"},
        {"rsa:1024", "-addext 1.2.3.4=DER:0500"},
        {"rsa:2048", "-addext 1.2.3.4=DER:0500 -sigopt rsa_padding_mode:pss"},
        {"ec -pkeyopt ec_paramgen_curve:P-256", "-addext 1.2.3.4=critical,DER:0500"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scratch s = scratch_open();
        make_certificate(&s, cases[i].key, cases[i].more);
        status how;
        struct err err = {0};
        struct atls *a =
            serve(&s, "-tls1_3 -cipher ALL:@SECLEVEL=0 -cert cert.pem -key key.pem" ENTRIES, false, &how, &err);
        cr_expect_neq(how.kind, ERR_NONE, "%s %s", cases[i].key, cases[i].more);
        expect_said(&s, "hello\n", false);
        atls_free(a);
        scratch_close(&s);
    }
}

/* ---- OpenSSL is the server -------------------------------------------------------------------------------------- */

/* A connection to s_server with these options; the client as it was left at its end. */
static struct atls *ask(const struct scratch *s, const char *options, const struct private_key *key, status *how,
                        struct err *err)
{
    char line[768];
    struct atls *a;
    int code;
    (void)snprintf(line, sizeof line, "s_server -unix socket -unlink -naccept 1 -rev -cert cert.pem -key key.pem %s",
                   options);
    atls_test_open();
    struct atls_client_config config = {
        .nonce = atls_client_nonce, .key = key, .has_evidence = true, .require_evidence = true, .now = time(NULL)};
    cr_assert(is_ok(atls_client_new(&config, &a, err)), "%s", err->text);
    pid_t pid = start(s, line);
    int fd = connect_in(s);
    struct talk question = {BYTES_LIT("evidence"), BYTES_LIT("ping\n"), BYTES_LIT("gnip\n")};
    *how = run(a, fd, &question, err);
    (void)close(fd);
    (void)kill(pid, SIGTERM);
    cr_assert_eq(waitpid(pid, &code, 0), pid);
    return a;
}

static void make_server_files(const struct scratch *s)
{
    make_certificate(s, "ec -pkeyopt ec_paramgen_curve:P-384", "");
    scratch_run(s, "mv cert.pem other.pem");
    make_certificate(s, "ec -pkeyopt ec_paramgen_curve:P-256", "-subj /CN=" SERVER_NONCE);
    scratch_run(s, "mv cert.pem names.pem; cat names.pem other.pem > two.pem");
    make_certificate(s, "ec -pkeyopt ec_paramgen_curve:P-256", "-addext 1.3.9901.2.1=DER:" EVIDENCE);
}

#define ONE_NAME " -alpn h2 -Verify 1 -CAfile names.pem "

static void asked(const struct scratch *s, const char *options, const struct private_key *key, const char *summary)
{
    status how;
    struct err err = {0};
    struct atls *a = ask(s, options, key, &how, &err);
    cr_expect(is_ok(how), "%s: %s", options, err.text);
    cr_expect(bytes_eq(atls_request(a).nonce, BYTES_OF(atls_server_nonce)), "%s", options);
    cr_expect(bytes_eq(atls_peer(a).evidence, BYTES_LIT("evidence")), "%s", options);
    expect_said(s, summary, true);
    atls_free(a);
}

Test(atls_openssl, servers)
{
    struct scratch s = scratch_open();
    static struct private_key p384, rsa;
    cr_assert(is_ok(private_key_generate(KEY_P384, &p384, NULL)) && is_ok(private_key_generate_rsa(&rsa, NULL)));
    make_server_files(&s);
    asked(&s, "-tls1_3" ONE_NAME, NULL, "Hash used: SHA256\nSignature type: ECDSA");
    asked(&s, "-tls1_3" ONE_NAME, &p384, "Hash used: SHA384\nSignature type: ECDSA");
    asked(&s, "-tls1_3" ONE_NAME, &rsa, "Signature type: RSA-PSS");
    asked(&s, "-tls1_3 -groups P-384" ONE_NAME, NULL, "Signature type: ECDSA");
    scratch_close(&s);
}

static void not_asked(const struct scratch *s, const char *options, enum err_kind kind)
{
    status how;
    struct err err = {0};
    struct atls *a = ask(s, options, NULL, &how, &err);
    cr_expect_eq(how.kind, kind, "%s: %s", options, err.text);
    cr_expect_neq(err.text[0], '\0');
    cr_expect_eq(atls_plaintext(a)->len, 0);
    atls_free(a);
}

Test(atls_openssl, servers_that_are_refused)
{
    struct scratch s = scratch_open();
    make_server_files(&s);
    not_asked(&s, "-tls1_3 -alpn h2", ERR_MISSING);
    not_asked(&s, "-tls1_3 -alpn h2 -Verify 1 -no-CAfile -no-CApath", ERR_MISSING);
    not_asked(&s, "-tls1_3 -alpn h2 -Verify 1 -CAfile two.pem", ERR_TRAILING);
    not_asked(&s, "-tls1_3 -alpn h2 -Verify 1 -CAfile other.pem", ERR_RANGE);
    not_asked(&s, "-tls1_3 -Verify 1 -CAfile names.pem", ERR_UNSUPPORTED);
    not_asked(&s, "-tls1_2" ONE_NAME, ERR_SYNTAX);
    not_asked(&s, "-tls1_3 -cert_chain other.pem" ONE_NAME, ERR_TRAILING);
    scratch_close(&s);
}
