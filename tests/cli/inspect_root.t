# SPDX-License-Identifier: Apache-2.0
## --insecure-root names another root; what it loads has to be whole.
$ mkdir m g t o && snp-sim --out m && snp-sim --product genoa --kind vlek --out g && snp-sim --product turin --report-version 5 --out t
> snp-sim --chain other --out o
> root() { contrast inspect -q m/report.bin --collateral m --at 2026-06-01T00:00:00Z "$@"; echo "exit $?"; }
> root --insecure-root m/root.pem
> echo three products in one bundle, and one file each
> cat {m,g,t}/root.pem >all.pem && contrast inspect -q m/report.bin g/report.bin t/report.bin --collateral m --collateral g --collateral t \
>   --insecure-root all.pem --at 2026-06-01T00:00:00Z; echo "exit $?"
> contrast inspect -q t --insecure-root t/ark.der --insecure-root t/ask.der --at 2026-06-01T00:00:00Z; echo "exit $?"
> echo the chain as AMD serves it
> root --insecure-root m/chain.pem --insecure-root m/chain.pem
m/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
three products in one bundle, and one file each
m/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
g/report.bin: ALLOW: under a root given by hand, a Genoa report signed by its VLEK; 39 checks passed (exit 10)
t/report.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
3 files: 3 with exit 10 (verified, but only under a root given by hand)
exit 10
t/evidence.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
t/report.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
2 files: 2 with exit 10 (verified, but only under a root given by hand)
exit 10
the chain as AMD serves it
m/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10

## Another root of the same name, of another product, and AMD's own.
$ root() { contrast inspect m/report.bin --collateral m --at 2026-06-01T00:00:00Z "$@" | grep failed; }
> root --insecure-root g/root.pem
> root
  failed   root.trusted: the leaf's issuer is not among the trusted CAs
  failed   leaf.signature: RSA-PSS signature is not valid
  failed   crl.signature: RSA-PSS signature is not valid

## Everything that is no root.
$ root() { contrast inspect m/report.bin --at 2026-06-01T00:00:00Z "$@"; echo "exit $?"; }
> root --insecure-root nowhere.pem
> root --insecure-root m
> root --insecure-root m/report.bin
> : >empty && root --insecure-root empty
> root --insecure-root m/crl.der
> root --insecure-root m/leaf.pem
> root --insecure-root m/ark.der
> root --insecure-root m/ask.der
> root --insecure-root m/ark.der --insecure-root g/ask.der --insecure-root m/ask.der
> root --insecure-root m/root.pem --insecure-root o/ark.der
> cp m/ask.der bad.der && printf '\x00' | dd of=bad.der bs=1 seek=1676 conv=notrunc status=none && root --insecure-root m/ark.der --insecure-root bad.der
contrast: inspect: --insecure-root: "nowhere.pem": No such file or directory
exit 1
contrast: inspect: --insecure-root: "m": Is a directory
exit 1
/contrast: inspect: --insecure-root: "m/report.bin": .*/
exit 3
contrast: inspect: --insecure-root: "empty": no PEM block
exit 3
/contrast: inspect: --insecure-root: CA certificate: .*/
exit 3
contrast: inspect: --insecure-root: CA certificate: subject is not an ARK, ASK or ASVK of AMD's naming
exit 4
contrast: inspect: --insecure-root: ARK-Milan: neither its ASK nor its ASVK is among the certificates
exit 4
contrast: inspect: --insecure-root: SEV-Milan: its ARK is not among the certificates
exit 4
contrast: inspect: --insecure-root: SEV-Genoa: its ARK is not among the certificates
exit 4
contrast: inspect: --insecure-root: ARK-Milan: two different certificates with this name
exit 4
contrast: inspect: --insecure-root: SEV-Milan: signed by ARK-Milan: RSA-PSS signature is not valid
exit 4
