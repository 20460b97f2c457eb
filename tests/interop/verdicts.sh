#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Our verdicts against those of google/go-sev-guest, on all vectors and on COUNT mutants (100 000).
# Skipped, and counted as skipped, where Go, its module proxy or the vectors are missing.
set -euo pipefail
top=$PWD
bin=$PWD/$BIN
work=$PWD/build/interop
vectors=$PWD/../shared/vectors
count=${COUNT:-100000}
mkdir -p "$work"

skip() {
    echo "interop: $1: not run"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
command -v go >/dev/null || skip "no Go"
[ -d "$vectors" ] || skip "no ../shared"
(cd tests/interop/go-sev-guest && go mod download) || skip "no module proxy"
(cd tests/interop/go-sev-guest && go build -o "$work/go-sev-guest" .)

for product in milan genoa turin; do
    mkdir -p "$work/simulator/$product"
    "$bin/snp-sim" --seed 1 --product $product --kind vlek --out "$work/simulator/$product"
    "$bin/snp-sim" --seed 1 --product $product --kind vcek --out "$work/simulator/$product"
done
"$bin/interop-cases" "$vectors" "$count" >"$work/cases"
if "$work/go-sev-guest" "$vectors" "$work/simulator" "$top/docs/differences.md" <"$work/cases"; then
    echo "1 passed, 0 failed, 0 skipped"
else
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
