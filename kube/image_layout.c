/* SPDX-License-Identifier: Apache-2.0 */
#include "kube/image_layout.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "parse/text.h"

enum { PART_BYTES = 65536, MARK_BYTES = 4096 };

static status failed(struct err *err)
{
    return err_set(err, errno == ENOENT ? ERR_MISSING : ERR_IO, 0, "%s", strerror(errno));
}

static status join(const char *folder, const char *name, char out[PATH_MAX], struct err *err)
{
    if (snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX) return OK;
    return err_set(err, ERR_LIMIT, 0, "the path is too long");
}

static status read_parts(FILE *file, const struct image_sink *to, struct err *err)
{
    uint8_t part[PART_BYTES];
    for (size_t n = sizeof part; n == sizeof part;) {
        n = fread(part, 1, sizeof part, file);
        if (ferror(file)) return failed(err);
        TRY(to->put(to->context, BYTES(part, n), err));
    }
    return OK;
}

static status read_file(const char *folder, const char *name, const struct image_sink *to, struct err *err)
{
    char path[PATH_MAX];
    TRY(join(folder, name, path, err));
    FILE *file = fopen(path, "rbe");
    if (!file) return failed(err);
    status s = read_parts(file, to, err);
    fclose(file);
    return s;
}

/* "DIR": NAME: ... */
static status in_file(const char *folder, const char *name, status s, struct err *err)
{
    return err_in(err, s, "%s: %s", text_quote(text_bytes(folder)).s, name);
}

static status read_blob(void *context, const struct image_blob *wanted, const struct image_sink *to, struct err *err)
{
    static const char blobs[] = "blobs/sha256/";
    const struct image_layout *l = context;
    char name[sizeof blobs + HEX_TEXT_SIZE(OCI_DIGEST_BYTES)] = "blobs/sha256/";
    TRY(hex_write(BYTES_OF(wanted->digest.sha256), &name[sizeof blobs - 1], HEX_TEXT_SIZE(OCI_DIGEST_BYTES), err));
    return in_file(l->folder, name, read_file(l->folder, name, to, err), err);
}

struct mark {
    size_t len;
    uint8_t text[MARK_BYTES];
};

static status take_mark(void *context, bytes part, struct err *err)
{
    struct mark *m = context;
    if (part.len > sizeof m->text - m->len) return err_set(err, ERR_LIMIT, 0, "want at most %d bytes", MARK_BYTES);
    memcpy(&m->text[m->len], part.ptr, part.len);
    m->len += part.len;
    return OK;
}

static status read_mark(const char *folder, struct err *err)
{
    struct mark mark = {0};
    const struct image_sink sink = {.put = take_mark, .context = &mark};
    TRY(read_file(folder, "oci-layout", &sink, err));
    return oci_layout_check(BYTES(mark.text, mark.len), err);
}

status image_layout_open(struct image_layout *l, const char *folder, struct err *err)
{
    TRY(in_file(folder, "oci-layout", read_mark(folder, err), err));
    l->folder = folder;
    return OK;
}

struct image_store image_layout_store(struct image_layout *l)
{
    return (struct image_store){.read = read_blob, .context = l};
}
