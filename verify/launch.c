/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/launch.h"

#include "verify/crypto.h"

/* CONTENTS of every page that is not hashed. */
static const uint8_t zeros[SNP_LAUNCH_DIGEST_BYTES];

/* ---- the chain ------------------------------------------------------------------------------------------------- */

static status add(struct launch_digest *d, enum snp_page_type type, uint64_t gpa, const uint8_t *contents,
                  struct err *err)
{
    uint8_t info[SNP_PAGE_INFO_BYTES];
    snp_page_info_write(d->ld, contents, type, gpa, info);
    bytes in = BYTES_OF(info);
    return crypto_sha384(&in, 1, d->ld, err);
}

static status add_hashed(struct launch_digest *d, enum snp_page_type type, uint64_t gpa, bytes page, struct err *err)
{
    uint8_t contents[SHA384_BYTES];
    TRY(crypto_sha384(&page, 1, contents, err));
    return add(d, type, gpa, contents, err);
}

static status add_section(struct launch_digest *d, const struct snp_section *s, enum snp_page_type type,
                          struct err *err)
{
    for (uint32_t at = 0; at < s->size; at += SNP_PAGE_BYTES)
        TRY(add(d, type, (uint64_t)s->gpa + at, zeros, err));
    return OK;
}

/* ---- the parts of a launch ------------------------------------------------------------------------------------- */

static status add_image(struct launch_digest *d, const struct snp_ovmf *firmware, struct err *err)
{
    for (size_t at = 0; at < firmware->image.len; at += SNP_PAGE_BYTES) {
        bytes page = bytes_slice(firmware->image, at, SNP_PAGE_BYTES);
        TRY(add_hashed(d, SNP_PAGE_NORMAL, firmware->gpa + at, page, err));
    }
    return OK;
}

static status add_kernel_hashes(struct launch_digest *d, const struct launch_guest *guest, size_t hash_table,
                                const struct snp_section *s, struct err *err)
{
    if (!guest->kernel) return add_section(d, s, SNP_PAGE_ZERO, err);
    uint8_t page[SNP_PAGE_BYTES];
    snp_kernel_hashes_write(guest->kernel, hash_table, page);
    return add_hashed(d, SNP_PAGE_NORMAL, s->gpa, BYTES_OF(page), err);
}

/* GCE does not measure the memory of the SEC phase. */
static enum snp_page_type type_of_sec_mem(enum snp_vmm vmm)
{
    return vmm == SNP_VMM_GCE ? SNP_PAGE_UNMEASURED : SNP_PAGE_ZERO;
}

static status add_one_section(struct launch_digest *d, const struct launch_guest *guest, size_t hash_table,
                              const struct snp_section *s, struct err *err)
{
    switch (s->type) {
    case SNP_SECTION_SEC_MEM:
        return add_section(d, s, type_of_sec_mem(guest->vcpu.vmm), err);
    case SNP_SECTION_SECRETS:
        return add_section(d, s, SNP_PAGE_SECRETS, err);
    case SNP_SECTION_CPUID:
        return add_section(d, s, SNP_PAGE_CPUID, err);
    case SNP_SECTION_SVSM_CAA:
        return add_section(d, s, SNP_PAGE_ZERO, err);
    case SNP_SECTION_KERNEL_HASHES:
        return add_kernel_hashes(d, guest, hash_table, s, err);
    default:
        return err_set(err, ERR_BUG, 0, "launch digest: section of type 0x%x", (unsigned)s->type);
    }
}

/* EC2 adds the CPUID page after all other sections. */
static status add_sections(struct launch_digest *d, const struct launch_guest *guest, size_t hash_table,
                           struct err *err)
{
    const struct snp_ovmf *o = guest->firmware;
    bool is_cpuid_last = guest->vcpu.vmm == SNP_VMM_EC2;
    for (size_t i = 0; i < o->section_count; i++) {
        if (is_cpuid_last && o->sections[i].type == SNP_SECTION_CPUID) continue;
        TRY(add_one_section(d, guest, hash_table, &o->sections[i], err));
    }
    for (size_t i = 0; i < o->section_count; i++) {
        if (!is_cpuid_last || o->sections[i].type != SNP_SECTION_CPUID) continue;
        TRY(add_one_section(d, guest, hash_table, &o->sections[i], err));
    }
    return OK;
}

static status hash_ap(const struct snp_vcpu *vcpu, uint32_t reset_eip, uint8_t contents[static SHA384_BYTES],
                      struct err *err)
{
    uint8_t page[SNP_PAGE_BYTES];
    snp_vmsa_write_ap(vcpu, reset_eip, page);
    bytes in = BYTES_OF(page);
    return crypto_sha384(&in, 1, contents, err);
}

static status add_bsp(struct launch_digest *d, const struct snp_vcpu *vcpu, struct err *err)
{
    uint8_t page[SNP_PAGE_BYTES];
    snp_vmsa_write_bsp(vcpu, page);
    return add_hashed(d, SNP_PAGE_VMSA, SNP_VMSA_GPA, BYTES_OF(page), err);
}

static status add_vcpus(struct launch_digest *d, const struct launch_guest *guest, struct err *err)
{
    TRY(add_bsp(d, &guest->vcpu, err));
    if (guest->vcpus == 1) return OK;

    uint8_t contents[SHA384_BYTES];
    TRY(hash_ap(&guest->vcpu, guest->firmware->ap_reset_eip, contents, err));
    for (uint32_t i = 1; i < guest->vcpus; i++)
        TRY(add(d, SNP_PAGE_VMSA, SNP_VMSA_GPA, contents, err));
    return OK;
}

/* ---- what is asked for ----------------------------------------------------------------------------------------- */

/* `hash_table`: where in their page the hashes of the kernel begin; untouched without a kernel. */
static status check_guest(const struct launch_guest *guest, size_t *hash_table, struct err *err)
{
    if (guest->vcpus < 1 || guest->vcpus > LIMIT_LAUNCH_VCPUS) {
        return err_set(err, ERR_RANGE, 0, "launch digest: want 1 to %d vCPUs, have %u", LIMIT_LAUNCH_VCPUS,
                       guest->vcpus);
    }
    if (guest->vcpus > 1 && !guest->firmware->has_ap_reset_eip) {
        return err_set(err, ERR_MISSING, 0,
                       "launch digest: the firmware has no AP reset block, so only 1 vCPU can start");
    }
    return guest->kernel ? snp_ovmf_hash_table_offset(guest->firmware, hash_table, err) : OK;
}

status launch_measure(const struct launch_guest *guest, struct launch_digest *out, struct err *err)
{
    size_t hash_table = 0;
    TRY(check_guest(guest, &hash_table, err));
    struct launch_digest d = {0};
    TRY(add_image(&d, guest->firmware, err));
    TRY(add_sections(&d, guest, hash_table, err));
    TRY(add_vcpus(&d, guest, err));
    *out = d;
    return OK;
}

status launch_hash_kernel(bytes kernel, bytes initrd, bytes cmdline, struct snp_kernel_hashes *out, struct err *err)
{
    struct snp_kernel_hashes h;
    const bytes line[] = {cmdline, BYTES((const uint8_t *)"", 1)};
    TRY(crypto_sha256(&kernel, 1, h.kernel, err));
    TRY(crypto_sha256(&initrd, 1, h.initrd, err));
    TRY(crypto_sha256(line, 2, h.cmdline, err));
    *out = h;
    return OK;
}

status launch_find_vcpus(const struct launch_digest *one, const struct snp_vcpu *vcpu, uint32_t reset_eip,
                         bytes measurement, uint32_t *vcpus, struct err *err)
{
    uint8_t contents[SHA384_BYTES];
    TRY(hash_ap(vcpu, reset_eip, contents, err));

    struct launch_digest d = *one;
    for (uint32_t n = 1; n <= LIMIT_LAUNCH_VCPUS_TRIED; n++) {
        if (bytes_eq(BYTES_OF(d.ld), measurement)) {
            *vcpus = n;
            return OK;
        }
        TRY(add(&d, SNP_PAGE_VMSA, SNP_VMSA_GPA, contents, err));
    }
    return err_rule(err, ERR_MISMATCH, "measurement", 0,
                    "measurement: not the launch digest of the guest with 1 to %d vCPUs", LIMIT_LAUNCH_VCPUS_TRIED);
}
