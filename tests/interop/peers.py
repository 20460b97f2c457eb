#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our HTTP/2, gRPC, protobuf and HTTP/1.1 against what others have written: grpcio, protobuf, curl, nghttp, h2load, Python.

  tests/interop/peers.py BIN     BIN: folder of the programs

Each line is a case; the last one counts.  What is not installed is skipped, and counted as skipped.
"""
import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from concurrent import futures

try:
    import grpc
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
except ImportError:
    grpc = None

PACKAGE = 'edgelesssys.contrast.userapi'
BYTES, REPEATED, OPTIONAL, MESSAGE = 12, 3, 1, 11
SCHEMA = {
    'SetManifestRequest': [('Manifest', 1, BYTES, OPTIONAL), ('Policies', 2, BYTES, REPEATED),
                           ('PreviousTransitionHash', 3, BYTES, OPTIONAL), ('Signature', 4, BYTES, OPTIONAL)],
    'LatestTransition': [('TransitionHash', 1, BYTES, OPTIONAL), ('Signature', 2, BYTES, OPTIONAL)],
    'GetManifestsResponse': [('Manifests', 1, BYTES, REPEATED), ('Policies', 2, BYTES, REPEATED), ('RootCA', 3, BYTES, OPTIONAL),
                             ('MeshCA', 4, BYTES, OPTIONAL), ('LatestTransition', 5, MESSAGE, OPTIONAL)],
}


def messages():
    """Classes made by Google's library from the schema above."""
    f = descriptor_pb2.FileDescriptorProto(name='user.proto', package=PACKAGE, syntax='proto3')
    for name, fields in SCHEMA.items():
        m = f.message_type.add(name=name)
        for field, number, kind, label in fields:
            m.field.add(name=field, number=number, type=kind, label=label,
                        type_name='.%s.%s' % (PACKAGE, field) if kind == MESSAGE else None)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(f)
    get = getattr(message_factory, 'GetMessageClass', None) or message_factory.MessageFactory(pool).GetPrototype
    return {name: get(pool.FindMessageTypeByName('%s.%s' % (PACKAGE, name))) for name in SCHEMA}


class Served:
    """test-peer while it serves."""

    def __init__(self, program, what):
        self.process = subprocess.Popen([program, 'serve', what], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = self.process.stdout.readline().decode().strip()

    def __enter__(self):
        return self.port

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(10)


def want(have, wanted):
    if have != wanted:
        raise AssertionError('want %s, have %s' % (repr(wanted)[:300], repr(have)[:300]))


def failure_of(call, *args, **more):
    try:
        call(*args, **more)
    except grpc.RpcError as e:
        return e.code().name, e.details()
    raise AssertionError('no failure')


# ---- cases: our server -----------------------------------------------------------------------------------------------

def grpcio_client(program):
    classes = messages()
    with Served(program, 'grpc') as port, grpc.insecure_channel('127.0.0.1:' + port) as channel:
        raw = channel.unary_unary('/test.Test/Echo')
        for size in (0, 1, 5, 16384, 70000, 1 << 20, 4 * 1000 * 1000):
            want(raw(bytes(size), timeout=20), bytes(size))
        for _ in range(300):
            want(raw(b'abc', timeout=20), b'abc')
        many = [raw.future(bytes([i])) for i in range(90)]
        want([f.result(20) for f in many], [bytes([i]) for i in range(90)])

        set_ = channel.unary_unary('/%s.UserAPI/SetManifest' % PACKAGE,
                                   request_serializer=lambda m: m.SerializeToString(),
                                   response_deserializer=classes['SetManifestRequest'].FromString)
        m = classes['SetManifestRequest'](Manifest=b'{}', Policies=[b'a', b'', b'c' * 1000], PreviousTransitionHash=bytes(32),
                                          Signature=b'sig')
        want(set_(m, timeout=20), m)
        want(set_(classes['SetManifestRequest'](), timeout=20), classes['SetManifestRequest']())
        get = channel.unary_unary('/%s.UserAPI/GetManifests' % PACKAGE, request_serializer=lambda b: b,
                                  response_deserializer=classes['GetManifestsResponse'].FromString)
        h = get(b'', timeout=20)
        want((list(h.Manifests), list(h.Policies), h.RootCA, h.MeshCA, h.LatestTransition.TransitionHash, h.LatestTransition.Signature),
             ([b'{"example":0}', b'{"example":1}'], [b'policy', b''], b'ROOT\n', b'MESH\n', b'0123456789abcdef0123456789ABCDEF', b'sig'))


def grpcio_client_failures(program):
    with Served(program, 'grpc') as port, grpc.insecure_channel('127.0.0.1:' + port) as channel:
        want(failure_of(channel.unary_unary('/test.Test/Fail'), b'', timeout=20), ('PERMISSION_DENIED', '100% na\u00efve\nline'))
        want(failure_of(channel.unary_unary('/test.Test/None'), b'', timeout=20), ('UNIMPLEMENTED', 'no such method'))
        want(failure_of(channel.unary_unary('/test.Test/Fail'), bytes(101), timeout=20)[0], 'RESOURCE_EXHAUSTED')
        echo = channel.unary_unary('/test.Test/Echo')
        want(failure_of(echo, b'a' * 1000, timeout=20, compression=grpc.Compression.Gzip)[0], 'UNIMPLEMENTED')
        want(echo(b'still there', timeout=20), b'still there')


def curl_http2(program):
    with Served(program, 'grpc') as port:
        url = 'http://127.0.0.1:%s' % port
        run = ['curl', '-sS', '--max-time', '20', '--http2-prior-knowledge', '-o', '-', '-w', '%{http_version} %{http_code}']
        grpc_type = ['-H', 'content-type: application/grpc', '--data-binary', '@-']
        message = b'\0\0\0\0\3abc'
        out = subprocess.run([*run, '-D', '/dev/stderr', *grpc_type, url + '/test.Test/Echo'], input=message, capture_output=True, check=True)
        want(out.stdout, message + b'2 200')
        want(b'grpc-status: 0' in out.stderr, True)
        out = subprocess.run([*run, url + '/test.Test/Echo'], capture_output=True, check=True)
        want(out.stdout, b'2 405')
        out = subprocess.run([*run, '-d', '{}', url + '/test.Test/Echo'], capture_output=True, check=True)
        want(out.stdout, b'2 415')


def nghttp_(program):
    with Served(program, 'grpc') as port:
        path = 'build/interop/message'
        with open(path, 'wb') as f:
            f.write(b'\0\0\0\0\3abc')
        out = subprocess.run(['nghttp', '-v', '-H', ':method: POST', '-H', 'content-type: application/grpc', '-d', path,
                              'http://127.0.0.1:%s/test.Test/Echo' % port], capture_output=True, check=True).stdout
        want(b'grpc-status: 0' in out and b'GOAWAY' in out, True)


def h2load_(program):
    with Served(program, 'grpc') as port:
        out = subprocess.run(['h2load', '-n', '20000', '-c', '4', '-m', '50', '-H', 'content-type: application/grpc', '-d',
                              'build/interop/message', 'http://127.0.0.1:%s/test.Test/Echo' % port], capture_output=True, check=True).stdout
        want(b'20000 succeeded, 0 failed, 0 errored' in out, True)
        print('   ' + [line for line in out.decode().split('\n') if 'req/s' in line][0])


def curl_http1(program):
    with Served(program, 'http') as port:
        url = 'http://127.0.0.1:%s' % port
        run = ['curl', '-sS', '--max-time', '20', '-o', '-', '-w', ' %{http_version} %{http_code} %{num_connects}\n']
        body = b'{"nonce":"' + b'A' * 43 + b'="}'
        post = ['-H', 'Content-Type: application/json', '--data-binary', '@-']

        def curl(*args, data=b''):
            return subprocess.run([*run, *args], input=data, capture_output=True, check=True).stdout

        want(curl(url + '/capabilities', url + '/capabilities'),
             b'{"api_versions":["v1"]}\n 1.1 200 1\n{"api_versions":["v1"]}\n 1.1 200 0\n')     # one connection
        want(curl('--http1.0', url + '/capabilities'), b'{"api_versions":["v1"]}\n 1.1 200 1\n')
        want(curl(*post, url + '/attest', data=body), body + b' 1.1 200 1\n')
        want(curl(*post, '-H', 'Expect: 100-continue', url + '/attest', data=body), body + b' 1.1 200 1\n')
        want(curl(*post, url + '/attest', data=bytes(1025)).split()[-2:], [b'413', b'1'])
        want(curl(*post, '-H', 'Transfer-Encoding: chunked', url + '/attest', data=body).split()[-2:], [b'501', b'1'])
        want(curl('-X', 'PUT', url + '/capabilities'), b' 1.1 405 1\n')
        want(curl('-d', '{}', url + '/attest').split()[-2:], [b'415', b'1'])
        want(curl(url + '/nothing').split()[-2:], [b'404', b'1'])


def python_client(program):
    with Served(program, 'http') as port:
        c = http.client.HTTPConnection('127.0.0.1', int(port), timeout=20)

        def ask(method, path, body=None, **headers):
            c.request(method, path, body, headers)
            r = c.getresponse()
            return r.status, r.read(), r.getheader('Connection')

        versions, json = b'{"api_versions":["v1"]}\n', {'Content-Type': 'application/json; charset="utf-8"'}
        for _ in range(100):
            want(ask('GET', '/capabilities?a=%20'), (200, versions, None))
            want(ask('POST', '/attest', b'{}' * 512, **json), (200, b'{}' * 512, None))
        want(ask('HEAD', '/capabilities'), (405, b'', 'close'))
        want(ask('GET', '/Capabilities')[0], 404)
        want(ask('POST', '/attest', b'{}', **{'Content-Type': 'application/json; charset'})[0], 400)
        want(ask('POST', '/attest', iter([b'{}']), **json)[0], 501)         # in chunks
        want(ask('GET', '/capabilities', **{'X-Long': 'a' * 17000})[0], 431)


def said(port, pieces):
    """All that the server says to these bytes, until it ends the connection."""
    with socket.create_connection(('127.0.0.1', int(port)), timeout=20) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            s.sendall(piece)
        return b''.join(iter(lambda: s.recv(65536), b''))


def statuses(answers):
    return re.findall(rb'HTTP/1\.1 ([0-9]{3}) ', answers)


def raw_bytes(program):
    get, last = b'GET /capabilities HTTP/1.1\r\nHost: h\r\n', b'Connection: close\r\n\r\n'
    post = b'POST /attest HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n'
    with Served(program, 'http') as port:
        row = (post + b'Content-Length: 2\r\n\r\n{}' + get + b'\r\n') * 20 + get + last
        want(statuses(said(port, [row])), [b'200'] * 41)
        want(said(port, [row[i:i + 1] for i in range(len(row))]), said(port, [row]))
        # A second request in what may be the body of the first: one answer, and the end.
        smuggled = get + last
        for fields, code in ((b'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', b'501'),
                             (b'Transfer-Encoding: chunked\r\n', b'501'), (b'Transfer-Encoding: x\r\n', b'501'),
                             (b'Transfer-Encoding : chunked\r\n', b'400'), (b'Content-Length: 2\r\nContent-Length: 0\r\n', b'400'),
                             (b'Content-Length: 2, 0\r\n', b'400'), (b'Content-Length: +2\r\n', b'400'),
                             (b'X: y\r\n Content-Length: 2\r\n', b'400'), (b'X: y\rContent-Length: 2\r\n', b'400'),
                             (b'X: y\nContent-Length: 2\r\n', b'400'), (b'Content-Length: 1025\r\n', b'413')):
            want(statuses(said(port, [post + fields + b'\r\n0\r\n\r\n' + smuggled])), [code])


# ---- cases: our client -----------------------------------------------------------------------------------------------

def call(program, port, path, message=b''):
    return subprocess.run([program, 'call', str(port), path], input=message, capture_output=True, check=True).stdout


def grpcio_server(program):
    def fail(_, context):
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, '50% na\u00efve\n')

    handlers = {'Echo': grpc.unary_unary_rpc_method_handler(lambda m, _: m), 'Fail': grpc.unary_unary_rpc_method_handler(fail),
                'Left': grpc.unary_unary_rpc_method_handler(lambda _, context: b'%d' % (0 < context.time_remaining() <= 20))}
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler('test.Test', handlers),))
    port = server.add_insecure_port('127.0.0.1:0')
    server.start()
    for size in (0, 1, 70000, 1 << 20, 4 * 1000 * 1000):
        want(call(program, port, '/test.Test/Echo', bytes(size)), bytes(size))
    want(call(program, port, '/test.Test/Left'), b'1')
    want(call(program, port, '/test.Test/Fail'), 'FAILED_PRECONDITION: 50% na\u00efve\n'.encode())
    want(call(program, port, '/test.Test/None').split(b':')[0], b'UNIMPLEMENTED')
    server.stop(0)


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == '/hints':
            self.wfile.write(b'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
        chunks = [b'a', b'bc' * 5000, b'\r\n0\r\n\r\n'] if self.path == '/chunks' else []
        body = b'{"a":1}\n'
        self.send_response(412 if self.path == '/412' else 200)
        if chunks:
            self.send_header('Transfer-Encoding', 'chunked')
        elif self.path != '/until-close':
            self.send_header('Content-Length', str(5 << 20 if self.path == '/too-long' else len(body)))
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b'%X\r\n%s\r\n' % (len(chunk), chunk))
        self.wfile.write(b'0\r\n\r\n' if chunks else body)
        self.close_connection = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def python_server(program):
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def ask(method, path, body=b''):
            run = [program, method, str(server.server_port), path]
            return subprocess.run(run, input=body, capture_output=True, check=True).stdout

        want(ask('get', '/'), b'200\n{"a":1}\n')
        want(ask('get', '/412'), b'412\n{"a":1}\n')
        want(ask('get', '/hints'), b'200\n{"a":1}\n')
        want(ask('get', '/until-close'), b'200\n{"a":1}\n')
        want(ask('get', '/chunks'), b'200\na' + b'bc' * 5000 + b'\r\n0\r\n\r\n')
        for size in (0, 1, 70000, 3 << 20):
            want(ask('post', '/', bytes(size)), b'200\n' + bytes(size))
        failed = subprocess.run([program, 'get', str(server.server_port), '/too-long'], stdin=subprocess.DEVNULL,
                                capture_output=True, check=False)
        want((failed.returncode, b'want at most' in failed.stderr), (1, True))
        server.shutdown()


CASES = [(grpcio_client, 'grpcio'), (grpcio_client_failures, 'grpcio'), (curl_http2, 'curl'), (nghttp_, 'nghttp'), (h2load_, 'h2load'),
         (curl_http1, 'curl'), (python_client, 'python3'), (raw_bytes, 'python3'), (grpcio_server, 'grpcio'),
         (python_server, 'python3')]


def is_there(what):
    return grpc is not None if what == 'grpcio' else shutil.which(what) is not None


def main(folder):
    program = folder + '/test-peer'
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    os.makedirs('build/interop', exist_ok=True)
    for case, needs in CASES:
        result = 'skipped'
        if is_there(needs):
            try:
                case(program)
                result = 'passed'
            except (AssertionError, OSError, http.client.HTTPException, subprocess.CalledProcessError,
                    grpc.RpcError if grpc else OSError) as e:
                result = 'failed'
                print('%s: %s' % (case.__name__, e))
        print('%s: %s' % (result, case.__name__.rstrip('_').replace('_', ' ')), flush=True)
        counts[result] += 1
    print('%(passed)d passed, %(failed)d failed, %(skipped)d skipped' % counts)
    return 1 if counts['failed'] else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
