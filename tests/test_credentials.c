/* SPDX-License-Identifier: Apache-2.0 */
/* mesh/credentials.h and mesh/credential_files.h. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ca/authority.h"
#include "mesh/credential_files.h"
#include "mesh/credentials.h"
#include "parse/text.h"
#include "tests/scratch.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

static struct private_key root_key, pod_key;
static struct authority authority, other;
static char chain[8000];
static uint8_t workload_secret[WORKLOAD_SECRET_BYTES];
static struct mesh_new_cert_response_secret answer;

static void setup(void)
{
    const bytes names[] = {BYTES_LIT("web")};
    size_t len = 0;
    cr_assert(is_ok(private_key_generate(KEY_P384, &root_key, NULL)));
    cr_assert(is_ok(private_key_generate(KEY_P256, &pod_key, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &authority, NULL)));
    cr_assert(is_ok(authority_make(&root_key, NULL, NOW, &other, NULL)));
    const struct certificate_request request = {.spki = private_key_spki(&pod_key), .sans = names, .san_count = 1};
    cr_assert(is_ok(authority_issue(&authority, &request, NOW, chain, sizeof chain, &len, NULL)));
    for (size_t i = 0; i < sizeof workload_secret; i++)
        workload_secret[i] = (uint8_t)(0xc0 + i);
    answer = (struct mesh_new_cert_response_secret){text_bytes(authority.mesh.text), text_bytes(chain),
                                                    text_bytes(authority.root.text), BYTES_OF(workload_secret)};
}

static void expect(enum err_kind kind, const char *part)
{
    struct err err = {0};
    status s = credentials_check(&answer, private_key_spki(&pod_key), NOW, &err);
    cr_expect_eq(s.kind, kind, "%s: %s", part, err.text);
    cr_expect(strstr(err.text, part), "%s: %s", part, err.text);
}

/* ---- answers that are refused ----------------------------------------------------------------------------------- */

Test(credentials, answers_refused, .init = setup)
{
    const struct mesh_new_cert_response_secret good = answer;
    char edited[12000];
    expect(ERR_NONE, "");
    answer.mesh_ca = BYTES_ABSENT;
    expect(ERR_MISSING, "mesh CA");
    answer.mesh_ca = text_bytes(authority.root.text);
    expect(ERR_MISMATCH, "mesh CA");
    answer.mesh_ca = text_bytes(other.mesh.text); /* of another manifest */
    expect(ERR_MISMATCH, "certificate chain: intermediate");
    answer = good;
    answer.root_ca = BYTES_LIT("");
    expect(ERR_MISSING, "root CA");
    answer.root_ca = text_bytes(authority.mesh.text);
    expect(ERR_MISMATCH, "root CA");
    answer = good;
    answer.cert_chain = BYTES_LIT("");
    expect(ERR_MISSING, "certificate chain");
    answer.cert_chain = text_bytes(authority.intermediate.text);
    expect(ERR_MISSING, "certificate chain");
    snprintf(edited, sizeof edited, "%s%s", chain, authority.root.text);
    answer.cert_chain = text_bytes(edited);
    expect(ERR_TRAILING, "certificate chain");
    snprintf(edited, sizeof edited, "%s%.*s", authority.intermediate.text,
             (int)(strlen(chain) - authority.intermediate.len), chain);
    answer.cert_chain = text_bytes(edited); /* the two the other way round */
    expect(ERR_MISMATCH, "certificate chain: intermediate");
    answer = good;
    answer.workload_secret = BYTES(workload_secret, 63);
    expect(ERR_RANGE, "workload secret: want 64 bytes or none, have 63");
    answer.workload_secret = BYTES_ABSENT;
    expect(ERR_NONE, "");
}

Test(credentials, another_pods_leaf, .init = setup)
{
    struct err err = {0};
    status s = credentials_check(&answer, private_key_spki(&root_key), NOW, &err);
    cr_expect_eq(s.kind, ERR_MISMATCH);
    cr_expect_str_eq(err.text, "certificate chain: leaf: it is not for this pod's key");
    cr_expect_eq(credentials_check(&answer, private_key_spki(&pod_key), NOW - 3601, NULL).kind, ERR_EXPIRED);
    cr_expect_eq(credentials_check(&answer, private_key_spki(&pod_key), NOW + 40000000, NULL).kind, ERR_EXPIRED);
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static void write_files(const struct scratch *s, bool has_group, gid_t group)
{
    struct err err = {0};
    const struct credential_files where = {s->path, has_group, group};
    cr_assert(is_ok(credential_files_write(&where, &answer, &pod_key, &err)), "%s", err.text);
}

static void expect_list(const struct scratch *s, const char *want)
{
    char line[800];
    snprintf(
        line, sizeof line,
        "have=$(find . -mindepth 1 -printf '%%M %%P\\n' | sort -k 2); [ \"$have\" = '%s' ] || { echo \"$have\"; exit "
        "1; }",
        want);
    scratch_run(s, line);
}

Test(credentials, files_as_the_specification_lists_them, .init = setup)
{
    struct scratch s = scratch_open();
    mode_t before = umask(077); /* modes do not depend on it */
    write_files(&s, false, 0);
    umask(before);
    expect_list(&s, "drwxr-xr-x secrets\n"
                    "-r-------- secrets/workload-secret-seed\n"
                    "drwxr-xr-x tls-config\n"
                    "-r--r--r-- tls-config/certChain.pem\n"
                    "-r--r--r-- tls-config/coordinator-root-ca.pem\n"
                    "-r-------- tls-config/key.pem\n"
                    "-r--r--r-- tls-config/mesh-ca.pem");
    bytes mesh = scratch_read(&s, "tls-config/mesh-ca.pem"), secret = scratch_read(&s, "secrets/workload-secret-seed");
    cr_expect(bytes_eq(mesh, answer.mesh_ca));
    cr_expect(bytes_eq(secret, BYTES_LIT("c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5"
                                         "e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")));
    free((void *)mesh.ptr);
    free((void *)secret.ptr);
    char line[600];
    snprintf(line, sizeof line,
             "cd tls-config && head -n 1 key.pem | grep -qx -e '-----BEGIN PRIVATE KEY-----' && "
             "openssl verify -x509_strict -attime %d -CAfile mesh-ca.pem certChain.pem >/dev/null && "
             "openssl verify -x509_strict -attime %d -CAfile coordinator-root-ca.pem -untrusted certChain.pem "
             "certChain.pem >/dev/null && openssl x509 -in certChain.pem -noout -pubkey >a && openssl pkey -in key.pem "
             "-pubout >b && cmp a b",
             NOW, NOW);
    scratch_run(&s, line);
    scratch_close(&s);
}

/* Read-only files of an earlier run, one of them a link, and what it left behind half done. */
Test(credentials, written_again, .init = setup)
{
    struct scratch s = scratch_open();
    write_files(&s, false, 0);
    scratch_run(&s, "cd tls-config && echo old >elsewhere && rm -f mesh-ca.pem && ln -s elsewhere mesh-ca.pem && "
                    "ln -s elsewhere .key.pem.new && echo half >.certChain.pem.new");
    answer.workload_secret = BYTES_ABSENT; /* today's manifest names none */
    write_files(&s, false, 0);
    scratch_run(&s, "cd tls-config && grep -qx old elsewhere && rm -f elsewhere");
    expect_list(&s, "drwxr-xr-x secrets\n"
                    "drwxr-xr-x tls-config\n"
                    "-r--r--r-- tls-config/certChain.pem\n"
                    "-r--r--r-- tls-config/coordinator-root-ca.pem\n"
                    "-r-------- tls-config/key.pem\n"
                    "-r--r--r-- tls-config/mesh-ca.pem");
    scratch_close(&s);
}

Test(credentials, secrets_for_a_group, .init = setup)
{
    struct scratch s = scratch_open();
    gid_t group = getgid();
    write_files(&s, true, group);
    scratch_run(&s,
                "[ \"$(stat -c %a tls-config/key.pem secrets/workload-secret-seed | tr '\\n' ' ')\" = '440 440 ' ] && "
                "[ $(stat -c %a tls-config/mesh-ca.pem) = 444 ] && [ $(stat -c %g tls-config/key.pem) = $(id -g) ]");
    scratch_close(&s);
}

/* What stands in the way of the last file leaves the names of the first ones alone. */
Test(credentials, all_or_none_of_the_names, .init = setup)
{
    struct scratch s = scratch_open();
    struct err err = {0};
    const struct credential_files where = {.folder = s.path}, none = {.folder = "/nowhere"};
    write_files(&s, false, 0);
    scratch_run(&s, "mkdir secrets/.workload-secret-seed.new && cp -a tls-config before");
    answer.mesh_ca = BYTES_LIT("another");
    status written = credential_files_write(&where, &answer, &pod_key, &err);
    cr_expect_eq(written.kind, ERR_IO);
    cr_expect(strstr(err.text, "secrets/.workload-secret-seed.new"), "%s", err.text);
    scratch_run(&s, "diff -r before tls-config");
    memset(&err, 0, sizeof err);
    cr_expect_eq(credential_files_write(&none, &answer, &pod_key, &err).kind, ERR_IO);
    cr_expect_str_eq(err.text, "/nowhere: No such file or directory");
    scratch_close(&s);
}

Test(credentials, folders_that_are_something_else, .init = setup)
{
    struct scratch s = scratch_open();
    const struct credential_files where = {.folder = s.path};
    scratch_run(&s, "mkdir real && ln -s real tls-config");
    cr_expect_eq(credential_files_write(&where, &answer, &pod_key, NULL).kind, ERR_IO);
    scratch_run(&s, "rmdir real && rm tls-config && : >tls-config");
    cr_expect_eq(credential_files_write(&where, &answer, &pod_key, NULL).kind, ERR_IO);
    scratch_close(&s);
}
