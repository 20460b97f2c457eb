# SPDX-License-Identifier: Apache-2.0
# needs systemd-analyze strace
## deploy/contrast-coordinator.service: systemd knows every line of it, and rates what it leaves the program as docs/operate.md says.
$ mkdir unit && sed "s|/usr/bin/contrast-coordinator|$(command -v contrast-coordinator)|" $TOP/deploy/contrast-coordinator.service >unit/contrast-coordinator.service && systemd-analyze verify --man=no unit/contrast-coordinator.service
$ sed -i 's/^PrivateTmp/PrivateTemp/' unit/contrast-coordinator.service; systemd-analyze verify --man=no unit/contrast-coordinator.service 2>&1 | grep -o "Unknown key.*"
Unknown key 'PrivateTemp' in section [Service], ignoring.
$ systemd-analyze security --offline=true $TOP/deploy/contrast-coordinator.service | sed -n 's/.*level for [^ ]*: \([0-9.]*\) .*/\1/p'
1.2
## No program but the Coordinator, no system call beyond its filter: all that it calls from its start to its end is in there.
$ cat >filter.py <<'END'
> import subprocess, sys
> def members(group):
>     lines = subprocess.run(['systemd-analyze', 'syscall-filter', group], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
>     words = [l.strip() for l in lines if l.strip() and not l.strip().startswith('#')]
>     return set().union(*[members(w) if w.startswith('@') else {w} for w in words])
> allowed = set()
> for line in open(sys.argv[1], encoding='utf-8'):
>     if line.startswith('SystemCallFilter='):
>         words = line.split('=', 1)[1].strip()
>         named = set().union(*[members(w) if w.startswith('@') else {w} for w in words.lstrip('~').split()])
>         allowed = allowed - named if words.startswith('~') else allowed | named
> called = {l.split('(')[0].split()[-1] for l in open(sys.argv[2], encoding='utf-8') if '(' in l and 'resumed' not in l.split('(')[0]}
> print('%s system calls, %s' % ('enough' if len(called) > 40 else len(called), sorted(called - allowed) or 'all allowed'))
> END
$ run() { python3 "$TOP/tests/coordinator.py" "$@"; }; run deploy d
> mkdir traced; printf '#!/bin/sh\nexec strace -f -qq -o %s %s "$@"\n' $PWD/calls $(command -v contrast-coordinator) >traced/contrast-coordinator; chmod +x traced/contrast-coordinator
> PATH=$PWD/traced:$PATH run start d; run body manifest d | run post d /v1/manifest >set; sed -n 1p set; run body nonce $(printf '%064d' 7) | run post d /attest >answer; sed -n 1p answer
> kill $(pgrep -P $(cat d/pid) -o); while kill -0 $(cat d/pid) 2>/dev/null && [ $(cut -d' ' -f3 /proc/$(cat d/pid)/stat) != Z ]; do sleep 0.1; done; python3 filter.py $TOP/deploy/contrast-coordinator.service calls
200
200
enough system calls, all allowed
