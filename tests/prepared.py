#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether prepared YAML says what it should, by another reader of YAML: tests/prepared.py CLASS HOST REPLACEMENTS BEFORE AFTER

Reads both files with PyYAML, makes of the first, by the specification, what has to be in the second, and compares.  Prints
"as it should be" or the first difference.  Knows nothing of how the program writes.
"""
import sys

import yaml

PREFIX = 'contrast.edgeless.systems/'
PODS = {('v1', 'Pod'): [], ('batch/v1', 'CronJob'): ['spec', 'jobTemplate', 'spec', 'template']}
PODS.update({('apps/v1', kind): ['spec', 'template'] for kind in ('Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet')})
PODS.update({('v1', 'ReplicationController'): ['spec', 'template'], ('batch/v1', 'Job'): ['spec', 'template']})
MOUNT = {'name': 'contrast-secrets', 'mountPath': '/contrast'}


def annotations(holder):
    found = (holder.get('metadata') or {}).get('annotations') or {}
    return {k[len(PREFIX):]: v for k, v in found.items() if k.startswith(PREFIX)}


def ensure_volume(spec, name):
    spec['volumes'] = spec.get('volumes') or []
    if name not in [v['name'] for v in spec['volumes']]:
        spec['volumes'].append({'name': name, 'emptyDir': {'medium': 'Memory'}})


def ensure_mounts(spec):
    for c in spec['containers'] + (spec.get('initContainers') or []):
        if c['name'] in ('contrast-initializer', 'contrast-service-mesh'):
            continue
        mounts = c.get('volumeMounts') or []
        at = [m['name'] for m in mounts].index(MOUNT['name']) if MOUNT['name'] in [m['name'] for m in mounts] else len(mounts)
        c['volumeMounts'] = [m for m in mounts if m['name'] != MOUNT['name']]
        c['volumeMounts'].insert(at, dict(MOUNT))


def initializer(host, secure_pv, spec):
    c = {'name': 'contrast-initializer', 'image': 'contrast/initializer:VERSION',
         'env': [{'name': 'COORDINATOR_HOST', 'value': host}],
         'resources': {'requests': {'memory': '50Mi'}, 'limits': {'memory': '50Mi'}}, 'volumeMounts': [dict(MOUNT)]}
    if secure_pv is not None:
        device, mount = secure_pv.split(':')
        ensure_volume(spec, mount)
        c['env'].append({'name': 'CRYPTSETUP_DEVICE', 'value': '/dev/csi0'})
        c['volumeDevices'] = [{'name': device, 'devicePath': '/dev/csi0'}]
        c['volumeMounts'].append({'name': mount, 'mountPath': '/state', 'mountPropagation': 'Bidirectional'})
        c['securityContext'] = {'privileged': True}
        c['resources'] = {'requests': {'memory': '100Mi'}, 'limits': {'memory': '100Mi'}}
        c['startupProbe'] = {'exec': {'command': ['/bin/test', '-f', '/done']}, 'periodSeconds': 5, 'failureThreshold': 20}
        c['restartPolicy'] = 'Always'
    return c


def proxy(found):
    c = {'name': 'contrast-service-mesh', 'image': 'contrast/service-mesh-proxy:VERSION', 'restartPolicy': 'Always',
         'args': ['-l', 'debug'], 'volumeMounts': [dict(MOUNT)],
         'securityContext': {'privileged': True, 'capabilities': {'add': ['NET_ADMIN']}},
         'startupProbe': {'exec': {'command': ['test', '-f', '/ready']}, 'initialDelaySeconds': 1, 'periodSeconds': 5,
                          'failureThreshold': 5}}
    env = [{'name': variable, 'value': found[key]}
           for key, variable in (('servicemesh-ingress', 'CONTRAST_INGRESS_PROXY_CONFIG'),
                                 ('servicemesh-egress', 'CONTRAST_EGRESS_PROXY_CONFIG'),
                                 ('servicemesh-admin-interface-port', 'CONTRAST_ADMIN_PORT')) if found.get(key)]
    if env:
        c['env'] = env
    if found.get('servicemesh-admin-interface-port'):
        c['ports'] = [{'name': 'contrast-admin', 'containerPort': int(found['servicemesh-admin-interface-port'])}]
    return c


def inject(o, runtime_class, host, images):
    pod = o
    for key in PODS.get((o['apiVersion'], o['kind']), [None]):
        pod = pod[key] if key else None
    spec = (pod or {}).get('spec') or {}
    if not str(spec.get('runtimeClassName', '')).startswith(('contrast-cc', 'kata-cc-isolation')):
        return
    found = {**annotations(o), **annotations(pod)}
    spec['runtimeClassName'] = runtime_class
    if found.get('pod-role') != 'coordinator':
        init = [c for c in spec.get('initContainers') or []]
        if found.get('skip-initializer') != 'true':
            ensure_volume(spec, 'contrast-secrets')
            ensure_mounts(spec)
            init = [initializer(host, found.get('secure-pv'), spec)] + [c for c in init if c['name'] != 'contrast-initializer']
        if any(k.startswith('servicemesh-') for k in found):
            ensure_volume(spec, 'contrast-secrets')
            init = [c for c in init if c['name'] != 'contrast-service-mesh'] + [proxy(found)]
        if init:
            spec['initContainers'] = init
    for c in (spec.get('initContainers') or []) + spec['containers']:
        c['image'] = images.get(c['image'], c['image'])


def objects(documents):
    for d in documents:
        if d and d['kind'] == 'List':
            yield from d['items']
        elif d:
            yield d


def main():
    runtime_class, host, replacements, before, after = sys.argv[1:]
    with open(replacements, encoding='utf-8') as f:
        images = dict([x.strip() for x in line.split('=', 1)] for line in f if '=' in line and line[0] != '#')
    with open(before, 'rb') as f:
        want = list(yaml.safe_load_all(f))
    with open(after, 'rb') as f:
        have = list(yaml.safe_load_all(f))
    for o in objects(want):
        inject(o, runtime_class, host, images)
    if want == have:
        print('as it should be')
        return
    a, b = (yaml.safe_dump_all(x).split('\n') for x in (want, have))
    sys.exit(next('want %r, have %r' % pair for pair in zip(a + [''], b + ['']) if pair[0] != pair[1]))


main()
