# SPDX-License-Identifier: Apache-2.0
## contrast-fetch between contrast and a stand-in for AMD's service, with the simulator's keys.
$ cat >lib.sh <<'END'
> ALWAYS='--ark-not-after 2120-01-01 --ask-not-after 2120-01-01 --asvk-not-after 2120-01-01 --leaf-not-after 2120-01-01'
> export CONTRAST_CACHE_DIR=cache
> kds() { python3 "$TOP/tests/kds.py" "$@"; }
> rule() { echo "$*" >k/rule; }
> inspect() { contrast inspect -q --insecure-root root.pem --kds-url "$(cat k/url)" --fetch "$@" 2>&1 | sed -E "s|http://127.0.0.1:[0-9]+|KDS|; s/[0-9a-f]{32}\.\.\(64\)/CHIP/"; echo "exit ${PIPESTATUS[0]}"; }
> log() { cat k/log 2>/dev/null; rm -f k/log; }
> END
> . ./lib.sh; mkdir -p k/pki/m k/pki/t; snp-sim $ALWAYS --crl-next-update 2120-01-01 --out k/pki/m; snp-sim $ALWAYS --product turin --report-version 5 --crl-next-update 2120-01-01 --out k/pki/t
> cat k/pki/*/root.pem >root.pem; cp k/pki/m/report.bin m.bin; cp k/pki/t/report.bin t.bin; kds start k; touch k/calm

## Cold: a VCEK and a CRL are got. Warm: nobody is asked. What is in the cache can be carried elsewhere.
$ . ./lib.sh; inspect m.bin t.bin; log; inspect m.bin t.bin; inspect m.bin --offline; log; contrast collateral list | cut -d' ' -f1-3
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
t.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
2 files: 2 with exit 10 (verified, but only under a root given by hand)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
/vcek/v1/Turin/CHIP8?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81 200
/vcek/v1/Turin/crl 200
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
t.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
2 files: 2 with exit 10 (verified, but only under a root given by hand)
exit 10
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
VCEK  Milan
VCEK  Turin
CRL  Milan
CRL  Turin

## Nobody is asked who need not be: without --fetch, offline, for what is there already, for a masked chip, for a VLEK.
$ . ./lib.sh; rm -rf cache; contrast inspect -q m.bin --insecure-root root.pem; inspect m.bin --offline; inspect m.bin --collateral k/pki/m; mkdir v x; snp-sim $ALWAYS --kind vlek --crl-next-update 2120-01-01 --out v; inspect v/report.bin --no-revocation; snp-sim --report chip_id=$(printf '0%.0s' {1..128}) --no-leaf --out x; inspect x/report.bin --no-revocation; log
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
contrast: inspect: VCEK of Milan, chip CHIP: it is not in the cache
contrast: inspect: CRL of Milan: it is not in the cache
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
v/report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11
x/report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11

## Rate limited for longer than anybody waits: it says when to come back, and asks once. For a second: that is waited for.
$ . ./lib.sh; rule limit:3600; inspect m.bin; log; rule limit-date:3600; inspect m.bin --no-revocation | sed 's/35[0-9][0-9]/3600/'; rule unavailable:600; inspect m.bin | sed -n 1,2p; log >/dev/null; rule limit:1 1; inspect m.bin; log
contrast: inspect: VCEK of Milan, chip CHIP: KDS rate limit: retry after 3600 s
contrast: inspect: CRL of Milan: KDS rate limit: retry after 3600 s
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 429
/vcek/v1/Milan/crl 429
contrast: inspect: VCEK of Milan, chip CHIP: KDS rate limit: retry after 3600 s
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11
contrast: inspect: VCEK of Milan, chip CHIP: KDS is unavailable: retry after 600 s
contrast: inspect: CRL of Milan: KDS is unavailable: retry after 600 s
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 429
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200

## The service's own limit: the same again within ten seconds is waited out, and said.
$ . ./lib.sh; rm -rf cache k/calm; inspect m.bin --no-revocation >/dev/null; rm -rf cache; inspect m.bin --no-revocation; touch k/calm; log
contrast-fetch: waiting 10 s for KDS
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 10)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 429
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200

## What breaks on the way is tried again, and what is not there is not.
$ . ./lib.sh; rm -rf cache; rule drop 1; inspect m.bin --no-revocation; log | cut -d' ' -f2; rm -rf cache; rule cut 9; inspect m.bin --no-revocation | sed -n 1p; log | cut -d' ' -f2; rule error:500 9; inspect m.bin --no-revocation | sed -n 1p; log | cut -d' ' -f2
> rm k/rule; snp-sim --report chip_id=$(printf 'ab%.0s' {1..64}) --no-leaf --out x; inspect x/report.bin --no-revocation; log
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 33 checks passed, 7 skipped (exit 10)
exit 10
drop
200
/contrast: inspect: VCEK of Milan, chip CHIP: KDS: transfer closed with \d+ bytes remaining to read/
200
200
200
contrast: inspect: VCEK of Milan, chip CHIP: KDS: HTTP status 500
500
500
500
contrast: inspect: VCEK of Milan, chip CHIP: KDS has none (HTTP status 404)
x/report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 404

## Nothing that is not what was asked for gets any further, or into the cache.
$ . ./lib.sh; snp-sim $ALWAYS --chain other --out x; cp x/leaf.der k/pki/forged.der; snp-sim $ALWAYS --crl-by-other-ark --out x; cp x/crl.der k/pki/forged-crl.der
> snp-sim $ALWAYS --report reported_tcb=bl:3 --out x; cp x/leaf.der k/pki/tcb.der; snp-sim $ALWAYS --report chip_id=$(printf 'cd%.0s' {1..64}) --out x; cp x/leaf.der k/pki/chip.der; rm x/*
> for r in short longer endless huge html redirect other:t/leaf.der other:m/crl.der other:m/ask.der other:tcb.der other:chip.der other:forged.der; do rule $r; echo "[$r]"; inspect m.bin --no-revocation | sed -n 1p; done; log | cut -d' ' -f2 | uniq -c | sed 's/^ *//'; find cache -type f
> for r in other:t/crl.der other:m/leaf.der other:forged-crl.der short; do rule $r; echo "[$r]"; inspect m.bin --collateral k/pki/m/leaf.der | sed -n 1p; done; find cache -type f; log >/dev/null; rm k/rule
[short]
/contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: .*truncated.*/
[longer]
/contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: .*left over.*/
[endless]
/contrast: inspect: VCEK of Milan, chip CHIP: KDS: answer: .*/
[huge]
contrast: inspect: VCEK of Milan, chip CHIP: KDS: Maximum file size exceeded
[html]
/contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: .*/
[redirect]
contrast: inspect: VCEK of Milan, chip CHIP: KDS: HTTP status 302: redirections are not followed
[other:t/leaf.der]
contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: it is of Turin, not of Milan
[other:m/crl.der]
/contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: .*/
[other:m/ask.der]
/contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: .*/
[other:tcb.der]
contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: it is of another TCB
[other:chip.der]
contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: it is of another chip
[other:forged.der]
contrast: inspect: VCEK of Milan, chip CHIP: the answer is not what was asked for: RSA-PSS signature is not valid
2 200
1 endless
2 200
1 302
6 200
[other:t/crl.der]
contrast: inspect: CRL of Milan: the answer is not what was asked for: it is of Turin, not of Milan
[other:m/leaf.der]
/contrast: inspect: CRL of Milan: the answer is not what was asked for: .*/
[other:forged-crl.der]
contrast: inspect: CRL of Milan: the answer is not what was asked for: RSA-PSS signature is not valid
[short]
/contrast: inspect: CRL of Milan: the answer is not what was asked for: .*truncated.*/

## A CRL that has run out: the next one is got; when nobody has one, the old one is handed on and said to be stale.
$ . ./lib.sh; rm -rf cache; mkdir old; snp-sim $ALWAYS --crl-next-update 2026-02-01 --out old; contrast collateral import old --insecure-root root.pem; rule error:404; inspect m.bin; cp k/pki/m/crl.der new.der; cp old/crl.der k/pki/m/crl.der; rm k/rule; inspect m.bin; cp new.der k/pki/m/crl.der; log | cut -d' ' -f2
> snp-sim $ALWAYS --crl-this-update 2026-03-01 --crl-next-update 2120-01-01 --out old; mv k/pki/m/crl.der new.der; cp old/crl.der k/pki/m/crl.der; inspect m.bin; log; ls cache/kds/crl/Milan; cp new.der k/pki/m/crl.der
cache/kds: leaves 2, CRLs 1
contrast: inspect: CRL of Milan: stale: KDS has none (HTTP status 404)
m.bin: DENY: revoked, or the CRL is bad or stale: crl.window (exit 5)
exit 5
contrast: inspect: CRL of Milan: the CRL of the service ended 2026-02-01T00:00:00Z: is the clock right?
m.bin: DENY: revoked, or the CRL is bad or stale: crl.window (exit 5)
exit 5
404
200
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
/vcek/v1/Milan/crl 200
20260101T000000Z.der
20260301T000000Z.der

## Garbage in the cache, or what another root has signed, is not believed, and replaced.
$ . ./lib.sh; for f in cache/kds/vcek/Milan/*; do head -c 1000 k/pki/m/leaf.der >$f; done; echo x >cache/kds/crl/Milan/20990101T000000Z.der; inspect m.bin; log; cmp k/pki/m/leaf.der cache/kds/vcek/Milan/*
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200

## Four at once ask for the same: the service is asked once. Without a place for a cache each gets its own.
$ . ./lib.sh; rm -rf cache; rule hold; for i in 1 2 3 4; do inspect m.bin >out.$i & done; until [ -s k/held ]; do sleep 0.05; done; touch k/go; wait; sort out.* | uniq -c | sed 's/^ *//'; log; rm k/rule; find cache -type f | wc -l
> CONTRAST_CACHE_DIR=/dev/null inspect m.bin; log | cut -d' ' -f2
4 exit 10
4 m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
2
/contrast-fetch: cache: .*/
/contrast-fetch: cache: .*/
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
200
200

## A service that nobody vouches for, no program, and one that is something else.
$ . ./lib.sh; rm -rf cache; kds start s --tls; cp -r k/pki s; (rm k/url; cp s/url k/url; inspect m.bin --no-revocation; SSL_CERT_FILE=s/tls.pem inspect m.bin) | sed -E 's|127.0.0.1:[0-9]+|KDS|'; kds stop s; kds stop k; rm -rf cache
> CONTRAST_FETCH=/nowhere inspect m.bin; CONTRAST_FETCH=true inspect m.bin --no-revocation; printf '#!/bin/sh\nhead -c 83 >/dev/null; printf "\\377\\377\\377\\377"\n' >liar; chmod +x liar; CONTRAST_FETCH=./liar inspect m.bin --no-revocation | sed -n 1p
contrast: inspect: VCEK of Milan, chip CHIP: https://KDS: SSL certificate problem: self-signed certificate
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
contrast: inspect: VCEK of Milan, chip CHIP: contrast-fetch: the program has ended, or is not there
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
contrast: inspect: VCEK of Milan, chip CHIP: contrast-fetch: the program has ended, or is not there
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
exit 11
contrast: inspect: VCEK of Milan, chip CHIP: contrast-fetch: fetch message: want a length of 1 to 65943, have 4294967295

## Usage: where the service may be, and what goes with what.
$ for u in kdsintf.amd.com http://kdsintf.amd.com http://127.0.0.1.example.com http://localhost.example file:///etc/passwd https:// https://h/ 'https://h/?a' https://h/a https://user@h 'https://h/a b' ftp://127.0.0.1; do contrast inspect m.bin --fetch --kds-url "$u" 2>&1 | grep -- --kds-url; done
> for o in '--evidence b.tar --offline' '--evidence b.tar --kds-url https://h' '-c h --fetch'; do contrast verify $o; done; contrast inspect m.bin --offline; contrast-fetch --kds-url http://h; contrast-fetch more; contrast-fetch --help | sed -n 1p; printf 'x\1\0\0' | contrast-fetch; echo "exit $?"; printf '\7\0\0\0\2\0' | contrast-fetch; echo "exit $?"; contrast-fetch </dev/null; echo "exit $?"
contrast: inspect: --kds-url: "kdsintf.amd.com": want https://HOST or http://127.0.0.1 (see contrast inspect --help)
contrast: inspect: --kds-url: "http://kdsintf.amd.com": http is for this machine alone (127.0.0.1, [::1], localhost) (see contrast inspect --help)
contrast: inspect: --kds-url: "http://127.0.0.1.example.com": http is for this machine alone (127.0.0.1, [::1], localhost) (see contrast inspect --help)
contrast: inspect: --kds-url: "http://localhost.example": http is for this machine alone (127.0.0.1, [::1], localhost) (see contrast inspect --help)
contrast: inspect: --kds-url: "file:///etc/passwd": want https://HOST or http://127.0.0.1 (see contrast inspect --help)
contrast: inspect: --kds-url: "https://": address: want a host of 1 to 253 characters, have 0 (see contrast inspect --help)
contrast: inspect: --kds-url: "https://h/": want no slash at the end (see contrast inspect --help)
contrast: inspect: --kds-url: "https://h/?a": want neither a query nor a fragment (see contrast inspect --help)
contrast: inspect: --kds-url: "https://user@h": address: want a host's name or IP address, have "user@h" (see contrast inspect --help)
contrast: inspect: --kds-url: "https://h/a b": HTTP target: want a path, have "/a b" (see contrast inspect --help)
contrast: inspect: --kds-url: "ftp://127.0.0.1": want https://HOST or http://127.0.0.1 (see contrast inspect --help)
contrast: verify: --offline and --kds-url go with --coordinator, or with --fetch (see contrast verify --help)
contrast: verify: --offline and --kds-url go with --coordinator, or with --fetch (see contrast verify --help)
contrast: verify: --fetch goes with --evidence: --coordinator does so by itself (see contrast verify --help)
contrast: inspect: --offline and --kds-url go with --fetch (see contrast inspect --help)
contrast-fetch: --kds-url: "http://h": http is for this machine alone (127.0.0.1, [::1], localhost) (see contrast-fetch --help)
contrast-fetch: want one of serve, have "more" (see contrast-fetch --help)
usage: contrast-fetch [OPTION...] [serve]
contrast-fetch: fetch message: want a length of 1 to 293, have 376
exit 3
contrast-fetch: request: it ends in a message
exit 3
exit 0
