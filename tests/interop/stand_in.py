#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""contrast verify -c against Coordinators that grpc-go plays: tests/interop/stand_in.py PROGRAM FOLDER

PROGRAM is that of tests/interop/grpc-go, FOLDER what tests/coordinator.py deploy has made; contrast is found in PATH.
"""
import os
import subprocess
import sys

# Way of the Coordinator: exit code, what contrast says.  What is good over this one channel proves nothing to others: 11.
WAYS = {
    'honest': (11, 'ALLOW: under a root given by hand'),
    'short-name': (11, 'ALLOW: under a root given by hand'),
    'tls-1.2': (9, 'handshake: TLS'),                                    # docs/differences.md
    'another-nonce': (8, 'report-data'),
    'key-of-another': (8, 'report-data'),
    'issuer-of-a-pod': (6, 'host-data'),
    'no-evidence': (9, 'no evidence'),
    'no-nonce': (9, 'want one name, have none'),
    'two-nonces': (9, 'want one name'),
    'another-manifest': (7, 'manifest.active'),
    'hidden-history': (7, 'history.latest'),
    'empty-history': (3, 'history.manifests'),
    'missing-policy': (7, 'policy.present'),
    'another-policy': (7, 'policy.present'),
    'root-ca-garbage': (3, 'root-ca.certificate'),
    'mesh-ca-of-another': (4, 'mesh-ca.signature'),
    'too-long': (9, 'RESOURCE_EXHAUSTED'),
    'in-recovery': (7, 'coordinator is in recovery mode'),
}


def judge(program, folder, way):
    """What is wrong with contrast's answer, or None."""
    code, text = WAYS[way]
    out = os.path.join(folder, 'verify.' + way)
    with subprocess.Popen([program, 'serve', folder, way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        address = '127.0.0.1:' + server.stdout.readline().decode().strip()
        done = subprocess.run(['contrast', 'verify', '-q', '-c', address, '--http', '127.0.0.1:1', '-m', folder + '/manifest.json',
                               '--insecure-root', folder + '/root.pem', '--out', out],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        server.stdin.close()
    if done.returncode != code or text not in done.stdout or os.path.exists(out) != (code == 11):
        return 'want exit %d and "%s", have exit %d: %s' % (code, text, done.returncode, done.stdout)
    return None


def main(program, folder):
    failed = 0
    for way in WAYS:
        wrong = judge(program, folder, way)
        failed += wrong is not None
        print('failed: grpc-go server: %s: %s' % (way, wrong) if wrong else 'passed: grpc-go server: ' + way, flush=True)
    print('%d passed, %d failed, 0 skipped' % (len(WAYS) - failed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
