# SPDX-License-Identifier: Apache-2.0
## contrast-fetch as a proxy: what one program has got, others take from it.
$ cat >lib.sh <<'END'
> ALWAYS='--ark-not-after 2120-01-01 --ask-not-after 2120-01-01 --asvk-not-after 2120-01-01 --leaf-not-after 2120-01-01 --crl-next-update 2120-01-01'
> kds() { python3 "$TOP/tests/kds.py" "$@"; }
> serve() { CONTRAST_CACHE_DIR=$PWD/kept contrast-fetch serve --listen 127.0.0.1:0 --kds-url $(cat k/url) --insecure-root root.pem >out 2>&1 & echo $! >pid; until [ -s out ]; do sleep 0.02; done; sed 's/listening on //' out >url; }
> end() { kill $(cat pid); }
> inspect() { CONTRAST_CACHE_DIR=$PWD/own.$1 contrast inspect -q --insecure-root root.pem --kds-url "$(cat url)" --fetch m.bin 2>&1 | sed -E "s|http://127.0.0.1:[0-9]+|PROXY|"; echo "exit ${PIPESTATUS[0]}"; }
> get() { curl -sS -o body -D head -g "$(cat url)$1"; echo "curl $?"; sed 's/\r$//; /^$/d' head; }
> log() { cat k/log 2>/dev/null; rm -f k/log; }
> END
> . ./lib.sh; mkdir -p k/pki; snp-sim $ALWAYS --out k/pki; cp k/pki/root.pem .; mv k/pki/report.bin m.bin; kds start k; touch k/calm; serve; sed 's/[0-9]*$/PORT/' url
http://127.0.0.1:PORT

## Two with caches of their own: the service is asked once.
$ . ./lib.sh; inspect one; inspect two; log; find kept -type f | wc -l
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
m.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
exit 10
/vcek/v1/Milan/CHIP64?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 200
/vcek/v1/Milan/crl 200
2
## The service's own refusals come through, with the time to come again.
$ . ./lib.sh; rm -rf kept; echo limit:3600 >k/rule; inspect three; get /vcek/v1/Milan/crl; rm k/rule; log >/dev/null
contrast: inspect: VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64): KDS rate limit: retry after 3600 s
contrast: inspect: CRL of Milan: KDS rate limit: retry after 3600 s
m.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present and 1 more (exit 11)
exit 11
curl 0
HTTP/1.1 429 Too Many Requests
Content-Length: 0
Retry-After: 3600
## What is asked for is read strictly; nothing else is there.
$ . ./lib.sh; get /; get /vcek/v1/Venice/crl; cat body; echo; get '/vcek/v1/Milan/crl?x'; cat body; echo; get /vlek/v1/Milan/crl; get /vcek/v1/Milan/crl; cmp body k/pki/crl.der; curl -sS -X POST -d x -o body -D head $(cat url)/vcek/v1/Milan/crl; sed 's/\r$//; /^$/d' head; log
curl 0
HTTP/1.1 404 Not Found
Content-Length: 87
Content-Type: application/json
Connection: close
curl 0
HTTP/1.1 404 Not Found
Content-Length: 50
Content-Type: text/plain
product: want Milan, Genoa or Turin, have "Venice"
curl 0
HTTP/1.1 400 Bad Request
Content-Length: 23
Content-Type: text/plain
crl: want no parameters
curl 0
HTTP/1.1 404 Not Found
Content-Length: 87
Content-Type: application/json
Connection: close
curl 0
HTTP/1.1 200 OK
Content-Length: 868
Content-Type: application/pkix-crl
HTTP/1.1 405 Method Not Allowed
Content-Length: 0
Allow: GET
Connection: close
/vcek/v1/Milan/crl 200
## A service that lies is not handed on; one that is not there is said not to be.
$ . ./lib.sh; rm -rf kept; mkdir x; snp-sim $ALWAYS --chain other --out x; cp k/pki/leaf.der good.der; cp x/leaf.der k/pki/leaf.der; inspect four | sed -n 1p; kds stop k; get /vcek/v1/Genoa/crl | sed -n 1,2p
contrast: inspect: VCEK of Milan, chip 9f4d4f598e541da92d67e9e55d378989..(64): PROXY: HTTP status 502
curl 0
HTTP/1.1 502 Bad Gateway
## Those who have gone while the service thinks are forgotten: their memory is there for others. (A sanitizer would keep it back.)
$ . ./lib.sh; export ASAN_OPTIONS=quarantine_size_mb=1; kds start k; end; rm -f out; serve; echo hold >k/rule; cat >gone.py <<'END'
> import os, socket
> host, port = open('url').read().strip().split('//')[1].split(':')
> def rss(): return int(next(l for l in open('/proc/%s/status' % open('pid').read().strip()) if l.startswith('VmRSS')).split()[1])
> def ask(i):
>     s = socket.create_connection((host, int(port)))
>     s.sendall(b'GET /vcek/v1/Milan/%0128x?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219 HTTP/1.1\r\nHost: h\r\n\r\n' % i)
>     return s
> first = ask(0)
> while not os.path.exists('k/held'): pass
> for n in (200, 6000):
>     for i in range(n):
>         if n == 6000 and i == 0: before = rss()
>         with ask(1 + i) as s:
>             s.shutdown(socket.SHUT_WR)
>             s.recv(1)
> print(rss() - before < 4096 or rss() - before)
> END
> python3 gone.py; touch k/go; rm k/rule; kds stop k
True
## Slow peers and those that go away stop nobody.
$ . ./lib.sh; python3 - <<'END'
> import socket
> host, port = open('url').read().strip().split('//')[1].split(':')
> all = [socket.create_connection((host, int(port))) for _ in range(200)]
> for i, s in enumerate(all):
>     s.sendall(b'GET /vcek/v1/Milan/crl HTTP/1.1\r\nHost: h\r\n' + (b'\r\n' if i % 2 else b''))
> for s in all[::3]: s.close()
> END
> get / | sed -n 1,2p; end
curl 0
HTTP/1.1 404 Not Found
## Usage.
$ contrast-fetch serve more; contrast-fetch --listen 127.0.0.1:1 </dev/null; contrast-fetch server; contrast-fetch serve --listen localhost:1; env -u HOME contrast-fetch serve; contrast-fetch serve --listen 192.0.2.1:1
contrast-fetch: it takes no operand but serve (see contrast-fetch --help)
contrast-fetch: --listen goes with serve (see contrast-fetch --help)
contrast-fetch: want one of serve, have "server"; did you mean serve? (see contrast-fetch --help)
contrast-fetch: --listen: want A.B.C.D:PORT or [ADDRESS]:PORT, have "localhost:1"
contrast-fetch: serve: there is no folder for the cache: set CONTRAST_CACHE_DIR
contrast-fetch: 192.0.2.1:1: address not available
[exit 1]
