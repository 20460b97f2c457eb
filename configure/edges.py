# SPDX-License-Identifier: Apache-2.0
"""What edges of build.ninja ask for: flags of compilers and libraries, symbols of the core."""
import os
import re
import subprocess
import sys

from configure.tables import LIBRARIES, WERROR


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
