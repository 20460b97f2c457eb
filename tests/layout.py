#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes an OCI image layout, by hand and with hashlib, so that what reads it has something else to agree with.

    tests/layout.py FOLDER IMAGE...

    IMAGE is NAME or NAME:CHANGE,CHANGE...; for each one line is printed: NAME DIGEST, that of its manifest or index.
    Changes: those of the table below, and user=WHO, volume=PATH, env=NAME=VALUE.  A layer holds /etc/passwd and
    /etc/group; the second one, with the change `second`, replaces the first file and takes the other away.
"""
import gzip
import hashlib
import io
import json
import os
import sys
import tarfile

OCI = 'application/vnd.oci.image.'
DOCKER = {'index': 'application/vnd.docker.distribution.manifest.list.v2+json',
          'manifest': 'application/vnd.docker.distribution.manifest.v2+json',
          'config': 'application/vnd.docker.container.image.v1+json',
          'layer': 'application/vnd.docker.image.rootfs.diff.tar.gzip'}
MEDIA = {'index': OCI + 'index.v1+json', 'manifest': OCI + 'manifest.v1+json', 'config': OCI + 'config.v1+json',
         'layer': OCI + 'layer.v1.tar+gzip'}
PASSWD = b'root:x:0:0:root:/root:/bin/sh\nweb:x:101:102::/home/web:/bin/false\n'
GROUP = b'root:x:0:\nweb:x:102:\nextra:x:205:web\n'


def sha256(data):
    return 'sha256:' + hashlib.sha256(data).hexdigest()


def tar(files):
    """files: (name, content), or (name, TarInfo's members) for what is no regular file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.GNU_FORMAT) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            if isinstance(content, dict):
                for key, value in content.items():
                    setattr(info, key, value)
                content = b''
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


LAYERS = [tar([('etc/', {'type': tarfile.DIRTYPE}), ('etc/passwd', PASSWD), ('./etc/group', GROUP),
               ('bin/web', b'\x7fELF' + b'a program' * 1000)])]
SECOND = tar([('etc/passwd', b'root:x:0:0::/:/bin/sh\n'), ('etc/.wh.group', b'')])


class Layout:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(os.path.join(folder, 'blobs', 'sha256'), exist_ok=True)
        self.write('oci-layout', b'{"imageLayoutVersion": "1.0.0"}')
        self.write('index.json', json.dumps({'schemaVersion': 2, 'manifests': []}).encode())

    def write(self, name, data):
        with open(os.path.join(self.folder, name), 'wb') as f:
            f.write(data)

    def path(self, digest):
        return os.path.join(self.folder, 'blobs', *digest.split(':'))

    def put(self, media, data, **more):
        """Its descriptor."""
        with open(self.path(sha256(data)), 'wb') as f:
            f.write(data)
        return {'mediaType': media, 'digest': sha256(data), 'size': len(data), **more}

    def put_json(self, media, value, **more):
        return self.put(media, json.dumps(value).encode(), **more)

    def put_layer(self, media, layer, changes):
        return self.put(media, layer if 'plain' in changes else gzip.compress(layer, mtime=0))

    def image(self, changes):
        """The digest of a manifest or index."""
        media = dict(DOCKER if 'docker' in changes else MEDIA)
        if 'plain' in changes:
            media['layer'] = OCI + 'layer.v1.tar'
        execution = {'Env': ['PATH=/usr/bin:/bin', *told(changes, 'env')], 'Entrypoint': ['/bin/web'], 'Cmd': None,
                     'WorkingDir': '/srv', 'User': ''.join(told(changes, 'user')[:1]), 'Labels': {'env': 'any'}}
        if told(changes, 'volume'):
            execution['Volumes'] = {path: {} for path in told(changes, 'volume')}
        layers = LAYERS + ([SECOND] if 'second' in changes else [])
        config = {'architecture': 'arm64' if 'arm64' in changes else 'amd64', 'os': 'linux', 'config': execution,
                  'rootfs': {'type': 'layers', 'diff_ids': [sha256(layer) for layer in layers]},
                  'history': [{'created_by': 'tests/layout.py'}]}
        if 'fewer' in changes:
            config['rootfs']['diff_ids'] = []
        if 'case' in changes:
            execution['entrypoint'] = ['/bin/sh']
        manifest = {'schemaVersion': 2, 'mediaType': media['manifest'],
                    'config': self.put_json(media['config'], config),
                    'layers': [self.put_layer(media['layer'], layer, changes) for layer in layers]}
        if 'size' in changes:
            manifest['config']['size'] += 1
        if 'both' in changes:
            manifest['manifests'] = []
        top = self.put_json(media['manifest'], manifest, platform={'architecture': 'amd64', 'os': 'linux'})
        if 'index' in changes or 'twice' in changes or 'none' in changes or 'nested' in changes:
            top = self.put_index(media, top, changes)
        self.spoil(changes, top, manifest)
        return top['digest']

    def put_index(self, media, top, changes):
        arm = self.put_json(media['manifest'], {'of': 'another platform'},
                            platform={'architecture': 'arm64', 'os': 'linux', 'variant': 'v8'})
        proof = self.put_json(media['manifest'], {'of': 'an attestation'},
                              platform={'architecture': 'unknown', 'os': 'unknown'})
        entries = [arm, proof] + ([] if 'none' in changes else [top])
        if 'twice' in changes:
            entries.append(dict(top, digest=arm['digest']))
        index = self.put_json(media['index'], {'schemaVersion': 2, 'mediaType': media['index'], 'manifests': entries})
        if 'nested' in changes:
            named = dict(index, platform=top['platform'], mediaType=media['manifest'])
            index = self.put_json(media['index'], {'schemaVersion': 2, 'manifests': [named]})
        return index

    def spoil(self, changes, top, manifest):
        """What a disk, a registry or somebody in between may have done to the files."""
        victims = {'config': manifest['config'], 'layer': manifest['layers'][-1], 'manifest': top}
        for name, victim in victims.items():
            path = self.path(victim['digest'])
            with open(path, 'rb') as f:
                data = f.read()
            if name + '-absent' in changes:
                os.remove(path)
            if name + '-changed' in changes:
                self.write(os.path.relpath(path, self.folder), data[:-1] + bytes([data[-1] ^ 1]))
            if name + '-cut' in changes:
                self.write(os.path.relpath(path, self.folder), data[:-7])


def told(changes, name):
    return [c.split('=', 1)[1] for c in changes if c.startswith(name + '=')]


def main():
    layout = Layout(sys.argv[1])
    for image in sys.argv[2:]:
        name, _, changes = image.partition(':')
        # So that what is spoilt is its own.
        print(name, layout.image(['env=NAME=' + name, *[c for c in changes.split(',') if c]]))


if __name__ == '__main__':
    main()
