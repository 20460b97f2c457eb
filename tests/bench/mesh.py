#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/bench/mesh.py BIN WORK: what a Coordinator costs, measured against what it has to compute.

Processor time is that of the Coordinator's own processes, from /proc; the issuer (a process that it starts) and the load
generator are accounted apart.  Every figure is the median of ROUNDS runs.
"""
import glob
import os
import statistics
import subprocess
import sys
import time

sys.path.insert(0, 'tests')
import coordinator  # noqa: E402  pylint: disable=wrong-import-position

ROUNDS = 5
SECONDS = 3
THREADS = 8
HELD = 500
TICK = os.sysconf('SC_CLK_TCK')


def children(pid):
    for task in glob.glob('/proc/%d/task/*/children' % pid):
        with open(task, encoding='ascii') as f:
            yield from (int(p) for p in f.read().split())


def own_processes(pid):
    """Keeper and fronts: what runs the same program."""
    exe = os.readlink('/proc/%d/exe' % pid)
    return [pid] + [c for c in children(pid) if os.readlink('/proc/%d/exe' % c) == exe]


def cpu(pids):
    """Nanoseconds of processor time of all threads, as the scheduler counts them."""
    total = 0
    for p in pids:
        for path in glob.glob('/proc/%d/task/*/schedstat' % p):
            with open(path, encoding='ascii') as f:
                total += int(f.read().split()[0])
    return total


def resident(pids):
    """KiB: private pages, and shared ones in proportion."""
    total = 0
    for p in pids:
        with open('/proc/%d/smaps_rollup' % p, encoding='ascii') as f:
            total += sum(int(line.split()[1]) for line in f if line.startswith('Pss:'))
    return total


def line(what, have, target, missed):
    print('%-44s %-44s target %s%s' % (what, have, target, ': MISSED' if missed else ''))


class Bench:
    def __init__(self, work):
        self.d = os.path.join(work, 'mesh')
        subprocess.run(['rm', '-rf', self.d], check=True)
        coordinator.deploy(self.d)
        coordinator.start(self.d)
        self.pid = int(coordinator.read(self.d, 'pid'))
        self.pids = own_processes(self.pid)
        self.mesh = '127.0.0.1:' + coordinator.read(self.d, 'port.mesh')
        self.issuer = 'exec:' + os.path.abspath(os.path.join(self.d, 'issuer.web'))

    def set(self):
        done = subprocess.run(['contrast', 'set', '-c', '127.0.0.1:' + coordinator.read(self.d, 'port.user'), '-m', 'manifest.json',
                               'policy.0', 'policy.1', '--insecure-root', 'root.pem'], check=False, cwd=self.d,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != 10:  # done, under a root given by hand
            sys.exit(done.stderr.decode())

    def load(self, rate=0):
        """Calls a second, p50, p99 (us), and us of processor time of the Coordinator for each."""
        before = cpu(self.pids)
        out = subprocess.run(['mesh-load', 'run', self.mesh, self.issuer, str(THREADS), str(SECONDS), str(rate)], check=True,
                             stdout=subprocess.PIPE, text=True).stdout.split()
        calls = int(out[0])
        return calls / float(out[1]), int(out[2]), int(out[3]), (cpu(self.pids) - before) / (calls + THREADS) / 1000

    def rates(self):
        bare, full, half = [], [], []
        for _ in range(ROUNDS):
            bare.append(float(subprocess.run(['mesh-load', 'bare'], check=True, stdout=subprocess.PIPE, text=True).stdout))
            full.append(self.load())
        most = statistics.median(f[0] for f in full)
        for _ in range(ROUNDS):
            half.append(self.load(most / 2))
        share = statistics.median(100 * b / f[3] for b, f in zip(bare, full))
        line('NewMeshCert, of the rate of its bare crypto', '%.0f %% (%.0f us of %.0f us processor time)' % (
            share, statistics.median(bare), statistics.median(f[3] for f in full)), '60 %', share < 60)
        line('NewMeshCert, all on this machine', '%.0f a second, %d at once' % (most, THREADS), '-', False)
        spread = statistics.median(h[2] / h[1] for h in half)
        line('NewMeshCert at half of that, p99', '%.2f x p50 (p50 %.2f ms)' % (
            spread, statistics.median(h[1] for h in half) / 1000), '5', spread > 5)

    def memory(self):
        idle = resident(self.pids)
        line('memory of keeper and fronts, warm', '%.1f MiB' % (idle / 1024), '24 MiB', idle > 24 * 1024)
        holder = subprocess.Popen(['mesh-load', 'hold', self.mesh, self.issuer, str(HELD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        holder.stdout.readline()
        each = (resident(self.pids) - idle) / HELD
        holder.communicate()
        line('memory of one more certified connection', '%.1f KiB (of %d)' % (each, HELD), '64 KiB', each > 64)

    def stop(self):
        coordinator.stop(self.d)


def median_time(run, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        from_ = time.perf_counter()
        run()
        times.append(time.perf_counter() - from_)
    return statistics.median(times)


def cold_start(work):
    """From the start to the line of the log that says that the last API listens."""
    d = os.path.join(work, 'cold')
    subprocess.run(['rm', '-rf', d], check=True)
    coordinator.deploy(d)
    command = ['contrast-coordinator', '--store', 'dir:' + d + '/store', '--issuer', 'exec:' + os.path.abspath(d + '/issuer'),
               '--insecure-root', d + '/root.pem'] + [w for api in ('user', 'mesh', 'http', 'probe')
                                                      for w in ('--%s-address' % api, '127.0.0.1:0')]
    times = []
    for _ in range(2 * ROUNDS):
        from_ = time.perf_counter()
        p = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        listening = 0
        while listening < 4:
            listening += '"listening"' in p.stderr.readline()
        times.append(time.perf_counter() - from_)
        p.terminate()
        p.communicate()
    nothing = median_time(lambda: subprocess.run([os.path.join(work, 'nothing')], check=True), 4 * ROUNDS)
    have = statistics.median(times)
    line('cold start to serving', '%.1f ms = %.0f x a program that does nothing' % (have * 1000, have / nothing), '100',
         have / nothing > 100)


def set_and_sync(work):
    """SetManifest by its own histogram, and as many fsync calls of such files and folders on the same disk."""
    d = os.path.join(work, 'set')
    ratios, sets, syncs = [], [], []
    for _ in range(ROUNDS):
        subprocess.run(['rm', '-rf', d], check=True)
        coordinator.deploy(d)
        coordinator.start(d, '--metrics', '1')
        try:
            strace = subprocess.Popen(['strace', '-f', '-qq', '-e', 'trace=fsync', '-o', d + '/calls'] + [
                w for p in own_processes(int(coordinator.read(d, 'pid'))) for w in ('-p', str(p))], stderr=subprocess.DEVNULL) \
                if not sets else None
            time.sleep(0.5)
            bench = Bench.__new__(Bench)
            bench.d = d
            bench.set()
            text = subprocess.run([sys.executable, 'tests/coordinator.py', 'get', d, 'probe', '/metrics'], check=True,
                                  stdout=subprocess.PIPE, text=True).stdout
        finally:
            if strace:
                strace.terminate()
                strace.wait()
            coordinator.stop(d)
        if strace:
            with open(d + '/calls', encoding='utf-8') as f:
                count = sum('fsync(' in each for each in f)
            sets.append(0)
            continue
        took = next(float(l.rsplit(' ', 1)[1]) for l in text.splitlines()
                    if l.startswith('contrast_grpc_server_handling_seconds_sum{grpc_method="SetManifest",grpc_service="edgelesssys'))
        sync = sum(one_sync(d, i) for i in range(count))
        sets.append(took)
        syncs.append(sync)
        ratios.append(took / sync)
    ratio = statistics.median(ratios)
    line('SetManifest, the first one', '%.1f ms = %.2f x its %d fsync calls (%.1f ms)' % (
        statistics.median(sets[1:]) * 1000, ratio, count, statistics.median(syncs) * 1000), '2', ratio > 2)


def one_sync(d, i):
    """Every second one is that of a folder, after a file in it got its name."""
    name = os.path.join(d, 'sync')
    if i % 2 == 0:
        with open(name + '.new', 'wb') as f:
            f.write(b'x' * 1000)
            f.flush()
            from_ = time.perf_counter()
            os.fsync(f.fileno())
            return time.perf_counter() - from_
    os.rename(name + '.new', '%s.%d' % (name, i))
    folder = os.open(d, os.O_RDONLY)
    from_ = time.perf_counter()
    os.fsync(folder)
    took = time.perf_counter() - from_
    os.close(folder)
    return took


def main(bin_folder, work):
    os.environ['PATH'] = os.path.abspath(bin_folder) + ':' + os.environ['PATH']
    print('a Coordinator and its pods; median of %d rounds' % ROUNDS)
    bench = Bench(work)
    try:
        bench.set()
        bench.rates()
        bench.memory()
    finally:
        bench.stop()
    cold_start(work)
    set_and_sync(work)


if __name__ == '__main__':
    main(*sys.argv[1:])
