# SPDX-License-Identifier: Apache-2.0
"""The writer of ninja's language."""


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
