/* SPDX-License-Identifier: Apache-2.0 */
/* kube/yaml.h: a file of YAML as trees that know which bytes they come from, and that can be changed.
 *
 * A file is read once.  Then its trees are changed with the functions below, and kube/yaml_write.h turns the changes
 * into splices of the bytes, so that comments, order, quotes and line ends stay as they are.
 *
 * What is read is what libyaml reads, which is what kubectl reads: YAML 1.1 with UTF-8.  An alias is a node that names
 * its target; nothing is copied, so that no file gets larger by being read.
 *
 * The traps: yaml_get follows aliases and merges as kubectl does, so that what it finds may belong to several places;
 * every change refuses such a node.  The text of a scalar is not its value: a plain "yes" is a boolean, a quoted one
 * is not.
 *
 * Not checked here: keys that occur twice, tags, that there are objects of Kubernetes in it (kube/resource.h).
 *
 * Nodes and texts live in the arena that the file was read into; some are views of the input.
 */
#ifndef KUBE_YAML_H
#define KUBE_YAML_H

#include "kube/arena.h"
#include "kube/limits.h"

enum yaml_kind { YAML_TEXT, YAML_SEQUENCE, YAML_MAPPING, YAML_ALIAS };
enum yaml_style { YAML_PLAIN, YAML_SINGLE_QUOTED, YAML_DOUBLE_QUOTED, YAML_LITERAL, YAML_FOLDED };

struct yaml_node {
    enum yaml_kind kind;
    enum yaml_style style; /* of a scalar */
    bool is_flow;          /* of a collection: written with brackets */
    bool is_new;           /* made here, not read */
    bool is_shared;        /* has an anchor that an alias names */
    bytes text;            /* a scalar's; the name that an alias has */
    bytes tag, anchor;     /* absent when there is none; a tag in its long form */
    size_t from, to;       /* bytes of the input, anchor and tag included; a block ends with what it holds */
    size_t column;         /* of `from`, from 0, in characters */
    struct yaml_node *parent;
    struct yaml_node *target; /* of an alias */
    /* What it holds; a mapping's keys and values take turns. */
    struct yaml_node **items;
    size_t count;
    struct yaml_node **read; /* as they were read: yaml_write compares */
    size_t read_count;
    bytes text_read;
};

struct yaml_document {
    struct yaml_node *root;  /* NULL: the document is empty */
    bool has_start, has_end; /* "---" and "..." are written */
};

struct yaml_file {
    bytes input;
    struct yaml_document *documents;
    size_t count;
    struct arena *memory;
};

/* ERR_LIMIT, ERR_SYNTAX with libyaml's reason, ERR_UNSUPPORTED for an anchor that holds an alias of itself, ERR_NOMEM;
 * err->offset is the byte. */
MUST_USE status yaml_parse(bytes in, struct arena *memory, struct yaml_file *out, struct err *err);

/* ---- reading */

/* What an alias stands for; any other node is itself. */
struct yaml_node *yaml_follow(struct yaml_node *node);

/* The value of a key in a mapping, behind aliases and merges; NULL when there is none, or no mapping. */
struct yaml_node *yaml_get(struct yaml_node *map, const char *key);

/* The key itself, when it stands in this very mapping. */
struct yaml_node *yaml_get_key(struct yaml_node *map, const char *key);

/* Absent for what is no scalar. */
bytes yaml_text(struct yaml_node *node);

bool yaml_text_is(struct yaml_node *node, const char *want);

/* A plain scalar that stands for no value: "", "~", "null"; also NULL. */
bool yaml_is_null(struct yaml_node *node);

/* A scalar that is a string: not a plain one that YAML 1.1 reads as a number, a boolean, a time or nothing. */
bool yaml_is_string(const struct yaml_node *node);

/* Whether a text, written plain, is read as a string and as nothing else, in whatever place it stands. */
bool yaml_plain_is_safe(bytes text);

/* Equal in all that matters to a reader: kinds, texts, tags, anchors, and whether a scalar is plain. */
bool yaml_is_equal(const struct yaml_node *a, const struct yaml_node *b);

/* ---- changing: each refuses, with ERR_UNSUPPORTED and the node's place, what an alias or a merge shares, and what has
 * a tag. */

/* Another text for a scalar that was read or made. */
MUST_USE status yaml_set_text(struct yaml_file *file, struct yaml_node *scalar, bytes text, struct err *err);

/* The value of a key: in place of the one that is there, else at the end.  `value` is new. */
MUST_USE status yaml_put(struct yaml_file *file, struct yaml_node *map, const char *key, struct yaml_node *value,
                         struct err *err);

/* An item in front of item `at`. */
MUST_USE status yaml_insert(struct yaml_file *file, struct yaml_node *sequence, size_t at, struct yaml_node *item,
                            struct err *err);

MUST_USE status yaml_remove(struct yaml_file *file, struct yaml_node *sequence, size_t at, struct err *err);

/* ---- making */

/* A string. */
MUST_USE status yaml_new_text(struct yaml_file *file, bytes text, struct yaml_node **out, struct err *err);

/* The one document of `source`, ours, as a new node. */
MUST_USE status yaml_new(struct yaml_file *file, const char *source, struct yaml_node **out, struct err *err);

#endif
