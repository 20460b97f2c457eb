# SPDX-License-Identifier: Apache-2.0
## A pod gets its certificate: mutual attested TLS, evidence of the simulator on both sides, files as the mesh wants them.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> initialize() { # ISSUER FOLDER
>     mkdir -p "$2"
>     COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/$1 CONTRAST_FOLDER=$2 CONTRAST_DONE_FILE=$2/done \
>         timeout --foreground 2 contrast-initializer 2>$2/log
>     echo "exit $?"
> }
> END
$ contrast-initializer; contrast-initializer now
contrast-initializer: COORDINATOR_HOST not set; see --help
contrast-initializer: "now": is no setting; see --help
[exit 2]
## Without a manifest nobody is let in; the pod waits until it is told to end.
$ . ./lib.sh; run deploy d; run start d; initialize d/issuer.web early; ls early; grep -c 'no certificate yet' early/log; grep -o 'ended by a signal' early/log; grep -o '"a peer was not let in".*' d/log | head -n 1
exit 124
log
1
ended by a signal
"a peer was not let in","peer":"127.0.0.1","cause":"no manifest configured"}
$ . ./lib.sh; run body manifest d | run post d /v1/manifest | sed -n 1p; initialize d/issuer.web web; (cd web; find . -type f -printf '%m %p\n' | sort -k 2)
200
exit 0
644 ./done
644 ./log
400 ./secrets/workload-secret-seed
444 ./tls-config/certChain.pem
444 ./tls-config/coordinator-root-ca.pem
400 ./tls-config/key.pem
444 ./tls-config/mesh-ca.pem
## OpenSSL accepts the chain under both CAs, and the key belongs to it.
$ cd web/tls-config; openssl verify -x509_strict -CAfile mesh-ca.pem certChain.pem; openssl verify -x509_strict -CAfile coordinator-root-ca.pem -untrusted certChain.pem certChain.pem; openssl x509 -in certChain.pem -noout -subject -ext subjectAltName; cmp <(openssl x509 -in certChain.pem -noout -pubkey) <(openssl pkey -in key.pem -pubout) && echo key
certChain.pem: OK
certChain.pem: OK
subject=CN = web
X509v3 Subject Alternative Name: 
    DNS:web, DNS:*
key
## The CAs are those that the deployment attests to; the secret is in no log.
$ . ./lib.sh; run body nonce $(printf '%064d' 7) | run post d /attest | sed 1d >answer.json; python3 -c 'import base64, json; [open(n, "wb").write(base64.b64decode(json.load(open("answer.json"))[n])) for n in ("root_ca", "mesh_ca")]'; cmp root_ca web/tls-config/coordinator-root-ca.pem; cmp mesh_ca web/tls-config/mesh-ca.pem; wc -c <web/secrets/workload-secret-seed; grep -rlF "$(cat web/secrets/workload-secret-seed)" d web | sort
128
web/secrets/workload-secret-seed
## The same pod again has the same secret and another key; a Coordinator's policy names no secret.
$ . ./lib.sh; initialize d/issuer.web again; cmp web/secrets/workload-secret-seed again/secrets/workload-secret-seed; cmp -s web/tls-config/key.pem again/tls-config/key.pem || echo new; initialize d/issuer self; ls self self/secrets
exit 0
new
exit 0
self:
done
log
secrets
tls-config

self/secrets:
## Evidence that the manifest does not accept: another policy, a lower TCB, a policy that allows debugging. The log says why.
$ . ./lib.sh; for change in 's/host_data=..../host_data=0000/' '2s/$/ --report reported_tcb=bl:2/' 's/policy=196608/policy=720896/'; do sed "$change" d/issuer.web >d/bad; chmod +x d/bad; initialize d/bad bad; ls bad; done
exit 124
log
exit 124
log
exit 124
log
$ grep '"a peer was refused"' d/log | python3 -c 'import json, sys; [print("; ".join(e[k] for k in ("peer", "check", "pod", "want", "got"))) for e in map(json.loads, sys.stdin)]'
127.0.0.1; host-data; 0000bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533; a policy of the manifest; 0000bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533
127.0.0.1; tcb.minimum; de13bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533; bl=3 tee=0 snp=8 ucode=115; bl=2 tee=0 snp=24 ucode=219
127.0.0.1; policy.debug; de13bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533; 0; 1
## The first of them was let in and told by the call, as the protocol has it; it counts as no failed attestation.
$ . ./lib.sh; sed 's/host_data=..../host_data=0000/' d/issuer.web >d/bad; initialize d/bad bad; grep -c PERMISSION_DENIED bad/log; grep '"a call was refused"' d/log | head -n 1 | grep -o '"call":.*'
exit 124
1
"call":"/meshapi.MeshAPI/NewMeshCert","cause":"policy hash 0000bc5f55d5ac001d039625810afd56336b0a9b7ba5eb547d294368d639c533 not found in manifest"}
## An issuer that has died is started again for the next attempt.
$ . ./lib.sh; printf '#!/bin/sh\ntest -e died || { touch died; head -c 68 >request; exit 1; }\nexec %s\n' $PWD/d/issuer.web >d/dies; chmod +x d/dies; mkdir late; COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/d/dies CONTRAST_FOLDER=late CONTRAST_DONE_FILE=late/done timeout --foreground 60 contrast-initializer 2>late/log; echo "exit $?"; grep -o 'issuer: .*' late/log
exit 0
issuer: the program has ended, or is not there"}
$ . ./lib.sh; run stop d; grep -c secret d/log
0
[exit 1]
