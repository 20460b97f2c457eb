/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/reference.h"

struct reference reference_anything(void)
{
    const struct expect_bytes any_bytes = {.mode = EXPECT_ANYTHING};
    const struct expect_number any_number = {.mode = EXPECT_ANYTHING};
    const struct expect_tcb any_tcb = {.mode = EXPECT_ANYTHING};

    return (struct reference){
        .product = {.mode = EXPECT_ANYTHING},
        .measurement = any_bytes,
        .report_data = any_bytes,
        .host_data = any_bytes,
        .id_key_digest = any_bytes,
        .author_key_digest = any_bytes,
        .family_id = any_bytes,
        .image_id = any_bytes,
        .chip_id = any_bytes,
        .minimum_tcb = any_tcb,
        .minimum_launch_tcb = any_tcb,
        .minimum_firmware = {.mode = EXPECT_ANYTHING},
        .minimum_guest_svn = any_number,
        .guest_policy = any_number,
        .platform_info = {.mode = EXPECT_ANYTHING},
        .vmpl = any_number,
        .launch_mitigations = any_number,
        .current_mitigations = any_number,
        .provisional = {.mode = PROVISIONAL_PERMITTED},
    };
}
