#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a test command and keeps its counts; adds counts up.

  tally.py run OUT unit RUNNER        a Criterion runner: counts from its XML report
  tally.py run OUT many COMMAND...    a command whose last line is "N passed, M failed, K skipped"
  tally.py run OUT one COMMAND...     one test: passed when the exit status is 0
  tally.py sum LIST                   totals of the OUTs that the file LIST names; exit status 1, and the failed OUTs
                                      removed, when one failed

`run` ends with 0 once it has counted, so that one failure does not hide the others; `sum` is what fails.
"""
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile

# Many times what the slowest test takes under its slowest sanitizer on two busy processors, and a part of what a whole run has.
TEST_SECONDS_MAX = 900
SANITIZER = re.compile(r'ERROR: \w+Sanitizer|WARNING: \w+Sanitizer|runtime error:')
COUNTS = re.compile(r'(\d+) passed, (\d+) failed(?:, (\d+) skipped)?')


def ending(code):
    return 'ended by signal %d (%s)' % (-code, signal.Signals(-code).name) if code < 0 else 'ended with %d' % code


def ended(command, env):
    """Exit status and output of a command. One that hangs is killed and has failed: what it printed until then says
    where. Its group ends with it, also when this program is interrupted; run_cli.py is who calls a leftover a failure."""
    with tempfile.TemporaryFile() as output:    # whoever keeps a pipe open would have to be waited for
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env,
                                   start_new_session=True)
        late = ''
        try:
            process.wait(TEST_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            late = 'not ended after %d seconds\n' % TEST_SECONDS_MAX
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        output.seek(0)
        return code, output.read().decode('utf-8', 'replace') + late


def run(out, how, command):
    os.makedirs(os.path.dirname(out), exist_ok=True)
    for end in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(end, lambda number, frame: sys.exit(ending(-number)))
    # Of this process alone: neither what an interrupted run has left nor what a second ninja writes is counted.
    report = '%s.%d.xml' % (out, os.getpid())
    if how == 'unit':
        command = command + ['--xml=' + report]
    env = dict(os.environ, ASAN_OPTIONS='detect_leaks=1', UBSAN_OPTIONS='print_stacktrace=1')
    code, text = ended(command, env)
    # A leak does not fail a Criterion test, and it must: the report's words count, whatever the exit status.
    bad = code != 0 or SANITIZER.search(text) is not None
    counts = [0, 0, 0]
    if how == 'unit' and not os.path.exists(report):
        text += '%s: %s, and no report of it is there\n' % (command[0], ending(code))
    elif how == 'unit':
        with open(report, encoding='utf-8', errors='replace') as f:
            statuses = re.findall(r'<testcase [^>]*status="(\w+)"', f.read())
        os.remove(report)
        counts = [statuses.count('PASSED'), statuses.count('FAILED') + statuses.count('ERRORED'), statuses.count('SKIPPED')]
        bad = bad or counts[0] == 0
    elif how == 'many':
        found = COUNTS.findall(text)
        counts = [int(c or 0) for c in found[-1]] if found else counts
        bad = bad or not found
    elif not bad:
        counts = [1, 0, 0]
    if bad and counts[1] == 0:
        counts[1] = 1
    if counts[1]:
        sys.stdout.write(text)
        print('FAILED: ' + ' '.join(command))
    with open(out, 'w', encoding='utf-8') as f:
        f.write('%d passed, %d failed, %d skipped\n' % tuple(counts))


def add_up(path):
    total, failed = [0, 0, 0], []
    with open(path, encoding='utf-8') as f:
        outs = f.read().split()
    for out in outs:
        with open(out, encoding='utf-8') as f:
            counts = [int(c) for c in COUNTS.search(f.read()).groups()]
        total = [a + b for a, b in zip(total, counts)]
        if counts[1]:
            failed.append(out)
    for out in failed:
        print('failed: ' + os.path.basename(out))
        os.remove(out)
    print('%d passed, %d failed, %d skipped' % tuple(total))
    return 1 if failed or total[0] == 0 else 0


if __name__ == '__main__':
    if len(sys.argv) > 4 and sys.argv[1] == 'run':
        run(sys.argv[2], sys.argv[3], sys.argv[4:])
    elif len(sys.argv) == 3 and sys.argv[1] == 'sum':
        sys.exit(add_up(sys.argv[2]))
    else:
        sys.exit(__doc__)
