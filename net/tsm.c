/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tsm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "parse/text.h"

enum {
    TRIES = 20, /* somebody else would have to hit the same folder as often, or the host to be busy as long */
    PAUSE_MS = 250,
    NUMBER_BYTES_MAX = 32,
    OUTBLOB_BYTES_MAX = 4096, /* some kernels give more than the report */
};

/* ---- files of the kernel ---------------------------------------------------------------------------------------- */

struct path {
    char s[256];
};

static struct path path_of(const char *root, const char *folder, const char *attribute)
{
    struct path p;
    (void)snprintf(p.s, sizeof p.s, "%s/%s%s%s", root, folder, attribute ? "/" : "", attribute ? attribute : "");
    return p;
}

static int make_folder(void *root, const char *folder)
{
    return mkdir(path_of(root, folder, NULL).s, 0700);
}

static int drop_folder(void *root, const char *folder)
{
    return rmdir(path_of(root, folder, NULL).s);
}

static int put_attribute(void *root, const char *folder, const char *attribute, bytes value)
{
    int file = open(path_of(root, folder, attribute).s, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t n = write(file, value.ptr, value.len);
    if (close(file) != 0 || n < 0) return -1;
    errno = EIO;
    return (size_t)n == value.len ? 0 : -1;
}

/* Until its end, or until `out` is full. */
static int read_all(int file, struct buffer *out)
{
    for (;;) {
        uint8_t *at;
        size_t room = buffer_room(out) < 4096 ? buffer_room(out) : 4096;
        if (room == 0) return 0;
        errno = ENOMEM;
        if (!is_ok(buffer_reserve(out, room, &at, NULL))) return -1;
        ssize_t n = read(file, at, room);
        if (n <= 0) return (int)n;
        buffer_commit(out, (size_t)n);
    }
}

static int get_attribute(void *root, const char *folder, const char *attribute, struct buffer *out)
{
    int file = open(path_of(root, folder, attribute).s, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int done = read_all(file, out), why = errno;
    (void)close(file);
    errno = why;
    return done;
}

struct tsm_files tsm_kernel_files(const char *root)
{
    return (struct tsm_files){.context = (void *)(uintptr_t)root,
                              .make = make_folder,
                              .drop = drop_folder,
                              .put = put_attribute,
                              .get = get_attribute,
                              .pause_ms = PAUSE_MS};
}

/* ---- a request -------------------------------------------------------------------------------------------------- */

static status failed(const char *attribute, struct err *err)
{
    return err_set(err, ERR_IO, 0, "configfs-tsm: %s: %s", attribute, strerror(errno));
}

/* A decimal number and a newline. */
static status get_generation(const struct tsm_files *f, const char *folder, uint64_t *out, struct err *err)
{
    struct buffer text = BUFFER("generation", NUMBER_BYTES_MAX);
    if (f->get(f->context, folder, "generation", &text) != 0) {
        buffer_free(&text);
        return failed("generation", err);
    }
    bytes digits = buffer_view(&text);
    if (digits.len > 0 && digits.ptr[digits.len - 1] == '\n') digits.len--;
    status s = decimal_parse(digits, UINT64_MAX, out, err);
    buffer_free(&text);
    return err_in(err, s, "configfs-tsm: generation");
}

static status check_provider(const struct tsm_files *f, const char *folder, struct err *err)
{
    struct buffer name = BUFFER("provider", NUMBER_BYTES_MAX);
    status s = OK;
    if (f->get(f->context, folder, "provider", &name) != 0)
        s = failed("provider", err);
    else if (!bytes_eq(buffer_view(&name), BYTES_LIT("sev_guest\n")))
        s = err_set(err, ERR_UNSUPPORTED, 0, "configfs-tsm: want the provider sev_guest, have %s",
                    text_quote(buffer_view(&name)).s);
    buffer_free(&name);
    return s;
}

static status get_report(const struct tsm_files *f, const char *folder, struct machine_quote *out, bool *busy,
                         struct err *err)
{
    struct buffer blob = BUFFER("outblob", OUTBLOB_BYTES_MAX);
    status s = OK;
    *busy = false;
    if (f->get(f->context, folder, "outblob", &blob) != 0) {
        *busy = errno == EBUSY || errno == EAGAIN;
        s = *busy ? OK : failed("outblob", err);
    } else if (blob.len < SNP_REPORT_BYTES)
        s = err_set(err, ERR_IO, 0, "configfs-tsm: outblob: want %d bytes, have %zu", SNP_REPORT_BYTES, blob.len);
    else
        memcpy(out->report, buffer_view(&blob).ptr, SNP_REPORT_BYTES);
    buffer_free(&blob);
    return s;
}

/* Hosts without certificates have no auxblob, or an empty one. */
static status get_table(const struct tsm_files *f, const char *folder, struct machine_quote *out, struct err *err)
{
    buffer_drop(&out->table, SIZE_MAX);
    if (f->get(f->context, folder, "auxblob", &out->table) == 0 || errno == ENOENT) return OK;
    return failed("auxblob", err);
}

/* `*done` unless somebody came between or the host was busy. */
static status ask_once(const struct tsm_files *f, const char *folder, bytes report_data, struct machine_quote *out,
                       bool *done, struct err *err)
{
    uint64_t before, after;
    bool busy;
    TRY(get_generation(f, folder, &before, err));
    if (f->put(f->context, folder, "inblob", report_data) != 0) return failed("inblob", err);
    TRY(get_report(f, folder, out, &busy, err));
    TRY(get_table(f, folder, out, err));
    TRY(get_generation(f, folder, &after, err));
    *done = !busy && after == before + 1 &&
            bytes_eq(bytes_slice(BYTES_OF(out->report), 0x50, MACHINE_REPORT_DATA_BYTES), report_data);
    return OK;
}

static status ask(const struct tsm_files *f, const char *folder, bytes report_data, struct machine_quote *out,
                  struct err *err)
{
    TRY(check_provider(f, folder, err));
    for (int i = 0; i < TRIES; i++) {
        bool done = false;
        TRY(ask_once(f, folder, report_data, out, &done, err));
        if (done) return OK;
        (void)nanosleep(&(struct timespec){.tv_nsec = f->pause_ms * 1000000L}, NULL);
    }
    return err_set(err, ERR_IO, 0, "configfs-tsm: no report after %d tries", TRIES);
}

status tsm_quote(const struct tsm_files *f, const uint8_t report_data[MACHINE_REPORT_DATA_BYTES],
                 struct machine_quote *out, struct err *err)
{
    char folder[64];
    (void)snprintf(folder, sizeof folder, "contrast-%ld", (long)getpid());
    if (f->make(f->context, folder) != 0)
        return err_set(err, errno == ENOENT ? ERR_UNSUPPORTED : ERR_IO, 0, "configfs-tsm: no request: %s",
                       strerror(errno));
    status s = ask(f, folder, BYTES(report_data, MACHINE_REPORT_DATA_BYTES), out, err);
    (void)f->drop(f->context, folder);
    return s;
}
