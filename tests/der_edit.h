/* SPDX-License-Identifier: Apache-2.0 */
/* tests/der_edit.h: changes one element of a DER object and sets the lengths around it right again.
 *
 * An element is named by its path: the number of the child on each level, from the outermost element down.  What does
 * not fit or is not there fails the test.
 */
#ifndef TESTS_DER_EDIT_H
#define TESTS_DER_EDIT_H

#include "parse/bytes.h"
#include "parse/status.h"

struct der_edit {
    uint8_t data[32768 + 8192];
    size_t len;
};

#define DER_PATH(...)        ((const int[]){__VA_ARGS__, -1})
#define DER_ROOT             ((const int[]){-1})
#define DER_EDIT_BYTES(edit) BYTES((edit)->data, (edit)->len)

void der_edit_load(struct der_edit *e, bytes der);

/* The element with its header, and its contents. */
bytes der_edit_get(const struct der_edit *e, const int *path);
bytes der_edit_contents(const struct der_edit *e, const int *path);

/* Puts `with` in its place; an empty `with` takes it away.  `with` may point into the object. */
void der_edit_replace(struct der_edit *e, const int *path, bytes with);

/* The same for its contents alone; the header is made anew. */
void der_edit_refill(struct der_edit *e, const int *path, bytes contents);

/* Puts `element` in front of the element at `path`, whose last number may be one behind the last child. */
void der_edit_insert(struct der_edit *e, const int *path, bytes element);

/* `s` and `err`, what a reader made of the object: `kind`, and of a refusal a text and an offset inside it. */
void der_edit_expect(const struct der_edit *e, status s, const struct err *err, enum err_kind kind, const char *what);

#endif
