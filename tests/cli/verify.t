# SPDX-License-Identifier: Apache-2.0
## An answer to /attest, judged by a manifest and the nonce that was sent.
$ cat >lib.sh <<'END'
> make() { rm -rf d && python3 "$TOP/tests/deployment.py" --out d "$@"; }
> verify() { contrast verify -m d/manifest.json --insecure-root d/root.pem --at 2026-06-01T00:00:00Z "$@"; echo "exit $?"; }
> answer() { verify --evidence d/answer.json --nonce "$(cat d/nonce)" "$@"; }
> END
> . ./lib.sh; make; answer -q; answer | sed -n '/DEPLOYMENT/,/^$/p;/NOT PROVEN/,$p'
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
DEPLOYMENT
  CONTAINER            answer
  BINDING              attest
  NONCE                000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
  MANIFEST_SHA256      55dab2549b6b65f96112ee6b6dca08dc95fda2a62e865e7b6c504d7f543204d5
  MANIFESTS            2
  TRANSITION           cab2c6116dbf28eaa6360641fdbe1d49669c6e9a10748ca4366f933250359c96
  POLICIES             2
  ROOT_CA_KEY_SHA256   77ca0afcc0e1ffa35441fd0aa8a054fb5f9edd5717545ce5b9b95e39fb6520b1
  MESH_CA_KEY_SHA256   8daad78aafbb6cb6482605376d6acf4b03a21406bf183264b0ba54953b421c97

NOT PROVEN
  history: who put the first manifest there, and that earlier manifests were as good as this one.
    They are in the evidence: read them, and pin what you have seen with --expect-history.
  policies: that a policy forbids what it should. It is bound to the bytes of a policy, not to its
    meaning.
  environment: what a policy leaves open: environment variables, ConfigMaps, Secrets and volumes
    that it does not fix.
  relay: that the evidence comes from a machine of yours: the manifest names no chips
    (AllowedChipIDs), so the leaked key of any genuine machine would do.

d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10

## What was printed is what other tools compute.
$ [ "$(sha256sum <d/manifest.json | cut -c1-64)" = 55dab2549b6b65f96112ee6b6dca08dc95fda2a62e865e7b6c504d7f543204d5 ] && tail -n 1 d/history
> openssl x509 -in d/root-ca.pem -pubkey -noout | openssl ec -pubin -outform DER 2>/dev/null | sha256sum | cut -c1-64
> for ca in root mesh; do openssl verify -x509_strict -check_ss_sig -attime 1780300800 -CAfile d/$ca-ca.pem d/$ca-ca.pem; done
cab2c6116dbf28eaa6360641fdbe1d49669c6e9a10748ca4366f933250359c96
77ca0afcc0e1ffa35441fd0aa8a054fb5f9edd5717545ce5b9b95e39fb6520b1
d/root-ca.pem: OK
d/mesh-ca.pem: OK

## Without AMD's signature, without a nonce, with another one.
$ . ./lib.sh; contrast verify --evidence d/answer.json -m d/manifest.json --nonce "$(cat d/nonce)" -q --at 2026-06-01T00:00:00Z; echo "exit $?"
> verify --evidence d/answer.json; verify --evidence d/answer.json --nonce 00; answer -q --at capture
> verify -q --evidence d/answer.json --nonce "ff$(cut -c3- d/nonce)"
d/answer.json: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
exit 4
contrast: verify: an answer to /attest is judged by the nonce that was sent: give it with --nonce (see contrast verify --help)
exit 2
contrast: verify: --nonce: hex: want 64 digits (32 bytes), have 2 characters (see contrast verify --help)
exit 2
contrast: verify: --at: given twice (see contrast verify --help)
exit 2
d/answer.json: DENY: freshness or binding: nonce, report data: report-data (exit 8)
exit 8

## Another manifest than the active one.
$ . ./lib.sh
> answer() { contrast verify --insecure-root d/root.pem --at 2026-06-01T00:00:00Z --evidence d/answer.json --nonce "$(cat d/nonce)" "$@"; echo "exit $?"; }
> answer -m d/manifest.0.json | grep -A1 'failed   '; printf '{\n  "Policies": 3,\n}' >broken.json; answer -m broken.json | grep -A2 'failed   manifest.exp'; answer -q -m d/manifest.0.json; python3 -c 'import json; print(json.dumps(json.load(open("d/manifest.json"))))' >form.json
> answer -m form.json | grep -A1 'failed   '; answer -m nowhere.json; echo '{}' >empty.json; answer -q -m empty.json
> cd d && contrast verify -q --insecure-root root.pem --at 2026-06-01T00:00:00Z --evidence answer.json --nonce "$(cat nonce)"
  failed   manifest.active: it was manifest 0 of the history, which goes on to manifest 1 (SHA-256
             of the manifest that was given)
  failed   manifest.expected: line 2, column 15: /Policies: want an object, have a number; contrast
             manifest check says all
  failed   manifest.active (SHA-256 of the manifest that was given)
d/answer.json: DENY: manifest or history do not match: manifest.active (exit 7)
exit 7
  failed   manifest.active: the two differ in white space or the order of keys only (SHA-256 of the
             manifest that was given)
contrast: verify: "nowhere.json": No such file or directory
exit 1
d/answer.json: DENY: evidence or input is malformed: manifest.expected and 1 more (exit 3)
exit 3
answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
[exit 10]

## The history that is known, and the root.
$ . ./lib.sh; make --history 4; answer -q --expect-history d/history
> for range in 1,3 2,4 4,4; do sed -n "${range}p" d/history >some; answer -q --expect-history some | head -n 1; done
> tail -n 1 d/history | tr -d '\n' >latest-transition; answer -q --expect-history latest-transition | head -n 1
> sed -n '1p;3p' d/history >gap; answer -q --expect-history gap; tac d/history >reversed; answer -q --expect-history reversed
> make --history 3; answer -q --expect-history latest-transition
> echo xyz >bad; answer -q --expect-history bad; : >bad; answer -q --expect-history bad; tr a-f A-F <d/history >bad; answer -q --expect-history bad
> tr '\n' ' ' <d/history >bad; answer -q --expect-history bad; answer -q --expect-history nowhere
> answer -q --expect-root-ca d/root-ca.pem; make --ca root:not-after=2030-01-01T00:00:00; answer -q --expect-root-ca d/root-ca.pem | head -n 1
> answer -q --expect-root-ca d/mesh-ca.pem; answer -q --expect-root-ca d/ark.der
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
exit 10
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
d/answer.json: DENY: manifest or history do not match: history.expected (exit 7)
exit 7
d/answer.json: DENY: manifest or history do not match: history.expected (exit 7)
exit 7
d/answer.json: DENY: manifest or history do not match: history.expected (exit 7)
exit 7
contrast: verify: --expect-history: "bad": want lines of 64 hex digits, have 4 bytes, which is no number of lines
exit 3
contrast: verify: --expect-history: "bad": want lines of 64 hex digits, have 0 bytes, which is no number of lines
exit 3
contrast: verify: --expect-history: "bad": line 1: hex: not a lower-case hex digit at byte 3: "A"
exit 3
contrast: verify: --expect-history: "bad": line 1: want a line end behind 64 hex digits, have " "
exit 3
contrast: verify: --expect-history: "nowhere": No such file or directory
exit 1
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
exit 10
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 88 checks passed (exit 10)
contrast: verify: --expect-root-ca: "d/mesh-ca.pem": subject: want CN=system:coordinator:root alone, have "system:coordinator:intermediate"
exit 3
contrast: verify: --expect-root-ca: "d/ark.der": subject: want CN=system:coordinator:root alone, have "ARK-Milan"
exit 3

## JUnit, and a file of its own for the result.
$ . ./lib.sh; make --history 4
> answer() { contrast verify -m d/manifest.json --insecure-root d/root.pem --at 2026-06-01T00:00:00Z --evidence d/answer.json --nonce "$(cat d/nonce)" "$@"; echo "exit $?"; }
> answer --format junit -o ok.xml; make --host-data "$(printf '11%.0s' {1..32})"; answer --format junit -o bad.xml; cat >read.py <<'END'
> import sys, xml.etree.ElementTree as xml
> for name in sys.argv[1:]:
>     suite = xml.parse(name).getroot().find('testsuite')
>     cases = suite.findall('testcase')
>     print(suite.get('name'), int(suite.get('tests')) == len(cases), suite.get('failures'), [c.get('name') for c in cases if c.find('failure') is not None],
>           {c.get('classname') for c in cases})
> END
> python3 read.py ok.xml bad.xml; answer -q -o d/answer.json; answer --format json -q; answer -q -o quiet.txt; cat quiet.txt
exit 10
exit 6
d/answer.json True 0 [] {'contrast.verify'}
d/answer.json True 1 ['host-data'] {'contrast.verify'}
contrast: verify: --output: "d/answer.json" is read, and would be replaced (see contrast verify --help)
exit 2
contrast: verify: --quiet goes with --format text (see contrast verify --help)
exit 2
exit 6
d/answer.json: DENY: reference values or policy are not met: host-data (exit 6)
