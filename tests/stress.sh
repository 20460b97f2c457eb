#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja stress: what tests/release does in part, in full: SIGKILL at every system call of SetManifest, and a million hostile
# connections.  Takes half an hour.
set -euo pipefail
export TOP=$PWD PATH=$PWD/$BIN:$PATH
rm -rf build/run/stress && mkdir -p build/run/stress && cd build/run/stress

session() { sed -n "s/^[\$>] //p" "$TOP/tests/release/$1.t" | sed "/$2/,\$d"; }     # the commands before a line

session faults 'faults.py power' | bash
python3 "$TOP/tests/faults.py" kill d 1
rm -rf d
session load 'load.py idle' | bash
trap 'python3 "$TOP/tests/coordinator.py" stop d' EXIT
python3 "$TOP/tests/load.py" hostile d 3 333334
[ "$(bash -c '. ./lib.sh; next' | tr '\n' ' ')" = 'ALLOW 0 200 ' ]
echo 'the next client is served'
