#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our HTTP/2 server against h2spec: tests/interop/h2spec/run.py BIN PROGRAM

PROGRAM is h2spec.  What fails must be listed below; some of that passes when h2spec is quicker than the answer.
"""
import re
import subprocess
import sys

ANSWERED = 'The call is refused as soon as its header has come (GET: 405), so that the stream is closed before what h2spec sends next.'
IGNORED = 'nghttp2 ignores what comes for a stream that is closed: it cannot tell it from what was under way.'
FAILS = {
    'Sends a WINDOW_UPDATE frame on half-closed (remote) stream': ANSWERED,
    'Sends a PRIORITY frame on half-closed (remote) stream': ANSWERED,
    'half closed (remote): Sends a DATA frame': ANSWERED,
    'closed: Sends a DATA frame after sending RST_STREAM frame': ANSWERED,
    'closed: Sends a HEADERS frame after sending RST_STREAM frame': ANSWERED,
    'closed: Sends a DATA frame': IGNORED,
    'closed: Sends a HEADERS frame': IGNORED,
    'Sends stream identifier that is numerically smaller than previous': IGNORED,
    'Sends HEADERS frames that causes their advertised concurrent stream limit to be exceeded': ANSWERED,
    'Sends a DATA frame on the stream that is not in "open" or "half-closed (local)" state': ANSWERED,
}


def main(folder, program):
    with subprocess.Popen([folder + '/test-peer', 'serve', 'grpc'], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        port = server.stdout.readline().decode().strip()
        out = subprocess.run([program, '-h', '127.0.0.1', '-p', port, '--path', '/test.Test/Echo'], stdout=subprocess.PIPE,
                             text=True, timeout=300, check=False).stdout
        crashed = server.poll() is not None
        server.stdin.close()
    _, _, failures = out.partition('Failures:')
    failed = set(re.findall(r'^ *× \d+: (.*)$', failures, re.M))
    totals = re.search(r'\d+ tests, \d+ passed, (\d+) skipped, (\d+) failed', out)
    for name in sorted(failed - set(FAILS)):
        print('failed: h2spec: not listed: ' + name)
    good = totals and int(totals[2]) <= len(FAILS) and failed <= set(FAILS) and not crashed
    print('%s: h2spec: %s, %d as listed' % ('passed' if good else 'failed', totals[0] if totals else out[-300:], len(failed & set(FAILS))))
    print('1 passed, 0 failed, 0 skipped' if good else '0 passed, 1 failed, 0 skipped')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
