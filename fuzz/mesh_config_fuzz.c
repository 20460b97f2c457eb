/* SPDX-License-Identifier: Apache-2.0 */
/* Targets: mesh_ingress_parse mesh_egress_parse mesh_admin_port_parse. */
#include <stdio.h>
#include <stdlib.h>

#include "parse/mesh_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) abort();
}

static void require_told(status s, const struct err *err, size_t size)
{
    require(is_ok(s) ? err->kind == ERR_NONE : err->kind == s.kind && err->text[0] != '\0' && err->offset <= size);
}

/* The one way to write an entry is read as this entry. */
static void require_ingress(const struct mesh_ingress_entry *e)
{
    char text[128];
    struct mesh_ingress_entry again;
    struct mesh_ingress m;
    int n = snprintf(text, sizeof text, "%.*s#%u#%s", (int)e->name.len, (const char *)e->name.ptr, e->port,
                     e->disables_tls ? "true" : "false");
    require(e->port != 0 && is_ok(mesh_ingress_parse(BYTES((uint8_t *)text, (size_t)n), &again, 1, &m, NULL)));
    require(m.count == 1 && again.port == e->port && again.disables_tls == e->disables_tls &&
            bytes_eq(again.name, e->name));
}

static void require_egress(const struct mesh_egress_entry *e)
{
    char text[512];
    struct mesh_egress_entry again;
    struct mesh_egress m;
    bool is_v6 = e->is_ip && memchr(e->host.ptr, ':', e->host.len);
    int n = snprintf(text, sizeof text, "%.*s#127.%u.%u.%u:%u#%s%.*s%s:%u", (int)e->name.len, (const char *)e->name.ptr,
                     e->listen_ip[1], e->listen_ip[2], e->listen_ip[3], e->listen_port, is_v6 ? "[" : "",
                     (int)e->host.len, (const char *)e->host.ptr, is_v6 ? "]" : "", e->port);
    require(e->name.len > 0 && e->listen_ip[0] == 127 && (e->ip_len > 0) == e->is_ip);
    require(is_ok(mesh_egress_parse(BYTES((uint8_t *)text, (size_t)n), 0, &again, 1, &m, NULL)) && m.count == 1);
    require(bytes_eq(again.host, e->host) && again.port == e->port && again.listen_port == e->listen_port &&
            bytes_eq(again.name, e->name) && memcmp(again.ip, e->ip, e->ip_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct mesh_ingress_entry ins[LIMIT_MESH_ENTRIES];
    static struct mesh_egress_entry outs[LIMIT_MESH_ENTRIES];
    bytes in = BYTES(data, size);
    struct mesh_ingress ingress = {.count = 777};
    struct mesh_egress egress = {.count = 777};
    uint16_t port = 0;
    struct err err = {0}, egress_err = {0}, port_err = {0};

    status s = mesh_ingress_parse(in, ins, LIMIT_MESH_ENTRIES, &ingress, &err);
    require_told(s, &err, size);
    require(is_ok(s) ? ingress.count <= LIMIT_MESH_ENTRIES : ingress.count == 777);
    for (size_t i = 0; is_ok(s) && i < ingress.count; i++)
        require_ingress(&ins[i]);

    s = mesh_egress_parse(in, 9901, outs, LIMIT_MESH_ENTRIES, &egress, &egress_err);
    require_told(s, &egress_err, size);
    require(is_ok(s) ? egress.count > 0 && egress.count <= LIMIT_MESH_ENTRIES : egress.count == 777);
    for (size_t i = 0; is_ok(s) && i < egress.count; i++)
        require_egress(&outs[i]);

    s = mesh_admin_port_parse(in, &port, &port_err);
    require_told(s, &port_err, size);
    require(!is_ok(s) || (port == 0) == (size == 0));
    return 0;
}
