/* SPDX-License-Identifier: Apache-2.0 */
#include "snp/certificate_table.h"

#include "parse/cursor.h"
#include "parse/limits.h"

static const char rule[] = "evidence.certificate-table";

enum { GUID = SNP_CERTIFICATE_TABLE_GUID_BYTES, ENTRY = SNP_CERTIFICATE_TABLE_ENTRY_BYTES };

/* The last is go-sev-guest's own, the CPUID signature: known, so that it comes once at most, and not handed out. */
enum kind { VCEK, VLEK, ASK, ARK, CRL, PLATFORM_INFO, KINDS };

static const struct {
    const char *name;
    uint8_t guid[GUID];
} kinds[KINDS] = {
    {"VCEK", {0x63, 0xda, 0x75, 0x8d, 0xe6, 0x64, 0x45, 0x64, 0xad, 0xc5, 0xf4, 0xb9, 0x3b, 0xe8, 0xac, 0xcd}},
    {"VLEK", {0xa8, 0x07, 0x4b, 0xc2, 0xa2, 0x5a, 0x48, 0x3e, 0xaa, 0xe6, 0x39, 0xc0, 0x45, 0xa0, 0xb8, 0xa1}},
    {"ASK", {0x4a, 0xb7, 0xb3, 0x79, 0xbb, 0xac, 0x4f, 0xe4, 0xa0, 0x2f, 0x05, 0xae, 0xf3, 0x27, 0xc7, 0x82}},
    {"ARK", {0xc0, 0xb4, 0x06, 0xa4, 0xa8, 0x03, 0x49, 0x52, 0x97, 0x43, 0x3f, 0xb6, 0x01, 0x4c, 0xd0, 0xae}},
    {"CRL", {0x92, 0xf8, 0x1b, 0xc3, 0x58, 0x11, 0x4d, 0x3d, 0x97, 0xff, 0xd1, 0x9f, 0x88, 0xdc, 0x67, 0xea}},
    {"platform info", {0xec, 0xae, 0x0c, 0x0f, 0x95, 0x02, 0x43, 0xb1, 0xaf, 0xa2, 0x0a, 0xe2, 0xe0, 0xd5, 0x65, 0xb6}},
};

/*@ requires bytes_readable(guid);
    assigns \nothing;
    ensures 0 <= \result <= KINDS; */
static enum kind kind_of(bytes guid)
{
    /*@ loop invariant 0 <= k <= KINDS;
        loop assigns k;
        loop variant KINDS - k; */
    for (int k = 0; k < KINDS; k++)
        if (bytes_eq(guid, BYTES(kinds[k].guid, GUID))) return (enum kind)k;
    return KINDS;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* The number of entries before the closing one. */
/*@ requires bytes_readable(in) && \valid(count) && err_sound(err) && \separated(count, err);
    assigns *count, *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE ==>
            *count < LIMIT_CERTIFICATE_TABLE_ENTRIES && (*count + 1) * ENTRY <= in.len; */
static status count_entries(bytes in, size_t *count, struct err *err)
{
    /*@ loop invariant 0 <= n <= LIMIT_CERTIFICATE_TABLE_ENTRIES;
        loop assigns n;
        loop variant LIMIT_CERTIFICATE_TABLE_ENTRIES - n; */
    for (size_t n = 0; n < LIMIT_CERTIFICATE_TABLE_ENTRIES; n++) {
        bytes entry = bytes_slice(in, n * ENTRY, ENTRY);
        if (bytes_is_absent(entry))
            return err_rule(err, ERR_TRUNCATED, rule, in.len, "certificate table: no closing entry in %zu bytes",
                            in.len);
        if (bytes_are_zero(entry)) {
            *count = n;
            return OK;
        }
    }
    return err_rule(err, ERR_LIMIT, rule, (size_t)LIMIT_CERTIFICATE_TABLE_ENTRIES * ENTRY,
                    "certificate table: more than %d entries", LIMIT_CERTIFICATE_TABLE_ENTRIES - 1);
}

struct entry {
    enum kind kind; /* KINDS: not known */
    size_t offset;
    size_t length;
};

/* The entry at the cursor, with a blob that lies inside the table.  `header` is where the first blob may begin. */
/*@ requires \valid(c) && cursor_sound(*c) && \valid(out) && err_sound(err) && \separated(c, out, err);
    assigns *c, *out, *err;
    ensures cursor_sound(*c) && c->in == \old(c->in) && err_sound(err);
    ensures \result.kind == ERR_NONE ==>
            0 <= out->kind <= KINDS && header <= out->offset && out->offset + out->length <= c->in.len; */
static status take_entry(struct cursor *c, size_t header, struct entry *out, struct err *err)
{
    size_t at = c->pos;
    bytes guid = cursor_take(c, GUID, "GUID");
    uint64_t offset = cursor_u32le(c, "offset");
    uint64_t end = offset + cursor_u32le(c, "length");
    enum kind kind = kind_of(guid);
    const char *name = kind < KINDS ? kinds[kind].name : "entry of an unknown GUID";

    if (bytes_are_zero(guid))
        return err_rule(err, ERR_SYNTAX, rule, at, "certificate table: entry %zu: zero GUID with a range", at / ENTRY);
    if (offset < header)
        return err_rule(err, ERR_RANGE, rule, at, "certificate table: %s: want an offset from %zu on, have %llu", name,
                        header, (unsigned long long)offset);
    if (end > c->in.len)
        return err_rule(err, ERR_RANGE, rule, at, "certificate table: %s: ends at byte %llu of %zu", name,
                        (unsigned long long)end, c->in.len);
    if (kind < KINDS && end == offset)
        return err_rule(err, ERR_RANGE, rule, at, "certificate table: %s: has length 0", name);

    *out = (struct entry){kind, (size_t)offset, (size_t)(end - offset)};
    return OK;
}

/*@ predicate table_readable(struct snp_certificate_table *t) =
      bytes_readable(t->vcek) && bytes_readable(t->vlek) && bytes_readable(t->ask) && bytes_readable(t->ark) &&
      bytes_readable(t->crl); */

/*@ predicate blobs_readable(bytes *blobs) = \forall integer k; 0 <= k < KINDS ==> bytes_readable(blobs[k]); */

/*@ requires bytes_readable(in) && \valid(blobs + (0 .. KINDS - 1)) && err_sound(err);
    requires \separated(blobs + (0 .. KINDS - 1), err) && blobs_readable(blobs);
    assigns blobs[0 .. KINDS - 1], *err;
    ensures err_sound(err) && blobs_readable(blobs); */
static status take_entries(bytes in, bytes blobs[KINDS], struct err *err)
{
    size_t count = 0;
    TRY(count_entries(in, &count, err));
    size_t header = (count + 1) * ENTRY;
    size_t end = header;

    struct cursor c = cursor_over(in);
    /*@ loop invariant 0 <= i <= count && header <= end <= in.len && c.in == in;
        loop invariant cursor_sound(c) && err_sound(err);
        loop invariant blobs_readable(blobs);
        loop assigns i, end, c, blobs[0 .. KINDS - 1], *err;
        loop variant count - i; */
    for (size_t i = 0; i < count; i++) {
        struct entry e = {KINDS, 0, 0};
        TRY(take_entry(&c, header, &e, err));
        if (e.offset + e.length > end) end = e.offset + e.length;
        if (e.kind == KINDS) continue;
        //@ assert blobs_readable(blobs);
        if (!bytes_is_absent(blobs[e.kind]))
            return err_rule(err, ERR_DUPLICATE, rule, i * ENTRY, "certificate table: %s: comes twice",
                            kinds[e.kind].name);
        blobs[e.kind] = bytes_slice(in, e.offset, e.length);
    }
    if (!bytes_are_zero(bytes_slice(in, end, in.len - end)))
        return err_rule(err, ERR_TRAILING, rule, end,
                        "certificate table: want zeros after the last blob, from byte %zu on", end);
    return OK;
}

/*@ requires \valid_read(blobs + (0 .. KINDS - 1)) && \valid(out) && \separated(blobs + (0 .. KINDS - 1), out);
    requires blobs_readable(blobs);
    assigns *out;
    ensures table_readable(out); */
static void hand_out(const bytes blobs[KINDS], struct snp_certificate_table *out)
{
    *out = (struct snp_certificate_table){
        .vcek = blobs[VCEK], .vlek = blobs[VLEK], .ask = blobs[ASK], .ark = blobs[ARK], .crl = blobs[CRL]};
}

/*@ requires bytes_readable(in) && \valid(blobs + (0 .. KINDS - 1)) && \valid(out) && err_sound(err);
    requires \separated(blobs + (0 .. KINDS - 1), err) && \separated(blobs + (0 .. KINDS - 1), out);
    requires \separated(out, err) && blobs_readable(blobs);
    assigns *out, blobs[0 .. KINDS - 1], *err;
    ensures err_sound(err);
    ensures \result.kind == ERR_NONE ==> table_readable(out); */
static status read_table(bytes in, bytes blobs[KINDS], struct snp_certificate_table *out, struct err *err)
{
    if (in.len > 0) TRY(take_entries(in, blobs, err));
    hand_out(blobs, out);
    return OK;
}

status snp_certificate_table_parse(bytes in, struct snp_certificate_table *out, struct err *err)
{
    bytes blobs[KINDS] = {{0}};
    return read_table(in, blobs, out, err);
}

bool snp_certificate_table_is_likely(bytes in)
{
    return kind_of(bytes_slice(in, 0, GUID)) < KINDS;
}
