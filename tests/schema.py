#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks JSON documents against a JSON schema, of which it knows what ours use: tests/schema.py SCHEMA DOCUMENT..."""
import json
import re
import sys

TYPES = {'object': dict, 'array': list, 'string': str, 'integer': int, 'boolean': bool}
KNOWN = {'$schema', '$id', '$defs', '$ref', 'title', 'description', 'type', 'required', 'properties', 'items', 'enum', 'const', 'pattern',
         'minimum', 'maximum', 'additionalProperties'}


def check_object(schema, value, root, path):
    properties = schema.get('properties', {})
    for name in schema.get('required', []):
        if name not in value:
            yield '%s: %s is missing' % (path, name)
    for name, member in value.items():
        if name in properties:
            yield from check(properties[name], member, root, '%s/%s' % (path, name))
        elif schema.get('additionalProperties') is False:
            yield '%s: %s is not known' % (path, name)


def check(schema, value, root, path=''):
    """What is wrong with `value`."""
    if set(schema) - KNOWN:
        sys.exit('%s: %s is not understood' % (path, set(schema) - KNOWN))
    if '$ref' in schema:
        yield from check(root['$defs'][schema['$ref'].split('/')[-1]], value, root, path)
    kind = TYPES.get(schema.get('type'))
    if kind and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        yield '%s: want %s, have %r' % (path, schema['type'], value)
        return
    if value not in schema.get('enum', [value]) or value != schema.get('const', value):
        yield '%s: %r is none of the values' % (path, value)
    if 'pattern' in schema and not re.search(schema['pattern'], value):
        yield '%s: %r does not match %s' % (path, value, schema['pattern'])
    if isinstance(value, int) and not schema.get('minimum', value) <= value <= schema.get('maximum', value):
        yield '%s: %d is out of range' % (path, value)
    if isinstance(value, dict):
        yield from check_object(schema, value, root, path)
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from check(schema.get('items', {}), item, root, '%s/%d' % (path, i))


def main(schema, documents):
    with open(schema, encoding='utf-8') as f:
        root = json.load(f)
    wrong = 0
    for name in documents:
        with open(name, encoding='utf-8') as f:
            for line in check(root, json.load(f), root):
                wrong += 1
                print('%s%s' % (name, line))
    return 1 if wrong else 0


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
