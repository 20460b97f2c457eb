#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AMD's key distribution service, as far as Contrast asks it, on this machine, with what snp-sim has made:

  tests/kds.py start FOLDER [--tls]     serves each leaf.der and crl.der below FOLDER/pki, on a free port of 127.0.0.1; when it
                                        listens, FOLDER/url is its address; --tls with a certificate of nobody
  tests/kds.py stop FOLDER              ends it and waits until it is gone

Requests have to be what AMD 57230 says: paths, 128 lower-case hex digits of a chip id, 16 for Turin, every part of the TCB once,
in decimal, and no other parameter (400); a chip or TCB that is not there is 404.  The same request again within ten seconds is
429 with Retry-After, unless FOLDER/calm is there.  FOLDER/log has a line for each request: its target and what it was answered.

FOLDER/rule, read at each request, changes the answer; a second word says how often, then it is gone:

  limit:SECONDS, limit-date:SECONDS, limit-silent, unavailable:SECONDS, error:STATUS
  drop                 the connection is closed without an answer
  cut                  in the middle of the body
  short                a body whose last byte is missing, with the length that it has
  longer               one more byte
  endless              a body that does not end, without a length
  huge                 one that says that it has 10 MB
  html                 a page in place of what was asked for, with status 200
  redirect             to where it would be
  other:PATH           what FOLDER/pki/PATH holds
  hold                 nothing until FOLDER/go is there; FOLDER/held is there when somebody waits
"""
import email.utils
import http.server
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qsl, urlsplit

WAIT_SECONDS = 30
THROTTLE_SECONDS = 10
AMD = bytes.fromhex('2b060104019c7801')         # 1.3.6.1.4.1.3704.1
PARTS = {'fmcSPL': 9, 'blSPL': 1, 'teeSPL': 2, 'snpSPL': 3, 'ucodeSPL': 8}


def extension(der, *arcs):
    """The value of one of AMD's extensions; None when it is not there.  None of them is critical."""
    oid = AMD + bytes(arcs)
    at = der.find(bytes([6, len(oid)]) + oid)
    if at < 0:
        return None
    value = at + 2 + len(oid)
    return der[value + 2:value + 2 + der[value + 1]]


def number(value):
    return int.from_bytes(value[2:], 'big')


def read(path):
    with open(path, 'rb') as f:
        return f.read()


def contents(folder):
    """{(product, 'crl')} and {(product, chip in hex, parts)}: DER."""
    found = {}
    for where, _, names in os.walk(os.path.join(folder, 'pki')):
        for name in names:
            der = read(os.path.join(where, name))
            if name == 'leaf.der' and extension(der, 4):
                product = re.search(rb'SEV-(Milan|Genoa|Turin)', der).group(1).decode()
                wanted = [p for p in PARTS if p != 'fmcSPL' or product == 'Turin']
                parts = tuple((p, number(extension(der, 3, PARTS[p]))) for p in sorted(wanted))
                found[product, extension(der, 4).hex(), parts] = der
            if name == 'crl.der':
                found[re.search(rb'ARK-(Milan|Genoa|Turin)', der).group(1).decode(), 'crl'] = der
    return found


def key_of(target):
    """What a request asks for; None when KDS would not understand it."""
    url = urlsplit(target)
    path = re.fullmatch(r'/vcek/v1/(Milan|Genoa|Turin)/(crl|[0-9a-f]+)', url.path)
    if not path or (path[2] == 'crl' and '?' in target):
        return None
    product, what = path[1], path[2]
    if what == 'crl':
        return product, what
    parameters = parse_qsl(url.query, keep_blank_values=True)
    wanted = sorted(p for p in PARTS if p != 'fmcSPL' or product == 'Turin')
    numbers = all(re.fullmatch(r'\d{1,3}', value) for _, value in parameters)
    if len(what) != (16 if product == 'Turin' else 128) or sorted(n for n, _ in parameters) != wanted or not numbers:
        return None
    return product, what, tuple((n, int(v)) for n, v in sorted(parameters))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    folder, lock, asked = '', threading.Lock(), {}

    def log_message(self, *args):
        pass

    def file(self, name):
        return os.path.join(self.folder, name)

    def note(self, what):
        with open(self.file('log'), 'a', encoding='utf-8') as f:
            f.write('%s %s\n' % (re.sub('[0-9a-f]{16,128}', lambda m: 'CHIP%d' % (len(m[0]) // 2), self.path), what))

    def rule(self):
        """(word, argument), used up when it has a number of times."""
        try:
            words = read(self.file('rule')).decode().split()
        except FileNotFoundError:
            return '', ''
        if len(words) == 2:
            times = int(words[1]) - 1
            with open(self.file('rule'), 'w', encoding='utf-8') as f:
                f.write('%s %d' % (words[0], times) if times else '')
        word, _, argument = (words or [''])[0].partition(':')
        return word, argument

    def send(self, status, body=b'', length=None, kind='application/pkix-cert', **headers):
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def is_too_early(self):
        """The same again within ten seconds; what is asked while it is calm does not count."""
        if os.path.exists(self.file('calm')):
            return False
        now = time.monotonic()
        before = self.asked.get(self.path, now - THROTTLE_SECONDS)
        self.asked[self.path] = now
        return now - before < THROTTLE_SECONDS

    def endless(self):
        self.note('endless')
        self.send_response(200)
        self.send_header('Connection', 'close')
        self.end_headers()
        try:
            while True:
                self.wfile.write(b'0' * 4096)
        except OSError:
            self.close_connection = True

    def by_rule(self, word, argument, body):
        """False when the rule leaves the answer as it is."""
        later = email.utils.formatdate(time.time() + int(argument or 0), usegmt=True) if word == 'limit-date' else ''
        answers = {
            'limit': lambda: self.send(429, Retry_After=argument),
            'limit-date': lambda: self.send(429, Retry_After=later),
            'limit-silent': lambda: self.send(429),
            'unavailable': lambda: self.send(503, Retry_After=argument),
            'error': lambda: self.send(int(argument)),
            'cut': lambda: self.send(200, body[:len(body) // 2], len(body)),
            'short': lambda: self.send(200, body[:-1]),
            'longer': lambda: self.send(200, body + b'\0'),
            'endless': self.endless,
            'huge': lambda: self.send(200, body, 10000000),
            'html': lambda: self.send(200, b'<html>Welcome</html>', kind='text/html'),
            'redirect': lambda: self.send(302, Location='http://%s/moved%s' % (self.headers['Host'], self.path)),
            'other': lambda: self.send(200, read(self.file('pki/' + argument))),
            'drop': lambda: self.note('drop'),
        }
        if word not in answers:
            return False
        answers[word]()
        self.close_connection = word in ('drop', 'cut', 'huge', 'endless')
        return True

    def do_GET(self):
        with self.lock:
            word, argument = self.rule()
            early = self.is_too_early()
        if word == 'hold':
            with open(self.file('held'), 'w', encoding='utf-8') as f:
                f.write('held')
        until = time.monotonic() + WAIT_SECONDS
        while word == 'hold' and not os.path.exists(self.file('go')) and time.monotonic() < until:
            time.sleep(0.02)
        moved = self.path[len('/moved'):] if self.path.startswith('/moved/') else self.path
        key = key_of(moved)
        body = contents(self.folder).get(key)
        if key is None:
            self.send(400)
        elif self.by_rule(word, argument, body or b''):
            pass
        elif early:
            self.send(429, Retry_After=str(THROTTLE_SECONDS))
        elif body is None:
            self.send(404)
        else:
            self.send(200, body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def with_tls(server, folder):
    key, certificate = os.path.join(folder, 'tls.key'), os.path.join(folder, 'tls.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key,
                    '-out', certificate, '-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '36500'],
                   check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)


def serve(folder, tls):
    Handler.folder = folder
    server = Server(('127.0.0.1', 0), Handler)
    if tls:
        with_tls(server, folder)
    with open(os.path.join(folder, 'pid'), 'w', encoding='utf-8') as f:
        f.write(str(os.getpid()))
    with open(os.path.join(folder, 'url.new'), 'w', encoding='utf-8') as f:
        f.write('%s://127.0.0.1:%d' % ('https' if tls else 'http', server.server_address[1]))
    os.rename(os.path.join(folder, 'url.new'), os.path.join(folder, 'url'))
    server.serve_forever()


def start(folder, *options):
    os.makedirs(os.path.join(folder, 'pki'), exist_ok=True)
    url = os.path.join(folder, 'url')
    if os.path.exists(url):
        os.unlink(url)
    with open(os.path.join(folder, 'errors'), 'wb') as errors:
        subprocess.Popen([sys.executable, os.path.abspath(__file__), 'serve', folder, *options], stdin=subprocess.DEVNULL,
                         stdout=errors, stderr=errors, start_new_session=True)
    until = time.monotonic() + WAIT_SECONDS
    while not os.path.exists(url):
        if time.monotonic() > until:
            sys.exit('%s: does not listen: %s' % (folder, read(os.path.join(folder, 'errors')).decode()))
        time.sleep(0.02)


def stop(folder):
    pid = int(read(os.path.join(folder, 'pid')))
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + WAIT_SECONDS
    while os.path.exists('/proc/%d' % pid) and time.monotonic() < until:
        with open('/proc/%d/stat' % pid, encoding='ascii') as f:
            if f.read().rpartition(')')[2].split()[0] == 'Z':
                return
        time.sleep(0.02)


def main(args):
    match args:
        case ['start', folder, *options]:
            start(folder, *options)
        case ['serve', folder, *options]:
            serve(folder, '--tls' in options)
        case ['stop', folder]:
            stop(folder)
        case _:
            sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
