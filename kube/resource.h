/* SPDX-License-Identifier: Apache-2.0 */
/* kube/resource.h: the objects of Kubernetes in a file, and the pods in them.
 *
 * Stricter than YAML: a key occurs once, keys are scalars, tags are those of YAML itself; a document is an object with
 * apiVersion and kind, or empty.  Where readers of YAML differ, what is applied would not be what was attested.
 *
 * What is no list and carries no pod is listed with its kind and left alone, whatever it holds.
 */
#ifndef KUBE_RESOURCE_H
#define KUBE_RESOURCE_H

#include "kube/yaml.h"

#define ANNOTATION_PREFIX   "contrast.edgeless.systems/"
#define ANNOTATION_POLICY   "io.katacontainers.config.agent.policy"
#define ANNOTATION_INITDATA "io.katacontainers.config.hypervisor.cc_init_data"

struct resource {
    struct yaml_node *object;
    bytes api_version, kind;
    bytes name, name_space; /* absent when there is none */
    struct yaml_node *pod;  /* what has the pod's metadata and spec: the object itself or its template; NULL: none */
    struct yaml_node *pod_spec;
    bool is_confidential; /* its runtime class is one of ours */
};

struct resources {
    struct resource *items;
    size_t count;
};

/* Those of all documents in order, lists taken apart.  ERR_MISSING, ERR_MISMATCH, ERR_DUPLICATE, ERR_UNSUPPORTED, each
 * with its place. */
MUST_USE status resources_read(const struct yaml_file *file, struct resources *out, struct err *err);

/* The value of an annotation of ours; NULL: absent, which differs from empty.  The pod's own counts, else that of the
 * object around it. */
struct yaml_node *resource_annotation(const struct resource *r, const char *name);

/* Both places have it and differ: then the object's, else NULL. */
struct yaml_node *resource_annotation_conflict(const struct resource *r, const char *name);

bool resource_is_coordinator(const struct resource *r);

/* An annotation that asks for the mesh proxy, if only by being there. */
bool resource_wants_mesh(const struct resource *r);

/* "contrast-cc", "contrast-cc-...": and what Azure calls its own, "kata-cc-isolation". */
bool runtime_class_is_confidential(bytes name);

#endif
