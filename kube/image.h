/* SPDX-License-Identifier: Apache-2.0 */
/* kube/image.h: references to images, and the file that says which image stands for which.
 *
 * A reference is NAME[:TAG][@sha256:DIGEST].  One with a digest names one image for ever; its tag then says nothing.
 * The trap: "localhost:5000/a" has a port and no tag.
 *
 * Not checked here: that there is such an image.  Specification: the distribution project's reference grammar.
 */
#ifndef KUBE_IMAGE_H
#define KUBE_IMAGE_H

#include "kube/arena.h"

struct image_reference {
    bytes name;   /* with its registry */
    bytes tag;    /* absent when there is none */
    bytes digest; /* 64 hex digits; absent when there is none */
};

/* ERR_SYNTAX, ERR_LIMIT; ERR_UNSUPPORTED for another digest than SHA-256. */
MUST_USE status image_reference_parse(bytes text, struct image_reference *out, struct err *err);

struct image_replacement {
    bytes from, to;
};

struct image_replacements {
    const struct image_replacement *items;
    size_t count;
};

/* Lines ORIGINAL=REPLACEMENT, with blanks around '=' if you like; empty ones and those that begin with '#' are passed
 * over.  Views of `in`.  ERR_SYNTAX; ERR_DUPLICATE for an original that occurs twice; what stands on the right has to
 * be a reference.  The text names the line. */
MUST_USE status image_replacements_parse(bytes in, struct arena *memory, struct image_replacements *out,
                                         struct err *err);

/* What stands for `image`, letter by letter; itself when nothing does. */
bytes image_replace(const struct image_replacements *r, bytes image);

#endif
