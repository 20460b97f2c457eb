## Some hundred reports of some machines: one thread or many, the result is the same, and in order.
$ cat >run.sh <<'END'
> run() { contrast inspect "$@" --collateral leaves --insecure-root root.pem --at 2026-06-01T00:00:00Z; }
> END
> mkdir s leaves fleet; for i in 1 2 3 4 5; do snp-sim --seed $i --out s; mv s/leaf.der leaves/$i.der; for k in $(seq -w 1 60); do cp s/report.bin fleet/$k-$i; done; done
> cp s/crl.der leaves; cp s/root.pem .; . ./run.sh; run fleet -q -j 1 >one; run fleet -q -j 4 >four; run fleet -q >all; cmp one four; cmp one all; sed -n '1p; 150p; $p' one
fleet/01-1: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
fleet/30-5: ALLOW: under a root given by hand, a Milan report signed by its VCEK; 40 checks passed (exit 10)
300 files: 300 with exit 10 (verified, but only under a root given by hand)
$ . ./run.sh; for f in text json junit; do run fleet --format $f -j 1 >one; run fleet --format $f -j 4 >four; cmp one four; done; run fleet --format json -j 3 | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["files"]))'
300

## What is wrong with one does not stop the others, and the worst wins.
$ . ./run.sh; printf '\x01' | dd of=fleet/17-3 bs=1 seek=1183 conv=notrunc status=none; printf '\x01' | dd of=fleet/18-3 bs=1 seek=200 conv=notrunc status=none; cp leaves/crl.der fleet/00-crl
> run fleet -q -j 4 | grep -v ALLOW
fleet/17-3: DENY: evidence or input is malformed: report.signature-padding (exit 3)
fleet/18-3: DENY: a signature or the chain is invalid: report.signature (exit 4)
300 files: 1 with exit 3 (evidence or input is malformed), 1 with exit 4 (a signature or the chain is invalid), 298 with exit 10 (verified, but only under a root given by hand)
$ . ./run.sh; run fleet -q -j 4 >/dev/null
[exit 3]
$ . ./run.sh; run fleet -q -j 4 nowhere fleet/01-1 gone 2>errors | grep -v ALLOW; cat errors
fleet/17-3: DENY: evidence or input is malformed: report.signature-padding (exit 3)
fleet/18-3: DENY: a signature or the chain is invalid: report.signature (exit 4)
nowhere: DENY: no result: a file, the output or the program failed: "nowhere": No such file or directory (exit 1)
gone: DENY: no result: a file, the output or the program failed: "gone": No such file or directory (exit 1)
303 files: 2 with exit 1 (no result: a file, the output or the program failed), 1 with exit 3 (evidence or input is malformed), 1 with exit 4 (a signature or the chain is invalid), 299 with exit 10 (verified, but only under a root given by hand)
contrast: inspect: "nowhere": No such file or directory
contrast: inspect: "gone": No such file or directory

## The progress bar: on a terminal, when the results go elsewhere, and taken away at the end.
$ cat >slow.sh <<'END'
> . ./run.sh; run fleet fleet --format json -j 1 >out.json
> END
> script -qec 'bash slow.sh' /dev/null | tr '\r' '\n' | sed -n '/^\[#*\.*\] [0-9]*\/600, [0-9]*\/s/p' | head -n 1 | sed 's/[0-9]/N/g; s/[#.]//g; s/NN*/N/g'
> bash slow.sh 2>&1 | wc -c
/\[\] N/N, N/s.*/
0
