# SPDX-License-Identifier: Apache-2.0
## contrast set and contrast verify -c against a Coordinator on the simulator: attested TLS, gRPC, HTTP.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> at() { echo "127.0.0.1:$(cat d/port.$1)"; }
> set_() { contrast set -c $(at user) --insecure-root d/root.pem d/policy.0 d/policy.1 "$@" 2>&1 | sed "s/$(at user)/USER/"; echo "exit ${PIPESTATUS[0]}"; }
> verify() { contrast verify -c $(at user) --http $(at http) --insecure-root d/root.pem -q "$@" 2>&1 | sed "s/$(at user)/USER/"; echo "exit ${PIPESTATUS[0]}"; }
> END
> . ./lib.sh; run deploy d; run start d
> openssl ecparam -name secp384r1 -genkey -noout -out owner.pem; openssl ecparam -name secp384r1 -genkey -noout -out other.pem
> openssl genrsa -traditional -out share.pem 2048 2>/dev/null
> cat >owned.py <<'END'
> import json, subprocess
> def out(*command): return subprocess.run(['openssl', *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
> m = json.load(open('d/manifest.json'))
> m['WorkloadOwnerPubKeys'] = [out('pkey', '-in', 'owner.pem', '-pubout', '-outform', 'DER').hex()]
> m['SeedshareOwnerPubKeys'] = [out('rsa', '-in', 'share.pem', '-RSAPublicKey_out', '-outform', 'DER').hex()]
> json.dump(m, open('m0.json', 'w'))
> for p in m['Policies'].values(): p['SANs'].append('more')
> json.dump(m, open('m1.json', 'w'))
> END
> python3 owned.py
## Nothing is set yet: there is nothing to verify, and a dry run shows the first manifest.
$ . ./lib.sh; verify -m m0.json; ls -d verify 2>/dev/null; set_ -m m0.json --dry-run
contrast: verify: USER: GetManifests: FAILED_PRECONDITION: no manifest configured
exit 7
USER: manifest 0 would be set
/\+ manifest [0-9a-f]{64}/
/\+ policy [0-9a-f]{64}/
/\+ policy [0-9a-f]{64}/
exit 10
## A Coordinator whose root is not trusted is sent nothing.
$ . ./lib.sh; contrast set -c $(at user) -m m0.json d/policy.0 d/policy.1 2>&1 | sed "s/$(at user)/USER/"; find d/store -type f
contrast: set: USER: handshake: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
contrast: set: this is not a Coordinator of this manifest: contrast verify -c shows each check of it
d/store/lock
## The first manifest; its seed share can be opened by its owner, and by nobody else.
$ . ./lib.sh; set_ -m m0.json; ls *-ca.pem seed-shares.json
USER: the manifest is set
exit 10
coordinator-root-ca.pem
mesh-ca.pem
seed-shares.json
$ python3 -c 'import base64, json; d = json.load(open("seed-shares.json")); open("sealed", "wb").write(base64.b64decode(d["SeedShares"][0]["EncryptedSeed"])); print(list(d), len(base64.b64decode(d["salt"]))); assert open("seed-shares.json").read() == json.dumps(d, indent=2)'
> openssl pkeyutl -decrypt -inkey share.pem -in sealed -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 -pkeyopt rsa_oaep_label:$(printf seedshare | od -An -tx1 | tr -d ' \n') | wc -c
['SeedShares', 'salt'] 32
64
## Both channels say the same; what was verified is a folder, with a bundle that stands by itself.
$ . ./lib.sh; verify -m m0.json; ls verify | sed 's/[0-9a-f]\{64\}/HASH/'; cmp m0.json verify/manifest.0.json; cmp mesh-ca.pem verify/mesh-ca.pem; contrast verify --evidence verify/evidence.tar -m m0.json --insecure-root d/root.pem -q
/USER: ALLOW: under a root given by hand, the manifest is what this deployment runs; .*/
exit 10
coordinator-root-ca.pem
evidence.tar
history.yml
initdata.HASH.toml
latest-transition
manifest.0.json
mesh-ca.pem
policy.HASH.rego
/verify/evidence.tar: ALLOW: .*/
[exit 10]
## An update needs an owner's key, and the transition that is known.
$ . ./lib.sh; set_ -m m1.json; set_ -m m1.json --workload-owner-key other.pem
/contrast: set: USER: SetManifest: PERMISSION_DENIED: .*/
contrast: set: no owner's key was given: name it with --workload-owner-key, or give a signature with --signature
exit 6
contrast: set: the manifest does not list this key as an owner's: nobody will update it with the key
/contrast: set: USER: SetManifest: PERMISSION_DENIED: .*/
contrast: set: this key is not one of the owners' in the active manifest
exit 6
$ . ./lib.sh; cp owner.pem workload-owner.pem; set_ -m m1.json --atomic --latest-transition $(printf '00%.0s' $(seq 32)); set_ -m m1.json --atomic; ls -l seed-shares.json | wc -l
/contrast: set: USER: SetManifest: FAILED_PRECONDITION: .*/
contrast: set: the Coordinator is in recovery mode, or its latest transition is not the one that was given
exit 7
USER: the manifest is set
exit 10
1
## The old manifest is denied, and leaves what was verified before as it is.
$ . ./lib.sh; verify -m m0.json; ls verify/manifest.*; verify -m m1.json; ls verify/manifest.*
USER: DENY: manifest or history do not match: manifest.active (exit 7)
exit 7
verify/manifest.0.json
/USER: ALLOW: .*/
exit 10
verify/manifest.0.json
verify/manifest.1.json
## Without /attest: verified, once, by whoever asked; the bundle proves it to nobody.
$ . ./lib.sh; contrast verify -c $(at user) --http 127.0.0.1:1 -m m1.json --insecure-root d/root.pem -q --out alone 2>&1 | sed "s/$(at user)/USER/"; echo "exit ${PIPESTATUS[0]}"; contrast verify --evidence alone/evidence.tar -m m1.json --insecure-root d/root.pem -q
/USER: ALLOW: .*/
contrast: verify: manifests: not bound by this evidence: 127.0.0.1:1: connect: Connection refused
exit 11
alone/evidence.tar: DENY: freshness or binding: nonce, report data: report-data (exit 8)
[exit 8]
## /attest of another Coordinator: each is good, and they are not the same.
$ . ./lib.sh; cp -r d e; rm -rf e/store; run start e; run body manifest e >body; python3 -c 'import base64, json; b = json.load(open("body")); b["manifest"] = base64.b64encode(open("m1.json", "rb").read()).decode(); json.dump(b, open("body", "w"))'
> run post e /v1/manifest <body | sed -n 1p; contrast verify -c $(at user) --http 127.0.0.1:$(cat e/port.http) -m m1.json --insecure-root d/root.pem -q --out other; ls -d other; run stop e
200
/contrast: verify: what came over attested TLS and what /attest says differ in the .*/
ls: cannot access 'other': No such file or directory
## What is denied in the handshake is shown, check by check.
$ . ./lib.sh; contrast verify -c $(at user) --http $(at http) -m m1.json 2>&1 | grep -E 'CONTAINER|TRANSITION|  failed|connection\)|not run  manifest'; contrast verify -c $(at user) --http $(at http) -m m1.json --format json 2>/dev/null | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["decision"], d["history"])'
/  CONTAINER .* connection/
  failed   leaf.signature: RSA-PSS signature is not valid
  failed   crl.signature: RSA-PSS signature is not valid
/  passed   report-data: .*nonce, key of the connection\)/
  not run  manifest.active
deny []
## A port that speaks something else is no Coordinator, and is not asked again.
$ . ./lib.sh; contrast set -c $(at http) -m m1.json --insecure-root d/root.pem d/policy.0 d/policy.1 2>&1 | sed "s/$(at http)/HTTP/"
/contrast: set: HTTP: handshake: .*/
## A signature stands for the key: made elsewhere, after the history that was verified.
$ . ./lib.sh; rm workload-owner.pem; sed 's/"more"/"evenmore"/' m1.json >m2.json; contrast sign -m m2.json --workload-owner-key owner.pem --out m2.sig; contrast sign -m m2.json --workload-owner-key other.pem --out other.sig 2>/dev/null
> set_ -m m2.json --signature other.sig | sed 1d; set_ -m m2.json --signature m2.sig --atomic; verify -m m2.json
contrast: set: the signature is not one of an owner in the active manifest, over this manifest and the latest transition
exit 6
USER: the manifest is set
exit 10
/USER: ALLOW: .*/
exit 10
## history.yml holds the store: each value under its key, as the Coordinator has it.
$ cat >same.py <<'END'
> import base64, os, yaml
> found = {}
> for o in yaml.safe_load_all(open('verify/history.yml')):
>     (word, value), = o['binaryData'].items()
>     name = o['metadata']['name']
>     assert o['kind'] == 'ConfigMap' and name.startswith('contrast-store-') and name.endswith('-' + word), name
>     key = name[len('contrast-store-'):-len(word) - 1] + '/' + word
>     assert key not in found
>     found[key] = base64.b64decode(value, validate=True)
> held = {f'{kind}/{name}': open(f'd/store/{kind}/{name}', 'rb').read() for kind in ('manifests', 'policies', 'transitions') for name in os.listdir(f'd/store/{kind}')}
> print(len(found), set(held) ^ set(found), [k for k in found if found[k] != held[k]])
> END
> python3 same.py
/[1-9][0-9]* set\(\) \[\]/
## The HTTP API has a version, which what is kept binds; of an early Coordinator there is /attest alone.
$ . ./lib.sh; tar -xOf verify/evidence.tar capabilities.json; tar -tf verify/evidence.tar | grep -c '^nonce'
> python3 "$TOP/tests/legacy_http.py" $(cat d/port.http) legacy & while [ ! -e legacy ]; do sleep 0.05; done
> contrast verify -c $(at user) --http 127.0.0.1:$(cat legacy) -m m2.json --insecure-root d/root.pem -q --out early | sed "s/$(at user)/USER/"; tar -tf early/evidence.tar | grep -c capabilities || true
{"api_versions":["v1"]}
1
/USER: ALLOW: .*/
0
## A manifest that demands a version is satisfied by nothing less, whoever hides it.
$ . ./lib.sh; sed 's/^{/{"MinimumAPIVersion": "v1", /' m2.json >m3.json; set_ -m m3.json --workload-owner-key owner.pem; verify -m m3.json; contrast verify --evidence verify/evidence.tar -m m3.json --insecure-root d/root.pem -q
> python3 "$TOP/tests/legacy_http.py" $(cat d/port.http) legacy.2 & while [ ! -e legacy.2 ]; do sleep 0.05; done
> contrast verify -c $(at user) --http 127.0.0.1:$(cat legacy.2) -m m3.json --insecure-root d/root.pem -q --out hidden 2>&1 | sed "s/$(at user)/USER/;s/127.0.0.1:$(cat legacy.2)/HTTP/"; echo "exit ${PIPESTATUS[0]}"; ls -d hidden
USER: the manifest is set
exit 10
/USER: ALLOW: .*/
exit 10
/verify/evidence.tar: ALLOW: .*/
/USER: DENY: .*: api-version .*/
exit 8
ls: cannot access 'hidden': No such file or directory
[exit 2]
$ . ./lib.sh; run stop d
