#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/yaml_facts.py FILE: each scalar of a file of Kubernetes objects as one line, for sessions:

    StatefulSet/coordinator spec.template.spec.containers[coordinator].ports[userapi].containerPort: 1313

An item of a list is named by its `name`, else by its place.  A key that stands twice is refused.
"""
import sys

import yaml


class Strict(yaml.SafeLoader):
    pass


def no_duplicates(loader, node):
    keys = [k.value for k, _ in node.value]
    for k in keys:
        if keys.count(k) > 1:
            sys.exit('%s: %s stands twice' % (node.start_mark, k))
    return loader.construct_mapping(node, deep=True)


Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, no_duplicates)


def walk(value, path):
    if isinstance(value, dict):
        for k, v in value.items():
            yield from walk(v, '%s.%s' % (path, k) if path else k)
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from walk(v, '%s[%s]' % (path, v.get('name', i) if isinstance(v, dict) else i))
    else:
        yield path, value


def main(path):
    with open(path, encoding='utf-8') as f:
        for o in yaml.load_all(f, Strict):
            for where, value in walk(o, ''):
                print('%s/%s %s: %s' % (o['kind'], o['metadata']['name'], where, value))


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
