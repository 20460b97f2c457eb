/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/session_wolfssl.c: mesh/session.h on wolfSSL; net/atls_wolfssl.c lists the library's traps.
 *
 * One more is met here: the mesh CA and the intermediate have one name and one key, and the chain that peers send goes
 * to the root.  The library's own path building would have to be told to try both; what it says is overruled by ours,
 * which looks at the leaf and the mesh CA alone.
 */
#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "ca/secret.h"
#include "ca/seeding.h"
#include "mesh/session.h"
#include "parse/limits.h"
#include "verify/crypto.h"
#include "verify/mesh_leaf.h"

enum {
    INPUT_MAX = 65536,            /* received and not decrypted */
    OUTPUT_MAX = 65536,           /* to be sent: a peer that does not read makes us keep this much */
    PLAINTEXT_MAX = 65536,        /* decrypted and not taken */
    HANDSHAKE_BYTES_MAX = 65536,  /* of the peer until the handshake is done */
    RECORD_PLAINTEXT_MAX = 16384, /* RFC 8446, 5.1 */
    RECORD_OVERHEAD_MAX = 64,     /* header, content type, nonce and tag of any suite, rounded up */
    CLOSING_BYTES = 256,          /* kept free for alerts */
    RSA_BITS_LEAST = 2048,
};

/* Three of TLS 1.3, and ECDHE of TLS 1.2 with ECDSA: workloads' keys are P-256. */
static const uint8_t suites[] = {0x13, 0x02, 0x13, 0x01, 0x13, 0x03, 0xc0, 0x2c, 0xc0, 0x2b, 0xcc, 0xa9};

struct session_base {
    size_t users; /* the caller, and each session */
    WOLFSSL_CTX *contexts[SESSION_ROLES];
    struct coordinator_ca mesh_ca;
};

struct session {
    struct session_base *base;
    enum session_role role;
    enum session_state state;
    int64_t now;
    bool is_judged, is_closed, peer_is_done;
    size_t received; /* until the handshake is done */
    struct buffer in, out, plain;
    struct err cause; /* why a callback has failed */
    WOLFSSL *ssl;
};

/* ---- callbacks of the library ----------------------------------------------------------------------------------- */

static int receive(WOLFSSL *ssl, char *buf, int size, void *context)
{
    struct session *s = context;
    bytes in = buffer_view(&s->in);
    size_t n = in.len < (size_t)size ? in.len : (size_t)size;
    (void)ssl;
    if (n == 0) return WOLFSSL_CBIO_ERR_WANT_READ;
    memcpy(buf, in.ptr, n);
    buffer_drop(&s->in, n);
    return (int)n;
}

static int transmit(WOLFSSL *ssl, char *buf, int size, void *context)
{
    struct session *s = context;
    (void)ssl;
    status done = buffer_put(&s->out, BYTES((const uint8_t *)buf, (size_t)size), NULL);
    if (done.kind == ERR_LIMIT) return WOLFSSL_CBIO_ERR_WANT_WRITE;
    return is_ok(done) ? size : WOLFSSL_CBIO_ERR_GENERAL;
}

/* The first certificate is the peer's; what follows are hints for those who trust the root. */
static int judge(int preverified, WOLFSSL_X509_STORE_CTX *store)
{
    WOLFSSL *ssl = wolfSSL_X509_STORE_CTX_get_ex_data(store, wolfSSL_get_ex_data_X509_STORE_CTX_idx());
    struct session *s = ssl ? wolfSSL_GetIOReadCtx(ssl) : NULL;
    struct x509_certificate leaf;
    (void)preverified;
    if (!s || !store->certs || store->totalCerts < 1) return 0;
    bytes der = BYTES(store->certs[0].buffer, store->certs[0].length);
    enum mesh_purpose purpose = s->role == SESSION_EGRESS ? MESH_SERVER : MESH_CLIENT;
    s->cause = (struct err){0}; /* it is called for each certificate of the chain, and for each mistake that it sees */
    s->is_judged = is_ok(err_in(&s->cause, mesh_leaf_check(der, &s->base->mesh_ca, purpose, s->now, &leaf, &s->cause),
                                "certificate of the peer"));
    return s->is_judged;
}

/* ---- contexts --------------------------------------------------------------------------------------------------- */

static bool set_rules(WOLFSSL_CTX *c)
{
    int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
    wolfSSL_CTX_SetIORecv(c, receive);
    wolfSSL_CTX_SetIOSend(c, transmit);
    return wolfSSL_CTX_SetDevId(c, seeding_device()) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetMinVersion(c, WOLFSSL_TLSV1_2) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_cipher_list_bytes(c, suites, sizeof suites) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_set_groups(c, groups, sizeof groups / sizeof *groups) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetMinRsaKey_Sz(c, RSA_BITS_LEAST) == WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetMinEccKey_Sz(c, 256) == WOLFSSL_SUCCESS;
}

#ifdef NO_SESSION_CACHE
static void switch_off_cache(WOLFSSL_CTX *c)
{
    (void)c;
}
#else
static void switch_off_cache(WOLFSSL_CTX *c)
{
    (void)wolfSSL_CTX_set_session_cache_mode(c, WOLFSSL_SESS_CACHE_OFF);
}
#endif

static bool set_role(WOLFSSL_CTX *c, enum session_role role)
{
    int strict = WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    switch_off_cache(c);
    wolfSSL_CTX_set_verify(c, role == SESSION_INGRESS_OPEN ? WOLFSSL_VERIFY_NONE : strict,
                           role == SESSION_INGRESS_OPEN ? NULL : judge);
    return role == SESSION_EGRESS ||
           (wolfSSL_CTX_no_ticket_TLSv13(c) == 0 && wolfSSL_CTX_NoTicketTLSv12(c) == WOLFSSL_SUCCESS);
}

static bool set_identity(WOLFSSL_CTX *c, const struct identity *id)
{
    uint8_t chain[sizeof id->certificates];
    size_t n = id->leaf.len + id->intermediate.len;
    memcpy(chain, id->leaf.ptr, id->leaf.len);
    memcpy(chain + id->leaf.len, id->intermediate.ptr, id->intermediate.len);
    return wolfSSL_CTX_use_certificate_chain_buffer_format(c, chain, (long)n, WOLFSSL_FILETYPE_ASN1) ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CTX_use_PrivateKey_buffer(c, id->secret_key.secret_der, (long)id->secret_key.secret_der_len,
                                             WOLFSSL_FILETYPE_ASN1) == WOLFSSL_SUCCESS;
}

static WOLFSSL_CTX *new_context(const struct identity *id, enum session_role role)
{
    WOLFSSL_CTX *c = wolfSSL_CTX_new(role == SESSION_EGRESS ? wolfSSLv23_client_method() : wolfSSLv23_server_method());
    if (c && set_rules(c) && set_role(c, role) && set_identity(c, id)) return c;
    wolfSSL_CTX_free(c);
    return NULL;
}

status session_open(struct err *err)
{
    TRY(crypto_open(err));
    if (wolfSSL_Init() != WOLFSSL_SUCCESS) return err_set(err, ERR_BUG, 0, "TLS: the library does not start");
    return OK;
}

status session_base_new(const struct identity *id, struct session_base **out, struct err *err)
{
    struct session_base *b = calloc(1, sizeof *b);
    if (!b) return err_set(err, ERR_NOMEM, 0, "TLS: no memory for an identity");
    b->users = 1;
    for (enum session_role role = 0; role < SESSION_ROLES; role++) {
        b->contexts[role] = new_context(id, role);
        if (b->contexts[role]) continue;
        session_base_release(b);
        return err_set(err, ERR_BUG, 0, "TLS: the library does not take the pod's certificate");
    }
    status s = coordinator_ca_parse(id->mesh_ca.x.raw, COORDINATOR_MESH_CA, &b->mesh_ca, err);
    if (is_ok(s))
        *out = b;
    else
        session_base_release(b);
    return s;
}

void session_base_release(struct session_base *b)
{
    if (!b || --b->users > 0) return;
    for (enum session_role role = 0; role < SESSION_ROLES; role++)
        wolfSSL_CTX_free(b->contexts[role]);
    free(b);
}

/* ---- making and freeing ----------------------------------------------------------------------------------------- */

status session_new(struct session_base *base, enum session_role role, int64_t now, struct session **out,
                   struct err *err)
{
    struct session *s = calloc(1, sizeof *s);
    if (s) s->ssl = wolfSSL_new(base->contexts[role]);
    if (!s || !s->ssl) {
        free(s);
        return err_set(err, ERR_NOMEM, 0, "TLS: no memory for a connection");
    }
    base->users++;
    s->base = base;
    s->role = role;
    s->now = now;
    s->in = BUFFER("bytes of the peer", INPUT_MAX);
    s->out = BUFFER("bytes for the peer", OUTPUT_MAX);
    s->plain = BUFFER("plaintext", PLAINTEXT_MAX);
    wolfSSL_SetIOReadCtx(s->ssl, s);
    wolfSSL_SetIOWriteCtx(s->ssl, s);
    *out = s;
    return OK;
}

void session_free(struct session *s)
{
    if (!s) return;
    wolfSSL_free(s->ssl);
    session_base_release(s->base);
    buffer_free(&s->in);
    buffer_free(&s->out);
    buffer_free(&s->plain);
    free(s);
}

/* ---- going on --------------------------------------------------------------------------------------------------- */

/* What a callback has said, or else what the library says. */
static status failed(struct session *s, const char *what, int code, struct err *err)
{
    char text[WOLFSSL_MAX_ERROR_SZ] = "";
    s->state = SESSION_FAILED;
    if (s->cause.kind != ERR_NONE) return err_set(err, s->cause.kind, s->cause.offset, "%s", s->cause.text);
    wolfSSL_ERR_error_string_n((unsigned long)code, text, sizeof text);
    return err_set(err, ERR_SYNTAX, 0, "TLS: %s: %s (%d)", what, text, code);
}

static bool waits(int why)
{
    return why == WOLFSSL_ERROR_WANT_READ || why == WOLFSSL_ERROR_WANT_WRITE;
}

static status shake_hands(struct session *s, struct err *err)
{
    int code = s->role == SESSION_EGRESS ? wolfSSL_connect(s->ssl) : wolfSSL_accept(s->ssl);
    if (code != WOLFSSL_SUCCESS) {
        int why = wolfSSL_get_error(s->ssl, code);
        return waits(why) ? OK : failed(s, "handshake", why, err);
    }
    /* What the library may have let pass. */
    if (wolfSSL_session_reused(s->ssl) || (s->role != SESSION_INGRESS_OPEN && !s->is_judged)) {
        s->state = SESSION_FAILED;
        return err_set(err, ERR_DENIED, 0, "TLS: the peer's certificate was not judged");
    }
    s->state = SESSION_READY;
    return OK;
}

static bool has_record(const struct session *s)
{
    return s->in.len > 0 || wolfSSL_pending(s->ssl) > 0;
}

static status read_plaintext(struct session *s, struct err *err)
{
    while (!s->peer_is_done && has_record(s) && buffer_room(&s->plain) > 0) {
        uint8_t *at;
        size_t n = buffer_room(&s->plain) < RECORD_PLAINTEXT_MAX ? buffer_room(&s->plain) : RECORD_PLAINTEXT_MAX;
        TRY(buffer_reserve(&s->plain, n, &at, err));
        int got = wolfSSL_read(s->ssl, at, (int)n);
        if (got > 0) {
            buffer_commit(&s->plain, (size_t)got);
            continue;
        }
        int why = wolfSSL_get_error(s->ssl, got);
        if (waits(why)) return OK;
        if (why != WOLFSSL_ERROR_ZERO_RETURN) return failed(s, "record", why, err);
        s->peer_is_done = true;
    }
    return OK;
}

status session_step(struct session *s, bytes in, struct err *err)
{
    if (s->state == SESSION_FAILED) return err_set(err, ERR_STATE, 0, "TLS: the connection is over");
    TRY(buffer_put(&s->in, in, err));
    if (s->state == SESSION_HANDSHAKE) {
        s->received += in.len;
        if (s->received > HANDSHAKE_BYTES_MAX) {
            s->state = SESSION_FAILED;
            return err_set(err, ERR_LIMIT, 0, "TLS: more than %d bytes of handshake", HANDSHAKE_BYTES_MAX);
        }
        TRY(shake_hands(s, err));
    }
    return s->state == SESSION_READY ? read_plaintext(s, err) : OK;
}

/* ---- the caller's side ------------------------------------------------------------------------------------------ */

size_t session_room(const struct session *s)
{
    bool full = s->state == SESSION_READY && buffer_room(&s->plain) == 0;
    return s->state == SESSION_FAILED || s->peer_is_done || full ? 0 : buffer_room(&s->in);
}

enum session_state session_state(const struct session *s)
{
    return s->state;
}

struct buffer *session_output(struct session *s)
{
    return &s->out;
}

struct buffer *session_plaintext(struct session *s)
{
    return &s->plain;
}

size_t session_write_room(const struct session *s)
{
    size_t room = buffer_room(&s->out);
    size_t overhead = (room / RECORD_PLAINTEXT_MAX + 1) * RECORD_OVERHEAD_MAX + CLOSING_BYTES;
    return s->state == SESSION_READY && !s->is_closed && room > overhead ? room - overhead : 0;
}

status session_write(struct session *s, bytes plaintext, struct err *err)
{
    if (s->state != SESSION_READY || s->is_closed) return err_set(err, ERR_STATE, 0, "TLS: the connection is not open");
    if (plaintext.len > session_write_room(s))
        return err_set(err, ERR_LIMIT, 0, "TLS: want at most %zu bytes, have %zu", session_write_room(s),
                       plaintext.len);
    if (plaintext.len == 0) return OK;
    int code = wolfSSL_write(s->ssl, plaintext.ptr, (int)plaintext.len);
    if (code == (int)plaintext.len) return OK;
    return failed(s, "record", wolfSSL_get_error(s->ssl, code), err);
}

status session_close_write(struct session *s, struct err *err)
{
    if (s->state != SESSION_READY) return err_set(err, ERR_STATE, 0, "TLS: the connection is not open");
    if (s->is_closed) return OK;
    s->is_closed = true;
    int code = wolfSSL_shutdown(s->ssl);
    return code == WOLFSSL_SHUTDOWN_NOT_DONE || code == WOLFSSL_SUCCESS
               ? OK
               : failed(s, "close_notify", wolfSSL_get_error(s->ssl, code), err);
}

bool session_peer_is_done(const struct session *s)
{
    return s->peer_is_done;
}

status session_end(struct session *s, struct err *err)
{
    if (s->peer_is_done) return OK;
    s->state = SESSION_FAILED;
    return err_set(err, ERR_TRUNCATED, 0, "TLS: the connection ended without a close_notify");
}
