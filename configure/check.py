# SPDX-License-Identifier: Apache-2.0
"""--check: layers, headers of libraries, SPDX lines, names, and what the tables must name."""
import os
import re
import sys

from configure.sources import files, files_below, includes, library_of, sources_of, target_of
from configure.tables import CORE, FREE, LAYERS, LIBRARIES, PROGRAMS


def shows_library(header, data):
    return os.path.exists(header) and any(re.match(data.headers, h) for _, h in includes(header))


def check_includes(path, folder):
    wrong = []
    for bracket, header in includes(path):
        home = os.path.dirname(header)
        if bracket == '"' and folder in LAYERS and home not in (folder, *LAYERS[folder]):
            wrong.append('%s: %s/ may not include %s' % (path, folder, header))
        for lib, data in LIBRARIES.items():
            mine = lib == 'criterion' and folder == 'tests' or library_of(path) == lib
            # A header of an adapter that shows the library's types stays among the adapter's files.
            shows = bracket == '"' and library_of(header) == lib and shows_library(header, data)
            if not mine and (re.match(data.headers, header) or shows):
                wrong.append('%s: only *_%s.c and *_%s.h may include %s' % (path, lib, lib, header))
    own = path[:-2] + '.h'
    quoted = [h for _, h in includes(path)]
    if path.endswith('.c') and os.path.exists(own) and quoted[:1] != [own]:
        wrong.append('%s: the first include is not its own header' % path)
    return wrong


STRINGS = re.compile(r'"(?:[^"\\\n]|\\.)*"')
FORMATTERS = re.compile(r'\b(?:err_set|err_rule|err_in|text_quote|text_hex|v?s?n?f?printf|fputs|puts|fwrite)\(')
SECRET = re.compile(r'\bsecret(?:_\w+)?\b(?!_len)(?!\.len)')


def call_at(text, start):
    """The arguments of the call whose open parenthesis ends at `start`."""
    depth, end = 1, start
    while depth and end < len(text):
        depth += {'(': 1, ')': -1}.get(text[end], 0)
        end += 1
    return text[start:end]


def check_secrets(path, text):
    """Nothing that is named secret is handed to a function that makes text (ca/secret.h)."""
    code = STRINGS.sub('""', text)
    found = [SECRET.search(call_at(code, m.end())) for m in FORMATTERS.finditer(code)]
    return ['%s: %s is made into text' % (path, m.group()) for m in found if m and not m.group().endswith('_len')]


def check_proof_table():
    """tests/prove/modules.def has one row for each source of the core, and for headers with code."""
    path = 'tests/prove/modules.def'
    with open(path, encoding='utf-8') as f:
        rows = re.findall(r'^([^#\s][^:]*): ', f.read(), re.M)
    core = [s for folder in CORE for s in sources_of(folder) if not library_of(s)]
    wrong = ['%s: has no row in %s' % (s, path) for s in core if s not in rows]
    wrong += ['%s: %s is no file' % (path, row) for row in sorted(set(rows)) if not os.path.isfile(row)]
    return wrong + ['%s: %s has two rows' % (path, row) for row in sorted(set(rows)) if rows.count(row) > 1]


def check_named_tests():
    """Each unit test and session that docs/refusals.md names is there."""
    path, wrong = 'docs/refusals.md', []
    with open(path, encoding='utf-8') as f:
        text = f.read()
    tests = ''
    for source in files('tests', r'test_\w+\.c'):
        with open(source, encoding='utf-8') as f:
            tests += f.read()
    for suite, name in re.findall(r'`(\w+)/(\w+)`', text):
        if suite != 'tests' and not re.search(r'\bTest\(%s, %s\b' % (suite, name), tests):
            wrong.append('%s: there is no test %s/%s' % (path, suite, name))
    return wrong + ['%s: there is no %s' % (path, t) for t in re.findall(r'`(tests/[\w/]+\.t)`', text) if not os.path.exists(t)]


def check():
    wrong = []
    checks = None
    if os.path.exists('verify/checks.def'):
        with open('verify/checks.def', encoding='utf-8') as f:
            checks = f.read()
    for folder in (*LAYERS, *FREE, 'configure'):
        for path in files(folder, r'.*\.(c|h|py|sh)'):
            with open(path, encoding='utf-8') as f:
                text = f.read()
            head = text.split('\n', 2)[:2]
            spdx = 'SPDX-License-Identifier: Apache-2.0'
            if not (head[0] == '/* %s */' % spdx if path[-2:] in ('.c', '.h') else '# ' + spdx in head):
                wrong.append('%s: no SPDX line' % path)
            if path[-2:] not in ('.c', '.h'):
                continue
            wrong += check_includes(path, folder)
            if folder in LAYERS:
                wrong += check_secrets(path, text)
            named = r'\berr_rule\([^,;"]*,[^,;"]*,\s*"([^"]*)"|\b(?:rule =|#define \w*RULE) +"([^"]*)"'
            for rule in [a or b for a, b in re.findall(named, text)] if checks and folder in LAYERS else []:
                if '"%s"' % rule not in checks:
                    wrong.append('%s: "%s" is no row of verify/checks.def' % (path, rule))
    wrong += check_proof_table()
    wrong += check_named_tests()
    for source in files('fuzz', r'\w+_fuzz\.c'):
        if not files_below('corpus/%s/seed' % target_of(source)):
            wrong.append('%s: has no corpus/<target>/seed' % source)
    for folder in LAYERS:
        wrong += ['%s: is no row of PROGRAMS in configure/tables.py' % m for m in files(folder, r'.*main\.c') if m not in PROGRAMS]
    if wrong:
        sys.exit('\n'.join(wrong))
