# SPDX-License-Identifier: Apache-2.0
## What lies in a folder is judged or refused; nothing is passed over in silence.
$ mkdir all made && snp-sim --out made && cp made/root.pem . && cp made/leaf.der made/crl.der all && ln -s ../made/report.bin all/linked.bin
$ contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
all/linked.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
[exit 10]
## The report behind a link is the one that is judged.
$ cp made/report.bin changed.bin && printf '\xff' | dd of=changed.bin bs=1 seek=144 conv=notrunc status=none && ln -sf ../changed.bin all/linked.bin
$ contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
/all.linked.bin: DENY: .*report.signature \(exit 4\)/
[exit 4]
## What cannot be judged has its own result, and keeps nothing else from being judged; the worst exit code is the program's.
$ ln -s nowhere all/dangling && mkdir all/sub && ln -s ../../made/report.bin all/sub/good && contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/dangling": No such file or directory
all/dangling: DENY: no result: a file, the output or the program failed: "all/dangling": No such file or directory (exit 1)
/all/linked.bin: DENY: .*report.signature \(exit 4\)/
all/sub/good: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
/3 files: 1 with exit 1 .*, 1 with exit 4 .*, 1 with exit 10 .*/
[exit 1]
$ rm all/dangling && ln -s /proc/self/mem all/unreadable && contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/unreadable": Input/output error
/all/linked.bin: DENY: .*report.signature \(exit 4\)/
all/sub/good: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
all/unreadable: DENY: no result: a file, the output or the program failed: "all/unreadable": Input/output error (exit 1)
/3 files: 1 with exit 1 .*, 1 with exit 4 .*, 1 with exit 10 .*/
[exit 1]
$ rm all/unreadable && ln -s ../made all/folder && mkfifo all/pipe && head -c 700 made/leaf.der >all/cut.der && truncate -s 1048577 all/vast && contrast inspect -q all made/report.bin --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/cut.der": neither a certificate (certificate: Certificate: truncated at byte 4 of 700) nor a CRL (CRL: CertificateList: truncated at byte 4 of 700)
contrast: inspect: "all/folder": in a folder there may be files, folders and links to files
contrast: inspect: "all/pipe": in a folder there may be files, folders and links to files
contrast: inspect: "all/vast": want at most 1048576 bytes
/all/cut.der: DENY: evidence or input is malformed: "all/cut.der": neither a certificate .* \(exit 3\)/
all/folder: DENY: evidence or input is malformed: "all/folder": in a folder there may be files, folders and links to files (exit 3)
/all/linked.bin: DENY: .*report.signature \(exit 4\)/
all/pipe: DENY: evidence or input is malformed: "all/pipe": in a folder there may be files, folders and links to files (exit 3)
all/sub/good: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
all/vast: DENY: evidence or input is malformed: "all/vast": want at most 1048576 bytes (exit 3)
made/report.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
/7 files: 4 with exit 3 .*, 1 with exit 4 .*, 2 with exit 10 .*/
[exit 3]
## In the other formats too.
$ contrast inspect all --format json --insecure-root root.pem --at 2026-06-01T00:00:00Z 2>errors | python3 -c 'import json, sys
> j = json.load(sys.stdin)
> for f in j["files"]: print(f["file"], f["decision"], f["exit_code"], f.get("error", "judged")[:30])
> print(j["exit_code"])'; cat errors | wc -l
all/cut.der deny 3 "all/cut.der": neither a certi
all/folder deny 3 "all/folder": in a folder ther
all/linked.bin deny 4 judged
all/pipe deny 3 "all/pipe": in a folder there 
all/sub/good allow 10 judged
all/vast deny 3 "all/vast": want at most 10485
3
4
$ contrast inspect all --format junit --insecure-root root.pem --at 2026-06-01T00:00:00Z 2>/dev/null | python3 -c 'import sys, xml.etree.ElementTree as E
> for s in E.parse(sys.stdin).getroot(): print(s.get("name"), s.get("errors"), s.get("failures"), [e.get("message")[:30] for e in s.iter("error")])'
all/cut.der 1 0 ['"all/cut.der": neither a certi']
all/folder 1 0 ['"all/folder": in a folder ther']
all/linked.bin 0 1 []
all/pipe 1 0 ['"all/pipe": in a folder there ']
all/sub/good 0 0 []
all/vast 1 0 ['"all/vast": want at most 10485']
## Of a list that is refused nothing is used, not even the good certificate in front.
$ mkdir half && cp made/report.bin half && { openssl x509 -inform DER -in made/leaf.der; printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'; } >half/list.pem
> contrast inspect -q half --no-revocation --insecure-root root.pem --at 2026-06-01T00:00:00Z 2>/dev/null
/half/list.pem: DENY: evidence or input is malformed: "half/list.pem": neither .* \(exit 3\)/
half/report.bin: DENY: readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked: leaf.present (exit 11)
/2 files: 1 with exit 3 .*, 1 with exit 11 .*/
[exit 3]
## Nor does a folder that nobody may look into, or one that is too deep.
$ deep=deep$(printf '/d%.0s' {1..17}); mkdir -p $deep && cp made/report.bin deep/zz && contrast inspect -q deep --collateral made --insecure-root root.pem --at 2026-06-01T00:00:00Z 2>/dev/null
/deep/d/.*: DENY: evidence or input is malformed: .*: folders are nested deeper than 16 \(exit 3\)/
deep/zz: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
/2 files: 1 with exit 3 .*, 1 with exit 10 .*/
[exit 3]
## The same for collateral.
$ contrast inspect -q made/report.bin --collateral all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: --collateral: "all/cut.der": neither a certificate (certificate: Certificate: truncated at byte 4 of 700) nor a CRL (CRL: CertificateList: truncated at byte 4 of 700)
[exit 3]
$ rm all/cut.der all/folder && contrast inspect -q made/report.bin --collateral all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: --collateral: "all/pipe": in a folder there may be files, folders and links to files
[exit 3]
