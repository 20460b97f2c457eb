/* SPDX-License-Identifier: Apache-2.0 */
#include <cJSON.h>
#include <pthread.h>
#include <stdlib.h>

#include "cli/json_out.h"

static _Thread_local bool lacks_memory;

static void *allocate(size_t n)
{
    void *memory = malloc(n);
    lacks_memory = lacks_memory || !memory;
    return memory;
}

static void use_allocate(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = allocate, .free_fn = free});
}

struct cJSON *json_begin(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    lacks_memory = pthread_once(&once, use_allocate) != 0;
    return cJSON_CreateObject();
}

void json_lack(void)
{
    lacks_memory = true;
}

status json_end(struct cJSON *top, FILE *out, const char *before, const char *after, struct err *err)
{
    char *text = lacks_memory ? NULL : cJSON_Print(top);
    if (text) fprintf(out, "%s%s%s", before, text, after);
    cJSON_free(text);
    cJSON_Delete(top);
    return text ? OK : err_set(err, ERR_NOMEM, 0, "JSON: out of memory");
}
