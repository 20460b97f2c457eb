#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks for the secrets of a deployment in the memory of processes:

  tests/memory.py secrets SEED SALT MESH_CA KEEPER ID...    writes secrets.json: all that follows from the seed (64 bytes, a file)
                                                            and the salt (32 bytes, base64), and the key of the mesh CA in the
                                                            PEM file MESH_CA, which is found in the memory of process KEEPER;
                                                            ID... are those of workload secrets
  tests/memory.py search PID...       the names of secrets.json that any of the processes holds, one a line, with the form:
                                      raw, hex, base64 at any alignment, the last also across lines as PEM has it
  tests/memory.py fronts PID          the fronts of the Coordinator whose keeper this is
  tests/memory.py selftest            what is found of a secret that another process holds in one form or another

A secret counts as found when 8 of its bytes in a row, from a multiple of 8 on, are there: what has been freed may be
overwritten in part.  Own derivations: HKDF-SHA256 and the deterministic key generation by hmac and integers.
"""
import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import sys

import deployment

CHUNK = 8


def hkdf(secret, salt, info, length=64):
    key, block, out = hmac.new(salt, secret, 'sha256').digest(), b'', b''
    while len(out) < length:
        block = hmac.new(key, block + info + bytes([len(out) // 32 + 1]), 'sha256').digest()
        out += block
    return out[:length]


def det_keygen(seed):
    """P-384 of C2SP det-keygen: HMAC-DRBG with SHA-256; a first draw that is no scalar has never been seen."""
    k, v = bytes(32), b'\1' * 32
    for separator in (b'\0', b'\1'):
        k = hmac.new(k, v + separator + seed + b'det ECDSA key gen P-384', 'sha256').digest()
        v = hmac.new(k, v, 'sha256').digest()
    drawn = hmac.new(k, v, 'sha256').digest()
    return (drawn + hmac.new(k, drawn, 'sha256').digest())[:48]


# ---- memory -------------------------------------------------------------------------------------------------------

def regions(pid):
    """The bytes of each region that can be read.  The kernel's own pages are not the process's."""
    with open('/proc/%s/maps' % pid, encoding='utf-8') as f:
        lines = [re.match(r'([0-9a-f]+)-([0-9a-f]+) (\S+) .*?(\S*)$', line) for line in f.read().splitlines()]
    with open('/proc/%s/mem' % pid, 'rb', 0) as mem:
        for m in lines:
            if m[3][0] != 'r' or m[4] in ('[vvar]', '[vvar_vclock]', '[vsyscall]'):
                continue
            at, end = int(m[1], 16), int(m[2], 16)
            mem.seek(at)
            parts = []
            while at < end and (part := mem.read(min(end - at, 1 << 24))):
                parts.append(part)
                at += len(part)
            if at < end:
                sys.exit('process %s: %s cannot be read' % (pid, m[0]))
            yield b''.join(parts)


def chunks(data, size):
    return [data[i:i + size] for i in range(0, len(data) - size + 1, size)]


def forms(secret):
    """{form: the pieces by which it is known}"""
    text = secret.hex().encode()
    out = {'raw': chunks(secret, CHUNK), 'hex': chunks(text, 2 * CHUNK) + chunks(text.upper(), 2 * CHUNK), 'base64': []}
    for skipped in range(3):        # characters that hold bits of this secret alone, for each alignment
        whole = secret[skipped:]
        out['base64'] += chunks(base64.b64encode(whole[:len(whole) // 3 * 3]), 12)
    return out


def search(secrets, pids):
    """{(name, form)} that are in the memory of the processes."""
    wanted = [(name, form, piece) for name, value in secrets.items() for form, pieces in forms(bytes.fromhex(value)).items()
              for piece in pieces]
    found = set()
    for pid in pids:
        for region in regions(pid):
            joined = region.replace(b'\n', b'').replace(b'\\n', b'').replace(b'\r', b'')
            for name, form, piece in wanted:
                if (name, form) not in found and (piece in region or form == 'base64' and piece in joined):
                    found.add((name, form))
    return found


# ---- verbs --------------------------------------------------------------------------------------------------------

def mesh_key(certificate, keeper):
    """The scalar of the key in a certificate: what stands where an ECPrivateKey has it, and gives the certificate's point."""
    with open(certificate, encoding='ascii') as f:
        der = base64.b64decode(''.join(line for line in f.read().splitlines() if '-' not in line))
    at = der.index(bytes.fromhex('03620004')) + 3
    for region in regions(keeper):
        for m in re.finditer(b'\x02\x01\x01\x04\x30(.{48})', region, re.S):
            if deployment.point_bytes(deployment.multiply(int.from_bytes(m[1], 'big'), deployment.G)) == der[at:at + 97]:
                return m[1]
    sys.exit('the keeper has no key of the mesh CA')


def write_secrets(seed_file, salt, certificate, keeper, *ids):
    with open(seed_file, 'rb') as f:
        seed = f.read()
    salt = base64.b64decode(salt)
    pods = hkdf(seed, salt, b'POD STATE SECRET')
    secrets = {'seed': seed, 'salt': salt, 'pod state': pods,
               'transaction key seed': hkdf(seed, salt, b'TRANSACTION SIGNING SECRET'),
               'root key seed': hkdf(seed, salt, b'ROOT CA SEED'), 'mesh key': mesh_key(certificate, keeper)}
    secrets['transaction key'] = det_keygen(secrets['transaction key seed'])
    secrets['root key'] = det_keygen(secrets['root key seed'])
    for name in ids:
        secrets['secret of ' + name] = hkdf(pods, salt, b'WORKLOAD SECRET ID: ' + name.encode())
    with open('secrets.json', 'w', encoding='utf-8') as f:
        json.dump({name: value.hex() for name, value in secrets.items()}, f)


def read_secrets():
    with open('secrets.json', encoding='utf-8') as f:
        return json.load(f)


def print_search(*pids):
    found = search(read_secrets(), pids)
    for name, form in sorted(found):
        print('%s: %s' % (name, form))


def program_of(pid):
    """'' for what has ended."""
    try:
        return os.readlink('/proc/%s/exe' % pid)
    except FileNotFoundError:
        return ''


def name_of(pid):
    with open('/proc/%s/comm' % pid, encoding='ascii') as f:
        return f.read().strip()


def fronts(keeper):
    """Of the keeper's program and name, which the fetchers have changed."""
    with open('/proc/%s/task/%s/children' % (keeper, keeper), encoding='ascii') as f:
        return [c for c in f.read().split() if program_of(c) == program_of(keeper) and name_of(c) == name_of(keeper)]


def print_fronts(keeper):
    print(' '.join(fronts(keeper)))


HOLDER = 'import os; held = os.read(0, 65536); os.write(1, b"."); os.read(0, 1)'


def found_in_child(secret, planted):
    child = subprocess.Popen([sys.executable, '-c', HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    child.stdin.write(planted)
    child.stdout.read(1)
    found = {form for _, form in search({'it': secret.hex()}, [child.pid])}
    child.stdin.close()
    child.wait()
    child.stdout.close()
    return ' '.join(sorted(found)) or 'nothing'


def print_selftest():
    secret, other = os.urandom(64), os.urandom(64)
    planted = {'whole': secret, 'eight bytes of it': b'-' + secret[24:32] + b'-', 'fifteen bytes': b'-' + secret[17:32] + b'-',
               'hex': secret.hex().encode(), 'HEX': secret.hex().upper().encode(), 'another': other + base64.b64encode(other),
               'PEM': base64.encodebytes(b'0123456789' * 7 + secret).replace(b'\n', b'\r\n'),
               'PEM in JSON': json.dumps(base64.encodebytes(b'0123456789' * 7 + secret).decode()).encode()}
    for front in (b'', b'a', b'ab'):
        planted['base64 after %d' % len(front)] = base64.b64encode(front + secret + b'z')
    for name, content in planted.items():
        print('%s: %s' % (name, found_in_child(secret, content)))


VERBS = {'secrets': write_secrets, 'search': print_search, 'fronts': print_fronts, 'selftest': print_selftest}

if __name__ == '__main__':
    if len(sys.argv) < 2 or sys.argv[1] not in VERBS:
        sys.exit(__doc__)
    VERBS[sys.argv[1]](*sys.argv[2:])
