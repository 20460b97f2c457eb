#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/line_server.py PORT: answers each line on TCP with "app: LINE", and ends its side after the line "end" or the peer's end."""
import socket
import socketserver
import sys


class Lines(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b'app: ' + line)
            if line == b'end\n':
                return
        self.wfile.write(b'app: that was all\n')


class Server(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


Server(('::', int(sys.argv[1])), Lines).serve_forever()
