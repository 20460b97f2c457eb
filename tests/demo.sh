#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja demo: what `contrast inspect` says of one real Milan report, and of the same with one bit flipped.
set -euo pipefail
shared=$(cd "$(dirname "$0")/.." && pwd)/../shared/vectors
work=build/run/demo
PATH=$PWD/$BIN:$PATH
rm -rf "$work" && mkdir -p "$work"

if [ ! -d "$shared" ]; then
    echo "demo: no test vectors beside the source tree: nothing to show"
    exit 1
fi

expect() { # want, command...
    local want=$1 have=0
    shift
    echo "\$ $*"
    "$@" || have=$?
    [ "$have" = "$want" ] || { echo "demo: want exit $want, have $have"; exit 1; }
    echo
}

cp "$shared/reports/ccf_aci_milan_v3.report.bin" "$work/report.bin"
cp "$shared/certs/ccf_aci_milan_v3.vcek.der" "$work/vcek.der"
python3 - "$work" <<'PY'
import sys
data = bytearray(open(sys.argv[1] + '/report.bin', 'rb').read())
data[0x90] ^= 1    # the first byte of MEASUREMENT
open(sys.argv[1] + '/flipped.bin', 'wb').write(data)
PY
cd "$work"
at=2026-01-01T00:00:00Z
expect 0 contrast inspect report.bin --collateral vcek.der --at $at --no-revocation
expect 4 contrast inspect flipped.bin --collateral vcek.der --at $at --no-revocation
expect 11 contrast inspect report.bin --collateral vcek.der --at $at
