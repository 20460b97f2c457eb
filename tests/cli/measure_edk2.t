# SPDX-License-Identifier: Apache-2.0
# needs shared
## Ends of two real images taken as whole ones; the values are virtee/sev-snp-measure's.
$ : >kernel; ln -s $SHARED/vectors/measure/ovmf_AmdSev_suffix.bin amdsev.fd; ln -s $SHARED/vectors/measure/ovmf_OvmfX64_suffix.bin ovmf.fd
$ contrast measure --ovmf amdsev.fd --kernel kernel --append 'console=ttyS0 loglevel=7' --vcpus 1 --product milan --id-block | head -n 3
measurement    5dd46406b6e3d1f1c7dda1148d337b07a138f32a6c56439b543dd4b5febdbc7f9aee169b27d0b5a705af2eb2b59f247f
ap_reset_eip   0080b004
id_key_digest  21252bee4998c2fceaf4b42d3bbb6aed7463a5f88947b7968bf80171c96fb3fbe25297db1d562674f90bfae8288d5b1a
$ contrast measure --ovmf amdsev.fd --kernel kernel --append 'console=ttyS0 loglevel=7' --vcpus 1 --product milan --id-block --policy 0x3001f | sed -n 3p
id_key_digest  1c39aeb2a46c3726d2c731509ab327f6c860904bf22ac5eb5ba47686b33b6cefeb7d0ed5db39eb475348ab1714d04c1c
$ contrast measure --ovmf amdsev.fd --kernel kernel --append 'console=ttyS0 loglevel=7' --vcpus 220 --product genoa | head -n 1
measurement    5793590b91469dd404f0a955c1bfb30a23078160e4445f1a38ce2881f1696a762ab47c1a092c3d6a967cecfcfcd7a676
$ contrast measure --ovmf amdsev.fd --kernel kernel --append 'console=ttyS0 loglevel=7' --vcpus 1 --vcpu-type EPYC-v4 --guest-features 0x21 | head -n 1
measurement    803f691094946e42068aaa3a8f9e26a5c89f36f7b73ecfb28c653360fe4b3aba7e534442e7e1e17895dfe778d0228977
$ contrast measure --ovmf amdsev.fd --kernel kernel --vcpus 1 --vmm ec2 --guest-features 33 | head -n 1
measurement    0ce9ccc06bab55eebe8abc234f3df6514883977a68a591b71052498ab52b2f1aa415db338033946ef93aa8278c0d67fb
$ contrast measure --ovmf amdsev.fd --kernel kernel --vcpus 1 --vmm gce | head -n 1
measurement    5da7106cf14cf46b1725ebab123eb9e53bd46a1e9f400cd0c08e7827b04b688ea8b4e403c8404efed4397ea5d5d0722e
$ contrast measure --ovmf ovmf.fd --vcpus 1 --vcpu-type EPYC-v4 --guest-features 0x21 | head -n 1
measurement    28797ae0afaba4005a81e629acebfb59e6687949d6be44007cd5506823b0dd66f146aaae26ff291eed7b493d8a64c385
$ contrast measure --ovmf ovmf.fd --kernel kernel --vcpus 1 --vcpu-type EPYC-v4
contrast: measure: "ovmf.fd": firmware: takes no kernel hashes: no SNP_KERNEL_HASHES section
[exit 3]
