# SPDX-License-Identifier: Apache-2.0
## Pods for images of a layout.  It is made by Python, which hashes with a library of its own.
$ pod() { cat <<END
> apiVersion: v1
> kind: Pod
> metadata: {name: $1}
> spec:
>   runtimeClassName: contrast-cc
>   containers:
>   - name: main
>     image: registry.example/$1:v1@$2
>     resources: {limits: {memory: 700Mi}, requests: {memory: 700Mi}}
> END
> }
> make() { python3 $TOP/tests/layout.py layout "$@" | while read -r name digest; do pod $name $digest >$name.yml; done; }
> look() { contrast generate --reference-values aks-clh-snp --no-policies --skip-initializer --image-layout layout \
>   --dry-run "$@" 2>&1 |
>   grep -v 'coordinator.missing\|^image\.\|^[-+@ ]\|no policies' | sed -E 's/[0-9a-f]{64}/HEX/g'; }
> declare -f pod make look >functions
## An image by the digest of its manifest or of an index, in OCI's and Docker's forms: nothing is wrong with them.
$ . ./functions; make plain docker:docker index:index both-forms:docker,index two:second; for n in plain docker index both-forms two; do look $n.yml; done
plain.yml: Pod plain: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
docker.yml: Pod docker: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
index.yml: Pod index: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
both-forms.yml: Pod both-forms: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
two.yml: Pod two: runtime class
1 workload prepared for AKS-CLH-SNP, 1 file to be changed
## What an image asks for and the pod does not give it.
$ . ./functions; make wants:volume=/data/,volume=/cache,user=web:web; look wants.yml
wants.yml:8:12: error: Pod "wants": container "main": its image has the volume "/cache" [image.volume]
wants.yml:8:12: error: Pod "wants": container "main": its image has the volume "/data/" [image.volume]
wants.yml:8:12: warning: Pod "wants": container "main": its image runs as "web:web" [image.user]
contrast: generate: nothing was written
## What is no image for linux/amd64, or does not fit together.
$ . ./functions; make arm64:arm64 none:none twice:twice nested:nested fewer:fewer case:case size:size both:both; for n in arm64 none twice nested fewer case size both; do look $n.yml; done
arm64.yml:8:12: error: Pod "arm64": container "main": image "registry.example/arm64:v1": config sha256:HEX: architecture: want amd64, have "arm64" [image.unread]
contrast: generate: nothing was written
none.yml:8:12: error: Pod "none": container "main": image "registry.example/none:v1": manifest sha256:HEX: index: no image for linux/amd64 [image.unread]
contrast: generate: nothing was written
twice.yml:8:12: error: Pod "twice": container "main": image "registry.example/twice:v1": manifest sha256:HEX: index: two images for linux/amd64: pin one of them [image.unread]
contrast: generate: nothing was written
nested.yml:8:12: error: Pod "nested": container "main": image "registry.example/nested:v1": manifest sha256:HEX: want a manifest, have an index in an index [image.unread]
contrast: generate: nothing was written
fewer.yml:8:12: error: Pod "fewer": container "main": image "registry.example/fewer:v1": want 1 layers, as the manifest has, have 0 in the config [image.unread]
contrast: generate: nothing was written
case.yml:8:12: error: Pod "case": container "main": image "registry.example/case:v1": config sha256:HEX: config.entrypoint: want Entrypoint, have it in other letters [image.unread]
contrast: generate: nothing was written
size.yml:8:12: error: Pod "size": container "main": image "registry.example/size:v1": config sha256:HEX: want 365 bytes, as the manifest says, have 364 [image.unread]
contrast: generate: nothing was written
both.yml:8:12: error: Pod "both": container "main": image "registry.example/both:v1": manifest sha256:HEX: manifests: want an index or a manifest, have both in one [image.unread]
contrast: generate: nothing was written
## Files that are gone, cut or changed: told with image, digest and file.
$ . ./functions; make a:manifest-absent b:manifest-changed c:manifest-cut d:config-absent e:config-changed f:config-cut; for n in a b c d e f; do look $n.yml; done
a.yml:8:12: error: Pod "a": container "main": image "registry.example/a:v1": manifest sha256:HEX: "layout": blobs/sha256/HEX: No such file or directory [image.unread]
contrast: generate: nothing was written
b.yml:8:12: error: Pod "b": container "main": image "registry.example/b:v1": manifest sha256:HEX: what came has 418 bytes and the digest sha256:HEX [image.unread]
contrast: generate: nothing was written
c.yml:8:12: error: Pod "c": container "main": image "registry.example/c:v1": manifest sha256:HEX: what came has 411 bytes and the digest sha256:HEX [image.unread]
contrast: generate: nothing was written
d.yml:8:12: error: Pod "d": container "main": image "registry.example/d:v1": config sha256:HEX: "layout": blobs/sha256/HEX: No such file or directory [image.unread]
contrast: generate: nothing was written
e.yml:8:12: error: Pod "e": container "main": image "registry.example/e:v1": config sha256:HEX: what came has 361 bytes and the digest sha256:HEX [image.unread]
contrast: generate: nothing was written
f.yml:8:12: error: Pod "f": container "main": image "registry.example/f:v1": config sha256:HEX: what came has 354 bytes and the digest sha256:HEX [image.unread]
contrast: generate: nothing was written
## All at once, each with its place, and nothing is written.
$ cp a.yml before; contrast generate --reference-values aks-clh-snp --no-policies --skip-initializer --image-layout layout a.yml b.yml 2>&1 | sed -E 's/[0-9a-f]{64}/HEX/g'; cmp a.yml before
a.yml:1:1: warning: no Coordinator is among these files [coordinator.missing]
a.yml:8:12: error: Pod "a": container "main": image "registry.example/a:v1": manifest sha256:HEX: "layout": blobs/sha256/HEX: No such file or directory [image.unread]
b.yml:8:12: error: Pod "b": container "main": image "registry.example/b:v1": manifest sha256:HEX: what came has 418 bytes and the digest sha256:HEX [image.unread]
image.unread: What an image says about itself is part of its policy: let it be found under this digest, whole, for linux/amd64.
coordinator.missing: Add the Coordinator's file: a manifest needs exactly one.
contrast: generate: nothing was written
## No layout.
$ mkdir empty old; echo '{"imageLayoutVersion":"0.9"}' >old/oci-layout; . ./functions; for d in absent empty old plain.yml; do contrast generate --reference-values aks-clh-snp --no-policies --image-layout $d plain.yml; done
contrast: generate: --image-layout: "absent": oci-layout: No such file or directory
contrast: generate: --image-layout: "empty": oci-layout: No such file or directory
contrast: generate: --image-layout: "old": oci-layout: imageLayoutVersion: want 1.0.0, have "0.9"
contrast: generate: --image-layout: "plain.yml": oci-layout: Not a directory
[exit 1]
