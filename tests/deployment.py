#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Coordinator that answers to /attest, as far as an auditor can see it: tests/deployment.py --out FOLDER [KNOB...]

Its own reading of the protocol, without a line of the verifier: hashes by hashlib, P-384, DER and JSON by hand.  The report
is made by snp-sim, found in PATH.  Equal knobs give equal bytes.

  --binding attest|attest-v1|atls what REPORT_DATA binds; default attest; atls: the key in tls-key.der and the nonce
  --product milan|genoa           default milan
  --history N                     manifests, the last of them active; default 2
  --nonce HEX                     default 00 01 .. 1f
  --bind NAME=HEX                 bind this in place of nonce, transition, root_ca, mesh_ca or capabilities
  --manifest POINTER=JSON         change the active manifest; POINTER=- removes
  --old-manifest POINTER=JSON     change the first one
  --raw-manifest FILE             the active manifest, as it is
  --policy +TEXT | -NUMBER        one more policy that nobody names; or leave one out
  --host-data HEX                 default: the hash of the Coordinator's policy
  --ca ROLE:KNOB=VALUE            root or mesh: cn, issuer, alg (sha256), key (p256), bc, ku, ski, aki, not-before, not-after, signer
                                  (other), same-key, twice
  --sim "OPTION..."               for snp-sim, after our own

Files: answer.json nonce manifest.json manifest.N.json policy.N root-ca.pem mesh-ca.pem history capabilities.json, and those of
snp-sim, of which root.pem is the root to give by hand.  With atls also tls-key.der.
"""
import base64
import datetime
import functools
import hashlib
import hmac
import json
import os
import subprocess
import sys

# ---- P-384 (FIPS 186-5, SEC 2) --------------------------------------------------------------------------------------

P = 2**384 - 2**128 - 2**96 + 2**32 - 1
N = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
B = 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef
G = (0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
     0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f)


def add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and (p[1] + q[1]) % P == 0:
        return None
    slope = (3 * p[0] * p[0] - 3) * pow(2 * p[1], -1, P) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


@functools.lru_cache(maxsize=None)
def multiply(k, p):
    result = None
    for bit in bin(k % N)[2:]:
        result = add(result, result)
        if bit == '1':
            result = add(result, p)
    return result


def scalar(label):
    return int.from_bytes(hashlib.sha512(label.encode()).digest(), 'big') % (N - 1) + 1


def point_bytes(p):
    return b'\x04' + p[0].to_bytes(48, 'big') + p[1].to_bytes(48, 'big')


def sign(key, digest):
    k = int.from_bytes(hmac.new(key.to_bytes(48, 'big'), digest, 'sha512').digest(), 'big') % (N - 1) + 1
    r = multiply(k, G)[0] % N
    s = pow(k, -1, N) * (int.from_bytes(digest[:48], 'big') + r * key) % N
    return sequence(integer(r), integer(s))


def id_key_digest(measurement, policy):
    """SHA-384 of the key under which r = 2, s = 1 signs the ID block (protocol, 4.4)."""
    block = measurement + b'\1' + bytes(15) + b'\2' + bytes(15) + (1).to_bytes(4, 'little') + (2).to_bytes(4, 'little')
    z = int.from_bytes(hashlib.sha384(block + policy.to_bytes(8, 'little')).digest(), 'big')
    y = pow(8 - 6 + B, (P + 1) // 4, P)
    half = pow(2, -1, N)
    keys = [add(multiply(half, (2, v)), multiply(-z * half, G)) for v in (y, P - y)]
    x, y = min(keys)
    blob = (2).to_bytes(4, 'little') + x.to_bytes(72, 'little') + y.to_bytes(72, 'little')
    return hashlib.sha384(blob + bytes(0x404 - len(blob))).digest()


# ---- DER ------------------------------------------------------------------------------------------------------------

def tlv(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82]) + n.to_bytes(2, 'big')
    return bytes([tag]) + length + content


def sequence(*parts):
    return tlv(0x30, b''.join(parts))


def integer(n):
    return tlv(2, n.to_bytes(n.bit_length() // 8 + 1, 'big'))


OID = {'ecdsa-sha384': '2a8648ce3d040303', 'ecdsa-sha256': '2a8648ce3d040302', 'ec': '2a8648ce3d0201', 'p384': '2b81040022',
       'p256': '2a8648ce3d030107', 'cn': '550403', 'bc': '551d13', 'ku': '551d0f', 'ski': '551d0e', 'aki': '551d23'}


def oid(name):
    return tlv(6, bytes.fromhex(OID[name]))


def name_of(cn):
    return sequence(tlv(0x31, sequence(oid('cn'), tlv(0x13, cn.encode()))))


def time_of(text):
    return tlv(0x17, datetime.datetime.fromisoformat(text).strftime('%y%m%d%H%M%SZ').encode())


def extension(name, critical, value):
    return sequence(oid(name), tlv(1, b'\xff') if critical else b'', tlv(4, value))


def extensions_of(knobs, key_id):
    parts = []
    if knobs.get('bc') != 'absent':
        value = {'false': sequence(), 'path-length': sequence(tlv(1, b'\xff'), integer(0))}.get(knobs.get('bc'))
        parts.append(extension('bc', knobs.get('bc') != 'uncritical', value or sequence(tlv(1, b'\xff'))))
    if knobs.get('ku') != 'absent':
        parts.append(extension('ku', True, tlv(3, bytes.fromhex(knobs.get('ku', '0284')))))
    if knobs.get('ski') != 'absent':
        parts.append(extension('ski', False, tlv(4, key_id)))
    if 'aki' in knobs:
        parts.append(extension('aki', False, sequence(tlv(0x80, key_id))))
    return tlv(0xa3, sequence(*parts))


def certificate(cn, key, knobs):
    """One of the Coordinator's CAs (protocol, 6), self-signed, in PEM."""
    point = point_bytes(multiply(key, G))
    algorithm = sequence(oid('ecdsa-' + knobs.get('alg', 'sha384')))
    key_id = hashlib.sha1(point).digest()
    tbs = sequence(
        tlv(0xa0, integer(2)), integer(scalar('serial ' + cn) >> 260), algorithm, name_of(knobs.get('issuer', knobs.get('cn', cn))),
        sequence(time_of(knobs.get('not-before', '2026-05-31T23:00:00')), time_of(knobs.get('not-after', '2036-05-31T00:00:00'))),
        name_of(knobs.get('cn', cn)),
        sequence(sequence(oid('ec'), oid(knobs.get('key', 'p384'))), tlv(3, b'\0' + point)), extensions_of(knobs, key_id))
    signer = scalar('somebody else') if knobs.get('signer') == 'other' else key
    der = sequence(tbs, algorithm, tlv(3, b'\0' + sign(signer, hashlib.sha384(tbs).digest())))
    text = base64.b64encode(der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    pem = '-----BEGIN CERTIFICATE-----\n' + '\n'.join(lines) + '\n-----END CERTIFICATE-----\n'
    return (pem * (2 if 'twice' in knobs else 1)).encode()


# ---- the deployment -------------------------------------------------------------------------------------------------

PRODUCTS = {'milan': 'Milan', 'genoa': 'Genoa'}
POLICIES = [b'package agent_policy\n\ndefault AllowRequestsFailingPolicy := false\n# coordinator\n',
            b'version = "0.1.0"\nalgorithm = "sha256"\n\n[data]\n"policy.rego" = \'\'\'\npackage agent_policy\n\'\'\'\n']
GUEST_POLICY = 0x30000
MEASUREMENT = hashlib.sha384(b'a launch').digest()


def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def manifest_of(product, generation):
    """As the CLI writes it: keys sorted as Go sorts them, two spaces."""
    return {
        'Policies': {
            sha256(POLICIES[0]).hex(): {'SANs': ['coordinator', '*'], 'Role': 'coordinator'},
            sha256(POLICIES[1]).hex(): {'SANs': ['web', '*'] + ['web%d' % i for i in range(max(0, generation - 8), generation)],
                                        'WorkloadSecretID': 'apps/v1/Deployment/default/web'},
        },
        'ReferenceValues': {'snp': [{
            'ProductName': PRODUCTS[product],
            'TrustedMeasurement': MEASUREMENT.hex(),
            'MinimumTCB': {'BootloaderVersion': 3, 'TEEVersion': 0, 'SNPVersion': 8, 'MicrocodeVersion': 115},
            'GuestPolicy': {'ABIMinor': 0, 'ABIMajor': 0, 'SMT': True, 'MigrateMA': False, 'Debug': False,
                            'SingleSocket': False, 'CXLAllowed': False, 'MemAES256XTS': False, 'RAPLDis': False,
                            'CipherTextHidingDRAM': False, 'PageSwapDisable': False},
            'PlatformInfo': {'SMTEnabled': True, 'TSMEEnabled': True, 'ECCEnabled': False, 'RAPLDisabled': False,
                             'CiphertextHidingDRAMEnabled': False, 'AliasCheckComplete': False, 'TIOEnabled': False},
            'MinimumMitigationVector': 0,
            'AllowedChipIDs': [],
            'CPUs': 1,
        }]},
        'WorkloadOwnerKeyDigests': [sha256(b'a workload owner').hex()],
        'SeedshareOwnerPubKeys': [],
    }


def change(document, edits):
    for edit in edits:
        pointer, value = edit.split('=', 1)
        *path, last = [part.replace('~1', '/').replace('~0', '~') for part in pointer.split('/')[1:]]
        at = document
        for part in path:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if isinstance(at, list):
            last = int(last) if last != '-' else len(at)
        if value == '-':
            del at[last]
        elif isinstance(at, list) and last == len(at):
            at.append(json.loads(value))
        else:
            at[last] = json.loads(value)
    return json.dumps(document, indent=2).encode()


class Knobs:
    """Every option that was given, as a list."""

    def __init__(self, arguments):
        self.given = {}
        for name, value in zip(arguments[::2], arguments[1::2]):
            self.given.setdefault(name, []).append(value)
        known = {line.split()[0] for line in __doc__.split('\n') if line.startswith('  --')} | {'--out'}
        if len(arguments) % 2 or set(self.given) - known:
            sys.exit(__doc__)

    def all(self, name):
        return self.given.get(name, [])

    def one(self, name, default=None):
        return self.all(name)[-1] if self.all(name) else default

    def ca(self, role):
        return dict((e.split(':', 1)[1].split('=', 1) + [''])[:2] for e in self.all('--ca') if e.startswith(role + ':'))


def make_manifests(k):
    product, count = k.one('--product', 'milan'), int(k.one('--history', '2'))
    manifests = [change(manifest_of(product, i), k.all('--manifest') if i == count - 1 else []) for i in range(count)]
    if k.all('--old-manifest'):
        manifests[0] = change(manifest_of(product, 0), k.all('--old-manifest'))
    if k.one('--raw-manifest'):
        with open(k.one('--raw-manifest'), 'rb') as f:
            manifests[-1] = f.read()
    return manifests


def make_policies(k):
    policies = [p for i, p in enumerate(POLICIES) if '-%d' % i not in k.all('--policy')]
    return policies + [e[1:].encode() for e in k.all('--policy') if e.startswith('+')]


def make_history(manifests):
    chain = [bytes(32)]
    for m in manifests:
        chain.append(sha256(sha256(m), chain[-1]))
    return chain[1:]


def report_of(k):
    """What a Coordinator's report says besides REPORT_DATA; the guest's launch is the manifest's."""
    host_data = bytes.fromhex(k.one('--host-data', sha256(POLICIES[0]).hex()))
    return {'host_data': host_data.hex(), 'measurement': MEASUREMENT.hex(), 'policy': str(GUEST_POLICY), 'guest_svn': '2',
            'family_id': '01' + '00' * 15, 'image_id': '02' + '00' * 15,
            'id_key_digest': id_key_digest(MEASUREMENT, GUEST_POLICY).hex(), 'author_key_digest': '00' * 48}


def sim_words(k, report):
    """What snp-sim is told, to make the protobuf of this report."""
    words = ['--product', k.one('--product', 'milan'), '--envelope', 'protobuf']
    for field, value in report.items():
        words += ['--report', '%s=%s' % (field, value)]
    return words + k.one('--sim', '').split()


def attest(k, folder, report_data):
    report = {**report_of(k), 'report_data': report_data.hex()}
    subprocess.run(['snp-sim', '--out', folder, *sim_words(k, report)], check=True)
    with open(os.path.join(folder, 'evidence.bin'), 'rb') as f:
        return f.read()


def main(arguments):
    k = Knobs(arguments)
    folder = k.one('--out')
    if not folder:
        sys.exit(__doc__)
    os.makedirs(folder, exist_ok=True)
    root_key = scalar('root')
    mesh_key = root_key if 'same-key' in k.ca('mesh') else scalar('mesh')
    files = {'root-ca.pem': certificate('system:coordinator:root', root_key, k.ca('root')),
             'mesh-ca.pem': certificate('system:coordinator:intermediate', mesh_key, k.ca('mesh')),
             'capabilities.json': b'{"api_versions":["v1"]}\n'}
    manifests, policies = make_manifests(k), make_policies(k)
    history = make_history(manifests)
    bound = {'nonce': bytes.fromhex(k.one('--nonce', bytes(range(32)).hex())), 'transition': history[-1],
             'root_ca': sha256(files['root-ca.pem']), 'mesh_ca': sha256(files['mesh-ca.pem'])}
    nonce = bound['nonce']
    if k.one('--binding') == 'attest-v1':
        bound['capabilities'] = sha256(files['capabilities.json'])
    bound.update((name, bytes.fromhex(value)) for name, value in (e.split('=') for e in k.all('--bind')))
    report_data = sha256(*bound.values()) + bytes(32)
    if k.one('--binding') == 'atls':
        files['tls-key.der'] = sequence(sequence(oid('ec'), oid('p384')), tlv(3, b'\0' + point_bytes(multiply(scalar('tls'), G))))
        report_data = hashlib.sha512(files['tls-key.der'] + nonce).digest()
    document = attest(k, folder, report_data)

    def b64(data):
        return base64.b64encode(data).decode()
    answer = {'version': 'v1.12.0', 'raw_attestation_doc': b64(document), 'attestation_type': [1, 3, 9901, 2, 1],
              'manifests': [b64(m) for m in manifests], 'policies': [b64(p) for p in policies],
              'root_ca': b64(files['root-ca.pem']), 'mesh_ca': b64(files['mesh-ca.pem'])}
    files['answer.json'] = json.dumps(answer, separators=(',', ':')).encode() + b'\n'
    files['nonce'] = nonce.hex().encode() + b'\n'
    files['history'] = b''.join(t.hex().encode() + b'\n' for t in history)
    files['manifest.json'] = manifests[-1]
    files.update(('manifest.%d.json' % i, m) for i, m in enumerate(manifests))
    files.update(('policy.%d' % i, p) for i, p in enumerate(policies))
    for name, content in files.items():
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(content)


if __name__ == '__main__':
    main(sys.argv[1:])
