#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes build.ninja, which is committed and holds nothing of one machine.

  ./configure.py            write build.ninja (ninja does it by itself when a source comes or goes)
  ./configure.py --setup    install the Debian packages and build wolfSSL; --crypto=debian takes Debian's archive
  ./configure.py --check    layers, third-party headers, SPDX lines, names of checks, the table of proofs

configure/tables.py says what is built.  Needs python3-minimal alone.  Options --flags, --library and --symbols are for
the edges of build.ninja, --private is for fuzz/oss-fuzz.
"""
import os
import sys

sys.dont_write_bytecode = True      # or else the imports below leave configure/__pycache__ in the source tree

from configure.check import check
from configure.edges import check_symbols, write, write_flags, write_library
from configure.graph import generate, generate_private
from configure.setup import setup


def main(args):
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    match args:
        case []:
            write('build.ninja', generate())
        case ['--setup']:
            setup('source')
        case ['--setup', '--crypto=debian']:
            setup('debian')
        case ['--check']:
            check()
        case ['--flags', out, cc, wanted, ldwanted]:
            write_flags(out, cc, wanted, ldwanted)
        case ['--library', lib]:
            write_library(lib)
        case ['--private', out, cc, link, engine]:
            write(out, generate_private(cc, link, engine))
        case ['--symbols', archive]:
            check_symbols(archive)
        case _:
            sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
