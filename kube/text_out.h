/* SPDX-License-Identifier: Apache-2.0 */
/* kube/text_out.h: a text that grows in an arena. */
#ifndef KUBE_TEXT_OUT_H
#define KUBE_TEXT_OUT_H

#include "kube/arena.h"

/* Zeroed but for `memory` it is empty.  A failure is kept: text_out_take reports it. */
struct text_out {
    struct arena *memory;
    uint8_t *text;
    size_t len, cap;
    bool has_failed;
};

void text_put(struct text_out *out, bytes text);
void text_put_string(struct text_out *out, const char *text);
void text_put_repeated(struct text_out *out, char c, size_t count);

/* What was put, present also when that is nothing.  ERR_NOMEM. */
MUST_USE status text_out_take(struct text_out *out, bytes *text, struct err *err);

#endif
