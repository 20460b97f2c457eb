# SPDX-License-Identifier: Apache-2.0
## What manifests say. The digests are those that sha256sum and openssl give.
$ cp $TOP/corpus/manifest/seed/late-2026 m.json && contrast manifest check m.json
m.json: warning: /Policies/99dd77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b/SANs/1: the name "*": a certificate of this workload is good for the name of any other
m.json: valid
/  SHA-256 [0-9a-f]{64}, 1705 bytes/
  policy 99dd77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b, the Coordinator
    names             coordinator, *
    workload secret   apps/v1/c
  policy 1111111111111111111111111111111111111111111111111111111111111111
    names             web, 203.0.113.7, spiffe://a/b, 2001:db8::7
    workload secret   web
  snp[0]: Genoa, Metal-QEMU-SNP
    measurement       fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210
    of one vCPU       1 to 220 are accepted, AP reset EIP 0080b004
    vCPUs             4
    minimum TCB       boot loader 3, TEE 0, SNP 8, microcode 115
    guest policy      0x2030000: ABI 0.0, SMT, PAGE_SWAP_DISABLE
    platform may      SMT_EN
    platform must     ECC_EN, CIPHERTEXT_HIDING_DRAM_EN, ALIAS_CHECK_COMPLETE
    mitigations       0x3
/    machines          (ab){64}/
  owners
    may update        SHA-256 b510fea013b7e9f7493e96a8999f774a3c33fbbe6c9567556654b737b941ddc8, EC P-256
    may update        SHA-256 0997e542db4e7f36ec9a51245d080aeaedbeda88aec58484f62b4b088b262fd5, EC P-384
    may recover       nobody
  API at least v1
$ contrast manifest check m.json | grep -q "SHA-256 $(sha256sum <m.json | cut -c 1-64), $(wc -c <m.json) bytes" && echo same
same
$ key() { python3 -c 'import hashlib,json;print(hashlib.sha256(bytes.fromhex(json.load(open("m.json"))["WorkloadOwnerPubKeys"][0])).hexdigest())'; }; contrast manifest check m.json | grep -c "$(key)"
1
$ contrast manifest check -q m.json | wc -l
2
## All findings at once, each with its place; values to be filled in are told as such.
$ cp $TOP/corpus/manifest/seed/many-findings bad.json && contrast manifest check bad.json
bad.json:1:14: /Policies/x: hex: want 64 digits (32 bytes), have 1 characters
bad.json:1:26: /Policies/x/Role: want a string, have a number
bad.json:1:28: /Policies/x/sans: unknown key "sans", did you mean "SANs"?
bad.json:1:37: /Policies/x/SANs: want at least one DNS name, which the certificate needs for its CN, have none
bad.json:1:94: /ReferenceValues/snp/0/MinimumTCB/SNPVersion: want an integer from 0 to 255, have "3.7"
bad.json:1:97: /ReferenceValues/snp/0/MinimumTCB/BootloaderVersion: still to be filled in: want an integer from 0 to 255
bad.json:1:97: /ReferenceValues/snp/0/MinimumTCB/TEEVersion: still to be filled in: want an integer from 0 to 255
bad.json:1:97: /ReferenceValues/snp/0/MinimumTCB/MicrocodeVersion: still to be filled in: want an integer from 0 to 255
bad.json:1:98: /ReferenceValues/snp/0/ProductName: want "Milan" or "Genoa", have nothing
bad.json:1:98: /ReferenceValues/snp/0/GuestPolicy: want an object with SMT true, have nothing
bad.json:1:102: /SeedshareOwnerKeys: unknown key "SeedshareOwnerKeys", did you mean "SeedshareOwnerPubKeys"?
bad.json:1:125: /Policies: want at least one policy with the Role "coordinator", have none of 1
bad.json: invalid: 12 findings
[exit 3]
$ printf '{\n  "Policies": {\n    "\xc3\xbc": 1 }' >lines.json; contrast manifest check lines.json
lines.json:3:5: /Policies/\xc3\xbc: hex: want 64 digits (32 bytes), have 2 characters
lines.json:3:11: /Policies/\xc3\xbc: want an object, have a number
lines.json:3:14: /Policies: byte 31: want ',' or '}', have the end
lines.json: invalid: 3 findings
[exit 3]
$ contrast manifest check -q $TOP/corpus/manifest/seed/tdx-draft | sed "s,$TOP/,,"
corpus/manifest/seed/tdx-draft:1:349: /ReferenceValues/tdx/0/MrSeam: still to be filled in: want 48 bytes in lower-case hex
corpus/manifest/seed/tdx-draft: warning: /ReferenceValues/tdx/0: entries for TDX are kept and not judged by this program
corpus/manifest/seed/tdx-draft: unfinished: 1 value to be filled in
$ python3 -c 'print("{" + ",".join("\"k%d\":0" % i for i in range(200)) + "}")' >many.json; contrast manifest check many.json | tail -n 1
many.json: invalid: 100 findings, and nothing behind the last was read
## Warnings, one for each kind.
$ sed 's/"WorkloadSecretID":"web"/"WorkloadSecretID":"apps\/v1\/c"/; s/"BootloaderVersion":3,"TEEVersion":0,"SNPVersion":8,"MicrocodeVersion":115/"BootloaderVersion":0,"TEEVersion":0,"SNPVersion":0,"MicrocodeVersion":0/
>   s/"AllowedChipIDs":[^]]*]/"AllowedChipIDs":null/; s/"TrustedMeasurement":"[^"]*"/"TrustedMeasurement":null/; s/"PlatformInfo":{[^}]*}/"PlatformInfo":null/
>   s/"WorkloadOwnerPubKeys"/"WorkloadOwnerKeyDigests":["'$(printf %064d 7)'"],&/' m.json >w.json; contrast manifest check -q w.json
w.json: warning: /ReferenceValues/snp/0/TrustedMeasurement: no TrustedMeasurement: no report satisfies this entry
w.json: warning: /ReferenceValues/snp/0/MinimumTCB: all versions are 0: any firmware will do, also one with known flaws
w.json: warning: /ReferenceValues/snp/0/PlatformInfo: no PlatformInfo: the state of the machine is not looked at
w.json: warning: /ReferenceValues/snp/0/AllowedChipIDs: no AllowedChipIDs: any genuine machine will do, and whoever owns one and breaks it can pass evidence on
w.json: warning: /Policies/99dd77cbd7fe2c4e1f29511014c14054a21a376f7d58a48d50e9e036f4522f6b/SANs/1: the name "*": a certificate of this workload is good for the name of any other
w.json: warning: /Policies/1111111111111111111111111111111111111111111111111111111111111111/WorkloadSecretID: the WorkloadSecretID of another policy: both get the same secret
w.json: warning: /WorkloadOwnerKeyDigests: WorkloadOwnerKeyDigests and WorkloadOwnerPubKeys: releases of Contrast read one or the other
w.json: valid
## Several files: the worst counts, and one that cannot be read does not stop the others.
$ contrast manifest check -q bad.json none.json m.json | tail -n 4; echo ${PIPESTATUS[0]}
contrast: manifest: "none.json": No such file or directory
/bad.json: .*/
...
1
$ contrast manifest check -q m.json none.json m.json 2>/dev/null
/m.json: warning: .*/
m.json: valid
none.json: not read: "none.json": No such file or directory
/m.json: warning: .*/
m.json: valid
[exit 1]
$ head -c 1048577 /dev/zero >large.json; contrast manifest check large.json
/contrast: manifest: "large.json": .*1048576.*/
/large.json: not read: .*/
[exit 3]
$ : >empty.json; contrast manifest check empty.json
empty.json:1:1: byte 0: want a value, have the end
empty.json: invalid: 1 finding
[exit 3]
$ cp m.json $'e\e[2J.json'; contrast manifest check -q $'e\e[2J.json' | tail -n 1
"e\x1b[2J.json": valid
## For programs.
$ contrast manifest check --format json bad.json m.json none.json w.json >out.json 2>/dev/null; echo $?
1
$ python3 - <<'END'
> import json
> d = json.load(open('out.json'))
> f = d['files']
> print(d['schema'], [x['file'] for x in f], [x['valid'] for x in f])
> print(f[0]['findings'][4], len(f[0]['findings']), f[0]['findings_cut'], 'manifest' in f[0])
> m = f[1]['manifest']
> print([(p['hash'][:4], p.get('role'), p['sans'], p['workload_secret_id']) for p in m['policies']])
> e = m['snp'][0]
> print(e['product'], e['platform'], e['minimum_tcb'], e['guest_policy'], e['platform_allowed'], e['platform_required'], e['ap_reset_eip'])
> print([o['key'] for o in m['workload_owners']], m['seed_share_owners'], m['minimum_api_version'], m['tdx'])
> print(f[2], [(w['id'], w['count']) for w in f[3]['warnings']])
> END
contrast.manifest/1 ['bad.json', 'm.json', 'none.json', 'w.json'] [False, True, False, True]
{'pointer': '/ReferenceValues/snp/0/MinimumTCB/SNPVersion', 'line': 1, 'column': 94, 'offset': 93, 'kind': 'range', 'to_be_filled_in': False, 'text': 'want an integer from 0 to 255, have "3.7"'} 12 False False
[('99dd', 'coordinator', [{'kind': 'dns', 'name': 'coordinator'}, {'kind': 'dns', 'name': '*'}], 'apps/v1/c'), ('1111', None, [{'kind': 'dns', 'name': 'web'}, {'kind': 'ip', 'name': '203.0.113.7'}, {'kind': 'uri', 'name': 'spiffe://a/b'}, {'kind': 'ip', 'name': '2001:db8::7'}], 'web')]
Genoa Metal-QEMU-SNP {'boot_loader': 3, 'tee': 0, 'snp': 8, 'microcode': 115} 0x2030000 0x1 0x34 0x80b004
['EC P-256', 'EC P-384'] [] 1 0
{'file': 'none.json', 'valid': False, 'error': '"none.json": No such file or directory'} [('measurement-unset', 1), ('minimum-tcb-zero', 1), ('platform-info-unset', 1), ('any-chip', 1), ('any-name', 1), ('shared-secret', 1), ('two-owner-lists', 1)]
$ contrast manifest check --format junit -o out.xml bad.json m.json none.json 2>/dev/null; echo $?; python3 - <<'END'
> import xml.etree.ElementTree as E
> for s in E.parse('out.xml').getroot():
>     print(s.get('name'), s.get('tests'), s.get('failures'), s.get('errors'), len(s.findall('testcase')), len(s.findall('testcase/failure')))
> END
1
bad.json 12 12 0 12 12
m.json 1 0 0 1 0
none.json 1 0 1 1 0
## Wrong usage.
$ contrast manifest
contrast: manifest: say what to do: check (see contrast manifest --help)
[exit 2]
$ contrast manifest look m.json
/contrast: manifest: .*check.*/
[exit 2]
$ contrast manifest check
contrast: manifest: check: name at least one file (see contrast manifest --help)
[exit 2]
$ contrast manifest check --format xml m.json
/contrast: manifest: --format: .*/
[exit 2]
$ contrast manifest check -q --format json m.json
contrast: manifest: --quiet goes with --format text (see contrast manifest --help)
[exit 2]
$ contrast manifest check -o m.json m.json
/contrast: manifest: --output: .*/
[exit 2]
$ contrast manifest check m.json >/dev/full
/contrast: manifest: .*No space left on device/
[exit 1]
