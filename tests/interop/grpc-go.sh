#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Attested TLS, User API and Mesh API against grpc-go, with a Coordinator on the simulator.
# Skipped, and counted as skipped, where Go or its module proxy is missing.
set -euo pipefail
top=$PWD
export PATH=$PWD/$BIN:$PATH
work=$PWD/build/interop

skip() {
    echo "grpc-go: $1: not run"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
}
command -v go >/dev/null || skip "no Go"
(cd tests/interop/grpc-go && go mod download) || skip "no module proxy"
mkdir -p "$work"
(cd tests/interop/grpc-go && go build -o "$work/grpc-go" .)

cd "$work"
rm -rf deployed
run() { python3 "$top/tests/coordinator.py" "$@"; }
run deploy deployed
run start deployed
trap 'run stop deployed' EXIT
./grpc-go client deployed
