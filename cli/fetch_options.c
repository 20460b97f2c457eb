/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fetch_options.h"

#include <stdlib.h>

#include "cli/option_rows.h"
#include "net/address.h"
#include "parse/http1.h"
#include "parse/text.h"
#include "snp/kds.h"

/* ---- the address of the service --------------------------------------------------------------------------------- */

const char *fetch_default_url(void)
{
    const char *named = getenv("CONTRAST_KDS_URL");
    return named && named[0] ? named : KDS_BASE;
}

/* This machine's own, by a name that no resolver can send elsewhere. */
static bool is_loopback_host(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 || strcmp(host, "localhost") == 0;
}

static status refused(const char *url, const char *why, struct err *err)
{
    return err_set(err, ERR_SYNTAX, 0, "%s: %s", text_quote(text_bytes(url)).s, why);
}

static bool take_front(const char **rest, const char *front)
{
    size_t n = strlen(front);
    if (strncmp(*rest, front, n) != 0) return false;
    *rest += n;
    return true;
}

static status check_path(const char *url, const char *path, struct err *err)
{
    if (!*path) return OK;
    if (path[strlen(path) - 1] == '/') return refused(url, "want no slash at the end", err);
    if (strpbrk(path, "?#")) return refused(url, "want neither a query nor a fragment", err);
    return err_in(err, http1_target_check(text_bytes(path), err), "%s", text_quote(text_bytes(url)).s);
}

status fetch_url_check(const char *url, bool *is_loopback, struct err *err)
{
    const char *rest = url;
    struct address host;
    bool is_plain = take_front(&rest, "http://");
    if (!is_plain && !take_front(&rest, "https://")) return refused(url, "want https://HOST or http://127.0.0.1", err);
    size_t n = strcspn(rest, "/?#");
    TRY(err_in(err, address_parse(BYTES((const uint8_t *)rest, n), is_plain ? 80 : 443, &host, err), "%s",
               text_quote(text_bytes(url)).s));
    *is_loopback = is_loopback_host(host.host) && (host.is_ip || strcmp(host.host, "localhost") == 0);
    if (is_plain && !*is_loopback)
        return err_set(err, ERR_UNSUPPORTED, 0, "%s: http is for this machine alone (127.0.0.1, [::1], localhost)",
                       text_quote(text_bytes(url)).s);
    return check_path(url, rest + n, err);
}

status fetch_set_url(void *member, const struct option_row *row, const char *value, struct arena *memory,
                     struct err *err)
{
    bool is_loopback;
    TRY(fetch_url_check(value, &is_loopback, err));
    return option_set_text(member, row, value, memory, err);
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct fetch_settings, member)

static const struct option_row options[] = {
    {.name = "--kds-url",
     .argument = "URL",
     .help = "where leaves and CRLs are got; default: $CONTRAST_KDS_URL, or " KDS_BASE,
     .set = fetch_set_url,
     .at = AT(url)},
    {.name = "--insecure-root",
     .argument = "FILE",
     .help = "keep what is signed under these ARK and ASK instead of AMD's (repeatable)",
     .set = option_add_text,
     .at = AT(roots),
     .repeatable = true},
    {.name = "--insecure-registry",
     .argument = "HOST:PORT",
     .help = "ask this registry of images without TLS (repeatable)",
     .set = option_add_text,
     .at = AT(plain_registries),
     .repeatable = true},
    {.name = "--listen",
     .argument = "ADDRESS:PORT",
     .help = "serve: where; default: " FETCH_LISTEN,
     .set = option_set_text,
     .at = AT(listen)},
};

const char *const fetch_actions[] = {"serve", NULL};

static const char description[] =
    "Gets VCEK certificates and CRLs from AMD's key distribution service (KDS), and documents and layers of images "
    "from "
    "registries. contrast verify, contrast set, "
    "contrast "
    "inspect --fetch, contrast generate and contrast-coordinator start it when they need one; nobody else has to. It "
    "is the one program "
    "of Contrast with an HTTP client: it is asked over its standard input, one thing at a time, and answers on its "
    "standard output until its input ends.\n\n"
    "A VCEK is asked for by product, chip id and TCB, a CRL by product. So KDS, and who can look into its connections, "
    "learns that somebody at this address verifies a machine with this chip; nothing else is sent, no cookie, and no "
    "redirection is followed. Proxies are taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY as curl(1) takes them; who "
    "KDS is, is checked by the CA certificates of this system, or those in the file SSL_CERT_FILE. Nothing rests on "
    "that: what comes is signed by AMD.\n\n"
    "What came is kept in the cache that contrast collateral shows: a VCEK for ever, a CRL until the next one is due. "
    "Only what was asked for, is well-formed and is signed by AMD is kept, and whoever uses it verifies it again. "
    "Several of these programs can use one cache at once. When a CRL has run out and no other can be got, the old one "
    "is handed on and said to be stale.\n\n"
    "KDS answers some requests in ten seconds from one address. Status 429 and 503 are waited out as Retry-After says, "
    "or twice as long each time, as long as the caller has time; then it says when to try again. What fails otherwise "
    "is tried three times.\n\n"
    "Of a registry it gets what lies under a digest, by https; by http from this machine and from those that "
    "--insecure-registry names. Passwords are those of docker login and podman login, in their files or with a "
    "docker-credential helper; they go to the registry and to the token server that it names, and to nobody that it "
    "redirects to. Status 429, 5xx and connections that break are tried five times, and go on where they stood. "
    "Whoever asked "
    "checks the digests.\n\n"
    "serve answers the same paths as KDS by itself, out of the cache or from KDS: many programs with --kds-url then "
    "share what one has got, and one address asks. It speaks HTTP without TLS, and those programs take that from this "
    "machine alone: for others put something in front of it that has a certificate. It needs a folder for its "
    "cache.";

const struct command command_fetch = {
    .name = "fetch",
    .program = "contrast-fetch",
    .operands = "[serve]",
    .operand = OPERAND_WORD,
    .operand_words = fetch_actions,
    .summary = "get VCEK certificates and CRLs from AMD, and images from registries",
    .description = description,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
};
