/* SPDX-License-Identifier: Apache-2.0 */
/* parse/manifest.h: a manifest: which policies may run, on what hardware and firmware, under which names, and who may
 * change that or recover the Coordinator.
 *
 * The reader is strict, because two readers that understand one manifest differently are how a check is passed by: keys
 * are known and written exactly so, no key occurs twice, hex has lower-case digits, numbers are integers.  Upstream's
 * own reader takes the last of two keys and ignores case and unknown keys; a manifest written for it that says
 * SeedshareOwnerKeys, as a page of its documentation does, silently names no owner.  What upstream writes is accepted:
 * the keys of all its releases since 2024, null for an empty list or map, what is left out when empty.
 *
 * All that is wrong is told at once, each with its place.  Only text that is not JSON, or a limit, ends the reading.
 *
 * The traps: a manifest's identity is its exact bytes, never this structure.  An entry without TrustedMeasurement is
 * readable, and no report may ever satisfy it.  Rules that no entry states (platform_info, chip_ids) accept anything.
 *
 * Not checked here: that EC points are on their curves and RSA moduli are products of two primes; that a policy of each
 * hash exists; anything inside TDX entries beyond their form.
 *
 * Specification: Contrast, internal/manifest (Validate of each release), internal/ca for the names.
 */
#ifndef PARSE_MANIFEST_H
#define PARSE_MANIFEST_H

#include "parse/bytes.h"
#include "parse/json.h"
#include "parse/limits.h"
#include "parse/status.h"

enum {
    MANIFEST_HASH_BYTES = 32, /* SHA-256 */
    MANIFEST_MEASUREMENT_BYTES = 48,
    MANIFEST_CHIP_ID_BYTES = 64,
};

enum manifest_role { MANIFEST_ROLE_NONE = 0, MANIFEST_ROLE_COORDINATOR };

struct manifest_policy {
    uint8_t hash[MANIFEST_HASH_BYTES]; /* never all zero, which is the HOST_DATA of a guest that was given none */
    enum manifest_role role;
    bytes workload_secret_id; /* absent when empty */
    size_t first_san;         /* its names are manifest.sans[first_san..first_san + san_count) */
    size_t san_count;         /* at least one is a DNS name, see parse/san.h */
};

enum manifest_product { MANIFEST_PRODUCT_UNKNOWN = 0, MANIFEST_MILAN, MANIFEST_GENOA };

struct manifest_tcb {
    uint8_t boot_loader;
    uint8_t tee;
    uint8_t snp;
    uint8_t microcode;
};
enum { MANIFEST_TCB_PARTS = 4 };

struct manifest_snp {
    bytes platform; /* absent when empty */
    enum manifest_product product;
    bool has_measurement; /* false for null, "", all zero or no TrustedMeasurement: no report satisfies the entry */
    uint8_t measurement[MANIFEST_MEASUREMENT_BYTES];
    bool has_minimum_tcb;      /* all of it; false only in a draft */
    uint8_t minimum_tcb_parts; /* which of it: a bit for each, from bit 0 on in the order of struct manifest_tcb */
    struct manifest_tcb minimum_tcb;
    uint64_t guest_policy; /* a POLICY word, bit 17 set */
    bool has_platform_info;
    uint64_t platform_allowed;  /* bits of PLATFORM_INFO that may be set: SMT, TSME, TIO */
    uint64_t platform_required; /* bits that must be set: ECC, RAPL_DIS, CIPHERTEXT_HIDING_DRAM, ALIAS_CHECK_COMPLETE */
    uint64_t minimum_mitigations;
    size_t first_chip_id; /* manifest.chip_ids[first_chip_id..first_chip_id + chip_id_count) */
    size_t chip_id_count; /* 0: any machine */
    bool has_ap_eip;      /* the measurement is that of one vCPU, and 1 to 220 are accepted */
    uint32_t ap_eip;
    uint64_t cpus; /* of the guest, for people; 0 when not stated */
};

/* Kept for whoever writes the manifest again, and not judged. */
struct manifest_tdx {
    bytes json; /* the entry as it stands in the input */
    bytes platform;
};

struct manifest_chip_id {
    uint8_t id[MANIFEST_CHIP_ID_BYTES]; /* never all zero, which is what a machine says that hides its own */
};

struct manifest_digest {
    uint8_t sha256[MANIFEST_HASH_BYTES];
};

/* Arrays in the order of the document; they are those of the storage. */
struct manifest {
    const struct manifest_policy *policies;
    size_t policy_count;
    const bytes *sans; /* of all policies */
    size_t san_count;

    const struct manifest_snp *snp;
    size_t snp_count;
    const struct manifest_chip_id *chip_ids; /* of all entries */
    size_t chip_id_count;
    const struct manifest_tdx *tdx;
    size_t tdx_count;

    bool has_owner_digests; /* the key WorkloadOwnerKeyDigests is there, perhaps with an empty list */
    const struct manifest_digest *owner_digests; /* SHA-256 of an EC key as below */
    size_t owner_digest_count;
    bool has_owner_keys;     /* WorkloadOwnerPubKeys */
    const bytes *owner_keys; /* EC keys in DER, see parse/public_key.h */
    size_t owner_key_count;
    const bytes *seed_share_owner_keys; /* RSA keys in DER, likewise */
    size_t seed_share_owner_key_count;

    bytes minimum_api_version; /* "v1"; absent: no version is asked for */
    uint32_t minimum_api_number;
};

/* What is wrong, and where. */
struct manifest_finding {
    struct json_path pointer; /* JSON pointer (RFC 6901), empty for the whole document; see json_pointer */
    enum err_kind kind;
    size_t offset; /* byte of the input */
    bool missing;  /* a value that somebody still has to fill in: what a manifest that was just generated may lack */
    char text[ERR_TEXT_MAX];
};

/* Memory for one manifest, lent by the caller: arrays with how much they hold.  A LIMIT_MANIFEST_* of each is always
 * enough, and so are a text of in.len bytes and as many findings as one wants to see: reading stops with the one that
 * fills them. */
struct manifest_storage {
    struct manifest_policy *policies;
    size_t policy_cap;
    bytes *sans;
    size_t san_cap;
    struct manifest_snp *snp;
    size_t snp_cap;
    struct manifest_tdx *tdx;
    size_t tdx_cap;
    struct manifest_chip_id *chip_ids;
    size_t chip_id_cap;
    uint16_t *chip_order; /* as many as chip_ids: scratch, which finds an id that comes twice */
    struct manifest_digest *owner_digests;
    size_t owner_digest_cap;
    bytes *owner_keys;
    size_t owner_key_cap;
    bytes *seed_share_owner_keys;
    size_t seed_share_owner_key_cap;
    bytes *json_keys; /* LIMIT_MANIFEST_KEYS */
    size_t json_key_cap;
    uint8_t *text; /* unescaped texts from the front, owners' keys from the back */
    size_t text_cap;
    struct manifest_finding *findings;
    size_t finding_cap;

    size_t finding_count; /* written by every parse */
    bool findings_cut;    /* reading stopped because findings[] was full */
};

/* Everything but the text at its limit: about 900 KiB, nothing for a stack. */
struct manifest_room {
    struct manifest_policy policies[LIMIT_MANIFEST_POLICIES];
    bytes sans[LIMIT_MANIFEST_SANS];
    struct manifest_snp snp[LIMIT_MANIFEST_REFERENCE_VALUES];
    struct manifest_tdx tdx[LIMIT_MANIFEST_REFERENCE_VALUES];
    struct manifest_chip_id chip_ids[LIMIT_MANIFEST_CHIP_IDS];
    uint16_t chip_order[LIMIT_MANIFEST_CHIP_IDS];
    struct manifest_digest owner_digests[LIMIT_MANIFEST_OWNERS];
    bytes owner_keys[LIMIT_MANIFEST_OWNERS];
    bytes seed_share_owner_keys[LIMIT_MANIFEST_OWNERS];
    bytes json_keys[LIMIT_MANIFEST_KEYS];
    struct manifest_finding findings[LIMIT_MANIFEST_FINDINGS];
};

struct manifest_storage manifest_storage_of(struct manifest_room *room, uint8_t *text, size_t text_cap);

/* Reads and validates.  Views live as long as `in` and the storage, which is used up by one manifest at a time.
 *
 * On failure room->findings[0..finding_count) say all that is wrong, `err` the first of them with its pointer in front,
 * and *out is untouched.  ERR_NOMEM when an array or the text is full, ERR_LIMIT when even a full one would not do. */
MUST_USE status manifest_parse(bytes in, struct manifest_storage *room, struct manifest *out, struct err *err);

/* As manifest_parse, for a manifest that is not finished: values still to be filled in are findings and no failure.
 * Never for one that something is to be judged by. */
MUST_USE status manifest_parse_draft(bytes in, struct manifest_storage *room, struct manifest *out, struct err *err);

/* As upstream writes it: its keys in its order, policies by their hash, two blanks for each level, a newline at the
 * end; null for a list of owners that is empty.  What is absent or zero and no older release needs is left out.  TDX
 * entries come as they were read.  Reading it again gives what manifest_is_same calls the same.
 *
 * For what the readers here have accepted; nothing is checked.  *out is a view of buf; ERR_NOMEM says how much it
 * takes.
 */
MUST_USE status manifest_write(const struct manifest *m, uint8_t *buf, size_t cap, bytes *out, struct err *err);

/* Whether they say the same, in another order of keys or with other white space perhaps.  The order of lists counts.
 * The trap: two that say the same are still two manifests, with two hashes. */
bool manifest_is_same(const struct manifest *a, const struct manifest *b);

/* The policy of this hash, or NULL. */
const struct manifest_policy *manifest_find_policy(const struct manifest *m, bytes hash);

#endif
