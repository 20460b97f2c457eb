#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a store holds after a Coordinator's end in the middle of SetManifest; contrast-coordinator is found in PATH.

  tests/faults.py kill FOLDER [EVERY]     SIGKILL at each system call of the front with the store (or at each EVERYth), while
                                          a first manifest is set and while another one follows it
  tests/faults.py power FOLDER            the loss of power after each system call: what was not synced is gone, or is there
                                          by name but not by content, or is there

FOLDER is made by tests/coordinator.py deploy; FOLDER/set.0 and FOLDER/set.1 are what POST /v1/manifest takes, one after the
other.  Each time the history is read without our programs, and a Coordinator is started on it: it has to start, and to know
whether there is a history.  A manifest that was acknowledged has to be there; any other is there with all that it names, or
not at all.
"""
import base64
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import coordinator

WAIT_SECONDS = 60


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def content(path):
    with open(path, 'rb') as f:
        return f.read()


# ---- what is there --------------------------------------------------------------------------------------------------

def named(store, shelf, name):
    data = content(os.path.join(store, shelf, name))
    if sha256(data) != name:
        raise ValueError('%s/%s holds something else' % (shelf, name))
    return data


def history(store):
    """The hashes of the manifests from the first on; all that they name is there, or this raises."""
    latest = os.path.join(store, 'transitions/latest')
    if not os.path.exists(latest):
        return []
    found, at = [], content(latest)[:32].hex()
    while at != '00' * 32:
        transition = named(store, 'transitions', at)
        manifest, at = transition[:32].hex(), transition[32:].hex()
        for policy in json.loads(named(store, 'manifests', manifest))['Policies']:
            named(store, 'policies', policy)
        found.insert(0, manifest)
    return found


def post(folder, path, body):
    """Status and body; 0 when the connection broke before there was an answer."""
    connection = http.client.HTTPConnection('127.0.0.1', int(coordinator.read(folder, 'port.http')), timeout=WAIT_SECONDS)
    try:
        connection.request('POST', path, body, {'Content-Type': 'application/json'})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (ConnectionError, http.client.HTTPException):
        return 0, b''
    finally:
        connection.close()


def set_manifest(folder, i):
    return post(folder, '/v1/manifest', content(coordinator.path(folder, 'set.%d' % i)))[0]


def restart(folder, has_history):
    """A Coordinator on what is there says what it needs; without a history it takes one."""
    coordinator.start(folder)
    status, answer = post(folder, '/attest', json.dumps({'nonce': base64.b64encode(b'7' * 32).decode()}))
    want = b'needs_recovery' if has_history else b'no_manifest'
    good = status == 412 and want in answer and (has_history or set_manifest(folder, 0) == 200)
    coordinator.stop(folder)
    return good


def judge(folder, manifests, acknowledged):
    """How many manifests are there, and what is wrong with FOLDER/store, or ''."""
    try:
        found = history(coordinator.path(folder, 'store'))
    except (OSError, ValueError) as e:
        return 0, str(e)
    if found != manifests[:len(found)] or len(found) < acknowledged:
        return len(found), '%d manifests are there, %d were acknowledged' % (len(found), acknowledged)
    return len(found), '' if restart(folder, len(found) > 0) else 'the next Coordinator does not take it'


# ---- SIGKILL --------------------------------------------------------------------------------------------------------

def has_open(pid, path):
    """A descriptor, or the process, may go while it is looked at: what is gone is not it."""
    folder = '/proc/%s/fd' % pid
    for fd in os.listdir(folder) if os.path.isdir(folder) else []:
        try:
            if os.readlink(os.path.join(folder, fd)) == path:
                return True
        except (FileNotFoundError, ProcessLookupError):
            pass
    return False


def front_with_store(folder):
    """The process, but for the keeper, that holds the lock of the store."""
    keeper, lock = coordinator.read(folder, 'pid'), os.path.abspath(coordinator.path(folder, 'store/lock'))
    with open('/proc/%s/task/%s/children' % (keeper, keeper), encoding='ascii') as f:
        for pid in f.read().split():
            if has_open(pid, lock):
                return pid
    return sys.exit('no front has the store')


def trace(folder, threads, *options):
    """strace, once it is attached: to one process with all of its threads, or to single threads."""
    command = ['strace', '-o', coordinator.path(folder, 'trace'), *(['-f'] if len(threads) == 1 else []), *options]
    for thread in threads:
        command += ['-p', thread]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    for _ in threads:
        line = tracer.stderr.readline()
        if b'attached' not in line:
            sys.exit('strace %r does not attach: %r' % (command, line))
    return tracer


def end_tracer(tracer):
    tracer.send_signal(signal.SIGINT)
    tracer.wait()
    tracer.stderr.close()


def prepare(folder, before):
    """A Coordinator with the first `before` manifests set; the threads of the front to trace, and how."""
    shutil.rmtree(coordinator.path(folder, 'store'), ignore_errors=True)
    coordinator.start(folder)
    for i in range(before):
        if set_manifest(folder, i) != 200:
            sys.exit('manifest %d is not taken' % i)
    pid = front_with_store(folder)
    return pid, sorted(os.listdir('/proc/%s/task' % pid), key=int)


def await_end(folder):
    until = time.monotonic() + WAIT_SECONDS
    while coordinator.is_running(int(coordinator.read(folder, 'pid'))):
        if time.monotonic() > until:
            sys.exit('the Coordinator outlives its front')
        time.sleep(0.01)


def remove_traces(folder):
    for name in os.listdir(folder):
        if name.startswith('trace'):
            os.remove(coordinator.path(folder, name))


def record(folder, before, pick):
    """The (call, number) that one of the picked threads makes while a manifest is set."""
    pid, threads = prepare(folder, before)
    remove_traces(folder)
    tracer = trace(folder, pick(pid, threads))
    status = set_manifest(folder, before)
    time.sleep(0.2)     # the end of the connection is traced, too
    end_tracer(tracer)
    coordinator.stop(folder)
    if status != 200:
        sys.exit('manifest %d is not taken' % before)
    by_thread, calls = {}, set()
    with open(coordinator.path(folder, 'trace'), encoding='utf-8') as f:
        for thread, call in re.findall(r'^(\d* *)(\w+)\(', f.read(), re.M):
            by_thread.setdefault(thread, []).append(call)
    for made in by_thread.values():
        calls |= {(call, n) for call in made for n in range(1, made.count(call) + 1)}
    return sorted(calls)


def kill_at(folder, manifests, before, pick, call, number):
    """How it ended: 'acknowledged', 'kept', 'gone', 'not reached', or what is wrong."""
    pid, threads = prepare(folder, before)
    tracer = trace(folder, pick(pid, threads), '-e', 'trace=' + call, '-e', 'inject=%s:signal=KILL:when=%d' % (call, number))
    status = set_manifest(folder, before)
    until = time.monotonic() + (0.3 if status else WAIT_SECONDS)
    while coordinator.is_running(int(pid)) and time.monotonic() < until:
        time.sleep(0.01)
    is_killed = not coordinator.is_running(int(pid))
    if is_killed:
        await_end(folder)
    else:
        coordinator.stop(folder)
    end_tracer(tracer)
    found, wrong = judge(folder, manifests, before + (status == 200))
    if wrong:
        return '%s %d, manifest %d: %s' % (call, number, before, wrong)
    return 'not reached' if not is_killed else 'acknowledged' if status == 200 else 'kept' if found > before else 'gone'


def kill(folder, every='1'):
    manifests = [sha256(manifest_of(folder, i)) for i in range(2)]
    counts, wrong = {}, []
    picks = [(0, lambda pid, threads: [pid]), (1, lambda pid, threads: [t for t in threads if t != pid])]
    for before, pick in picks:
        calls = record(folder, before, pick)
        for call, number in calls[::int(every)]:
            how = kill_at(folder, manifests, before, pick, call, number)
            if ' ' in how and how != 'not reached':
                wrong.append(how)
                how = 'wrong'
            counts[how] = counts.get(how, 0) + 1
    for line in wrong:
        print(line)
    print(', '.join('%s: %d' % item for item in sorted(counts.items())))
    wanted = {'gone', 'kept', 'acknowledged'} if every == '1' else {'gone'}
    return 1 if wrong or not wanted <= set(counts) else 0


def manifest_of(folder, i):
    return base64.b64decode(json.loads(content(coordinator.path(folder, 'set.%d' % i)))['manifest'])


# ---- the loss of power ----------------------------------------------------------------------------------------------

class Node:
    """A file with its content, or a folder with its entries: as it is, and as it was when it was last synced."""

    def __init__(self, now):
        self.now, self.synced = now, type(now)()

    def sync(self):
        self.synced = self.now if isinstance(self.now, bytes) else dict(self.now)

    def tree(self, path, by_name, by_content):
        """{path: content, or None for a folder}"""
        if isinstance(self.now, bytes):
            return {path: self.now if by_content else self.synced}
        out = {path: None}
        for name, node in (self.now if by_name else self.synced).items():
            out.update(node.tree(os.path.join(path, name), by_name, by_content))
        return out


def unescape(text):
    return re.sub(rb'\\x(..)', lambda m: bytes.fromhex(m[1].decode()), text)


CALL = re.compile(rb'(\d+\.\d+) (\w+)\((.*)\) = (\d+)')


def read_trace(folder):
    """(call, path, other path or data) in the order of time; paths below FOLDER/store are relative to FOLDER."""
    lines = []
    for name in os.listdir(folder):
        if name.startswith('trace.'):
            with open(coordinator.path(folder, name), 'rb') as f:
                lines += [m.groups() for m in map(CALL.match, f) if m]
    top = os.path.abspath(folder).encode() + b'/'
    for _, call, arguments, result in sorted(lines):
        arguments = [unescape(a) for a in re.findall(rb'\d+<[^>]*>|"[^"]*"|AT_FDCWD(?:<[^>]*>)?|[A-Z][A-Z_|]+|\d+', arguments)]
        yield call.decode(), [resolve(a, top) for a in arguments], int(result)


def resolve(argument, top):
    """A descriptor becomes the path that it is of, relative to FOLDER; a string loses its quotes."""
    if argument[:1] == b'"':
        return argument[1:-1]
    m = re.fullmatch(rb'(?:\d+|AT_FDCWD)<(.*)>', argument, re.S)
    if not m:
        return argument
    return m[1][len(top):] if (m[1] + b'/').startswith(top) else b'//' + m[1]


def locate(root, path):
    """(folder's node, name)"""
    *way, name = path.decode().split('/')
    for step in way:
        root = root.now[step]
    return root, name


def find(root, path):
    if path == b'':
        return root
    parent, name = locate(root, path)
    return parent.now.get(name)


def apply(root, call, a):
    """One system call of the store.  False: it is none."""
    join = lambda folder, name: os.path.join(folder, name) if folder else name
    if call == 'mkdir' and a[0].endswith(b'store'):
        a = [b'', b'store']
    elif call in ('mkdirat', 'openat', 'unlinkat') and not a[0].startswith(b'store'):
        return False
    elif call in ('write', 'fsync', 'fdatasync') and not (a[0] == b'' or a[0].startswith(b'store')):
        return False
    if call in ('mkdir', 'mkdirat'):
        parent, name = locate(root, join(a[0], a[1]))
        parent.now.setdefault(name, Node({}))
    elif call == 'openat':
        flags = a[2].split(b'|')
        parent, name = locate(root, join(a[0], a[1]))
        if b'O_CREAT' in flags:
            parent.now.setdefault(name, Node(b''))
        if b'O_TRUNC' in flags:
            parent.now[name].now = b''
    elif call == 'write':
        find(root, a[0]).now += a[1]
    elif call in ('fsync', 'fdatasync'):
        find(root, a[0]).sync()
    elif call == 'renameat':
        parent, name = locate(root, join(a[0], a[1]))
        to, other = locate(root, join(a[2], a[3]))
        to.now[other] = parent.now.pop(name)
    elif call == 'unlinkat':
        parent, name = locate(root, join(a[0], a[1]))
        parent.now.pop(name, None)
    else:
        return False
    return True


def record_power(folder):
    """Sets both manifests under strace from the first call on."""
    remove_traces(folder)
    real, bin_folder = shutil.which('contrast-coordinator'), os.path.abspath(coordinator.path(folder, 'bin'))
    os.makedirs(bin_folder, exist_ok=True)
    with open(os.path.join(bin_folder, 'contrast-coordinator'), 'w', encoding='utf-8') as f:
        f.write('#!/bin/sh\nexec strace -D -ff -f -y -ttt -xx -s 99999999 -o %s '
                '-e trace=mkdir,mkdirat,openat,write,renameat,unlinkat,fsync,fdatasync,ftruncate,pwrite64,writev %s "$@"\n'
                % (os.path.abspath(coordinator.path(folder, 'trace')), real))
    os.chmod(os.path.join(bin_folder, 'contrast-coordinator'), 0o755)
    shutil.rmtree(coordinator.path(folder, 'store'), ignore_errors=True)
    path = os.environ['PATH']
    os.environ['PATH'] = bin_folder + ':' + path
    coordinator.start(folder)
    os.environ['PATH'] = path
    for i in range(2):
        if set_manifest(folder, i) != 200:
            sys.exit('manifest %d is not taken' % i)
    coordinator.stop(folder)


WORLDS = (('synced', False, False), ('names', True, False), ('all', True, True))


def worlds(folder):
    """{what could be there: manifests acknowledged by then}, the fewest calls first."""
    root, acknowledged, seen, calls = Node({}), 0, {}, 0
    for call, arguments, _ in read_trace(folder):
        if call == 'write' and arguments[0].startswith(b'//') and arguments[1].startswith(b'HTTP/1.1 200'):
            acknowledged += 1
        elif apply(root, call, arguments):
            calls += 1
        else:
            continue
        for _, by_name, by_content in WORLDS:
            state = tuple(sorted(root.tree('', by_name, by_content).items()))
            seen[state] = max(seen.get(state, 0), acknowledged)
    return seen, calls


def power(folder):
    manifests = [sha256(manifest_of(folder, i)) for i in range(2)]
    record_power(folder)
    seen, calls = worlds(folder)
    counts, wrong = {}, []
    for state, acknowledged in seen.items():
        shutil.rmtree(coordinator.path(folder, 'store'), ignore_errors=True)
        for path, data in state:
            if path and data is None:
                os.makedirs(coordinator.path(folder, path), 0o700)
            elif path:
                with open(coordinator.path(folder, path), 'wb') as f:
                    f.write(data)
        found, problem = judge(folder, manifests, acknowledged)
        counts[found] = counts.get(found, 0) + 1
        if problem:
            wrong.append('%s: %s' % (' '.join(p for p, _ in state), problem))
    for line in wrong:
        print(line)
    print('%d calls, states with %s' % (calls, ', '.join('%d manifests: %d' % item for item in sorted(counts.items()))))
    return 1 if wrong or sorted(counts) != [0, 1, 2] else 0


if __name__ == '__main__':
    if len(sys.argv) < 3 or sys.argv[1] not in ('kill', 'power'):
        sys.exit(__doc__)
    sys.exit({'kill': kill, 'power': power}[sys.argv[1]](*sys.argv[2:]))
