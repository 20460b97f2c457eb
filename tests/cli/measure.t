# SPDX-License-Identifier: Apache-2.0
## The expected values were computed with virtee/sev-snp-measure and a few lines of Python.
$ cp $TOP/corpus/ovmf/seed/whole-page ovmf.fd && echo kernel >kernel && echo initrd >initrd
$ contrast measure --ovmf ovmf.fd --kernel kernel --initrd initrd --append quiet --vcpus 2 --product genoa
measurement    b2f06f4b71c45d586f78a7c4647d11772311f1f1cf7987b6c5c46556e6917fe9eee60bd3a0fd53b5ad74fe790402d213
ap_reset_eip   0080b004
## The same CPU by its name and by its signature.
$ contrast measure --ovmf ovmf.fd --kernel kernel --initrd initrd --append quiet --vcpus 2 --vcpu-type EPYC-Genoa-v1 | head -n 1
measurement    b2f06f4b71c45d586f78a7c4647d11772311f1f1cf7987b6c5c46556e6917fe9eee60bd3a0fd53b5ad74fe790402d213
$ contrast measure --ovmf ovmf.fd --kernel kernel --initrd initrd --append quiet --vcpus 2 --vcpu-signature 0xa10f10 | head -n 1
measurement    b2f06f4b71c45d586f78a7c4647d11772311f1f1cf7987b6c5c46556e6917fe9eee60bd3a0fd53b5ad74fe790402d213
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product turin --id-block --format json | cut -c 1-160
{
  "measurement": "d843ab64c8e804cfdb838353bbd3f8d177e2674160332993611ddf377ed2db930ae986d12cdd979204d2231230b43c30",
  "ap_reset_eip": "0080b004",
  "id_key_digest": "daacec2364b8f54414271a744fe801c2cb887d8b78564cbfdd5dd11841c0d2d68b875600676491d031a084ae13e6c20b",
  "id_block": "2EOrZMjoBM/bg4NTu9P40XfiZ0FgMymTYR3fN37S25MK6YbRLN2XkgTSIxIwtDwwAQAAAAAAAAAAAAAAAAAAAAIAAAAAAAAAAAAAAAAAAAABAAAAAgAAAAAAAwAAAAAA",
/  "id_auth": "AQAAAAA.*/
}
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product turin --id-block | sed -n 's/^id_auth *//p' | base64 -d | sha256sum
ee01e42f66a788ee4644fb43e85a441210fdf6bf8ae4a29e36c368668dd2dfc2  -
## What is missing, given twice, or does not go together.
$ contrast measure --vcpus 1 --product milan
contrast: measure: --ovmf is missing (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --product milan
contrast: measure: --vcpus is missing or 0 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1
contrast: measure: want one of --product, --vcpu-type and --vcpu-signature, have 0 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --vcpu-type EPYC
contrast: measure: want one of --product, --vcpu-type and --vcpu-signature, have 2 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --vmm ec2 | head -n 1
/measurement    [0-9a-f]{96}/
$ contrast measure --ovmf ovmf.fd --ovmf ovmf.fd --vcpus 1 --product milan
contrast: measure: --ovmf: given twice (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --append quiet
contrast: measure: --initrd and --append go with --kernel (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --policy 0x30000
contrast: measure: --policy goes with --id-block (see contrast measure --help)
[exit 2]
$ contrast measure ovmf.fd
contrast: measure: takes no operand "ovmf.fd" (see contrast measure --help)
[exit 2]
## Values that are none.
$ contrast measure --ovmf ovmf.fd --vcpus 0 --product milan
contrast: measure: --vcpus is missing or 0 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 4097 --product milan
contrast: measure: --vcpus: number: want at most 4096, have "4097" (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus -1 --product milan
contrast: measure: --vcpus: number: not a decimal digit at byte 0: "-1" (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --guest-features 0x10000000000000000
contrast: measure: --guest-features: hex number: want 1 to 16 digits, have 17 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --guest-features 0x
contrast: measure: --guest-features: hex number: want 1 to 16 digits, have 0 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product Rome
contrast: measure: --product: want one of milan, genoa, turin, have "Rome" (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product ''
contrast: measure: --product: want one of milan, genoa, turin, have "" (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --vcpu-type EPYC-v9
/contrast: measure: --vcpu-type: no "EPYC-v9"; known CPU models: EPYC .* EPYC-Turin .*/
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --id-block --policy 0x10000
contrast: measure: --policy: no POLICY word: want bit 17 to be 1 and bits 26 to 63 to be 0, as in 0x30000 (see contrast measure --help)
[exit 2]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan --id-block --policy 0x4030000
contrast: measure: --policy: no POLICY word: want bit 17 to be 1 and bits 26 to 63 to be 0, as in 0x30000 (see contrast measure --help)
[exit 2]
## Files that are no firmware, too large, or not there.
$ contrast measure --ovmf kernel --vcpus 1 --product milan
contrast: measure: "kernel": firmware: size: want a multiple of 4096 bytes, have 7
[exit 3]
$ truncate -s 4096 empty.fd && contrast measure --ovmf empty.fd --vcpus 1 --product milan
contrast: measure: "empty.fd": firmware: footer table: entry size: want 18 to 4064 bytes, have 0
[exit 3]
$ truncate -s 16781312 large.fd && contrast measure --ovmf large.fd --vcpus 1 --product milan
contrast: measure: "large.fd": want at most 16777216 bytes
[exit 3]
$ contrast measure --ovmf nowhere.fd --vcpus 1 --product milan
contrast: measure: "nowhere.fd": No such file or directory
[exit 1]
$ contrast measure --ovmf ovmf.fd --kernel nowhere --vcpus 1 --product milan
contrast: measure: "nowhere": No such file or directory
[exit 1]
$ contrast measure --ovmf ovmf.fd --vcpus 1 --product milan >/dev/full
contrast: measure: standard output: No space left on device
[exit 1]
