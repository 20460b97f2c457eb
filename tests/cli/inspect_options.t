# SPDX-License-Identifier: Apache-2.0
## Every option that states an expectation refuses a value that is none, before any file is read.
$ refuse() { contrast inspect file "$1=$2" 2>&1 | sed 's/contrast: inspect: //; s/ (see contrast inspect --help)//'; }
> refuse --measurement 00
> refuse --measurement $(printf '0%.0s' {1..95})x
> refuse --report-data ''
> refuse --host-data $(printf '0%.0s' {1..66})
> refuse --id-key-digest 0x00
> refuse --author-key-digest 00
> refuse --family-id 00
> refuse --image-id 00
> refuse --chip-id 0011223344556677889900
--measurement: want 48 bytes, that is 96 hex digits, have 2
/--measurement: .*95.*/
--report-data: want 64 bytes, that is 128 hex digits, have 0
--host-data: want 32 bytes, that is 64 hex digits, have 66
--id-key-digest: want 48 bytes, that is 96 hex digits, have 4
--author-key-digest: want 48 bytes, that is 96 hex digits, have 2
--family-id: want 16 bytes, that is 32 hex digits, have 2
--image-id: want 16 bytes, that is 32 hex digits, have 2
--chip-id: want 64 bytes (on Turin 8), that is 128 hex digits (16), have 22

$ refuse() { contrast inspect file "$1=$2" 2>&1 | sed 's/contrast: inspect: //; s/ (see contrast inspect --help)//'; }
> refuse --product Rome
> refuse --minimum-tcb ''
> refuse --minimum-tcb bl=4,tee=0,snp=24
> refuse --minimum-tcb bl=4,tee=0,snp=24,ucode=256
> refuse --minimum-tcb bl=4,tee=0,snp=24,ucode=219,
> refuse --minimum-tcb bl=4,tee=0,snp=24,ucode
> refuse --minimum-tcb bl=4,bl=4
> refuse --minimum-launch-tcb spl=1
> refuse --minimum-version 1.55
> refuse --minimum-version 1.55.29.0
> refuse --minimum-version 1.55.256
--product: want one of milan, genoa, turin, have "Rome"
--minimum-tcb: want one of bl, tee, snp, ucode, fmc, have ""
--minimum-tcb: ucode is missing
/--minimum-tcb: ucode: .*255.*/
--minimum-tcb: want one of bl, tee, snp, ucode, fmc, have ""
--minimum-tcb: ucode: want =NUMBER behind it
--minimum-tcb: bl is given twice
--minimum-launch-tcb: want one of bl, tee, snp, ucode, fmc, have "spl"
--minimum-version: want MAJOR.MINOR.BUILD
--minimum-version: want MAJOR.MINOR.BUILD and nothing behind it
/--minimum-version: .*255.*/

$ refuse() { contrast inspect file "$1=$2" 2>&1 | sed 's/contrast: inspect: //; s/ (see contrast inspect --help)//'; }
> refuse --minimum-guest-svn 4294967296
> refuse --minimum-guest-svn -1
> refuse --vmpl 4
> refuse --mitigations 0x
> refuse --mitigations 0x11112222333344445
> refuse --mitigations 0xg
> refuse --guest-policy 0x10000
> refuse --guest-policy 0x4030000
> refuse --platform-allowed SMT
> refuse --platform-allowed ECC_EN
> refuse --platform-required SMT_EN,ECC_EN
> refuse --platform-required 0x100
/--minimum-guest-svn: .*4294967295.*/
/--minimum-guest-svn: .*/
/--vmpl: .*3.*/
--mitigations: hex number: want 1 to 16 digits, have 0
--mitigations: hex number: want 1 to 16 digits, have 17
/--mitigations: .*/
--guest-policy: no POLICY word: want bit 17 to be 1 and bits 26 to 63 to be 0, as in 0x30000
--guest-policy: no POLICY word: want bit 17 to be 1 and bits 26 to 63 to be 0, as in 0x30000
--platform-allowed: want one of SMT_EN, TSME_EN, ECC_EN, RAPL_DIS, CIPHERTEXT_HIDING_DRAM_EN, ALIAS_CHECK_COMPLETE, IOMMU_WRITE_SAFE, TIO_EN, have "SMT"
--platform-allowed: want bits that weaken, out of 0x83, have 0x4
--platform-required: want bits that protect, out of 0x7c, have 0x5
--platform-required: want bits that protect, out of 0x7c, have 0x100
$ contrast inspect file --vmpl 4
...
[exit 2]
