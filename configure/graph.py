# SPDX-License-Identifier: Apache-2.0
"""The whole of build.ninja: the rules, and every target that people name."""
import os
import re

from configure.ninja import Ninja
from configure.sources import canary_source, files, own_sources, subfolders
from configure.tables import CANARY, COMMANDS, FREE, LAYERS, LIBRARIES, VARIANTS, WARN, Variant
from configure.variant import variant


def results(n, name, programs, runner, targets):
    """The results of everything that the variant `name` can run."""
    out = []

    def run(what, command, implicit):
        out.append(n.build('build/results/%s-%s' % (name, what), 'tally', how=command, implicit=implicit))

    if runner:
        run('unit', 'unit ' + runner, [runner, 'tests/tally.py'])
    for target, path in targets.items():
        corpus = subfolders('corpus/' + target)
        run(target, 'one %s corpus/%s' % (path, target), [path, 'tests/tally.py'] + corpus)
    sessions = files('tests/cli', r'.*\.t') if runner or targets else files('tests/release', r'.*\.t')
    for t in sessions if programs else []:
        run('cli-' + os.path.basename(t)[:-2], 'many tests/run_cli.py build/%s/bin %s' % (name, t),
            programs + [t, 'tests/run_cli.py', 'tests/tally.py'])
    return out


def rules(n):
    n.var('ninja_required_version', '1.10')
    n.var('builddir', 'build')
    n.var('clang', 'clang-19')
    n.var('std', '-std=c17 -D_POSIX_C_SOURCE=200809L')
    n.var('warn', WARN)
    n.rule('configure', './configure.py', generator='1', description='configure')
    n.rule('flags', "./configure.py --flags build/flags/$name '$cc' '$wanted' '$ldwanted'",
           description='flags of $name')
    n.rule('library', './configure.py --library $name', depfile='build/flags/$name.d', description='flags of $name')
    n.rule('ar', 'rm -f $out && ar rcsD $out $in', description='ar $out')
    n.rule('lint', './configure.py --check && touch $out', description='layers, headers, names')
    n.rule('format', 'clang-format-19 --dry-run -Werror $in && touch $out', description='format $in')
    n.rule('symbols', './configure.py --symbols $in && touch $out', description='symbols of the core')
    n.rule('tally', 'tests/tally.py run $out $how', description='test $out')
    n.rule('sum', 'tests/tally.py sum $list', rspfile='$list', rspfile_content='$in', pool='console',
           description='sum of the tests')
    n.rule('canary', 'fuzz/canary.py make $target $out', description='canary $target')
    n.rule('prove', 'tests/prove.py $how $what $out', depfile='$out.d', deps='gcc', description='prove $what by $how')
    n.rule('proofs', 'tests/prove.py sum $in', description='sum of the proofs', pool='console')
    n.rule('command', 'BIN=build/$variant/bin $script', description='$script', pool='console')
    for lib, data in LIBRARIES.items():
        if data.package or lib == 'wolfssl':
            outs = ['build/flags/%s%s' % (lib, x) for x in ('.cflags', '.ldflags')]
            n.build(outs + (['build/flags/wolfssl-asan.ldflags'] if lib == 'wolfssl' else []), 'library', name=lib)


def testing(n, made):
    """Layers, names, format, canaries, tests and corpus: what `quick` and `check` add up."""
    canaries = planting(n, made['libfuzzer'][3])
    code = [s for f in (*LAYERS, *FREE) for s in files(f, r'.*\.[ch]')]
    lint = n.build('build/results/lint', 'lint', implicit=own_sources() + code +
                   ['verify/checks.def', 'tests/prove/modules.def', 'docs/refusals.md'])
    symbols = n.build('build/results/symbols', 'symbols', 'build/debug/libcore.a',
                      ['tests/core.symbols', *own_sources()])
    formats = [n.build('build/results/format/%s' % s, 'format', s, '.clang-format') for s in code]
    n.build('format', 'phony', formats)
    outs = {name: results(n, name, *made[name][:3]) for name in ('debug', 'release', 'asan', 'msan', 'ubsan', 'tsan', 'cov')}

    def add_up(name, tested, order=()):
        n.build(name, 'sum', tested, order=order, list='build/results/%s.list' % name)

    for name in outs:
        add_up('test-' + name, outs[name])
    add_up('quick', outs['debug'] + outs['release'], [lint, symbols, *canaries, 'debug', 'release', *formats])
    add_up('check', outs['asan'] + outs['release'] + outs['msan'] + outs['ubsan'],
           [lint, symbols, *canaries, 'release', 'asan', 'msan', 'ubsan', *formats])


def command(n, name, script, variant_, order, implicit=()):
    n.build(name, 'command', implicit=implicit, order=order, script=script, variant=variant_)


def planting(n, planted):
    """The copies of sources with a canary in them; `quick` makes them too, so that none outlives the line it stands before."""
    return [n.build('build/canary/%s.c' % target, 'canary', canary_source(target),
                    ['fuzz/canary/' + target, 'fuzz/canary.py'], target=target) for target in planted]


def fuzzing(n, made):
    targets = made['libfuzzer'][2]
    for target in targets:
        command(n, 'fuzz-' + target, 'fuzz/run.py fuzz ' + target, 'libfuzzer', targets[target])
        command(n, 'afl-' + target, 'fuzz/run.py afl ' + target, 'afl', made['afl'][2][target])
    names = ' '.join(targets)
    command(n, 'fuzz-smoke', 'fuzz/run.py smoke ' + names, 'libfuzzer', 'libfuzzer')
    command(n, 'coverage', 'tests/coverage.py ' + names, 'cov', 'cov',
            ['tests/coverage.py', 'tests/coverage.exceptions'])

    command(n, 'fuzz-canary', 'fuzz/canary.py run ' + names, 'libfuzzer',
            [made[v][3][t] for v in CANARY for t in made['libfuzzer'][3]])


def proving(n):
    """Eva from each driver, WP on each source that asks for it, and the proofs that have to fail."""
    with open('tests/prove/modules.def', encoding='utf-8') as f:
        wp = re.findall(r'^(\S+):(?: .*)? wp\b', f.read(), re.M)
    drivers = [os.path.basename(d)[:-len('_eva.c')] for d in files('tests/prove', r'\w+_eva\.c')]
    canaries = [os.path.basename(c) for c in files('tests/prove/canary', r'[\w-]+')]
    proofs = [n.build('build/prove/results/%s-%s' % (how, what.replace('/', '-')), 'prove', how=how, what=what)
              for how, names in (('eva', drivers), ('wp', wp), ('canary', canaries)) for what in names]
    n.build('prove', 'proofs', proofs, ['tests/prove/modules.def'])


def generate():
    n = Ninja()
    rules(n)
    folders = [f for f in (*LAYERS, *FREE, 'tests/cli', 'tests/release') if files(f, r'.*')] + subfolders('corpus')
    contents = files('fuzz', r'.*\.c') + files('fuzz/canary', r'\w+')          # read for what they include and name
    contents += ['tests/prove/modules.def', 'tests/prove/canary']
    n.build('build.ninja', 'configure', implicit=[*own_sources(), *contents, *folders])
    made = {name: variant(n, name) for name in VARIANTS}
    testing(n, made)
    fuzzing(n, made)
    proving(n)
    for name, (script, of) in COMMANDS.items():
        if os.path.exists(script):
            # The programs are inputs, or else the folder docs/ would pass for the up-to-date result of `ninja docs`.
            command(n, name, script, of, [of], [script, *made[of][0]])
    n.lines.append('default debug')
    return '\n'.join(n.lines) + '\n'


def generate_private(cc, link, engine):
    """The fuzz targets of the core with a compiler and an engine of somebody else's."""
    n = Ninja()
    rules(n)
    VARIANTS['private'] = Variant('', cc, '', link=link, makes='targets', engine=engine, core_only=True)
    variant(n, 'private')
    return '\n'.join(n.lines) + '\n'
