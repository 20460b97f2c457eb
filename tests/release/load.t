# SPDX-License-Identifier: Apache-2.0
# needs root
## Many connections that do nothing, and many that do what they should not: whoever comes next is served, and memory does not grow.
## `ninja stress` does the same with a million of them.
$ cat >lib.sh <<'END'
> run() { python3 "$TOP/tests/coordinator.py" "$@"; }
> next() {
>     contrast verify -c 127.0.0.1:$(cat d/port.user) --http 127.0.0.1:$(cat d/port.http) -m d/manifest.json --insecure-root d/root.pem -q | grep -o ALLOW
>     rm -rf web; mkdir web
>     COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_ISSUER=exec:$PWD/d/issuer.web CONTRAST_FOLDER=web CONTRAST_DONE_FILE=web/done timeout --foreground 60 contrast-initializer 2>web/log; echo $?
>     run get d probe /probe/readiness
> }
> END
> . ./lib.sh; run deploy d; run start d; run body manifest d | run post d /v1/manifest | sed -n 1p; next
200
ALLOW
0
200
## More than there is room for: those that got nowhere for longest make room.
$ . ./lib.sh; python3 $TOP/tests/load.py idle d 12000 ". ./lib.sh; next"; next
ALLOW
0
200
/12000 connections, of which \d+ are open at the end/
ALLOW
0
200
## Peers of the Mesh API that are gone before they were given a nonce: more than there are nonces at once.
$ . ./lib.sh; python3 $TOP/tests/load.py fleeting d 18000; next
ALLOW
0
200
$ . ./lib.sh; python3 $TOP/tests/load.py hostile d 3 7000; next
/7000 connections, \d+ a second; the Coordinator holds \d+ KiB/
/7000 connections, \d+ a second; the Coordinator holds \d+ KiB/
/7000 connections, \d+ a second; the Coordinator holds \d+ KiB/
the last round is within 1.1 of the first
ALLOW
0
200
$ . ./lib.sh; run stop d
