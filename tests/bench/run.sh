#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja bench: speeds as ratios, measured in one run.  Reports; never fails over a number.
set -euo pipefail
work=build/run/bench
mkdir -p "$work"
echo 'int main(void) { return 0; }' | gcc -x c -O2 -static - -o "$work/nothing"
PATH=$PWD/$BIN:$PATH
for history in 2:two 250:250 500:500 1000:1000; do
    python3 tests/deployment.py --history "${history%:*}" --out "$work/${history#*:}"
done
"$BIN/bench" "$PWD/$BIN" "$work"
python3 tests/bench/mesh.py "$BIN" "$work"
