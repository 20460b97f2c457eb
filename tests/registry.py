#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry of images on this machine, which misbehaves on demand:

  tests/registry.py start FOLDER     serves the blobs of the layout FOLDER/layout, whatever the repository, on a free port of
                                     127.0.0.1, which FOLDER/host names; FOLDER/elsewhere names a second one, which has the
                                     blobs too and asks for no password
  tests/registry.py stop FOLDER      ends it and waits until it is gone

FOLDER/log has a line for each request: manifest, blob or token, what it was answered, and which Authorization came: none, basic or
bearer; what comes to the second one begins with "elsewhere".  FOLDER/auth asks for one: basic, or bearer (with a token from the path
/token), both for the user `u` and the password `p:w`; bearer-for-all gives anybody a token; bearer-http names a token server by http
on a host that is not here.  With FOLDER/no-ranges no range is heeded.

FOLDER/rule, read at each request, changes the answer; a second word says how often (for ever without one), a third which: manifest,
blob or token.

  status:CODE[:SECONDS]     that status, with Retry-After
  drop                      the connection is closed without an answer
  cut                       in the middle of the body, from wherever it begins
  wrong                     one bit of the body is another
  short                     the last byte is missing, and the length is right
  elsewhere                 a redirection to the second one
  plain                     a redirection by http to a host that is not here
  round                     a redirection to itself
"""
import base64
import http.server
import os
import re
import signal
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

WAIT_SECONDS = 30
BASIC = 'Basic ' + base64.b64encode(b'u:p:w').decode()
TOKEN = 'a.token-for-'
lock = threading.Lock()


class Registry(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    folder = ''
    is_elsewhere = False

    def log_message(self, *_):
        pass

    def path_of(self, name):
        return os.path.join(self.folder, name)

    def text(self, name):
        try:
            with open(self.path_of(name), encoding='ascii') as f:
                return f.read().strip()
        except FileNotFoundError:
            return ''

    def take_rule(self, what):
        with lock:
            words = self.text('rule').split()
            if not words or (len(words) > 2 and words[2] != what) or self.is_elsewhere:
                return ''
            if len(words) > 1:
                left = int(words[1]) - 1
                with open(self.path_of('rule'), 'w', encoding='ascii') as f:
                    f.write(' '.join([words[0], str(left), *words[2:]]) if left > 0 else '')
            return words[0]

    def note(self, what, code):
        scheme = (self.headers.get('Authorization') or 'none').split()[0].lower()
        with lock, open(self.path_of('log'), 'a', encoding='ascii') as f:
            f.write('%s%s %s %s\n' % ('elsewhere ' if self.is_elsewhere else '', what, code, scheme))

    def answer(self, what, code, body=b'', **headers):
        self.note(what, code)
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_allowed(self, repository):
        auth, have = self.text('auth'), self.headers.get('Authorization')
        if self.is_elsewhere or not auth:
            return True
        return have == (BASIC if auth == 'basic' else 'Bearer ' + TOKEN + repository)

    def challenge(self):
        auth = self.text('auth')
        if auth == 'basic':
            return 'Basic realm="r"'
        host = 'registry.example' if auth == 'bearer-http' else self.headers['Host']
        return 'Bearer realm="http://%s/token",service="r e",scope="repository:x:pull,push"' % host

    def give_token(self, query):
        rule = self.take_rule('token')
        if rule.startswith('status:'):
            return self.answer('token', int(rule.split(':')[1]))
        if self.text('auth') == 'bearer' and self.headers.get('Authorization') != BASIC:
            return self.answer('token', 401)
        asked = parse_qs(query)
        scope = re.fullmatch(r'repository:(.+):pull', asked['scope'][0])
        if not scope or asked['service'] != ['r e']:
            return self.answer('token', 400)
        return self.answer('token', 200, b'{"token": "%s%s", "expires_in": 60}' % (TOKEN.encode(), scope[1].encode()))

    def give_blob(self, what, path, rule):
        with open(path, 'rb') as f:
            body = f.read()
        from_byte = re.fullmatch(r'bytes=(\d+)-', self.headers.get('Range') or '')
        code = 200
        if from_byte and not os.path.exists(self.path_of('no-ranges')):
            code, body = 206, body[int(from_byte[1]):]
        if rule == 'wrong':
            body = bytes([body[0] ^ 1]) + body[1:]
        if rule == 'short':
            body = body[:-1]
        if rule != 'cut':
            return self.answer(what, code, body)
        self.note(what, code)
        self.send_response(code)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2])
        self.close_connection = True
        return None

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == '/token':
            return self.give_token(url.query)
        parts = re.fullmatch(r'/v2/(.+)/(manifest|blob)s/sha256:([0-9a-f]{64})', url.path)
        if not parts:
            return self.answer('unknown', 400)
        repository, what, digest = parts.groups()
        if not self.is_allowed(repository):
            return self.answer(what, 401, WWW_Authenticate=self.challenge())
        rule, path = self.take_rule(what), self.path_of('layout/blobs/sha256/' + digest)
        if rule == 'drop':
            self.note(what, 'drop')
            self.close_connection = True
            return None
        if rule.startswith('status:'):
            _, code, *after = rule.split(':')
            return self.answer(what, int(code), **({'Retry_After': after[0]} if after else {}))
        places = {'elsewhere': 'http://' + self.text('elsewhere'), 'plain': 'http://registry.example', 'round': ''}
        if rule in places:
            return self.answer(what, 307, Location=places[rule] + self.path)
        if not os.path.exists(path):
            return self.answer(what, 404)
        return self.give_blob(what, path, rule)


def serve(folder):
    Registry.folder = folder
    for name, is_elsewhere in (('elsewhere', True), ('host', False)):
        kind = type('Kind', (Registry,), {'is_elsewhere': is_elsewhere})
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), kind)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with open(os.path.join(folder, name), 'w', encoding='ascii') as f:
            f.write('127.0.0.1:%d' % server.server_address[1])
    with open(os.path.join(folder, 'pid'), 'w', encoding='ascii') as f:
        f.write(str(os.getpid()))
    signal.pause()


def wait_for(holds, what):
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > end:
            sys.exit('registry: ' + what)
        time.sleep(0.02)


def main():
    command, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    pid_file = os.path.join(folder, 'pid')
    if command == 'serve':
        serve(folder)
    elif command == 'start':
        subprocess.Popen([sys.executable, __file__, 'serve', folder], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: os.path.exists(pid_file) and os.path.getsize(pid_file) > 0, 'it does not start')
    elif command == 'stop':
        with open(pid_file, encoding='ascii') as f:
            pid = int(f.read())
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: not os.path.exists('/proc/%d' % pid) or open('/proc/%d/stat' % pid).read().split()[2] == 'Z',
                 'it does not end')
        os.remove(pid_file)
    else:
        sys.exit(__doc__)


if __name__ == '__main__':
    main()
