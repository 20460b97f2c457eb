# SPDX-License-Identifier: Apache-2.0
"""What the names and the includes of the sources say."""
import os
import re

from configure.tables import CORE, LAYERS, LIBRARIES


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


def embedded(source):
    """Files that the assembler reads into the object; no compiler tells of them."""
    with open(source, encoding='utf-8') as f:
        return re.findall(r'\.incbin \\"([^"\\]+)\\"\\n', f.read())


def in_core(folders):
    return set(closure(folders)) <= set(CORE)


def target_of(source):
    return os.path.basename(source)[:-len('_fuzz.c')]


def included_folders(source):
    return {os.path.dirname(h) for b, h in includes(source) if b == '"' and os.path.dirname(h) in LAYERS}


def sources_of(folder):
    return [s for s in files(folder, r'.*\.c') if not s.endswith('main.c')]


def own_sources():
    """What decides about build.ninja besides the sources of the project."""
    return ['configure.py', *files('configure', r'\w+\.py')]


def canary_source(target):
    """The file that the canary of `target` is planted in."""
    with open('fuzz/canary/' + target, encoding='utf-8') as f:
        return re.search(r'^file: (\S+)$', f.read(), re.M).group(1)
