# SPDX-License-Identifier: Apache-2.0
# needs shared
## Every real report that has a certificate: genuine, when the clock stands within the leaf's validity.
$ cd $SHARED/vectors && contrast inspect -q reports/*.bin --collateral certs --no-revocation --at 2026-06-01T00:00:00Z
reports/automata_milan.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/ccf_aci_milan_v3.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/constellation_azure.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/eternis_aws_v5.report.bin: ALLOW: genuine Milan report signed by its VLEK; 32 checks passed, 7 skipped (exit 0)
reports/gosevguest_milan_v2.report.bin: DENY: reference values or policy are not met: policy.debug (exit 6)
reports/kinvolk_hcl.report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
reports/ms_sidecar_snp_report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/oak_genoa_oc.report.bin: ALLOW: genuine Genoa report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/oak_milan_oc_release.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/oak_milan_rk_staging.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/routex_genoa_v2_nocert.report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
reports/routex_genoa_v3.report.bin: ALLOW: genuine Genoa report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/tav_turin.report.bin: ALLOW: genuine Turin report signed by its VCEK; 34 checks passed, 7 skipped (exit 0)
reports/trustee_az_evidence-genoa.report.bin: ALLOW: genuine Genoa report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/trustee_az_evidence-v1.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/trustee_az_hcl.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/trustee_test-report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/trustee_test-vlek-report.bin: DENY: a signature or the chain is invalid: leaf.validity (exit 4)
reports/veraison_tsm.report.bin: ALLOW: genuine Genoa report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
reports/virtee_sev_milan.report.bin: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
20 files: 16 with exit 0 (verified, or done), 1 with exit 4 (a signature or the chain is invalid), 1 with exit 6 (reference values or policy are not met), 2 with exit 11 (readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked)
[exit 4]

$ cd $SHARED/vectors && contrast inspect -q reports/trustee_test-vlek-report.bin --collateral certs --no-revocation --at 2025-11-01T00:00:00Z
reports/trustee_test-vlek-report.bin: ALLOW: genuine Milan report signed by its VLEK; 32 checks passed, 7 skipped (exit 0)

## With the one leaf that vectors/INDEX.md names for each, and no other.
$ cd $SHARED/vectors && sed -n '/^## 1\./,/^## 2\./p' INDEX.md | awk -F '|' '/report.bin/ {gsub(/ /, ""); print $2, $6}' | while read report leaves; do
>   for leaf in ${leaves//,/ }; do
>     test -e certs/$leaf || continue
>     at=2026-06-01T00:00:00Z; test $leaf = trustee_test-vlek.der && at=2025-11-01T00:00:00Z
>     contrast inspect -q reports/$report --collateral certs/$leaf --no-revocation --at $at; echo "exit $?"
>   done
> done | sed -n 's/^exit //p' | sort | uniq -c
     20 0
      1 6

## The negatives: the leaf of another chip with the same TCB, and leaves that AMD did not sign.
$ cd $SHARED/vectors && contrast inspect reports/kinvolk_hcl.report.bin --collateral certs/kinvolk.vcek.der --no-revocation --at 2026-06-01T00:00:00Z | grep -E '^  failed|exit' | cut -c 1-60
  failed   leaf.hwid (the leaf's hwID)
  failed   report.signature: ECDSA P-384 signature is not va
reports/kinvolk_hcl.report.bin: DENY: a signature or the cha
$ cd $SHARED/vectors && contrast inspect reports/oak_milan_oc_release.report.bin --collateral certs/oak_milan_rk_staging.vcek.der --no-revocation --at 2026-06-01T00:00:00Z | grep -E '^  failed|exit' | cut -c 1-60
  failed   leaf.hwid (the leaf's hwID)
  failed   report.signature: ECDSA P-384 signature is not va
reports/oak_milan_oc_release.report.bin: DENY: a signature o
$ cd $SHARED/vectors && for leaf in legacy new; do contrast inspect reports/trustee_test-report.bin --collateral certs/trustee_test-vcek-invalid-$leaf.der --no-revocation --at 2026-06-01T00:00:00Z | grep -E '^  failed|exit' | cut -c 1-60; done
  failed   leaf.tcb: want bl=3 tee=0 snp=10 ucode=169, have 
  failed   leaf.hwid (the leaf's hwID)
  failed   leaf.signature: RSA-PSS signature is not valid
  failed   report.signature: ECDSA P-384 signature is not va
reports/trustee_test-report.bin: DENY: a signature or the ch
  failed   leaf.tcb: want bl=0 tee=0 snp=0 ucode=30, have bl
  failed   leaf.hwid (the leaf's hwID)
  failed   leaf.signature: RSA-PSS signature is not valid
  failed   report.signature: ECDSA P-384 signature is not va
reports/trustee_test-report.bin: DENY: a signature or the ch
## DEBUG, refused by any policy that does not allow it; VMPL 1.
$ cd $SHARED/vectors && contrast inspect reports/gosevguest_milan_v2.report.bin --collateral certs --no-revocation --at 2026-06-01T00:00:00Z --guest-policy 0x30000 | grep -E '^  failed|exit'
  failed   policy.debug: want 0, have 1 (--guest-policy)
reports/gosevguest_milan_v2.report.bin: DENY: reference values or policy are not met: policy.debug (exit 6)
$ cd $SHARED/vectors && contrast inspect reports/trustee_test-vlek-report.bin --collateral certs --no-revocation --at 2025-11-01T00:00:00Z --vmpl 0 | grep -E '^  failed|exit'
  failed   vmpl: want 0, have 1 (--vmpl)
reports/trustee_test-vlek-report.bin: DENY: reference values or policy are not met: vmpl (exit 6)

## Every envelope, with the certificates that it brings or those beside it.
$ cd $SHARED/vectors && contrast inspect attestation_pb/* cloud/* veraison/sevsnp-tsm-report.json certtables/* azure/*hcl* azure/*.json azure/constellation_snp* --collateral certs \
>     --no-revocation --at 2026-06-01T00:00:00Z | grep -E '^  (KIND  .*(report|attest|blob|JSON|cert)|failed)|exit' | cut -c 1-120
  KIND                 protobuf attestation
  failed   policy.debug: want 0, have 1
attestation_pb/milan_v2_gosevguest.binarypb: DENY: reference values or policy are not met: policy.debug (exit 6)
  KIND                 protobuf attestation
attestation_pb/milan_v3_aci.binarypb: ALLOW: genuine Milan report signed by its VCEK; 34 checks passed, 7 skipped (exit 
  KIND                 protobuf attestation
attestation_pb/milan_v5_aws_vlek.binarypb: ALLOW: genuine Milan report signed by its VLEK; 33 checks passed, 7 skipped (
  KIND                 protobuf attestation
attestation_pb/turin_v5_aci.binarypb: ALLOW: genuine Turin report signed by its VCEK; 35 checks passed, 7 skipped (exit 
  KIND                 JSON evidence
cloud/automata_output.json: ALLOW: genuine Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 0)
  KIND                 report and certificate table
cloud/eternis_aws.report_and_certtable.bin: ALLOW: genuine Milan report signed by its VLEK; 33 checks passed, 7 skipped 
  KIND                 JSON evidence
cloud/eternis_sevsnp_attestation_aws.json: ALLOW: genuine Milan report signed by its VLEK; 33 checks passed, 7 skipped (
  KIND                 JSON evidence
veraison/sevsnp-tsm-report.json: ALLOW: genuine Genoa report signed by its VCEK; 34 checks passed, 7 skipped (exit 0)
  KIND                 certificate table
  failed   evidence.envelope: certificates and no report: they belong beside one, as collateral
certtables/eternis_aws.certtable.bin: DENY: evidence or input is malformed: evidence.envelope (exit 3)
  KIND                 certificate table
  failed   evidence.envelope: certificates and no report: they belong beside one, as collateral
certtables/veraison_tsm.auxblob.bin: DENY: evidence or input is malformed: evidence.envelope (exit 3)
  failed   evidence.hcl: HCL report: report type: want 2 (SEV-SNP), have 4
azure/constellation_tdx_hclreport.bin: DENY: evidence or input is malformed: evidence.hcl (exit 3)
  KIND                 Azure HCL report
  failed   leaf.present: no certificate of the key that signed came with the report or was given
azure/kinvolk_hcl-report-snp.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what wa
  failed   evidence.hcl: HCL report: report type: want 2 (SEV-SNP), have 4
azure/kinvolk_hcl-report-tdx.bin: DENY: evidence or input is malformed: evidence.hcl (exit 3)
  KIND                 Azure HCL report
azure/trustee_az-snp-vtpm_hcl-report.bin: ALLOW: genuine Milan report signed by its VCEK; 35 checks passed, 7 skipped (e
  KIND                 Azure THIM certificates
  failed   evidence.envelope: certificates and no report: they belong beside one, as collateral
azure/thim_uvm_host_amd_certificate.json: DENY: evidence or input is malformed: evidence.envelope (exit 3)
  KIND                 JSON evidence
azure/trustee_az-snp-vtpm_evidence-genoa.json: ALLOW: genuine Genoa report signed by its VCEK; 35 checks passed, 7 skipp
  KIND                 JSON evidence
azure/trustee_az-snp-vtpm_evidence-v1.json: ALLOW: genuine Milan report signed by its VCEK; 35 checks passed, 7 skipped 
  KIND                 JSON evidence
azure/trustee_e2e_snp_evidence.json: ALLOW: genuine Genoa report signed by its VCEK; 33 checks passed, 7 skipped (exit 0
  KIND                 report and HCL header
azure/constellation_snp_attestation.bin: ALLOW: genuine Milan report signed by its VCEK; 34 checks passed, 7 skipped (ex
19 files: 12 with exit 0 (verified, or done), 5 with exit 3 (evidence or input is malformed), 1 with exit 6 (reference v

## A report and the certificate table of its host as files of their own, as configfs-tsm gives them.
$ cd $SHARED/vectors && contrast inspect -q reports/eternis_aws_v5.report.bin --collateral certtables/eternis_aws.certtable.bin --no-revocation --at 2026-06-01T00:00:00Z
reports/eternis_aws_v5.report.bin: ALLOW: genuine Milan report signed by its VLEK; 32 checks passed, 7 skipped (exit 0)

## AMD's own certificates by hand: another way to the same root, and never exit 0.
$ cd $SHARED/vectors && contrast inspect -q reports/tav_turin.report.bin --collateral certs --insecure-root chains/turin_ask_ark_asvk.pem --no-revocation --at 2026-06-01T00:00:00Z
reports/tav_turin.report.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 34 checks passed, 7 skipped (exit 10)
[exit 10]
## A CRL under a key that is not AMD's.
$ cd $SHARED/vectors && contrast inspect reports/ccf_aci_milan_v3.report.bin --collateral certs --collateral crl_synthetic/crl_empty_pss.der --at 2027-01-01T00:00:00Z | grep -E '^  failed|exit'
  failed   crl.signature: RSA-PSS signature is not valid
reports/ccf_aci_milan_v3.report.bin: DENY: revoked, or the CRL is bad or stale: crl.signature (exit 5)
