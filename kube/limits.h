/* SPDX-License-Identifier: Apache-2.0 */
/* kube/limits.h: every limit on what is read for `contrast generate`, with its reason. */
#ifndef KUBE_LIMITS_H
#define KUBE_LIMITS_H

/* One file of YAML.  Kubernetes takes 1.5 MiB a request; the largest files in use hold the definitions of an operator,
 * some hundred objects in 5 MiB. */
#define LIMIT_YAML_BYTES 16777216

/* Collections in each other.  A Deployment has 12 levels, a schema in a CustomResourceDefinition some 40. */
#define LIMIT_YAML_DEPTH 128

/* What libyaml reports of one file: a start or end, a scalar, an alias.  A file of 16 MiB with 16 bytes to a line. */
#define LIMIT_YAML_EVENTS 1048576

/* Aliases of one file, each of which is looked up among the anchors.  They save typing; tens are usual. */
#define LIMIT_YAML_ALIASES 1024

/* Anchors of one file; the same reasoning. */
#define LIMIT_YAML_ANCHORS 1024

/* Documents of one file.  Kept lists of a whole cluster have some thousands. */
#define LIMIT_YAML_DOCUMENTS 65536

/* Merges ("<<") that are followed from one mapping to find a key.  One or two are usual. */
#define LIMIT_YAML_MERGES 16

/* /etc/passwd or /etc/group of an image.  Tens of lines are usual. */
#define LIMIT_ACCOUNTS_BYTES 1048576

/* One extended header of a layer's archive: names, and attributes of 64 KiB each at most. */
#define LIMIT_LAYER_EXTENSION_BYTES 1048576

/* How often a layer may be as large as what it came in: programs and text pack to a third or a fifth,
 * zeros to a thousandth at best, which is what is meant to keep a machine busy.  Below the second limit any layer may.
 */
#define LIMIT_LAYER_RATIO           256
#define LIMIT_LAYER_BYTES_UNWEIGHED 1073741824ULL

/* layers-cache.json: some KiB for each of some thousands of layers. */
#define LIMIT_LAYERS_CACHE_BYTES 67108864

#endif
