# SPDX-License-Identifier: Apache-2.0
## A pod and a Coordinator, with images of a layout.
$ python3 $TOP/tests/layout.py layout coordinator initializer service-mesh-proxy web >digests; while read -r name digest; do echo "contrast/$name:VERSION=r.example/$name:v1@$digest"; done <digests >images
$ pod() { cat <<END
> apiVersion: apps/v1
> kind: Deployment
> metadata: {name: $1}
> spec:
>   template:
>     spec:
>       runtimeClassName: contrast-cc
>       containers:
>       - name: main
>         image: contrast/web:VERSION
>         args: [$2]
>         resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> END
> }
> generate() { contrast generate --reference-values metal-qemu-snp --image-layout layout --image-replacements images "$@"; }
> declare -f pod generate >functions; mkdir deployment; cp $TOP/deploy/coordinator.yml deployment; pod web one >deployment/web.yml; cp -r deployment before
## Without images there are no policies.
$ contrast generate --reference-values metal-qemu-snp deployment
contrast: generate: policies need the pods' images: say --image-layout, or --no-policies to prepare the YAML alone (see contrast generate --help)
[exit 2]
$ . ./functions; generate -d -w key.pem deployment
contrast: generate: --add-workload-owner-key does not go with --disable-updates (see contrast generate --help)
[exit 2]
## A dry run writes nothing, and makes no keys.
$ . ./functions; generate --dry-run deployment 2>/dev/null | grep -c '^+.*cc_init_data: H4sI'; ls
2
before
deployment
digests
functions
images
layout
## All files at once; what the platform's builder alone knows is told.
$ . ./functions; generate deployment 2>errors | sed -E 's/[0-9a-f]{64}/HEX/'; grep -c 'to be filled in by hand' errors; head -n 3 errors; stat -c '%a %n' *.json *.rego *.pem
deployment/coordinator.yml: StatefulSet coordinator: Coordinator: runtime class, policy HEX
deployment/web.yml: Deployment web: runtime class, initializer, policy HEX
2 workloads prepared for Metal-QEMU-SNP, 2 files changed
rules.rego: written
settings.json: written
workload-owner.pem: written
seedshare-owner.pem: written
manifest.json: written
10
contrast: generate: to be filled in by hand in the manifest: /ReferenceValues/snp/0/TrustedMeasurement
contrast: generate: to be filled in by hand in the manifest: /ReferenceValues/snp/1/TrustedMeasurement
contrast: generate: to be filled in by hand in the manifest: /ReferenceValues/snp/0/MinimumTCB/BootloaderVersion
644 manifest.json
644 settings.json
644 rules.rego
600 seedshare-owner.pem
600 workload-owner.pem
## Another reader finds the digests of what the pods carry, the policy that was meant, and the owners' keys.
$ cat >read.py <<'END'
> import base64, glob, gzip, hashlib, json, subprocess, sys, yaml
> manifest, names = json.load(open('manifest.json')), {}
> for path in glob.glob('deployment/*.yml'):
>     for d in yaml.safe_load_all(open(path)):
>         if d['kind'] in ('Deployment', 'StatefulSet'):
>             a = d['spec']['template']['metadata']['annotations']
>             raw = [base64.b64decode(a[k]) for k in a if k.startswith('io.katacontainers.')]
>             text = gzip.decompress(raw[0]) if raw[0][:2] == b'\x1f\x8b' else raw[0]
>             names[hashlib.sha256(text).hexdigest()] = d['metadata']['name']
>             rules, data = text.decode().split('\npolicy_data := ')
>             json.loads(data.replace("'''\n", ''))
>             print(d['metadata']['name'], open('rules.rego').read() in rules + '\n', max(map(len, text.split(b'\n'))) <= 1024)
> for digest, entry in sorted(manifest['Policies'].items(), key=lambda e: e[1]['SANs']):
>     print(names.pop(digest), entry)
> der = lambda *a: subprocess.run(['openssl', *a, '-outform', 'DER'], capture_output=True).stdout
> print(names, [hashlib.sha256(der('ec', '-in', 'workload-owner.pem', '-pubout')).hexdigest()] == manifest['WorkloadOwnerKeyDigests'],
>       [der('rsa', '-in', 'seedshare-owner.pem', '-RSAPublicKey_out').hex()] == manifest['SeedshareOwnerPubKeys'])
> END
$ python3 read.py
coordinator True True
web True True
coordinator {'SANs': ['coordinator', '*'], 'WorkloadSecretID': 'coordinator', 'Role': 'coordinator'}
web {'SANs': ['web', '*'], 'WorkloadSecretID': 'web'}
{} True True
## A second run changes nothing.
$ . ./functions; cp -r deployment once; cp manifest.json once.json; generate deployment 2>/dev/null | tail -n 1; diff -r once deployment && cmp once.json manifest.json && generate web.yml deployment; ls *.json
2 workloads prepared for Metal-QEMU-SNP, 0 files changed
contrast: generate: "web.yml": No such file or directory
manifest.json
once.json
settings.json
## What was written into the manifest by hand stays, also when the policy changes.
$ . ./functions; sed -i 's/"web",/"web", "198.51.100.7",/; s/"WorkloadSecretID": "web"/"WorkloadSecretID": "the web"/' manifest.json; sed -i 's/\[one\]/[two]/' deployment/web.yml; generate deployment >/dev/null 2>&1; python3 read.py | tail -n 2; diff <(grep -o '"[0-9a-f]\{64\}": {' once.json) <(grep -o '"[0-9a-f]\{64\}": {' manifest.json) | grep -c '^[<>]'
web {'SANs': ['web', '198.51.100.7', '*'], 'WorkloadSecretID': 'the web'}
{} True True
2
## More owners, by a public key; and none.
$ . ./functions; openssl ecparam -name secp384r1 -genkey -noout -out other.pem 2>/dev/null; openssl ec -in other.pem -pubout -out public.pem 2>/dev/null; generate -w workload-owner.pem -w public.pem deployment 2>/dev/null | tail -n 1; grep -A3 OwnerKeyDigests manifest.json | grep -c '^    "'; cp manifest.json two.json; generate -w other.pem deployment 2>/dev/null | tail -n 1; cmp two.json manifest.json
manifest.json: written
2
2 workloads prepared for Metal-QEMU-SNP, 0 files changed
$ . ./functions; generate -d deployment >/dev/null 2>&1; grep OwnerKeyDigests manifest.json; generate -w seedshare-owner.pem deployment 2>&1 | tail -n 1; generate -w images deployment 2>&1 | tail -n 1; generate -w none.pem -w other.pem deployment 2>&1 | tail -n 1
  "WorkloadOwnerKeyDigests": null,
contrast: generate: "seedshare-owner.pem": want an EC key
/contrast: generate: "images": PEM: .*/
contrast: generate: "none.pem": No such file or directory
## Rules and settings of one's own.
$ . ./functions; echo '# mine' >>rules.rego; sed -i 's/"ReadStreamRequest": true/"ReadStreamRequest": false/' settings.json; generate deployment >/dev/null 2>&1; python3 read.py | sed -n 1p; sed -n 's/.*cc_init_data: //p' deployment/web.yml | base64 -d | gunzip | grep '# mine\|"ReadStreamRequest": '
coordinator True True
# mine
    "ReadStreamRequest": false,
$ . ./functions; printf 'package agent_policy\r\n' >bad.rego; generate -p bad.rego deployment; echo "x := '''" >bad.rego; generate -p bad.rego deployment; echo '{}' >bad.json; generate -s bad.json deployment; generate -s none.json deployment; echo '{"aks-clh-snp":{}}' >bad.json; rm manifest.json; generate --reference-values-file bad.json deployment; echo '{}' >manifest.json; generate deployment; rm manifest.json
contrast: generate: "bad.rego": line 1: want no carriage return or other control character in the rules
contrast: generate: "bad.rego": line 1: want no three apostrophes in a row in the rules
contrast: generate: "bad.json": want key "request_defaults", have none
contrast: generate: "none.json": No such file or directory
contrast: generate: "manifest.json": there are no reference values of metal-qemu-snp
contrast: generate: "manifest.json": /Policies: want at least one policy with the Role "coordinator", have none of 0
## For AKS the policy itself is what is carried; there it is of no use yet, which is told.  A pod has one carrier.
$ sed 's/metal-qemu-snp/aks-clh-snp/' functions >aks; . ./aks; generate deployment 2>&1 | grep 'policy.other'; rm -r deployment; cp -r before deployment; generate deployment 2>&1 | grep 'AKS\|filled'; python3 read.py
deployment/coordinator.yml:25:59: error: StatefulSet "coordinator": has the annotation io.katacontainers.config.hypervisor.cc_init_data, of another platform [policy.other]
deployment/web.yml:36:59: error: Deployment "web": has the annotation io.katacontainers.config.hypervisor.cc_init_data, of another platform [policy.other]
policy.other: Take the annotation out: a pod has one policy.
deployment/coordinator.yml:1:1: warning: on AKS-CLH-SNP these policies deny every container: they are for guests that pull images [platform.layers]
platform.layers: Choose a platform whose guest pulls images itself; the agent on AKS is handed layers, which the policy denies.
contrast: generate: to be filled in by hand in the manifest: /ReferenceValues/snp/0/TrustedMeasurement
2 workloads prepared for AKS-CLH-SNP, 2 files changed
coordinator True True
web True True
coordinator {'SANs': ['coordinator', '*'], 'WorkloadSecretID': 'coordinator', 'Role': 'coordinator'}
web {'SANs': ['web', '*'], 'WorkloadSecretID': 'web'}
{} True True
## What a policy cannot say is told with its place, and nothing is written.
$ rm *.json *.rego *.pem; . ./functions; cat >bad.yml <<'END'
> apiVersion: v1
> kind: Pod
> metadata: {name: bad}
> spec:
>   runtimeClassName: contrast-cc
>   hostNetwork: true
>   securityContext: {runAsUser: me}
>   volumes: [{name: v, emptyDir: {}}, {name: h, emptyDir: {medium: HugePages}}]
>   containers:
>   - name: main
>     image: contrast/web:VERSION
>     command: ["--at=$(IP)", "$(WEB_SERVICE_HOST)"]
>     tty: "yes"
>     securityContext: {procMount: Unmasked, capabilities: {add: [NET_ADMINN]}}
>     env:
>     - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
>     - {name: A, valueFrom: {configMapKeyRef: {name: none, key: k}}}
>     - {name: B, valueFrom: {secretKeyRef: {name: none, key: k, optional: true}}}
>     - {name: C, valueFrom: {fieldRef: {fieldPath: status.phase}}}
>     - {name: D, valueFrom: {fileKeyRef: {}}}
>     - {name: E, value: 8080}
>     - {name: F=, value: x}
>     volumeMounts:
>     - {name: v, mountPath: /a, subPath: b}
>     - {name: v, mountPath: /c}
>     - {name: v, mountPath: /d}
>     - {name: h, mountPath: /e}
>     resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> END
$ . ./functions; generate deployment/coordinator.yml bad.yml 2>&1 | grep '^bad.yml.*policy'; ls *.json *.rego *.pem 2>/dev/null
bad.yml:6:16: error: Pod "bad": hostNetwork: true [policy.unsupported]
bad.yml:7:32: error: Pod "bad": runAsUser: number: not a decimal digit at byte 0: "me" [policy.unsupported]
bad.yml:12:14: error: Pod "bad": container "main": "$(IP)" inside of another value is known only when the pod runs [policy.unsupported]
bad.yml:12:14: error: Pod "bad": container "main": "$(WEB_SERVICE_HOST)" may be a Service's, known only in the cluster [policy.unsupported]
bad.yml:13:10: error: Pod "bad": tty: want true or false, have "yes" [policy.unsupported]
bad.yml:14:34: error: Pod "bad": container "main": procMount: want Default [policy.unsupported]
bad.yml:14:64: error: Pod "bad": container "main": there is no capability "NET_ADMINN" [policy.unsupported]
bad.yml:17:46: error: Pod "bad": container "main": the ConfigMap "none" is not among these files [policy.source]
bad.yml:19:51: error: Pod "bad": container "main": the variable "C": "status.phase" is no field that is known [policy.unsupported]
bad.yml:20:28: error: Pod "bad": container "main": the variable "D" has a source that is not known [policy.unsupported]
bad.yml:21:24: error: Pod "bad": value: want a string, have "8080" [policy.unsupported]
bad.yml:22:7: error: Pod "bad": container "main": "F=" is no name of a variable [policy.unsupported]
bad.yml:24:41: error: Pod "bad": container "main": a mount with subPath [policy.unsupported]
bad.yml:26:7: error: Pod "bad": container "main": mounts the emptyDir "v" twice [policy.unsupported]
bad.yml:27:7: error: Pod "bad": container "main": mounts an emptyDir of the medium "HugePages" [policy.unsupported]
[exit 2]
## A line that is too long for older agents; a pod that is too large.
$ . ./functions; rm -r deployment; cp -r before deployment; pod long "$(printf %01200d 1 | tr 0 a)" >long.yml; pod large "$(python3 -c 'import hashlib; print("".join(hashlib.sha512(b"%d" % i).hexdigest() for i in range(4000)))')" >large.yml; generate --dry-run deployment long.yml large.yml 2>&1 | grep '^[a-z]*.yml:[0-9]*:[0-9]*:\|^contrast'
long.yml:6:5: warning: Deployment "long": its policy has a line of 1214 columns [policy.line]
/large.yml:6:5: error: Deployment "large": the pod's annotations have 40[0-9]{4} bytes with its policy, and at most 262144 can be taken \[annotation.size\]/
large.yml:6:5: warning: Deployment "large": its policy has a line of 512014 columns [policy.line]
contrast: generate: nothing was written
