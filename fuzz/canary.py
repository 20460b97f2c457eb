#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants an out-of-bounds read behind the deepest check of a target's reader and lets both engines look for it.

  fuzz/canary.py make TARGET OUT     the planted copy of the reader's source
  fuzz/canary.py run TARGET...       each engine must find it from the committed corpus, within CANARY_SECONDS (60) of
                                     processor time: a busy machine makes no difference

A canary is the file fuzz/canary/<target>:

    # what stands between the input and the planted line
    file: snp/report.c
    before: *out = r;                                     a line that occurs once, spaces at its ends aside; or after:
    insert: if (canary_sum(in) % 64 == 5) canary(in);          what is put before (or after) it; several lines are allowed

The product's source stays as it is: the copy is compiled in its place.  canary(in) reads the byte behind `in`, the whole
input of the target.  The condition must be one that mutation can reach and that hardly an input of the corpus meets, like
canary_sum(in) % 64 == 5; `run` leaves out the inputs that do meet it.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys


def read_canary(target):
    fields = {'insert': []}
    with open('fuzz/canary/' + target, encoding='utf-8') as f:
        for line in f.read().split('\n'):
            if not line or line.startswith('#'):
                continue
            key, _, value = line.partition(': ')
            if key == 'insert':
                fields['insert'].append(value)
            elif key in ('file', 'before', 'after') and key not in fields:
                fields[key] = value.strip()
            else:
                sys.exit('fuzz/canary/%s: what is "%s"?' % (target, line))
    if not fields['insert'] or 'file' not in fields or ('before' in fields) == ('after' in fields):
        sys.exit('fuzz/canary/%s: needs file, before or after, and insert' % target)
    return fields


def make(target, out):
    fields = read_canary(target)
    with open(fields['file'], encoding='utf-8') as f:
        lines = f.read().split('\n')
    anchor = fields.get('before', fields.get('after'))
    at = [i for i, line in enumerate(lines) if line.strip() == anchor]
    if len(at) != 1:
        sys.exit('fuzz/canary/%s: "%s" occurs %d times in %s, once is wanted' % (target, anchor, len(at), fields['file']))
    where = at[0] + ('after' in fields)
    lines[where:where] = fields['insert']
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, 'w', encoding='utf-8') as f:
        f.write('\n'.join(['#line 1 "%s"' % fields['file']] + lines))


def run(command, env=None, cpu=0):
    """(exit status, what it said, its seconds of processor time); `cpu` limits those of each process."""
    limited = ['prlimit', '--cpu=%d' % cpu, *command] if cpu else command
    with subprocess.Popen(limited, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=dict(os.environ, **(env or {}))) as p:
        text = p.stdout.read().decode('utf-8', 'replace')
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        return p.returncode, text, usage.ru_utime + usage.ru_stime


def found(text):
    """Whether ASan's report is about the planted read."""
    return re.search(r'ERROR: AddressSanitizer', text) and re.search(r'#0 \S+ in canary ', text)


def dictionary(target, flag):
    path = 'fuzz/dict/%s.dict' % target
    return [flag + path if flag.endswith('=') else path] if os.path.exists(path) else []


def copy_corpus(target, to):
    """The inputs that do not meet the canary; whether that is most of them."""
    os.makedirs(to)
    paths = [os.path.join(d, n) for d, _, names in os.walk('corpus/' + target) for n in names]
    for path in paths:
        shutil.copy(path, os.path.join(to, os.path.relpath(path, 'corpus/' + target).replace('/', '-')))
    program = ['build/libfuzzer/canary/' + target, '-artifact_prefix=%s/' % os.path.dirname(to)]
    if run([*program, '-runs=0', to])[0] == 0:
        return True
    for name in os.listdir(to):
        if run([*program, os.path.join(to, name)])[0] != 0:
            os.remove(os.path.join(to, name))
    return 2 * len(os.listdir(to)) > len(paths)


def libfuzzer(target, folder, seconds):
    os.makedirs(folder + '/queue')
    command = ['build/libfuzzer/canary/' + target, *dictionary(target, '-dict='), '-artifact_prefix=%s/' % folder,
               folder + '/queue', folder + '/corpus']
    _, text, cpu = run(command, cpu=seconds)
    return found(text), cpu


def afl(target, folder, seconds):
    words = dictionary(target, '')
    env = {'AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES': '1', 'AFL_SKIP_CPUFREQ': '1', 'AFL_NO_UI': '1', 'AFL_NO_AFFINITY': '1',
           'AFL_BENCH_UNTIL_CRASH': '1'}
    # The engine and the program that it drives are two processes, and each waits for the other: half for each.  The
    # seconds told are short of the program's when the engine comes to its limit and can't wait for it.
    command = ['afl-fuzz', '-i', folder + '/corpus', '-o', folder + '/afl', *(['-x', *words] if words else []), '--',
               'build/afl/canary/' + target]
    _, _, cpu = run(command, env, seconds // 2)
    crashes = folder + '/afl/default/crashes'
    names = [n for n in os.listdir(crashes) if n.startswith('id')] if os.path.isdir(crashes) else []
    # AFL++ keeps inputs, not reports: the other engine's build says what each of them does.
    program = ['build/libfuzzer/canary/' + target, '-artifact_prefix=%s/' % folder]
    return any(found(run([*program, os.path.join(crashes, n)])[1]) for n in names), cpu


def look(target, engine):
    """(found, a line to print)."""
    if not os.path.exists('fuzz/canary/' + target):
        return False, 'FAILED: %s has no canary' % target
    seconds = int(os.environ.get('CANARY_SECONDS', 60))
    folder = 'build/work/canary/%s/%s' % (target, engine.__name__)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    if not copy_corpus(target, folder + '/corpus'):
        return False, 'FAILED: most of corpus/%s meets the canary by itself' % target
    good, cpu = engine(target, folder, seconds)
    return bool(good), '%s: %s %s %s after %.1f s of processor time' % (
        'ok' if good else 'FAILED', engine.__name__, 'found' if good else 'did not find', target, cpu)


def run_all(targets):
    failed, total = 0, 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in [pool.submit(look, t, e) for t in targets for e in (libfuzzer, afl)]:
            good, line = future.result()
            total += 1
            failed += not good
            print(line, flush=True)
    print('%d passed, %d failed' % (total - failed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    match sys.argv[1:]:
        case ['make', name, path]:
            make(name, path)
        case ['run', *names] if names:
            sys.exit(run_all(names))
        case _:
            sys.exit(__doc__)
