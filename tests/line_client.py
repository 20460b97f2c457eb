#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/line_client.py ADDRESS PORT [LINES]: sends standard input, or so many lines of 100 bytes, then its end; prints the answer, or how
much of it was as it should be.  Ends with 1 when there is none."""
import socket
import sys
import threading


def send(s, data):
    try:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
    except OSError:
        pass    # the reader sees it too, or there is no answer


def main():
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    sent = b''.join(b'%099d\n' % i for i in range(count)) if count else sys.stdin.buffer.read()
    try:
        with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as s:
            sender = threading.Thread(target=send, args=(s, sent), daemon=True)
            sender.start()
            answer = s.makefile('rb').read()
            sender.join()
    except OSError:
        answer = b''
    if not answer:
        print('no answer')
        return 1
    if not count:
        sys.stdout.write(answer.decode())
    else:
        want = b''.join(b'app: ' + line for line in sent.splitlines(keepends=True)) + b'app: that was all\n'
        print('%d lines, %s' % (count, 'as sent' if answer == want else 'NOT as sent'))
    return 0


sys.exit(main())
