/* SPDX-License-Identifier: Apache-2.0 */
/* cli/option.h: the options of a command as rows of data: name, value, help, and where the value goes.
 *
 * Help, usage errors, man pages and shell completion come from these rows, so that they cannot lie.  A setter reads one
 * value strictly and writes one member of the command's settings; it opens no file, so that every mistake on a command
 * line is found before anything is done.
 */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include "kube/arena.h"
#include "parse/text.h"

struct option_row;

/* Reads `value` (NULL for a flag) into `member`.  What it stores may borrow `value`, which is part of argv, and
 * `memory`.  ERR_SYNTAX, ERR_RANGE, ERR_LIMIT or ERR_NOMEM; the text tells what is wrong with the value. */
typedef status option_setter(void *member, const struct option_row *row, const char *value, struct arena *memory,
                             struct err *err);

struct option_row {
    const char *name;     /* with its dashes; also the source of an expectation in a verdict */
    char letter;          /* 'q' for -q; 0: none */
    const char *argument; /* how help calls its value; NULL for a flag; FILE..., DIR... and PATH... complete to files */
    const char *help;     /* one sentence, no capital, no full stop */
    option_setter *set;
    size_t at;                /* offset of the member */
    size_t size;              /* for values in hex: how many bytes */
    uint64_t max;             /* for option_set_number; 0: no other limit than 64 bits */
    const char *const *words; /* the values it takes, NULL behind the last */
    bool repeatable;
};

struct text_list {
    const char **items;
    size_t count;
};

/* member: bool */
option_setter option_set_flag;
/* member: const char * */
option_setter option_set_text;
/* member: unsigned, or an enum that counts as `words` do */
option_setter option_set_word;
/* member: struct text_list */
option_setter option_add_text;
/* member: uint64_t; decimal, or hex behind 0x */
option_setter option_set_number;
/* member: int64_t; RFC 3339 */
option_setter option_set_time;

/* A number as people write bits and limits: decimal without leading zeros, or 0x and 1 to 16 hex digits. */
MUST_USE status option_parse_number(bytes text, uint64_t max, uint64_t *out, struct err *err);

/* "import, export, list", cut at the end. */
struct option_words {
    char s[256];
};
struct option_words option_words_text(const char *const *words);

/* The index of `value` among `words`; ERR_SYNTAX names them all. */
MUST_USE status option_parse_word(bytes value, const char *const *words, unsigned *out, struct err *err);

/* A POLICY word that a guest can be launched with: one that cannot be is a slip of the pen. */
MUST_USE status option_parse_policy(bytes text, uint64_t *out, struct err *err);

/* "milan", "genoa", "turin", in the order of enum snp_product from SNP_MILAN on. */
extern const char *const option_products[];

MUST_USE status text_list_add(struct text_list *list, const char *text, struct arena *memory, struct err *err);

#endif
