#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja interop: our verdicts and our protocols against those of others.  Each part ends with a line of counts.
set -uo pipefail
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
code=0

part() {
    local output
    output=$(mktemp)
    "$@" | tee "$output" || code=1
    tail -n 1 "$output" >>"$counts"
    rm -f "$output"
}
# Debian's python3, for which python3-grpcio is installed.
part /usr/bin/python3 tests/interop/peers.py "$BIN"
part tests/interop/coordinator.sh
part tests/interop/kubernetes.py "$BIN"
part tests/interop/verdicts.sh
awk '{ passed += $1; failed += $3; skipped += $5 }
     END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$counts"
exit $code
