# SPDX-License-Identifier: Apache-2.0
## A Coordinator whose evidence has neither VCEK nor CRL, as it comes from a host that has none: contrast gets both.
$ cat >lib.sh <<'END'
> export CONTRAST_CACHE_DIR=cache
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> kds() { python3 "$TOP/tests/kds.py" "$@"; }
> at() { echo "127.0.0.1:$(cat d/port.$1)"; }
> ask() { "$@" --insecure-root d/root.pem --kds-url $(cat k/url) 2>&1 | sed -E "s/$(at user)/USER/; s|http://127.0.0.1:[0-9]+|KDS|"; echo "exit ${PIPESTATUS[0]}"; }
> set_() { ask contrast set -c $(at user) -m d/manifest.json d/policy.0 d/policy.1 "$@"; }
> verify() { ask contrast verify -q -c $(at user) --http $(at http) -m d/manifest.json "$@"; }
> log() { cat k/log 2>/dev/null; rm -f k/log; }
> END
> . ./lib.sh; run deploy whole; run deploy d --sim '--no-leaf --no-crl --include @none' 2>&1; mkdir -p k/pki; cp whole/leaf.der whole/crl.der k/pki; kds start k; touch k/calm; run start d
## Offline it cannot be judged, and is sent nothing.
$ . ./lib.sh; set_ --offline; log
contrast: set: VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64): it is not in the cache
contrast: set: CRL of Milan: it is not in the cache
contrast: set: USER: handshake: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
contrast: set: this is not a Coordinator of this manifest: contrast verify -c shows each check of it
exit 11
## Cold, then warm.
$ . ./lib.sh; set_; log; verify; verify --offline; log
USER: the manifest is set
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
USER: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
USER: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
## The bundle has what was got, and needs nobody any more.
$ contrast verify -q --evidence verify/evidence.tar -m d/manifest.json --insecure-root d/root.pem
/verify/evidence.tar: ALLOW: .*/
[exit 10]
## An answer is judged as it is; --fetch gets what it lacks, with --offline from the cache alone.
$ . ./lib.sh; answer() { contrast verify -q --evidence d/answer.json --nonce $(cat d/nonce) -m d/manifest.json --insecure-root d/root.pem --at 2026-06-01T00:00:00Z "$@"; echo "exit $?"; }
> answer; answer --fetch --kds-url $(cat k/url); rm -rf cache; answer --fetch --offline; answer --fetch --kds-url $(cat k/url); log
d/answer.json: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
contrast: verify: VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64): it is not in the cache
contrast: verify: CRL of Milan: it is not in the cache
d/answer.json: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
d/answer.json: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
## A service that has no time costs the answer.
$ . ./lib.sh; rm -rf cache; echo limit:3600 >k/rule; verify; kds stop k; run stop d
contrast: verify: VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64): KDS rate limit: retry after 3600 s
contrast: verify: CRL of Milan: KDS rate limit: retry after 3600 s
USER: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
contrast: verify: USER: handshake: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
