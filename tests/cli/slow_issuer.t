# SPDX-License-Identifier: Apache-2.0
## An issuer that takes five seconds: who needs no evidence is answered meanwhile.
$ cat >slow.py <<'END'
> import os, subprocess, sys, time
> issuer = subprocess.Popen([os.path.join(os.path.dirname(os.path.abspath(__file__)), 'd/issuer')], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
> while len(request := sys.stdin.buffer.read(68)) == 68:
>     open('asked', 'w').close()
>     time.sleep(5)
>     issuer.stdin.write(request); issuer.stdin.flush()
>     head = issuer.stdout.read(4)
>     sys.stdout.buffer.write(head + issuer.stdout.read(int.from_bytes(head, 'big'))); sys.stdout.buffer.flush()
> END
> printf '#!/bin/sh\nexec python3 %s/slow.py\n' $PWD >slow; chmod +x slow
> cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> END
$ . ./lib.sh; run deploy d; run start d --issuer exec:$PWD/slow --metrics 1; run body manifest d | run post d /v1/manifest | sed -n 1p
200
$ . ./lib.sh; run body nonce $(printf '%064d' 7) >nonce; (run post d /attest <nonce | sed -n 1p >attest; echo attest >>order) & for i in $(seq 1000); do [ -e asked ] && break; sleep 0.02; done
> run get d probe /probe/readiness; echo readiness >>order; run get d probe /metrics | grep '^contrast_coordinator_manifest'; echo metrics >>order; wait; cat attest order
200
contrast_coordinator_manifest_generation 1
200
readiness
metrics
attest
## A handshake of one client, and the manifest of another one.
$ . ./lib.sh; rm asked order; (contrast verify -c 127.0.0.1:$(cat d/port.user) --http 127.0.0.1:$(cat d/port.http) -m d/manifest.json --insecure-root d/root.pem -q 2>&1 | grep -o 'ALLOW\|DENY.*' >v.out; echo verify >>order) & for i in $(seq 1000); do [ -e asked ] && break; sleep 0.02; done
> run body manifest d | run post d /v1/manifest | sed -n 1p; echo set >>order; wait; cat order v.out; run stop d
403
set
verify
ALLOW
