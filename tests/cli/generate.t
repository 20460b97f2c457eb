# SPDX-License-Identifier: Apache-2.0
## Four workloads as in the emojivoto demo, and the Coordinator; each in a style of its own.
$ mkdir deployment && cp $TOP/deploy/coordinator.yml deployment/ && D=@sha256:$(printf %064d 0 | tr 0 a) && echo "$D" >digest
$ D=$(cat digest); cat >deployment/emojivoto-demo.yaml <<END
> # Emoji: mTLS on every port.
> apiVersion: apps/v1
> kind: Deployment
> metadata:
>   name: emoji
>   annotations:
>     contrast.edgeless.systems/servicemesh-ingress: ""
> spec:
>   template:
>     metadata: {labels: {app.kubernetes.io/name: emoji-svc}}
>     spec:
>       runtimeClassName: contrast-cc
>       containers:
>         - name: emoji-svc # the service
>           image: docker.io/buoyantio/emojivoto-emoji-svc:v11$D
>           ports:
>             - {name: grpc, containerPort: 8080}
>           readinessProbe: {tcpSocket: {port: 8080}}
>           resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> ---
> apiVersion: apps/v1
> kind: Deployment
> metadata: {name: voting, annotations: {contrast.edgeless.systems/servicemesh-ingress: ""}}
> spec: {template: {spec: {runtimeClassName: contrast-cc, containers: [{name: voting-svc,
>   image: "docker.io/buoyantio/emojivoto-voting-svc:v11$D", resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
> ---
> # Web: open to browsers on one port.
> apiVersion: apps/v1
> kind: Deployment
> metadata:
>   name: web
>   annotations:
>     contrast.edgeless.systems/servicemesh-ingress: web#8080#false
>     contrast.edgeless.systems/servicemesh-egress: emoji#127.137.0.1:8081#emoji-svc:8080##voting#127.137.0.2:8081#voting-svc:8080
> spec:
>   template:
>     spec:
>       runtimeClassName: contrast-cc
>       initContainers:
>       # fetches pages
>       - name: pages
>         image: 'docker.io/pages:v1$D'
>       containers:
>       - name: web-svc
>         image: docker.io/buoyantio/emojivoto-web:v11$D
>         readinessProbe:
>           httpGet: {path: /, port: 8080, scheme: HTTPS}
>         resources:
>           limits:   {memory: 700Mi}
>           requests: {memory: 700Mi}
> ---
> apiVersion: v1
> kind: Service
> metadata: {name: web-svc}
> spec: {type: LoadBalancer, ports: [{name: https, port: 443, targetPort: 8080}]}
> ---
> apiVersion: apps/v1
> kind: Deployment
> metadata:
>   name: vote-bot
> spec:
>   template:
>     spec:
>       runtimeClassName: contrast-cc
>       containers:
>       - name: vote-bot
>         command: [emojivoto-vote-bot]
>         image: demo/web:coco-1
>         resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> ---
> apiVersion: v1
> kind: Pod
> metadata: {name: open}
> spec: {containers: [{name: c, image: nginx}]}
> END
$ D=$(cat digest); printf '# images\ncontrast/coordinator:VERSION=r.example/coordinator:v1%s\ncontrast/initializer:VERSION = r.example/initializer:v1%s\ncontrast/service-mesh-proxy:VERSION=r.example/mesh:v1%s\ndemo/web:coco-1=r.example/web:coco-1%s\n' $D $D $D $D >images
$ cp -r deployment before
## What is refused before anything is read.
$ contrast generate deployment
contrast: generate: --reference-values is missing (see contrast generate --help)
[exit 2]
$ contrast generate --reference-values aks-clh-snp deployment
contrast: generate: policies need the pods' images: say --image-layout, or --no-policies to prepare the YAML alone (see contrast generate --help)
[exit 2]
$ contrast generate --reference-values aks-clh-snp --no-policies
contrast: generate: no .yml/.yaml files found: name a file or a folder (see contrast generate --help)
[exit 2]
$ contrast generate --reference-values aks --no-policies deployment
contrast: generate: --reference-values: want one of aks-clh-snp, k3s-qemu-snp, k3s-qemu-snp-gpu, k3s-qemu-tdx, rke2-qemu-tdx, metal-qemu-snp, metal-qemu-snp-gpu, metal-qemu-tdx, have "aks"
[exit 3]
$ contrast generate --reference-values aks-clh-snp --no-policies images
contrast: generate: "images": want a folder, or a file whose name ends in .yaml or .yml
[exit 3]
$ mkdir empty; contrast generate --reference-values aks-clh-snp --no-policies empty
contrast: generate: no .yml/.yaml files found
[exit 3]
$ contrast generate --reference-values aks-clh-snp --no-policies none.yml
contrast: generate: "none.yml": No such file or directory
[exit 1]
$ contrast generate --reference-values aks-clh-snp --no-policies deployment deployment/coordinator.yml
contrast: generate: "deployment/coordinator.yml" is named twice
[exit 3]
$ contrast generate --reference-values aks-clh-snp --no-policies -o x --dry-run deployment
contrast: generate: --output does not go with --dry-run (see contrast generate --help)
[exit 2]
## Without pinned images nothing is written.
$ contrast generate --reference-values aks-clh-snp --no-policies deployment
deployment/coordinator.yml:43:18: error: StatefulSet "coordinator": container "coordinator": image "contrast/coordinator:VERSION": no digest [image.pinned]
deployment/emojivoto-demo.yaml:12:7: error: Deployment "emoji": container "contrast-initializer": image "contrast/initializer:VERSION": no digest [image.pinned]
deployment/emojivoto-demo.yaml:12:7: error: Deployment "emoji": container "contrast-service-mesh": image "contrast/service-mesh-proxy:VERSION": no digest [image.pinned]
...
image.pinned: Write NAME:TAG@sha256:DIGEST, or give a file with --image-replacements that does: without a digest the registry decides what runs.
contrast: generate: nothing was written
[exit 3]
$ diff -r before deployment && echo same
same
## A dry run is a diff; what it says is what is written; a second run changes nothing.
$ contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images --dry-run deployment >changes.diff
deployment/coordinator.yml: StatefulSet coordinator: Coordinator: runtime class
deployment/emojivoto-demo.yaml: Deployment emoji: runtime class, initializer, mesh proxy
deployment/emojivoto-demo.yaml: Deployment voting: runtime class, initializer, mesh proxy
deployment/emojivoto-demo.yaml: Deployment web: runtime class, initializer, mesh proxy
deployment/emojivoto-demo.yaml: Deployment vote-bot: runtime class, initializer
deployment/emojivoto-demo.yaml: Pod open: left alone: no runtime class of ours
5 workloads prepared for AKS-CLH-SNP, 2 files to be changed
no policies and no manifest were made: what these pods may do is not bound to anything yet
$ diff -r before deployment && cp -r deployment patched && (cd patched && patch -s -p1 <../changes.diff) && chmod 640 deployment/*.yaml
$ contrast generate --reference-values AKS-CLH-SNP --no-policies --image-replacements images deployment | tail -n 2
5 workloads prepared for AKS-CLH-SNP, 2 files changed
no policies and no manifest were made: what these pods may do is not bound to anything yet
$ diff -r patched deployment && stat -c %a deployment/*.yaml && cp -r deployment once
640
$ contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images deployment | grep file && diff -r once deployment && ls deployment
5 workloads prepared for AKS-CLH-SNP, 0 files changed
coordinator.yml
emojivoto-demo.yaml
## Another reader of YAML finds what the specification says and nothing else; each line that was there is there.
$ for f in coordinator.yml emojivoto-demo.yaml; do $TOP/tests/prepared.py contrast-cc-aks-clh-snp-00000001 coordinator-ready.default images before/$f deployment/$f; done
as it should be
as it should be
$ diff before/emojivoto-demo.yaml deployment/emojivoto-demo.yaml | grep '^<'
<       runtimeClassName: contrast-cc
< spec: {template: {spec: {runtimeClassName: contrast-cc, containers: [{name: voting-svc,
<   image: "docker.io/buoyantio/emojivoto-voting-svc:v11@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
<       runtimeClassName: contrast-cc
<       runtimeClassName: contrast-cc
<         image: demo/web:coco-1
$ sed -n '/name: web$/,/name: web-svc/p' deployment/emojivoto-demo.yaml | sed -n '8,27p'
      runtimeClassName: contrast-cc-aks-clh-snp-00000001
      initContainers:
      - name: contrast-initializer
/        image: r.example/initializer:v1@sha256:a{64}/
        env:
        - name: COORDINATOR_HOST
          value: coordinator-ready.default
        resources:
          requests:
            memory: 50Mi
          limits:
            memory: 50Mi
        volumeMounts:
        - name: contrast-secrets
          mountPath: /contrast
      # fetches pages
      - name: pages
/        image: 'docker.io/pages:v1@sha256:a{64}'/
        volumeMounts:
        - name: contrast-secrets
## For another platform the same files; and all as one.
$ contrast generate --reference-values metal-qemu-snp --no-policies --image-replacements images -o all.yml deployment | tail -n 2 | head -n 1; diff -r once deployment
5 workloads prepared for Metal-QEMU-SNP, 2 files changed
$ cat before/coordinator.yml >both.yml; echo --- >>both.yml; cat before/emojivoto-demo.yaml >>both.yml; $TOP/tests/prepared.py contrast-cc-metal-qemu-snp-00000001 coordinator-ready.default images both.yml all.yml
as it should be
## Line ends, a byte order mark, no line break at the end.
$ printf '\xef\xbb\xbf' >crlf.yml; sed 's/$/\r/' before/emojivoto-demo.yaml | head -c -2 >>crlf.yml; cp crlf.yml crlf.was; contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images crlf.yml 2>&1 | grep -v left
/crlf.yml:1:1: warning: no Coordinator is among these files .coordinator.missing./
coordinator.missing: Add the Coordinator's file: a manifest needs exactly one.
...
no policies and no manifest were made: what these pods may do is not bound to anything yet
$ $TOP/tests/prepared.py contrast-cc-aks-clh-snp-00000001 coordinator images crlf.was crlf.yml; head -c 3 crlf.yml | od -An -tx1; tail -c 1 crlf.yml; echo; grep -c -v $'\r$' crlf.yml
as it should be
 ef bb bf
}
1
## What goes wrong is told at once, with its place; warnings stop nothing unless they are to.
$ contrast generate --reference-values aks-clh-snp --no-policies --strict --image-replacements images crlf.yml
crlf.yml:1:1: error: no Coordinator is among these files [coordinator.missing]
coordinator.missing: Add the Coordinator's file: a manifest needs exactly one.
contrast: generate: nothing was written
[exit 3]
$ D=$(cat digest); cat >bad.yml <<END
> apiVersion: apps/v1
> kind: Deployment
> metadata:
>   name: a
>   annotations:
>     contrast.edgeless.systems/servicemesh-ingres: ""
>     contrast.edgeless.systems/servicemesh-egress: a#10.0.0.1:80#b:80
> spec:
>   template: &t
>     spec:
>       runtimeClassName: contrast-cc
>       containers:
>       - {name: c, image: nginx:latest, resources: {limits: {memory: 1Gi}}}
> ---
> 	tabs: no
> END
$ contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images bad.yml
bad.yml:15:1: error: found character that cannot start any token, while scanning for the next token [yaml.form]
...
contrast: generate: nothing was written
[exit 3]
$ sed -i '14,15d' bad.yml; contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images bad.yml 2>&1 | grep -E '^bad.yml|nothing'
bad.yml:1:1: warning: no Coordinator is among these files [coordinator.missing]
bad.yml:6:5: warning: Deployment "a": unknown annotation "contrast.edgeless.systems/servicemesh-ingres", did you mean contrast.edgeless.systems/servicemesh-ingress? [annotation.unknown]
bad.yml:7:51: error: Deployment "a": servicemesh-egress: entry 1, "a#10.0.0.1:80#b:80": want an address in 127.0.0.0/8 to listen on, have "10.0.0.1" [mesh.egress]
bad.yml:7:51: warning: Deployment "a": servicemesh-egress without servicemesh-ingress [mesh.egress-only]
bad.yml:13:26: error: Deployment "a": container "c": image "nginx:latest": no digest [image.pinned]
bad.yml:13:51: warning: Deployment "a": container "c": a limit and no request of memory [memory.equal]
contrast: generate: nothing was written
$ echo 'x: *t' >>bad.yml; contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images bad.yml 2>&1 | grep yaml.form
bad.yml:11:25: error: Deployment "a": line 11: what has to be changed is used in other places too, by the anchor "t": write it out in each place [yaml.form]
...
$ echo 'a: b' >other.yml; contrast generate --reference-values aks-clh-snp --no-policies other.yml
other.yml:1:1: warning: want an object of Kubernetes, which has apiVersion [yaml.ignored]
/yaml.ignored: .*/
contrast: generate: no .yml/.yaml files with 'contrast-cc' runtime found
[exit 3]
## A file that cannot be replaced stops all.
$ rm -rf deployment && cp -r before deployment && mv deployment/emojivoto-demo.yaml elsewhere && ln -s ../elsewhere deployment/emojivoto-demo.yaml
$ contrast generate --reference-values aks-clh-snp --no-policies --image-replacements images deployment
contrast: generate: "deployment/emojivoto-demo.yaml" is no regular file, and would be replaced by one
[exit 1]
$ cmp before/coordinator.yml deployment/coordinator.yml && cmp before/emojivoto-demo.yaml elsewhere && ls deployment
coordinator.yml
emojivoto-demo.yaml
## docs/generate.md has each rule, with what to do.
$ sed -n 's/^RULE([A-Z_]*, "\([^"]*\)".*/\1/p' $TOP/kube/lint.def >rules; sed -n 's/^| \([a-z-]*\.[a-z-]*\) | \(error\|warning\) | .*/\1/p' $TOP/docs/generate.md | diff rules - && wc -l <rules
42
