#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs command sessions and compares: tests/run_cli.py BIN FILE.t...

A session is what a person would type and see.  One file is one test.

    # needs shared strace root  in the head: skip (and count) when ../shared or a program is absent, or whoever runs it is not root;
                              netns: or may make no network namespace
    ## a comment, anywhere
    $ contrast parse report.bin | head -n 2
    > --continued               more of the same command
    version: 3
    ...                         any number of lines, also none
    /chip-id: [0-9a-f]{128}/    a regular expression for the whole line
    [exit 4]                    the exit status, 0 when not given

Standard output and standard error are compared as one, in the order they came; empty lines at the end do not count.  Each
command is run by bash in build/run/cli-<variant>-<name>/, which is empty at the start, with BIN in front of PATH, SHARED
naming ../shared and TOP the source tree.  Standard input is empty.  Nobody
listens where missing collateral would be got.  A program of ours that is given its time gets it by `timeout --foreground`: the SIGCONT
that timeout sends otherwise can leave LeakSanitizer, which stops threads at the end of a program, waiting for ever.
"""
import ctypes
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import NamedTuple

TIMEOUT_SECONDS = 300


class Step(NamedTuple):
    line: int
    command: str
    want: list
    status: int


def read_session(path):
    """The words after "# needs" and the steps of a file."""
    needs, steps, exit_line = [], [], re.compile(r'\[exit (\d+)\]')
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f.read().split('\n'), 1):
            if line.startswith('## '):
                continue
            if line.startswith('$ '):
                steps.append(Step(number, line[2:], [], 0))
            elif not steps:
                needs += line[len('# needs '):].split() if line.startswith('# needs ') else []
            elif line.startswith('> ') and not steps[-1].want:
                steps[-1] = steps[-1]._replace(command=steps[-1].command + '\n' + line[2:])
            elif exit_line.fullmatch(line):
                steps[-1] = steps[-1]._replace(status=int(exit_line.fullmatch(line).group(1)))
            else:
                steps[-1].want.append(line)
    return needs, steps


def strip_end(lines):
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def line_matches(want, have):
    if len(want) > 2 and want[0] == want[-1] == '/':
        return re.fullmatch(want[1:-1], have) is not None
    return want == have


def matches(want, have):
    """Whether the lines `have` are what `want` describes: "..." by trying, all else line by line."""
    if not want:
        return not have
    if want[0] == '...':
        return any(matches(want[1:], have[i:]) for i in range(len(have) + 1))
    return bool(have) and line_matches(want[0], have[0]) and matches(want[1:], have[1:])


def has_namespaces(name):
    """Whether `ip netns` can make one and run a program in it: below a chroot, for one, it can do the first alone."""
    def is_done(*words):
        return subprocess.run(['ip', 'netns', *words], check=False, stderr=subprocess.DEVNULL).returncode == 0
    if shutil.which('ip') is None or not is_done('add', name):
        return False
    runs = is_done('exec', name, 'true')
    return is_done('del', name) and runs


def is_there(need, shared):
    if need == 'root':
        return os.geteuid() == 0
    if need == 'netns':
        return has_namespaces('contrast-probe-%d' % os.getpid())
    if need.startswith('python:'):
        return importlib.util.find_spec(need[len('python:'):]) is not None
    return os.path.isdir(shared) if need == 'shared' else shutil.which(need) is not None


def run_step(command, folder, env):
    """(exit status, or None when it came to no end; what it said)."""
    try:
        result = subprocess.run(['bash', '-c', command], cwd=folder, env=env, stdin=subprocess.DEVNULL, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired as e:
        return None, e.output or b''
    return result.returncode, result.stdout


def run_session(path, bin_folder):
    """'passed', 'failed' or 'skipped'."""
    top = os.getcwd()
    shared = os.path.abspath('../shared')
    needs, steps = read_session(path)
    absent = [n for n in needs if not is_there(n, shared)]
    if absent:
        print('%s: skipped, no %s here' % (path, ', '.join(absent)))
        return 'skipped'

    variant = os.path.basename(os.path.dirname(bin_folder))
    folder = os.path.join(top, 'build/run', 'cli-%s-%s' % (variant, os.path.basename(path)[:-2]))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    env = dict(os.environ, PATH=os.path.abspath(bin_folder) + ':' + os.environ['PATH'], SHARED=shared, TOP=top, HOME=folder,
               LC_ALL='C.UTF-8', TZ='UTC', CONTRAST_KDS_URL='http://127.0.0.1:1')
    for step in steps:
        status, said = run_step(step.command, folder, env)
        have = strip_end(said.decode('utf-8', 'backslashreplace').split('\n'))
        if status != step.status or not matches(strip_end(step.want), have):
            print('%s:%d: $ %s' % (path, step.line, step.command))
            print(''.join('  want: %s\n' % line for line in strip_end(step.want)), end='')
            print(''.join('  have: %s\n' % line for line in have), end='')
            print('  want exit %d, have %s' % (step.status, 'no end after %d s' % TIMEOUT_SECONDS if status is None
                                              else 'exit %d' % status))
            return 'failed'
    return 'passed' if steps else 'failed'


def adopt_orphans():
    """A process whose parent has ended becomes a child of this one (prctl(2), PR_SET_CHILD_SUBREAPER)."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def end_leftovers():
    """Ends what a session has started and left behind; how many processes that were.  What is ending has a moment to."""
    count = 0
    until = time.monotonic() + 2
    while True:
        with open('/proc/self/task/%d/children' % os.getpid(), encoding='ascii') as f:
            children = [int(pid) for pid in f.read().split()]
        for pid in children:
            if os.waitpid(pid, os.WNOHANG)[0] == 0 and time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                count += 1
        if not children:
            return count
        time.sleep(0.01)


def run_alone(path, bin_folder):
    outcome = run_session(path, bin_folder)
    count = end_leftovers()
    if outcome == 'passed' and count:
        print('%s: leaves %d processes behind' % (path, count))
        return 'failed'
    return outcome


def main(bin_folder, paths):
    adopt_orphans()
    outcomes = [run_alone(p, bin_folder) for p in paths]
    print('%d passed, %d failed, %d skipped' % tuple(outcomes.count(o) for o in ('passed', 'failed', 'skipped')))
    return 1 if 'failed' in outcomes else 0


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
