#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tests to what they promise to reach: tests/coverage.py TARGET...    (`ninja coverage`)

  corpus alone      the readers, that is the .c files beside the headers that the targets include: all corpora together
                    reach at least 95 % of the lines and 90 % of the branches of each
  tests and corpus  every branch of snp/ and verify/, adapters aside: those of a library's failures cannot be driven

What is excused stands in tests/coverage.exceptions with its reason:

    snp/report.c | if (n < 0) return s; | vsnprintf fails on no format of ours      a line none of whose branches is looked at
    snp/report.c | floor 80 70 | its writer is reached by the tests alone           lines and branches of a reader

Both hold without the reference data at ../shared: the tests that it would skip are counted, and others reach the same.
An excuse that is not needed fails too.  The pages for reading are build/coverage/index.html.
"""
import json
import os
import re
import subprocess
import sys

LINES, BRANCHES = 95, 90
WHOLE = ('snp', 'verify')
ADAPTER = re.compile(r'_(wolfssl|linux)\.c$')
EXCEPTIONS = 'tests/coverage.exceptions'
OUT = 'build/coverage'
UNIT = 'build/cov/tests/unit'


def read_exceptions():
    """{(file, line of source)}: branches not looked at, and {file: (lines, branches)}: floors of their own."""
    excused, floors = set(), {}
    with open(EXCEPTIONS, encoding='utf-8') as f:
        for line in f.read().split('\n'):
            if not line or line.startswith('#'):
                continue
            path, text, reason = (part.strip() for part in line.split(' | ', 2))
            floor = re.fullmatch(r'floor (\d+) (\d+)', text)
            if not reason:
                sys.exit('%s: no reason in "%s"' % (EXCEPTIONS, line))
            if floor:
                floors[path] = (int(floor.group(1)), int(floor.group(2)))
            else:
                excused.add((path, text))
    return excused, floors


def run_all(targets):
    """Runs the tests and every corpus; the two profiles, and how many tests were skipped."""
    raw = OUT + '/raw'
    os.makedirs(raw, exist_ok=True)
    for name in os.listdir(raw):
        os.remove(os.path.join(raw, name))
    corpus, tests = [], []
    for target in targets:
        env = dict(os.environ, LLVM_PROFILE_FILE='%s/corpus-%s.profraw' % (raw, target))
        subprocess.run(['build/cov/fuzz/' + target, 'corpus/' + target], env=env, check=True, stdout=subprocess.DEVNULL)
        corpus.append('%s/corpus-%s.profraw' % (raw, target))
    # Criterion runs each test in a process of its own; %m makes them add to a few files.
    env = dict(os.environ, LLVM_PROFILE_FILE=raw + '/tests-%4m.profraw')
    subprocess.run([UNIT, '--quiet', '--xml=' + OUT + '/tests.xml'], env=env, check=True)
    with open(OUT + '/tests.xml', encoding='utf-8', errors='replace') as f:
        skipped = len(re.findall(r'<testcase [^>]*status="SKIPPED"', f.read()))
    tests = sorted(os.path.join(raw, n) for n in os.listdir(raw) if n.startswith('tests-'))

    profiles = {'corpus': corpus, 'all': corpus + tests}
    for name, parts in profiles.items():
        subprocess.run(['llvm-profdata-19', 'merge', '-sparse', '-o', '%s/%s.profdata' % (OUT, name), *parts], check=True)
    return *('%s/%s.profdata' % (OUT, name) for name in profiles), skipped


def report(profile, binaries):
    """{path from the top: llvm-cov's data of that file}."""
    objects = [binaries[0]] + [x for b in binaries[1:] for x in ('-object', b)]
    command = ['llvm-cov-19', 'export', '-instr-profile', profile, *objects]
    # It warns of LLVMFuzzerTestOneInput, which is another function in each target; nothing of ours is in two of them.
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    data = json.loads(result.stdout)['data'][0]
    return {os.path.relpath(f['filename']): f for f in data['files']}


def missed_lines(path, data):
    """Numbers of the lines with a branch that was never taken; those inside a macro count where it stands."""
    missed = [b[0] for b in data['branches'] if not b[4] or not b[5]]
    for e in data['expansions']:
        at = e['source_region']
        if os.path.relpath(e['filenames'][at[5]]) == path and any(not b[4] or not b[5] for b in e['branches']):
            missed.append(at[0])
    return sorted(set(missed))


def readers(targets):
    found = set()
    for target in targets:
        with open('fuzz/%s_fuzz.c' % target, encoding='utf-8') as f:
            beside = [h + '.c' for h in re.findall(r'^#include "([^"]+)\.h"', f.read(), re.M)]
        found.update(s for s in beside if os.path.exists(s) and not s.startswith(('fuzz/', 'tests/')))
    return sorted(found)


def check_floors(targets, files, floors):
    wrong = []
    for reader in readers(targets):
        if reader not in files:
            wrong.append('%s: no corpus reaches it' % reader)
            continue
        want = floors.pop(reader, (LINES, BRANCHES))
        summary = files[reader]['summary']
        lines = summary['lines']['percent']
        branches = summary['branches']['percent'] if summary['branches']['count'] else 100
        good = lines >= want[0] and branches >= want[1]
        print('%-4s %-32s lines %5.1f %% (%d)  branches %5.1f %% (%d)' %
              ('ok' if good else 'LOW', reader, lines, want[0], branches, want[1]))
        if not good:
            wrong.append('%s: the corpus reaches too little of it' % reader)
        if want != (LINES, BRANCHES) and lines >= LINES and branches >= BRANCHES:
            wrong.append('%s: needs no floor of its own any more' % reader)
    return wrong + ['%s: is no reader, so it needs no floor' % path for path in sorted(floors)]


def has_functions(source):
    names = subprocess.run(['nm', 'build/cov/%s.o' % source[:-2]], stdout=subprocess.PIPE, check=True, text=True).stdout
    return re.search(r' [Tt] ', names) is not None


def check_branches(files, excused):
    wrong, used = [], set()
    sources = [os.path.join(f, n) for f in WHOLE for n in sorted(os.listdir(f)) if n.endswith('.c') and not ADAPTER.search(n)]
    wrong += ['%s: nothing of it is reached' % s for s in sources if s not in files and has_functions(s)]
    for path in sorted(p for p in files if p.split('/')[0] in WHOLE and not ADAPTER.search(p)):
        with open(path, encoding='utf-8') as f:
            lines = f.read().split('\n')
        for number in missed_lines(path, files[path]):
            text = lines[number - 1].strip()
            if (path, text) in excused:
                used.add((path, text))
            else:
                wrong.append('%s:%d: a branch is never taken: %s' % (path, number, text))
    return wrong + ['%s: needs no excuse any more: %s' % e for e in sorted(excused - used)]


def main(targets):
    excused, floors = read_exceptions()
    corpus, everything, skipped = run_all(targets)
    binaries = ['build/cov/fuzz/' + t for t in targets]
    low = check_floors(targets, report(corpus, binaries), floors)
    missed = check_branches(report(everything, [UNIT] + binaries), excused)
    objects = [x for b in binaries for x in ('-object', b)]
    subprocess.run(['llvm-cov-19', 'show', '-format=html', '-show-branches=count', '-output-dir', OUT,
                    '-instr-profile', everything, UNIT, *objects, *WHOLE, 'parse'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print('\n'.join(low + missed))
    failed = len(low) + len(missed)
    print('%d passed, %d failed, %d skipped' % (len(readers(targets)) - len(low) + (not missed), failed, skipped))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
