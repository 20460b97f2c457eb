# SPDX-License-Identifier: Apache-2.0
# needs netns ip iptables-legacy
## The rule that a guest's image sets, in a network of its own: while it is there, nobody gets in, loopback included.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> n=contrast-$$
> trap 'ip netns del $n' EXIT
> ip netns add $n && ip -n $n link set lo up
> in_n() { ip netns exec $n "$@"; }
> rule="INPUT -m conntrack ! --ctstate ESTABLISHED,RELATED -j DROP"
> deny() { in_n iptables-legacy -I $rule; }
> denied() { in_n iptables-legacy -C $rule 2>/dev/null && echo denied || echo free; }
> initialize() { # SECONDS, VARIABLE=VALUE...
>     local seconds=$1; shift; mkdir -p w
>     in_n env COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/d/issuer.web CONTRAST_FOLDER=w CONTRAST_DONE_FILE=w/done "$@" \
>         timeout --foreground $seconds contrast-initializer 2>w/log
>     echo "exit $?"; grep -o '"default deny".*' w/log
> }
> END
## The Coordinator lifts it when it is told to, and says so; started again it finds nothing to lift.
$ . ./lib.sh; run deploy d; deny; denied
> serve() { (exec ip netns exec $n contrast-coordinator --store dir:d/store --issuer exec:$PWD/d/issuer --insecure-root d/root.pem --user-address 127.0.0.1:1313 \
>     --http-address 127.0.0.1:1314 --mesh-address 127.0.0.1:7777 --probe-address 127.0.0.1:9102 "$@") 2>log & for i in $(seq 400); do grep -q '"probe"' log && break; sleep 0.05; done; }
> alive() { in_n curl -m 2 -s -o answer -w '%{http_code}\n' http://127.0.0.1:9102/probe/liveness; }
> serve; alive; kill $!; wait $!; denied
> deny; serve --default-deny lift; grep -o '"default deny".*' log; alive; denied; kill $!; wait $!
> serve --default-deny lift; grep -o '"default deny".*' log; kill $!; wait $!
denied
000
denied
"default deny","rule":"lifted"}
200
free
"default deny","rule":"was not there"}
## A pod with a mesh proxy leaves it to that, and one without lifts it; without the right to, that is fatal.
$ . ./lib.sh; echo 7777 >d/port.mesh; deny; initialize 1; denied; initialize 1 CONTRAST_SERVICE_MESH_DISABLED=true; denied; initialize 1 CONTRAST_SERVICE_MESH_DISABLED=true
> deny; mkdir -p w; in_n setpriv --bounding-set=-net_admin,-net_raw --inh-caps=-net_admin,-net_raw env COORDINATOR_HOST=127.0.0.1 CONTRAST_SERVICE_MESH_DISABLED=true contrast-initializer 2>w/log; echo "exit $?"; grep -o 'the pod has no certificate.*' w/log; denied
exit 124
denied
exit 124
"default deny","rule":"lifted"}
free
exit 124
"default deny","rule":"was not there"}
exit 1
/the pod has no certificate","cause":"default deny: iptables-legacy -C ended with [0-9]+"}/
denied
