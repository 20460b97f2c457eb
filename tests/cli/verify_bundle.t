# SPDX-License-Identifier: Apache-2.0
## A bundle is made by --save, opened by tar, and judged again with the same result.
$ cat >lib.sh <<'END'
> at=2026-06-01T00:00:00Z
> make() { rm -rf d && python3 "$TOP/tests/deployment.py" --out d "$@"; }
> judge() { contrast verify -m d/manifest.json --insecure-root d/root.pem "$@"; echo "exit $?"; }
> answer() { judge --evidence d/answer.json --nonce "$(cat d/nonce)" "$@"; }
> save() { answer -q --at $at --captured-at $at --save "$@"; }
> END
> . ./lib.sh; make; save b.tar; ls; judge -q --evidence b.tar --at $at; tar tf b.tar; mkdir t; tar xf b.tar -C t; cd t; sha256sum -c SHA256SUMS | grep -vc OK
> cat contrast-bundle.json nonce; cmp root-ca.pem ../d/root-ca.pem; cmp manifests/000001.json ../d/manifest.json; cmp evidence.bin ../d/evidence.bin
> sha256sum policies/* | sed 's,^\(.*\)  policies/\1$,named by its hash,'
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
b.tar
d
lib.sh
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs; 86 checks passed (exit 10)
exit 10
contrast-bundle.json
nonce
evidence.bin
root-ca.pem
mesh-ca.pem
manifests/000000.json
manifests/000001.json
policies/59c3b92abd2958ac88e168d88872242ea2e563de6a09badb13cb2f3de7769e1c
policies/de13bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533
SHA256SUMS
0
{"format":"contrast.bundle/1","binding":"attest","captured_at":"2026-06-01T00:00:00Z","tool":"contrast 0.1.0"}
000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
named by its hash
named by its hash

## The same bundle, manifest and time give the same JSON to the byte, wherever it lies and whoever asks.
$ . ./lib.sh; judge --evidence b.tar --at capture --format json >one.json; mkdir -p elsewhere; cp b.tar elsewhere/c.tar
> TZ=Asia/Tokyo LC_ALL=C judge --evidence elsewhere/c.tar --at capture --format json >two.json; cmp one.json two.json && grep -c . one.json >many && grep at_is one.json
> judge --evidence b.tar --at 2026-06-01T00:00:00Z --format json | diff - one.json; cmp <(answer -q --at $at --captured-at $at --save c.tar >log; cat c.tar) b.tar
	"at_is":	"claimed capture time",
4c4
< 	"at_is":	"given or now",
---
> 	"at_is":	"claimed capture time",

## Nonce: the bundle's is taken at its word, and one that is given has to be the same.
$ . ./lib.sh; judge -q --evidence b.tar --at $at --nonce "$(cat d/nonce)"; judge -q --evidence b.tar --at $at --nonce "$(printf 'ff%.0s' {1..32})"
> judge --evidence b.tar --at $at | grep -E ' nonce:|CAPTURED|TOOL|freshness|capture time'
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
b.tar: DENY: freshness or binding: nonce, report data: nonce (exit 8)
exit 8
  CAPTURED_AT          2026-06-01T00:00:00Z
  TOOL                 "contrast 0.1.0"
freshness: 0 passed
  freshness: when this was: the capture time, and the nonce unless you gave it yourself, are the

## Years later: what holds only at the time that the bundle claims.
$ . ./lib.sh; judge --evidence b.tar --at 2036-06-01T00:00:00Z | grep -E 'failed|holds|DENY|ALLOW|exit'
> judge -q --evidence b.tar --at capture; judge -q --evidence d/answer.json --nonce "$(cat d/nonce)" --at capture
  failed   leaf.validity: holds at the claimed capture time only: want 2033-01-01T00:00:00Z, have
  failed   root-ca.validity: holds at the claimed capture time only: want 2036-05-31T00:00:00Z, have
  failed   mesh-ca.validity: holds at the claimed capture time only: want 2036-05-31T00:00:00Z, have
b.tar: DENY: a signature or the chain is invalid: leaf.validity and 2 more (exit 4)
exit 4
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs, judged at the claimed capture time 2026-06-01T00:00:00Z; 86 checks passed (exit 10)
exit 10
contrast: verify: --at capture is for a bundle; an answer does not say when it was made (see contrast verify --help)
exit 2

## What was denied is kept only when that is asked for, under a name that says so; nothing else is written.
$ . ./lib.sh; rm -f *.tar; make --host-data "$(printf '11%.0s' {1..32})"; save b.tar; ls *.tar; save b.tar --keep-denied; ls *.tar
> judge -q --evidence b.denied.tar --at $at; echo not json >d/answer.json; save c.tar --keep-denied; ls *.tar; ls d | wc -l
d/answer.json: DENY: reference values or policy are not met: host-data (exit 6)
exit 6
ls: cannot access '*.tar': No such file or directory
d/answer.json: DENY: reference values or policy are not met: host-data (exit 6)
exit 6
b.denied.tar
b.denied.tar: DENY: reference values or policy are not met: host-data (exit 6)
exit 6
contrast: verify: "d/answer.json": neither a bundle (a tar archive, not compressed) nor an answer to /attest (JSON)
exit 3
b.denied.tar
21

## A leaf and a CRL from elsewhere are kept with it.
$ . ./lib.sh; make; mv d e; make --sim '--no-crl --no-leaf'; save b.tar; save b.tar --collateral e/leaf.der --collateral e/crl.der; tar tf b.tar | grep collateral
> judge -q --evidence b.tar --at $at; sha256sum e/leaf.der e/crl.der | cut -c1-64 | sort; judge -q --evidence b.tar --at $at --save again.tar; cmp b.tar again.tar
d/answer.json: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
collateral/5bd6b44d26541eb6696a8c50a5672a52bb99581a6d326ce3925cd5152babe126.der
collateral/9e059b3bd726bb1ec4bd46c64fd0bb16d46d684c9c72eca3a62f5aca4c40325a.der
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs; 86 checks passed (exit 10)
exit 10
5bd6b44d26541eb6696a8c50a5672a52bb99581a6d326ce3925cd5152babe126
9e059b3bd726bb1ec4bd46c64fd0bb16d46d684c9c72eca3a62f5aca4c40325a
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs; 86 checks passed (exit 10)
exit 10

## So are those that were used in place of the evidence's own.
$ . ./lib.sh; make --sim '--crl-next-update 2026-05-01T00:00:00Z'; save own.tar; save b.tar --collateral e/crl.der; tar tf b.tar | grep collateral
> judge -q --evidence b.tar --at capture; sha256sum <e/crl.der | cut -c1-64
d/answer.json: DENY: revoked, or the CRL is bad or stale: crl.window (exit 5)
exit 5
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
collateral/5bd6b44d26541eb6696a8c50a5672a52bb99581a6d326ce3925cd5152babe126.der
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs, judged at the claimed capture time 2026-06-01T00:00:00Z; 86 checks passed (exit 10)
exit 10
5bd6b44d26541eb6696a8c50a5672a52bb99581a6d326ce3925cd5152babe126

## A key that was revoked later: the time that a bundle claims may be before, a CRL that says so is used all the same.
$ . ./lib.sh; make --sim '--crl-revoke ask --crl-this-update 2027-01-01T00:00:00Z'; rm -rf e; mv d e; make; save b.tar; judge -q --evidence b.tar --at capture
> judge -q --evidence b.tar --at capture --collateral e/crl.der; judge -q --evidence b.tar --at 2028-01-01T00:00:00Z --collateral e/crl.der
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
b.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs, judged at the claimed capture time 2026-06-01T00:00:00Z; 86 checks passed (exit 10)
exit 10
b.tar: DENY: revoked, or the CRL is bad or stale: crl.window and 1 more (exit 5)
exit 5
b.tar: DENY: revoked, or the CRL is bad or stale: crl.serials (exit 5)
exit 5

## /v1/attest: the capabilities are a member.
$ . ./lib.sh; make --binding attest-v1; save v1.tar --capabilities d/capabilities.json; tar tf v1.tar | grep capab; judge -q --evidence v1.tar --at $at
> judge -q --evidence v1.tar --at $at --capabilities d/capabilities.json
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
capabilities.json
v1.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs; 86 checks passed (exit 10)
exit 10
contrast: verify: --capabilities is for an answer to /v1/attest; a bundle has its own (see contrast verify --help)
exit 2

## Evidence of attested TLS binds neither history nor CA certificates: anybody who can connect gets it.
$ . ./lib.sh; make --binding atls; save atls.tar --keep-denied; rm -rf t; mkdir t; tar xf atls.denied.tar -C t; cp d/tls-key.der t; sed -i s/attest/atls/ t/contrast-bundle.json
> cd t; { tar tf ../atls.denied.tar | sed '/^SHA256SUMS$/d;/^evidence.bin$/a tls-key.der'; } >../names; xargs sha256sum <../names >SHA256SUMS; echo SHA256SUMS >>../names; cd ..
> tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 -C t -T names -cf atls.tar
> sum=$({ cat d/tls-key.der; python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(open("d/nonce").read()))'; } | sha512sum | cut -c1-128); contrast inspect -q t/evidence.bin --insecure-root d/root.pem --at $at --report-data $sum | grep -o ALLOW
> judge --evidence atls.tar --at $at --nonce "$(cat d/nonce)" --expect-root-ca d/root-ca.pem --expect-history d/history | grep -A1 failed; judge -q --evidence atls.tar --at $at
d/answer.json: DENY: freshness or binding: nonce, report data: report-data (exit 8)
exit 8
ALLOW
  failed   report-data: attested TLS binds its connection alone, not the history and the CA
             certificates
atls.tar: DENY: freshness or binding: nonce, report data: report-data (exit 8)
exit 8

## A bundle that was changed: every 97th bit of it, its end, its members.
$ . ./lib.sh; cat >flip.py <<'END'
> import subprocess, sys
> good = open('b.tar', 'rb').read()
> accepted = set()
> for bit in range(0, 8 * len(good), 8 * 97 + 3):
>     data = bytearray(good)
>     data[bit // 8] ^= 1 << bit % 8
>     open('flipped.tar', 'wb').write(data)
>     code = subprocess.run(['contrast', 'verify', '-q', '-m', 'd/manifest.json', '--insecure-root', 'd/root.pem', '--at', '2026-06-01T00:00:00Z',
>                            '--evidence', 'flipped.tar'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
>     accepted |= {bit} if code in (0, 2, 10) else set()
> print(len(range(0, 8 * len(good), 8 * 97 + 3)) > 200, sorted(accepted))
> END
> make; save b.tar; python3 flip.py; head -c -512 b.tar >cut.tar; judge -q --evidence cut.tar --at $at; (cat b.tar; head -c 512 /dev/zero) >long.tar; judge -q --evidence long.tar --at $at
> cd t && tar cf ../again.tar * && cd .. && judge -q --evidence again.tar --at $at
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
True []
cut.tar: DENY: evidence or input is malformed: bundle.format (exit 3)
exit 3
long.tar: DENY: evidence or input is malformed: bundle.format (exit 3)
exit 3
again.tar: DENY: evidence or input is malformed: bundle.format (exit 3)
exit 3

## A member of collateral/ that is no collateral: a verdict like any other, with what else there is to say.
$ . ./lib.sh; rm -rf t; mkdir t; tar xf b.tar -C t; mkdir t/collateral; echo junk >j; cp j t/collateral/$(sha256sum <j | cut -c1-64).der; cp d/evidence.bin k; cp k t/collateral/$(sha256sum <k | cut -c1-64).der
> cat >repack.sh <<'END'
> { sed -n '/^SHA256SUMS$/q;p' names; (cd t && find collateral -type f | LC_ALL=C sort); } >all; (cd t && xargs sha256sum <../all >SHA256SUMS); echo SHA256SUMS >>all
> tar --format=ustar -b1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 -C t -T all -cf $1
> END
> tar tf b.tar >names; . ./repack.sh junk.tar; judge --evidence junk.tar --at $at | grep -A2 failed; judge --evidence junk.tar --at $at --format json >junk.json; sed -i '$d' junk.json
> python3 $TOP/tests/schema.py $TOP/docs/verdict.schema.json junk.json; grep -c '"passed"' junk.json; rm t/collateral/$(sha256sum <j | cut -c1-64).der; . ./repack.sh report.tar; judge -q --evidence report.tar --at $at
  failed   bundle.format: member collateral/ac7a97235f4a4fb4b4ae0fe7d7aff3cc..(32): neither a
             certificate nor a CRL

85
report.tar: DENY: evidence or input is malformed: bundle.format (exit 3)
exit 3

## An answer about evidence of another kind is not kept: a bundle has no place for the kind.
$ . ./lib.sh; make; sed -i 's/"attestation_type": *\[[0-9, ]*\]/"attestation_type":[1,3,9901,2,2]/' d/answer.json; rm -f kind*.tar; save kind.tar --keep-denied; ls kind* 2>/dev/null || echo none; make
d/answer.json: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: attest.type (exit 11)
contrast: verify: --keep-denied: nothing is kept: a bundle holds evidence of SEV-SNP alone, and this answer says that its evidence is of another kind
exit 11
none

## Names and options that make no sense.
$ . ./lib.sh; answer --save b; answer --save .tar; answer --save d/manifest.json; answer -q --captured-at $at; judge; judge x; answer --save /nowhere/b.tar -q --at $at
> cp b.tar d/b.tar; judge -q --evidence d/b.tar --at $at --save d/b.tar; cp b.tar d/b.denied.tar; judge -q --evidence d/b.denied.tar --at $at --save d/b.tar --keep-denied
> cmp b.tar d/b.denied.tar; for o in both.tar both.denied.tar ./both.tar t/../both.denied.tar; do judge -q --evidence b.tar --at $at --save both.tar --keep-denied --output $o; done; ls both* 2>/dev/null; cmp b.tar d/b.tar
contrast: verify: --save: want a name that ends in .tar (see contrast verify --help)
exit 2
contrast: verify: --save: want a name that ends in .tar (see contrast verify --help)
exit 2
contrast: verify: --save: want a name that ends in .tar (see contrast verify --help)
exit 2
contrast: verify: --keep-denied and --captured-at go with --save (see contrast verify --help)
exit 2
contrast: verify: --evidence or --coordinator is missing (see contrast verify --help)
exit 2
contrast: verify: it takes no operand: give the evidence with --evidence, the manifest with -m (see contrast verify --help)
exit 2
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
contrast: verify: --save: "/nowhere/b.tar": No such file or directory
exit 1
contrast: verify: --save: "d/b.tar" is read, and would be replaced (see contrast verify --help)
exit 2
contrast: verify: --keep-denied: "d/b.denied.tar" is read, and would be replaced (see contrast verify --help)
exit 2
contrast: verify: --output and --save: both would write "both.tar" (see contrast verify --help)
exit 2
contrast: verify: --output and --save: both would write "both.denied.tar" (see contrast verify --help)
exit 2
contrast: verify: --output and --save: both would write "./both.tar" (see contrast verify --help)
exit 2
contrast: verify: --output and --save: both would write "t/../both.denied.tar" (see contrast verify --help)
exit 2

## What is written follows the schema, whatever the verdict; and the schema refuses what it should.
$ . ./lib.sh; make; answer --at $at --format json >allow.json; judge --evidence b.tar --at capture --format json >bundle.json; judge --evidence b.tar --at 2040-01-01T00:00:00Z --format json >late.json
> echo '{}' >d/answer.json; answer --at $at --format json >malformed.json; sed -i '$d' *.json; python3 $TOP/tests/schema.py $TOP/docs/verdict.schema.json allow.json bundle.json late.json malformed.json
> sed 's/"allow"/"perhaps"/' allow.json >wrong.json; python3 $TOP/tests/schema.py $TOP/docs/verdict.schema.json wrong.json
wrong.json/decision: 'perhaps' is none of the values
[exit 1]

## The sample of docs/verify.md.
$ cp -r $TOP/docs . && contrast verify -q --evidence docs/sample/bundle.tar -m docs/sample/manifest.json --insecure-root docs/sample/root.pem --at capture
docs/sample/bundle.tar: ALLOW: under a root given by hand, the manifest is what this deployment runs, judged at the claimed capture time 2026-06-01T12:00:00Z; 86 checks passed (exit 10)
[exit 10]

$ contrast verify -q --evidence docs/sample/bundle.tar -m docs/sample/manifest.json --at capture
docs/sample/bundle.tar: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
[exit 4]
