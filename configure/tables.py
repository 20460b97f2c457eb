# SPDX-License-Identifier: Apache-2.0
"""What is built: folders, programs, scripts, libraries, variants, packages.  Every table is here, and nothing else."""
from typing import NamedTuple

# Folder: what it may include.  Arrows point down only.
LAYERS = {
    'parse': [],
    'snp': ['parse'],
    'verify': ['parse', 'snp'],
    'ca': ['parse', 'snp', 'verify'],
    'net': ['parse', 'snp', 'verify', 'ca'],
    'program': ['parse', 'snp', 'verify'],
    'kube': ['parse', 'verify'],
    'coordinator': ['parse', 'snp', 'verify', 'ca', 'net', 'program'],
    'mesh': ['parse', 'snp', 'verify', 'ca', 'net', 'program'],
    'cli': ['parse', 'snp', 'verify', 'ca', 'net', 'program', 'kube'],
    'tests/simulator': ['parse', 'snp', 'verify'],
    'tests/interop': ['parse', 'snp', 'verify', 'tests/simulator'],
    'tests/peer': ['parse', 'net'],
    'tests/bench': ['parse', 'snp', 'verify', 'ca', 'net', 'tests/simulator'],
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
    'tests/peer/main.c': 'test-peer',
    'tests/bench/main.c': 'bench',
    'tests/bench/mesh_main.c': 'mesh-load',
}

# What the test runner calls through tests/fault_crypto.c, so that a test can make it fail.
WRAPPED = ('crypto_sha256 crypto_sha384 crypto_sha512 crypto_p384_point_check crypto_p384_verify crypto_p384_recover '
           'crypto_rsa4096_pss_verify').split()

# What wolfSSL's own code calls through a file of ours, in each program that this file is linked into.
WOLFSSL_WRAPPED = {
    'verify/point_wolfssl.c': ['wc_ecc_import_x963_ex'],
    'net/ca_names_wolfssl.c': ['TLSX_GetRequestSize', 'TLSX_WriteRequest', 'TLSX_Parse'],
}

# Scripts run as `ninja NAME` once they exist, with BIN naming the folder of the variant's programs.
COMMANDS = {
    'demo': ('tests/demo.sh', 'release'),
    'docs': ('docs/generate.sh', 'debug'),
    'interop': ('tests/interop/run.sh', 'release'),
    'bench': ('tests/bench/run.sh', 'release'),
    'stress': ('tests/stress.sh', 'release'),
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


# For fast executions (fuzz/README.md): no hook in each comparison, those in memcmp and the like stay; and stack frames that
# aren't kept after a return, which the variant asan does when it replays the corpus.
FAST = '-fno-sanitize-coverage=trace-cmp -fsanitize-address-use-after-return=never'


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
    # Without the test runner: Criterion maps memory where TSan has none (its issue 274), and threads are the programs'.
    'tsan': Variant('threads', '$clang', SANITIZE + '-fsanitize=thread', makes='programs targets'),
    'msan': Variant('uninitialised reads of the core', '$clang', SANITIZE + '-fsanitize=memory', makes='targets',
                    core_only=True),
    'libfuzzer': Variant('libFuzzer', '$clang', SANITIZE + '-fsanitize=fuzzer-no-link,address,undefined ' + FAST,
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
    'openssl curl nghttp2-client patch python3-grpcio python3-yaml strace iproute2 iptables nftables zsh fish frama-c-base why3 '
    'z3').split()
DEBIAN_WOLFSSL = '5.5.4-2+deb12u3'
