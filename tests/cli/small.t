## explain, selftest, version and help.
$ contrast explain leaf.hwid no-revocation
leaf.hwid
  passed      the leaf was issued for the chip that CHIP_ID names
  source      AMD 57230
  exit code   4: a signature or the chain is invalid
  when failed The leaf belongs to another machine: fetch the one for CHIP_ID.
no-revocation
  warning     revocation was not checked
$ contrast explain | head -n 3
check                               exit  passed means
evidence.envelope                     3  the file is an envelope that this program knows
evidence.certificate-table            3  the certificate table is well formed
$ test $(contrast explain | grep -c '^[a-z]') -eq $(($(grep -c '^CHECK(' $TOP/verify/checks.def) + $(grep -c '^WARNING(' $TOP/verify/warnings.def) + 2))
$ contrast explain | awk 'length > 100'
$ contrast explain leaf.tbc
contrast: explain: no check "leaf.tbc"; nearest: leaf.tcb, leaf.key, leaf.kind (see contrast explain --help)
[exit 2]
$ contrast explain $'\e[31m'
/contrast: explain: no check "\\x1b\[31m"; nearest: .*/
[exit 2]
$ contrast explain --markdown vmpl
contrast: explain: --markdown takes no check: it writes all of them (see contrast explain --help)
[exit 2]
$ contrast explain --man vmpl
contrast: explain: --man takes no check: it writes all of them (see contrast explain --help)
[exit 2]
$ contrast explain --man --markdown
contrast: explain: want one of --markdown and --man (see contrast explain --help)
[exit 2]
$ contrast explain >/dev/full
contrast: explain: standard output: No space left on device
[exit 1]

$ contrast selftest
/contrast 0.1.0, wolfSSL .*/
passed SHA-256 of a known text
passed SHA-384 of a known text
passed SHA-512 of a known text
passed ECDSA P-384: a known signature is valid
passed ECDSA P-384: one changed bit makes it invalid
passed ECDSA P-384: zero signatures and points off the curve are refused
passed AMD's nine keys have the known digests
passed RSA-4096 PSS: AMD's nine CA certificates are signed by their ARK
passed RSA-4096 PSS: one changed bit, or another ARK, makes it invalid
passed every format rule of a report refuses what breaks it
passed a verdict denies unless every check allows it
11 passed, 0 failed
$ contrast selftest now
contrast: selftest: takes no operand "now" (see contrast selftest --help)
[exit 2]
$ contrast selftest >/dev/full
contrast: selftest: standard output: No space left on device
[exit 1]

$ contrast explain root-ca.s host-; contrast explain malf; contrast explain ""; echo "exit $?"
check                               exit  passed means
root-ca.signature                     4  the root CA has signed itself
check                               exit  passed means
host-data                             6  HOST_DATA is the expected one
/warning +/
malformed-crl                            a CRL that came with the evidence or was given is
                                         malformed; it was not used
contrast: explain: no check ""; nearest: vmpl, tcbm, nonce (see contrast explain --help)
exit 2

$ contrast version
contrast 0.1.0
$ contrast version --licenses | sed -n '3,$p'
linked:
  contrast 0.1.0         Apache-2.0
/  wolfSSL [0-9.]+ +GPL-2.0-or-later/
/  cJSON [0-9.]+ +MIT/
/  glibc [0-9.]+ +LGPL-2.1-or-later/

The source code of contrast is licensed under the Apache License, Version 2.0. This program is a
combined work with wolfSSL and is conveyed under the GNU General Public License, version 3 or any
later version; whoever passes it on has to offer its complete corresponding source. NOTICE in the
source tree says more. There is no warranty.
$ contrast version 2
contrast: version: takes no operand "2" (see contrast version --help)
[exit 2]

$ contrast help | head -n 1; contrast help measure | head -n 1; contrast version --help | head -n 1
usage: contrast COMMAND [OPTION...] [OPERAND...]
usage: contrast measure [OPTION...] --ovmf FILE --vcpus NUMBER --product NAME
usage: contrast version [OPTION...]
$ contrast help nonsense
contrast: help: no command "nonsense" (see contrast help --help)
[exit 2]
$ contrast help --completion bash --man
contrast: help: want one thing at a time (see contrast help --help)
[exit 2]
$ contrast help --completion
contrast: help: --completion: needs a value: SHELL (see contrast help --help)
[exit 2]
$ contrast help --completion tcsh
contrast: help: --completion: want one of bash, zsh, fish, have "tcsh" (see contrast help --help)
[exit 2]
$ contrast help inspect measure
contrast: help: want one thing at a time (see contrast help --help)
[exit 2]
## Help fits into 100 columns.
$ for c in inspect measure explain selftest version help; do contrast $c --help; done | awk 'length > 100'
