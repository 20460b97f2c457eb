#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decides requests by kube/rules.rego: tests/policy.py [--kata FOLDER] [--opa HARNESS] [--every N] [--lines]

What kubelet, containerd and Kata send for one pod is allowed; each request that differs from it in one thing is denied.  Requests
are written from what the kata-agent hands to a policy, not from the rules.  --kata names Kata's own policy tests, of which those that need
no data of a pod are decided too.

The engine is regorus, which is the kata-agent's own (from PyPI: hobofan-regorus); with --opa it is OPA's WebAssembly, driven by
HARNESS with node (half a second for a request: --every takes a part).  --lines leaves out one line of a rule after the other, and tells
those without which no decision changes.
"""
import argparse
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

SB, CT, CT2 = 'a1b2' * 16, '0f' * 32, '1e' * 32
POD, UID = 'ledger-6c9f7d8b4f-x2kqz', '01234567-89ab-cdef-0123-456789abcdef'
DIGEST = '@sha256:' + '5a' * 32
IMG = 'registry.example/ledger' + DIGEST
CAPS = ['CAP_' + c for c in ('CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE '
                             'SYS_CHROOT KILL AUDIT_WRITE').split()]
PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
SHARED = '/run/kata-containers/shared/containers/'
H = '0123456789abcdef'
S = '[bcdfghjklmnpqrstvwxz2456789]+'
MASKED = ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list', '/proc/timer_stats',
          '/proc/sched_debug', '/proc/scsi', '/sys/firmware']
READONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']
SHM = {'driver': 'ephemeral', 'driver_options': [], 'source': 'shm', 'fstype': 'tmpfs',
       'options': ['noexec', 'nosuid', 'nodev', 'mode=1777', 'size=67108864'], 'mount_point': '/run/kata-containers/sandbox/shm',
       'fs_group': None, 'shared': False}
SECRETS = {'driver': 'ephemeral', 'driver_options': [], 'source': 'tmpfs', 'fstype': 'tmpfs', 'options': [],
           'mount_point': '/run/kata-containers/sandbox/ephemeral/contrast-secrets', 'fs_group': None, 'shared': False}


def mount(destination, source, kind, *options):
    return {'destination': destination, 'source': source, 'type_': kind, 'options': list(options)}


BASE = [mount('/proc', 'proc', 'proc', 'nosuid', 'noexec', 'nodev'),
        mount('/dev', 'tmpfs', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
        mount('/dev/pts', 'devpts', 'devpts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'),
        mount('/dev/mqueue', 'mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
        mount('/sys', 'sysfs', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro')]
DEV_SHM = mount('/dev/shm', '/run/kata-containers/sandbox/shm', 'bind', 'rbind')
BIND = ('rbind', 'rprivate')


# ---- the data of the pod -------------------------------------------------------------------------------------------------

def named(destination, *options):
    """A file that the host copies."""
    return {'destination': destination, 'source': '', 'shared_name': os.path.basename(destination), 'type_': 'bind',
            'options': list(options)}


def data_container(kind, process, mounts, **more):
    annotations = {'io.kubernetes.cri.container-type': kind,
                   'io.katacontainers.pkg.oci.container_type': 'pod_sandbox' if kind == 'sandbox' else 'pod_container'}
    annotations.update(more.pop('annotations', {}))
    c = {'OCI': {'Process': {'Terminal': False, 'NoNewPrivileges': False, 'Capabilities': CAPS, **process},
                 'Root': {'Readonly': False}, 'Mounts': mounts, 'Annotations': annotations,
                 'Linux': {'Namespaces': ['ipc', 'uts', 'mnt'], 'MaskedPaths': MASKED, 'ReadonlyPaths': READONLY, 'Sysctl': {}}},
         'image': '', 'env_fields': {}, 'storages': [], 'devices': [], 'sandbox_pidns': False, 'exec_commands': [],
         'annotation_patterns': {}}
    for key, value in more.items():
        if key in c['OCI']:
            c['OCI'][key] = value
        else:
            c[key] = value
    return c


def workload_data(name, args, **more):
    user = {'UID': 1001, 'GID': 1001, 'AdditionalGids': [1001]}
    mounts = BASE + [mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'relatime', 'ro'),
                     mount('/contrast', SECRETS['mount_point'], 'bind', *BIND, 'rw'), named('/etc/hosts', *BIND, 'rw'),
                     named('/dev/termination-log', *BIND, 'rw'), named('/etc/hostname', *BIND, 'rw'),
                     named('/etc/resolv.conf', *BIND, 'rw'), DEV_SHM,
                     named('/var/run/secrets/kubernetes.io/serviceaccount', *BIND, 'ro')]
    return data_container('container', {'User': user, 'Args': args, 'Env': [PATH, 'MODE=prod', 'OWN_SERVICE_HOST=10.0.0.9'],
                                        'Cwd': '/app'}, mounts, annotations={'io.kubernetes.cri.container-name': name},
                          image=IMG.split('@')[1], storages=[SECRETS],
                          env_fields={'POD_NAME': 'sandbox-name', 'POD_IP': 'ip', 'POD_NS': 'sandbox-namespace', 'NODE': 'node-name',
                                      'POD_UID': 'pod-uid', 'CPUS': 'number'}, **more)


def policy_data():
    netns = '^/var/run/netns/cni-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
    pause = data_container('sandbox', {'User': {'UID': 65535, 'GID': 65535, 'AdditionalGids': [65535]}, 'Args': ['/pause'],
                                       'Env': [PATH], 'Cwd': '/', 'NoNewPrivileges': True},
                           BASE + [DEV_SHM, named('/etc/resolv.conf', 'rbind', 'ro', 'nosuid', 'nodev', 'noexec')],
                           Root={'Readonly': True},
                           annotation_patterns={'nerdctl/network-namespace': netns,
                                                'io.kubernetes.cri.sandbox-log-directory': '^/var/log/pods/shop_ledger-'})
    pause['OCI']['Linux']['Sysctl'] = {'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647'}
    ledger = workload_data('ledger', ['/app/ledger', '--port=8080'], exec_commands=[['/app/ledger', '--health']])
    disk = workload_data('disk', ['/app/disk'], devices=['/dev/csi0'])
    return {'containers': [pause, ledger, disk], 'pod_annotations': {'team': 'books'},
            'sandbox': {'storages': [SHM], 'name': '^ledger-%s-%s$' % (S, S), 'namespace': '^shop$'},
            'request_defaults': {'ReadStreamRequest': True, 'CloseStdinRequest': False}}


# ---- requests ------------------------------------------------------------------------------------------------------------

def create(cid, name, process, mounts, storages, annotations, readonly, sysctl):
    kind = 'sandbox' if name is None else 'container'
    return {'container_id': cid, 'exec_id': cid, 'string_user': None, 'devices': [], 'storages': storages,
            'OCI': {'Version': '1.1.0',
                    'Process': {'Terminal': False, 'ConsoleSize': None, 'Rlimits': [], 'ApparmorProfile': '', 'OOMScoreAdj': -998,
                                'SelinuxLabel': '', 'Capabilities': {'Bounding': CAPS, 'Effective': CAPS, 'Inheritable': [],
                                                                     'Permitted': CAPS, 'Ambient': []}, **process},
                    'Root': {'Path': '/run/kata-containers/%s/rootfs' % cid, 'Readonly': readonly}, 'Hostname': '', 'Mounts': mounts,
                    'Hooks': None,
                    'Annotations': {'io.katacontainers.pkg.oci.bundle_path': '/run/containerd/io.containerd.runtime.v2.task/k8s.io/' + cid,
                                    'io.katacontainers.pkg.oci.container_type': 'pod_' + kind,
                                    'io.kubernetes.cri.container-type': kind, 'io.kubernetes.cri.sandbox-id': SB,
                                    'io.kubernetes.cri.sandbox-name': POD, 'io.kubernetes.cri.sandbox-namespace': 'shop',
                                    'io.kubernetes.cri.sandbox-uid': UID, **annotations},
                    'Linux': {'UIDMappings': [], 'GIDMappings': [], 'Sysctl': sysctl,
                              'Resources': {'Devices': [], 'Memory': None, 'Pids': None, 'BlockIO': None, 'HugepageLimits': [],
                                            'Network': None, 'CPU': {'Shares': 2, 'Quota': 0, 'Period': 100000, 'RealtimeRuntime': 0,
                                                                     'RealtimePeriod': 0, 'Cpus': '', 'Mems': ''}},
                              'CgroupsPath': 'kubepods-burstable-pod.slice:cri-containerd:' + cid,
                              'Namespaces': [{'Type': 'ipc', 'Path': ''}, {'Type': 'uts', 'Path': ''}, {'Type': 'mount', 'Path': ''}],
                              'Devices': [], 'Seccomp': None, 'RootfsPropagation': '',
                              'MaskedPaths': ['/proc/asound', '/sys/devices/virtual/powercap'] + MASKED,
                              'ReadonlyPaths': READONLY, 'MountLabel': '', 'IntelRdt': None},
                    'Solaris': None, 'Windows': None},
            'sandbox_pidns': False, 'shared_mounts': [], 'stdin_port': 0, 'stdout_port': 0, 'stderr_port': 0}


def pull(source, cid):
    return {'driver': 'image_guest_pull', 'driver_options': [], 'source': source, 'fstype': 'overlay', 'options': [],
            'mount_point': '/run/kata-containers/%s/rootfs' % cid, 'fs_group': None, 'shared': False}


def copied(cid, destination, *options):
    return mount(destination, '%s%s-%s-%s' % (SHARED, cid, H, os.path.basename(destination)), 'bind', *options)


def pause_request():
    r = create(SB, None, {'User': {'UID': 65535, 'GID': 65535, 'AdditionalGids': [65535], 'Username': ''}, 'Args': ['/pause'],
                          'Env': [PATH], 'Cwd': '/', 'NoNewPrivileges': True},
               BASE + [DEV_SHM, copied(SB, '/etc/resolv.conf', 'rbind', 'ro', 'nosuid', 'nodev', 'noexec')], [pull('pause', SB)],
               {'io.kubernetes.cri.podsandbox.image-name': 'registry.example/pause:3.6',
                'io.kubernetes.cri.sandbox-cpu-period': '100000', 'io.kubernetes.cri.sandbox-memory': '734003200',
                'io.kubernetes.cri.sandbox-log-directory': '/var/log/pods/shop_%s_%s' % (POD, UID),
                'nerdctl/network-namespace': '/var/run/netns/cni-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'}, True,
               {'net.ipv4.ip_unprivileged_port_start': '0', 'net.ipv4.ping_group_range': '0 2147483647'})
    metadata = {'metadata': r['OCI']['Annotations']}
    r['storages'][0]['driver_options'] = ['image_guest_pull=' + json.dumps(metadata)]
    return r


ENV = [PATH, 'HOSTNAME=' + POD, 'MODE=prod', 'OWN_SERVICE_HOST=10.0.0.9', 'POD_NAME=' + POD, 'POD_IP=10.244.1.7', 'POD_NS=shop',
       'NODE=node-1.example', 'POD_UID=' + UID, 'CPUS=4', 'KUBERNETES_SERVICE_HOST=10.96.0.1', 'KUBERNETES_SERVICE_PORT=443',
       'KUBERNETES_SERVICE_PORT_HTTPS=443', 'KUBERNETES_PORT=tcp://10.96.0.1:443', 'KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443',
       'KUBERNETES_PORT_443_TCP_PROTO=tcp', 'KUBERNETES_PORT_443_TCP_PORT=443', 'KUBERNETES_PORT_443_TCP_ADDR=10.96.0.1']


def workload_request(cid=CT, name='ledger', args=('/app/ledger', '--port=8080')):
    user = {'UID': 1001, 'GID': 1001, 'AdditionalGids': [1001], 'Username': ''}
    return create(cid, name, {'User': user, 'Args': list(args), 'Env': ENV, 'Cwd': '/app', 'NoNewPrivileges': False},
                  BASE + [mount('/sys/fs/cgroup', 'cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'relatime', 'ro'),
                          mount('/contrast', SECRETS['mount_point'], 'bind', *BIND, 'rw'), copied(cid, '/etc/hosts', *BIND, 'rw'),
                          copied(cid, '/dev/termination-log', *BIND, 'rw'), copied(cid, '/etc/hostname', *BIND, 'rw'),
                          copied(cid, '/etc/resolv.conf', *BIND, 'rw'), DEV_SHM,
                          copied(cid, '/var/run/secrets/kubernetes.io/serviceaccount', *BIND, 'ro')],
                  [pull(IMG, cid), SECRETS],
                  {'io.kubernetes.cri.container-name': name, 'io.kubernetes.cri.image-name': IMG,
                   'io.kubernetes.container.terminationMessagePath': '/dev/termination-log',
                   'io.kubernetes.container.terminationMessagePolicy': 'File', 'team': 'books'}, False, {})


def exec_request():
    r = workload_request()['OCI']['Process']
    return {'container_id': CT, 'exec_id': '2b0f6f4e-6a3f-4a0e-8b7e-5d1c9a7f3e21', 'string_user': None,
            'process': {**r, 'Args': ['/app/ledger', '--health'], 'Capabilities': None, 'OOMScoreAdj': 0},
            'stdin_port': 0, 'stdout_port': 0, 'stderr_port': 0}


def sandbox_request():
    return {'hostname': POD, 'dns': ['nameserver 10.96.0.10'], 'storages': [SHM], 'sandbox_pidns': False, 'sandbox_id': SB,
            'guest_hook_path': '', 'kernel_modules': []}


def copy_request(name='%s-%s-resolv.conf' % (CT, H), kind='Regular', target=None):
    path = name if name.startswith('/') or name.startswith('run') else SHARED + name
    return {'path': path, 'file_type': kind, 'symlink_target': target, 'file_size': 112, 'file_mode': 33188,
            'dir_mode': 2147484136, 'uid': 0, 'gid': 0, 'offset': 0}


# ---- cases ---------------------------------------------------------------------------------------------------------------

CASES = []


def case(description, kind, request, allowed, state=None):
    CASES.append({'description': description, 'kind': kind, 'request': request, 'state': state or {}, 'allowed': allowed})


def changed(request, path, value):
    """A copy with one thing changed: a value, or a function of the old one."""
    r = copy.deepcopy(request)
    at = r
    keys = path.split('/')
    for key in keys[:-1]:
        at = at[int(key)] if isinstance(at, list) else at[key]
    last = int(keys[-1]) if isinstance(at, list) else keys[-1]
    if callable(value):
        value = value(at[last])
    at[last] = value
    return r


def without(key):
    return lambda old: {k: v for k, v in old.items() if k != key}


def plus(*more):
    return lambda old: old + list(more) if isinstance(old, list) else {**old, **more[0]}


# What no container may have, whichever it is.
FOREIGN = [
    ('OCI/Hooks', {'Prestart': []}), ('OCI/Solaris', {}), ('OCI/Windows', {}), ('OCI/Linux/Seccomp', {'DefaultAction': 'x'}),
    ('OCI/Linux/IntelRdt', {}), ('OCI/Linux/MountLabel', 'x'), ('OCI/Linux/RootfsPropagation', 'shared'),
    ('OCI/Linux/UIDMappings', [{'HostID': 0, 'ContainerID': 0, 'Size': 1}]),
    ('OCI/Linux/GIDMappings', [{'HostID': 0, 'ContainerID': 0, 'Size': 1}]), ('OCI/Linux/Resources/Devices', [{}]),
    ('OCI/Linux/Resources/BlockIO', {}), ('OCI/Linux/Resources/Network', {}), ('OCI/Linux/Resources/Pids', {'Limit': 1}),
    ('OCI/Process/SelinuxLabel', 'x'), ('OCI/Process/User/Username', 'root'), ('OCI/Process/Terminal', True),
    ('OCI/Process/Capabilities/Ambient', ['CAP_CHOWN']), ('OCI/Process/Capabilities/Inheritable', ['CAP_CHOWN']),
    ('OCI/Process/Capabilities/Bounding', plus('CAP_SYS_ADMIN')), ('OCI/Process/Capabilities/Effective', plus('CAP_SYS_ADMIN')),
    ('OCI/Process/Capabilities/Permitted', plus('CAP_SYS_ADMIN')), ('OCI/Process/Capabilities/Permitted', CAPS[1:]),
    ('OCI/Process/Capabilities', None), ('OCI/Process/NoNewPrivileges', lambda old: not old),
    ('OCI/Process/User/UID', 0), ('OCI/Process/User/GID', 0), ('OCI/Process/User/AdditionalGids', plus(0)),
    ('OCI/Process/User/AdditionalGids', []), ('OCI/Process/Cwd', '/tmp'), ('OCI/Process/Args', ['/bin/sh']),
    ('OCI/Process/Args', plus('--debug')), ('OCI/Process/Args', []), ('OCI/Process/Env', plus('LD_PRELOAD=/x.so')),
    ('OCI/Process/Env', plus('PATH=/tmp')), ('OCI/Process/Env', plus('HOSTNAME=other')), ('OCI/Process/Env', plus('NOVALUE')),
    ('OCI/Process/Env', plus('A_SERVICE_HOST=$(reboot)')), ('OCI/Process/Env', plus('A_SERVICE_HOST=10.0.0.1=x')),
    ('OCI/Process/Env', plus('a_SERVICE_HOST=10.0.0.1')), ('OCI/Process/Env', plus('A_SERVICE_PORT=x')),
    ('OCI/Process/Env', plus('A_PORT=file:///etc')), ('OCI/Process/Env', plus('A_PORT_1_TCP_PROTO=sctp')),
    ('OCI/Process/Env', plus('JOB_COMPLETION_INDEX=x')), ('OCI/Process/Env', plus('TERM=dumb')),
    ('OCI/Root/Readonly', lambda old: not old), ('OCI/Root/Path', '/run/kata-containers/x/../y/rootfs'),
    ('OCI/Root/Path', '/etc'), ('OCI/Root/Path', '/run/kata-containers/other/rootfs'),
    ('OCI/Mounts', plus(mount('/etc/passwd', SHARED + CT + '-' + H + '-passwd', 'bind', 'rbind'))),
    ('OCI/Mounts', plus(mount('/host', '/', 'bind', 'rbind'))), ('OCI/Mounts/0/source', '/dev/vda'), ('OCI/Mounts/0/type_', 'tmpfs'),
    ('OCI/Mounts/0/options', ['rw']), ('OCI/Mounts/4/options', ['nosuid', 'noexec', 'nodev', 'rw']),
    ('OCI/Mounts', lambda old: old + [old[0]]), ('OCI/Mounts/0/destination', '/app'),
    ('OCI/Linux/Namespaces', plus({'Type': 'pid', 'Path': ''})), ('OCI/Linux/Namespaces/0/Path', '/proc/1/ns/ipc'),
    ('OCI/Linux/Namespaces', []), ('OCI/Linux/MaskedPaths', []), ('OCI/Linux/MaskedPaths', MASKED[1:]),
    ('OCI/Linux/ReadonlyPaths', []), ('OCI/Linux/Devices', [{'Path': '/dev/vda', 'Type': 'b'}]),
    ('OCI/Linux/Sysctl', plus({'kernel.core_pattern': '|/x'})),
    ('devices', [{'id': '', 'type_': 'blk', 'vm_path': '', 'container_path': '/dev/csi0', 'options': []}]),
    ('storages', []), ('storages', plus(SHM)), ('storages', lambda old: [old[0]] + old), ('storages/0/driver', 'blk'),
    ('storages/0/fstype', 'ext4'), ('storages/0/options', ['rw']), ('storages/0/mount_point', '/'), ('storages/0/shared', True),
    ('storages/0/fs_group', {'group_id': 0, 'group_change_policy': 0}), ('storages/0/driver_options', ['x']),
    ('storages/0/driver_options', ['image_guest_pull={"metadata":{"io.kubernetes.cri.container-type":"other"}}']),
    ('storages/0/driver_options', ['image_guest_pull=x']),
    ('sandbox_pidns', True), ('string_user', {'uid': '0', 'gid': '0', 'additionalGids': []}),
    ('shared_mounts', [{'name': 'x', 'src_ctr': 'x', 'src_path': '/', 'dst_ctr': 'y', 'dst_path': '/'}]),
    ('container_id', '../x'), ('container_id', ''), ('container_id', 'A'), ('container_id', 'a/b'), ('container_id', 'x' * 129),
    ('OCI/Annotations', plus({'io.katacontainers.config.hypervisor.x': '1'})), ('OCI/Annotations', plus({'x': '1'})),
    ('OCI/Annotations', plus({'team': 'other'})), ('OCI/Annotations', without('io.kubernetes.cri.container-type')),
    ('OCI/Annotations/io.katacontainers.pkg.oci.container_type', 'x'), ('OCI/Annotations', without('io.kubernetes.cri.sandbox-id')),
    ('OCI/Annotations/io.kubernetes.cri.sandbox-id', 'x'), ('OCI/Annotations/io.kubernetes.cri.sandbox-name', 'other'),
    ('OCI/Annotations/io.kubernetes.cri.sandbox-namespace', 'other'), ('OCI/Annotations', without('io.kubernetes.cri.sandbox-name')),
    ('OCI/Annotations', plus({'io.kubernetes.container.terminationMessagePath': 'x'})),
    ('OCI/Annotations', plus({'io.kubernetes.container.terminationMessagePolicy': 'x'})),
]


def containers():
    pause, work, state = pause_request(), workload_request(), {}
    started = {'sandbox_name': POD, 'namespace': 'shop', 'sandbox_id': SB, 'network_namespace': '',
               'container-' + SB: 0, 'index-0': SB}
    running = {**started, 'container-' + CT: 1, 'index-1': CT}
    case('pause', 'CreateContainerRequest', pause, True)
    case('workload', 'CreateContainerRequest', work, True, started)
    disk = workload_request(CT2, 'disk', ['/app/disk'])
    device = {'id': '', 'type_': 'blk', 'vm_path': '', 'container_path': '/dev/csi0', 'options': []}
    case('second workload', 'CreateContainerRequest', disk, True, running)
    disk = changed(changed(disk, 'devices', [device]), 'OCI/Linux/Devices', [{'Path': '/dev/csi0', 'Type': 'b'}])
    case('its device', 'CreateContainerRequest', disk, True, running)
    case('its device twice', 'CreateContainerRequest', changed(disk, 'devices', [device, device]), False, running)
    for name, r, s in (('pause', pause, state), ('workload', work, started)):
        for path, value in FOREIGN:
            case('%s: %s %s' % (name, path, value), 'CreateContainerRequest', changed(r, path, value), False, s)
    for what, r in (('network of the host', changed(work, 'OCI/Linux/Namespaces', plus({'Type': 'network', 'Path': '/x'}))),
                    ('name of another pod', changed(work, 'OCI/Annotations/io.kubernetes.cri.sandbox-name', 'ledger-6c9f7d8b4f-bbbbb')),
                    ('another sandbox', changed(work, 'OCI/Annotations/io.kubernetes.cri.sandbox-id', 'c3d4' * 16)),
                    ('pause again', changed(pause, 'container_id', 'x')), ('pause again', pause),
                    ('another digest', changed(work, 'storages/0/source', IMG[:-1] + 'b')),
                    ('a tag alone', changed(work, 'storages/0/source', 'registry.example/ledger:v1')),
                    ('pause for a workload', changed(work, 'storages/0/source', 'pause')),
                    ('two digests', changed(work, 'storages/0/source', IMG + DIGEST)),
                    ('another name', changed(work, 'OCI/Annotations/io.kubernetes.cri.container-name', 'pause')),
                    ('no name', changed(work, 'OCI/Annotations', without('io.kubernetes.cri.container-name'))),
                    ('type of the sandbox', changed(work, 'OCI/Annotations/io.kubernetes.cri.container-type', 'sandbox')),
                    ('a file of another container', changed(work, 'OCI/Mounts/7/source', '%s%s-%s-hosts' % (SHARED, SB, H))),
                    ('another file', changed(work, 'OCI/Mounts/7/source', '%s%s-%s-hostname' % (SHARED, CT, H))),
                    ('a file below', changed(work, 'OCI/Mounts/7/source', '%s%s-%s-hosts/../x' % (SHARED, CT, H))),
                    ('volume of another storage', changed(work, 'OCI/Mounts/6/source', '/run/kata-containers/sandbox/ephemeral/x')),
                    ('storage elsewhere', changed(work, 'storages/1/mount_point', '/app')),
                    ('storage of the host', changed(work, 'storages/1/driver', 'blk')),
                    ('storage with options', changed(work, 'storages/1/options', ['exec'])),
                    ('own variable of another value', changed(work, 'OCI/Process/Env', plus('MODE=debug'))),
                    ('own variable that looks like a service', changed(work, 'OCI/Process/Env', plus('OWN_SERVICE_HOST=6.6.6.6'))),
                    ('name of another pod in a variable', changed(work, 'OCI/Process/Env', plus('POD_NAME=x'))),
                    ('no address in a variable', changed(work, 'OCI/Process/Env', plus('POD_IP=x'))),
                    ('no number in a variable', changed(work, 'OCI/Process/Env', plus('CPUS=x'))),
                    ('namespace of another pod in a variable', changed(work, 'OCI/Process/Env', plus('POD_NS=x'))),
                    ('no node in a variable', changed(work, 'OCI/Process/Env', plus('NODE=$(x)'))),
                    ('no uid in a variable', changed(work, 'OCI/Process/Env', plus('POD_UID=x')))):
        case(what, 'CreateContainerRequest', r, False, started)
    case('workload before pause', 'CreateContainerRequest', work, False)
    case('workload twice', 'CreateContainerRequest', changed(work, 'container_id', 'x'), False, running)
    case('an id twice', 'CreateContainerRequest', changed(disk, 'container_id', CT), False, running)
    case('pause: another network', 'CreateContainerRequest',
         changed(pause, 'OCI/Annotations', plus({'nerdctl/network-namespace': '/proc/1/ns/net'})), False)
    case('pause: another image', 'CreateContainerRequest', changed(pause, 'storages/0/source', IMG), False)
    for what, r in (('fewer variables', changed(work, 'OCI/Process/Env', [PATH])), ('fewer mounts', changed(work, 'OCI/Mounts', BASE)),
                    ('an older agent', changed(work, 'storages/0', lambda old: {k: v for k, v in old.items() if k != 'shared'})),
                    ('options of newer kernels', changed(work, 'OCI/Mounts/5/options', plus('nsdelegate', 'memory_recursiveprot'))),
                    ('a read-only path that is masked', changed(changed(work, 'OCI/Linux/ReadonlyPaths', READONLY[1:]),
                                                                'OCI/Linux/MaskedPaths', plus('/proc/bus'))),
                    ('memory of the cgroup', changed(work, 'OCI/Linux/Resources/Memory', {'Limit': 734003200})),
                    ('a host name', changed(work, 'OCI/Hostname', POD)), ('mnt', changed(work, 'OCI/Linux/Namespaces/2/Type', 'mnt')),
                    ('a tag beside the digest', changed(work, 'storages/0/source', 'registry.example/ledger:v1' + DIGEST)),
                    ('capabilities in another order', changed(work, 'OCI/Process/Capabilities/Bounding', CAPS[::-1]))):
        case(what, 'CreateContainerRequest', r, True, started)
    case('remove', 'RemoveContainerRequest', {'container_id': CT, 'timeout': 0}, True, running)
    case('remove what is not', 'RemoveContainerRequest', {'container_id': 'x', 'timeout': 0}, True, running)
    probe = exec_request()
    case('probe', 'ExecProcessRequest', probe, True, running)
    for path, value in (('process/Args', ['/bin/sh']), ('process/Args', plus('x')), ('process/Args', ['/app/ledger', '--port=8080']),
                        ('process/Terminal', True), ('process/Capabilities', {'Bounding': []}), ('process/User/UID', 0),
                        ('process/User/GID', 0), ('process/User/Username', 'root'), ('process/Cwd', '/'),
                        ('process/NoNewPrivileges', True), ('process/SelinuxLabel', 'x'), ('process/ApparmorProfile', 'x'),
                        ('process/Env', plus('LD_PRELOAD=x')), ('process/Env', plus('POD_NAME=x')),
                        ('string_user', {'uid': '0', 'gid': '0', 'additionalGids': []}), ('container_id', SB), ('container_id', CT2)):
        case('probe: %s %s' % (path, value), 'ExecProcessRequest', changed(probe, path, value), False, running)
    case('probe without state', 'ExecProcessRequest', probe, False)


def files():
    top = '%s-%s-cfg' % (CT, H)
    for r in (copy_request(), copy_request(top, 'Directory'), copy_request(top + '/..data', 'Symlink', '..2026_01_02'),
              copy_request(top + '/foo..bar'), copy_request('passthrough/' + top), copy_request('watchable/' + top)):
        case('copy %s' % r['path'], 'CopyFileRequest', r, True)
    for r in (copy_request(top, 'Symlink', 'x'), copy_request(top + '/x', 'Symlink', '/etc'), copy_request(top + '/x', 'Symlink', ''),
              copy_request(top + '/x', 'Symlink', 'a/../../b'), copy_request('/etc/passwd'), copy_request(CT + '/rootfs/x'),
              copy_request(top + '/../x'), copy_request(top + '/..'), copy_request('../' + top), copy_request('run/kata-containers/x'),
              copy_request(top, 'Unknown'), copy_request(top + '/x', 'Regular', 'y'), copy_request(top + '//x'), copy_request(top + '/./x'),
              copy_request(top + '/')):
        case('copy %s %s %s' % (r['path'], r['file_type'], r['symlink_target']), 'CopyFileRequest', r, False)
    sandbox = sandbox_request()
    case('sandbox', 'CreateSandboxRequest', sandbox, True)
    for path, value in (('sandbox_pidns', True), ('kernel_modules', [{'name': 'x', 'parameters': []}]), ('guest_hook_path', '/x'),
                        ('storages', plus(SECRETS)), ('storages/0/options', ['exec']), ('storages/0/mount_point', '/'),
                        ('storages/0', without('shared'))):
        case('sandbox: %s' % path, 'CreateSandboxRequest', changed(sandbox, path, value), False)


def network():
    interface = {'interface': {'device': 'eth0', 'name': 'eth0', 'IPAddresses': [{'family': 0, 'address': '10.244.1.7', 'mask': '24'}],
                               'mtu': 1450, 'hwAddr': '02:42:0a:f4:01:07', 'devicePath': '02/01', 'type_': '', 'raw_flags': 0}}
    routes = {'routes': {'Routes': [{'dest': '', 'gateway': '10.244.1.1', 'device': 'eth0', 'source': '', 'scope': 0, 'family': 0,
                                     'flags': 0, 'mtu': 0}]}}
    neighbors = {'neighbors': {'ARPNeighbors': [{'toIPAddress': {'family': 0, 'address': '10.244.1.1', 'mask': ''}, 'device': 'eth0',
                                                 'lladdr': '02:42:0a:f4:01:01', 'state': 128, 'flags': 0}]}}
    for kind, r in (('UpdateInterfaceRequest', interface), ('UpdateRoutesRequest', routes), ('AddARPNeighborsRequest', neighbors),
                    ('UpdateInterfaceRequest', changed(interface, 'interface/raw_flags', 128)),
                    ('AddARPNeighborsRequest', changed(neighbors, 'neighbors/ARPNeighbors/0/state', 2))):
        case(kind, kind, r, True)
    for kind, r, path, value in (
            ('UpdateInterfaceRequest', interface, 'interface/name', 'lo'), ('UpdateInterfaceRequest', interface, 'interface/raw_flags', 1),
            ('UpdateInterfaceRequest', interface, 'interface/hwAddr', '00:00:00:00:00:00'),
            ('UpdateRoutesRequest', routes, 'routes/Routes/0/device', 'lo'),
            ('UpdateRoutesRequest', routes, 'routes/Routes/0/source', '127.0.0.1'),
            ('UpdateRoutesRequest', routes, 'routes/Routes/0/source', '::1'),
            ('AddARPNeighborsRequest', neighbors, 'neighbors/ARPNeighbors/0/device', 'lo'),
            ('AddARPNeighborsRequest', neighbors, 'neighbors/ARPNeighbors/0/toIPAddress/mask', '24'),
            ('AddARPNeighborsRequest', neighbors, 'neighbors/ARPNeighbors/0/toIPAddress/address', '127.0.0.1'),
            ('AddARPNeighborsRequest', neighbors, 'neighbors/ARPNeighbors/0/state', 4),
            ('AddARPNeighborsRequest', neighbors, 'neighbors/ARPNeighbors/0/flags', 1)):
        case('%s %s %s' % (kind, path, value), kind, changed(r, path, value), False)


ALLOWED = ('DestroySandboxRequest GetOOMEventRequest GuestDetailsRequest OnlineCPUMemRequest RemoveStaleVirtiofsShareMountsRequest '
           'SignalProcessRequest StartContainerRequest StatsContainerRequest TtyWinResizeRequest WaitProcessRequest ReadStreamRequest')
DENIED = ('AddSwapPathRequest AddSwapRequest AllowRequestsFailingPolicy CloseStdinRequest GetDiagnosticDataRequest GetIPTablesRequest '
          'GetMetricsRequest ListInterfacesRequest ListRoutesRequest MemAgentCompactConfig MemAgentMemcgConfig '
          'MemHotplugByProbeRequest PauseContainerRequest PullImageRequest ReseedRandomDevRequest ResizeVolumeRequest '
          'ResumeContainerRequest SetGuestDateTimeRequest SetIPTablesRequest SetPolicyRequest StartTracingRequest '
          'StopTracingRequest UpdateContainerRequest UpdateEphemeralMountsRequest VolumeStatsRequest WriteStreamRequest')


def kata(folder):
    """Cases of Kata's that no data of a pod decides.  The agent sends every field; these leave out what they are not about."""
    whole = {'CopyFileRequest': copy_request(), 'CreateSandboxRequest': sandbox_request()}
    for f in sorted(glob.glob(folder + '/*/testcases.json')):
        with open(f, encoding='utf-8') as handle:
            for c in json.load(handle):
                if c['kind'] != 'CreateContainerRequest':
                    case('Kata: ' + c['description'], c['kind'], {**whole.get(c['kind'], {}), **c['request']}, c['allowed'])


# ---- engines -------------------------------------------------------------------------------------------------------------

def decide_by_regorus(policy):
    import hobofan_regorus
    engine = hobofan_regorus.Engine()
    engine.add_policy('policy.rego', policy)
    wrong = []
    for c in CASES:
        engine.clear_data()
        engine.add_data_json(json.dumps({'pstate': c['state']}))
        engine.set_input_json(json.dumps(c['request']))
        try:
            answer = engine.eval_rule('data.agent_policy.' + c['kind'])
        except RuntimeError as e:
            answer = str(e)
        allowed = answer is True or (isinstance(answer, dict) and answer['allowed'] is True)
        if allowed != c['allowed'] or not isinstance(answer, (bool, dict)):
            wrong.append('%s %s: want %s, have %s' % (c['kind'], c['description'], c['allowed'], answer))
    return wrong


def decide_by_opa(policy, harness):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (('policy.rego', policy), ('cases.json', json.dumps(CASES))):
            with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
                f.write(text)
        ran = subprocess.run(['node', harness, folder + '/policy.rego', folder + '/cases.json'], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, check=False)
    return [] if ran.returncode == 0 else ran.stdout.split('\n')


LINE = re.compile(r'^\t[a-z_{][^:]*$')


def untested_lines(rules, data):
    """Conditions of rules that no case needs."""
    lines, found = rules.split('\n'), []
    for i, line in enumerate(lines):
        if not LINE.match(line) or line.startswith('\tsome ') or line.endswith(('{', '[', '|', ',')):
            continue
        try:
            if not decide_by_regorus('\n'.join(lines[:i] + lines[i + 1:]) + data):
                found.append('line %d: %s' % (i + 1, line.strip()))
        except RuntimeError:
            pass  # it defines what another line uses
    return found


def recursive(rules):
    """Rules that use themselves: OPA refuses the whole policy for one, regorus takes it."""
    bodies = re.findall(r'^(?:default )?(\w+)(?:\([^)]*\))?(?: :=.*?)? if (.*?)\n(?=\n|\Z)', rules, re.M | re.S)
    return ['%s uses itself' % name for name, body in bodies if re.search(r'\b%s\(' % name, body)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--kata')
    parser.add_argument('--opa')
    parser.add_argument('--every', type=int, default=1)
    parser.add_argument('--lines', action='store_true')
    args = parser.parse_args()
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(top + '/kube/rules.rego', encoding='utf-8') as f:
        rules = f.read()
    data = '\npolicy_data := ' + json.dumps(policy_data(), indent=1) + '\n'
    containers()
    files()
    network()
    for kind in ALLOWED.split() + DENIED.split():
        case(kind, kind, {'container_id': CT}, kind in ALLOWED.split())
    if args.kata:
        kata(args.kata)
    CASES[:] = CASES[::args.every]
    wrong = recursive(rules)
    wrong += decide_by_opa(rules + data, args.opa) if args.opa else decide_by_regorus(rules + data)
    if args.lines:
        wrong += untested_lines(rules, data)
    if wrong:
        sys.exit('\n'.join(wrong))
    print('%d requests allowed, %d denied' % (sum(c['allowed'] for c in CASES), sum(not c['allowed'] for c in CASES)))


if __name__ == '__main__':
    main()
