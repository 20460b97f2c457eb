/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/save.h"

#include "cli/output.h"
#include "parse/version.h"

#define SUFFIX ".tar"

/* What stands in the evidence is kept with it.  That it has a leaf or CRL does not mean that this one was used. */
static size_t used_collateral(const struct verification *v, bytes out[2])
{
    const struct evidence *e = &v->report.evidence;
    const struct snp_evidence *own = &v->report.envelope;
    size_t n = 0;
    if (e->has_leaf && !bytes_eq(e->leaf.x.raw, own->vcek) && !bytes_eq(e->leaf.x.raw, own->vlek))
        out[n++] = e->leaf.x.raw;
    if (e->has_crl && !bytes_eq(e->crl.raw, own->crl)) out[n++] = e->crl.raw;
    return n;
}

status save_bundle(const char *path, const struct verification *v, int64_t captured_at, struct err *err)
{
    bytes collateral[2];
    struct bundle_digest digests[2];
    size_t count = used_collateral(v, collateral), len;
    void *file;
    struct bundle b = v->bundle;
    TRY(bundle_sort(collateral, digests, &count, err));
    b.collateral = collateral;
    b.collateral_count = count;
    b.captured_at = captured_at;
    b.tool = BYTES_LIT("contrast " CONTRAST_VERSION);
    TRY(bundle_size(&b, &len, err));
    TRY(arena_take(v->memory, len, 1, &file, err));
    TRY(bundle_write(&b, file, len, &len, err));
    return output_write(path, BYTES(file, len), v->memory, err);
}

status save_denied_name(const char *path, struct arena *memory, const char **out, struct err *err)
{
    size_t n = strlen(path), stem = n - (sizeof SUFFIX - 1);
    void *name;
    TRY(arena_take(memory, n + sizeof ".denied", 1, &name, err));
    snprintf(name, n + sizeof ".denied", "%.*s.denied" SUFFIX, (int)stem, path);
    *out = name;
    return OK;
}
