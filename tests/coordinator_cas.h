/* SPDX-License-Identifier: Apache-2.0 */
/* tests/coordinator_cas.h: the CA certificates of tests/deployment.py, valid from 2026-05-31 23:00 to 2036-05-31.
 *
 * Made by that program, with a P-384 of its own: certificate('system:coordinator:root', scalar('root'), {}) and
 * certificate('system:coordinator:intermediate', scalar('mesh'), {}); the last has the key of the first.
 */
#ifndef TESTS_COORDINATOR_CAS_H
#define TESTS_COORDINATOR_CAS_H

#define ROOT_PEM                                                                                                       \
    "-----BEGIN CERTIFICATE-----\n"                                                                                    \
    "MIIBwTCCAUegAwIBAgIQBTKE2lisUWU4CFTW/5P8djAKBggqhkjOPQQDAzAiMSAw\n"                                               \
    "HgYDVQQDExdzeXN0ZW06Y29vcmRpbmF0b3I6cm9vdDAeFw0yNjA1MzEyMzAwMDBa\n"                                               \
    "Fw0zNjA1MzEwMDAwMDBaMCIxIDAeBgNVBAMTF3N5c3RlbTpjb29yZGluYXRvcjpy\n"                                               \
    "b290MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEJ+CVrPYy0qb7IbWDWeujjS7ZX6r0\n"                                               \
    "6OBV8Oto6cOFqayV2CBDw8HtSLN2LT8JUIq3HAzXsNYikQ3qI0qS66E2Hq4iP3ub\n"                                               \
    "gibcytQdRvU373eySlnRn6MTdwHrKAeUjh/oo0IwQDAPBgNVHRMBAf8EBTADAQH/\n"                                               \
    "MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUbPc2FLVArZI7RyqAog+Z261aBxQw\n"                                               \
    "CgYIKoZIzj0EAwMDaAAwZQIxAOJWDZP3w0jFgeC4RudBlRPUihvT+0HTw0x52wkQ\n"                                               \
    "JEd9+D8WHDSv2pFJhcMRDcQ4pgIwEYIQYchCQ1PXmtfLbmQ5cWA8jRjXKmV2rfLv\n"                                               \
    "6UF2sUvLBNo2u5Mt5v5yJHyVXUF0\n"                                                                                   \
    "-----END CERTIFICATE-----\n"

#define MESH_PEM                                                                                                       \
    "-----BEGIN CERTIFICATE-----\n"                                                                                    \
    "MIIB0DCCAVegAwIBAgIQDTm96NzG/RMcw2kSQ8VWpjAKBggqhkjOPQQDAzAqMSgw\n"                                               \
    "JgYDVQQDEx9zeXN0ZW06Y29vcmRpbmF0b3I6aW50ZXJtZWRpYXRlMB4XDTI2MDUz\n"                                               \
    "MTIzMDAwMFoXDTM2MDUzMTAwMDAwMFowKjEoMCYGA1UEAxMfc3lzdGVtOmNvb3Jk\n"                                               \
    "aW5hdG9yOmludGVybWVkaWF0ZTB2MBAGByqGSM49AgEGBSuBBAAiA2IABOpfT9y4\n"                                               \
    "Yl/X0GQKztXrK1FklQ8XHMHM2BBxdlqd4Whes5gmbLEN/FEU/HbDd7XLF0/RDgiF\n"                                               \
    "Mv++ehqA5yXqpJUJS5vcVkF63RC6GkiFStRU2TFzsyRTVlEH10nIhMTW8qNCMEAw\n"                                               \
    "DwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwHQYDVR0OBBYEFI6YK8Au\n"                                               \
    "wXFR5pCSpjw8Eh3sD9kYMAoGCCqGSM49BAMDA2cAMGQCMDPIv9nbSmEn53dTx7+E\n"                                               \
    "hL25m8UFgMFQGVWe3O5NoZkLc+LiPnuTjMbnoDBgjULDFwIwODSUjTo6JhnNEu5W\n"                                               \
    "NniX0qUPNOtqD8gxDEre4a/4XWvlWNHr6hNlP7wTY6ZPHfRZ\n"                                                               \
    "-----END CERTIFICATE-----\n"

#define MESH_ROOT_KEY_PEM                                                                                              \
    "-----BEGIN CERTIFICATE-----\n"                                                                                    \
    "MIIB0jCCAVegAwIBAgIQDTm96NzG/RMcw2kSQ8VWpjAKBggqhkjOPQQDAzAqMSgw\n"                                               \
    "JgYDVQQDEx9zeXN0ZW06Y29vcmRpbmF0b3I6aW50ZXJtZWRpYXRlMB4XDTI2MDUz\n"                                               \
    "MTIzMDAwMFoXDTM2MDUzMTAwMDAwMFowKjEoMCYGA1UEAxMfc3lzdGVtOmNvb3Jk\n"                                               \
    "aW5hdG9yOmludGVybWVkaWF0ZTB2MBAGByqGSM49AgEGBSuBBAAiA2IABCfglaz2\n"                                               \
    "MtKm+yG1g1nro40u2V+q9OjgVfDraOnDhamsldggQ8PB7Uizdi0/CVCKtxwM17DW\n"                                               \
    "IpEN6iNKkuuhNh6uIj97m4Im3MrUHUb1N+93skpZ0Z+jE3cB6ygHlI4f6KNCMEAw\n"                                               \
    "DwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwHQYDVR0OBBYEFGz3NhS1\n"                                               \
    "QK2SO0cqgKIPmdutWgcUMAoGCCqGSM49BAMDA2kAMGYCMQDuzVdJdE4giwPyeAFY\n"                                               \
    "sNjMvJ4W0KNmdXB9w3wWdrHG99XV8U8tQW7ncp/VX5eweT8CMQC9SITMa+TlfpEQ\n"                                               \
    "g7yAenFBOF33qe44cc+TzuI9uhOtupKGUGB7R+7sWuHh8soOrB4=\n"                                                           \
    "-----END CERTIFICATE-----\n"

#endif
