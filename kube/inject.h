/* SPDX-License-Identifier: Apache-2.0 */
/* kube/inject.h: what a confidential pod needs besides its own containers.
 *
 * The runtime class; the initializer as first init container, which gets the pod's certificate; its volume, in every
 * container; the mesh proxy as last init container, where an annotation asks for it; an encrypted volume, where one
 * asks for that; images by their replacements.  The Coordinator gets the runtime class and images alone.
 *
 * The trees are changed, nothing is written.  A second time nothing changes: a container that is there already and
 * says what it should is left as it is, any other of that name is written anew.
 *
 * Not checked here: what kube/lint.h finds.  Specification: Contrast, generate: sections 2.4 to 2.8.
 */
#ifndef KUBE_INJECT_H
#define KUBE_INJECT_H

#include "kube/image.h"
#include "kube/resource.h"

/* As what they are injected; image replacements say what they stand for. */
#define IMAGE_INITIALIZER "contrast/initializer:VERSION"
#define IMAGE_MESH_PROXY  "contrast/service-mesh-proxy:VERSION"

#define CONTAINER_INITIALIZER "contrast-initializer"
#define CONTAINER_MESH_PROXY  "contrast-service-mesh"
#define VOLUME_SECRETS        "contrast-secrets"

struct inject_options {
    bytes runtime_class;
    bytes coordinator_host;
    struct image_replacements replacements;
    bool skip_initializer, skip_mesh;
};

struct injection {
    bool is_coordinator;
    bool initializer, mesh, secure_pv; /* is there now */
};

/* For a confidential resource of `file`.  ERR_MISMATCH for a pod that has something else in a place that is needed, and
 * what the functions of kube/yaml.h refuse; with its place. */
MUST_USE status inject(struct yaml_file *file, const struct resource *r, const struct inject_options *options,
                       struct injection *out, struct err *err);

/* Where pods find the Coordinator: "coordinator-ready.NAMESPACE" when one is among the objects, with a service of that
 * name; else "coordinator". */
MUST_USE status inject_coordinator_host(const struct resources *all, size_t count, struct arena *memory, bytes *out,
                                        struct err *err);

#endif
