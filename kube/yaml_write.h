/* SPDX-License-Identifier: Apache-2.0 */
/* kube/yaml_write.h: the changes of a tree as splices of the bytes that it was read from.
 *
 * New lines are written as blocks, in the place, with the indentation and the line ends of what is around them; inside
 * of brackets they are written with brackets.  Whatever comes out is read again and compared with the tree that was
 * meant: what cannot be written in place is refused, and nothing is changed.
 */
#ifndef KUBE_YAML_WRITE_H
#define KUBE_YAML_WRITE_H

#include "kube/yaml.h"

/* bytes [from, to) of the input become `text`. */
struct yaml_splice {
    size_t from, to;
    bytes text;
};

struct yaml_changes {
    const struct yaml_splice *splices; /* in order, none overlaps another */
    size_t count;
    bytes output; /* the input itself when there is none */
};

/* Lives in file->memory.  ERR_UNSUPPORTED with the place where it cannot be done. */
MUST_USE status yaml_write(const struct yaml_file *file, struct yaml_changes *out, struct err *err);

#endif
