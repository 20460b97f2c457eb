# SPDX-License-Identifier: Apache-2.0
## deploy/coordinator.yml: the objects, in order, and what an operator relies on.
$ python3 $TOP/tests/yaml_facts.py $TOP/deploy/coordinator.yml >facts; grep -o '^[^ ]* apiVersion: .*' facts; sed -n 's/.*runtimeClassName: //p; s/.*spec.replicas: /replicas /p; s/.*Grace.*: /grace /p' facts
StatefulSet/coordinator apiVersion: apps/v1
ServiceAccount/coordinator apiVersion: v1
Service/coordinator apiVersion: v1
Service/coordinator-ready apiVersion: v1
replicas 1
contrast-cc
grace 30
## Both places that name the role of the pod, and the service that is reached before it is ready.
$ grep 'pod-role: ' facts; grep -E 'publishNotReady|expose|spec.type' facts
StatefulSet/coordinator spec.template.metadata.labels.contrast.edgeless.systems/pod-role: coordinator
StatefulSet/coordinator spec.template.metadata.annotations.contrast.edgeless.systems/pod-role: coordinator
StatefulSet/coordinator spec.template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchLabels.contrast.edgeless.systems/pod-role: coordinator
Service/coordinator metadata.annotations.contrast.edgeless.systems/expose-service: true
Service/coordinator spec.type: LoadBalancer
Service/coordinator spec.publishNotReadyAddresses: True
## The ports are those that the program listens on by itself; what metrics tell is not given out by a service.
$ sed -n 's/.*containerPort: //p' facts | sort >ports; env -i PATH=$PATH contrast-coordinator --print-config | sed -n 's/.*_ADDRESS=.*:\([0-9]*\)$/\1/p' | sort | diff ports -; cat ports | xargs; for s in coordinator coordinator-ready; do grep "^Service/$s .*ports" facts | sed 's/.*: //' | xargs; done
1313 1314 7777 9102
userapi 1313 httpapi 1314 meshapi 7777
userapi 1313 httpapi 1314 meshapi 7777
## Its selectors find its pod.
$ grep 'app.kubernetes.io/name' facts
StatefulSet/coordinator spec.selector.matchLabels.app.kubernetes.io/name: coordinator
StatefulSet/coordinator spec.template.metadata.labels.app.kubernetes.io/name: coordinator
Service/coordinator spec.selector.app.kubernetes.io/name: coordinator
Service/coordinator-ready spec.selector.app.kubernetes.io/name: coordinator
## The environment is made of settings.
$ eval env -i PATH=$PATH $(sed -n 's/.*env\[\(.*\)\].value: /\1=/p' facts) contrast-coordinator --print-config | grep -E 'METRICS|DENY|CACHE'
CONTRAST_CACHE_DIR=/run/contrast
CONTRAST_METRICS=1
CONTRAST_DEFAULT_DENY=lift
## Its folder is a volume, which is kept when the pods go; all else cannot be written.
$ s=$(env -i PATH=$PATH contrast-coordinator --print-config | sed -n 's/CONTRAST_STORE=dir://p'); grep "mountPath: $s\$" facts; grep -E 'volumeClaim.*(name|storage)|Retention' facts
StatefulSet/coordinator spec.template.spec.containers[coordinator].volumeMounts[store].mountPath: /var/lib/contrast
StatefulSet/coordinator spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Retain
StatefulSet/coordinator spec.persistentVolumeClaimRetentionPolicy.whenScaled: Retain
StatefulSet/coordinator spec.volumeClaimTemplates[0].metadata.name: store
StatefulSet/coordinator spec.volumeClaimTemplates[0].spec.resources.requests.storage: 1Gi
$ sed -n 's/.*securityContext\.//p' facts
allowPrivilegeEscalation: False
readOnlyRootFilesystem: True
seccompProfile.type: RuntimeDefault
capabilities.drop[0]: ALL
capabilities.add[0]: NET_ADMIN
capabilities.add[1]: NET_RAW
$ grep -E 'Probe' facts | sed 's/.*\]\.//'
startupProbe.httpGet.path: /probe/startup
startupProbe.httpGet.port: 9102
startupProbe.initialDelaySeconds: 1
startupProbe.periodSeconds: 1
startupProbe.failureThreshold: 60
livenessProbe.httpGet.path: /probe/liveness
livenessProbe.httpGet.port: 9102
livenessProbe.periodSeconds: 10
livenessProbe.failureThreshold: 3
readinessProbe.httpGet.path: /probe/readiness
readinessProbe.httpGet.port: 9102
readinessProbe.periodSeconds: 5
## A Coordinator answers these probes; before there is a manifest it is alive, and not ready.
$ run() { python3 "$TOP/tests/coordinator.py" "$@"; }; run deploy d; run start d; for p in $(sed -n 's/.*httpGet.path: //p' facts); do run get d probe $p; done; run stop d
200
200
503
