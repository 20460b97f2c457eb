/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/simulator/crypto.h"
#include "tests/simulator/envelope.h"
#include "tests/simulator/report.h"
#include "tests/simulator/text.h"

/* HCL report */

enum { HCL_BYTES = 2600, HCL_RUNTIME_HEAD = 20, HCL_JSON_AT = 0x4D4 };

static status put_hcl_json(struct out *o, const struct sim_options *options, struct err *err)
{
    uint8_t user_data[64];
    TRY(sim_draw(options->seed, "HCL user data", BYTES_ABSENT, user_data, sizeof user_data, err));
    out_text(o, "{\"keys\":[],\"vm-configuration\":{\"console-enabled\":true,\"secure-boot\":true,\"tpm-enabled\":true,"
                "\"vmUniqueId\":\"00000000-0000-0000-0000-000000000000\"},\"user-data\":\"");
    out_hex(o, BYTES_OF(user_data));
    out_text(o, "\"}");
    return OK;
}

status sim_hcl_report_data(const struct sim_options *options, uint8_t out[64], struct err *err)
{
    uint8_t memory[1024], digest[SIM_HASH_MAX];
    struct out json = OUT(memory);
    TRY(put_hcl_json(&json, options, err));
    TRY(sim_hash(SIM_SHA256, out_view(&json), digest, err));
    memset(out, 0, 64);
    memcpy(out, digest, 32);
    return OK;
}

status sim_put_hcl(struct out *o, const struct sim_options *options, const struct sim_evidence *made, struct err *err)
{
    uint8_t memory[1024];
    struct out json = OUT(memory);
    TRY(put_hcl_json(&json, options, err));

    const uint32_t head[] = {1, (uint32_t)(HCL_JSON_AT + json.len), 2, 0, 0, 0, 0};
    out_text(o, "HCLA");
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        out_u32le(o, head[i]);
    out_bytes(o, sim_file(made, SIM_FILE_REPORT));
    const uint32_t runtime[] = {(uint32_t)(HCL_RUNTIME_HEAD + json.len), 1, 2, 1, (uint32_t)json.len};
    for (size_t i = 0; i < sizeof runtime / sizeof runtime[0]; i++)
        out_u32le(o, runtime[i]);
    out_bytes(o, out_view(&json));
    if (o->len < HCL_BYTES) out_zeros(o, HCL_BYTES - o->len);
    return OK;
}

/* THIM */

static void put_json_text(struct out *o, bytes text)
{
    out_u8(o, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            out_text(o, "\\n");
        else
            out_u8(o, text.ptr[i]);
    }
    out_u8(o, '"');
}

static void put_tcbm(struct out *o, bytes report)
{
    for (size_t i = 8; i-- > 0;)
        out_hex(o, bytes_slice(report, REPORT_REPORTED_TCB + i, 1));
}

/* MEMBER=absent, more (one more PEM block) or text:TEXT */
static const char *thim_change(const struct sim_list *changes, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < changes->count; i++)
        if (strncmp(changes->text[i], name, n) == 0 && changes->text[i][n] == '=') return changes->text[i] + n + 1;
    return NULL;
}

static status put_member(struct out *o, bytes usual, const char *change, bytes more, struct err *err)
{
    bool has_more = change && strcmp(change, "more") == 0;
    if (change && strncmp(change, "text:", 5) == 0) {
        out_text(o, change + 5);
        return OK;
    }
    if (change && !has_more) return err_set(err, ERR_SYNTAX, 0, "THIM: unknown change \"%.40s\"", change);
    out_bytes(o, usual);
    if (has_more) out_bytes(o, more);
    return OK;
}

status sim_put_thim(struct out *o, const struct sim_options *options, const struct sim_evidence *made, struct err *err)
{
    uint8_t tcbm_memory[32], chain_memory[SIM_FILE_MAX];
    struct out tcbm = OUT(tcbm_memory);
    put_tcbm(&tcbm, sim_file(made, SIM_FILE_REPORT));
    const struct {
        const char *name;
        bytes value;
    } members[] = {
        {"vcekCert", sim_file(made, SIM_FILE_LEAF_PEM)},
        {"tcbm", out_view(&tcbm)},
        {"certificateChain", sim_file(made, SIM_FILE_CHAIN_PEM)},
        {"cacheControl", BYTES_LIT("86400")},
    };
    bool first = true;
    out_u8(o, '{');
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *change = thim_change(&options->thim, members[i].name);
        struct out value = OUT(chain_memory);
        if (change && strcmp(change, "absent") == 0) continue;
        TRY(put_member(&value, members[i].value, change, members[0].value, err));
        out_text(o, first ? "\n    \"" : ",\n    \"");
        out_text(o, members[i].name);
        out_text(o, "\": ");
        put_json_text(o, out_view(&value));
        first = false;
    }
    out_text(o, "\n}");
    return OK;
}
