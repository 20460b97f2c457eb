# SPDX-License-Identifier: Apache-2.0
## A Coordinator over plain HTTP: what it answers is judged by contrast verify, and by the Coordinator of tests/deployment.py,
## which has the same manifest and policies.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> nonce=0707070707070707070707070707070707070707070707070707070707070707
> attest() { run body nonce $nonce | run post d "$1"; }
> judge() { contrast verify --evidence "$1" -m d/manifest.json --nonce $nonce --insecure-root d/root.pem "${@:2}"; echo "exit $?"; }
> END
> . ./lib.sh; run deploy d; run start d; run get d http /capabilities; run get d probe /probe/startup; run get d probe /probe/liveness
200
{"api_versions":["v1"]}
200
200
## Before there is a manifest there is nothing to attest to.
$ . ./lib.sh; run get d probe /probe/readiness; attest /attest; attest /v1/attest
503
412
{"version":"0.1.0","status_code":412,"code":"no_manifest","error":"no manifest configured"}
412
{"version":"0.1.0","status_code":412,"code":"no_manifest","error":"no manifest configured"}
## Manifests that are refused leave nothing behind.
$ . ./lib.sh; echo '{"manifest":"bnVsbA==","policies":[]}' | run post d /v1/manifest; find d/store -type f
400
/\{"version":"0.1.0","status_code":400,"code":"invalid_argument","error":"unmarshaling manifest: want .*/
d/store/lock
## The first manifest is trusted.
$ . ./lib.sh; run body manifest d | run post d /v1/manifest | tee set.json | cut -c1-37; run get d probe /probe/readiness; find d/store -type f | sed 's/[0-9a-f]\{64\}/HASH/' | sort
200
{"version":"0.1.0","root_ca":"LS0tLS1
200
d/store/lock
d/store/manifests/HASH
d/store/policies/HASH
d/store/policies/HASH
d/store/transitions/HASH
d/store/transitions/latest
$ . ./lib.sh; attest /attest | sed 1d >answer.json; judge answer.json -q
answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
$ . ./lib.sh; attest /v1/attest | sed 1d >v1.json; echo '{"api_versions":["v1"]}' >capabilities.json; judge v1.json -q --capabilities capabilities.json
v1.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
## The same history as the independent Coordinator's: its transition is in the store, and its hashes name what is there.
$ . ./lib.sh; test -e d/store/transitions/$(cat d/history) && cmp d/store/manifests/$(sha256sum <d/manifest.json | cut -c1-64) d/manifest.json && echo same
same
## An answer is for the nonce that was sent.
$ . ./lib.sh; nonce=${nonce/07/08}; judge answer.json -q
/answer.json: DENY: .*report-data.* \(exit 8\)/
exit 8
## Whoever has no owner's signature does not update it over HTTP.
$ . ./lib.sh; run body manifest d | run post d /v1/manifest
403
{"version":"0.1.0","status_code":403,"code":"permission_denied","error":"validating peer: peer not authorized: it showed no key"}
## Requests that are refused before they are calls.
$ . ./lib.sh; echo '{"nonce":"AAAA"}' | run post d /attest; echo '{}' | run post d /nothing; run get d http /attest
400
/\{"version":"0.1.0","status_code":400,"code":"invalid_argument","error":".*32.*"\}/
404
...
405
## The certificates of the answer are those of the store of a client: openssl reads them.
$ python3 -c 'import base64, json; [open(n + ".pem", "wb").write(base64.b64decode(json.load(open("answer.json"))[n])) for n in ("root_ca", "mesh_ca")]' && openssl verify -x509_strict -CAfile root_ca.pem root_ca.pem && openssl verify -x509_strict -CAfile mesh_ca.pem mesh_ca.pem && openssl x509 -in mesh_ca.pem -noout -subject
root_ca.pem: OK
mesh_ca.pem: OK
subject=CN = system:coordinator:intermediate
## A Coordinator that is started again has a history whose secrets it lost: only a recovery can bring them back.
$ . ./lib.sh; run stop d; run start d; attest /attest; run get d probe /probe/readiness; run body manifest d | run post d /v1/manifest; run stop d
412
{"version":"0.1.0","status_code":412,"code":"needs_recovery","error":"coordinator is in recovery mode"}
503
412
{"version":"0.1.0","status_code":412,"code":"needs_recovery","error":"coordinator is in recovery mode"}
## Metrics are there when they are asked for; tests/cli/metrics.t reads them.
$ . ./lib.sh; run start d; run get d probe /metrics | sed -n 1p; run stop d
404
## A manifest that demands v1: what is older is told so before anything else, what is not asked for by version is as ever.
$ . ./lib.sh; rm -rf d; run deploy d; sed -i 's/^{/{"MinimumAPIVersion": "v1", /' d/manifest.json; run start d; run body manifest d | run post d /v1/manifest >set; sed -n 1p set
> for i in 1 2 3; do run get d probe /probe/readiness; done | uniq
> run get d http /attest; head -c 2000 /dev/zero | run post d /attest; run get d http /v1/attest; run get d http /capabilities; attest /attest; attest /v1/attest | sed -n 1p; run stop d
200
200
403
{"version":"0.1.0","status_code":403,"code":"api_version_too_old","error":"the manifest in force demands a later version of the API"}
403
{"version":"0.1.0","status_code":403,"code":"api_version_too_old","error":"the manifest in force demands a later version of the API"}
405
200
{"api_versions":["v1"]}
403
{"version":"0.1.0","status_code":403,"code":"api_version_too_old","error":"the manifest in force demands a later version of the API"}
200
## Two do not share a folder.
$ . ./lib.sh; run start d; contrast-coordinator --store dir:d/store --issuer exec:$PWD/d/issuer --insecure-root d/root.pem 2>&1 | grep -o '"cause".*'; run stop d
"cause":"store: d/store: is in use by another process"}
## Of many who set the first manifest at once, one does; whoever may set nothing does not get in between, and the store is
## never ahead of what is in force.
$ . ./lib.sh; rm -rf d; run deploy d; run start d; run body manifest d >set.json
> for i in 1 2 3 4 5 6; do (run post d /v1/manifest <set.json >out.$i; echo '{"manifest":"bnVsbA==","policies":[]}' | run post d /v1/manifest >bad.$i) & done; wait
> cat out.* | grep -c '^200$'; cat bad.* | grep -c '^200$'; run get d probe /probe/readiness; attest /attest | sed 1d >answer.json; judge answer.json -q; run stop d
1
0
200
answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
