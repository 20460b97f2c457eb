# SPDX-License-Identifier: Apache-2.0
$ contrast
/usage: contrast COMMAND.*/
...
[exit 2]
$ contrast --help | head -n 1
usage: contrast COMMAND [OPTION...] [OPERAND...]
$ contrast nonsense
contrast: no command "nonsense" (see contrast --help)
[exit 2]
$ contrast $'\e[2J'
contrast: no command "\x1b[2J" (see contrast --help)
[exit 2]
$ contrast inspect
contrast: inspect: name at least one file or folder (see contrast inspect --help)
[exit 2]
$ contrast inspect --help | head -n 1
usage: contrast inspect [OPTION...] FILE|DIR...
$ contrast inspect --nonsense
contrast: inspect: unknown option "--nonsense" (see contrast inspect --help)
[exit 2]
$ contrast inspect -x
contrast: inspect: unknown option "-x" (see contrast inspect --help)
[exit 2]
$ contrast inspect --no-revocation=yes x
contrast: inspect: --no-revocation: takes no value (see contrast inspect --help)
[exit 2]
$ contrast inspect --no-revocation --no-revocation x
contrast: inspect: --no-revocation: given twice (see contrast inspect --help)
[exit 2]
$ contrast inspect --collateral
contrast: inspect: --collateral: needs a value: PATH (see contrast inspect --help)
[exit 2]
$ contrast inspect --at yesterday report.bin
/contrast: inspect: --at: .*/
[exit 2]
## Behind -- everything is an operand.
$ contrast inspct x; echo "exit $?"; contrast help verfy; echo "exit $?"; contrast frobnicate; echo "exit $?"; contrast verify --evidnce=x; echo "exit $?"; contrast inspect --hlep; echo "exit $?"; contrast inspect --frobnicate; echo "exit $?"
contrast: no command "inspct"; did you mean inspect? (see contrast --help)
exit 2
contrast: help: no command "verfy"; did you mean verify? (see contrast help --help)
exit 2
contrast: no command "frobnicate" (see contrast --help)
exit 2
contrast: verify: unknown option "--evidnce=x"; did you mean --evidence? (see contrast verify --help)
exit 2
contrast: inspect: unknown option "--hlep"; did you mean --help? (see contrast inspect --help)
exit 2
contrast: inspect: unknown option "--frobnicate" (see contrast inspect --help)
exit 2

$ contrast inspect -- --help
contrast: inspect: "--help": No such file or directory
--help: DENY: no result: a file, the output or the program failed: "--help": No such file or directory (exit 1)
[exit 1]
## What * makes of a file that is named like an option.
$ mkdir odd && snp-sim --out odd && cp odd/report.bin odd/--report && cp odd/report.bin odd/-x && rm odd/evidence.bin
$ cd odd && contrast inspect -q --collateral leaf.der *
contrast: inspect: unknown option "--report"; for the file of that name write ./ in front of it, or -- in front of all files (see contrast inspect --help)
[exit 2]
$ cd odd && contrast inspect -q --collateral leaf.der -x
contrast: inspect: unknown option "-x"; for the file of that name write ./ in front of it, or -- in front of all files (see contrast inspect --help)
[exit 2]
$ cd odd && look() { contrast inspect -q --collateral . --insecure-root root.pem --at 2026-06-01T00:00:00Z "$@"; }; look -- -*; look ./-*
--report: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
-x: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
2 files: 2 with exit 10 (verified, but only under a root given by hand)
./--report: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
./-x: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
2 files: 2 with exit 10 (verified, but only under a root given by hand)
[exit 10]
## A command without operands has no file to name.
$ cd odd && contrast selftest --report
contrast: selftest: unknown option "--report" (see contrast selftest --help)
[exit 2]
$ contrast inspect no-such-file
contrast: inspect: "no-such-file": No such file or directory
no-such-file: DENY: no result: a file, the output or the program failed: "no-such-file": No such file or directory (exit 1)
[exit 1]
## A file that is no evidence is malformed, and says why.
$ printf x >tiny && contrast inspect tiny --no-revocation | grep failed
/  failed   .*/
$ contrast inspect -q tiny --no-revocation
/tiny: DENY: evidence or input is malformed: .* \(exit 3\)/
[exit 3]
$ contrast inspect tiny --quiet --format json
contrast: inspect: --quiet goes with --format text (see contrast inspect --help)
[exit 2]
$ contrast inspect tiny --format xml
contrast: inspect: --format: want one of text, json, junit, have "xml" (see contrast inspect --help)
[exit 2]
$ contrast inspect tiny --jobs 257
contrast: inspect: --jobs: number: want at most 256, have "257" (see contrast inspect --help)
[exit 2]
