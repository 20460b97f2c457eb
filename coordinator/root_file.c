/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/root_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parse/pem.h"
#include "parse/text.h"

static status read_file(const char *path, uint8_t *out, size_t cap, size_t *len, struct err *err)
{
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(err, ERR_IO, 0, "%s", strerror(errno));
    *len = fread(out, 1, cap, f);
    bool is_broken = ferror(f) != 0, is_whole = feof(f) != 0;
    (void)fclose(f);
    if (is_broken) return err_set(err, ERR_IO, 0, "cannot be read");
    return is_whole ? OK : err_set(err, ERR_LIMIT, 0, "want less than %zu bytes", cap);
}

static status take_certificates(bytes text, struct root_file *room, bytes out[LIMIT_PEM_BLOCKS], size_t *count,
                                struct err *err)
{
    static const char *const labels[] = {"CERTIFICATE"};
    struct pem_reader r = {.in = text, .labels = labels, .label_count = 1, .comments = true};
    struct pem_block block;
    size_t used = 0;
    bool end = false;
    for (*count = 0;; out[(*count)++] = block.der) {
        TRY(pem_next(&r, room->der + used, sizeof room->der - used, &block, &end, err));
        if (end) return OK;
        used += block.der.len;
    }
}

status root_file_load(const char *path, struct root_file *room, struct snp_ca_set *out, struct err *err)
{
    static uint8_t text[LIMIT_ROOT_FILE_BYTES]; /* at the start, before there are threads */
    bytes certificates[LIMIT_PEM_BLOCKS];
    size_t len = 0, count = 0;
    status s = read_file(path, text, sizeof text, &len, err);
    if (is_ok(s)) s = take_certificates(BYTES(text, len), room, certificates, &count, err);
    if (is_ok(s)) s = ca_bundle_load(certificates, count, &room->bundle, err);
    if (is_ok(s)) *out = ca_bundle_set(&room->bundle);
    return err_in(err, s, "--insecure-root %s", text_quote(text_bytes(path)).s);
}
