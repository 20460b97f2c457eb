# SPDX-License-Identifier: Apache-2.0
## What the host may do, in words; from YAML, and from a document as contrast verify writes it.
$ python3 $TOP/tests/layout.py layout coordinator initializer web >digests; while read -r name digest; do echo "contrast/$name:VERSION=r.example/$name:v1@$digest"; done <digests >images; cp $TOP/deploy/coordinator.yml .
$ cat >web.yml <<'END'
> apiVersion: apps/v1
> kind: Deployment
> metadata: {name: web, namespace: shop}
> spec:
>   template:
>     spec:
>       runtimeClassName: contrast-cc
>       volumes: [{name: disk, emptyDir: {}}, {name: files, configMap: {name: c}}]
>       containers:
>       - name: main
>         image: contrast/web:VERSION
>         args: [two words, "\e[2J"]
>         tty: true
>         env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
>         securityContext: {runAsUser: 7, runAsGroup: 8, allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_ADMIN]}}
>         volumeMounts: [{name: disk, mountPath: /disk}, {name: files, mountPath: /files}]
>         volumeDevices: [{name: d, devicePath: /dev/d}]
>         livenessProbe: {exec: {command: [/bin/web, --ok]}}
>         resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> END
$ contrast generate --reference-values metal-qemu-snp --image-layout layout --image-replacements images --skip-initializer *.yml >/dev/null 2>&1; contrast policy explain web.yml | sed -E 's/[0-9a-f]{64}/HEX/'
web.yml: Deployment web: policy HEX
  its rules are those of this version of contrast
  the pod's name is like ^web-[bcdfghjklmnpqrstvwxz2456789]+-[bcdfghjklmnpqrstvwxz2456789]+$, its namespace like ^shop$
  the host may not close the input of containers
  the host may not get diagnostic data
  the host may read what containers write (kubectl logs)
  the host may not change mounts in memory
  the host may not write to containers
  the host may start each of these once, with fewer variables and mounts, and with what Kubernetes tells of Services
  the sandbox, from the image that the guest has itself
    runs         /pause
    in           /
    as           user 65535, group 65535, groups 65535, cannot gain privileges, its root file system is read-only
    may          CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP
    variable     PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    mount        /dev/shm: memory of the guest
    mount        /etc/resolv.conf: what the host puts there, read-only
    sysctl       net.ipv4.ip_unprivileged_port_start = 0
    sysctl       net.ipv4.ping_group_range = "0 2147483647"
  container main
    image        sha256:HEX
    runs         /bin/web "two words" "\x1b[2J"
    in           /srv, with a terminal
    as           user 7, group 8, groups 8, cannot gain privileges
    may          NET_ADMIN
    variable     PATH=/usr/bin:/bin
    variable     NAME=web
    variable     POD: the pod's name
    mount        /dev/shm: memory of the guest
    mount        /etc/hosts: what the host puts there
    mount        /dev/termination-log: what the host puts there
    mount        /etc/hostname: what the host puts there
    mount        /etc/resolv.conf: what the host puts there
    mount        /var/run/secrets/kubernetes.io/serviceaccount: what the host puts there, read-only
    mount        /disk: a folder or encrypted disk of the guest
    mount        /files: what the host puts there, read-only
    device       /dev/d: a disk of the host's
    exec         /bin/web --ok
$ contrast policy explain . --workload coordinator | sed -E 's/[0-9a-f]{64}/HEX/' | head -n 3; sed -n 's/.*cc_init_data: //p' web.yml | base64 -d | gunzip >it.toml; contrast policy explain it.toml >out; contrast policy explain web.yml | sed 's/: Deployment web//; s/web.yml/it.toml/' | diff - out && sha256sum it.toml | cut -c1-64 | grep -c -f - out
./coordinator.yml: StatefulSet coordinator: policy HEX
  its rules are those of this version of contrast
  the pod's name is like ^coordinator-[0-9]+$, its namespace like ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$
1
## Rules of somebody else's are told; data that are not ours are refused.
$ sed 's/^default SetPolicyRequest := false/default SetPolicyRequest := true/' it.toml >changed.toml; contrast policy explain changed.toml | sed -n 2p; sed 's/"Readonly": true/"Readonly": 1/' it.toml >bad.toml; contrast policy explain bad.toml; sed 's/      "OCI": {/      "OCI":  {/' it.toml >bad.toml; contrast policy explain bad.toml; sed 's/^policy_data/data/' it.toml >bad.toml; contrast policy explain bad.toml; head -c 100 it.toml >bad.toml; contrast policy explain bad.toml
  its rules are NOT those of this version of contrast: what follows holds as far as they do
contrast: policy: "bad.toml": containers[0].OCI.Root.Readonly: want true or false, have a number
contrast: policy: "bad.toml": line 4 of the data is not as this program writes it
contrast: policy: "bad.toml": the policy has no data of a pod as this program writes them
contrast: policy: "bad.toml": initdata: line 6: want text without control characters, have the end
[exit 3]
## What is asked wrongly.
$ contrast policy; contrast policy explain; contrast policy show web.yml; contrast policy explain web.yml --workload none; mkdir empty; contrast policy explain empty; contrast policy explain none.yml
contrast: policy: say what to do: explain (see contrast policy --help)
contrast: policy: explain: name a file or a folder (see contrast policy --help)
contrast: policy: want one of explain, have "show" (see contrast policy --help)
contrast: policy: there is no policy of "none"
contrast: policy: there is no policy in these files
contrast: policy: "none.yml": No such file or directory
[exit 1]
