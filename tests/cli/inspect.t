# SPDX-License-Identifier: Apache-2.0
## What `contrast inspect` says of a report: a folder with report, leaf and CRL, under a root given by hand.
$ mkdir guest && snp-sim --report policy=0x70000 --report report_data=$(printf 'ab%.0s' {1..64}) --out guest && mv guest/root.pem .
> rm guest/evidence.bin guest/*.pem && contrast inspect guest --insecure-root root.pem --at 2026-06-01T00:00:00Z
guest/report.bin

ENVELOPE
  KIND                 raw report
  BYTES                1184

REPORT
  VERSION              3
  PRODUCT              Milan
  CPUID_FAM_ID         0x19
  CPUID_MOD_ID         0x1
  CPUID_STEP           0x1
  GUEST_SVN            0
  POLICY               0x70000
    ABI_MAJOR                  0
    ABI_MINOR                  0
    SMT                        1  simultaneous multithreading is allowed
    MIGRATE_MA                 1  a migration agent is allowed
    DEBUG                      0
    SINGLE_SOCKET              0
    CXL_ALLOW                  0
    MEM_AES_256_XTS            0
    RAPL_DIS                   0
    CIPHERTEXT_HIDING_DRAM     0
    PAGE_SWAP_DISABLE          0
    BIT_17                     1  reserved, must be 1
  FAMILY_ID            00000000000000000000000000000000
  IMAGE_ID             00000000000000000000000000000000
  VMPL                 0  the most privileged level asked for this report
  SIGNATURE_ALGO       1  ECDSA P-384 with SHA-384
  CURRENT_TCB          bl=4 tee=0 snp=24 ucode=219
  PLATFORM_INFO        0x25
    SMT_EN                     1  simultaneous multithreading is on
    TSME_EN                    0
    ECC_EN                     1  memory has error correction
    RAPL_DIS                   0
    CIPHERTEXT_HIDING_DRAM_EN  0
    ALIAS_CHECK_COMPLETE       1  memory was checked for aliases since reset (AMD-SB-3015)
    IOMMU_WRITE_SAFE           0
    TIO_EN                     0
  KEY_INFO             0x0
    AUTHOR_KEY_EN              0
    MASK_CHIP_KEY              0
    SIGNING_KEY                0  VCEK
  REPORT_DATA          abababababababababababababababababababababababababababababababab
                       abababababababababababababababababababababababababababababababab
/  MEASUREMENT          [0-9a-f]{64}/
/                       [0-9a-f]{32}/
/  HOST_DATA            [0-9a-f]{64}/
  ID_KEY_DIGEST        48 zero bytes
  AUTHOR_KEY_DIGEST    48 zero bytes
/  REPORT_ID            [0-9a-f]{64}/
/  REPORT_ID_MA         f{64}/
  REPORTED_TCB         bl=4 tee=0 snp=24 ucode=219
/  CHIP_ID              [0-9a-f]{64}/
/                       [0-9a-f]{64}/
  COMMITTED_TCB        bl=4 tee=0 snp=24 ucode=219
  CURRENT_VERSION      1.55.29
  COMMITTED_VERSION    1.55.29
  LAUNCH_TCB           bl=4 tee=0 snp=24 ucode=219

LEAF
  KIND                 VCEK
  FROM                 collateral
  PRODUCT              Milan
  NOT_BEFORE           2026-01-01T00:00:00Z
  NOT_AFTER            2033-01-01T00:00:00Z
  PRODUCT_NAME         Milan-B0
  TCB                  bl=4 tee=0 snp=24 ucode=219
/  HWID                 [0-9a-f]{64}/
/                       [0-9a-f]{64}/
/  PUBLIC_KEY           04[0-9a-f]{62}/
/                       [0-9a-f]{64}/
/                       [0-9a-f]{64}/
/                       [0-9a-f]{2}/
/  FINGERPRINT          [0-9a-f]{64}  SHA-256/

ISSUER
  NAME                 SEV-Milan
  FROM                 --insecure-root
  SERIAL               0x10001
  NOT_BEFORE           2020-10-22T18:24:20Z
  NOT_AFTER            2045-10-22T18:24:20Z
/  KEY_ID               [0-9a-f]{40}/

ROOT
  NAME                 ARK-Milan
  FROM                 --insecure-root
  SERIAL               0x10000
  NOT_BEFORE           2020-10-22T17:23:05Z
  NOT_AFTER            2045-10-22T17:23:05Z
/  KEY_ID               [0-9a-f]{40}/

CRL
  FROM                 collateral
  ISSUER               ARK-Milan
  THIS_UPDATE          2026-01-01T00:00:00Z
  NEXT_UPDATE          2046-01-01T00:00:00Z
  ENTRIES              0

CHECKS
  passed   report.size, report.version, report.reserved, report.vmpl-range, report.signature-algo,
             report.signer-info, report.policy-reserved, report.author-key-digest,
             report.signature-padding, report.tcb-reserved, leaf.present, leaf.encoding, leaf.key,
             leaf.extensions, leaf.issuer, leaf.signature, crl.present, crl.encoding, crl.signature,
             crl.serials, report.signature
  passed   evidence.envelope: raw report
  passed   product.known: Milan (the report's CPUID bytes)
  passed   leaf.subject: SEV-VCEK (the leaf's issuer)
  passed   leaf.algorithm: RSA-PSS, SHA-384, salt 48
  passed   leaf.validity: 2026-06-01T00:00:00Z (notAfter: 2033-01-01T00:00:00Z)
  passed   leaf.kind: VCEK (the report's SIGNING_KEY)
  passed   leaf.product: Milan-B0 (the report's CPUID bytes: Milan)
  passed   leaf.tcb: bl=4 tee=0 snp=24 ucode=219 (the leaf's SPL extensions)
/  passed   leaf.hwid: [0-9a-f]{32}..\(64\) \(the leaf's hwID\)/
/  passed   root.trusted: [0-9a-f]{32}..\(20\) \(the root given by hand\)/
  passed   issuer.validity: 2026-06-01T00:00:00Z (notAfter of ARK and issuer: 2045-10-22T17:23:05Z)
/  passed   issuer.signature: [0-9a-f]{32}..\(20\) \(the root given by hand\)/
  passed   crl.issuer: ARK-Milan (the leaf's issuer)
  passed   crl.algorithm: RSA-PSS, SHA-384, salt 48
  passed   crl.window: 2026-06-01T00:00:00Z (nextUpdate: 2046-01-01T00:00:00Z)
  passed   tcb.committed: bl=4 tee=0 snp=24 ucode=219 (COMMITTED_TCB)
  passed   tcb.reported: bl=4 tee=0 snp=24 ucode=219 (REPORTED_TCB)
  passed   firmware.committed: 1.55.29 (COMMITTED_VERSION)
  passed   policy.debug: 0
  n/a      the evidence has another envelope: evidence.certificate-table, evidence.protobuf,
             evidence.thim, evidence.hcl
  n/a      no runtime data came: evidence.runtime-data
  n/a      this product uses all 64 bytes: report.chip-id-padding
  n/a      provisional firmware is permitted: tcb.provisional
  n/a      nothing was asked for: tcb.minimum, tcb.launch-minimum, firmware.minimum,
             reference.product, guest-svn, policy.abi, policy.smt, policy.migrate-ma,
             policy.single-socket, policy.cxl-allow, policy.mem-aes-256-xts, policy.rapl-dis,
             policy.ciphertext-hiding-dram, policy.page-swap-disable, platform.smt-en,
             platform.tsme-en, platform.ecc-en, platform.rapl-dis,
             platform.ciphertext-hiding-dram-en, platform.alias-check-complete,
             platform.iommu-write-safe, platform.tio-en, platform.reserved, vmpl, mitigation.launch,
             mitigation.current, measurement, id-block.id-key, id-block.author-key, family-id,
             image-id, host-data, chip-id, report-data
  warning  root-by-hand: judged under a root given by hand: this says nothing about AMD hardware
  warning  no-chip-allow-list: no chip allow-list: the leaked key of any genuine machine, and
             relayed evidence, would be accepted
  warning  milan: Milan: who controlled such a machine can have extracted its root seed and can
             forge reports for any TCB (arXiv 2605.12990); only a chip allow-list helps

guest/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
[exit 10]

## One flipped bit of MEASUREMENT; no root by hand; no CRL; no leaf.
$ cp guest/report.bin good.bin && printf '\x5e' | dd of=guest/report.bin bs=1 seek=144 conv=notrunc status=none
> contrast inspect -q guest --insecure-root root.pem --at 2026-06-01T00:00:00Z
guest/report.bin: DENY: a signature or the chain is invalid: report.signature (exit 4)
[exit 4]
$ contrast inspect -q good.bin --collateral guest --at 2026-06-01T00:00:00Z
good.bin: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
[exit 4]
$ contrast inspect -q good.bin --collateral guest/leaf.der --insecure-root root.pem --at 2026-06-01T00:00:00Z
good.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: crl.present (exit 11)
[exit 11]
$ contrast inspect -q good.bin --collateral guest/leaf.der --insecure-root root.pem --at 2026-06-01T00:00:00Z --no-revocation
good.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 10)
[exit 10]
$ contrast inspect -q good.bin --collateral guest/crl.der --insecure-root root.pem --at 2026-06-01T00:00:00Z
good.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
[exit 11]
## Values that do not fit into a line stand below it.
$ contrast inspect good.bin --collateral guest --insecure-root root.pem --at 2025-12-31T23:59:59Z --host-data $(printf '0123%.0s' {1..16}) | grep -A 2 '^  failed'
  failed   leaf.validity: want 2026-01-01T00:00:00Z, have 2025-12-31T23:59:59Z (notBefore)
  failed   crl.window: want 2026-01-01T00:00:00Z, have 2025-12-31T23:59:59Z (thisUpdate)
  failed   host-data (--host-data)
             want 0123012301230123012301230123012301230123012301230123012301230123
/             have [0-9a-f]{64}/

## DEBUG is refused without being asked about: a guest that the host can read proves nothing.
$ snp-sim --report policy=0xb0000 --out guest && contrast inspect guest/report.bin --collateral guest --insecure-root guest/root.pem --at 2026-06-01T00:00:00Z | grep -E '^    DEBUG|^  failed|DENY'
    DEBUG                      1  the host may debug and decrypt the guest
  failed   policy.debug: want 0, have 1
guest/report.bin: DENY: reference values or policy are not met: policy.debug (exit 6)

## A bundle is for another command.
$ contrast inspect $TOP/docs/sample/bundle.tar | tail -n 3; contrast inspect --format json $TOP/docs/sample/bundle.tar | grep -c 'contrast verify --evidence'
  failed   evidence.envelope: a tar archive: a bundle is judged by contrast verify --evidence

/.*docs/sample/bundle.tar: DENY: evidence or input is malformed: evidence.envelope \(exit 3\)/
1
