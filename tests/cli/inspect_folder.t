# SPDX-License-Identifier: Apache-2.0
## What lies in a folder is judged or refused; nothing is passed over in silence.
$ mkdir all made && snp-sim --out made && cp made/root.pem . && cp made/leaf.der made/crl.der all && ln -s ../made/report.bin all/linked.bin
$ contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
all/linked.bin: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 39 checks passed (exit 10)
[exit 10]
## The report behind a link is the one that is judged.
$ cp made/report.bin changed.bin && printf '\xff' | dd of=changed.bin bs=1 seek=144 conv=notrunc status=none && ln -sf ../changed.bin all/linked.bin
$ contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
/all.linked.bin: DENY: .*report.signature \(exit 4\)/
[exit 4]
$ ln -s nowhere all/dangling && contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/dangling": No such file or directory
[exit 1]
$ rm all/dangling && ln -s ../made all/folder && contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/folder": in a folder there may be files, folders and links to files
[exit 3]
$ rm all/folder && mkfifo all/pipe && contrast inspect -q all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: "all/pipe": in a folder there may be files, folders and links to files
[exit 3]
## The same for collateral.
$ contrast inspect -q made/report.bin --collateral all --insecure-root root.pem --at 2026-06-01T00:00:00Z
contrast: inspect: --collateral: "all/pipe": in a folder there may be files, folders and links to files
[exit 3]
