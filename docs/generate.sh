#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja docs: writes what is generated in this folder; tests/cli/generated.t compares.
set -euo pipefail
PATH=$PWD/$BIN:$PATH
contrast help --man >docs/contrast.1
for command in $(contrast help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    contrast help --man "$command" >"docs/contrast-$command.1"
done
for program in contrast-coordinator contrast-initializer contrast-mesh; do
    $program --man >"docs/$program.8"
done
contrast help --man contrast-fetch >docs/contrast-fetch.1
contrast help --completion bash >docs/contrast.bash
contrast help --completion zsh >docs/_contrast
contrast help --completion fish >docs/contrast.fish
contrast explain --man >docs/contrast-checks.7
contrast explain --markdown >docs/checks.md

# The sample bundle of docs/verify.md.
sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
python3 tests/deployment.py --history 3 --out "$sample"
mkdir -p docs/sample
cp "$sample/manifest.json" "$sample/root.pem" docs/sample/
contrast verify -q -m "$sample/manifest.json" --evidence "$sample/answer.json" --nonce "$(cat "$sample/nonce")" \
    --insecure-root "$sample/root.pem" --at 2026-06-01T12:00:00Z --captured-at 2026-06-01T12:00:00Z --save docs/sample/bundle.tar \
    >/dev/null || [ $? = 10 ]
