# SPDX-License-Identifier: Apache-2.0
## Every expectation on the command line: met, and not met, with its own name as the source.
$ cat >run.sh <<'END'
> h() { printf "$1%.0s" $(seq $2); }
> look() { contrast inspect s/report.bin --collateral s --insecure-root s/root.pem --at 2026-06-01T00:00:00Z "$@" >out; code=$?
>     sed -n 's/^  failed   //p' out | cut -c 1-160; echo "exit $code"; }
> END
> . ./run.sh; mkdir s && snp-sim --report-version 5 --report measurement=$(h 11 48) --report report_data=$(h 22 64) --report host_data=$(h 33 32) \
>   --report id_key_digest=$(h 44 48) --report author_key_digest=$(h 55 48) --report signer_info=1 --report family_id=$(h 66 16) --report image_id=$(h 77 16) \
>   --report guest_svn=7 --report policy=0x3001f --report launch_mit_vector=0xb --report current_mit_vector=0xf --report platform_info=0x25 --out s
> chip=$(contrast inspect s --insecure-root s/root.pem --format json | python3 -c 'import json, sys; print(json.load(sys.stdin)["files"][0]["report"]["chip_id"])')
> echo chip=$chip >>run.sh; . ./run.sh
> look --product milan --measurement $(h 11 48) --report-data $(h 22 64) --host-data $(h 33 32) --id-key-digest $(h 44 48) \
>   --author-key-digest $(h 55 48) --family-id $(h 66 16) --image-id $(h 77 16) --chip-id $chip --minimum-tcb bl=4,tee=0,snp=24,ucode=219 \
>   --minimum-launch-tcb ucode=1,snp=1,tee=0,bl=1 --no-provisional --minimum-version 1.55.29 --minimum-guest-svn 7 --guest-policy 0x3001f \
>   --platform-allowed SMT_EN --platform-required ECC_EN,ALIAS_CHECK_COMPLETE --vmpl 0 --mitigations 0xb
> grep -c 'nothing was asked for' out; grep '^  n/a' out
exit 10
0
  n/a      the evidence has another envelope: evidence.certificate-table, evidence.protobuf,
  n/a      no runtime data came: evidence.runtime-data
  n/a      this product uses all 64 bytes: report.chip-id-padding

## One of several; hex in either case.
$ . ./run.sh; look --measurement $(h 00 48) --measurement $(h 11 48) --measurement $(h Ff 48); grep measurement out
exit 10
  passed   measurement: 11111111111111111111111111111111..(48) (--measurement: one of several)

## None of them.
$ . ./run.sh; for o in "product genoa" "measurement $(h 12 48)" "report-data $(h 23 64)" "host-data $(h 34 32)" "id-key-digest $(h 45 48)" \
>   "author-key-digest $(h 56 48)" "family-id $(h 67 16)" "image-id $(h 78 16)" "chip-id $(h 89 64)" "chip-id ${chip:0:16}" \
>   "minimum-tcb bl=4,tee=0,snp=24,ucode=220" "minimum-tcb bl=4,tee=1,snp=24,ucode=0" "minimum-tcb bl=4,tee=0,snp=24,ucode=219,fmc=0" \
>   "minimum-launch-tcb bl=5,tee=0,snp=0,ucode=0" "minimum-version 1.55.30" "minimum-version 1.56.0" "minimum-guest-svn 8" "vmpl 1" "mitigations 0xf" \
>   "guest-policy 0x20000" "guest-policy 0x130000" "guest-policy 0x30020" "platform-allowed 0" "platform-allowed TIO_EN" "platform-required RAPL_DIS"; do
>   look --$o; done
reference.product: want Genoa, have Milan (--product)
exit 6
measurement (--measurement)
exit 6
report-data (--report-data)
exit 8
host-data (--host-data)
exit 6
id-block.id-key (--id-key-digest)
exit 6
id-block.author-key (--author-key-digest)
exit 6
family-id: want 67676767676767676767676767676767, have 66666666666666666666666666666666
exit 6
image-id: want 78787878787878787878787878787878, have 77777777777777777777777777777777
exit 6
chip-id (--chip-id)
exit 6
chip-id (--chip-id)
exit 6
tcb.minimum: want bl=4 tee=0 snp=24 ucode=220, have bl=4 tee=0 snp=24 ucode=219
exit 6
tcb.minimum: want bl=4 tee=1 snp=24 ucode=0, have bl=4 tee=0 snp=24 ucode=219
exit 6
tcb.minimum: want fmc=0 bl=4 tee=0 snp=24 ucode=219, have bl=4 tee=0 snp=24 ucode=219
exit 6
tcb.launch-minimum: want bl=5 tee=0 snp=0 ucode=0, have bl=4 tee=0 snp=24 ucode=219
exit 6
firmware.minimum: want 1.55.30, have 1.55.29 (--minimum-version)
exit 6
firmware.minimum: want 1.56.0, have 1.55.29 (--minimum-version)
exit 6
guest-svn: want 8, have 7 (--minimum-guest-svn)
exit 6
vmpl: want 1, have 0 (--vmpl)
exit 6
mitigation.launch: want 0xf, have 0xb (--mitigations)
exit 6
policy.smt: want 0, have 1 (--guest-policy)
exit 6
policy.single-socket: want 1, have 0 (--guest-policy)
exit 6
policy.abi: want 0x20, have 0x1f (--guest-policy)
exit 6
platform.smt-en: want 0, have 1 (--platform-allowed)
exit 6
platform.smt-en: want 0, have 1 (--platform-allowed)
exit 6
platform.rapl-dis: want 1, have 0 (--platform-required)
exit 6

## What was not given is never what was expected: a list that matches zero digests, and two lists.
$ . ./run.sh; mkdir z; snp-sim --report report_data=$(h 22 64) --out z; cp z/report.bin s/zero.bin; cp z/leaf.der s
> contrast inspect s/zero.bin --collateral s --insecure-root s/root.pem --at 2026-06-01T00:00:00Z --id-key-digest $(h 00 48) --author-key-digest $(h 00 48) | sed -n 's/^  failed   //p'
> contrast inspect -q s/report.bin s/zero.bin --collateral s --collateral z --insecure-root s/root.pem --at 2026-06-01T00:00:00Z --report-data $(h 22 64) --host-data $(h 33 32)
id-block.id-key (--id-key-digest)
id-block.author-key (--author-key-digest)
s/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 42 checks passed (exit 10)
s/zero.bin: DENY: reference values or policy are not met: host-data (exit 6)
2 files: 1 with exit 6 (reference values or policy are not met), 1 with exit 10 (verified, but only under a root given by hand)
[exit 6]
