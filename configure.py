#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes build.ninja, which is committed and holds nothing of one machine.

  ./configure.py            write build.ninja (ninja does it by itself when a source comes or goes)
  ./configure.py --setup    install the Debian packages and build wolfSSL; --crypto=debian takes Debian's archive
  ./configure.py --check    layers, third-party headers, SPDX lines, names of checks

Needs python3-minimal alone.  Options --flags, --library and --symbols are for the edges of build.ninja,
--private is for fuzz/oss-fuzz.
"""
import os
import re
import subprocess
import sys
from typing import NamedTuple

# ---- what is built --------------------------------------------------------------------------------------------------

# Folder: what it may include.  Arrows point down only.
LAYERS = {
    'parse': [],
    'snp': ['parse'],
    'verify': ['parse', 'snp'],
    'ca': ['parse', 'verify'],
    'net': ['parse', 'snp', 'verify', 'ca'],
    'kube': ['parse', 'verify'],
    'coordinator': ['parse', 'snp', 'verify', 'ca', 'net'],
    'mesh': ['parse', 'snp', 'verify', 'ca', 'net'],
    'cli': ['parse', 'snp', 'verify', 'ca', 'net', 'kube'],
    'tests/simulator': ['parse', 'snp', 'verify'],
    'tests/interop': ['parse', 'snp', 'verify', 'tests/simulator'],
    'tests/bench': ['parse', 'snp', 'verify', 'tests/simulator'],
}
# May include everything, and the adapters' headers stay out of them too.
FREE = ['tests', 'tests/prove', 'fuzz', 'fuzz/canary']
CORE = ['parse', 'snp', 'verify']       # the trusted core, but for its adapters

# Each <folder>/<x>main.c is a program.
PROGRAMS = {
    'cli/main.c': 'contrast',
    'cli/fetch_main.c': 'contrast-fetch',
    'coordinator/main.c': 'contrast-coordinator',
    'mesh/initializer_main.c': 'contrast-initializer',
    'mesh/main.c': 'contrast-mesh',
    'tests/simulator/main.c': 'snp-sim',
    'tests/interop/main.c': 'interop-cases',
    'tests/bench/main.c': 'bench',
}

# What the test runner calls through tests/fault_crypto.c, so that a test can make it fail.
WRAPPED = ('crypto_sha256 crypto_sha384 crypto_sha512 crypto_p384_point_check crypto_p384_verify crypto_p384_recover '
           'crypto_rsa4096_pss_verify').split()

# Scripts run as `ninja NAME` once they exist, with BIN naming the folder of the variant's programs.
COMMANDS = {
    'demo': ('tests/demo.sh', 'release'),
    'docs': ('docs/generate.sh', 'debug'),
    'interop': ('tests/interop/run.sh', 'release'),
    'bench': ('tests/bench/run.sh', 'release'),
}


class Library(NamedTuple):
    headers: str          # includes that only *_<name>.c may hold, as a regular expression
    package: str = ''     # pkg-config name; '' when there is nothing to link
    oldest: str = ''


# Suffix of a file's name (crypto_wolfssl.c): what it may include and what its program links.
LIBRARIES = {
    'wolfssl': Library(r'wolfssl/'),
    'cjson': Library(r'cJSON\.h|cjson/', 'libcjson', '1.7.15'),
    'libyaml': Library(r'yaml\.h', 'yaml-0.1', '0.2.5'),
    'curl': Library(r'curl/', 'libcurl', '7.88'),
    'nghttp2': Library(r'nghttp2/', 'libnghttp2', '1.52'),
    'uv': Library(r'uv\.h', 'libuv', '1.44'),
    'zlib': Library(r'zlib\.h', 'zlib', '1.2.13'),
    'linux': Library(r'linux/|seccomp\.h|sys/(prctl|syscall|mount|ioctl|capability|epoll|signalfd)\.h'),
    'criterion': Library(r'criterion/', 'criterion', '2.4'),
}

WARN = ('-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 '
        '-Wnull-dereference')
SANITIZE = '-g -O1 -fno-omit-frame-pointer -fno-sanitize-recover=all '
AFL = 'AFL_QUIET=1 AFL_USE_ASAN=1 AFL_USE_UBSAN=1 AFL_DONT_OPTIMIZE=1'  # its own -O3 deletes dead out-of-bounds stores


class Variant(NamedTuple):
    help: str
    cc: str
    cflags: str
    ldflags: str = ''
    wanted: str = ''       # compile flags to add where the compiler knows them
    ldwanted: str = ''
    env: str = ''          # in front of the compiler
    engine: str = ''       # link flag of fuzz targets; '' means that they link fuzz/replay.c
    makes: str = 'programs tests targets'
    core_only: bool = False
    asan: bool = False     # link the sanitized wolfSSL
    lenient: str = ''      # more flags for tests/ and fuzz/
    link: str = ''         # the linker's command; '' means compiler and flags


VARIANTS = {
    'debug': Variant('every day; clang, because the release has gcc', '$clang', '-g -O0'),
    'release': Variant(
        'what ships', 'gcc', '-g -O2 -fPIE', '-pie',
        '-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full '
        '-ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr -fstrict-flex-arrays=3 '
        '-fno-delete-null-pointer-checks -fno-strict-overflow -ffile-prefix-map=$$PWD=.',
        '-Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,--build-id=sha1', makes='programs'),
    'asan': Variant('tests, leaks', '$clang', SANITIZE + '-fsanitize=address,undefined', asan=True),
    'ubsan': Variant('arithmetic of the core', '$clang', SANITIZE + '-fsanitize=undefined,integer,implicit-conversion '
                     '-fno-sanitize=unsigned-shift-base', makes='targets', core_only=True,
                     lenient='-fno-sanitize=integer,implicit-conversion'),
    'tsan': Variant('threads', '$clang', SANITIZE + '-fsanitize=thread'),
    'msan': Variant('uninitialised reads of the core', '$clang', SANITIZE + '-fsanitize=memory', makes='targets',
                    core_only=True),
    'libfuzzer': Variant('libFuzzer', '$clang', SANITIZE + '-fsanitize=fuzzer-no-link,address,undefined',
                         '-fsanitize=address,undefined', makes='targets', engine='-fsanitize=fuzzer', asan=True),
    'afl': Variant('AFL++', 'afl-clang-fast', '-g -O1', env=AFL, makes='targets', engine='-fsanitize=fuzzer'),
    'afl-lto': Variant('AFL++, collision-free map', 'afl-clang-lto', '-g -O1', env=AFL, makes='targets',
                       engine='-fsanitize=fuzzer'),
    'cov': Variant('llvm-cov', '$clang', '-g -O0 -fprofile-instr-generate -fcoverage-mapping',
                   '-fprofile-instr-generate'),
}
CANARY = ('libfuzzer', 'afl')           # the engines that have to find what fuzz/canary plants

# -Werror only with the compilers that this tree was written with: a newer one must not break an old clone.
WERROR = ('gcc (Debian 12.', 'Debian clang version 19.')

# All that --setup installs.
PACKAGES = (
    'gcc libc6-dev make autoconf automake libtool dpkg-dev clang-19 clang-format-19 lld-19 llvm-19 libclang-rt-19-dev '
    'clang-14 lld-14 llvm-14 libclang-rt-14-dev afl++ ninja-build pkg-config python3 git ca-certificates '
    'libcriterion-dev libcjson-dev libyaml-dev libcurl4-openssl-dev libnghttp2-dev libuv1-dev zlib1g-dev '
    'openssl frama-c-base why3 z3').split()
DEBIAN_WOLFSSL = '5.5.4-2+deb12u3'


# ---- the sources ----------------------------------------------------------------------------------------------------

def files(folder, pattern):
    """Paths in `folder` whose name matches `pattern`, sorted."""
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted('%s/%s' % (folder, n) for n in names if re.fullmatch(pattern, n))


def subfolders(folder):
    """`folder` and all folders below it that hold files, as git sees them."""
    found = []
    for path, dirs, names in os.walk(folder):
        dirs.sort()
        if names or any(files_below(os.path.join(path, d)) for d in dirs):
            found.append(path)
    return found


def files_below(folder):
    return any(names for _, _, names in os.walk(folder))


def library_of(source):
    """'wolfssl' for verify/crypto_wolfssl.c, 'criterion' for a test without a library of its own, else ''."""
    last = re.sub(r'\.[ch]$', '', source).rsplit('_', 1)[-1]
    return last if last in LIBRARIES and '_' in source else ''


def libraries_of(source):
    libs = [library_of(source)]
    if re.match(r'tests/test_\w+\.c$', source):
        libs.append('criterion')
    return [lib for lib in libs if lib and (LIBRARIES[lib].package or lib == 'wolfssl')]


def closure(folders):
    """The folders and all that they stand on, top first."""
    todo, seen = list(folders), set()
    while todo:
        folder = todo.pop()
        if folder not in seen:
            seen.add(folder)
            todo += LAYERS[folder]
    return [f for f in reversed(LAYERS) if f in seen]


INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def includes(source):
    """(bracket, header) for each #include."""
    with open(source, encoding='utf-8') as f:
        return INCLUDE.findall(f.read())


def in_core(folders):
    return set(closure(folders)) <= set(CORE)


def target_of(source):
    return os.path.basename(source)[:-len('_fuzz.c')]


def included_folders(source):
    return {os.path.dirname(h) for b, h in includes(source) if b == '"' and os.path.dirname(h) in LAYERS}


# ---- ninja writer ---------------------------------------------------------------------------------------------------

class Ninja:
    def __init__(self):
        self.lines = ['# Written by configure.py; do not edit.']

    def var(self, name, value, indent=''):
        if value:
            self.lines.append('%s%s = %s' % (indent, name, value))

    def rule(self, name, command, **variables):
        self.lines.append('\nrule ' + name)
        self.var('command', command, '  ')
        for key, value in variables.items():
            self.var(key, value, '  ')

    def build(self, out, rule, inputs=(), implicit=(), order=(), **variables):
        line = 'build %s: %s' % (' '.join([out] if isinstance(out, str) else out), rule)
        for mark, paths in (('', inputs), ('| ', implicit), ('|| ', order)):
            paths = [paths] if isinstance(paths, str) else list(paths)
            if paths:
                line += ' ' + mark + ' '.join(paths)
        self.lines.append(line)
        for key, value in variables.items():
            self.var(key, value, '  ')
        return out


# ---- the graph ------------------------------------------------------------------------------------------------------

class Build:
    """One variant: where its objects lie and how they are made."""

    def __init__(self, ninja, name):
        self.n, self.name, self.v = ninja, name, VARIANTS[name]
        self.flags = 'build/flags/%s' % name
        v = self.v
        ninja.rule('cc_' + name, ' '.join((
            v.env, v.cc, '$std $warn', v.cflags, '@%s.cflags' % self.flags,
            '$libs -I. -MMD -MF $out.d -c $in -o $out')).strip(),
            depfile='$out.d', deps='gcc', description='%s $in' % name)
        ninja.rule('link_' + name, ' '.join((
            v.env, v.link or v.cc + ' ' + v.cflags, v.ldflags, '@%s.ldflags' % self.flags,
            '-o $out $engine -Wl,--start-group $in -Wl,--end-group -Wl,--as-needed $libs')).strip(),
            description='%s $out' % name)
        ninja.build([self.flags + '.cflags', self.flags + '.ldflags'], 'flags', name=name,
                    cc=v.cc, wanted=v.wanted, ldwanted=v.ldwanted)

    def object(self, source):
        libs = libraries_of(source)
        cflags = ['build/flags/%s.cflags' % lib for lib in libs]
        more = ['@' + f for f in cflags] + ([self.v.lenient] if os.path.dirname(source) in FREE else [])
        return self.compile('build/%s/%s.o' % (self.name, source[:-2]), source, cflags, ' '.join(more))

    def compile(self, out, source, implicit=(), libs=''):
        return self.n.build(out, 'cc_' + self.name, source, [self.flags + '.cflags', *implicit], libs=libs)

    def archive(self, name, sources):
        return self.n.build('build/%s/lib%s.a' % (self.name, name), 'ar', [self.object(s) for s in sources])

    def link(self, out, objects, archives, sources, engine=''):
        libs = sorted({lib for s in sources for lib in libraries_of(s)})
        suffix = {'wolfssl': 'wolfssl-asan' if self.v.asan else 'wolfssl'}
        ldflags = ['build/flags/%s.ldflags' % suffix.get(lib, lib) for lib in libs]
        return self.n.build('build/%s/%s' % (self.name, out), 'link_' + self.name, list(objects) + list(archives),
                            [self.flags + '.ldflags'] + ldflags, libs=' '.join('@' + f for f in ldflags), engine=engine)


def sources_of(folder):
    return [s for s in files(folder, r'.*\.c') if not s.endswith('main.c')]


class Archives:
    """The archives of one variant: the core, its adapters, what stands in for them, and one for each other folder."""

    def __init__(self, b):
        only = b.v.core_only
        helpers = [s for s in files('fuzz', r'.*\.c') if not s.endswith('_fuzz.c') and s != 'fuzz/replay.c' and
                   (not only or in_core(included_folders(s)))]
        adapters = [s for f in CORE for s in sources_of(f) if library_of(s) and not only]
        self.core = b.archive('core', [s for f in CORE for s in sources_of(f) if not library_of(s)])
        self.helpers = b.archive('fuzz', helpers) if helpers else None
        self.adapters = (b.archive('adapters', adapters), adapters) if adapters else None
        self.folders = {f: (b.archive(f.replace('/', '-'), sources_of(f)), sources_of(f))
                        for f in LAYERS if sources_of(f) and f not in CORE and not only}

    def below(self, wanted, stubbed=False):
        """What links with code that includes the folders `wanted`: archives, top first, and the sources in them."""
        found = [self.folders[f] for f in closure(wanted) if f in self.folders]
        if stubbed and self.helpers:
            found.append((self.helpers, []))
        if self.adapters and not (stubbed and in_core(wanted)):
            found.append(self.adapters)
        found.append((self.core, []))
        return [a for a, _ in found], [s for _, sources in found for s in sources]


def build_programs(b, archives):
    return [b.link('bin/' + program, [b.object(main)], *archives.below([os.path.dirname(main)]))
            for main, program in PROGRAMS.items() if os.path.exists(main)]


def build_runner(b, archives):
    tests = files('tests', r'.*\.c')
    libs, sources = archives.below(LAYERS)
    wraps = ' '.join('-Wl,--wrap=' + function for function in WRAPPED)
    return b.link('tests/unit', [b.object(t) for t in tests], libs, sources + tests, wraps)


def build_targets(b, archives):
    """{target: program} and {target: program with its canary}."""
    targets, canaries = {}, {}
    replay = [] if b.v.engine else [b.object('fuzz/replay.c')]
    for source in files('fuzz', r'\w+_fuzz\.c'):
        wanted, target = included_folders(source), target_of(source)
        if b.v.core_only and not in_core(wanted):
            continue
        libs, sources = archives.below(wanted, stubbed=True)
        object_ = b.object(source)
        targets[target] = b.link('fuzz/' + target, [object_, *replay], libs, sources, b.v.engine)
        if b.name in CANARY and os.path.exists('fuzz/canary/' + target):
            planted = b.compile('build/%s/canary/%s.o' % (b.name, target), 'build/canary/%s.c' % target,
                                libs='-include fuzz/canary/canary.h')
            canaries[target] = b.link('canary/' + target, [object_, planted], libs, sources, b.v.engine)
    return targets, canaries


def variant(n, name):
    """All of one variant: its programs, its test runner, its fuzz targets and their canaries."""
    b = Build(n, name)
    archives = Archives(b)
    makes = b.v.makes.split()
    programs = build_programs(b, archives) if 'programs' in makes else []
    runner = build_runner(b, archives) if 'tests' in makes else None
    targets, canaries = build_targets(b, archives) if 'targets' in makes else ({}, {})
    n.build(name, 'phony', [*programs, *([runner] if runner else []), *targets.values(), archives.core])
    return programs, runner, targets, canaries


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
    for t in files('tests/cli', r'.*\.t') if programs else []:
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
    """Layers, names, format, tests and corpus: what `quick` and `check` add up."""
    code = [s for f in (*LAYERS, *FREE) for s in files(f, r'.*\.[ch]')]
    lint = n.build('build/results/lint', 'lint', implicit=['configure.py'] + code + files('verify', r'checks\.def'))
    symbols = n.build('build/results/symbols', 'symbols', 'build/debug/libcore.a',
                      ['tests/core.symbols', 'configure.py'])
    formats = [n.build('build/results/format/%s' % s, 'format', s, '.clang-format') for s in code]
    n.build('format', 'phony', formats)
    outs = {name: results(n, name, *made[name][:3]) for name in ('debug', 'asan', 'msan', 'ubsan', 'tsan', 'cov')}

    def add_up(name, tested, order=()):
        n.build(name, 'sum', tested, order=order, list='build/results/%s.list' % name)

    for name in outs:
        add_up('test-' + name, outs[name])
    add_up('quick', outs['debug'], [lint, symbols, 'debug', 'release', *formats])
    add_up('check', outs['asan'] + outs['msan'] + outs['ubsan'],
           [lint, symbols, 'release', 'asan', 'msan', 'ubsan', *formats])


def command(n, name, script, variant_, order, implicit=()):
    n.build(name, 'command', implicit=implicit, order=order, script=script, variant=variant_)


def canary_source(target):
    with open('fuzz/canary/' + target, encoding='utf-8') as f:
        return re.search(r'^file: (\S+)$', f.read(), re.M).group(1)


def fuzzing(n, made):
    targets = made['libfuzzer'][2]
    for target in targets:
        command(n, 'fuzz-' + target, 'fuzz/run.py fuzz ' + target, 'libfuzzer', targets[target])
        command(n, 'afl-' + target, 'fuzz/run.py afl ' + target, 'afl', made['afl'][2][target])
    names = ' '.join(targets)
    command(n, 'fuzz-smoke', 'fuzz/run.py smoke ' + names, 'libfuzzer', 'libfuzzer')
    command(n, 'coverage', 'tests/coverage.py ' + names, 'cov', 'cov',
            ['tests/coverage.py', 'tests/coverage.exceptions'])

    planted = made['libfuzzer'][3]
    for target in planted:
        n.build('build/canary/%s.c' % target, 'canary', canary_source(target),
                ['fuzz/canary/' + target, 'fuzz/canary.py'], target=target)
    command(n, 'fuzz-canary', 'fuzz/canary.py run ' + names, 'libfuzzer',
            [made[v][3][t] for v in CANARY for t in planted])


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
    folders = [f for f in (*LAYERS, *FREE, 'tests/cli') if files(f, r'.*')] + subfolders('corpus')
    contents = files('fuzz', r'.*\.c') + files('fuzz/canary', r'\w+')          # read for what they include and name
    contents += ['tests/prove/modules.def', 'tests/prove/canary']
    n.build('build.ninja', 'configure', implicit=['configure.py', *contents, *folders])
    made = {name: variant(n, name) for name in VARIANTS}
    testing(n, made)
    fuzzing(n, made)
    proving(n)
    for name, (script, of) in COMMANDS.items():
        if os.path.exists(script):
            command(n, name, script, of, [of] + made[of][0], [script])
    n.lines.append('default debug')
    return '\n'.join(n.lines) + '\n'


def generate_private(cc, link, engine):
    """The fuzz targets of the core with a compiler and an engine of somebody else's."""
    n = Ninja()
    rules(n)
    VARIANTS['private'] = Variant('', cc, '', link=link, makes='targets', engine=engine, core_only=True)
    variant(n, 'private')
    return '\n'.join(n.lines) + '\n'


# ---- what ninja asks for --------------------------------------------------------------------------------------------

def write(path, text):
    os.makedirs(os.path.dirname(path) or '.', exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def accepts(cc, flags, flag):
    """Whether the compiler takes `flag` without a word."""
    command_ = [*cc.split(), '-Werror', *flags, flag, '-x', 'c', '-', '-o', '/dev/null']
    with subprocess.Popen(command_, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as p:
        p.communicate(b'int main(void) { return 0; }\n')
    return p.returncode == 0


def write_flags(out, cc, wanted, ldwanted):
    """Response files with the flags of `wanted` and `ldwanted` that the compiler knows."""
    flags = [f for f in wanted.split() if accepts(cc, ['-c', '-O2'], f)]
    if output(*cc.split(), '--version').startswith(WERROR):
        flags.append('-Werror')
    write(out + '.cflags', '\n'.join(flags) + '\n')
    write(out + '.ldflags', '\n'.join(f for f in ldwanted.split() if accepts(cc, [], f)) + '\n')


def write_library(lib):
    """Response files with the flags of a library; pkg-config's own words when it is missing or too old."""
    out = 'build/flags/' + lib
    made_of = 'build/crypto-debian' if os.path.exists('build/crypto-debian') else 'build/wolfssl/stamp'
    write(out + '.d', '%s.cflags: %s\n' % (out, made_of if lib == 'wolfssl' else ''))
    if lib != 'wolfssl':
        package = LIBRARIES[lib].package
        output('pkg-config', '--print-errors', '%s >= %s' % (package, LIBRARIES[lib].oldest))
        write(out + '.cflags', output('pkg-config', '--cflags', package) + '\n')
        write(out + '.ldflags', output('pkg-config', '--libs', package) + '\n')
    elif made_of == 'build/crypto-debian':
        write(out + '.cflags', '\n')
        for kind in ('', '-asan'):
            write('%s%s.ldflags' % (out, kind), '-l:libwolfssl.a -lm -lpthread\n')
    else:
        if not os.path.exists(made_of):
            sys.exit('build/wolfssl is missing: run ./configure.py --setup')
        write(out + '.cflags', '-Ibuild/wolfssl/include\n')
        for kind in ('', '-asan'):
            write('%s%s.ldflags' % (out, kind), 'build/wolfssl/lib/libwolfssl%s.a -lm -lpthread\n' % kind)


def check_symbols(archive):
    """The core imports nothing but what tests/core.symbols lists."""
    whole = archive + '.o'
    subprocess.run(['ld', '-r', '--whole-archive', archive, '-o', whole], check=True)
    with open('tests/core.symbols', encoding='utf-8') as f:
        allowed = {line.split('#')[0].strip() for line in f}
    extra = sorted(set(re.findall(r'U (\w+)', output('nm', '-u', whole))) - allowed - {'_GLOBAL_OFFSET_TABLE_'})
    if extra:
        sys.exit('the core imports what tests/core.symbols does not list: ' + ', '.join(extra))


# ---- --check --------------------------------------------------------------------------------------------------------

def check_includes(path, folder):
    wrong = []
    for bracket, header in includes(path):
        home = os.path.dirname(header)
        if bracket == '"' and folder in LAYERS and home not in (folder, *LAYERS[folder]):
            wrong.append('%s: %s/ may not include %s' % (path, folder, header))
        for lib, data in LIBRARIES.items():
            mine = lib == 'criterion' and folder == 'tests' or library_of(path) == lib and path.endswith('.c')
            if not mine and re.match(data.headers, header):
                wrong.append('%s: only *_%s.c may include <%s>' % (path, lib, header))
    own = path[:-2] + '.h'
    quoted = [h for _, h in includes(path)]
    if path.endswith('.c') and os.path.exists(own) and quoted[:1] != [own]:
        wrong.append('%s: the first include is not its own header' % path)
    return wrong


def check():
    wrong = []
    checks = None
    if os.path.exists('verify/checks.def'):
        with open('verify/checks.def', encoding='utf-8') as f:
            checks = f.read()
    for folder in (*LAYERS, *FREE):
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
            named = r'\berr_rule\([^,;"]*,[^,;"]*,\s*"([^"]*)"|\b(?:rule =|#define \w*RULE) +"([^"]*)"'
            for rule in [a or b for a, b in re.findall(named, text)] if checks and folder in LAYERS else []:
                if '"%s"' % rule not in checks:
                    wrong.append('%s: "%s" is no row of verify/checks.def' % (path, rule))
    for source in files('fuzz', r'\w+_fuzz\.c'):
        if not files_below('corpus/%s/seed' % target_of(source)):
            wrong.append('%s: has no corpus/<target>/seed' % source)
    for folder in LAYERS:
        wrong += ['%s: is no program of configure.py' % m for m in files(folder, r'.*main\.c') if m not in PROGRAMS]
    if wrong:
        sys.exit('\n'.join(wrong))


# ---- --setup --------------------------------------------------------------------------------------------------------

def installed():
    names = output('dpkg-query', '-W', '-f', '${db:Status-Abbrev} ${Package}\n')
    return {line.split()[1] for line in names.splitlines() if line.startswith('ii')}


def install(packages):
    missing = [p for p in packages if p not in installed()]
    if not missing:
        return
    command = ['apt-get', 'install', '-y', '--no-install-recommends', *missing]
    if os.geteuid() != 0:
        sys.exit('as root, please:\n  apt-get update && ' + ' '.join(command))
    os.environ['DEBIAN_FRONTEND'] = 'noninteractive'
    subprocess.run(['apt-get', 'update'], check=True)
    subprocess.run(command, check=True)


def setup(crypto):
    install(PACKAGES)
    choice = 'build/crypto-debian'
    os.makedirs('build', exist_ok=True)
    if crypto == 'debian':
        install(['libwolfssl-dev'])
        have = output('dpkg-query', '-W', '-f', '${Version}', 'libwolfssl-dev')
        subprocess.run(['dpkg', '--compare-versions', have, 'ge', DEBIAN_WOLFSSL], check=True)
        write(choice, have + '\n')
    else:
        subprocess.run(['.ci/build_wolfssl.sh', 'build/wolfssl'], check=True)
        if os.path.exists(choice):
            os.remove(choice)
    for path in files('build/flags', r'wolfssl.*'):
        os.remove(path)             # so that the next ninja asks again


# ---- command line ---------------------------------------------------------------------------------------------------

def main(args):
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    match args:
        case []:
            write('build.ninja', generate())
        case ['--setup']:
            setup('source')
        case ['--setup', '--crypto=debian']:
            setup('debian')
        case ['--check']:
            check()
        case ['--flags', out, cc, wanted, ldwanted]:
            write_flags(out, cc, wanted, ldwanted)
        case ['--library', lib]:
            write_library(lib)
        case ['--private', out, cc, link, engine]:
            write(out, generate_private(cc, link, engine))
        case ['--symbols', archive]:
            check_symbols(archive)
        case _:
            sys.exit(__doc__)


if __name__ == '__main__':
    main(sys.argv[1:])
