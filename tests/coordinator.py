#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Coordinator on this machine, for sessions:

  tests/coordinator.py deploy FOLDER [KNOB...]      what a deployment is: FOLDER/manifest.json, policy.0, policy.1, root.pem, and
                                                    FOLDER/issuer, which makes evidence for its Coordinator; knobs of
                                                    tests/deployment.py
                                                    FOLDER/issuer.web likewise for a pod with policy.1
  tests/coordinator.py start FOLDER [SETTING...]    contrast-coordinator, found in PATH, on free ports of 127.0.0.1, with its
                                                    store in FOLDER/store; when it listens, its ports are in FOLDER/port.user,
                                                    port.mesh, port.http and port.probe, and its log is FOLDER/log
  tests/coordinator.py stop FOLDER [SIGNAL]         ends it (TERM) and waits until it is gone
  tests/coordinator.py post FOLDER PATH             POSTs standard input as JSON, prints status and body
  tests/coordinator.py get FOLDER API PATH          likewise; API is http or probe
  tests/coordinator.py body manifest FOLDER         what POST /v1/manifest takes
  tests/coordinator.py body nonce HEX               what POST /attest takes
"""
import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import time

import deployment

# Valid on whatever day a session runs.
ALWAYS = ('--ark-not-after 2120-01-01 --ask-not-after 2120-01-01 --asvk-not-after 2120-01-01 --leaf-not-after 2120-01-01 '
          '--crl-next-update 2120-01-01')
WAIT_SECONDS = 30


def path(folder, name):
    return os.path.join(folder, name)


def read(folder, name):
    with open(path(folder, name), encoding='utf-8') as f:
        return f.read()


def write(folder, name, content):
    with open(path(folder, name), 'w', encoding='utf-8') as f:
        f.write(content)


def deploy(folder, *knobs):
    sim = [ALWAYS]
    knobs = list(knobs)
    while '--sim' in knobs:
        at = knobs.index('--sim')
        sim.append(knobs[at + 1])
        del knobs[at:at + 2]
    deployment.main(['--out', folder, '--history', '1', '--sim', ' '.join(sim), *knobs])
    k = deployment.Knobs(['--out', folder, '--sim', ' '.join(sim), *knobs])
    report = deployment.report_of(k)
    write_issuer(folder, 'issuer', deployment.sim_words(k, report))
    report['host_data'] = deployment.sha256(deployment.POLICIES[1]).hex()
    write_issuer(folder, 'issuer.web', deployment.sim_words(k, report))


def write_issuer(folder, name, words):
    write(folder, name, '#!/bin/sh\nexec snp-sim serve %s\n' % ' '.join(words))
    os.chmod(path(folder, name), 0o755)


def listening(folder):
    """{api: port}, as the log says."""
    ports = {}
    for line in read(folder, 'log').splitlines():
        entry = json.loads(line)
        if entry['message'] == 'listening':
            ports[entry['api']] = entry['port']
    return ports


def start(folder, *settings):
    command = ['contrast-coordinator', '--store', 'dir:' + path(folder, 'store'), '--issuer', 'exec:' + os.path.abspath(path(folder, 'issuer')),
               '--insecure-root', path(folder, 'root.pem')]
    for api in ('user', 'mesh', 'http', 'probe'):
        command += ['--%s-address' % api, '127.0.0.1:0']
    if os.path.exists(path(folder, 'log')):
        os.remove(path(folder, 'log'))      # a process that has not ended yet may write to it
    with open(path(folder, 'log'), 'w', encoding='utf-8') as log:
        process = subprocess.Popen(command + list(settings), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    write(folder, 'pid', str(process.pid))
    until = time.monotonic() + WAIT_SECONDS
    while len(listening(folder)) < 4:
        if process.poll() is not None or time.monotonic() > until:
            sys.exit('contrast-coordinator does not listen:\n' + read(folder, 'log'))
        time.sleep(0.02)
    for api, port in listening(folder).items():
        write(folder, 'port.' + api, port)


def is_running(pid):
    try:
        with open('/proc/%d/stat' % pid, encoding='utf-8') as f:
            return f.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except (FileNotFoundError, ProcessLookupError):    # gone before the file was opened, or before it was read
        return False


def stop(folder, name='TERM'):
    pid = int(read(folder, 'pid'))
    os.kill(pid, getattr(signal, 'SIG' + name))
    until = time.monotonic() + WAIT_SECONDS
    while is_running(pid):
        if time.monotonic() > until:
            sys.exit('contrast-coordinator does not end')
        time.sleep(0.02)


def ask(folder, api, method, target, body=None):
    connection = http.client.HTTPConnection('127.0.0.1', int(read(folder, 'port.' + api)), timeout=WAIT_SECONDS)
    connection.request(method, target, body, {'Content-Type': 'application/json'} if body is not None else {})
    answer = connection.getresponse()
    print(answer.status)
    sys.stdout.flush()
    sys.stdout.buffer.write(answer.read())


def b64(folder, name):
    with open(path(folder, name), 'rb') as f:
        return base64.b64encode(f.read()).decode()


def body(kind, what):
    if kind == 'nonce':
        print(json.dumps({'nonce': base64.b64encode(bytes.fromhex(what)).decode()}))
    else:
        print(json.dumps({'manifest': b64(what, 'manifest.json'),
                          'policies': [b64(what, n) for n in sorted(os.listdir(what)) if n.startswith('policy.')]}))


VERBS = {'deploy': deploy, 'start': start, 'stop': stop, 'body': body,
         'post': lambda folder, target: ask(folder, 'http', 'POST', target, sys.stdin.buffer.read()),
         'get': lambda folder, api, target: ask(folder, api, 'GET', target)}

if __name__ == '__main__':
    if len(sys.argv) < 3 or sys.argv[1] not in VERBS:
        sys.exit(__doc__)
    VERBS[sys.argv[1]](*sys.argv[2:])
