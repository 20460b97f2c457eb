# SPDX-License-Identifier: Apache-2.0
## contrast set and contrast verify -c before they reach a Coordinator; with one: tests/cli/coordinator_online.t.
$ contrast set
contrast: set: --coordinator is missing (see contrast set --help)
[exit 2]
$ contrast set -c h --latest-transition 00
contrast: set: --latest-transition goes with --atomic (see contrast set --help)
[exit 2]
$ contrast verify -c h --evidence x
contrast: verify: --coordinator draws its nonce, judges by today's clock and keeps a bundle by itself: it does not go with --evidence, --nonce, --capabilities, --at and --save (see contrast verify --help)
[exit 2]
$ contrast verify --evidence x --out d
contrast: verify: --http and --out go with --coordinator (see contrast verify --help)
[exit 2]
## Everything that can be wrong here is found before there.
$ contrast set -c 127.0.0.1:1
contrast: set: "manifest.json": No such file or directory
[exit 1]
$ python3 "$TOP/tests/deployment.py" --out d; echo '{}' >bad.json; echo other >other; contrast set -c 127.0.0.1:1 -m bad.json
/contrast: set: "bad.json": .*/
[exit 3]
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0
/contrast: set: policy [0-9a-f]{32}..\(32\), which the manifest names, is not among the files that were given/
[exit 7]
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0 d/policy.1 other
/contrast: set: "other": the manifest names no policy [0-9a-f]{32}..\(32\)/
[exit 7]
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0 d/policy.0
contrast: set: "d/policy.0": this policy was given before
[exit 7]
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0 d/policy.1 --workload-owner-key other
/contrast: set: "other": .*/
[exit 3]
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0 d/policy.1 --atomic --latest-transition 00
/contrast: set: --latest-transition: .*/
[exit 3]
$ contrast set -c host:0 -m d/manifest.json d/policy.0 d/policy.1
contrast: set: --coordinator: address: port: want 1 to 65535, have 0
[exit 3]
$ contrast verify -c 127.0.0.1:1 -m bad.json
/contrast: verify: --manifest: .*/
[exit 3]
## Nobody there.
$ contrast set -c 127.0.0.1:1 -m d/manifest.json d/policy.0 d/policy.1 --wait 0
contrast: set: 127.0.0.1:1: connect: Connection refused
[exit 9]
$ contrast verify -c 127.0.0.1:1 -m d/manifest.json; ls
contrast: verify: 127.0.0.1:1: connect: Connection refused
bad.json
d
other
## A folder with files of others is not replaced.
$ mkdir verify; touch verify/mine; contrast verify -c 127.0.0.1:1 -m d/manifest.json
contrast: verify: "verify" holds "mine", which contrast verify has not written: name another folder
[exit 1]
