# SPDX-License-Identifier: Apache-2.0
## JSON and JUnit, read by other programs; output into a file; file names that are not harmless.
$ cat >run.sh <<'END'
> bad=$'we\e]0;ird "<&>\\ \xff.bin'
> run() { contrast inspect s/report.bin "$bad" tiny nowhere --collateral s --insecure-root s/root.pem --at 2026-06-01T00:00:00Z "$@"; }
> END
> . ./run.sh; mkdir s && snp-sim --product turin --report-version 5 --report current_mit_vector=0xfffffffffffffff1 --out s
> cp s/report.bin "$bad" && printf x >tiny
> run -q 2>/dev/null
s/report.bin: ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
"we\x1b]0;ird \"<&>\\ \xff.bin": ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
/tiny: DENY: evidence or input is malformed: .* \(exit 3\)/
nowhere: DENY: no result: a file, the output or the program failed: "nowhere": No such file or directory (exit 1)
4 files: 1 with exit 1 (no result: a file, the output or the program failed), 1 with exit 3 (evidence or input is malformed), 2 with exit 10 (verified, but only under a root given by hand)
[exit 1]

$ . ./run.sh; run --format json -o out.json 2>/dev/null
[exit 1]
$ cat >show.py <<'END'
> import json
> d = json.load(open('out.json'))
> print(d['schema'], d['at'], d['root'], d['exit_code'], sorted(d))
> for f in d['files']:
>     print(f['file'], f['decision'], f['exit_code'], f.get('by_hand'), f.get('error'))
> f = d['files'][0]
> print(sorted(f))
> r = f['report']
> print(r['version'], r['product'], r['policy']['raw'], r['policy']['smt'], r['policy']['debug'], r['platform_info']['tio_en'])
> print(r['current_tcb'], r['current_mit_vector'], len(r['measurement']), r['key_info']['signing_key'])
> print(f['leaf']['kind'], f['leaf']['product_name'], f['leaf']['not_after'], f['issuer']['name'], f['root']['serial'], f['crl']['entries'])
> checks = {c['id']: c for c in f['checks']}
> print(len(checks) == len(f['checks']), checks['leaf.kind'], checks['crl.serials'], checks['measurement'])
> print([w['id'] for w in f['warnings']])
> print(sorted({c['outcome'] for c in d['files'][2]['checks']}))
> END
> python3 show.py
contrast.inspect/1 2026-06-01T00:00:00Z by-hand 1 ['at', 'exit_code', 'files', 'root', 'schema']
s/report.bin allow 10 True None
"we\x1b]0;ird \"<&>\\ \xff.bin" allow 10 True None
tiny deny 3 True None
nowhere deny 1 None "nowhere": No such file or directory
['by_hand', 'checks', 'crl', 'decision', 'envelope', 'exit_code', 'file', 'issuer', 'leaf', 'report', 'root', 'warnings']
5 Turin 0x30000 True False False
{'raw': '0x5100000004010101', 'fmc': 1, 'boot_loader': 1, 'tee': 1, 'snp': 4, 'microcode': 81} 0xfffffffffffffff1 96 0
VCEK Turin 2033-01-01T00:00:00Z SEV-Turin 0x30000 0
True {'id': 'leaf.kind', 'outcome': 'passed', 'want': 'VCEK', 'have': 'VCEK', 'source': "the report's SIGNING_KEY", 'exit_code': 4} {'id': 'crl.serials', 'outcome': 'passed', 'exit_code': 5} {'id': 'measurement', 'outcome': 'does-not-apply', 'note': 'nothing was asked for', 'exit_code': 6}
['root-by-hand', 'no-chip-allow-list']
['failed', 'not-run']

$ . ./run.sh; run --format junit --output out.xml 2>/dev/null
[exit 1]
$ cat >show.py <<'END'
> import xml.etree.ElementTree as t
> for s in t.parse('out.xml').getroot():
>     cases = s.findall('testcase')
>     print(s.get('name'), len(cases) == int(s.get('tests')), s.get('failures'), s.get('errors'), s.get('skipped'))
>     for c in cases:
>         for e in list(c.findall('failure')) + list(c.findall('error')):
>             if e.get('message') != 'not run': print(' ', c.get('name'), e.tag, e.get('message'))
>     print('  out', s.findtext('system-out', '').split(chr(10))[0])
> END
> python3 show.py
s/report.bin True 0 0 40
  out ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
we\x1b]0;ird "<&>\ \xff.bin True 0 0 40
  out ALLOW: under a root given by hand, a Turin report signed by its VCEK; 41 checks passed (exit 10)
tiny True 81 0 0
  evidence.envelope failure evidence: 1 bytes in no envelope that is known
  out DENY: evidence or input is malformed: evidence.envelope (exit 3)
nowhere True 0 1 0
  read error "nowhere": No such file or directory
  out 

## A file that cannot be written is not begun, and one that is there is replaced as a whole.
$ . ./run.sh; run -q -o nowhere/out.txt 2>&1 | tail -n 1
contrast: inspect: "nowhere/out.txt": No such file or directory
$ echo old >out.txt; chmod 600 out.txt; umask 022; contrast inspect -q tiny -o out.txt; ls out.txt*; cut -c 1-10 out.txt; stat -c %a out.txt
out.txt
tiny: DENY
644
## What is no regular file is not replaced by one.  No real device here: a program that fails this test, run by root, would
## replace it for the whole machine.
$ mkfifo pipe; ln -s out.txt link; mkdir folder
> for o in pipe link folder; do contrast inspect -q tiny -o $o; echo "exit $?"; done; ls -F | grep -E 'pipe|link|folder'
contrast: inspect: "pipe" is no regular file, and would be replaced by one
exit 1
contrast: inspect: "link" is no regular file, and would be replaced by one
exit 1
contrast: inspect: "folder" is no regular file, and would be replaced by one
exit 1
folder/
link@
pipe|
## What is read is not written: evidence, collateral, roots, alone or in a folder, under whatever name.
$ own() { contrast inspect "$@" 2>&1 | sed 's/ (see contrast inspect --help)//'; }
> own s/report.bin -o s/report.bin
> own s -o ./s/../s/leaf.der
> own tiny --collateral s -o s/crl.der
> own tiny --insecure-root s/root.pem -o s/root.pem
> contrast inspect -q tiny --collateral s -o s/report.bin; echo "exit $?"
> contrast inspect -q tiny --collateral s -o s/new.txt; echo "exit $?"; rm s/new.txt
contrast: inspect: --output: "s/report.bin" is read, and would be replaced
contrast: inspect: --output: "s/leaf.der" is read, and would be replaced
contrast: inspect: --output: "s/crl.der" is read, and would be replaced
contrast: inspect: --output: "s/root.pem" is read, and would be replaced
contrast: inspect: --output: "s/report.bin" is read, and would be replaced (see contrast inspect --help)
exit 2
exit 3
$ contrast inspect -q tiny >/dev/full
contrast: inspect: standard output: No space left on device
[exit 1]
## What is closed stays closed: messages do not end up in the output, and results do not vanish.  (faketime, which LD_PRELOAD
## may name, opens files of its own in the place of closed streams.)
$ env -u LD_PRELOAD contrast inspect nowhere --format json -o closed.json 2>&-; echo "exit $?"; python3 -m json.tool closed.json | grep error
> env -u LD_PRELOAD contrast inspect -q tiny >&-; echo "exit $?"
> env -u LD_PRELOAD contrast inspect nowhere --format json -o closed.json >&- 2>&- <&-; echo "exit $?"; python3 -m json.tool closed.json | grep error
exit 1
            "error": "\"nowhere\": No such file or directory"
contrast: inspect: standard output: Bad file descriptor
exit 1
exit 1
            "error": "\"nowhere\": No such file or directory"
## No colour but on a terminal.
$ script -qec 'TERM=xterm contrast inspect -q tiny' /dev/null | tr -d '\r' | cat -v | cut -c 1-20
tiny: ^[[31mDENY: ev
$ script -qec 'TERM=xterm NO_COLOR=1 contrast inspect -q tiny' /dev/null | tr -d '\r' | cat -v | cut -c 1-20
tiny: DENY: evidence
$ script -qec 'TERM=dumb contrast inspect -q tiny' /dev/null | tr -d '\r' | cat -v | cut -c 1-20
tiny: DENY: evidence
## A file that is too large is malformed, alone as in a folder, and each format says the code that the program ends with.
$ mkdir large && truncate -s 1048577 large/blob && contrast inspect -q large/blob 2>/dev/null
large/blob: DENY: evidence or input is malformed: "large/blob": want at most 1048576 bytes (exit 3)
[exit 3]
$ contrast inspect large/blob --format json 2>/dev/null | grep '"exit_code"'
	"exit_code":	3,
"exit_code": 3
$ contrast inspect large
contrast: inspect: "large/blob": want at most 1048576 bytes
large/blob: DENY: evidence or input is malformed: "large/blob": want at most 1048576 bytes (exit 3)
[exit 3]
## The kernel says 0 for the size of a file that it makes up as it is read.
$ contrast inspect -q /proc/version
/proc/version: DENY: evidence or input is malformed: evidence.envelope (exit 3)
[exit 3]
## Folders that are no harmless ones either.
$ deep=deep; for i in {1..17}; do deep=$deep/$'\e[2J\nALLOW'; done; mkdir -p "$deep" && contrast inspect deep 2>&1 | cat -v
contrast: inspect: "deep/\x1b[2J\nALLOW/\x1b[2J\nALLOW/\x1b[2J\nALLOW/\x1b[2J\nALLOW/\x1b[2J\nALLOW/\x1b[2J"..(191): folders are nested deeper than 16
/"deep[^\x1b]*": DENY: evidence or input is malformed: .*: folders are nested deeper than 16 \(exit 3\)/
