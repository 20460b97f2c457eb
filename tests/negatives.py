#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rows of tests/simulator/negatives.def through `contrast inspect`: tests/negatives.py FIRST LAST

Makes the good evidence and the bad one with snp-sim (both programs are found in PATH, files go to the current folder),
states what the good report says as options, and asks of each row that its check is among those that failed and that the
exit code is the row's.  The good values are read from the report at the offsets of the specification, not by our reader.

Some rows never get as far as a verdict: a certificate or root that is given beside the evidence and cannot be read is
refused at once.  Of those the exit code alone is asked here; tests/test_negatives.c asks for the check as well.  A leaf
of two PEM blocks cannot be given to the program at all: beside the evidence those are two certificates.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

NOW = '2026-07-01T00:00:00Z'
LISTS = {'report_data': '--report-data', 'chip_id': '--chip-id', 'id_key_digest': '--id-key-digest',
         'author_key_digest': '--author-key-digest'}
WORDS = {'guest_policy': '--guest-policy', 'platform_allowed': '--platform-allowed', 'launch_mitigations': '--mitigations',
         'current_mitigations': '--mitigations', 'minimum_firmware': '--minimum-version'}
TCB_BYTES = {'turin': {'fmc': 0, 'bl': 1, 'tee': 2, 'snp': 3, 'ucode': 7}}
TCB_BYTES['milan'] = TCB_BYTES['genoa'] = {'bl': 0, 'tee': 1, 'snp': 6, 'ucode': 7}


class Row(NamedTuple):
    number: int
    kind: str
    what: str
    base: str
    arguments: str
    expectations: str
    check: str
    exit_code: int


def read_rows(path):
    pattern = r'^NEGATIVE\((\d+), (\w+)' + r',\s*"([^"]*)"' * 5 + r',\s*(\d+)\)$'
    with open(path, encoding='utf-8') as f:
        text = f.read()
    rows = [Row(int(m[0]), *m[1:7], int(m[7])) for m in re.findall(pattern, text, re.M)]
    if len(rows) != len(re.findall(r'^NEGATIVE\(', text, re.M)):
        sys.exit('%s: a row cannot be read' % path)
    return rows


def make(folder, words):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    subprocess.run(['snp-sim', *words, '--out', folder], check=True)


def option_of(words, name, default):
    return words[words.index(name) + 1] if name in words else default


def good_options(folder, product):
    """Exactly what the good report says; {option: value}."""
    with open(folder + '/report.bin', 'rb') as f:
        r = f.read()
    tcb = ','.join('%s=%d' % (name, r[0x180 + at]) for name, at in TCB_BYTES[product].items())
    options = {'--measurement': r[0x90:0xc0].hex(), '--report-data': r[0x50:0x90].hex(), '--host-data': r[0xc0:0xe0].hex(),
               '--product': product, '--minimum-tcb': tcb, '--minimum-launch-tcb': tcb,
               '--minimum-version': '%d.%d.%d' % (r[0x1ea], r[0x1e9], r[0x1e8]),
               '--minimum-guest-svn': str(int.from_bytes(r[4:8], 'little')), '--guest-policy': '0x30000',
               '--platform-allowed': 'SMT_EN', '--vmpl': '0'}
    if any(r[0x1a0:0x1e0]):
        options['--chip-id'] = r[0x1a0:0x1e0].hex()
    if r[0] >= 3:
        options['--platform-required'] = 'ECC_EN,ALIAS_CHECK_COMPLETE'
    return options


def apply(expectations, options):
    for word in expectations.split():
        name, value = word.split('=', 1)
        if name in LISTS:
            digits, count = value.split('*')
            options[LISTS[name]] = digits * int(count)
        elif name in WORDS:
            options[WORDS[name]] = value
        elif name == 'minimum_tcb':
            part, least = value.split(':')
            options['--minimum-tcb'] = re.sub(r'\b%s=\d+' % part, '%s=%s' % (part, least), options['--minimum-tcb'])
        elif name not in ('root', 'leaf'):
            sys.exit('expectation not understood: ' + word)


def is_for_the_program(row):
    return row.kind != 'UNIT' and '--pem-twice' not in row.arguments


def is_told_early(row):
    """Refused while collateral or root are read, before there is a verdict."""
    return row.check == 'issuer.signature' or row.kind == 'EDITED' and row.check == 'leaf.encoding'


def command(row, folder, options):
    envelope = option_of(row.base.split(), '--envelope', 'raw')
    leaf = 'leaf.pem' if 'leaf=pem' in row.expectations else 'leaf.der'
    evidence, beside = 'evidence.bin', [leaf, 'crl.der']
    if envelope in ('table', 'protobuf') or row.check == 'leaf.encoding' and not is_told_early(row):
        beside = []
    elif envelope == 'thim' and row.check != 'evidence.thim':
        evidence, beside = 'report.bin', ['evidence.bin', 'crl.der']
    words = ['contrast', 'inspect', '--format', 'json', '--at', NOW, '--no-provisional', folder + '/' + evidence]
    for name in beside:
        if os.path.exists(folder + '/' + name):
            words += ['--collateral', folder + '/' + name]
    if 'root=amd' not in row.expectations:
        words += ['--insecure-root', folder + '/root.pem']
    return words + [word for pair in options.items() for word in pair]


def make_good(i, base):
    """(what is wrong with how the good evidence was judged, what it says as options)."""
    folder, words = 'good-%d' % i, base.split()
    make(folder, words)
    options = good_options(folder, option_of(words, '--product', 'milan'))
    row = Row(0, 'SIGNED', 'good', base, '', '', '', 10)
    code = subprocess.run(command(row, folder, options), stdout=subprocess.DEVNULL, check=False).returncode
    return '' if code == 10 else 'good evidence, %s: exit %d, want 10' % (base, code), options


def judge(i, row, options):
    """What is wrong with how the row was judged; '' when nothing is."""
    folder = 'bad-%d' % i
    # What makes a certificate unreadable is told in a verdict when it came inside the evidence.
    inside = row.check == 'leaf.encoding' and not is_told_early(row)
    make(folder, row.base.split() + row.arguments.split() + (['--envelope', 'protobuf'] if inside else []))
    options = dict(options)
    apply(row.expectations, options)
    result = subprocess.run(command(row, folder, options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if is_told_early(row):
        want, failed = 4 if row.check == 'issuer.signature' else 3, []
        wrong = ['no verdict was due'] if result.stdout else []
    else:
        want = row.exit_code
        failed = [c['id'] for c in json.loads(result.stdout)['files'][0]['checks'] if c['outcome'] == 'failed']
        wrong = [] if row.check in failed else ['%s has not failed, but %s' % (row.check, ', '.join(failed) or 'nothing')]
    if result.returncode != want:
        wrong.append('exit %d, want %d' % (result.returncode, want))
    return '%d: %s: %s' % (row.number, row.what, '; '.join(wrong)) if wrong else ''


def main(first, last):
    all_rows = read_rows(os.environ['TOP'] + '/tests/simulator/negatives.def')
    rows = [(i, r) for i, r in enumerate(all_rows) if first <= r.number <= last and is_for_the_program(r)]
    bases = sorted({r.base for _, r in rows})
    # One after the other: Python's thread pools fail under a clock that faketime moves.
    good = {base: make_good(i, base) for i, base in enumerate(bases)}
    found = [why for why, _ in good.values()] + [judge(i, row, good[row.base][1]) for i, row in rows]
    wrong = [w for w in found if w]
    print('\n'.join(wrong + ['%d rows, %d wrong' % (len(rows), len(wrong))]))
    return 1 if wrong or not rows else 0


if __name__ == '__main__':
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) == 3 else __doc__)
