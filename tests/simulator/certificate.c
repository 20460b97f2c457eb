/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/certificate.h"

#include "parse/text.h"
#include "tests/simulator/text.h"

/* names */

static void put_attribute(struct out *o, uint8_t type, uint8_t tag, const char *value)
{
    const uint8_t oid[] = {0x55, 0x04, type};
    size_t set = der_open(o, DER_SET), pair = der_open(o, DER_SEQUENCE);
    der_put(o, DER_OID, BYTES_OF(oid));
    der_put(o, tag, text_bytes(value));
    der_close(o, pair);
    der_close(o, set);
}

void sim_put_name(struct out *o, const char *cn)
{
    size_t name = der_open(o, DER_SEQUENCE);
    put_attribute(o, 11, DER_UTF8_STRING, "Engineering");
    put_attribute(o, 6, DER_PRINTABLE_STRING, "US");
    put_attribute(o, 7, DER_UTF8_STRING, "Santa Clara");
    put_attribute(o, 8, DER_UTF8_STRING, "CA");
    put_attribute(o, 10, DER_UTF8_STRING, "Advanced Micro Devices");
    bool none = strcmp(cn, "@none") == 0, twice = strcmp(cn, "@twice") == 0;
    for (int i = none ? 2 : !twice; i < 2; i++)
        put_attribute(o, 3, DER_UTF8_STRING, twice ? "SEV-VCEK" : cn);
    der_close(o, name);
}

/* times */

static bool time_shape_fits(const char *text)
{
    const char *shape = "dddd-dd-ddTdd:dd:ddZ";
    size_t len = strlen(text);
    if (len != 10 && len != strlen(shape)) return false;
    for (size_t i = 0; i < len; i++)
        if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i]) return false;
    return true;
}

status sim_put_time(struct out *o, const char *text, struct err *err)
{
    bool forced = text[0] == 'G';
    text += forced;
    if (!time_shape_fits(text)) return err_set(err, ERR_SYNTAX, 0, "not a date: \"%.40s\"", text);

    bool generalized = forced || strncmp(text, "1950", 4) < 0 || strncmp(text, "2050", 4) >= 0;
    size_t mark = der_open(o, generalized ? DER_GENERALIZED_TIME : DER_UTC_TIME);
    for (const char *p = generalized ? text : text + 2; *p; p++)
        if (*p >= '0' && *p <= '9') out_u8(o, (uint8_t)*p);
    out_text(o, strlen(text) == 10 ? "000000Z" : "Z");
    der_close(o, mark);
    return OK;
}

/* algorithms */

#define OID_PSS    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define OID_MGF1   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define ALG_SHA256 "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"
#define ALG_SHA384 "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00"

#define PSS_HEAD(total, inner, hash, mgf)                                                                              \
    "\x30" total OID_PSS "\x30" inner "\xa0\x0f" hash "\xa1\x1c\x30\x1a" OID_MGF1 mgf

enum scheme { SCHEME_PSS, SCHEME_PKCS1, SCHEME_ECDSA };

static const struct {
    bytes identifier;
    enum scheme scheme;
    enum sim_hash hash, mgf;
    size_t salt;
} algs[SIM_ALGS] = {
    [SIM_PSS] = {BYTES_LIT(PSS_HEAD("\x41", "\x34", ALG_SHA384, ALG_SHA384) "\xa2\x03\x02\x01\x30"), SCHEME_PSS,
                 SIM_SHA384, SIM_SHA384, 48},
    [SIM_PSS_TRAILER] = {BYTES_LIT(PSS_HEAD("\x46", "\x39", ALG_SHA384,
                                            ALG_SHA384) "\xa2\x03\x02\x01\x30\xa3\x03\x02\x01\x01"),
                         SCHEME_PSS, SIM_SHA384, SIM_SHA384, 48},
    [SIM_PSS_SHA256] = {BYTES_LIT(PSS_HEAD("\x41", "\x34", ALG_SHA256, ALG_SHA256) "\xa2\x03\x02\x01\x20"), SCHEME_PSS,
                        SIM_SHA256, SIM_SHA256, 32},
    [SIM_PSS_MGF1_SHA256] = {BYTES_LIT(PSS_HEAD("\x41", "\x34", ALG_SHA384, ALG_SHA256) "\xa2\x03\x02\x01\x30"),
                             SCHEME_PSS, SIM_SHA384, SIM_SHA256, 48},
    [SIM_PSS_SALT32] = {BYTES_LIT(PSS_HEAD("\x41", "\x34", ALG_SHA384, ALG_SHA384) "\xa2\x03\x02\x01\x20"), SCHEME_PSS,
                        SIM_SHA384, SIM_SHA384, 32},
    [SIM_PKCS1] = {BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00"), SCHEME_PKCS1, SIM_SHA384,
                   SIM_SHA384, 0},
    [SIM_ECDSA] = {BYTES_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"), SCHEME_ECDSA, SIM_SHA384, SIM_SHA384,
                   0},
};

void sim_put_alg(struct out *o, enum sim_alg alg)
{
    out_bytes(o, algs[alg].identifier);
}

/* keys and extensions */

static void put_rsa_public(struct out *o, enum sim_key key)
{
    size_t sequence = der_open(o, DER_SEQUENCE);
    der_put_unsigned(o, sim_key_modulus(key));
    der_put_uint(o, 65537);
    der_close(o, sequence);
}

void sim_put_rsa_spki(struct out *o, enum sim_key key)
{
    uint8_t memory[600];
    struct out public = OUT(memory);
    put_rsa_public(&public, key);
    size_t spki = der_open(o, DER_SEQUENCE);
    out_bytes(o, BYTES_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00")); /* rsaEncryption, NULL */
    der_put_bits(o, out_view(&public));
    der_close(o, spki);
}

status sim_rsa_key_id(enum sim_key key, uint8_t out[20], struct err *err)
{
    uint8_t memory[600], digest[SIM_HASH_MAX];
    struct out public = OUT(memory);
    put_rsa_public(&public, key);
    TRY(sim_hash(SIM_SHA1, out_view(&public), digest, err));
    memcpy(out, digest, 20);
    return OK;
}

void sim_put_extension(struct out *o, bytes oid, bool critical, bytes value)
{
    size_t extension = der_open(o, DER_SEQUENCE);
    der_put(o, DER_OID, oid);
    if (critical) der_put(o, DER_BOOLEAN, BYTES_LIT("\xff"));
    der_put(o, DER_OCTET_STRING, value);
    der_close(o, extension);
}

/* signatures */

static status mgf1(enum sim_hash hash, bytes seed, uint8_t *mask, size_t len, struct err *err)
{
    uint8_t in[SIM_HASH_MAX + 4], block[SIM_HASH_MAX];
    memcpy(in, seed.ptr, seed.len);
    for (uint32_t counter = 0; len > 0; counter++) {
        for (size_t i = 0; i < 4; i++)
            in[seed.len + i] = (uint8_t)(counter >> (24 - 8 * i));
        TRY(sim_hash(hash, BYTES(in, seed.len + 4), block, err));
        size_t n = len < sim_hash_len(hash) ? len : sim_hash_len(hash);
        memcpy(mask, block, n);
        mask += n;
        len -= n;
    }
    return OK;
}

/* EMSA-PSS-ENCODE for 4095 bits; RFC 8017, 9.1.1. */
static status pss_encode(const struct sim_signing *how, bytes digest, uint8_t em[SIM_RSA_BYTES], struct err *err)
{
    size_t salt_len = algs[how->alg].salt, db_len = SIM_RSA_BYTES - digest.len - 1;
    if (digest.len > SIM_HASH_MAX || salt_len > SIM_HASH_MAX)
        return err_set(err, ERR_BUG, 0, "PSS digest of %zu and salt of %zu bytes", digest.len, salt_len);
    uint8_t salted[8 + 2 * SIM_HASH_MAX] = {0}, h[SIM_HASH_MAX], mask[SIM_RSA_BYTES];
    uint8_t *salt = salted + 8 + digest.len;
    memcpy(salted + 8, digest.ptr, digest.len);
    TRY(sim_draw(how->seed, how->label, digest, salt, salt_len, err));
    TRY(sim_hash(algs[how->alg].hash, BYTES(salted, 8 + digest.len + salt_len), h, err));
    TRY(mgf1(algs[how->alg].mgf, BYTES(h, digest.len), mask, db_len, err));

    memset(em, 0, SIM_RSA_BYTES);
    em[db_len - salt_len - 1] = 1;
    memcpy(em + db_len - salt_len, salt, salt_len);
    for (size_t i = 0; i < db_len; i++)
        em[i] ^= mask[i];
    em[0] &= 0x7F;
    memcpy(em + db_len, h, digest.len);
    em[SIM_RSA_BYTES - 1] = 0xBC;
    return OK;
}

/* EMSA-PKCS1-v1_5-ENCODE with SHA-384; RFC 8017, 9.2. */
static void pkcs1_encode(bytes digest, uint8_t em[SIM_RSA_BYTES])
{
    bytes info = BYTES_LIT("\x30\x41" ALG_SHA384 "\x04\x30");
    size_t t_len = info.len + digest.len;
    memset(em, 0xFF, SIM_RSA_BYTES);
    em[0] = 0;
    em[1] = 1;
    em[SIM_RSA_BYTES - t_len - 1] = 0;
    memcpy(em + SIM_RSA_BYTES - t_len, info.ptr, info.len);
    memcpy(em + SIM_RSA_BYTES - digest.len, digest.ptr, digest.len);
}

/* A private operation costs milliseconds and most runs make the same CA certificates: the last few are kept.  The one
 * piece of state of the simulator, and the reason why it is for one thread. */
static status rsa_private_kept(enum sim_key key, const uint8_t em[SIM_RSA_BYTES], uint8_t out[SIM_RSA_BYTES],
                               struct err *err)
{
    static struct kept {
        bool used;
        enum sim_key key;
        uint8_t em[SIM_RSA_BYTES], signature[SIM_RSA_BYTES];
    } kept[32];
    static size_t next;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (!kept[i].used || kept[i].key != key || memcmp(kept[i].em, em, SIM_RSA_BYTES) != 0) continue;
        memcpy(out, kept[i].signature, SIM_RSA_BYTES);
        return OK;
    }
    TRY(sim_rsa_private(sim_key_private(key), em, out, err));
    struct kept *k = &kept[next++ % (sizeof kept / sizeof kept[0])];
    *k = (struct kept){.used = true, .key = key};
    memcpy(k->em, em, SIM_RSA_BYTES);
    memcpy(k->signature, out, SIM_RSA_BYTES);
    return OK;
}

static status put_rsa_signature(struct out *o, const struct sim_signing *how, bytes digest, struct err *err)
{
    uint8_t em[SIM_RSA_BYTES], signature[SIM_RSA_BYTES];
    if (algs[how->alg].scheme == SCHEME_PKCS1)
        pkcs1_encode(digest, em);
    else
        TRY(pss_encode(how, digest, em, err));
    TRY(rsa_private_kept(how->key, em, signature, err));
    der_put_bits(o, BYTES_OF(signature));
    return OK;
}

static status put_ecdsa_signature(struct out *o, const struct sim_signing *how, bytes digest, struct err *err)
{
    uint8_t r[SIM_EC_MAX], s[SIM_EC_MAX], memory[128];
    if (!how->ec_key) return err_set(err, ERR_RANGE, 0, "%s: no EC key to sign with", how->label);
    TRY(sim_ec_sign(how->ec_key, how->seed, digest, r, s, err));
    struct out pair = OUT(memory);
    size_t len = sim_curve_len(how->ec_key->curve), sequence = der_open(&pair, DER_SEQUENCE);
    der_put_unsigned(&pair, BYTES(r, len));
    der_put_unsigned(&pair, BYTES(s, len));
    der_close(&pair, sequence);
    der_put_bits(o, out_view(&pair));
    return OK;
}

status sim_put_signed(struct out *o, const struct out *tbs, const struct sim_signing *how, const struct sim_list *edits,
                      const char *file, struct err *err)
{
    enum { HEAD = 4 }; /* of the outer SEQUENCE: all that we sign is between 256 bytes and 64 KiB long */
    uint8_t memory[SIM_FILE_MAX], digest[SIM_HASH_MAX];
    struct out edited = OUT(memory);
    out_zeros(&edited, HEAD);
    out_bytes(&edited, out_view(tbs));
    TRY(sim_text_edits(edits->text, edits->count, file, &edited, err));
    if (tbs->full || edited.full) return err_set(err, ERR_LIMIT, 0, "%s: too long", file);

    bytes body = BYTES(memory + HEAD, edited.len - HEAD);
    TRY(sim_hash(algs[how->alg].hash, body, digest, err));
    bytes digest_view = BYTES(digest, sim_hash_len(algs[how->alg].hash));
    size_t sequence = der_open(o, DER_SEQUENCE);
    out_bytes(o, body);
    sim_put_alg(o, how->alg);
    TRY(algs[how->alg].scheme == SCHEME_ECDSA ? put_ecdsa_signature(o, how, digest_view, err)
                                              : put_rsa_signature(o, how, digest_view, err));
    der_close(o, sequence);
    return o->full ? err_set(err, ERR_LIMIT, 0, "%s: too long", file) : OK;
}
