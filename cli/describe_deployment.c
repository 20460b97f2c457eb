/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/describe_deployment.h"

static void add_key(struct description *d, const char *name, const struct coordinator_ca *ca,
                    uint8_t digest[SHA256_BYTES])
{
    if (ca->has_profile && is_ok(crypto_sha256(&ca->x.spki, 1, digest, NULL)))
        description_add(d, 1, name, value_hex(BYTES(digest, SHA256_BYTES)), NULL);
}

static void describe_claims(const struct verification *v, struct description *d)
{
    description_add(d, 0, "CLAIMS", value_none(), NULL);
    if (v->is_bundle) {
        description_add(d, 1, "CAPTURED_AT", value_time(v->bundle.captured_at), NULL);
        description_add(d, 1, "TOOL", value_foreign(v->bundle.tool), NULL);
    } else {
        description_add(d, 1, "COORDINATOR_VERSION", value_foreign(v->coordinator_version), NULL);
    }
}

void describe_deployment(const struct verification *v, struct deployment_description *out)
{
    struct description *d = &out->list;
    const struct bundle *b = &v->bundle;
    *out = (struct deployment_description){0};
    if (!v->is_open) return;
    description_add(d, 0, "DEPLOYMENT", value_none(), NULL);
    description_add(d, 1, "CONTAINER",
                    value_text(v->is_bundle ? "bundle"
                               : v->is_live ? "connection"
                                            : "answer"),
                    NULL);
    description_add(d, 1, "BINDING", value_text(bundle_binding_name(b->binding)), NULL);
    description_add(d, 1, "NONCE", value_hex(BYTES_OF(b->nonce)), NULL);
    if (b->manifest_count > 0)
        description_add(d, 1, "MANIFEST_SHA256", value_hex(BYTES_OF(v->work.active_manifest)), NULL);
    description_add(d, 1, "MANIFESTS", value_decimal(b->manifest_count), NULL);
    if (b->manifest_count > 0)
        description_add(d, 1, "TRANSITION", value_hex(BYTES(v->work.transitions[b->manifest_count - 1], SHA256_BYTES)),
                        NULL);
    description_add(d, 1, "POLICIES", value_decimal(b->policy_count), NULL);
    add_key(d, "ROOT_CA_KEY_SHA256", &v->work.root_ca, out->root_ca_key);
    add_key(d, "MESH_CA_KEY_SHA256", &v->work.mesh_ca, out->mesh_ca_key);
    describe_claims(v, d);
}
