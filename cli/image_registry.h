/* SPDX-License-Identifier: Apache-2.0 */
/* cli/image_registry.h: images in the registries that their names say, got by contrast-fetch (net/fetch.h). */
#ifndef CLI_IMAGE_REGISTRY_H
#define CLI_IMAGE_REGISTRY_H

#include "cli/option.h"
#include "kube/image_store.h"
#include "net/fetch.h"

/* Filled in but for the last members, which are zero; ended by image_registry_close. */
struct image_registry {
    const struct text_list *plain; /* registries to be asked without TLS: HOST or HOST:PORT */

    struct fetch *program; /* NULL: not started yet */
    bool has_line;         /* of progress, on a terminal */
};

/* The registries as a store; `r` is borrowed. */
struct image_store image_registry_store(struct image_registry *r);

void image_registry_close(struct image_registry *r);

#endif
