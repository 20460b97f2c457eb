/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

#include "net/listen_address.h"

Test(listen_address, refused)
{
    static const char *const rows[] = {"",
                                       ":",
                                       ":1",
                                       "1.2.3.4",
                                       "1.2.3.4:",
                                       "1.2.3.4:x",
                                       "1.2.3.4:01",
                                       "1.2.3.4:65536",
                                       "1.2.3:1",
                                       "1.2.3.4.5:1",
                                       "01.2.3.4:1",
                                       "localhost:1",
                                       "::1:1",
                                       "[::1]",
                                       "[::1:1",
                                       "[]:1",
                                       "[1.2.3.4]:1",
                                       "[::1%lo]:1",
                                       " 1.2.3.4:1",
                                       "[1111:1111:1111:1111:1111:1111:1111:1111:1111:1111]:1"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockaddr_storage at = {.ss_family = 77};
        struct err err = {0};
        status s = listen_address_parse(rows[i], &at, &err);
        cr_expect(s.kind == ERR_SYNTAX && err.text[0] && at.ss_family == 77, "%s", rows[i]);
    }
}

Test(listen_address, values)
{
    struct sockaddr_storage at;
    char host[INET6_ADDRSTRLEN];
    cr_assert(is_ok(listen_address_parse("192.0.2.7:65535", &at, NULL)));
    const struct sockaddr_in *v4 = (const void *)&at;
    cr_expect(at.ss_family == AF_INET && listen_address_port(&at) == 65535);
    cr_expect_str_eq(inet_ntop(AF_INET, &v4->sin_addr, host, sizeof host), "192.0.2.7");
    cr_assert(is_ok(listen_address_parse("[2001:db8::1]:0", &at, NULL)));
    const struct sockaddr_in6 *v6 = (const void *)&at;
    cr_expect(at.ss_family == AF_INET6 && listen_address_port(&at) == 0);
    cr_expect_str_eq(inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof host), "2001:db8::1");
}
