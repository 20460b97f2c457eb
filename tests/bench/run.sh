#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja bench: speeds as ratios, measured in one run.  Reports; never fails over a number.
set -euo pipefail
work=build/run/bench
mkdir -p "$work"
echo 'int main(void) { return 0; }' | gcc -x c -O2 -static - -o "$work/nothing"
"$BIN/bench" "$PWD/$BIN" "$work"
