# SPDX-License-Identifier: Apache-2.0
# needs python:hobofan_regorus
## The demos that are shipped, and pods of all kinds with what containers have: images of a layout that Python makes.
$ cp $TOP/deploy/coordinator.yml $TOP/deploy/emojivoto-demo.yml $TOP/deploy/mysql-demo.yml .; cat >others.yml <<'END'
> apiVersion: v1
> kind: ConfigMap
> metadata: {name: settings}
> data: {MODE: prod, GREETING: "it's \"quoted\" \\ $(MODE)", empty: ""}
> ---
> apiVersion: v1
> kind: Secret
> metadata: {name: token}
> data: {TOKEN: czNjcjN0}
> stringData: {PLAIN: "öffentlich"}
> ---
> apiVersion: v1
> kind: Pod
> metadata: {name: fields, labels: {app: fields}, annotations: {team: books}}
> spec:
>   runtimeClassName: contrast-cc
>   containers:
>   - name: main
>     image: example/fields:v1
>     args: ["--mode=$(MODE)", "$$(MODE)", "$(UNKNOWN)", "$"]
>     envFrom:
>     - configMapRef: {name: settings}
>     - {prefix: S_, secretRef: {name: token}}
>     - configMapRef: {name: not-there, optional: true}
>     env:
>     - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
>     - {name: POD_NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
>     - {name: POD_UID, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
>     - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
>     - {name: POD_IPS, valueFrom: {fieldRef: {fieldPath: status.podIPs}}}
>     - {name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
>     - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
>     - {name: ACCOUNT, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}}
>     - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
>     - {name: TEAM, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['team']"}}}
>     - {name: CPUS, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
>     - {name: ONE, valueFrom: {configMapKeyRef: {name: settings, key: MODE}}}
>     - {name: TWO, valueFrom: {secretKeyRef: {name: token, key: TOKEN}}}
>     - {name: BOTH, value: "$(ONE)-$(TWO)"}
>     - {name: MODE, value: later}
>     resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> ---
> apiVersion: apps/v1
> kind: StatefulSet
> metadata: {name: store, namespace: shop}
> spec:
>   template:
>     spec:
>       runtimeClassName: contrast-cc
>       hostname: keeper
>       automountServiceAccountToken: false
>       shareProcessNamespace: true
>       securityContext: {runAsUser: 1001, runAsGroup: 1002, fsGroup: 1003, supplementalGroups: [7, 1003], sysctls: [{name: net.ipv4.ip_forward, value: "1"}]}
>       volumes:
>       - {name: cache, emptyDir: {medium: Memory}}
>       - {name: disk, emptyDir: {}}
>       - {name: shm, emptyDir: {medium: Memory}}
>       - {name: files, configMap: {name: settings}}
>       - {name: keys, secret: {secretName: token}}
>       - {name: all, projected: {sources: []}}
>       - {name: info, downwardAPI: {items: []}}
>       - {name: scratch, ephemeral: {}}
>       initContainers:
>       - {name: first, image: example/first:v1, command: [/bin/init], workingDir: /work}
>       containers:
>       - name: main
>         image: example/store:v1
>         command: [/bin/store]
>         args: [-v]
>         workingDir: /data
>         tty: true
>         terminationMessagePath: /tmp/end.log
>         securityContext:
>           readOnlyRootFilesystem: true
>           allowPrivilegeEscalation: false
>           runAsUser: 2000
>           capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
>         volumeMounts:
>         - {name: cache, mountPath: /cache}
>         - {name: disk, mountPath: /disk, readOnly: true}
>         - {name: shm, mountPath: /dev/shm}
>         - {name: files, mountPath: /etc/files}
>         - {name: keys, mountPath: /etc/keys, readOnly: true}
>         - {name: all, mountPath: /all}
>         - {name: info, mountPath: /info}
>         - {name: scratch, mountPath: /scratch}
>         livenessProbe: {exec: {command: [/bin/store, --health, "$(POD)"]}}
>         lifecycle: {preStop: {exec: {command: [/bin/sh, -c, "sleep 1; echo $(hostname)"]}}}
>         resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
>       - name: second
>         image: example/store:v1
>         command: [/bin/second]
>         resources: {limits: {memory: 100Mi}, requests: {memory: 100Mi}}
> ---
> apiVersion: v1
> kind: List
> items:
> - apiVersion: apps/v1
>   kind: DaemonSet
>   metadata: {name: agent}
>   spec: {template: {spec: {runtimeClassName: contrast-cc, containers: [{name: agent, image: "example/agent:v1", securityContext: {privileged: true}, resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
> - apiVersion: apps/v1
>   kind: ReplicaSet
>   metadata: {name: replica.dotted}
>   spec: {template: {spec: {runtimeClassName: contrast-cc, containers: [{name: c, image: "example/agent:v1", securityContext: {capabilities: {add: [ALL]}}, resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
> - apiVersion: v1
>   kind: ReplicationController
>   metadata: {name: controller}
>   spec: {template: {spec: {runtimeClassName: contrast-cc, containers: [{name: c, image: "example/agent:v1", args: [one], resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
> - apiVersion: batch/v1
>   kind: Job
>   metadata: {name: once}
>   spec: {template: {spec: {runtimeClassName: contrast-cc, restartPolicy: Never, containers: [{name: c, image: "example/agent:v1", args: [""], resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}
> - apiVersion: batch/v1
>   kind: CronJob
>   metadata: {name: nightly}
>   spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {runtimeClassName: contrast-cc, restartPolicy: Never, containers: [{name: c, image: "example/agent:v1", resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}}]}}}}}
> END
$ python3 $TOP/tests/layout.py layout coordinator initializer service-mesh-proxy emojivoto-vote-bot emojivoto-emoji-svc emojivoto-voting-svc emojivoto-web mysql:volume=/var/lib/mysql,env=A=B fields first store:user=7 agent:user=web:root >digests
$ while read -r name digest; do for from in $(grep -h 'image:\|^contrast' *.yml | grep -o "[a-z./]*/$name:[A-Za-z0-9.]*" | sort -u) contrast/$name:VERSION; do echo "$from=r.example/$name:v1@$digest"; done; done <digests | sort -u >images
$ contrast generate --reference-values metal-qemu-snp --image-layout layout --image-replacements images *.yml 2>warnings | sed -E 's/[0-9a-f]{64}/HEX/' | tail -n 13; sed /filled/d warnings
others.yml: Pod fields: runtime class, initializer, policy HEX
others.yml: StatefulSet store: runtime class, initializer, policy HEX
others.yml: DaemonSet agent: runtime class, initializer, policy HEX
others.yml: ReplicaSet replica.dotted: runtime class, initializer, policy HEX
others.yml: ReplicationController controller: runtime class, initializer, policy HEX
others.yml: Job once: runtime class, initializer, policy HEX
others.yml: CronJob nightly: runtime class, initializer, policy HEX
14 workloads prepared for Metal-QEMU-SNP, 4 files changed
rules.rego: written
settings.json: written
workload-owner.pem: written
seedshare-owner.pem: written
manifest.json: written
others.yml:101:93: warning: DaemonSet "agent": container "agent": its image runs as "web:root" [image.user]
others.yml:105:89: warning: ReplicaSet "replica.dotted": container "c": its image runs as "web:root" [image.user]
others.yml:109:89: warning: ReplicationController "controller": container "c": its image runs as "web:root" [image.user]
others.yml:113:111: warning: Job "once": container "c": its image runs as "web:root" [image.user]
others.yml:117:155: warning: CronJob "nightly": container "c": its image runs as "web:root" [image.user]
image.user: Say whom it runs as with runAsUser and runAsGroup in the securityContext: not everything that pulls images inside a guest heeds their user.
## What kubelet, containerd and Kata make of each is allowed by its policy, and each request that differs in one thing is denied.
$ python3 $TOP/tests/policies.py layout coordinator.yml emojivoto-demo.yml --every 7
5 policies: 30 requests allowed, 583 denied
$ python3 $TOP/tests/policies.py layout mysql-demo.yml others.yml --every 7
9 policies: 54 requests allowed, 1064 denied
