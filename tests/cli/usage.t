$ contrast
/usage: contrast COMMAND.*/
...
[exit 2]
$ contrast --help | head -n 1
usage: contrast COMMAND [OPTION...] [OPERAND...]
$ contrast nonsense
contrast: no command "nonsense" (see contrast --help)
[exit 2]
$ contrast inspect
contrast: inspect: name at least one file (see contrast inspect --help)
[exit 2]
$ contrast inspect --at yesterday report.bin
/contrast: inspect: --at: .*/
[exit 2]
$ contrast inspect --collateral
contrast: inspect: option needs a value: "--collateral" (see contrast inspect --help)
[exit 2]
$ contrast inspect no-such-file
contrast: inspect: "no-such-file": No such file or directory
[exit 1]
## A file that is no evidence is malformed, and says why.
$ printf x >tiny && contrast inspect tiny --no-revocation | grep report.size
  failed   report.size: SNP report: want 1184 bytes, have 1
$ contrast inspect tiny --no-revocation >/dev/null
[exit 3]
