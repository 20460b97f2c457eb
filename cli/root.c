/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/root.h"

#include "cli/der_list.h"
#include "cli/file.h"
#include "parse/text.h"

static status read_file(const char *path, struct der_list *list, struct arena *memory, struct err *err)
{
    bytes content;
    TRY(file_read(path, LIMIT_EVIDENCE_FILE_BYTES, &content, err));
    status s = der_list_add(list, content, memory, err);
    file_free(content);
    return err_in(err, s, "%s", text_quote(text_bytes(path)).s);
}

status root_load(const struct text_list *files, struct ca_bundle *bundle, struct arena *memory, struct snp_ca_set *out,
                 struct err *err)
{
    struct der_list list = {0};
    for (size_t i = 0; i < files->count; i++)
        TRY(err_in(err, read_file(files->items[i], &list, memory, err), "--insecure-root"));
    if (files->count > 0) TRY(err_in(err, ca_bundle_load(list.items, list.count, bundle, err), "--insecure-root"));
    *out = files->count > 0 ? ca_bundle_set(bundle) : snp_ca_set_amd();
    return OK;
}
