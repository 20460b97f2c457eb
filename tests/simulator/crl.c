/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/crl.h"

#include "tests/simulator/authority.h"
#include "tests/simulator/certificate.h"
#include "tests/simulator/product.h"
#include "tests/simulator/text.h"

/* "ark", "ask", "asvk" or the number itself. */
static status put_serial(struct out *o, enum sim_product product, const char *text, struct err *err)
{
    static const char *const names[SIM_CA_ROLES] = {"ark", "ask", "asvk"};
    for (size_t i = 0; i < SIM_CA_ROLES; i++) {
        if (strcmp(names[i], text) != 0) continue;
        der_put_uint(o, sim_product_get(product)->ca[i].serial);
        return OK;
    }
    uint64_t number;
    TRY(sim_text_number(text, &number, err));
    der_put_uint(o, number);
    return OK;
}

static status put_revoked(struct out *o, const struct sim_options *options, enum sim_product product, struct err *err)
{
    if (options->crl_revoke.count == 0) return OK; /* an empty list is left out */
    size_t list = der_open(o, DER_SEQUENCE);
    for (size_t i = 0; i < options->crl_revoke.count; i++) {
        size_t entry = der_open(o, DER_SEQUENCE);
        TRY(err_in(err, put_serial(o, product, options->crl_revoke.text[i], err), "revoked serial"));
        TRY(sim_put_time(o, "2026-01-01", err));
        der_close(o, entry);
    }
    der_close(o, list);
    return OK;
}

static status put_extensions(struct out *o, const struct sim_options *options, enum sim_key signer, struct err *err)
{
    uint8_t id[20], memory[64];
    uint64_t number = 1;
    if (options->crl_number) TRY(sim_text_number(options->crl_number, &number, err));

    size_t wrapper = der_open(o, DER_CONTEXT + 0), list = der_open(o, DER_SEQUENCE);
    if (!options->crl_no_aki) {
        TRY(sim_rsa_key_id(signer, id, err));
        struct out aki = OUT(memory);
        size_t sequence = der_open(&aki, DER_SEQUENCE);
        der_put(&aki, 0x80, BYTES_OF(id));
        der_close(&aki, sequence);
        sim_put_extension(o, BYTES_LIT("\x55\x1d\x23"), false, out_view(&aki));
    }
    struct out value = OUT(memory);
    der_put_uint(&value, number);
    sim_put_extension(o, BYTES_LIT("\x55\x1d\x14"), false, out_view(&value));
    if (options->crl_critical_ext) /* 1.3.6.1.4.1.55555.2 */
        sim_put_extension(o, BYTES_LIT("\x2b\x06\x01\x04\x01\x83\xb2\x03\x02"), true, BYTES_LIT("\x05\x00"));
    der_close(o, list);
    der_close(o, wrapper);
    return OK;
}

status sim_put_crl(struct out *o, const struct sim_options *options, struct err *err)
{
    struct sim_authority ark = sim_authority_find(options, options->crl_chain, SIM_ARK);
    enum sim_alg alg = options->crl_alg == SIM_ALG_DEFAULT ? SIM_PSS : options->crl_alg;
    const char *next_update = options->crl_next_update ? options->crl_next_update : "2046-01-01";
    enum sim_key signer = options->crl_by_other_ark ? SIM_KEY_OTHER_ARK : ark.key;

    uint8_t memory[4096];
    struct out tbs = OUT(memory);
    size_t body = der_open(&tbs, DER_SEQUENCE);
    der_put_uint(&tbs, 1);
    sim_put_alg(&tbs, options->crl_inner_alg == SIM_ALG_DEFAULT ? alg : options->crl_inner_alg);
    sim_put_name(&tbs, ark.subject_cn);
    TRY(sim_put_time(&tbs, options->crl_this_update ? options->crl_this_update : "2026-01-01", err));
    if (strcmp(next_update, "@none") != 0) TRY(sim_put_time(&tbs, next_update, err));
    TRY(put_revoked(&tbs, options, ark.product, err));
    TRY(put_extensions(&tbs, options, signer, err));
    der_close(&tbs, body);

    struct sim_signing how = {.alg = alg, .key = signer, .seed = 0, .label = "salt of CRL"};
    return sim_put_signed(o, &tbs, &how, &options->tbs, "crl.der", err);
}
