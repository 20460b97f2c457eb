/* SPDX-License-Identifier: Apache-2.0 */
/* net/atls_wolfssl.c: net/atls.h on wolfSSL.
 *
 * Traps met here.  Resumption is on by default and runs no verify callback at all.  Tickets stay compiled in whatever
 * configure was told.  The verify callback's first argument says nothing: accepting one certificate of a chain makes
 * the next arrive as verified.  A callback for ALPN that fails lets the handshake go on without ALPN.  After a
 * HelloRetryRequest callbacks run twice.  The signature scheme is chosen when the CertificateRequest arrives, so a
 * certificate for the right key has to be there before, though the one that is sent comes later.
 */
#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/version.h>

#include "ca/certificate.h"
#include "ca/secret.h"
#include "ca/seeding.h"
#include "net/atls.h"
#include "net/atls_self_check.h"
#include "net/ca_names.h"
#include "net/peer_certificate.h"
#include "parse/limits.h"
#include "parse/text.h"
#include "verify/crypto.h"

#if !defined(HAVE_ALPN) || !defined(HAVE_SNI) || !defined(WOLFSSL_TLS13) || !defined(OPENSSL_ALL)
#error "this wolfSSL lacks ALPN, SNI, TLS 1.3 or OPENSSL_ALL: run ./configure.py --setup"
#endif

enum {
    INPUT_MAX = 65536,            /* received and not decrypted: a few records, of 16 KiB each */
    OUTPUT_MAX = 262144,          /* to be sent: a peer that does not read makes us keep this much */
    PLAINTEXT_MAX = 65536,        /* decrypted and not taken */
    HANDSHAKE_BYTES_MAX = 65536,  /* of the peer until the handshake is done: messages have 18 KiB at most, */
                                  /* and only one of them is long */
    RECORD_PLAINTEXT_MAX = 16384, /* RFC 8446, 5.1 */
    RECORD_OVERHEAD_MAX = 64,     /* header, content type, nonce and tag of any suite, rounded up */
    LEAF_BYTES_MAX = 1400,        /* of a leaf besides its evidence: 550 of an RSA key, 512 of its signature */
    CLOSING_BYTES = 256,          /* kept free for alerts */
};

/* Three of TLS 1.3, and the same with ECDHE and ECDSA of TLS 1.2: AES-256-GCM, AES-128-GCM, ChaCha20-Poly1305.  As
 * bytes, because wolfSSL reads lists of names with arithmetic on NULL. */
static const uint8_t suites[] = {0x13, 0x02, 0x13, 0x01, 0x13, 0x03, 0xc0, 0x2c, 0xc0, 0x2b, 0xcc, 0xa9};

struct atls {
    bool is_server;
    bool has_evidence;     /* a client's: it will ask for it */
    bool require_evidence; /* of the peer */
    bool answered;
    bool peer_done; /* close_notify has come */
    enum atls_state state;
    int64_t now;
    struct private_key secret_key;
    uint8_t given_nonce[ATLS_NONCE_BYTES]; /* that the peer's evidence has to answer */
    uint8_t asked_nonce[ATLS_NONCE_BYTES]; /* that ours has to answer */
    size_t more;                           /* of the first flight, before it is worth looking again */
    size_t received;
    struct buffer in, out, plain;
    struct ca_names names;
    struct peer_certificate peer; /* views of peer_der */
    uint8_t *peer_der;
    struct err cause; /* why a callback has failed */
    WOLFSSL_CTX *context;
    WOLFSSL *session;
    WOLFSSL_X509_NAME *name; /* in a list of the session's */
};

/* ---- failing ---------------------------------------------------------------------------------------------------- */

static status fail(struct atls *a, status s)
{
    a->state = ATLS_FAILED;
    return s;
}

/* What a callback has said, or else what wolfSSL says. */
static status session_failed(struct atls *a, const char *what, int code, struct err *err)
{
    char text[WOLFSSL_MAX_ERROR_SZ] = "";
    a->state = ATLS_FAILED;
    if (a->cause.kind != ERR_NONE) return err_set(err, a->cause.kind, a->cause.offset, "%s", a->cause.text);
    wolfSSL_ERR_error_string_n((unsigned long)code, text, sizeof text);
    return err_set(err, ERR_SYNTAX, 0, "TLS: %s: %s (%d)", what, text, code);
}

static status no_memory(struct atls *a, struct err *err)
{
    return fail(a, err_set(err, ERR_NOMEM, 0, "TLS: no memory for a connection"));
}

/* ---- callbacks of wolfSSL --------------------------------------------------------------------------------------- */

static int receive(WOLFSSL *ssl, char *buf, int size, void *context)
{
    struct atls *a = context;
    bytes in = buffer_view(&a->in);
    size_t n = in.len < (size_t)size ? in.len : (size_t)size;
    (void)ssl;
    if (n == 0) return WOLFSSL_CBIO_ERR_WANT_READ;
    memcpy(buf, in.ptr, n);
    buffer_drop(&a->in, n);
    return (int)n;
}

static int transmit(WOLFSSL *ssl, char *buf, int size, void *context)
{
    struct atls *a = context;
    (void)ssl;
    status s = buffer_put(&a->out, BYTES((const uint8_t *)buf, (size_t)size), NULL);
    if (s.kind == ERR_LIMIT) return WOLFSSL_CBIO_ERR_WANT_WRITE;
    return is_ok(s) ? size : WOLFSSL_CBIO_ERR_GENERAL;
}

/* The peer's one certificate, kept for the caller. */
static status keep_peer(struct atls *a, bytes der, int count, struct err *err)
{
    if (count != 1) return err_set(err, ERR_TRAILING, 0, "certificate of the peer: want one, have %d", count);
    if (der.len > LIMIT_CERTIFICATE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "certificate of the peer: want at most %d bytes, have %zu",
                       LIMIT_CERTIFICATE_BYTES, der.len);
    free(a->peer_der);
    a->peer = (struct peer_certificate){0};
    a->peer_der = malloc(der.len + 1);
    if (!a->peer_der) return err_set(err, ERR_NOMEM, 0, "certificate of the peer: no memory");
    memcpy(a->peer_der, der.ptr, der.len);
    TRY(peer_certificate_check(BYTES(a->peer_der, der.len), a->now, &a->peer, err));
    if (a->require_evidence && bytes_is_absent(a->peer.evidence))
        return err_set(err, ERR_MISSING, 0, "certificate of the peer: it has no evidence of an SNP guest");
    return OK;
}

static int verify(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
    WOLFSSL *ssl = wolfSSL_X509_STORE_CTX_get_ex_data(store, wolfSSL_get_ex_data_X509_STORE_CTX_idx());
    struct atls *a = ssl ? wolfSSL_GetIOReadCtx(ssl) : NULL;
    (void)preverified;
    if (!a) return 0;
    /* A client may send an empty list. */
    if (store->totalCerts == 0 && a->is_server && !a->require_evidence) return 1;
    if (!store->certs) return 0;
    return is_ok(keep_peer(a, BYTES(store->certs[0].buffer, store->certs[0].length), store->totalCerts, &a->cause));
}

/* A client sends its certificate: by now the server has to have named the nonce. */
static int supply_certificate(WOLFSSL *ssl, void *unused)
{
    struct atls *a = wolfSSL_GetIOReadCtx(ssl);
    (void)unused;
    if (!is_ok(nonce_name_list_parse(ca_names_list(&a->names), a->asked_nonce, &a->cause))) return 0;
    return a->has_evidence && !a->answered ? -1 : 1;
}

#define H2 "\2h2"

static int select_protocol(WOLFSSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in,
                           unsigned in_len, void *unused)
{
    struct client_hello offered = {.protocols = BYTES(in, in_len)};
    (void)ssl;
    (void)unused;
    if (!client_hello_offers(&offered, BYTES_LIT("h2"))) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = (const unsigned char *)H2 + 1;
    *out_len = sizeof H2 - 2;
    return SSL_TLSEXT_ERR_OK;
}

/* ---- the session ------------------------------------------------------------------------------------------------ */

#ifdef NO_SESSION_CACHE
static void switch_off_cache(WOLFSSL_CTX *context)
{
    (void)context;
}
#else
static void switch_off_cache(WOLFSSL_CTX *context)
{
    (void)wolfSSL_CTX_set_session_cache_mode(context, WOLFSSL_SESS_CACHE_OFF);
}
#endif

static bool set_groups(WOLFSSL_CTX *context)
{
    int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
    return wolfSSL_CTX_set_groups(context, groups, sizeof groups / sizeof *groups) == WOLFSSL_SUCCESS;
}

static bool set_key(WOLFSSL_CTX *context, const struct private_key *key)
{
    return wolfSSL_CTX_use_PrivateKey_buffer(context, key->secret_der, (long)key->secret_der_len,
                                             WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS;
}

static bool set_certificate(WOLFSSL_CTX *context, bytes leaf)
{
    return wolfSSL_CTX_use_certificate_buffer(context, leaf.ptr, (long)leaf.len, WOLFSSL_FILETYPE_ASN1) ==
           WOLFSSL_SUCCESS;
}

/* What is the same at both ends. */
static bool set_rules(WOLFSSL_CTX *context, bool require_certificate)
{
    int mode = WOLFSSL_VERIFY_PEER | (require_certificate ? WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    switch_off_cache(context);
    wolfSSL_CTX_set_verify(context, mode, verify);
    wolfSSL_CTX_SetIORecv(context, receive);
    wolfSSL_CTX_SetIOSend(context, transmit);
    return wolfSSL_CTX_SetDevId(context, seeding_device()) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_cipher_list_bytes(context, suites, sizeof suites) == WOLFSSL_SUCCESS &&
           set_groups(context) &&
           wolfSSL_CTX_SetMinRsaKey_Sz(context, LIMIT_RSA_MODULUS_BITS_LEAST) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetMinEccKey_Sz(context, 256) == WOLFSSL_SUCCESS;
}

static WOLFSSL_CTX *new_server_context(const struct atls *a)
{
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfSSLv23_server_method());
    if (!context) return NULL;
    wolfSSL_CTX_set_alpn_select_cb(context, select_protocol, NULL);
    if (wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1_2) == WOLFSSL_SUCCESS &&
        set_rules(context, a->require_evidence) && wolfSSL_CTX_no_ticket_TLSv13(context) == 0 &&
        wolfSSL_CTX_NoTicketTLSv12(context) == WOLFSSL_SUCCESS)
        return context;
    wolfSSL_CTX_free(context);
    return NULL;
}

static WOLFSSL_CTX *new_client_context(void)
{
    WOLFSSL_CTX *context = wolfSSL_CTX_new(wolfTLSv1_3_client_method());
    if (!context) return NULL;
    wolfSSL_CTX_set_cert_cb(context, supply_certificate, NULL);
    if (set_rules(context, true)) return context;
    wolfSSL_CTX_free(context);
    return NULL;
}

static status make_leaf(struct atls *a, bytes document, status (*use)(struct atls *, bytes, struct err *),
                        struct err *err)
{
    uint8_t *buf;
    bytes leaf;
    size_t cap = LEAF_BYTES_MAX + document.len;
    if (document.len > LIMIT_ATLS_EVIDENCE_BYTES)
        return err_set(err, ERR_LIMIT, 0, "evidence: want at most %d bytes, have %zu", LIMIT_ATLS_EVIDENCE_BYTES,
                       document.len);
    if (!(buf = malloc(cap))) return no_memory(a, err);
    struct certificate_room room = {buf, cap};
    status s = certificate_issue_attested(&a->secret_key, OID_EVIDENCE_SNP, document, a->now, room, &leaf, err);
    if (is_ok(s)) s = use(a, leaf, err);
    free(buf);
    return s;
}

/* The lists of TLS 1.2, where wolfSSL can do it by itself; those of TLS 1.3 are net/ca_names_wolfssl.c's.  Of a list
 * without a type wolfSSL frees the nodes alone: what it does with others calls a function by another function's type.
 */
static bool name_nonce(struct atls *a)
{
    uint8_t *at = a->names.name;
    nonce_name_write(a->given_nonce, a->names.name);
    a->names.sends = true;
    a->name = wolfSSL_d2i_X509_NAME(NULL, &at, NONCE_NAME_BYTES);
    WOLFSSL_STACK *list = wolfSSL_sk_new_null();
    if (a->name && list && wolfSSL_sk_push(list, a->name) == WOLFSSL_SUCCESS) {
        wolfSSL_set_client_CA_list(a->session, list);
        return true;
    }
    wolfSSL_sk_free(list);
    return false;
}

/* Sessions begin when the leaf is there. */
static status open_session(struct atls *a, bytes leaf, struct err *err)
{
    a->context = a->is_server ? new_server_context(a) : new_client_context();
    if (!a->context || !set_certificate(a->context, leaf) || !set_key(a->context, &a->secret_key))
        return no_memory(a, err);
    a->session = wolfSSL_new(a->context);
    if (!a->session) return no_memory(a, err);
    wolfSSL_SetIOReadCtx(a->session, a);
    wolfSSL_SetIOWriteCtx(a->session, a);
    ca_names_attach(a->session, &a->names);
    return a->is_server && !name_nonce(a) ? no_memory(a, err) : OK;
}

static status replace_leaf(struct atls *a, bytes leaf, struct err *err)
{
    int done = wolfSSL_use_certificate_buffer(a->session, leaf.ptr, (long)leaf.len, WOLFSSL_FILETYPE_ASN1);
    return done == WOLFSSL_SUCCESS ? OK : no_memory(a, err);
}

/* ---- starting --------------------------------------------------------------------------------------------------- */

status atls_open(int64_t now, struct err *err)
{
    TRY(crypto_open(err));
    if (wolfSSL_Init() != WOLFSSL_SUCCESS) return err_set(err, ERR_BUG, 0, "TLS: the library does not start");
    return err_in(err, atls_self_check(now, err), "TLS of this build");
}

/* ---- making and freeing ----------------------------------------------------------------------------------------- */

static status new_object(const uint8_t *nonce, int64_t now, struct atls **out, struct err *err)
{
    struct atls *a = calloc(1, sizeof *a);
    if (!a) return err_set(err, ERR_NOMEM, 0, "TLS: no memory for a connection");
    memcpy(a->given_nonce, nonce, ATLS_NONCE_BYTES);
    a->now = now;
    a->in = BUFFER("bytes of the peer", INPUT_MAX);
    a->out = BUFFER("bytes for the peer", OUTPUT_MAX);
    a->plain = BUFFER("plaintext", PLAINTEXT_MAX);
    *out = a;
    return OK;
}

void atls_free(struct atls *a)
{
    if (!a) return;
    wolfSSL_free(a->session);
    wolfSSL_CTX_free(a->context);
    wolfSSL_X509_NAME_free(a->name);
    buffer_free(&a->in);
    buffer_free(&a->out);
    buffer_free(&a->plain);
    private_key_wipe(&a->secret_key);
    free(a->peer_der);
    free(a);
}

/* `*out` is `a` when `s` is good; else nobody's. */
static status hand_out(struct atls *a, status s, struct atls **out)
{
    if (is_ok(s))
        *out = a;
    else
        atls_free(a);
    return s;
}

status atls_server_new(const struct atls_server_config *config, struct atls **out, struct err *err)
{
    struct atls *a;
    TRY(new_object(config->nonce, config->now, &a, err));
    a->is_server = true;
    a->require_evidence = config->require_evidence;
    a->more = 1;
    return hand_out(a, private_key_generate(KEY_P256, &a->secret_key, err), out);
}

static status offer_protocols(struct atls *a, struct err *err)
{
    char list[ATLS_PROTOCOL_TEXT_SIZE + sizeof ",h2"];
    atls_protocol_write(a->given_nonce, list);
    memcpy(list + strlen(list), ",h2", sizeof ",h2");
    int code = wolfSSL_UseALPN(a->session, list, (unsigned)strlen(list), WOLFSSL_ALPN_FAILED_ON_MISMATCH);
    return code == WOLFSSL_SUCCESS ? OK : no_memory(a, err);
}

static status name_server(struct atls *a, const char *name, struct err *err)
{
    if (!name) return OK;
    int code = wolfSSL_UseSNI(a->session, WOLFSSL_SNI_HOST_NAME, name, (unsigned short)strlen(name));
    return code == WOLFSSL_SUCCESS ? OK : no_memory(a, err);
}

/* The form of 2024: a server name that is none. */
static status send_nonce_as_name(struct atls *a, struct err *err)
{
    char name[BASE64_TEXT_SIZE(ATLS_NONCE_BYTES)], list[] = "h2";
    TRY(base64_write(BYTES_OF(a->given_nonce), BASE64_STANDARD, name, sizeof name, err));
    TRY(name_server(a, name, err));
    int code = wolfSSL_UseALPN(a->session, list, sizeof list - 1, WOLFSSL_ALPN_FAILED_ON_MISMATCH);
    return code == WOLFSSL_SUCCESS ? OK : no_memory(a, err);
}

static status prepare_client(struct atls *a, const struct atls_client_config *config, struct err *err)
{
    if (config->key)
        a->secret_key = *config->key;
    else
        TRY(private_key_generate(KEY_P256, &a->secret_key, err));
    TRY(make_leaf(a, BYTES_ABSENT, open_session, err));
    if (config->carrier == NONCE_IN_SERVER_NAME) return send_nonce_as_name(a, err);
    TRY(name_server(a, config->server_name, err));
    return offer_protocols(a, err);
}

status atls_client_new(const struct atls_client_config *config, struct atls **out, struct err *err)
{
    struct atls *a;
    TRY(new_object(config->nonce, config->now, &a, err));
    a->has_evidence = config->has_evidence;
    a->require_evidence = config->require_evidence;
    return hand_out(a, prepare_client(a, config, err), out);
}

/* ---- the handshake ---------------------------------------------------------------------------------------------- */

static status read_hello(bytes message, struct atls *a, struct err *err)
{
    struct client_hello hello;
    enum nonce_carrier carrier;
    TRY(client_hello_parse(message, &hello, err));
    TRY(client_hello_nonce(&hello, a->asked_nonce, &carrier, err));
    if (!client_hello_offers(&hello, BYTES_LIT("h2")))
        return err_set(err, ERR_UNSUPPORTED, 0, "ClientHello: it does not offer the protocol h2");
    return OK;
}

/* A server's first step: the library sees nothing before the nonce is known. */
static status gather_hello(struct atls *a, struct err *err)
{
    bytes in = buffer_view(&a->in), message = BYTES_ABSENT;
    if (in.len < a->more) return OK;
    uint8_t *buf = malloc(LIMIT_CLIENT_HELLO_BYTES);
    if (!buf) return no_memory(a, err);
    status s = client_hello_gather(in, buf, LIMIT_CLIENT_HELLO_BYTES, &a->more, &message, err);
    if (is_ok(s) && a->more == 0) {
        s = read_hello(message, a, err);
        a->state = ATLS_WANT_EVIDENCE;
    }
    free(buf);
    a->more += in.len;
    return is_ok(s) ? OK : fail(a, s);
}

static bool negotiated_h2(struct atls *a)
{
    char *name = NULL;
    unsigned short n = 0;
    return wolfSSL_ALPN_GetProtocol(a->session, &name, &n) == WOLFSSL_SUCCESS && name && n == 2 &&
           memcmp(name, "h2", 2) == 0;
}

/* What the library may have let pass. */
static status check_session(struct atls *a, struct err *err)
{
    if (!negotiated_h2(a)) return err_set(err, ERR_UNSUPPORTED, 0, "TLS: h2 was not negotiated");
    if (wolfSSL_session_reused(a->session)) return err_set(err, ERR_DENIED, 0, "TLS: the session was resumed");
    if ((!a->is_server || a->require_evidence) && bytes_is_absent(a->peer.der))
        return err_set(err, ERR_MISSING, 0, "TLS: the peer has shown no certificate");
    if (!a->is_server && !a->names.came)
        return err_set(err, ERR_MISSING, 0, "TLS: the server has not asked for a certificate, and given no nonce");
    return OK;
}

static status shake_hands(struct atls *a, struct err *err)
{
    int code = a->is_server ? wolfSSL_accept(a->session) : wolfSSL_connect(a->session);
    if (code == WOLFSSL_SUCCESS) {
        status s = check_session(a, err);
        a->state = is_ok(s) ? ATLS_WANT_JUDGEMENT : ATLS_FAILED;
        return s;
    }
    int why = wolfSSL_get_error(a->session, code);
    if (why == WOLFSSL_ERROR_WANT_X509_LOOKUP) {
        a->state = ATLS_WANT_EVIDENCE;
        return OK;
    }
    bool waits = why == WOLFSSL_ERROR_WANT_READ || why == WOLFSSL_ERROR_WANT_WRITE;
    return waits ? OK : session_failed(a, "handshake", why, err);
}

/* ---- plaintext -------------------------------------------------------------------------------------------------- */

static void end_reading(struct atls *a)
{
    (void)wolfSSL_shutdown(a->session); /* ours in return */
    a->peer_done = true;
    a->state = ATLS_CLOSED;
}

static bool has_record(const struct atls *a)
{
    return a->in.len > 0 || wolfSSL_pending(a->session) > 0;
}

static status read_plaintext(struct atls *a, struct err *err)
{
    while (has_record(a) && buffer_room(&a->plain) > 0) {
        uint8_t *at;
        size_t n = buffer_room(&a->plain) < RECORD_PLAINTEXT_MAX ? buffer_room(&a->plain) : RECORD_PLAINTEXT_MAX;
        status s = buffer_reserve(&a->plain, n, &at, err);
        if (!is_ok(s)) return fail(a, s);
        int got = wolfSSL_read(a->session, at, (int)n);
        if (got > 0) {
            buffer_commit(&a->plain, (size_t)got);
            continue;
        }
        int why = wolfSSL_get_error(a->session, got);
        if (why == WOLFSSL_ERROR_ZERO_RETURN) end_reading(a);
        bool waits = why == WOLFSSL_ERROR_WANT_READ || why == WOLFSSL_ERROR_WANT_WRITE;
        return waits || a->peer_done ? OK : session_failed(a, "record", why, err);
    }
    return OK;
}

static status go_on(struct atls *a, struct err *err)
{
    if (a->state == ATLS_HANDSHAKE && a->is_server && !a->session) TRY(gather_hello(a, err));
    if (a->state == ATLS_HANDSHAKE && a->session) TRY(shake_hands(a, err));
    if (a->state == ATLS_OPEN) TRY(read_plaintext(a, err));
    return OK;
}

status atls_step(struct atls *a, bytes in, struct err *err)
{
    if (a->state == ATLS_FAILED || a->state == ATLS_CLOSED)
        return in.len == 0 ? OK : err_set(err, ERR_STATE, 0, "TLS: the connection is over");
    status s = buffer_put(&a->in, in, err);
    if (!is_ok(s)) return fail(a, s);
    a->received += a->state == ATLS_OPEN ? 0 : in.len;
    if (a->received > HANDSHAKE_BYTES_MAX + INPUT_MAX)
        return fail(a, err_set(err, ERR_LIMIT, 0, "TLS: more than %d bytes before the handshake is judged",
                               HANDSHAKE_BYTES_MAX + INPUT_MAX));
    return go_on(a, err);
}

/* ---- the caller's side ------------------------------------------------------------------------------------------ */

size_t atls_input_room(const struct atls *a)
{
    bool over = a->state == ATLS_FAILED || a->state == ATLS_CLOSED;
    bool full = a->state == ATLS_OPEN && buffer_room(&a->plain) == 0;
    return over || full ? 0 : buffer_room(&a->in);
}

enum atls_state atls_state(const struct atls *a)
{
    return a->state;
}

struct buffer *atls_output(struct atls *a)
{
    return &a->out;
}

struct buffer *atls_plaintext(struct atls *a)
{
    return &a->plain;
}

struct atls_request atls_request(const struct atls *a)
{
    return (struct atls_request){private_key_spki(&a->secret_key), BYTES_OF(a->asked_nonce)};
}

status atls_answer(struct atls *a, bytes document, struct err *err)
{
    if (a->state != ATLS_WANT_EVIDENCE) return err_set(err, ERR_STATE, 0, "TLS: no evidence is wanted");
    status s = make_leaf(a, document, a->is_server ? open_session : replace_leaf, err);
    if (!is_ok(s)) return fail(a, s);
    a->answered = true;
    a->state = ATLS_HANDSHAKE;
    return go_on(a, err);
}

struct atls_peer atls_peer(const struct atls *a)
{
    return (struct atls_peer){a->peer.der, a->peer.spki, a->peer.evidence, BYTES_OF(a->given_nonce)};
}

status atls_accept(struct atls *a, struct err *err)
{
    if (a->state != ATLS_WANT_JUDGEMENT) return err_set(err, ERR_STATE, 0, "TLS: no judgement is wanted");
    a->state = ATLS_OPEN;
    return go_on(a, err);
}

void atls_refuse(struct atls *a)
{
    bool shaken = a->state == ATLS_WANT_JUDGEMENT || a->state == ATLS_OPEN;
    if (shaken) (void)wolfSSL_shutdown(a->session);
    a->state = ATLS_CLOSED;
    buffer_free(&a->in);
    buffer_free(&a->plain);
}

size_t atls_write_room(const struct atls *a)
{
    size_t room = buffer_room(&a->out);
    size_t overhead = (room / RECORD_PLAINTEXT_MAX + 1) * RECORD_OVERHEAD_MAX + CLOSING_BYTES;
    return a->state == ATLS_OPEN && room > overhead ? room - overhead : 0;
}

status atls_write(struct atls *a, bytes plaintext, struct err *err)
{
    if (a->state != ATLS_OPEN) return err_set(err, ERR_STATE, 0, "TLS: the connection is not open");
    if (plaintext.len > atls_write_room(a))
        return err_set(err, ERR_LIMIT, 0, "TLS: want at most %zu bytes, have %zu", atls_write_room(a), plaintext.len);
    if (plaintext.len == 0) return OK;
    int code = wolfSSL_write(a->session, plaintext.ptr, (int)plaintext.len);
    if (code == (int)plaintext.len) return OK;
    return session_failed(a, "record", wolfSSL_get_error(a->session, code), err);
}

void atls_close(struct atls *a)
{
    if (a->state == ATLS_OPEN) (void)wolfSSL_shutdown(a->session);
    if (a->state != ATLS_FAILED) a->state = ATLS_CLOSED;
}

status atls_end(struct atls *a, struct err *err)
{
    if (a->peer_done || a->state == ATLS_CLOSED) return OK;
    return fail(a, err_set(err, ERR_TRUNCATED, 0, "TLS: the connection ended without a close_notify"));
}
