# SPDX-License-Identifier: Apache-2.0
## Without memory for another connection a front takes it and closes it; when there is memory again the next one is served.
$ cat >deaf.py <<'END'
> import os, resource, socket, sys, time
> keeper, limit = int(open('d/pid').read()), {}
> def field(pid, name):
>     return next(int(l.split()[1]) for l in open('/proc/%d/status' % pid) if l.startswith(name + ':'))
> def fronts():
>     for pid in filter(str.isdigit, os.listdir('/proc')):
>         try:
>             if field(int(pid), 'PPid') == keeper and open('/proc/%s/comm' % pid).read().startswith('contrast-coordi'): yield int(pid)
>         except (OSError, StopIteration): pass
> def get(path):
>     with socket.create_connection(('127.0.0.1', int(open('d/port.probe').read())), 20) as s:
>         s.sendall(b'GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n' % path)
>         return s.recv(12)
> print(get(b'/probe/liveness'))
> for pid in fronts():
>     limit[pid] = resource.prlimit(pid, resource.RLIMIT_AS)
>     resource.prlimit(pid, resource.RLIMIT_AS, (field(pid, 'VmSize') * 1024, limit[pid][1]))
> here = []
> def closed(s):
>     try: return s.recv(1) == b''
>     except ConnectionError: return True
>     except (BlockingIOError, socket.timeout): return False
> resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
> while len(here) < 8000:
>     s = socket.create_connection(('127.0.0.1', int(open('d/port.probe').read())))
>     s.sendall(b'GET ')
>     s.settimeout(0.001 if len(here) % 50 else 0.2)
>     here.append(s)
>     if closed(s): break
> print('full' if len(here) < 8000 else 'never full')
> several = [socket.create_connection(('127.0.0.1', int(open('d/port.probe').read())), 20) for _ in range(20)]
> print(all(map(closed, several)))
> for pid in limit: resource.prlimit(pid, resource.RLIMIT_AS, limit[pid])
> print(get(b'/probe/liveness'))
> END
> python3 "$TOP/tests/coordinator.py" deploy d; python3 "$TOP/tests/coordinator.py" start d; python3 deaf.py; python3 "$TOP/tests/coordinator.py" stop d; grep -o '"a connection was not taken","cause":"out of memory"' d/log | uniq
b'HTTP/1.1 200'
full
True
b'HTTP/1.1 200'
"a connection was not taken","cause":"out of memory"
