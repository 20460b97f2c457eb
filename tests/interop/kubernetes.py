#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/interop/kubernetes.py CONTRAST: the files of deploy/, and what generate makes of them, against the schemas of Kubernetes.

The judge is kubernetes-validate (PyPI), which has the OpenAPI schemas of the API server: nothing unknown, every type.  It is
installed below build/interop; without it, or a package index, all is skipped.
"""
import glob
import os
import re
import subprocess
import sys
import venv

VALIDATOR = 'kubernetes-validate==1.37.0'
DIGEST = '@sha256:' + 'a' * 64
# What the judge must refuse: (what is wrong, text, text instead).
WRONG = [('a key that does not exist', 'runtimeClassName:', 'runtimeClass:'),
         ('a number for a text', 'value: "8080"', 'value: 8080'),
         ('a list for an object', 'metadata:\n  name: emoji-svc', 'metadata: [emoji-svc]'),
         ('a port that is none', 'containerPort: 8801', 'containerPort: none')]


def validator():
    folder = 'build/interop/kubernetes'
    program = folder + '/bin/kubernetes-validate'
    if not os.path.exists(program):
        venv.create(folder, with_pip=True)
        if subprocess.run([folder + '/bin/pip', 'install', '-q', VALIDATOR], check=False).returncode:
            return None
    return program


def is_valid(program, path):
    return subprocess.run([program, '--strict', path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def write(path, text):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def prepared(contrast, folder, files):
    """Copies of the files after `contrast generate`, every image pinned."""
    images = sorted({i for f in files for i in re.findall(r'image: (\S+)', read(f))} |
                    {'contrast/initializer:VERSION', 'contrast/service-mesh-proxy:VERSION'})
    write(folder + '/images', ''.join('%s=registry.example/%s%s\n' % (i, i.split('/')[-1], DIGEST) for i in images))
    copies = [write('%s/%s' % (folder, os.path.basename(f)), read(f)) for f in files]
    subprocess.run([contrast, 'generate', '--no-policies', '--reference-values', 'metal-qemu-snp', '--image-replacements', folder + '/images',
                    *copies], check=True, stdout=subprocess.DEVNULL)
    return copies


def main():
    contrast, folder = sys.argv[1] + '/contrast', 'build/interop/deploy'
    files = sorted(glob.glob('deploy/*.yml'))
    confidential = [f for f in files if 'runtimeClassName: contrast-cc' in read(f)]
    total = len(files) + len(confidential) + len(WRONG)
    os.makedirs(folder, exist_ok=True)
    program = validator()
    if not program:
        print('kubernetes: no package index: %s could not be installed' % VALIDATOR)
        print('0 passed, 0 failed, %d skipped' % total)
        return 0
    failed = 0
    for path in files + prepared(contrast, folder, confidential):
        good = is_valid(program, path)
        failed += not good
        print('%s: kubernetes: %s' % ('passed' if good else 'failed', path))
    demo = read('deploy/emojivoto-demo.yml')
    for what, old, new in WRONG:
        assert old in demo
        good = not is_valid(program, write(folder + '/wrong.yml', demo.replace(old, new, 1)))
        failed += not good
        print('%s: kubernetes: refuses %s' % ('passed' if good else 'failed', what))
    print('%d passed, %d failed, 0 skipped' % (total - failed, failed))
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
