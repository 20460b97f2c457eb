#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja demo: one report judged, and the same with one bit flipped: a real one of Milan when the reference data is at
# ../shared, else one of the simulator.
set -euo pipefail
PATH=$PWD/$BIN:$PATH
vectors=$PWD/../shared/vectors
rm -rf build/run/demo && mkdir -p build/run/demo && cd build/run/demo

expect() { # want, command...
    local want=$1 have=0
    shift
    echo "\$ $*"
    "$@" || have=$?
    [ "$have" = "$want" ] || { echo "demo: want exit $want, have $have"; exit 1; }
    echo
}

genuine=0
root=()
if [ -d "$vectors" ]; then
    cp "$vectors/reports/ccf_aci_milan_v3.report.bin" report.bin
    cp "$vectors/certs/ccf_aci_milan_v3.vcek.der" leaf.der
else
    echo "demo: no reference data at ../shared: simulated evidence instead of a real report"
    snp-sim --out .
    genuine=10
    root=(--insecure-root root.pem)
fi
python3 -c '
data = bytearray(open("report.bin", "rb").read())
data[0x90] ^= 1    # the first byte of MEASUREMENT
open("flipped.bin", "wb").write(data)'

at=2026-06-01T00:00:00Z
expect $genuine contrast inspect report.bin --collateral leaf.der "${root[@]}" --at $at --no-revocation
expect 4 contrast inspect -q flipped.bin --collateral leaf.der "${root[@]}" --at $at --no-revocation
expect 11 contrast inspect -q report.bin --collateral leaf.der "${root[@]}" --at $at
