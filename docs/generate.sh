#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# ninja docs: writes what is generated in this folder; tests/cli/generated.t compares.
set -euo pipefail
PATH=$PWD/$BIN:$PATH
contrast help --man >docs/contrast.1
for command in $(contrast help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    contrast help --man "$command" >"docs/contrast-$command.1"
done
contrast help --completion >docs/contrast.bash
contrast explain --markdown >docs/checks.md
