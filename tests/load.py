#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many and hostile clients of a Coordinator that tests/coordinator.py has started in FOLDER:

  tests/load.py idle FOLDER COUNT COMMAND     opens COUNT connections that say nothing, or the beginning of something and a byte
                                              of it now and then, and runs the shell's COMMAND while they are open
  tests/load.py fleeting FOLDER COUNT         opens COUNT connections to the Mesh API and resets each at once
  tests/load.py hostile FOLDER ROUNDS COUNT   ROUNDS of COUNT connections each with what is below corpus/: handshakes, HTTP and
                                              JSON, gRPC inside TLS; half of them do not wait for an answer.  Each round begins
                                              with the same number.  Ends with 1 when the Coordinator holds more than 1.1 times
                                              as much memory after the last round as after the first.

Each client has an address of its own below 127.0.0.0/8, or the loopback would run out of ports.
"""
import os
import random
import resource
import socket
import ssl
import struct
import subprocess
import sys
import time

import coordinator
import memory

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESIDENT_RATIO = 1.1
OPEN_AT_ONCE = 64
PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
TLS_EACH = 50           # one connection of so many shakes hands: each costs the Coordinator evidence


def corpus(*targets):
    found = []
    for target in targets:
        for folder, _, names in os.walk(os.path.join(TOP, 'corpus', target)):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    found.append(f.read())
    return sorted(found)


def ports(folder):
    return {api: int(coordinator.read(folder, 'port.' + api)) for api in ('user', 'mesh', 'http', 'probe')}


def connect(port, number):
    s = socket.socket()
    s.settimeout(30)
    s.setsockopt(socket.IPPROTO_IP, 24, 1)      # IP_BIND_ADDRESS_NO_PORT
    s.bind(('127.%d.%d.%d' % (1 + number // 62500 % 250, number // 250 % 250, 1 + number % 250), 0))
    s.connect(('127.0.0.1', port))
    return s


# ---- idle and slow ones -----------------------------------------------------------------------------------------------

SLOW = (b'', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(400), b'POST /attest HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"nonce":"')


def idle(folder, count, command):
    p, count = ports(folder), int(count)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    held = []
    for n in range(count):
        said = SLOW[n % len(SLOW)]
        s = connect(p['http'] if said.startswith(b'POST') else p['user'], n)
        s.send(said[:1 + n % 20] if said else b'')
        held.append((s, said))
    worker = subprocess.Popen(['bash', '-c', command])
    turn = 0
    while worker.poll() is None:
        turn += 1
        for s, said in held[turn % 10::10]:
            try:
                s.send(said[20 + turn % 100:21 + turn % 100])
            except OSError:
                pass        # it was ended, and may be
        time.sleep(0.1)
    still = sum(1 for s, _ in held if is_open(s))
    print('%d connections, of which %d are open at the end' % (count, still), file=sys.stderr)
    return worker.returncode


def is_open(s):
    s.setblocking(False)
    try:
        return s.recv(65536) != b''
    except BlockingIOError:
        return True
    except OSError:
        return False


def fleeting(folder, count):
    port = ports(folder)['mesh']
    for n in range(int(count)):
        s = connect(port, n)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        s.close()
    return 0


# ---- hostile ones -----------------------------------------------------------------------------------------------------

def say(s, data, wait):
    """Sends, and reads what comes until the end, if at all."""
    try:
        s.sendall(data)
        if wait:
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass
    except OSError:
        pass            # a reset is an answer, too


def say_in_tls(port, number, data, wait):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(['atls:v1:nonce:' + os.urandom(32).hex(), 'h2'])
    with connect(port, number) as s:
        try:
            s = context.wrap_socket(s)
            s.sendall(PREFACE + data)
            if wait:
                s.settimeout(0.2)
                while s.recv(65536):
                    pass
        except OSError:
            pass
        s.close()


def hostile_round(p, count, inputs, random_):
    held = []
    for n in range(count):
        wait = random_.random() < 0.5
        if n % TLS_EACH == 0:
            say_in_tls(p['user'], n, random_.choice(inputs['grpc']), wait)
            continue
        api, kind = random_.choice((('user', 'hello'), ('mesh', 'hello'), ('http', 'http'), ('probe', 'http'), ('http', 'body')))
        data = random_.choice(inputs[kind])
        if kind == 'body':
            data = b'POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % (
                random_.choice((b'/attest', b'/v1/attest', b'/v1/manifest')), len(data)) + data
        s = connect(p[api], n)
        say(s, data, wait)
        held.append(s)
        if len(held) > OPEN_AT_ONCE:
            held.pop(0).close()
    for s in held:
        s.close()


def processes(folder):
    keeper = coordinator.read(folder, 'pid')
    return [keeper] + memory.fronts(keeper)


def resident(folder):
    """Kilobytes of all processes, once their connections are over."""
    total = 0
    for pid in processes(folder):
        with open('/proc/%s/status' % pid, encoding='utf-8') as f:
            total += sum(int(line.split()[1]) for line in f if line.startswith(('RssAnon:', 'RssShmem:')))
    return total


def descriptors(folder):
    return sum(len(os.listdir('/proc/%s/fd' % pid)) for pid in processes(folder))


def settle(folder, before):
    until = time.monotonic() + 60
    while descriptors(folder) > before and time.monotonic() < until:
        time.sleep(0.2)
    return descriptors(folder) <= before


def hostile(folder, rounds, count):
    p, count, sizes = ports(folder), int(count), []
    inputs = {'hello': corpus('client_hello', 'atls'), 'http': corpus('http1', 'http1_server'), 'grpc': corpus('grpc_server'),
              'body': corpus('http_request', 'json')}
    before = descriptors(folder)
    for _ in range(int(rounds)):
        began = time.monotonic()
        hostile_round(p, count, inputs, random.Random(1))
        took = time.monotonic() - began
        if not settle(folder, before):
            print('%d connections are not let go of' % (descriptors(folder) - before))
            return 1
        sizes.append(resident(folder))
        print('%d connections, %.0f a second; the Coordinator holds %d KiB' % (count, count / took, sizes[-1]))
        sys.stdout.flush()
    good = sizes[-1] <= RESIDENT_RATIO * sizes[0]
    print('the last round %s 1.1 of the first' % ('is within' if good else 'is above'))
    return 0 if good else 1


if __name__ == '__main__':
    verbs = {('idle', 5): idle, ('fleeting', 4): fleeting, ('hostile', 5): hostile}
    if (*sys.argv[1:2], len(sys.argv)) not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1], len(sys.argv)](*sys.argv[2:]))
