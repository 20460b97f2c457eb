# SPDX-License-Identifier: Apache-2.0
## deploy/: each object, by kind and name.
$ for f in emojivoto-demo mysql-demo runtime-aks-clh-snp runtime-metal-qemu-snp; do python3 $TOP/tests/yaml_facts.py $TOP/deploy/$f.yml >$f; echo $(sed -n 's/ apiVersion: .*//p' $f); done
Deployment/emoji Service/emoji-svc ServiceAccount/emoji Deployment/vote-bot Deployment/voting Service/voting-svc ServiceAccount/voting Deployment/web Service/web-svc ServiceAccount/web
StatefulSet/mysql-backend Service/mysql-backend Deployment/mysql-client
RuntimeClass/contrast-cc-aks-clh-snp-00000001 DaemonSet/contrast-cc-aks-clh-snp-00000001-nodeinstaller ServiceAccount/contrast-cc-aks-clh-snp-00000001-nodeinstaller ClusterRole/contrast-cc-aks-clh-snp-00000001-nodeinstaller ClusterRoleBinding/contrast-cc-aks-clh-snp-00000001-nodeinstaller
RuntimeClass/contrast-cc-metal-qemu-snp-00000001 DaemonSet/contrast-cc-metal-qemu-snp-00000001-nodeinstaller ServiceAccount/contrast-cc-metal-qemu-snp-00000001-nodeinstaller ClusterRole/contrast-cc-metal-qemu-snp-00000001-nodeinstaller ClusterRoleBinding/contrast-cc-metal-qemu-snp-00000001-nodeinstaller
## What the reader of the demo is told to look at.
$ grep -E 'servicemesh|runtimeClassName|memory|spec.type|expose' emojivoto-demo
Deployment/emoji metadata.annotations.contrast.edgeless.systems/servicemesh-ingress: 
Deployment/emoji spec.template.spec.runtimeClassName: contrast-cc
Deployment/emoji spec.template.spec.containers[emoji-svc].resources.requests.memory: 700Mi
Deployment/emoji spec.template.spec.containers[emoji-svc].resources.limits.memory: 700Mi
Deployment/vote-bot spec.template.spec.runtimeClassName: contrast-cc
Deployment/vote-bot spec.template.spec.containers[vote-bot].resources.requests.memory: 700Mi
Deployment/vote-bot spec.template.spec.containers[vote-bot].resources.limits.memory: 700Mi
Deployment/voting metadata.annotations.contrast.edgeless.systems/servicemesh-ingress: 
Deployment/voting spec.template.spec.runtimeClassName: contrast-cc
Deployment/voting spec.template.spec.containers[voting-svc].resources.requests.memory: 700Mi
Deployment/voting spec.template.spec.containers[voting-svc].resources.limits.memory: 700Mi
Deployment/web metadata.annotations.contrast.edgeless.systems/servicemesh-ingress: web#8080#false
Deployment/web metadata.annotations.contrast.edgeless.systems/servicemesh-egress: emoji#127.137.0.1:8081#emoji-svc:8080##voting#127.137.0.2:8081#voting-svc:8080
Deployment/web spec.template.spec.runtimeClassName: contrast-cc
Deployment/web spec.template.spec.containers[web-svc].resources.requests.memory: 700Mi
Deployment/web spec.template.spec.containers[web-svc].resources.limits.memory: 700Mi
Service/web-svc metadata.annotations.contrast.edgeless.systems/expose-service: true
Service/web-svc spec.type: LoadBalancer
## That, and no more, is what the plain file lacks.
$ python3 $TOP/tests/yaml_facts.py $TOP/deploy/emojivoto-plain.yml >emojivoto-plain; grep -vE 'servicemesh|runtimeClassName|memory' emojivoto-demo | diff emojivoto-plain - && echo equal
equal
## Services find their pods, and the web's is on 443.
$ grep -E 'template.metadata.labels.app|selector.app' emojivoto-demo | sed 's/ .*: / /'; grep -E 'Service/web-svc spec.ports' emojivoto-demo
Deployment/emoji emoji-svc
Service/emoji-svc emoji-svc
Deployment/vote-bot vote-bot
Deployment/voting voting-svc
Service/voting-svc voting-svc
Deployment/web web-svc
Service/web-svc web-svc
Service/web-svc spec.ports[https].name: https
Service/web-svc spec.ports[https].port: 443
Service/web-svc spec.ports[https].targetPort: 8080
## generate takes all of it, gives the runtime class that the runtime's file defines, and changes nothing the second time.
$ cp $TOP/deploy/*.yml . && sed -n 's/.*image: \(.*\)/\1/p' coordinator.yml emojivoto-demo.yml mysql-demo.yml | sort -u >names; printf '%s\n' contrast/initializer:VERSION contrast/service-mesh-proxy:VERSION >>names; sed "s#.*#&=r.example/i@sha256:$(printf %064d 7)#" names >images
$ for p in aks-clh-snp metal-qemu-snp; do contrast generate --reference-values $p --no-policies --image-replacements images coordinator.yml emojivoto-demo.yml mysql-demo.yml | tail -n 2 | head -n 1; grep -h runtimeClassName: coordinator.yml emojivoto-demo.yml mysql-demo.yml | sort | uniq -c; sed -n '/^handler/p' runtime-$p.yml; done
7 workloads prepared for AKS-CLH-SNP, 3 files changed
      7       runtimeClassName: contrast-cc-aks-clh-snp-00000001
handler: contrast-cc-aks-clh-snp-00000001
7 workloads prepared for Metal-QEMU-SNP, 3 files changed
      7       runtimeClassName: contrast-cc-metal-qemu-snp-00000001
handler: contrast-cc-metal-qemu-snp-00000001
$ contrast generate --reference-values metal-qemu-snp --no-policies --image-replacements images coordinator.yml emojivoto-demo.yml mysql-demo.yml | tail -n 2 | head -n 1
7 workloads prepared for Metal-QEMU-SNP, 0 files changed
## The proxy takes what was injected for it: only the credentials of a pod are missing here.
$ python3 $TOP/tests/yaml_facts.py emojivoto-demo.yml | sed -n 's/ .*\[contrast-service-mesh\]\./ /p' >injected; for w in emoji voting web; do
>     eval env -i PATH=$PATH $(sed -n "s/^Deployment.$w env\[\(.*\)\].value: \(.*\)/\1='\2'/p" injected) contrast-mesh $(sed -n "s/^Deployment.$w args.*: //p" injected) --credentials none 2>&1 | grep -o '"cause".*'; done
"cause":"none: No such file or directory"}
"cause":"none: No such file or directory"}
"cause":"none: No such file or directory"}
## The README names each image that has to be replaced, and each file.
$ cd $TOP/deploy; for i in $(sed -n 's/.*image: //p' *.yml | sort -u) $(ls | grep -v README); do grep -qF "$i" README.md || echo "not named: $i"; done
