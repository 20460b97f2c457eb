#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the trusted core with Frama-C; docs/proofs.md says what that means.

  prove.py eva NAME OUT      Eva on tests/prove/NAME_eva.c and every source of the core that it stands on
  prove.py wp SOURCE OUT     WP on the functions that SOURCE, a .c or a .h, defines
  prove.py canary NAME OUT   the proof named in tests/prove/canary/NAME must fail once the bug in that file is planted
  prove.py sum OUT...        prints the results and totals; exit status 1, and the failed OUTs removed, when one failed

The table is tests/prove/modules.def: it names every source of the core with its proofs, or says why there are none.  A
canary is a file of lines "file: PATH", "old: LINE", "new: LINE" (or none: the line goes) and "proof: eva NAME" or "proof: wp
FUNCTION".
"""
import json
import os
import re
import shutil
import subprocess
import sys

CORE = ['parse', 'snp', 'verify']
ADAPTER = re.compile(r'_(wolfssl|linux)\.c$')
TABLE = 'tests/prove/modules.def'
LIBC = 'tests/prove/libc.c'
LIBC_WP = 'tests/prove/wp.h'
ERR_IN = 'parse/status.h'

# The last two branches tell states apart, so that "it returned OK" and "it wrote its output" stay together.  err_in is taken
# by its contract, which WP proves: its text's length is known only in relation to another length.
EVA = ('-eva -eva-precision 3 -eva-slevel 4000 -eva-partition-history 2 -eva-interprocedural-history -eva-use-spec err_in '
       '-eva-no-show-progress -eva-msg-key=-initial-state,-final-states').split()
COVER = '-then -metrics -metrics-eva-cover'.split()
# A goal that is true is proved in well under a second; the limit is for a machine that does other things as well.  What the
# memory model presumes of a contract (no aliasing) is written into it and proved of the callers.  Filtered, goals lose facts.
WP = ('-wp -wp-rte -wp-prover z3 -wp-par 4 -wp-timeout 60 -wp-check-memory-model -wp-no-filter -wp-cache update').split()
# Without model-based quantifier instantiation: with it z3 runs into the limit where it now says "unknown" at once.
Z3 = 'z3 -smt2 %s smt.auto_config=false smt.mbqi=false smt.random_seed=42 -st %%f'
WHY3 = '''[main]
magic = 14
memlimit = 2000
running_provers_max = 4

[prover]
name = "Z3"
version = "%s"
driver = "z3_471"
command = "%s"
command_steps = "%s"
editor = ""
in_place = false
interactive = false

[shortcut]
shortcut = "z3"
name = "Z3"
version = "%s"
'''


# ---- the sources ----------------------------------------------------------------------------------------------------

def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def includes(path):
    return re.findall(r'^\s*#\s*include\s*"([^"]+)"', read(path), re.M)


def closure(start, linked):
    """All files that `start` includes and, if `linked`, the sources behind the headers."""
    todo, seen = [start], []
    while todo:
        path = todo.pop()
        if path not in seen and os.path.exists(path):
            seen.append(path)
            todo += includes(path)
            if linked and path.endswith('.h'):
                todo.append(path[:-2] + '.c')
    return sorted(seen)


DEFINITION = re.compile(r'^(?:[a-z]\w*[ *]+)+(\w+)\([^;{}]*\)\n\{', re.M)


def functions(path):
    """Names of the functions that a source defines; the house's format has the brace on its own line."""
    return DEFINITION.findall(re.sub(r'/\*.*?\*/', '', read(path), flags=re.S))


def table():
    """{source: (proofs, reason why there is none)}."""
    rows = {}
    for line in read(TABLE).split('\n'):
        if line and not line.startswith('#'):
            source, _, rest = line.partition(':')
            claims = rest.split()
            none = claims[:2] == ['not', 'proved:']
            rows[source] = ([], ' '.join(claims[2:])) if none else (claims, '')
    return rows


# ---- running Frama-C ------------------------------------------------------------------------------------------------

class Result:
    """What an OUT holds."""

    def __init__(self, line, good, text='', covered=None):
        self.line, self.good, self.text, self.covered = line, good, text, covered or {}

    def write(self, out):
        os.makedirs(os.path.dirname(out), exist_ok=True)
        with open(out, 'w', encoding='utf-8') as f:
            json.dump(self.__dict__, f, indent=1)


def write_why3():
    """A configuration of our own: nothing in the home directory is read or written."""
    path = 'build/prove/why3.conf'
    version = re.search(r'\d+(\.\d+)+', output('z3', '--version')).group()
    text = WHY3 % (version, Z3 % '-T:%t', Z3 % 'rlimit=%S', version)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path) or read(path) != text:
        with open(path + '.new', 'w', encoding='utf-8') as f:
            f.write(text)
        os.replace(path + '.new', path)
    return os.path.abspath(path)


def output(*command, cwd='.', env=None):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          cwd=cwd, env=dict(os.environ, **(env or {}))).stdout.decode('utf-8', 'replace')


def frama_c(root, paths, change, cpp, options, env=None):
    """Frama-C's words on copies of `paths` under `root`; change(path, text) is what they hold.

    It runs there, because it puts the working directory, for which it takes $PWD's word, in front of any other -I.
    """
    shutil.rmtree(root, ignore_errors=True)
    for path in paths:
        os.makedirs(os.path.dirname('%s/%s' % (root, path)), exist_ok=True)
        with open('%s/%s' % (root, path), 'w', encoding='utf-8') as f:
            f.write(change(path, read(path)))
    return output('frama-c', '-machdep', 'gcc_x86_64', '-cpp-extra-args=%s -std=c17 -D_POSIX_C_SOURCE=200809L' % cpp,
                  *(p for p in paths if p.endswith('.c')), *options, cwd=root,
                  env={'PWD': os.path.abspath(root), **(env or {})})


def as_it_is(_, text):
    return text


def without_contracts(path, text):
    """Eva believes a contract that it cannot judge, so it is shown none: what it says owes nothing to WP, but for err_in."""
    return text if path == ERR_IN or not path.startswith(tuple(CORE)) else re.sub(r'(/[*/])@(?! split )', r'\1 ', text)


def eva(name, root='', plant=as_it_is):
    """A driver may set options of its own, on a line "Eva: ..." of its first comment."""
    driver = 'tests/prove/%s_eva.c' % name
    own = re.search(r'^ \* Eva: (.*?)(?: \*/)?$', read(driver), re.M)
    options = EVA + (own.group(1).split() if own else []) + COVER
    text = frama_c(root or 'build/prove/eva/' + name, closure(driver, True) + [LIBC],
                   lambda path, text: plant(path, without_contracts(path, text)), '', options)
    found = re.search(r'^  (\d+|No) alarms? generated by the analysis', text, re.M)
    logic = re.findall(r'^    (?:Preconditions|Assertions) +\d+ valid +(\d+) unknown +(\d+) invalid', text, re.M)
    if not found or len(logic) != 2:
        return Result('%s: Eva did not finish' % name, False, text)
    alarms = (0 if found.group(1) == 'No' else int(found.group(1))) + sum(int(n) for pair in logic for n in pair)
    covered = {f: (int(n), int(of)) for f, n, of in re.findall(r'^  (\w+): (\d+) stmts out of (\d+)', text, re.M)}
    return Result('%s: alarms %d' % (name, alarms), alarms == 0, '' if alarms == 0 else text, covered)


def wp(source, root='', plant=as_it_is, function=''):
    """WP on `function`, or on all that `source` defines and the table does not except."""
    claims = table().get(source, ([], ''))[0]
    listed = {key: names.split(',') for key, _, names in (c.partition(':') for c in claims) if names}
    wanted = [function] if function else [f for f in functions(source) if f not in listed.get('wp-not', [])]
    opaque = [f for f in wanted if f in listed.get('wp-opaque', [])]
    own = [source] + [h for h in closure(source, False) if not h.endswith('.c')] + [LIBC_WP]
    options = ([] if source.endswith('.c') else [source]) + WP + ['-wp-cache-dir', os.path.abspath('build/prove/cache')]
    cpp = '-include ' + LIBC_WP
    if function:
        options += ['-wp-timeout', '10']        # a planted bug: nobody waits for what will not come
    if 'wp-chars' in claims:
        cpp, options = '-DELEMENT=char ' + cpp, options + ['-wp-literals']
    text, proved, goals = '', 0, 0
    for names, more in ((sorted(set(wanted) - set(opaque)), []), (opaque, ['-wp-no-init-const'])):
        if not names:
            continue
        part = frama_c(root or 'build/prove/wp/' + source.replace('/', '-'), own, plant, cpp,
                       options + more + ['-wp-fct', ','.join(names)], {'WHY3CONFIG': write_why3()})
        text += part
        found = re.search(r'Proved goals: +(\d+) / (\d+)', part)
        if not found:
            return Result('%s: WP did not finish' % source, False, text)
        proved, goals = proved + int(found.group(1)), goals + int(found.group(2))
    good = proved == goals > 0
    return Result('%s: goals proved %d of %d' % (source, proved, goals), good, '' if good else text)


def read_canary(name):
    lines = read('tests/prove/canary/' + name).split('\n')
    return dict(line.split(': ', 1) for line in lines if line and not line.startswith('#'))


def canary(name):
    fields = read_canary(name)
    source, old = fields['file'], fields['old']
    times = sum(line.strip() == old for line in read(source).split('\n'))
    if times != 1:
        return Result('canary %s: "%s" occurs %d times in %s, once is wanted' % (name, old, times, source), False)

    def plant(path, text):
        if path != source:
            return text
        return '\n'.join(fields.get('new', '') if line.strip() == old else line for line in text.split('\n'))

    proof, _, what = fields['proof'].partition(' ')
    root = 'build/prove/planted/' + name
    seen = eva(what, root, plant) if proof == 'eva' else wp(source, root, plant, what)
    finished = re.search(r'alarms|goals', seen.line)
    return Result('canary %s: %s' % (name, seen.line), bool(finished) and not seen.good, '' if finished else seen.text)


# ---- results --------------------------------------------------------------------------------------------------------

def read_by(kind, name):
    """All files that a result depends on, for ninja."""
    if kind == 'canary':
        fields = read_canary(name)
        proof, _, what = fields['proof'].partition(' ')
        return ['tests/prove/canary/' + name] + read_by(proof, what if proof == 'eva' else fields['file'])
    own = closure('tests/prove/%s_eva.c' % name, True) + [LIBC] if kind == 'eva' else closure(name, False) + [LIBC_WP, TABLE]
    return own + ['tests/prove.py']


def run(kind, name, out):
    if not shutil.which('frama-c') or not shutil.which('z3'):
        result = Result('%s %s: skipped: no Frama-C here' % (kind, name), None)
    else:
        result = {'eva': eva, 'wp': wp, 'canary': canary}[kind](name)
    result.write(out)
    with open(out + '.d', 'w', encoding='utf-8') as f:
        f.write('%s: %s\n' % (out, ' '.join(read_by(kind, name))))


def check_table(results):
    """What the table leaves out or claims in vain."""
    rows, wrong = table(), []
    sources = [f for folder in CORE for f in sorted(os.listdir(folder)) for f in ['%s/%s' % (folder, f)]
               if f.endswith('.c') and not ADAPTER.search(f)]
    for source in sources:
        if source not in rows:
            wrong.append('%s: %s does not name it: prove it, or say why not' % (source, TABLE))
    for source, (claims, reason) in rows.items():
        if not os.path.exists(source):
            wrong.append('%s: %s names it, and it is not there' % (source, TABLE))
        elif not claims and not reason:
            wrong.append('%s: neither a proof nor a reason' % source)
        drivers = [results.get('eva-' + c[4:], {}) for c in claims if c.startswith('eva:')]
        covered = {f for d in drivers for f in d.get('covered', {})}
        reached = covered | {re.sub(r'_\d+$', '', f) for f in covered}         # Frama-C numbers static ones that share a name
        left = [f for c in claims if c.startswith('wp-not:') for f in c[7:].split(',')] if 'wp' in claims else functions(source)
        if claims and all(d.get('good') for d in drivers):
            wrong += ['%s: nothing proves %s' % (source, f) for f in left if f not in reached]
    return wrong


def add_up(outs):
    counts, results = [0, 0, 0], {}
    for out in outs:
        results[os.path.basename(out)] = result = json.loads(read(out))
        good = result['good']
        counts[2 if good is None else 0 if good else 1] += 1
        print(('' if good is not False else 'FAILED: ') + result['line'])
        if good is False:
            print(result['text'], end='')
            os.remove(out)
    wrong = check_table(results)
    print('\n'.join(wrong), end='\n' if wrong else '')
    counts[1] += len(wrong)
    print('%d passed, %d failed, %d skipped' % tuple(counts))
    return 1 if counts[1] else 0


if __name__ == '__main__':
    match sys.argv[1:]:
        case ['eva' | 'wp' | 'canary' as kind_, name_, out_]:
            run(kind_, name_, out_)
        case ['sum', *outs_] if outs_:
            sys.exit(add_up(outs_))
        case _:
            sys.exit(__doc__)
