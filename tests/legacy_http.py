#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A Coordinator's HTTP API as it was before it had versions: legacy_http.py PORT-OF-COORDINATOR PORT-FILE

POST /attest is passed on, everything else is 404.  Its own port is in PORT-FILE when it listens; ends with its parent.
"""
import ctypes
import http.client
import http.server
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


class Legacy(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(404, b'{}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        if self.path != '/attest':
            self.answer(404, b'{}')
            return
        c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]))
        c.request('POST', self.path, body, {'Content-Type': 'application/json'})
        r = c.getresponse()
        self.answer(r.status, r.read())

    def log_message(self, *_):
        pass


def main():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    server = http.server.HTTPServer(('127.0.0.1', 0), Legacy)
    with open(sys.argv[2] + '.new', 'w', encoding='utf-8') as f:
        f.write(str(server.server_address[1]))
    os.rename(sys.argv[2] + '.new', sys.argv[2])
    server.serve_forever()


if __name__ == '__main__':
    main()
