# SPDX-License-Identifier: Apache-2.0
## contrast recover: a Coordinator that was killed comes back with its history and its root CA.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> at() { echo "127.0.0.1:$(cat d/port.$1)"; }
> hide() { "$@" 2>&1 | sed "s/$(at user)/USER/"; echo "exit ${PIPESTATUS[0]}"; }
> set_() { hide contrast set -c $(at user) --insecure-root d/root.pem d/policy.0 d/policy.1 "$@"; }
> verify() { hide contrast verify -c $(at user) --http $(at http) --insecure-root d/root.pem -q "$@"; }
> recover() { hide contrast recover -c $(at user) --insecure-root d/root.pem -m m1.json "$@"; }
> pod() {
>     mkdir -p $1; COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/d/issuer.web CONTRAST_FOLDER=$1 CONTRAST_DONE_FILE=$1/done \
>         timeout --foreground 20 contrast-initializer 2>$1/log
> }
> END
> . ./lib.sh; run deploy d; run start d
> for k in seedshare-owner other; do openssl genrsa -traditional -out $k.pem 4096 2>/dev/null; done; openssl ecparam -name secp384r1 -genkey -noout -out workload-owner.pem
> cat >owned.py <<'END'
> import json, subprocess
> def out(*command): return subprocess.run(['openssl', *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
> m = json.load(open('d/manifest.json'))
> m['WorkloadOwnerPubKeys'] = [out('pkey', '-in', 'workload-owner.pem', '-pubout', '-outform', 'DER').hex()]
> m['SeedshareOwnerPubKeys'] = [out('rsa', '-in', 'seedshare-owner.pem', '-RSAPublicKey_out', '-outform', 'DER').hex()]
> for i in range(3):
>     json.dump(m, open('m%d.json' % i, 'w'))
>     for p in m['Policies'].values(): p['SANs'].append('more%d' % i)
> END
> python3 owned.py
## What can be wrong here is found before there.
$ contrast recover; contrast recover -c h x
contrast: recover: --coordinator is missing (see contrast recover --help)
contrast: recover: it takes no operand: give the manifest with -m (see contrast recover --help)
[exit 2]
$ contrast recover -c 127.0.0.1:1 -m m0.json; contrast recover -c 127.0.0.1:1 -m m0.json --seedshare-owner-key no.pem
contrast: recover: "seed-shares.json": No such file or directory
contrast: recover: "no.pem": No such file or directory
[exit 1]
## Before there is a manifest there is nothing to recover; afterwards there is no need.
$ . ./lib.sh; echo '{"SeedShares":null,"salt":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}' >none.json; recover --seed none.json; recover --seed none.json --seedshare-owner-key workload-owner.pem
contrast: recover: "none.json": seed shares: none of the 0 is for this key
exit 3
contrast: recover: "none.json": key of a seed share owner: want an RSA key
exit 3
$ . ./lib.sh; set_ -m m0.json; cp coordinator-root-ca.pem root.0.pem; set_ -m m1.json; recover
USER: the manifest is set
exit 10
USER: the manifest is set
exit 10
contrast: recover: USER: is not in recovery mode; nothing was sent
contrast: recover: contrast verify tells whether it runs this manifest
exit 7
$ . ./lib.sh; verify -m m1.json; pod before; test -s before/tls-config/certChain.pem && echo certified
/USER: ALLOW: .*/
exit 10
certified
## Killed and started again: not ready, nothing is issued, and whoever asks is told why.
$ . ./lib.sh; run stop d KILL; run start d; run get d probe /probe/readiness; run get d probe /probe/liveness; verify -m m1.json; set_ -m m2.json --wait 0
503
200
contrast: verify: USER: GetManifests: FAILED_PRECONDITION: coordinator is in recovery mode
exit 7
contrast: set: USER: SetManifest: FAILED_PRECONDITION: coordinator is in recovery mode
contrast: set: the Coordinator is in recovery mode, or its latest transition is not the one that was given
exit 7
## Seed shares by OpenSSL's hand: of another seed, with another salt, for somebody else, and for the owner.
$ cat >shares.py <<'END'
> import base64, json, subprocess
> OAEP = ['-pkeyopt', 'rsa_padding_mode:oaep', '-pkeyopt', 'rsa_oaep_md:sha256', '-pkeyopt', 'rsa_mgf1_md:sha256',
>         '-pkeyopt', 'rsa_oaep_label:' + b'seedshare'.hex()]
> def openssl(*command, data=None): return subprocess.run(['openssl', *command], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
> d = json.load(open('seed-shares.json'))
> seed = openssl('pkeyutl', '-decrypt', '-inkey', 'seedshare-owner.pem', *OAEP, data=base64.b64decode(d['SeedShares'][0]['EncryptedSeed']))
> salt = base64.b64decode(d['salt'])
> def share(name, owner, seed, salt):
>     key = openssl('rsa', '-in', owner, '-RSAPublicKey_out', '-outform', 'DER').hex()
>     sealed = openssl('pkeyutl', '-encrypt', '-inkey', owner, *OAEP, data=seed)
>     json.dump({'SeedShares': [{'PublicKey': key, 'EncryptedSeed': base64.b64encode(sealed).decode()}], 'salt': base64.b64encode(salt).decode()}, open(name, 'w'))
> share('seed.json', 'seedshare-owner.pem', seed[:63] + bytes([seed[63] ^ 1]), salt)
> share('salt.json', 'seedshare-owner.pem', seed, bytes([salt[0] ^ 1]) + salt[1:])
> share('short.json', 'seedshare-owner.pem', seed[:32], salt)
> share('other.json', 'other.pem', seed, salt)
> share('right.json', 'seedshare-owner.pem', seed, salt)
> END
> python3 shares.py
$ . ./lib.sh; recover --seed seed.json; recover --seed salt.json
contrast: recover: USER: Recover: UNKNOWN: resetting state: verifying latest transition: seed and salt are not those of this history
contrast: recover: are these the seed shares of this deployment? contrast set has written them after its first manifest
exit 7
/contrast: recover: USER: Recover: UNKNOWN: resetting state: verifying latest transition: .*/
contrast: recover: are these the seed shares of this deployment? contrast set has written them after its first manifest
exit 7
$ . ./lib.sh; recover --seed short.json; recover --seedshare-owner-key other.pem; recover --seed other.json --seedshare-owner-key other.pem
/contrast: recover: "short.json": seed share: .*64.*/
exit 3
contrast: recover: "seed-shares.json": seed shares: none of the 1 is for this key
exit 3
/contrast: recover: USER: Recover: PERMISSION_DENIED: resetting state: peer not authorized to recover existing state: .*/
contrast: recover: this key is none of the seed share owners' in the manifest that the Coordinator has stored
exit 6
## A Coordinator whose evidence is not good, or not of this manifest, is sent nothing.
$ . ./lib.sh; hide contrast recover -c $(at user) -m m1.json; sed 's/"MinimumTCB": {"BootloaderVersion": [0-9]*/"MinimumTCB": {"BootloaderVersion": 255/' m1.json >high.json; cmp -s m1.json high.json || hide contrast recover -c $(at user) -m high.json --insecure-root d/root.pem; grep -c Recover d/log
contrast: recover: USER: handshake: DENY: a signature or the chain is invalid: leaf.signature and 1 more (exit 4)
contrast: recover: this is not a Coordinator of this manifest: contrast verify -c shows each check of it
exit 4
/contrast: recover: USER: handshake: DENY: .*tcb.*/
contrast: recover: this is not a Coordinator of this manifest: contrast verify -c shows each check of it
exit 6
3
$ . ./lib.sh; run get d probe /probe/readiness; recover --seed right.json --force; recover --seed right.json
503
USER: recovered; its root CA is the same, its mesh CA is new
exit 10
contrast: recover: USER: is not in recovery mode; nothing was sent
contrast: recover: contrast verify tells whether it runs this manifest
exit 7
## The same history and root key; another mesh CA; a pod has the same secret as before, and what it had is good under the root still.
$ . ./lib.sh; run get d probe /probe/readiness; verify -m m1.json; cmp m0.json verify/manifest.0.json; cmp m1.json verify/manifest.1.json; key() { openssl x509 -in $1 -noout -pubkey; }
> cmp <(key root.0.pem) <(key verify/coordinator-root-ca.pem) && echo same root; cmp -s <(key mesh-ca.pem) <(key verify/mesh-ca.pem) || echo another mesh CA
200
/USER: ALLOW: .*/
exit 10
same root
another mesh CA
$ . ./lib.sh; pod after; cmp before/secrets/workload-secret-seed after/secrets/workload-secret-seed && echo same secret; b=before/tls-config a=after/tls-config; openssl verify -x509_strict -CAfile verify/mesh-ca.pem $a/certChain.pem
> for c in $a $b; do openssl verify -x509_strict -CAfile root.0.pem -untrusted $c/certChain.pem $c/certChain.pem; done; openssl verify -CAfile verify/mesh-ca.pem $b/certChain.pem 2>/dev/null || echo not under the new mesh CA
same secret
after/tls-config/certChain.pem: OK
after/tls-config/certChain.pem: OK
before/tls-config/certChain.pem: OK
not under the new mesh CA
## Nobody who served the seed is left: keeper and fronts alone.
$ cat >left.py <<'END'
> import os, time
> def left():
>     n = 0
>     for pid in filter(str.isdigit, os.listdir('/proc')):
>         try:
>             if os.readlink('/proc/%s/cwd' % pid) == os.getcwd() and open('/proc/%s/comm' % pid).read() == 'contrast-coordi\n': n += 1
>         except OSError: pass
>     return n
> def undead():
>     n = 0
>     for pid in filter(str.isdigit, os.listdir('/proc')):
>         try:
>             stat = open('/proc/%s/stat' % pid).read().rsplit(')', 1)[1].split()
>             if stat[0] == 'Z' and stat[1] == open('d/pid').read(): n += 1
>         except OSError: pass
>     return n
> until = time.monotonic() + 20
> while (left(), undead()) != (3, 0) and time.monotonic() < until: time.sleep(0.05)
> print(left(), undead())
> END
> python3 left.py
3 0
## Updates go on.
$ . ./lib.sh; set_ -m m2.json; verify -m m2.json; run stop d KILL; run start d
USER: the manifest is set
exit 10
/USER: ALLOW: .*/
exit 10
## Strangers, more than are served at once, who come and go, talk nonsense, or come and stay, do not keep an owner out, and hundreds
## who say nothing delay nobody; the second
## recovery brings back the whole history, with the first shares.
$ cat >strangers.py <<'END'
> import socket, sys, time
> at = ('127.0.0.1', int(open('d/port.user').read()))
> for i in range(40):
>     with socket.create_connection(at) as s: s.sendall(b'\x16\x03\x01' + bytes(i) if i % 2 else b'GET / HTTP/1.1\r\n\r\n')
> stay = [socket.create_connection(at) for i in range(24)]
> for s in stay: s.sendall(b'\x16')
> silent = [socket.create_connection(at) for i in range(600)]
> open('here', 'w').close()
> sys.stdin.read()
> END
> . ./lib.sh; mkfifo stay; python3 strangers.py <stay & exec 9>stay; until test -e here; do sleep 0.05; done; recover; verify -m m2.json; ls verify/manifest.*; exec 9>&-; wait
USER: recovered; its root CA is the same, its mesh CA is new
contrast: recover: of 3 manifests in its history the active one is not the one that was given; if it should be, the store has handed out another history
exit 7
/USER: ALLOW: .*/
exit 10
verify/manifest.0.json
verify/manifest.1.json
verify/manifest.2.json
## SIGTERM ends it in recovery mode too, and a store that lies does not start.
$ . ./lib.sh; run stop d; run start d; run stop d; printf x >>d/store/manifests/$(sha256sum <m0.json | cut -c1-64); contrast-coordinator --store dir:d/store --issuer exec:$PWD/d/issuer --insecure-root d/root.pem 2>&1 | grep -o '"cause":"store: manifests.*'
/"cause":"store: manifests/[0-9a-f]{64}: its content has the SHA-256 .*/
