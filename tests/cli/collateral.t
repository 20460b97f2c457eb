# SPDX-License-Identifier: Apache-2.0
## Leaves and CRLs go into the cache under names that say what they are, and out again the same.
$ cat >lib.sh <<'END'
> export CONTRAST_CACHE_DIR=cache
> collateral() { contrast collateral "$@"; echo "exit $?"; }
> keep() { collateral import "$@" --insecure-root roots.pem; }
> END
> . ./lib.sh; mkdir m g t x && snp-sim --out m && snp-sim --product genoa --kind vlek --out g && snp-sim --product turin --report-version 5 --out t
> cat {m,g,t}/root.pem >roots.pem; rm {m,g,t}/{evidence,report}.bin; keep m; keep g/leaf.pem; keep g/crl.der; keep t; keep m; find cache -type f | sed 's/[0-9a-f]\{64,128\}/HEX/' | sort
> cmp m/leaf.der cache/kds/vcek/Milan/*; cmp g/leaf.der cache/kds/vlek/Genoa/*; cmp t/crl.der cache/kds/crl/Turin/*; basename cache/kds/vlek/Genoa/* .der; sha256sum <g/leaf.der | cut -c1-64
> collateral export away; (cd cache/kds && find . -type f -exec cmp {} ../../away/{} \; | wc -l); CONTRAST_CACHE_DIR=other contrast collateral import away --insecure-root roots.pem && diff -r other/kds away
cache/kds: leaves 2, CRLs 1
exit 0
cache/kds: leaves 1, CRLs 0
exit 0
cache/kds: leaves 0, CRLs 1
exit 0
cache/kds: leaves 2, CRLs 1
exit 0
cache/kds: leaves 2, CRLs 1
exit 0
cache/kds/crl/Genoa/20260101T000000Z.der
cache/kds/crl/Milan/20260101T000000Z.der
cache/kds/crl/Turin/20260101T000000Z.der
cache/kds/vcek/Milan/HEX-db18000000000004.der
cache/kds/vcek/Turin/9f4d4f598e541da9-5100000004010101.der
cache/kds/vlek/Genoa/HEX.der
6654f4c6296740270b159972cffe23e25b1f4ae5dca484627fdcb91ae2733a93
6654f4c6296740270b159972cffe23e25b1f4ae5dca484627fdcb91ae2733a93
away: leaves 3, CRLs 3
exit 0
0
other/kds: leaves 3, CRLs 3

## What it holds, and what will expire.
$ . ./lib.sh; collateral list --at 2026-06-01T00:00:00Z; collateral list away/crl --at 2045-12-20T00:00:00Z; collateral list m/leaf.der --at 2040-01-01T00:00:00Z
> snp-sim --crl-next-update @none --out x; collateral list x/crl.der
VCEK  Milan  bl=4 tee=0 snp=24 ucode=219  chip 9f4d4f598e541da92d67e9e55d378989..(64)  until 2033-01-01T00:00:00Z
VCEK  Turin  fmc=1 bl=1 tee=1 snp=4 ucode=81  chip 9f4d4f598e541da9  until 2033-01-01T00:00:00Z
VLEK  Genoa  bl=10 tee=0 snp=23 ucode=84  until 2027-01-01T00:00:00Z
CRL  Genoa  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z
CRL  Milan  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z
CRL  Turin  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z
exit 0
CRL  Genoa  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z: EXPIRES in 12 days
CRL  Milan  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z: EXPIRES in 12 days
CRL  Turin  from 2026-01-01T00:00:00Z  until 2046-01-01T00:00:00Z: EXPIRES in 12 days
exit 0
VCEK  Milan  bl=4 tee=0 snp=24 ucode=219  chip 9f4d4f598e541da92d67e9e55d378989..(64)  until 2033-01-01T00:00:00Z: EXPIRED
exit 0
CRL  Milan  from 2026-01-01T00:00:00Z  without an end
exit 0

## The cache is collateral as any other.
$ . ./lib.sh; mkdir r && snp-sim --out r; contrast inspect -q r/report.bin --collateral cache/kds --insecure-root m/root.pem --at 2026-06-01T00:00:00Z
r/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
[exit 10]

## Nothing is kept unless all of it is signed by those who are trusted.
$ . ./lib.sh; rm -rf cache; collateral import m; mkdir o && snp-sim --chain other --out o && cp o/leaf.der bad.der; keep bad.der
> mkdir c && snp-sim --crl-by-other-ark --out c; keep c/crl.der; mkdir b; cp m/leaf.der m/crl.der b; cp c/crl.der b/z.der; keep b
> head -c 700 m/crl.der >cut.der; keep cut.der; echo x >junk; keep junk; keep nowhere; ls
contrast: collateral: "m/leaf.der": leaf: RSA-PSS signature is not valid; what a simulator has made goes with its root: --insecure-root FILE
exit 4
contrast: collateral: "bad.der": leaf: RSA-PSS signature is not valid
exit 4
contrast: collateral: "c/crl.der": CRL of Milan: not signed by the trusted ARK
exit 5
contrast: collateral: "b/z.der": CRL of Milan: not signed by the trusted ARK
exit 5
contrast: collateral: "cut.der": CRL: CertificateList: truncated at byte 4 of 700
exit 5
contrast: collateral: "junk": neither certificates nor a CRL
exit 3
contrast: collateral: "nowhere": No such file or directory
exit 1
away
b
bad.der
c
cut.der
g
junk
lib.sh
m
o
other
r
roots.pem
t
x

## Where the cache is.
$ mkdir h; for v in CONTRAST_CACHE_DIR=h/a XDG_CACHE_HOME=h/b HOME=h/c; do env -u HOME "$v" contrast collateral import m/leaf.der --insecure-root roots.pem; done; find h -name kds | sort
> env -u HOME contrast collateral list; echo "exit $?"; CONTRAST_CACHE_DIR=nothing contrast collateral list; echo "exit $?"; mkdir void; contrast collateral list void; echo "exit $?"; contrast collateral list nowhere; echo "exit $?"
h/a/kds: leaves 1, CRLs 0
h/b/contrast/kds: leaves 1, CRLs 0
h/c/.cache/contrast/kds: leaves 1, CRLs 0
h/a/kds
h/b/contrast/kds
h/c/.cache/contrast/kds
contrast: collateral: none of CONTRAST_CACHE_DIR, XDG_CACHE_HOME and HOME is set
exit 1
nothing/kds: empty
exit 0
void: empty
exit 0
contrast: collateral: "nowhere": No such file or directory
exit 1

## Usage.
$ contrast collateral; echo "exit $?"; contrast collateral import; echo "exit $?"; contrast collateral delete m; echo "exit $?"; contrast collateral list m g; echo "exit $?"
contrast: collateral: say what to do: import, export, list (see contrast collateral --help)
exit 2
contrast: collateral: import: name one file or folder (see contrast collateral --help)
exit 2
contrast: collateral: want one of import, export, list, have "delete" (see contrast collateral --help)
exit 2
contrast: collateral: list: name one file or folder (see contrast collateral --help)
exit 2
