# SPDX-License-Identifier: Apache-2.0
# needs root
## What the processes of a Coordinator are locked down to, and that no secret of the deployment stays in a front. All secrets are
## derived from the seed share; the same search finds them in the keeper.
$ python3 $TOP/tests/memory.py selftest
whole: raw
eight bytes of it: raw
fifteen bytes: raw
hex: hex
HEX: hex
another: nothing
PEM: base64
PEM in JSON: base64
base64 after 0: base64
base64 after 1: base64
base64 after 2: base64
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> memory() { python3 "$TOP/tests/memory.py" "$@"; }
> fronts() { memory fronts $(cat d/pid); }
> search() { echo "$1:"; memory search "${@:2}"; }
> initialize() { # ISSUER FOLDER
>     mkdir -p "$2"
>     COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/$1 CONTRAST_FOLDER=$2 CONTRAST_DONE_FILE=$2/done contrast-initializer 2>$2/log
> }
> derive() { # of what an owner of the seed got, in FOLDER
>     python3 -c 'import base64, json, sys; d = json.load(open(sys.argv[1] + "/seed-shares.json")); open("sealed", "wb").write(base64.b64decode(d["SeedShares"][0]["EncryptedSeed"])); print(d["salt"])' $1 >salt
>     openssl pkeyutl -decrypt -inkey share.pem -in sealed -out seed -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 -pkeyopt rsa_oaep_label:$(printf seedshare | od -An -tx1 | tr -d ' \n')
>     memory secrets seed $(cat salt) $1/mesh-ca.pem $(cat d/pid) apps/v1/Deployment/default/web db
> }
> END
## A manifest with three policies: the Coordinator's and those of two pods, each with a secret of its own.
$ . ./lib.sh; run deploy d; openssl genrsa -traditional -out share.pem 4096 2>/dev/null
> cat >owned.py <<'END'
> import hashlib, json, subprocess
> m = json.load(open('d/manifest.json'))
> der = subprocess.run(['openssl', 'rsa', '-in', 'share.pem', '-RSAPublicKey_out', '-outform', 'DER'], capture_output=True, check=True).stdout
> m['SeedshareOwnerPubKeys'] = [der.hex()]
> policy = b'package agent_policy\n# db\n'
> open('d/policy.2', 'wb').write(policy)
> m['Policies'][hashlib.sha256(policy).hexdigest()] = {'SANs': ['db'], 'WorkloadSecretID': 'db'}
> json.dump(m, open('d/manifest.json', 'w'))
> web = open('d/issuer.web').read()
> old = hashlib.sha256(open('d/policy.1', 'rb').read()).hexdigest()
> assert old in web
> open('d/issuer.db', 'w').write(web.replace(old, hashlib.sha256(policy).hexdigest()))
> END
> python3 owned.py; chmod +x d/issuer.db; run start d
## No process may be traced, gain privileges or make a system call that its filter does not have.
$ . ./lib.sh; for pid in $(cat d/pid) $(fronts); do grep -E '^(NoNewPrivs|Seccomp):' /proc/$pid/status | tr '\n\t' '  '; awk '/Max core/ {print "core", $5, $6}' /proc/$pid/limits; done; stat -c %u /proc/$(fronts | cut -d' ' -f1)/mem
NoNewPrivs: 1 Seccomp: 2 core 0 0
NoNewPrivs: 1 Seccomp: 2 core 0 0
NoNewPrivs: 1 Seccomp: 2 core 0 0
0
## After SetManifest over gRPC.
$ . ./lib.sh; contrast set -c 127.0.0.1:$(cat d/port.user) -m d/manifest.json d/policy.[0-2] --insecure-root d/root.pem | sed 's/^[^ ]* //'; derive .; sleep 1; search fronts $(fronts); search keeper $(cat d/pid)
the manifest is set
fronts:
keeper:
mesh key: raw
pod state: raw
root key: raw
...
salt: raw
seed: raw
transaction key: raw
...
## After NewMeshCert of two pods, each of which got the secret that is searched for.
$ . ./lib.sh; initialize d/issuer.db db; initialize d/issuer.web web; sleep 1; search fronts $(fronts)
> for pod in db web; do python3 -c 'import json, sys; s = json.load(open("secrets.json")); print([n for n in s if s[n] == open(sys.argv[1]).read()])' $pod/secrets/workload-secret-seed; done
fronts:
['secret of db']
['secret of apps/v1/Deployment/default/web']
## After Recover: the seed came through a process that has ended; there is a new mesh CA, and all else is as before.
$ . ./lib.sh; run stop d; run start d; contrast recover -c 127.0.0.1:$(cat d/port.user) -m d/manifest.json --seedshare-owner-key share.pem --insecure-root d/root.pem 2>&1 | sed 's/^[^ ]* //'; sleep 1
> contrast verify -c 127.0.0.1:$(cat d/port.user) --http 127.0.0.1:$(cat d/port.http) -m d/manifest.json --insecure-root d/root.pem -q | grep -o ALLOW; rm out -rf; mkdir out; cp seed-shares.json verify/mesh-ca.pem out; derive out; search fronts $(fronts); search keeper $(cat d/pid)
/.*recovered.*/
ALLOW
fronts:
keeper:
mesh key: raw
pod state: raw
root key: raw
...
salt: raw
seed: raw
transaction key: raw
...
$ . ./lib.sh; run stop d
## The same for SetManifest over HTTP.
$ . ./lib.sh; rm -rf d/store; run start d; rm out -rf; mkdir out; run body manifest d | run post d /v1/manifest | sed 1d >out/answer.json; sleep 1
> python3 -c 'import base64, json; d = json.load(open("out/answer.json")); open("out/mesh-ca.pem", "wb").write(base64.b64decode(d["mesh_ca"])); doc = d["seed_shares_doc"]; json.dump({"SeedShares": [{"EncryptedSeed": s["encrypted_seed"]} for s in doc["seed_shares"]], "salt": doc["salt"]}, open("out/seed-shares.json", "w"))'
> derive out; search fronts $(fronts); memory search $(cat d/pid) | grep -c raw; run stop d
fronts:
6
