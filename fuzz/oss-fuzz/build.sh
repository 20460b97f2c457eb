#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# OSS-Fuzz's contract: CC, CFLAGS, CXX, CXXFLAGS and LIB_FUZZING_ENGINE are given; programs, corpora and dictionaries go to OUT.
# The targets of the trusted core are built: they need nothing but a C compiler, because their cryptography is a stub.
cd "$(dirname "$0")/../.."
mkdir -p build
./configure.py --private build/oss-fuzz.ninja "$CC $CFLAGS" "$CXX $CXXFLAGS" "$LIB_FUZZING_ENGINE"
ninja -f build/oss-fuzz.ninja private

for program in build/private/fuzz/*; do
    case $program in *.o) continue ;; esac
    target=$(basename "$program")
    cp "$program" "$OUT/"
    (cd "corpus/$target" && zip -q -r "$OUT/${target}_seed_corpus.zip" .)
    for extra in "fuzz/dict/$target.dict" "fuzz/options/$target.options"; do
        if [ -f "$extra" ]; then cp "$extra" "$OUT/"; fi
    done
done
