# SPDX-License-Identifier: Apache-2.0
## Pods whose hosts hand out neither VCEK nor CRL: the Coordinator has contrast-fetch get both before it judges.
$ cat >lib.sh <<'END'
> export CONTRAST_CACHE_DIR=$PWD/cache
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> kds() { python3 "$TOP/tests/kds.py" "$@"; }
> initialize() { # ISSUER FOLDER
>     mkdir -p "$2"
>     COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/$1 CONTRAST_FOLDER=$2 CONTRAST_DONE_FILE=$2/done \
>         timeout --foreground 4 contrast-initializer 2>$2/log
>     echo "exit $?"
> }
> log() { cat k/log 2>/dev/null; rm -f k/log; }
> refused() { grep -o '"a peer was refused".*' d/log | tail -n 1; }
> missing() { grep -o '"collateral for a peer cannot be got".*' d/log | sed 's/"peer":"[^"]*",//' | uniq; }
> END
> . ./lib.sh; run deploy d; mkdir -p k/pki; cp d/leaf.der d/crl.der k/pki; sed '2s/$/ --no-leaf --no-crl --include @none/' d/issuer.web >d/bare; chmod +x d/bare
> kds start k; touch k/calm; run start d --kds-url $(cat k/url); run body manifest d | run post d /v1/manifest | sed -n 1p
200
## Cold, then warm.
$ . ./lib.sh; initialize d/bare one; ls one/tls-config | wc -l; log; initialize d/bare two; log; find cache -type f | wc -l
exit 0
4
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
exit 0
2
## Evidence that lacks nothing asks nobody. A CRL that has run out is replaced by the one of the service.
$ . ./lib.sh; rm -rf cache; initialize d/issuer.web whole; log; sed '2s/$/ --crl-next-update 2026-02-01/' d/issuer.web >d/old; chmod +x d/old; initialize d/old old; log
exit 0
exit 0
/vcek/v1/Milan/crl 200
## A service that has no time: the pod is refused, for what is missing, and comes again.
$ . ./lib.sh; rm -rf cache; echo limit:3600 >k/rule; initialize d/bare three; missing; refused | grep -o '"check":"[^"]*"'; rm k/rule; initialize d/bare three; log >/dev/null
exit 124
"collateral for a peer cannot be got","what":"VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64)","cause":"KDS rate limit: retry after 3600 s"}
"collateral for a peer cannot be got","what":"CRL of Milan","cause":"KDS rate limit: retry after 3600 s"}
"check":"leaf.present"
exit 0
## What contrast-fetch says is believed no more than a pod: a leaf that another root has signed, in front of the right signature.
$ . ./lib.sh; run stop d; mkdir x; snp-sim --chain other --leaf-not-after 2120-01-01 --out x; cat >liar <<'END'
> #!/usr/bin/env python3
> import sys
> def answer(head, content): sys.stdout.buffer.write((7 + len(content)).to_bytes(4, 'little') + head + content); sys.stdout.buffer.flush()
> while request := sys.stdin.buffer.read(4):
>     kind = sys.stdin.buffer.read(int.from_bytes(request, 'little'))[0]
>     answer(bytes(7), open('x/leaf.der' if kind == 1 else 'd/crl.der', 'rb').read())
> END
> chmod +x liar; rm -rf d/store; run start d --fetch $PWD/liar; run body manifest d | run post d /v1/manifest | sed -n 1p; initialize d/bare four; refused | grep -o '"check":"[^"]*"'; run stop d
200
exit 124
"check":"leaf.signature"
## Without the program, or with one that talks nonsense, evidence is judged as it comes.
$ . ./lib.sh; printf '#!/bin/sh\nhead -c 1 >/dev/null; echo nonsense\n' >nonsense; chmod +x nonsense; for f in off /nowhere $PWD/nonsense; do rm -rf d/store; run start d --fetch $f; run body manifest d | run post d /v1/manifest | sed -n 1p; initialize d/bare bare; grep -o '"contrast-fetch has failed","cause":"[^"]*"' d/log | head -n 1; refused | grep -o '"check":"[^"]*"'; initialize d/issuer.web whole; run stop d; done
200
exit 124
"check":"leaf.present"
exit 0
200
exit 124
"contrast-fetch has failed","cause":"contrast-fetch: the program has ended, or is not there"
"check":"leaf.present"
exit 0
200
exit 124
"contrast-fetch has failed","cause":"contrast-fetch: fetch message: want a length of 1 to 65943, have 1936617326"
"check":"leaf.present"
exit 0
## A program that has died is there again when it is needed, and counted; one that fails is tried again after a pause.
$ . ./lib.sh; printf '#!/bin/sh\necho $$ >>pids\nexec contrast-fetch "$@"\n' >good; chmod +x good; cp good prog; rm -rf d/store cache; run start d --metrics 1 --fetch $PWD/prog --kds-url $(cat k/url); run body manifest d | run post d /v1/manifest | sed -n 1p
> failures() { run get d probe /metrics | grep '^contrast_coordinator_fetch_failures'; }
> initialize d/bare five; wc -l <pids; kill -KILL $(cat pids); rm -rf cache; initialize d/bare six; wc -l <pids; failures
> cp nonsense prog; kill -KILL $(tail -n 2 pids); rm -rf cache; initialize d/bare seven; cp good prog; sleep 2; initialize d/bare seven; failures; run stop d; kds stop k
200
exit 0
2
exit 0
4
contrast_coordinator_fetch_failures_total 2
exit 124
exit 0
contrast_coordinator_fetch_failures_total 6
