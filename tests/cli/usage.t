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
contrast: inspect: name at least one file (see contrast inspect --help)
[exit 2]
$ contrast inspect --help | head -n 1
usage: contrast inspect [OPTION...] FILE...
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
$ contrast inspect -- --help
contrast: inspect: "--help": No such file or directory
[exit 1]
$ contrast inspect no-such-file
contrast: inspect: "no-such-file": No such file or directory
[exit 1]
## A file that is no evidence is malformed, and says why.
$ printf x >tiny && contrast inspect tiny --no-revocation | grep report.size
  failed   report.size: SNP report: want 1184 bytes, have 1
$ contrast inspect tiny --no-revocation >/dev/null
[exit 3]

