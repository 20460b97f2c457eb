# SPDX-License-Identifier: Apache-2.0
## Images from a registry on this machine, which Python plays (tests/registry.py).
$ cat >lib.sh <<'END'
> unset REGISTRY_AUTH_FILE DOCKER_CONFIG XDG_RUNTIME_DIR; export HOME=home
> pod() { cat <<POD
> apiVersion: v1
> kind: Pod
> metadata: {name: $1}
> spec:
>   runtimeClassName: contrast-cc
>   containers:
>   - {name: main, image: "$(cat r/host)/team/$1@$2", resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}
> POD
> }
> rule() { echo "$*" >r/rule; }
> look() { contrast generate --reference-values aks-clh-snp --no-policies --skip-initializer --check-images --dry-run "$@" 2>&1 |
>   grep -v 'coordinator.missing\|^image\.\|^[-+@ ]\|no policies' | sed -E 's/[0-9a-f]{64}/HEX/g; s/127.0.0.1:[0-9]+/REGISTRY/g'; }
> log() { cat r/log; rm -f r/log; }
> END
> . ./lib.sh; mkdir -p r home/.docker; python3 $TOP/tests/layout.py r/layout web:index worker:second,docker >images; python3 $TOP/tests/registry.py start r
> while read -r name digest; do pod $name $digest >$name.yml; done <images
## All that is asked for: an index, a manifest, a config.
$ . ./lib.sh; look web.yml; log
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 200 none
blob 200 none
## What may mend is tried again: a busy registry, a connection that breaks, also in the middle of an answer.
$ . ./lib.sh; rule status:429:1 1; look web.yml; log; rule status:503 1 blob; look web.yml; log; rule drop 1; look web.yml; log; rule cut 1 manifest; look web.yml; log; rule cut 2 blob; look web.yml; log
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 429 none
manifest 200 none
manifest 200 none
blob 200 none
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 200 none
blob 503 none
blob 200 none
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest drop none
manifest 200 none
manifest 200 none
blob 200 none
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 206 none
manifest 200 none
blob 200 none
contrast-fetch: http://REGISTRY: trying again in 2 s
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 200 none
blob 200 none
blob 206 none
blob 206 none
## A server without ranges sends all of it again.
$ . ./lib.sh; touch r/no-ranges; rule cut 1 blob; look web.yml; log; rm r/no-ranges
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 200 none
blob 200 none
blob 200 none
## What does not mend is told with image and digest.
$ . ./lib.sh; for r in status:404 status:403 status:400 "wrong 9 manifest" "wrong 9 blob" "short 9 blob" plain round "status:401"; do rule $r; look web.yml | grep -v 'nothing was'; done; rm r/rule r/log
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY has no such thing (HTTP status 404) [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: HTTP status 403: not allowed to read it [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: HTTP status 400 [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: what came has 749 bytes and the digest sha256:HEX [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": config sha256:HEX: what came has 363 bytes and the digest sha256:HEX [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": config sha256:HEX: what came has 362 bytes and the digest sha256:HEX [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: "http://registry.example": http is for this machine alone (127.0.0.1, [::1], localhost) [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: more than 5 redirections [image.unread]
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: HTTP status 401: the password or token is not enough [image.unread]
## A redirection of a blob to another host.
$ . ./lib.sh; rule elsewhere 9 blob; look web.yml; log; rm -f r/rule
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 200 none
manifest 200 none
blob 307 none
elsewhere blob 200 none
## A password: none, a wrong one, the right one; it does not go elsewhere.
$ . ./lib.sh; echo basic >r/auth; look web.yml; log; auth() { printf '{"auths":{"%s":{"auth":"%s"}}}' "$1" "$(printf %s "$2" | base64)" >home/.docker/config.json; }; auth "$(cat r/host)" u:wrong; look web.yml; log; auth "http://$(cat r/host)/v2/" u:p:w; rule elsewhere 9 blob; look web.yml; log; rm r/rule
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: it wants a password: use docker login or podman login [image.unread]
contrast: generate: nothing was written
manifest 401 none
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: HTTP status 401: the password or token is not enough [image.unread]
contrast: generate: nothing was written
manifest 401 none
manifest 401 basic
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 401 none
manifest 200 basic
manifest 200 basic
blob 307 basic
elsewhere blob 200 none
## Names of hosts are whole: neither a part of one nor another port is this one.
$ . ./lib.sh; auth() { printf '{"auths":{"%s":{"auth":"dTpwOnc="}}}' "$1" >home/.docker/config.json; }; h=$(cat r/host); for n in 127.0.0.1 "${h}0" "x$h" ".0.0.1:${h#*:}" "$h/tea" "$h/team/web"; do auth "$n"; look web.yml | grep -c 'nothing was written'; done; rm r/log
1
1
1
1
1
0
## A token, from where the registry says; once for an image.
$ . ./lib.sh; echo bearer >r/auth; printf '{"auths":{"%s":{"auth":"dTpwOnc="}}}' "$(cat r/host)" >home/.docker/config.json; look web.yml; log; rule elsewhere 9 blob; look web.yml worker.yml; log; rm r/rule home/.docker/config.json; look web.yml; log; echo bearer-for-all >r/auth; look web.yml; log; rule status:403 1 token; look web.yml; echo bearer-http >r/auth; look web.yml; rm r/log
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 401 none
token 200 basic
manifest 200 bearer
manifest 200 bearer
blob 200 bearer
web.yml: Pod web: runtime class
worker.yml: Pod worker: runtime class
2 workloads prepared for AKS-CLH-SNP, 2 files to be changed
manifest 401 none
token 200 basic
manifest 200 bearer
manifest 200 bearer
blob 307 bearer
elsewhere blob 200 none
manifest 401 none
token 200 basic
manifest 200 bearer
blob 307 bearer
elsewhere blob 200 none
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: token from "http://REGISTRY": HTTP status 401, without a password [image.unread]
contrast: generate: nothing was written
manifest 401 none
token 401 none
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
manifest 401 none
token 200 none
manifest 200 bearer
manifest 200 bearer
blob 200 bearer
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: token from "http://REGISTRY": HTTP status 403, without a password [image.unread]
contrast: generate: nothing was written
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: "http://registry.example": http is for this machine alone (127.0.0.1, [::1], localhost) [image.unread]
contrast: generate: nothing was written
## A helper, which is asked by its name for this host.
$ . ./lib.sh; echo basic >r/auth; mkdir -p bin; printf '#!/bin/sh\nread -r host; echo "$1 $host" >>asked; printf \047{"ServerURL":"%%s","Username":"u","Secret":"p:w"}\047 "$host"\n' >bin/docker-credential-test; chmod +x bin/docker-credential-test; PATH=$PATH:$PWD/bin; printf '{"credHelpers":{"%s":"test"}}' "$(cat r/host)" >home/.docker/config.json; look web.yml; sed -E 's/:[0-9]+/:PORT/' asked; printf '{"credsStore":"absent"}' >home/.docker/config.json; look web.yml; printf '{"credsStore":"../test"}' >home/.docker/config.json; look web.yml; echo x >home/.docker/config.json; look web.yml; rm -rf home/.docker r/auth; rm r/log
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
get 127.0.0.1:PORT
contrast-fetch: "docker-credential-absent": it is not there, has no password, or failed
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: it wants a password: use docker login or podman login [image.unread]
contrast: generate: nothing was written
contrast-fetch: "home/.docker/config.json": credential helper: want a name, have "../test"
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: it wants a password: use docker login or podman login [image.unread]
contrast: generate: nothing was written
contrast-fetch: "home/.docker/config.json": byte 0: want a value, have "x"
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: it wants a password: use docker login or podman login [image.unread]
contrast: generate: nothing was written
## Podman's file.
$ . ./lib.sh; echo basic >r/auth; mkdir -p run/containers; printf '{"auths":{"%s/team":{"auth":"dTpwOnc="}}}' "$(cat r/host)" >run/containers/auth.json; XDG_RUNTIME_DIR=run look web.yml; rm r/auth r/log
web.yml: Pod web: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
## Nobody there.
$ . ./lib.sh; python3 $TOP/tests/registry.py stop r; look web.yml | sed -E 's/after [0-9]+ ms/after N ms/; s/port [0-9]+/port N/'
contrast-fetch: http://REGISTRY: trying again in 2 s
contrast-fetch: http://REGISTRY: trying again in 4 s
contrast-fetch: http://REGISTRY: trying again in 8 s
web.yml:7:25: error: Pod "web": container "main": image "REGISTRY/team/web": manifest sha256:HEX: http://REGISTRY: Failed to connect to 127.0.0.1 port N after N ms: Couldn't connect to server [image.unread]
contrast: generate: nothing was written
