/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "cli/cache.h"
#include "cli/file.h"
#include "cli/option.h"
#include "net/dial.h"
#include "parse/text.h"
#include "snp/leaf.h"
#include "verify/signature.h"

enum { LOCK_STEP_MS = 50 };

/* CRLs of one product that are kept: one comes in months. */
enum { CRLS_LOOKED_AT = 4096 };

/* ---- checking --------------------------------------------------------------------------------------------------- */

static enum snp_product product_of(const struct fetch_request *r)
{
    return (enum snp_product)r->product;
}

static const struct snp_ca *issuer_of(const struct fetch_store *s, const struct fetch_request *r)
{
    return snp_ca_find(&s->cas, product_of(r), r->kind == FETCH_VCEK ? SNP_ASK : SNP_ARK);
}

static status check_signature(const struct fetch_store *s, const struct fetch_request *r, bytes tbs, bytes signature,
                              struct err *err)
{
    const struct snp_ca *issuer = issuer_of(s, r);
    if (!issuer) return err_set(err, ERR_MISSING, 0, "no root of %s is trusted", snp_product_name(product_of(r)));
    return signature_check_pss(issuer, tbs, signature, NULL, err);
}

static status check_vcek(const struct fetch_store *s, const struct fetch_request *r, bytes content, struct err *err)
{
    struct snp_leaf leaf;
    TRY(snp_leaf_parse(content, &leaf, err));
    if (leaf.kind != SNP_SIGNED_BY_VCEK) return err_set(err, ERR_MISMATCH, 0, "it is no VCEK");
    if (leaf.product != product_of(r))
        return err_set(err, ERR_MISMATCH, 0, "it is of %s, not of %s", snp_product_name(leaf.product),
                       snp_product_name(product_of(r)));
    if (!bytes_eq(leaf.hwid, r->chip_id)) return err_set(err, ERR_MISMATCH, 0, "it is of another chip");
    if (snp_tcb_join(&leaf.tcb) != r->tcb) return err_set(err, ERR_MISMATCH, 0, "it is of another TCB");
    return check_signature(s, r, leaf.x.tbs, leaf.x.signature, err);
}

static status check_crl(const struct fetch_store *s, const struct fetch_request *r, bytes content,
                        struct fetch_item *out, struct err *err)
{
    struct x509_crl crl;
    enum snp_product product;
    enum snp_ca_role role;
    TRY(x509_crl_parse(content, &crl, err));
    if (!snp_ca_name_parse(crl.issuer, &product, &role) || role != SNP_ARK)
        return err_set(err, ERR_MISMATCH, 0, "its issuer is no ARK");
    if (product != product_of(r))
        return err_set(err, ERR_MISMATCH, 0, "it is of %s, not of %s", snp_product_name(product),
                       snp_product_name(product_of(r)));
    if (!crl.has_next_update) return err_set(err, ERR_MISSING, 0, "it does not say when the next one comes");
    out->this_update = crl.this_update;
    out->next_update = crl.next_update;
    return check_signature(s, r, crl.tbs, crl.signature, err);
}

status fetch_store_check(const struct fetch_store *s, const struct fetch_request *wanted, bytes content,
                         struct fetch_item *out, struct err *err)
{
    struct fetch_item item = {.content = content};
    if (wanted->kind == FETCH_VCEK)
        TRY(check_vcek(s, wanted, content, err));
    else
        TRY(check_crl(s, wanted, content, &item, err));
    *out = item;
    return OK;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static status path_of(const struct fetch_store *s, const struct fetch_request *r, const struct fetch_item *item,
                      struct arena *memory, const char **out, struct err *err)
{
    if (r->kind == FETCH_CRL) {
        const struct collateral_crl crl = {.product = product_of(r), .crl.this_update = item->this_update};
        return cache_crl_path(s->folder, &crl, memory, out, err);
    }
    struct snp_leaf leaf = {.kind = SNP_SIGNED_BY_VCEK, .product = product_of(r), .hwid = r->chip_id};
    TRY(snp_tcb_split(r->tcb, leaf.product, &leaf.tcb, err));
    return cache_leaf_path(s->folder, &leaf, memory, out, err);
}

/* The folder of all that is of this kind and product. */
static status folder_of(const struct fetch_store *s, const struct fetch_request *r, struct arena *memory, char **out,
                        struct err *err)
{
    const char *path;
    TRY(path_of(s, r, &(struct fetch_item){0}, memory, &path, err));
    *out = (char *)(uintptr_t)path;
    *strrchr(*out, '/') = '\0';
    return OK;
}

/* ---- finding ---------------------------------------------------------------------------------------------------- */

static bool find_file(const struct fetch_store *s, const struct fetch_request *r, const char *path,
                      struct arena *memory, struct fetch_item *out)
{
    bytes content;
    return is_ok(file_read_into(path, LIMIT_FETCH_CONTENT_BYTES, memory, &content, NULL)) &&
           is_ok(fetch_store_check(s, r, content, out, NULL));
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)b, *(const char *const *)a);
}

/* "crl/Milan/20260101T000000Z.der", the latest first; what is being written has another ending. */
static status list_crls(const char *folder, DIR *d, struct arena *memory, struct text_list *out, struct err *err)
{
    static const char ending[] = "Z.der";
    for (struct dirent *e = readdir(d); e && out->count < CRLS_LOOKED_AT; e = readdir(d)) {
        size_t n = strlen(e->d_name), front = strlen(folder);
        void *path;
        if (n < sizeof ending || strcmp(&e->d_name[n - (sizeof ending - 1)], ending) != 0) continue;
        TRY(arena_take(memory, front + 1 + n + 1, 1, &path, err));
        (void)snprintf(path, front + 1 + n + 1, "%s/%s", folder, e->d_name);
        TRY(text_list_add(out, path, memory, err));
    }
    if (out->count > 0) qsort(out->items, out->count, sizeof *out->items, compare_texts);
    return OK;
}

static bool find_crl(const struct fetch_store *s, const struct fetch_request *r, struct arena *memory,
                     struct fetch_item *out)
{
    struct text_list list = {0};
    char *folder;
    if (!is_ok(folder_of(s, r, memory, &folder, NULL))) return false;
    DIR *d = opendir(folder);
    if (!d) return false;
    status listed = list_crls(folder, d, memory, &list, NULL);
    closedir(d);
    if (!is_ok(listed)) return false;
    for (size_t i = 0; i < list.count; i++)
        if (find_file(s, r, list.items[i], memory, out)) return true;
    return false;
}

bool fetch_store_find(const struct fetch_store *s, const struct fetch_request *wanted, struct arena *memory,
                      struct fetch_item *out)
{
    const char *path;
    bytes kept;
    if (!s->folder)
        return is_ok(arena_copy(memory, fetch_memory_find(s->memory, wanted), &kept, NULL)) && kept.ptr &&
               is_ok(fetch_store_check(s, wanted, kept, out, NULL));
    if (wanted->kind == FETCH_CRL) return find_crl(s, wanted, memory, out);
    return is_ok(path_of(s, wanted, NULL, memory, &path, NULL)) && find_file(s, wanted, path, memory, out);
}

/* ---- keeping ---------------------------------------------------------------------------------------------------- */

status fetch_store_keep(const struct fetch_store *s, const struct fetch_request *wanted, const struct fetch_item *item,
                        struct arena *memory, struct err *err)
{
    const char *path;
    if (!s->folder) return fetch_memory_keep(s->memory, wanted, item->content, err);
    TRY(path_of(s, wanted, item, memory, &path, err));
    return cache_write(path, item->content, memory, err);
}

/* ---- one at a time ---------------------------------------------------------------------------------------------- */

/* The folder is the lock: a file of its own would lie among what the cache holds. */
int fetch_store_lock(const struct fetch_store *s, const struct fetch_request *wanted, int64_t until,
                     struct arena *memory)
{
    const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};
    char *folder;
    if (!s->folder || !is_ok(folder_of(s, wanted, memory, &folder, NULL)) ||
        !is_ok(cache_make_folder(folder, memory, NULL)))
        return -1;
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        if ((errno == EWOULDBLOCK || errno == EINTR) && dial_now() < until && nanosleep(&step, NULL) == 0) continue;
        close(lock);
        return -1;
    }
    return lock;
}

void fetch_store_unlock(int lock)
{
    if (lock >= 0) close(lock);
}
