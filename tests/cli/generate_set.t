# SPDX-License-Identifier: Apache-2.0
## From YAML to a Coordinator: contrast generate, set and verify, with what they write, on the simulator.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> at() { echo "127.0.0.1:$(cat d/port.user)"; }
> generate() { contrast generate --reference-values metal-qemu-snp --image-layout layout --image-replacements images deployment; }
> set_() { contrast set -c $(at) --insecure-root d/root.pem "$@" 2>&1 | sed "s/$(at)/USER/"; echo "exit ${PIPESTATUS[0]}"; }
> verify() { contrast verify -c $(at) --http "127.0.0.1:$(cat d/port.http)" --insecure-root d/root.pem -q "$@" 2>&1 | sed "s/$(at)/USER/"; echo "exit ${PIPESTATUS[0]}"; }
> END
> . ./lib.sh; run deploy d; mkdir deployment; cp $TOP/deploy/coordinator.yml $TOP/deploy/emojivoto-demo.yml deployment
> python3 $TOP/tests/layout.py layout coordinator initializer service-mesh-proxy emojivoto-vote-bot emojivoto-emoji-svc emojivoto-voting-svc emojivoto-web >digests
> while read -r name digest; do for from in $(grep -h 'image:' deployment/*.yml | grep -o "[a-z./]*/$name:[A-Za-z0-9.]*" | sort -u) contrast/$name:VERSION; do echo "$from=r.example/$name:v1@$digest"; done; done <digests | sort -u >images
## The measurement and the TCB are the runtime's builder's to tell; what is filled in stays.
$ . ./lib.sh; generate >/dev/null 2>&1; cat >fill.py <<'END'
> import json
> m = json.load(open('manifest.json'))
> m['ReferenceValues'] = json.load(open('d/manifest.json'))['ReferenceValues']
> json.dump(m, open('manifest.json', 'w'), indent=2)
> END
$ . ./lib.sh; contrast set -c 127.0.0.1:1 deployment/ 2>&1 | grep -o 'MinimumTCB.*' | head -n 1; python3 fill.py; generate | tail -n 1; generate | tail -n 1
/MinimumTCB.*/
manifest.json: written
5 workloads prepared for Metal-QEMU-SNP, 0 files changed
## The policies are read from the YAML; each has to be there.
$ . ./lib.sh; C=$(contrast policy explain deployment/coordinator.yml | sed -n 's/.*: policy //p'); sed -i "s/host_data=[0-9a-f]*/host_data=$C/" d/issuer; run start d; set_ deployment/coordinator.yml; set_ deployment/; ls *.pem seed-shares.json
/contrast: set: policy [0-9a-f]{32}..\(32\), which the manifest names, is not among the files that were given/
exit 7
USER: the manifest is set
exit 10
coordinator-root-ca.pem
mesh-ca.pem
seed-shares.json
seedshare-owner.pem
workload-owner.pem
$ . ./lib.sh; verify -m manifest.json; ls verify | sed -E 's/[0-9a-f]{64}/HEX/' | sort | uniq -c | sed 's/^ *//'; for f in verify/initdata.*; do echo "$(sha256sum <$f | cut -c1-64) $f"; done | awk '"verify/initdata." $1 ".toml" == $2' | wc -l; cmp manifest.json verify/manifest.0.json
USER: ALLOW: under a root given by hand, the manifest is what this deployment runs; 87 checks passed (exit 10)
exit 10
1 coordinator-root-ca.pem
1 evidence.tar
1 history.yml
5 initdata.HEX.toml
1 latest-transition
1 manifest.0.json
1 mesh-ca.pem
5
## A name that was added by hand is part of an update, which the owner's key may make.
$ . ./lib.sh; sed -i '0,/"web",/s//"web", "198.51.100.7",/' manifest.json; set_ deployment/; verify -m manifest.json | tail -n 1; rm workload-owner.pem; set_ deployment/
USER: the manifest is set
exit 10
exit 10
/contrast: set: USER: SetManifest: PERMISSION_DENIED: .*/
contrast: set: no owner's key was given: name it with --workload-owner-key, or give a signature with --signature
exit 6
## A workload that the manifest does not name.
$ . ./lib.sh; mkdir more; sed 's/WEB_PORT/OTHER/' deployment/emojivoto-demo.yml >more/web.yml; contrast generate --reference-values metal-qemu-snp --image-layout layout --image-replacements images -m more.json deployment/coordinator.yml more >/dev/null 2>&1; contrast set -c $(at) --insecure-root d/root.pem deployment/coordinator.yml more; run stop d
/contrast: set: "web": the manifest names no policy [0-9a-f]{32}..\(32\)/
