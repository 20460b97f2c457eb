/* SPDX-License-Identifier: Apache-2.0 */
/* What is written into the launch digest and handed to the firmware, of any values; names and identifiers compared.
 *
 * Eva: -eva-partition-history 0 -eva-slevel 300 */
#include "snp/algorithm.h"
#include "snp/id_block.h"
#include "snp/kernel_hashes.h"
#include "snp/page.h"
#include "snp/vmsa.h"
#include "tests/prove/input.h"

static void write_pages(void)
{
    uint8_t digest[SNP_LAUNCH_DIGEST_BYTES], contents[SNP_LAUNCH_DIGEST_BYTES], info[SNP_PAGE_INFO_BYTES];
    uint8_t page[SNP_PAGE_BYTES];
    struct snp_kernel_hashes hashes;
    struct snp_vcpu vcpu;
    uint64_t gpa;
    UNKNOWN(digest), UNKNOWN(contents), UNKNOWN(hashes), UNKNOWN(vcpu), UNKNOWN(gpa);
    snp_page_info_write(digest, contents, (enum snp_page_type)any(0, 6), gpa, info);
    snp_kernel_hashes_write(&hashes, (size_t)any(0, SNP_PAGE_BYTES - SNP_KERNEL_HASHES_BYTES), page);
    vcpu.vmm = (enum snp_vmm)any(SNP_VMM_QEMU, SNP_VMM_GCE);
    snp_vmsa_write_bsp(&vcpu, page);
    snp_vmsa_write_ap(&vcpu, (uint32_t)gpa, page);
}

static void write_id_block(void)
{
    uint8_t out[SNP_ID_AUTH_BYTES];
    struct snp_id_block block;
    struct snp_id_auth auth;
    UNKNOWN(block), UNKNOWN(auth);
    snp_id_block_write(&block, out + SNP_ID_AUTH_BYTES - SNP_ID_BLOCK_BYTES);
    snp_id_key_write(&auth.id_key, out + SNP_ID_AUTH_BYTES - SNP_ID_KEY_BYTES);
    snp_id_auth_write(&auth, out);
}

static void find_model(size_t n)
{
    uint8_t name[16];
    uint32_t signature;
    struct err err = {0};
    (void)is_ok(snp_vcpu_signature_of_model(INPUT(name, n), &signature, &err));
}

static void compare(size_t n)
{
    uint8_t element[80];
    bytes in = INPUT(element, n);
    (void)snp_algorithm_is_pss_sha384(in);
    (void)snp_algorithm_is_rsa_key(in);
    (void)snp_algorithm_is_p384_key(in);
}

int main(void)
{
    write_pages();
    write_id_block();
    find_model(0);
    find_model(4);
    find_model(13);
    (void)snp_vcpu_signature_of_product((enum snp_product)any(SNP_PRODUCT_UNKNOWN, SNP_PRODUCT_COUNT));
    (void)snp_vcpu_model_name((size_t)any(0, 20));
    compare(0);
    compare(15);
    compare(18);
    compare(67);
    compare(72);
    return 0;
}
