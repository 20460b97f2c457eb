# SPDX-License-Identifier: Apache-2.0
## Which leaf and which CRL are taken, and what is said of the rest.
$ cat >run.sh <<'END'
> sim() { mkdir -p $1; snp-sim --out "$@" && rm -f $1/leaf.pem; }
> look() { contrast inspect "$@" --insecure-root root.pem --at 2026-06-01T00:00:00Z >out; code=$?
>     sed -n '/^LEAF/,/^$/p' out | sed -n 's/^  \(FROM\|NOT_AFTER\) */\1 /p'; sed -n '/^CRL/,/^$/p' out | sed -n 's/^  \(FROM\|NEXT_UPDATE\) */crl \1 /p'
>     sed -n 's/^  failed   //p; s/^  warning  \([a-z-]*\):.*/warning \1/p' out | grep -v -e root-by-hand -e chip-allow -e milan | cut -c 1-100; echo "exit $code"; }
> END
> . ./run.sh; sim a; cp a/root.pem .; sim table --envelope table; sim pb --envelope protobuf --kind vlek; echo ok
ok

## Certificates in the evidence come first.
$ . ./run.sh; sim newer --leaf-not-after 2030-01-01; look table/evidence.bin --collateral newer/leaf.der; look pb/evidence.bin --collateral a
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM evidence
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM evidence
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM evidence
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
## Unless they are of the wrong kind.
$ . ./run.sh; sim vlek --kind vlek; python3 - <<'END'
> import struct, uuid
> leaf, report = open('vlek/leaf.der', 'rb').read(), open('a/report.bin', 'rb').read()
> head = uuid.UUID('a8074bc2-a25a-483e-aae6-39c045a0b8a1').bytes + struct.pack('<II', 48, len(leaf)) + bytes(24)
> open('wrong.bin', 'wb').write(report + head + leaf)
> END
> look wrong.bin --collateral a/crl.der; look wrong.bin --collateral a/crl.der --collateral a/leaf.der
FROM evidence
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.kind: want VCEK, have VLEK (the report's SIGNING_KEY)
report.signature: ECDSA P-384 signature is not valid
exit 4
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10

## Of many: the chip's, its TCB's, one that is valid now.
$ . ./run.sh; mkdir pile; for i in 1 2 3 4 5 6 7 8; do sim x$i --seed $i; cp x$i/leaf.der pile/x$i.der; done
> sim old --leaf-not-before 2019-01-01 --leaf-not-after 2026-01-01; sim tcb --report reported_tcb=bl:3,snp:8,ucode:115 --report current_tcb=bl:4,snp:24,ucode:219
> cp old/leaf.der pile/0old.der; cp tcb/leaf.der pile/0tcb.der; cp newer/leaf.der pile/newer.der; cp a/crl.der pile
> look a/report.bin --collateral pile; look tcb/report.bin --collateral pile; look x7/report.bin --collateral pile
> rm pile/newer.der; look a/report.bin --collateral pile; rm pile/0old.der; look a/report.bin --collateral pile; rm pile/0tcb.der; look a/report.bin --collateral pile
FROM collateral
NOT_AFTER 2030-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2026-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.validity: want 2026-01-01T00:00:00Z, have 2026-06-01T00:00:00Z (notAfter)
exit 4
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.tcb: want bl=3 tee=0 snp=8 ucode=115, have bl=4 tee=0 snp=24 ucode=219 (the leaf's
exit 4
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.present: no certificate of the key that signed came with the report or was given
exit 11
## VLEKs and masked chips: only the signature tells.
$ . ./run.sh; rm -r pile; mkdir pile; for i in 1 2 3 4 5; do sim v$i --kind vlek --seed $i; cp v$i/leaf.der pile/$i.der; done; cp a/crl.der pile
> look v1/report.bin --collateral pile; look v4/report.bin --collateral pile; rm pile/4.der; look v4/report.bin --collateral pile
> sim masked --report chip_id=$(printf '00%.0s' {1..64}); for i in 1 2 3; do cp x$i/leaf.der pile/x$i.der; done; cp masked/leaf.der pile/xx.der; look masked/report.bin --collateral pile
FROM collateral
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
report.signature: ECDSA P-384 signature is not valid
exit 4
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
warning chip-id-masked
exit 10

## Any number of VLEKs is tried: of these the eighteenth has signed.
$ . ./run.sh; mkdir crowd; for i in $(seq 11 28); do sim w --kind vlek --seed $i; cp w/leaf.der crowd/$i.der; done; cp a/crl.der crowd; look w/report.bin --collateral crowd
FROM collateral
NOT_AFTER 2027-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10

## CRLs: the newest that is current, from wherever; a stale one is better than none, for it says why.
$ . ./run.sh; sim stale --crl-this-update 2025-01-01 --crl-next-update 2026-01-01; sim fresh --crl-this-update 2026-05-01 --crl-next-update 2026-07-01
> sim future --crl-this-update 2027-05-01 --crl-next-update 2028-07-01; sim genoa --product genoa; mkdir crls; for i in stale a future genoa fresh; do cp $i/crl.der crls/$i.der; done
> look a/report.bin --collateral a/leaf.der --collateral crls; rm crls/fresh.der; look a/report.bin --collateral a/leaf.der --collateral crls
> rm crls/a.der; look a/report.bin --collateral a/leaf.der --collateral crls; look table/evidence.bin --collateral crls; look table/evidence.bin --collateral fresh/crl.der
> look a/report.bin --collateral a/leaf.der --collateral genoa/crl.der
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2026-07-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2028-07-01T00:00:00Z
crl.window: want 2027-05-01T00:00:00Z, have 2026-06-01T00:00:00Z (thisUpdate)
exit 5
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM evidence
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2026-07-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
crl.issuer: want ARK-Milan, have ARK-Genoa (the leaf's issuer)
crl.signature: RSA-PSS signature is not valid
exit 5

## CA certificates are compared, and never used; THIM documents are collateral, and their tcbm is advice.
$ . ./run.sh; sim other --chain other --envelope table; look a/report.bin --collateral a --collateral other/ask.der; look other/evidence.bin
> sim thim --envelope thim; sim tcbm --envelope thim --thim tcbm=text:7308000000000003
> look a/report.bin --collateral thim/evidence.bin --collateral a/crl.der; look a/report.bin --collateral tcbm/evidence.bin --collateral a/crl.der
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
warning foreign-ca
exit 10
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM evidence
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.signature: RSA-PSS signature is not valid
warning foreign-ca
exit 4
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
warning tcbm
exit 10
## The runtime data of Azure's paravisor has to be bound by the report.
$ . ./run.sh; sim hcl --envelope hcl; look hcl/evidence.bin --collateral hcl; sim hcl --envelope hcl --poke evidence.bin:1400^01; look hcl/evidence.bin --collateral hcl
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
evidence.runtime-data (the runtime data)
exit 8

## A leaf that breaks a rule is taken when it is the only one, so that the verdict can say which.
$ . ./run.sh; sim bad --ext hwID=len:63; look bad/report.bin --collateral bad/leaf.der --collateral a/crl.der
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
leaf.extensions: leaf: hwID: want 64 bytes, raw or as OCTET STRING, have 63
exit 3

## A folder is taken as a whole; what is neither report nor collateral is a malformed report.
$ . ./run.sh; mkdir -p deep/er; cp a/report.bin deep/er/one; cp a/*.der deep; contrast inspect -q deep --insecure-root root.pem --at 2026-06-01T00:00:00Z
deep/er/one: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
[exit 10]
$ echo notes >deep/README; contrast inspect -q deep --insecure-root root.pem --at 2026-06-01T00:00:00Z
deep/README: DENY: evidence or input is malformed: evidence.envelope (exit 3)
deep/er/one: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
2 files: 1 with exit 3 (evidence or input is malformed), 1 with exit 10 (verified, but only under a root given by hand)
[exit 3]
$ mkdir none; cp a/*.der none; contrast inspect -q none --insecure-root root.pem; mkdir empty; contrast inspect -q empty
contrast: inspect: "none": no report is in it
none: DENY: evidence or input is malformed: "none": no report is in it (exit 3)
contrast: inspect: "empty": no report is in it
empty: DENY: evidence or input is malformed: "empty": no report is in it (exit 3)
[exit 3]
$ contrast inspect -q a/leaf.der thim/evidence.bin --at 2026-06-01T00:00:00Z
a/leaf.der: DENY: evidence or input is malformed: evidence.envelope (exit 3)
thim/evidence.bin: DENY: evidence or input is malformed: evidence.envelope (exit 3)
2 files: 2 with exit 3 (evidence or input is malformed)
[exit 3]
## What --collateral refuses.
$ refuse() { contrast inspect a/report.bin --collateral $1 2>&1 | cut -c 1-110; }
> printf 'x' >junk; : >void; head -c 700 a/leaf.der >cut.der; mkdir pit; cp junk a/leaf.der pit
> printf -- '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n' >hollow.pem
> for f in nowhere a/report.bin junk void cut.der hollow.pem pit; do refuse $f; done
contrast: inspect: --collateral: "nowhere": No such file or directory
contrast: inspect: --collateral: "a/report.bin": neither certificates nor a CRL
contrast: inspect: --collateral: "junk": neither certificates nor a CRL
contrast: inspect: --collateral: "void": neither certificates nor a CRL
contrast: inspect: --collateral: "cut.der": neither a certificate (certificate: Certificate: truncated at byte
contrast: inspect: --collateral: "hollow.pem": PEM: byte 28: empty block
contrast: inspect: --collateral: "pit/junk": neither certificates nor a CRL

## A later CRL that the trusted ARK has not signed does not stand in the way of the good one, wherever the two come from.
$ . ./run.sh; sim forged --crl-by-other-ark --crl-this-update 2026-05-01 --crl-next-update 2047-01-01; sim carries --envelope table --include leaf --include crl --crl-by-other-ark --crl-this-update 2026-05-01
> mkdir both; cp forged/crl.der both/a.der; cp a/crl.der both/b.der; cp a/leaf.der both
> look a/report.bin --collateral both; look carries/evidence.bin --collateral a/crl.der; look a/report.bin --collateral a/leaf.der --collateral forged/crl.der
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2047-01-01T00:00:00Z
crl.signature: RSA-PSS signature is not valid
exit 5

## A malformed CRL is judged as a bad one, wherever it lies; beside a good one, or where none is asked for, it is worth a warning.
$ . ./run.sh; mkdir cut whole; head -c 600 a/crl.der >cut/crl.der; cp a/leaf.der a/report.bin cut; cp cut/crl.der whole/0.der; cp a/crl.der a/leaf.der whole; openssl crl -inform DER -in a/crl.der -out good.pem; printf x | cat a/crl.der - >longer.der
> look a/report.bin --collateral a/leaf.der --collateral cut/crl.der; look cut; look a/report.bin --collateral a/leaf.der --collateral longer.der
> look a/report.bin --collateral whole; look cut --no-revocation
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl.encoding: CRL: CertificateList: truncated at byte 4 of 600
exit 5
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl.encoding: CRL: CertificateList: truncated at byte 4 of 600
exit 5
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
/crl.encoding: CRL: 1 bytes left over from byte \d+ on/
exit 5
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
warning malformed-crl
exit 10
FROM collateral
NOT_AFTER 2033-01-01T00:00:00Z
warning no-revocation
warning malformed-crl
exit 10
## The evidence's own malformed CRL gives way to a good one too.
$ . ./run.sh; sim carried --envelope table --include leaf --include crl --poke crl.der:append=00 && look carried/evidence.bin; look carried/evidence.bin --collateral a/crl.der
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
/crl.encoding: CRL: 1 bytes left over from byte \d+ on/
exit 5
FROM evidence
NOT_AFTER 2033-01-01T00:00:00Z
crl FROM collateral
crl NEXT_UPDATE 2046-01-01T00:00:00Z
warning malformed-crl
exit 10
