#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja demo: one report judged, and the same with one bit flipped: a real one of Milan when the reference data is at
# ../shared, else one of the simulator.  Then a Coordinator on the simulator: a manifest set, verified online and offline, and
# a pod that gets its certificate.
set -euo pipefail
PATH=$PWD/$BIN:$PATH
top=$PWD
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

say() { printf '\n# %s\n' "$*"; }
run() { python3 "$top/tests/coordinator.py" "$@"; }

say 'A deployment: a manifest with two policies, and a simulated machine that makes evidence for its Coordinator.'
run deploy d
trap 'run stop d' EXIT
run start d
user=127.0.0.1:$(cat d/port.user) http=127.0.0.1:$(cat d/port.http)
root=(--insecure-root d/root.pem)

say 'The operator sets the manifest, over attested TLS: nothing is sent before the Coordinator has proved what it runs.'
expect 10 contrast set -c "$user" -m d/manifest.json d/policy.0 d/policy.1 "${root[@]}"
say 'A user asks the same Coordinator, over both of its channels.'
expect 10 contrast verify -c "$user" --http "$http" -m d/manifest.json "${root[@]}" -q
say 'An auditor repeats that from the file that was kept, without the Coordinator.'
expect 10 contrast verify --evidence verify/evidence.tar -m d/manifest.json "${root[@]}" -q
say 'Another manifest is not what runs there.'
sed 's/"web"/"bew"/' d/manifest.json >other.json
expect 7 contrast verify -c "$user" --http "$http" -m other.json "${root[@]}" -q --out other
say 'A pod shows its evidence and gets its certificate.'
export COORDINATOR_HOST=127.0.0.1:$(cat d/port.mesh) CONTRAST_FOLDER=$PWD/pod CONTRAST_DONE_FILE=$PWD/pod/done
mkdir pod
expect 0 env CONTRAST_ISSUER="exec:$PWD/d/issuer.web" contrast-initializer
expect 0 openssl verify -CAfile verify/mesh-ca.pem pod/tls-config/certChain.pem
