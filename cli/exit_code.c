/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exit_code.h"

#include "verify/verdict.h"

/* `rank`: the higher one wins.  That something could not be looked at at all comes first: no other code may hide it. */
static const struct {
    const char *meaning;
    unsigned rank;
} codes[EXIT_CODE_COUNT] = {
    [EXIT_DONE] = {"verified, or done", 0},
    [EXIT_INTERNAL] = {"no result: a file, the output or the program failed", 10},
    [EXIT_USAGE] = {"wrong usage", 11},
    [EXIT_MALFORMED] = {"evidence or input is malformed", 9},
    [EXIT_SIGNATURE] = {"a signature or the chain is invalid", 8},
    [EXIT_REVOKED] = {"revoked, or the CRL is bad or stale", 7},
    [EXIT_REFERENCE] = {"reference values or policy are not met", 4},
    [EXIT_HISTORY] = {"manifest or history do not match", 5},
    [EXIT_BINDING] = {"freshness or binding: nonce, report data", 6},
    [EXIT_NETWORK] = {"network", 2},
    [EXIT_BY_HAND] = {"verified, but only under a root given by hand", 1},
    [EXIT_NOT_JUDGED] = {"readable but not judged: no leaf, no CRL, or evidence that does not bind what was asked", 3},
};

const char *exit_code_meaning(int code)
{
    return code >= 0 && code < EXIT_CODE_COUNT ? codes[code].meaning : NULL;
}

int exit_code_worse(int a, int b)
{
    return codes[b].rank > codes[a].rank ? b : a;
}

int exit_code_of_error(const struct err *e)
{
    enum check_id id = e->rule ? check_find(e->rule) : CHECK_COUNT;
    if (id != CHECK_COUNT) return check_rows[id].exit_code;
    switch (e->kind) {
    case ERR_NOMEM:
    case ERR_IO:
    case ERR_STATE:
    case ERR_BUG:
        return EXIT_INTERNAL;
    default:
        return EXIT_MALFORMED;
    }
}
