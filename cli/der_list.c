/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/der_list.h"

#include "parse/pem.h"

enum { DER_SEQUENCE_OCTET = 0x30, DER_LONG_LENGTH = 0x80 };

/* A certificate or CRL is longer than 127 bytes; '0' as text is 0x30 too, and an ASCII character follows that. */
static bool is_der(bytes content)
{
    return content.len > 1 && content.ptr[0] == DER_SEQUENCE_OCTET && content.ptr[1] >= DER_LONG_LENGTH;
}

bool der_list_is_likely(bytes content)
{
    size_t i = 0;
    while (i < content.len && strchr(" \t\r\n", content.ptr[i]) && content.ptr[i] != '\0')
        i++;
    return is_der(content) || (i < content.len && (content.ptr[i] == '-' || content.ptr[i] == '#'));
}

static status add_one(struct der_list *list, bytes der, struct arena *memory, struct err *err)
{
    void *items = list->items;
    bytes copy;
    TRY(arena_copy(memory, der, &copy, err));
    TRY(arena_grow(memory, &items, list->count, sizeof *list->items, err));
    list->items = items;
    list->items[list->count++] = copy;
    return OK;
}

static status add_pem(struct der_list *list, bytes text, struct arena *memory, struct err *err)
{
    static const char *const labels[] = {"CERTIFICATE", "X509 CRL"};
    uint8_t buffer[LIMIT_PEM_BLOCK_BYTES];
    struct pem_reader reader = {.in = text, .labels = labels, .label_count = 2, .comments = true};
    struct pem_block block;
    bool end = false;
    TRY(pem_next(&reader, buffer, sizeof buffer, &block, &end, err));
    if (end) return err_set(err, ERR_MISSING, 0, "no PEM block");
    while (!end) {
        TRY(add_one(list, block.der, memory, err));
        TRY(pem_next(&reader, buffer, sizeof buffer, &block, &end, err));
    }
    return OK;
}

status der_list_add(struct der_list *list, bytes content, struct arena *memory, struct err *err)
{
    return is_der(content) ? add_one(list, content, memory, err) : add_pem(list, content, memory, err);
}
