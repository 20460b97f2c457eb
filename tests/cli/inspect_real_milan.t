# needs shared
## One real Milan report with its VCEK: genuine.
$ cp $SHARED/vectors/reports/ccf_aci_milan_v3.report.bin report.bin
$ contrast inspect report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2026-01-01T00:00:00Z --no-revocation | head -n 3
report.bin: ALLOW (exit 0)
  VERSION              3
  product              Milan
$ contrast inspect report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2026-01-01T00:00:00Z --no-revocation >/dev/null
## One flipped bit of MEASUREMENT.
$ printf '\x5e' | dd of=report.bin bs=1 seek=144 conv=notrunc status=none
$ contrast inspect report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2026-01-01T00:00:00Z --no-revocation | grep failed
  failed   report.signature: ECDSA P-384 signature is not valid
$ contrast inspect report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2026-01-01T00:00:00Z --no-revocation >/dev/null
[exit 4]
## Readable but not judged: no CRL, and no leaf.
$ contrast inspect $SHARED/vectors/reports/ccf_aci_milan_v3.report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2026-01-01T00:00:00Z | grep failed
  failed   crl.present: no CRL came with the evidence or was given
$ contrast inspect $SHARED/vectors/reports/ccf_aci_milan_v3.report.bin --no-revocation >/dev/null
[exit 11]
## Before the leaf was valid.
$ contrast inspect $SHARED/vectors/reports/ccf_aci_milan_v3.report.bin --collateral $SHARED/vectors/certs/ccf_aci_milan_v3.vcek.der --at 2024-01-01T00:00:00Z --no-revocation | grep failed
  failed   leaf.validity: want 2025-01-28T16:22:58Z, have 2024-01-01T00:00:00Z (notBefore)
