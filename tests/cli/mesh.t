# SPDX-License-Identifier: Apache-2.0
# needs netns ip nft ss
## Two pods with certificates of one Coordinator, and one of another.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> pod() { # COORDINATOR FOLDER
>     mkdir -p "$2"
>     COORDINATOR_HOST=127.0.0.1:$(cat $1/port.mesh) CONTRAST_ISSUER=exec:$PWD/$1/issuer.web CONTRAST_FOLDER=$2 CONTRAST_DONE_FILE=$2/done contrast-initializer 2>$2/log
> }
> deployment() { # COORDINATOR POD...
>     local d=$1; shift
>     run deploy $d && run start $d && run body manifest $d | run post $d /v1/manifest >/dev/null
>     for p; do pod $d $p; done
>     run stop $d
> }
> a=contrast-a-$$ b=contrast-b-$$
> networks() { # of two pods, a and b, joined by a wire
>     trap 'kill $(jobs -p) 2>/dev/null; wait; ip netns del $a; ip netns del $b' EXIT
>     ip netns add $a && ip netns add $b && ip -n $a link add wire type veth peer name wire netns $b
>     for n in $a $b; do ip -n $n link set lo up; ip -n $n link set wire up; done
>     ip -n $a addr add 10.231.7.1/24 dev wire; ip -n $b addr add 10.231.7.2/24 dev wire
>     ip -n $a addr add fd77::1/64 dev wire nodad; ip -n $b addr add fd77::2/64 dev wire nodad
> }
> mesh() { # NETWORK FOLDER OPTIONS...
>     local n=$1 f=$2; shift 2
>     rm -f $f/ready
>     ([ -z "$DESCRIPTORS" ] || ulimit -n $DESCRIPTORS; exec ip netns exec $n contrast-mesh --credentials $f/tls-config --ready-file $f/ready --default-deny keep "$@") 2>>$f/mesh.log & proxy=$!
>     for i in $(seq 400); do [ -e $f/ready ] && break; sleep 0.05; done
> }
> app() { # NETWORK PORT...: answers each line; the line "end" ends its side
>     local n=$1; shift
>     for port; do
>         ip netns exec $n python3 $TOP/tests/line_server.py $port & 
>         for i in $(seq 400); do ip netns exec $n ss -ltnH "sport = :$port" | grep -q . && break; sleep 0.05; done
>     done
> }
> plain() { printf 'hello\nend\n' | timeout ${SECONDS_MAX:-20} ip netns exec $a python3 $TOP/tests/line_client.py $1 $2; echo "[$?]"; }
> refused() { # an alert may come before the end, which libraries send or not; 124: nothing came, and no end
>     plain "$@" >said; grep -aE '^app|\[124\]' said || echo "nothing"
> }
> tls() { # ADDRESS PORT OPTIONS...
>     local to=$1:$2; shift 2
>     printf 'hello\nend\n' | timeout ${SECONDS_MAX:-20} ip netns exec $a openssl s_client -connect $to -quiet -verify_return_error -CAfile web/tls-config/mesh-ca.pem "$@" 2>err
>     grep -oE 'alert [a-z ]+|unable to verify.*' err | head -n 1
> }
> privileges() { sed -nE 's/^(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs):\t/\1 /p' /proc/$1/task/*/status | sort -u; } # of all threads
> as() { echo -cert $1/tls-config/certChain.pem -cert_chain $1/chain -key $1/tls-config/key.pem; }
> END
$ . ./lib.sh; deployment d web emoji && deployment other stranger && for p in web emoji stranger; do openssl crl2pkcs7 -nocrl -certfile $p/tls-config/certChain.pem | openssl pkcs7 -print_certs | awk '/subject=CN = system/,0' >$p/chain; done; ls -d */tls-config
emoji/tls-config
stranger/tls-config
web/tls-config
## A text that is wrong opens nothing.
$ for o in --ingress=web#8080 --ingress=web#70000#true --egress=e#10.0.0.1:80#svc:80 --default-deny=no --admin-port=0x1 -l=loud; do contrast-mesh "${o%%=*}" "${o#*=}"; echo "[$?]"; done
contrast-mesh: CONTRAST_INGRESS_PROXY_CONFIG: entry 1, "web#8080": want NAME#PORT#true or NAME#PORT#false
[2]
contrast-mesh: CONTRAST_INGRESS_PROXY_CONFIG: entry 1, "web#70000#true": want a port from 1 to 65535 without sign or leading zero, have "70000"
[2]
contrast-mesh: CONTRAST_EGRESS_PROXY_CONFIG: entry 1, "e#10.0.0.1:80#svc:80": want an address in 127.0.0.0/8 to listen on, have "10.0.0.1"
[2]
contrast-mesh: CONTRAST_DEFAULT_DENY: want lift or keep, have "no"
[2]
contrast-mesh: CONTRAST_ADMIN_PORT: want a port from 1 to 65535 without sign or leading zero, have "0x1"
[2]
contrast-mesh: CONTRAST_LOG_LEVEL: want debug, info, warning or error, have "loud"
[2]
$ touch ready; contrast-mesh --credentials none --ready-file ready --ingress DISABLED 2>&1 | grep -o '"cause".*'; ls ready
"cause":"none: No such file or directory"}
ls: cannot access 'ready': No such file or directory
[exit 2]
$ cp -r web mixed && cp emoji/tls-config/key.pem mixed/tls-config/ && contrast-mesh --credentials mixed/tls-config --ready-file ready 2>&1 | grep -o '"cause".*'
"cause":"certificate chain: leaf: it is not for this pod's key"}
$ cp -r web pipe && rm pipe/tls-config/key.pem && mkfifo pipe/tls-config/key.pem && timeout --foreground 20 contrast-mesh --credentials pipe/tls-config --ready-file ready 2>&1 | grep -o '"cause".*'
"cause":"key.pem: want a regular file"}
## Every port wants a certificate of the mesh, by IPv4 and IPv6, but for the ports that are named.
$ . ./lib.sh; networks; app $b 8080 8081 9090; mesh $b emoji --ingress 'web#8081#false##metrics#9090#true'
> privileges $proxy; tls 10.231.7.2 8080 $(as web); tls '[fd77::2]' 8080 $(as web); tls 10.231.7.2 8080 -tls1_2 $(as web)
> echo "none:"; tls 10.231.7.2 8080; tls '[fd77::2]' 8080; echo "another mesh:"; tls 10.231.7.2 8080 $(as stranger); refused 10.231.7.2 8080
> echo "named with false:"; tls 10.231.7.2 8081; refused 10.231.7.2 8081; echo "named with true:"; plain 10.231.7.2 9090; plain fd77::2 9090
> echo "old:"; tls 10.231.7.2 8080 -tls1_1 $(as web); echo "the proxy itself:"; tls 10.231.7.2 15006 $(as web); tls 10.231.7.2 15007
> sed -n 's/.*"direction":"ingress","cause":"\(.*\)"}/\1/p' emoji/mesh.log | LC_ALL=C sort | uniq -c | sed 's/^ *//'
CapAmb 0000000000000000
CapEff 0000000000000000
CapInh 0000000000000000
CapPrm 0000000000000000
NoNewPrivs 1
app: hello
app: end
app: hello
app: end
app: hello
app: end
none:
alert certificate required
alert certificate required
another mesh:
/alert (unknown ca|bad certificate)/
nothing
named with false:
app: hello
app: end
nothing
named with true:
app: hello
app: end
[0]
app: hello
app: end
[0]
old:
alert protocol version
the proxy itself:
2 TLS: handshake: peer did not return a certificate (-345)
2 TLS: handshake: record layer length error (-341)
1 TLS: handshake: record layer version error (-326)
1 certificate of the peer: leaf: ECDSA P-384 signature is not valid
## Egress: a plain connection inside of the pod goes out under its certificate, and each direction ends by itself.
$ . ./lib.sh; networks; app $b 8080; mesh $b emoji; mesh $a web --ingress DISABLED --egress 'emoji#127.137.0.1:8081#10.231.7.2:8080##name#127.137.0.1:8082#emoji.invalid:80##six#127.137.0.1:8083#[fd77::2]:8080'
> plain 127.137.0.1 8081; plain 127.137.0.1 8083; plain 127.137.0.1 8082
> ip netns exec $a python3 $TOP/tests/line_client.py 127.137.0.1 8081 100000
> kill $proxy; wait $proxy; echo "ended with $?"; mesh $a stranger --ingress DISABLED --egress 'emoji#127.137.0.1:8081#10.231.7.2:8080'; plain 127.137.0.1 8081; sed -n 's/.*"direction"://p' web/mesh.log stranger/mesh.log
app: hello
app: end
[0]
app: hello
app: end
[0]
no answer
[1]
100000 lines, as sent
ended with 0
no answer
[1]
"egress","cause":"its name was not found"}
"egress","cause":"certificate of the peer: leaf: ECDSA P-384 signature is not valid"}
## Silent connections that fill up one role's room leave that of the others.
$ . ./lib.sh; networks; app $b 8080; app $a 8080; mesh $a web; DESCRIPTORS=300 mesh $b emoji --ingress 'web#8081#false' --egress 'web#127.137.0.1:8081#10.231.7.1:8080'
> coproc ip netns exec $a python3 -c 'import socket; s = [socket.create_connection(("10.231.7.2", 8081)) for _ in range(150)]; print("open", flush=True); input()'
> read -r line <&${COPROC[0]}; echo $line; tls 10.231.7.2 8080 $(as web); printf 'hello\nend\n' | timeout 20 ip netns exec $b python3 $TOP/tests/line_client.py 127.137.0.1 8081
> grep -o '"too many.*' emoji/mesh.log | sort -u
open
app: hello
app: end
app: hello
app: end
"too many connections: the newest are closed"}
## Killed, it lets nobody in; started again it serves. Other credentials are taken over by SIGHUP, bad ones are not, and what is open goes on.
$ . ./lib.sh; networks; app $b 8080; cp -r emoji turned; mesh $b turned; tls 10.231.7.2 8080 $(as web)
> kill -9 $proxy; wait $proxy 2>/dev/null; SECONDS_MAX=3 plain 10.231.7.2 8080; SECONDS_MAX=3 plain fd77::2 8080; mesh $b turned; tls 10.231.7.2 8080 $(as web)
> load() { kill -HUP $(pgrep -P $$ -f 'credentials turned'); for i in $(seq 400); do grep -q "$1" turned/mesh.log && break; sleep 0.05; done; }
> coproc timeout 60 ip netns exec $a openssl s_client -connect 10.231.7.2:8080 -quiet -verify_return_error -CAfile web/tls-config/mesh-ca.pem $(as web) 2>err
> say() { echo "$1" >&${COPROC[1]}; read -t 20 -r line <&${COPROC[0]}; echo "open: $line"; }; say before
> cp mixed/tls-config/key.pem turned/tls-config/; cp web/tls-config/certChain.pem turned/tls-config/; load 'not loaded'; echo "kept: $(tls 10.231.7.2 8080 $(as web))"
> cp stranger/tls-config/* turned/tls-config/; load 'was loaded'; echo "turned: $(tls 10.231.7.2 8080 $(as stranger) -CAfile stranger/tls-config/mesh-ca.pem)"; tls 10.231.7.2 8080 $(as web) -CAfile stranger/tls-config/mesh-ca.pem
> say after
> grep -o '"the identity.*' turned/mesh.log
app: hello
app: end
[124]
[124]
app: hello
app: end
open: app: before
kept: app: hello
app: end
turned: app: hello
app: end
/alert (unknown ca|bad certificate)/
open: app: after
"the identity was not loaded anew","cause":"certificate chain: leaf: it is not for this pod's key"}
"the identity was loaded anew"}
