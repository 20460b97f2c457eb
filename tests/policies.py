#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decides requests by the policies of prepared YAML: tests/policies.py LAYOUT YAML... [--opa HARNESS] [--every N]

For each confidential pod: what kubelet, containerd and Kata make of its YAML and of its images is allowed, in the order of a
start, and each request that differs from it in one thing is denied.  Requests are made here, from the YAML and the images' own
documents, by the specification of what the agent hands to a policy; nothing is taken from the policy but its text.

The engine is regorus; with --opa it is OPA's WebAssembly too, driven by HARNESS with node.  --every takes a part of the changes.
"""
import argparse
import base64
import copy
import gzip
import hashlib
import json
import os
import re
import sys
import tarfile

import yaml

import policy
from policy import (BASE, BIND, CAPS, CT, CT2, DEV_SHM, ENV, FOREIGN, H, MASKED, PATH, POD, READONLY, SB, SHARED, UID, changed, copied,
                    copy_request, create, mount, plus, pull, sandbox_request)

CARRIERS = ('io.katacontainers.config.agent.policy', 'io.katacontainers.config.hypervisor.cc_init_data')
OTHER = '@sha256:' + '9c' * 32
KUBERNETES = [e for e in ENV if e.startswith('KUBERNETES_')]
EVERY_CAPABILITY = ('CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE '
                    'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN '
                    'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE '
                    'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE').split()
NAMES = {'Pod': '', 'Deployment': '-6c9f7d8b4f-x2kqz', 'ReplicaSet': '-x2kqz', 'ReplicationController': '-x2kqz', 'DaemonSet': '-x2kqz',
         'StatefulSet': '-0', 'Job': '-x2kqz', 'CronJob': '-28000000-x2kqz'}


def expand(text, values):
    """$(NAME) as Kubernetes does it: $$ is a $."""
    return re.sub(r'\$\$|\$\(([^)]*)\)', lambda m: '$' if m.group(0) == '$$' else values.get(m.group(1), m.group(0)), text)


class Pod:
    def __init__(self, document, objects, layout):
        self.kind, self.name = document['kind'], document['metadata']['name']
        self.namespace = document['metadata'].get('namespace', 'shop')
        self.has_namespace = 'namespace' in document['metadata']
        holder = document if self.kind == 'Pod' else document['spec']['template'] if self.kind != 'CronJob' else \
            document['spec']['jobTemplate']['spec']['template']
        self.spec, self.metadata = holder['spec'], holder.get('metadata') or {}
        self.claims = [c['metadata']['name'] for c in document['spec'].get('volumeClaimTemplates', [])]
        self.objects, self.layout = objects, layout
        self.pod = self.name + NAMES[self.kind]

    def policy(self):
        found = [self.metadata['annotations'][c] for c in CARRIERS if c in self.metadata.get('annotations', {})]
        assert len(found) == 1, self.name
        text = base64.b64decode(found[0], validate=True)
        if text[:2] != b'\x1f\x8b':
            return text.decode(), hashlib.sha256(text).hexdigest()
        document = gzip.decompress(text)
        rego = re.fullmatch(rb"version = \"0.1.0\"\nalgorithm = \"sha256\"\n\n\[data\]\n\"policy.rego\" = '''\n(.*)'''\n", document, re.S)
        return rego.group(1).decode(), hashlib.sha256(document).hexdigest()

    def image(self, reference):
        """The image's config, by digests alone."""
        def blob(digest):
            with open(os.path.join(self.layout, 'blobs', *digest.split(':')), encoding='utf-8') as f:
                return json.load(f)
        manifest = blob(reference.split('@')[1])
        return blob(manifest['config']['digest'])['config']

    def accounts(self, reference):
        """Lines of /etc/passwd and /etc/group, taken apart, of the uppermost layer that has them."""
        def path(digest):
            return os.path.join(self.layout, 'blobs', *digest.split(':'))
        found = {'passwd': b'', 'group': b''}
        with open(path(reference.split('@')[1]), encoding='utf-8') as f:
            layers = json.load(f)['layers']
        for layer in layers:
            with tarfile.open(path(layer['digest'])) as archive:
                for entry in archive:
                    folder, name = os.path.split(os.path.normpath(entry.name))
                    if folder == 'etc' and name in found:
                        found[name] = archive.extractfile(entry).read()
                    elif folder == 'etc' and name.startswith('.wh.') and name[4:] in found:
                        found[name[4:]] = b''
        return [[line.split(':') for line in found[n].decode().split('\n') if line] for n in ('passwd', 'group')]

    def security(self, c, key, otherwise=None):
        for holder in (c, self.spec):
            if key in (holder.get('securityContext') or {}):
                return holder['securityContext'][key]
        return otherwise

    def env(self, c, config):
        """All of them, and those of the pod alone."""
        own = {}
        for source in c.get('envFrom', []):
            kind = 'ConfigMap' if 'configMapRef' in source else 'Secret'
            ref = source.get('configMapRef') or source.get('secretRef')
            own.update({source.get('prefix', '') + key: value for key, value in self.data(kind, ref['name']).items()})
        for v in c.get('env', []):
            value = self.value(v)
            own[v['name']] = expand(value, own) if 'value' in v else value
        values = dict(v.split('=', 1) for v in config.get('Env') or [PATH])
        values.update(own)
        return ['%s=%s' % pair for pair in values.items()], own

    def data(self, kind, name):
        o = self.objects.get((kind, name), {})
        found = {k: base64.b64decode(v).decode() if kind == 'Secret' else v for k, v in (o.get('data') or {}).items()}
        return {**found, **(o.get('stringData') or {})}

    def value(self, v):
        source = v.get('valueFrom')
        if not source:
            return v.get('value', '')
        for kind, key in (('ConfigMap', 'configMapKeyRef'), ('Secret', 'secretKeyRef')):
            if key in source:
                return self.data(kind, source[key]['name'])[source[key]['key']]
        if 'resourceFieldRef' in source:
            return '4'
        path = source['fieldRef']['fieldPath']
        found = re.fullmatch(r"metadata\.(labels|annotations)\['(.*)'\]", path)
        return self.metadata[found.group(1)][found.group(2)] if found else {
            'metadata.name': self.pod, 'metadata.namespace': self.namespace, 'metadata.uid': UID, 'status.hostIP': '192.0.2.7',
            'status.podIP': '10.244.1.7', 'status.podIPs': '10.244.1.7,fd00::7', 'spec.nodeName': 'node-1.example',
            'spec.serviceAccountName': self.spec.get('serviceAccountName', 'default')}[path]

    def user(self, c, config):
        passwd, group = self.accounts(c['image'])
        name = (config.get('User') or '0').split(':')[0]
        uid = self.security(c, 'runAsUser', int(name) if name.isdigit() else int({u[0]: u[2] for u in passwd}.get(name, -1)))
        mine = [u for u in passwd if int(u[2]) == uid][:1]
        gid = self.security(c, 'runAsGroup', int(mine[0][3]) if mine else 0)
        pod = self.spec.get('securityContext') or {}
        more = [g for g in [pod.get('fsGroup')] if g is not None] + pod.get('supplementalGroups', [])
        more += [int(g[2]) for g in group if mine and mine[0][0] in g[3].split(',') and g[0] != mine[0][0]]
        return {'UID': uid, 'GID': gid, 'AdditionalGids': [gid] + [g for g in more if g != gid], 'Username': ''}

    def capabilities(self, c):
        context = c.get('securityContext') or {}
        asked = context.get('capabilities') or {}
        has_all = context.get('privileged') or 'ALL' in asked.get('add', [])
        have = ['CAP_' + n for n in EVERY_CAPABILITY] if has_all else list(CAPS)
        have = [n for n in have if 'ALL' not in asked.get('drop', []) and n[4:] not in asked.get('drop', [])]
        have += ['CAP_' + n for n in asked.get('add', []) if n != 'ALL' and 'CAP_' + n not in have]
        return {'Bounding': have, 'Effective': have, 'Inheritable': [], 'Permitted': have, 'Ambient': []}

    def volumes(self, c, cid):
        """(mounts, storages)"""
        kinds = {v['name']: v for v in self.spec.get('volumes', [])}
        mounts, storages = [], []
        for m in c.get('volumeMounts', []):
            v = kinds.get(m['name'], {'persistentVolumeClaim': {}})
            seen = {'HostToContainer': 'rslave', 'Bidirectional': 'rshared'}.get(m.get('mountPropagation'), 'rprivate')
            options = ['rbind', seen, 'ro' if m.get('readOnly') else 'rw']
            if 'emptyDir' in v and (v['emptyDir'] or {}).get('medium') == 'Memory':
                point = '/run/kata-containers/sandbox/ephemeral/' + m['name']
                storages.append({'driver': 'ephemeral', 'driver_options': [], 'source': 'tmpfs', 'fstype': 'tmpfs', 'options': [],
                                 'mount_point': point, 'fs_group': None, 'shared': False})
                mounts.append(mount(m['mountPath'], point, 'bind', *options))
            elif 'emptyDir' in v:
                source = '0a/%02x' % len(storages)
                point = '/run/kata-containers/sandbox/storage/' + base64.urlsafe_b64encode(source.encode()).decode()
                storages.append({'driver': 'blk', 'driver_options': ['encryption_key=ephemeral', 'create_filesystem'], 'source': source,
                                 'fstype': 'ext4', 'options': [], 'mount_point': point, 'fs_group': None, 'shared': True})
                mounts.append(mount(m['mountPath'], point, 'bind', *options))
            elif 'persistentVolumeClaim' in v or 'ephemeral' in v:
                mounts.append(copied(cid, m['mountPath'], *options))
            else:
                mounts.append(copied(cid, m['mountPath'], *BIND, 'ro'))
        return mounts, storages

    def named(self, request):
        """As of this pod."""
        a = request['OCI']['Annotations']
        a['io.kubernetes.cri.sandbox-name'], a['io.kubernetes.cri.sandbox-namespace'] = self.pod, self.namespace
        return request

    def pause(self):
        security = self.spec.get('securityContext') or {}
        uid = security.get('runAsUser', 65535)
        gid = security.get('runAsGroup', 0 if 'runAsUser' in security else 65535)
        sysctl = {'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647'}
        sysctl.update({s['name']: str(s['value']) for s in security.get('sysctls', [])})
        return self.named(create(
            SB, None, {'User': {'UID': uid, 'GID': gid, 'AdditionalGids': [gid], 'Username': ''}, 'Args': ['/pause'], 'Env': [PATH],
                       'Cwd': '/', 'NoNewPrivileges': True},
            BASE + [DEV_SHM, copied(SB, '/etc/resolv.conf', 'rbind', 'ro', 'nosuid', 'nodev', 'noexec')], [pull('pause', SB)],
            {'io.kubernetes.cri.podsandbox.image-name': 'registry.example/pause:3.6',
             'io.kubernetes.cri.sandbox-log-directory': '/var/log/pods/%s_%s_%s' % (self.namespace, self.pod, UID),
             'nerdctl/network-namespace': '/var/run/netns/cni-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'}, True, sysctl))

    def args(self, c, config, own):
        args = list(c.get('command') or config.get('Entrypoint') or []) + list(c.get('args') or [])
        if not c.get('command') and not c.get('args'):
            args += config.get('Cmd') or []
        return [expand(a, own) for a in args]

    def workload(self, c, cid):
        config, context = self.image(c['image']), c.get('securityContext') or {}
        privileged, readonly = context.get('privileged', False), context.get('readOnlyRootFilesystem', False)
        access, files = 'rw' if privileged else 'ro', 'ro' if readonly else 'rw'
        env, own = self.env(c, config)
        self.own = own
        mounts, storages = self.volumes(c, cid)
        base = BASE[:4] + [mount('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', access)]
        fixed = base + [mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'relatime', access),
                        copied(cid, '/etc/hosts', *BIND, 'rw'),
                        copied(cid, c.get('terminationMessagePath', '/dev/termination-log'), *BIND, 'rw'),
                        copied(cid, '/etc/hostname', *BIND, files), copied(cid, '/etc/resolv.conf', *BIND, files), DEV_SHM]
        if self.spec.get('automountServiceAccountToken', True):
            fixed.append(copied(cid, '/var/run/secrets/kubernetes.io/serviceaccount', *BIND, 'ro'))
        taken = [m['destination'] for m in mounts]
        r = create(cid, c['name'], {'User': self.user(c, config), 'Args': self.args(c, config, own),
                                    'Env': env + ['HOSTNAME=' + self.spec.get('hostname', self.pod)] + KUBERNETES,
                                    'Cwd': c.get('workingDir') or config.get('WorkingDir') or '/', 'Terminal': c.get('tty', False),
                                    'NoNewPrivileges': not context.get('allowPrivilegeEscalation', True)},
                   [m for m in fixed if m['destination'] not in taken] + mounts, [pull(c['image'], cid)] + storages,
                   {'io.kubernetes.cri.container-name': c['name'], 'io.kubernetes.cri.image-name': c['image']}, readonly, {})
        r['OCI']['Process']['Capabilities'] = self.capabilities(c)
        r['sandbox_pidns'] = self.spec.get('shareProcessNamespace', False)
        if privileged:
            r['OCI']['Linux']['MaskedPaths'], r['OCI']['Linux']['ReadonlyPaths'] = [], []
        for d in c.get('volumeDevices', []):
            r['devices'].append({'id': '', 'type_': 'blk', 'vm_path': '', 'container_path': d['devicePath'], 'options': []})
            r['OCI']['Linux']['Devices'].append({'Path': d['devicePath'], 'Type': 'b', 'Major': 8, 'Minor': 1, 'FileMode': 0, 'UID': 0, 'GID': 0})
        return self.named(r)

    def commands(self, c):
        probes = [c.get(p, {}).get('exec') for p in ('startupProbe', 'livenessProbe', 'readinessProbe')]
        hooks = [(c.get('lifecycle') or {}).get(h, {}).get('exec') for h in ('postStart', 'preStop')]
        return [[expand(a, self.own) for a in e['command']] for e in probes if e] + [e['command'] for e in hooks if e]


def execution(r, args):
    return {'container_id': r['container_id'], 'exec_id': '2b0f6f4e-6a3f-4a0e-8b7e-5d1c9a7f3e21', 'string_user': None,
            'process': {**r['OCI']['Process'], 'Args': args, 'Terminal': False, 'Capabilities': None, 'OOMScoreAdj': 0},
            'stdin_port': 0, 'stdout_port': 0, 'stderr_port': 0}


def plain(value):
    """A request as it is meant: what is a set is sorted, and what is there twice counts once."""
    if isinstance(value, dict):
        return {k: sorted(set(v)) if k in ('AdditionalGids', 'Bounding', 'Effective', 'Permitted') and v else plain(v)
                for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


# ---- cases ---------------------------------------------------------------------------------------------------------------

class Engine:
    def __init__(self, text):
        import hobofan_regorus
        self.engine, self.state = hobofan_regorus.Engine(), {}
        self.engine.add_policy('policy.rego', text)

    def decide(self, kind, request):
        self.engine.clear_data()
        self.engine.add_data_json(json.dumps({'pstate': self.state}))
        self.engine.set_input_json(json.dumps(request))
        return self.engine.eval_rule('data.agent_policy.' + kind)

    def go_on(self, answer):
        for op in answer['ops'] if isinstance(answer, dict) else []:
            key = op['path'].split('/', 2)[2]
            if op['op'] == 'add':
                self.state[key] = op['value']
            else:
                del self.state[key]


class Trial:
    """One pod."""
    def __init__(self, pod, every):
        self.pod, self.cases, self.wrong, self.every, self.tried = pod, [], [], every, 0
        self.text, self.digest = pod.policy()
        self.engine = Engine(self.text)

    def want(self, allowed, what, kind, request):
        answer = self.engine.decide(kind, request)
        have = answer is True or (isinstance(answer, dict) and answer['allowed'] is True)
        self.cases.append({'description': what, 'kind': kind, 'request': request, 'state': copy.deepcopy(self.engine.state),
                           'allowed': allowed})
        if have != allowed:
            self.wrong.append('%s %s: %s: %s: want %s, have %s' % (self.pod.kind, self.pod.name, kind, what, allowed, answer))
        return answer

    def deny_all(self, what, request, mutations):
        for path, value in mutations:
            try:
                r = changed(request, path, value)
            except (IndexError, KeyError):
                continue
            self.tried += 1
            if plain(r) != plain(request) and self.tried % self.every == 0:
                self.want(False, '%s: %s %s' % (what, path, value), 'CreateContainerRequest', r)

    def lawful(self, what, path, value):
        """Changes in the list that are none for this pod."""
        if what == 'pause':
            return path.endswith('sandbox-namespace') and not self.pod.has_namespace
        c = self.container
        return (c.get('securityContext') or {}).get('privileged') and ('MaskedPaths' in path or 'ReadonlyPaths' in path)

    def mutations(self, what, request):
        for path, value in FOREIGN:
            if path == 'devices' or path == 'OCI/Linux/Devices':
                value = lambda old: old + [{'id': '', 'type_': 'blk', 'vm_path': '', 'container_path': '/dev/vdz', 'options': [], 'Path': '/dev/vdz'}]
            if not self.lawful(what, path, value):
                yield path, value
        for i, m in enumerate(request['OCI']['Mounts']):
            at = 'OCI/Mounts/%d/' % i
            yield at + 'source', m['source'] + '/..'
            yield at + 'source', '/run/kata-containers/shared/containers/%s-%s-other' % (request['container_id'], H)
            yield at + 'destination', m['destination'] + 'x'
            yield at + 'options', plus('suid')
        for i, s in enumerate(request['storages']):
            yield 'storages/%d/mount_point' % i, '/elsewhere'
            yield 'storages/%d/driver' % i, 'virtio-fs'
            yield 'storages', lambda old, i=i: old[:i] + old[i + 1:]
        for i, _ in enumerate(request['OCI']['Process']['Args']):
            yield 'OCI/Process/Args/%d' % i, lambda old: old + 'x'
            yield 'OCI/Process/Args', lambda old, i=i: old[:i] + old[i + 1:]

    def own_values(self, request):
        """Each variable of the pod's own with another value."""
        for i, v in enumerate(request['OCI']['Process']['Env']):
            name = v.split('=')[0]
            if not name.startswith('KUBERNETES_'):
                yield 'OCI/Process/Env/%d' % i, name + '=;other'

    def workload(self, c, cid):
        self.container = c
        r = self.pod.workload(c, cid)
        self.deny_all(c['name'], r, self.mutations(c['name'], r))
        self.deny_all(c['name'], r, self.own_values(r))
        name, digest = c['image'].split('@')
        self.deny_all(c['name'], r, [
            ('storages/0/source', name + OTHER), ('storages/0/source', name), ('storages/0/source', 'pause'),
            ('storages/0/source', ''), ('storages/0/source', name + '@' + digest[:-1]),
            ('OCI/Annotations/io.kubernetes.cri.container-name', 'other'), ('OCI/Annotations/io.kubernetes.cri.container-type', 'sandbox'),
            ('OCI/Annotations/io.kubernetes.cri.sandbox-name', self.pod.pod + '0'),
            ('OCI/Linux/Namespaces', plus({'Type': 'network', 'Path': '/proc/1/ns/net'}))])
        self.engine.go_on(self.want(True, c['name'], 'CreateContainerRequest', r))
        self.want(False, c['name'] + ' again', 'CreateContainerRequest', {**r, 'container_id': 'again'})
        commands = self.pod.commands(c)
        for command in commands:
            probe = execution(r, command)
            self.want(True, 'probe', 'ExecProcessRequest', probe)
            for path, value in (('process/Args', plus('x')), ('process/Terminal', True), ('process/Capabilities', {'Bounding': []}),
                                ('process/User/UID', 7), ('process/Env', plus('LD_PRELOAD=x')), ('container_id', SB)):
                self.want(False, 'probe %s' % path, 'ExecProcessRequest', changed(probe, path, value))
        self.want(False, 'a shell', 'ExecProcessRequest', execution(r, ['/bin/sh']))
        self.want(False, 'its own program again', 'ExecProcessRequest', execution(r, r['OCI']['Process']['Args']))
        return cid, commands, r

    def run(self):
        pause = self.pod.pause()
        containers = self.pod.spec.get('initContainers', []) + self.pod.spec['containers']
        self.want(True, 'sandbox', 'CreateSandboxRequest', sandbox_request())
        self.want(False, 'kernel module', 'CreateSandboxRequest', changed(sandbox_request(), 'kernel_modules', plus('x')))
        self.want(True, 'file', 'CopyFileRequest', copy_request())
        self.want(False, 'file elsewhere', 'CopyFileRequest', copy_request('/etc/passwd'))
        for kind in policy.DENIED.split():
            self.want(False, '', kind, {'container_id': CT})
        self.container = {}
        self.want(False, 'workload first', 'CreateContainerRequest', self.pod.workload(containers[0], CT))
        self.deny_all('pause', pause, self.mutations('pause', pause))
        self.engine.go_on(self.want(True, 'pause', 'CreateContainerRequest', pause))
        ran = [self.workload(c, '%064x' % (i + 16)) for i, c in enumerate(containers)]
        for _, commands, r in ran:
            for other, theirs, _ in ran:
                for command in commands:
                    if command not in theirs:
                        self.want(False, 'a probe in another container', 'ExecProcessRequest',
                                  {**execution(r, command), 'container_id': other})
        return self


def read(paths):
    documents = []
    for path in paths:
        with open(path, encoding='utf-8') as f:
            for d in yaml.safe_load_all(f):
                documents += d['items'] if d and d['kind'] == 'List' else [d] if d else []
    return documents


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('layout')
    parser.add_argument('yaml', nargs='+')
    parser.add_argument('--opa')
    parser.add_argument('--every', type=int, default=1)
    args = parser.parse_args()
    documents = read(args.yaml)
    objects = {(d['kind'], d['metadata']['name']): d for d in documents}
    allowed = denied = 0
    wrong, digests = [], set()
    for d in documents:
        if d['kind'] not in NAMES or not Pod(d, objects, args.layout).spec.get('runtimeClassName', '').startswith('contrast-cc'):
            continue
        trial = Trial(Pod(d, objects, args.layout), args.every).run()
        wrong += trial.wrong
        if args.opa:
            policy.CASES[:] = trial.cases
            wrong += policy.decide_by_opa(trial.text, args.opa)
        digests.add(trial.digest)
        allowed += sum(c['allowed'] for c in trial.cases)
        denied += sum(not c['allowed'] for c in trial.cases)
    if wrong:
        sys.exit('\n'.join(wrong))
    print('%d policies: %d requests allowed, %d denied' % (len(digests), allowed, denied))


main()
