## The sessions of README.md, word for word, in its order.
$ mkdir sim && snp-sim --product milan --report-version 3 --out sim
$ contrast inspect -q sim/report.bin --collateral sim --insecure-root sim/root.pem --at 2026-06-01T00:00:00Z
sim/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
[exit 10]
$ contrast inspect -q sim/report.bin --collateral sim --at 2026-06-01T00:00:00Z
sim/report.bin: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
[exit 4]
$ contrast inspect -q sim/report.bin --collateral sim --insecure-root sim/root.pem --at 2026-06-01T00:00:00Z --minimum-tcb bl=4,tee=0,snp=25,ucode=0
sim/report.bin: DENY: reference values or policy are not met: tcb.minimum (exit 6)
[exit 6]
$ cp -r $TOP/docs/sample .
$ contrast verify -q --evidence sample/bundle.tar -m sample/manifest.json --insecure-root sample/root.pem --at capture
sample/bundle.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs, judged at the claimed capture time 2026-06-01T12:00:00Z; 86 checks passed (exit 10)
[exit 10]
$ echo '{"SeedshareOwnerKeys": []}' >broken.json && contrast manifest check broken.json
broken.json:1:2: /SeedshareOwnerKeys: unknown key "SeedshareOwnerKeys", did you mean "SeedshareOwnerPubKeys"?
broken.json:1:26: /Policies: want at least one policy with the Role "coordinator", have none of 0
broken.json:1:26: /ReferenceValues: want an entry in snp or tdx, have none
broken.json: invalid: 3 findings
[exit 3]
## Nothing in README.md that this file has not run: the lines of its sessions are those above.
$ sed -n '/^## A session/,/^## Read on/s/^    //p' $TOP/README.md >readme
$ sed '/^## Nothing/,$d; /^## /d' $TOP/tests/cli/readme.t | diff - readme
