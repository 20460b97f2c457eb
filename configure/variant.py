# SPDX-License-Identifier: Apache-2.0
"""One variant of the build: its objects, archives, programs, test runner and fuzz targets."""
import os

from configure.sources import (canary_source, closure, embedded, files, in_core, included_folders, libraries_of, library_of, sources_of,
                               target_of)
from configure.tables import CANARY, CORE, FREE, LAYERS, PROGRAMS, VARIANTS, WOLFSSL_WRAPPED, WRAPPED


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
            '-o $out $engine -Wl,--as-needed -Wl,--start-group $in $libs -Wl,--end-group')).strip(),
            description='%s $out' % name)
        ninja.build([self.flags + '.cflags', self.flags + '.ldflags'], 'flags', name=name,
                    cc=v.cc, wanted=v.wanted, ldwanted=v.ldwanted)

    def object(self, source):
        libs = libraries_of(source)
        cflags = ['build/flags/%s.cflags' % lib for lib in libs]
        more = ['@' + f for f in cflags] + ([self.v.lenient] if os.path.dirname(source) in FREE else [])
        return self.compile('build/%s/%s.o' % (self.name, source[:-2]), source, cflags + embedded(source), ' '.join(more))

    def compile(self, out, source, implicit=(), libs=''):
        return self.n.build(out, 'cc_' + self.name, source, [self.flags + '.cflags', *implicit], libs=libs)

    def archive(self, name, sources):
        return self.n.build('build/%s/lib%s.a' % (self.name, name), 'ar', [self.object(s) for s in sources])

    def link(self, out, objects, archives, sources, engine=''):
        libs = sorted({lib for s in sources for lib in libraries_of(s)})
        suffix = {'wolfssl': 'wolfssl-asan' if self.v.asan else 'wolfssl'}
        ldflags = ['build/flags/%s.ldflags' % suffix.get(lib, lib) for lib in libs]
        wraps = ['-Wl,--wrap=' + f for source, wrapped in WOLFSSL_WRAPPED.items() if source in sources for f in wrapped]
        return self.n.build('build/%s/%s' % (self.name, out), 'link_' + self.name, list(objects) + list(archives),
                            [self.flags + '.ldflags'] + ldflags, libs=' '.join(['@' + f for f in ldflags] + wraps),
                            engine=engine)


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
            cflags = ['build/flags/%s.cflags' % lib for lib in libraries_of(canary_source(target))]
            planted = b.compile('build/%s/canary/%s.o' % (b.name, target), 'build/canary/%s.c' % target, cflags,
                                ' '.join(['-include fuzz/canary/canary.h'] + ['@' + f for f in cflags]))
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
