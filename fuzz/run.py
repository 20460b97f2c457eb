#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the fuzz targets; fuzz/README.md tells what for.

  fuzz/run.py fuzz TARGET           libFuzzer until stopped, or for FUZZ_SECONDS
  fuzz/run.py afl TARGET [VARIANT]  AFL++ likewise; VARIANT is afl or afl-lto
  fuzz/run.py smoke TARGET...       libFuzzer on all targets within FUZZ_SECONDS (480), those that changed first
  fuzz/run.py speed TARGET...       executions per second of processor time, of both engines where both are built
  fuzz/run.py repro [TARGET] FILE   one input under ASan and UBSan; TARGET is read from corpus/<target>/... or build/work/<target>/...
  fuzz/run.py minimise TARGET       what build/work found and adds coverage goes to corpus/<target>/found
  fuzz/run.py minimise FILE         the smallest input that still crashes, beside FILE

Engines write to build/work/<target> only.  The programs must have been built: `ninja libfuzzer`, `ninja afl`.
"""
import concurrent.futures
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile

SLOWEST = 1000              # executions a second of processor time; a slower target is a defect
SMOKE_SECONDS = 480
SPEED_RUNS, SPEED_AFL_SECONDS = 200000, 20
EXECUTED = r'stat::number_of_executed_units: +(\d+)'
# The only block of the heap is libFuzzer's copy of the input: no need to remember many, nor where each came from.
ASAN = {'ASAN_OPTIONS': 'quarantine_size_mb=1:malloc_context_size=1'}
AFL_ENV = {'AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES': '1', 'AFL_SKIP_CPUFREQ': '1', 'AFL_NO_UI': '1', 'AFL_NO_AFFINITY': '1'}


def program(target, variant='libfuzzer'):
    path = 'build/%s/fuzz/%s' % (variant, target)
    if not os.path.exists(path):
        sys.exit('%s is missing: run ninja %s' % (path, variant))
    return path


def corpus(target):
    return [f for f in ('corpus/%s/%s' % (target, kind) for kind in ('seed', 'found', 'crash')) if os.path.isdir(f)]


def work(target):
    """The folder that an engine may write to, made when it is not there."""
    folder = 'build/work/%s' % target
    os.makedirs(folder + '/queue', exist_ok=True)
    os.makedirs(folder + '/crash', exist_ok=True)
    return folder


def options(target):
    """Flags from fuzz/dict/<target>.dict and fuzz/options/<target>.options, the format of OSS-Fuzz."""
    flags, path = [], 'fuzz/options/%s.options' % target
    if os.path.exists(path):
        with open(path, encoding='utf-8') as f:
            flags += ['-%s=%s' % pair for pair in re.findall(r'^(\w+) *= *(\S+)$', f.read(), re.M) if pair[0] != 'dict']
    if os.path.exists('fuzz/dict/%s.dict' % target):
        flags.append('-dict=fuzz/dict/%s.dict' % target)
    return flags


def libfuzzer(target, seconds, *more):
    folder = work(target)
    return [program(target), *options(target), '-max_total_time=%d' % seconds, '-artifact_prefix=%s/crash/' % folder, *more,
            folder + '/queue', *corpus(target)]


def timed(command, env):
    """(exit status, what it said, seconds of processor time that it and its children took)."""
    with tempfile.TemporaryFile() as out:
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              env={**env, **os.environ}) as p:
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return p.returncode, out.read().decode('utf-8', 'replace'), usage.ru_utime + usage.ru_stime


def last_number(pattern, text):
    found = re.findall(pattern, text, re.M)
    return int(found[-1]) if found else 0


# ---- smoke ----------------------------------------------------------------------------------------------------------

def closure(source, seen):
    """All files of this tree that a target stands on: headers, and the .c beside each."""
    if source in seen or not os.path.exists(source):
        return seen
    seen.add(source)
    with open(source, encoding='utf-8') as f:
        for header in re.findall(r'^#include "([^"]+)"', f.read(), re.M):
            closure(header, seen)
            closure(header[:-2] + '.c', seen)
    return seen


def changed_files():
    """What differs from the commit before this one, or from where this branch left main."""
    for base in ('main...', 'HEAD~1'):
        result = subprocess.run(['git', 'diff', '--name-only', base], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                check=False)
        if result.returncode == 0 and result.stdout:
            return set(result.stdout.split())
    return set()


def smoke_one(target, seconds):
    """(passed, the row of the table, what the fuzzer said)."""
    status, text, cpu = timed(libfuzzer(target, seconds, '-print_final_stats=1', '-timeout=10', '-rss_limit_mb=2048'), ASAN)
    cover = [int(c) for c in re.findall(r' cov: (\d+)', text)]
    rate = last_number(EXECUTED, text) / max(cpu, 1)
    row = '%-28s %4d s %9d execs/cpu s   cov %5d  +%d' % (target, seconds, rate, cover[-1] if cover else 0,
                                                         cover[-1] - cover[0] if cover else 0)
    if rate < SLOWEST:
        row += '   slow: a target should reach %d' % SLOWEST    # said, not failed: a busy machine is no defect
    return status == 0, row, '' if status == 0 else '\n'.join(text.split('\n')[-60:])


def smoke(targets):
    jobs = os.cpu_count() or 1
    total = int(os.environ.get('FUZZ_SECONDS', SMOKE_SECONDS))
    changed = changed_files()
    fresh = [t for t in targets if closure('fuzz/%s_fuzz.c' % t, set()) & changed]
    order = fresh + [t for t in targets if t not in fresh]
    # A changed target gets two shares.
    share = total * jobs / (len(order) + len(fresh))
    seconds = {t: max(1, min(total, int(share * (2 if t in fresh else 1)))) for t in order}
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = [pool.submit(smoke_one, t, seconds[t]) for t in order]
        for run in runs:
            passed, row, text = run.result()
            failed += not passed
            print(('ok     ' if passed else 'FAILED ') + row, flush=True)
            if text:
                print(text)
    print('%d passed, %d failed' % (len(order) - failed, failed))
    return 1 if failed else 0


# ---- speed ----------------------------------------------------------------------------------------------------------

def speed_libfuzzer(target, folder):
    """Of the second of two runs, when what is easily found has been found and written."""
    os.makedirs(folder + '/queue')
    command = [program(target), *options(target), '-runs=%d' % SPEED_RUNS, '-seed=1', '-print_final_stats=1',
               '-artifact_prefix=%s/' % folder, folder + '/queue']
    timed([*command, *corpus(target)], ASAN)
    _, text, cpu = timed(command, ASAN)
    return last_number(EXECUTED, text) / cpu


def reap_orphans():
    """Seconds of processor time of what AFL++ leaves behind: the program under test is a child of a child that it kills."""
    cpu = 0
    while True:
        try:
            _, _, usage = os.wait3(0)
        except ChildProcessError:
            return cpu
        cpu += usage.ru_utime + usage.ru_stime


def speed_afl(target, folder):
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # PR_SET_CHILD_SUBREAPER: orphans become ours
    _, _, cpu = timed(afl_command(target, 'afl', folder + '/afl', SPEED_AFL_SECONDS), AFL_ENV)
    cpu += reap_orphans()
    with open(folder + '/afl/default/fuzzer_stats', encoding='utf-8') as f:
        return last_number(r'^execs_done +: (\d+)', f.read()) / cpu


def speed(targets):
    """One after the other and by processor time: a busy machine lowers it by a third, not tenfold."""
    both = os.path.isdir('build/afl/fuzz')
    print('%-28s %12s %12s' % ('execs/cpu s', 'libFuzzer', 'AFL++' if both else ''))
    for target in targets:
        folder = tempfile.mkdtemp()
        rates = [speed_libfuzzer(target, folder)] + ([speed_afl(target, folder)] if both else [])
        shutil.rmtree(folder)
        print('%-28s' % target + ''.join(' %12d' % r for r in rates), flush=True)


# ---- one target or one input ----------------------------------------------------------------------------------------

def fuzz(target):
    os.execve(program(target), libfuzzer(target, int(os.environ.get('FUZZ_SECONDS', 0))), {**ASAN, **os.environ})


def afl_command(target, variant, out, seconds):
    os.makedirs(out, exist_ok=True)
    command = ['afl-fuzz', '-i', '-' if os.path.isdir(out + '/default/queue') else 'corpus/' + target, '-o', out]
    if os.path.exists('fuzz/dict/%s.dict' % target):
        command += ['-x', 'fuzz/dict/%s.dict' % target]
    command += ['-V', str(seconds)] if seconds else []
    return [*command, '--', program(target, variant)]


def afl(target, variant):
    command = afl_command(target, variant, 'build/work/%s/%s' % (target, variant), os.environ.get('FUZZ_SECONDS'))
    os.execvpe('afl-fuzz', command, dict(os.environ, **AFL_ENV))


def target_of(path):
    found = re.search(r'(?:corpus|build/work)/(\w+)/', os.path.abspath(path))
    return found.group(1) if found else sys.exit('%s: name the target: fuzz/run.py repro TARGET FILE' % path)


def repro(target, path):
    os.execv(program(target), [program(target), path])


def minimise_crash(path):
    target = target_of(path)
    out = path + '.small'
    command = [program(target), '-minimize_crash=1', '-max_total_time=60', '-exact_artifact_path=' + out, path]
    subprocess.run(command, check=False)
    print('%s: name it after its story and keep it in corpus/%s/crash/' % (out, target))


def minimise_corpus(target):
    """Into an empty folder first, so that old findings which newer ones made needless go."""
    fresh = 'build/work/%s/fresh' % target
    os.makedirs(fresh, exist_ok=True)
    for name in os.listdir(fresh):
        os.remove(os.path.join(fresh, name))
    kept = [f for f in corpus(target) if not f.endswith('/found')]
    found = 'corpus/%s/found' % target
    old = [found] if os.path.isdir(found) else []
    afl_queues = ['build/work/%s/%s/default/queue' % (target, v) for v in ('afl', 'afl-lto')]
    sources = old + ['build/work/%s/queue' % target] + [q for q in afl_queues if os.path.isdir(q)]
    # What the seeds and the old crashes cover already need not be found again.  New edges count, not how often each is
    # taken: that keeps found/ small.
    for folder in kept:
        for name in os.listdir(folder):
            os.link(os.path.join(folder, name), os.path.join(fresh, 'kept-' + name))
    subprocess.run([program(target), '-merge=1', '-use_counters=0', fresh, *sources], check=True, env={**ASAN, **os.environ})
    os.makedirs(found, exist_ok=True)
    for name in os.listdir(found):
        os.remove(os.path.join(found, name))
    for name in os.listdir(fresh):
        if not name.startswith('kept-'):
            os.rename(os.path.join(fresh, name), os.path.join(found, name))
    print('%s: %d inputs' % (found, len(os.listdir(found))))
    if not os.listdir(found):
        os.rmdir(found)


def main(args):
    match args:
        case ['fuzz', target]:
            fuzz(target)
        case ['afl', target]:
            afl(target, 'afl')
        case ['afl', target, variant]:
            afl(target, variant)
        case ['smoke', *targets] if targets:
            sys.exit(smoke(targets))
        case ['speed', *targets] if targets:
            speed(targets)
        case ['repro', path]:
            repro(target_of(path), path)
        case ['repro', target, path]:
            repro(target, path)
        case ['minimise', what] if os.path.isfile(what):
            minimise_crash(what)
        case ['minimise', what]:
            minimise_corpus(what)
        case _:
            sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
