/* SPDX-License-Identifier: Apache-2.0 */
/* The front's end of contrast-fetch; the test is the program. */
#include <criterion/criterion.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coordinator/collateral_uv.h"
#include "parse/put.h"
#include "snp/attestation_pb.h"
#include "tests/simulated.h"

#define LACKING "--envelope protobuf --include @none --no-leaf --no-crl"

struct house {
    uv_loop_t loop;
    struct collateral collateral;
    int programs[FETCH_LANES];
    unsigned done; /* documents that came back */
    uint8_t document[LIMIT_CERTIFICATE_BYTES];
    size_t document_len;
};

static void open_house(struct house *h)
{
    int files[FETCH_LANES];
    memset(h, 0, sizeof *h);
    cr_assert_eq(uv_loop_init(&h->loop), 0);
    for (unsigned i = 0; i < FETCH_LANES; i++) {
        int ends[2];
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        files[i] = ends[0];
        h->programs[i] = ends[1];
    }
    cr_assert(is_ok(collateral_open(&h->collateral, &h->loop, files, NULL)));
}

static void turn(struct house *h)
{
    for (int i = 0; i < 4; i++)
        uv_run(&h->loop, UV_RUN_NOWAIT);
}

static void close_house(struct house *h)
{
    collateral_close(&h->collateral);
    turn(h);
    for (unsigned i = 0; i < FETCH_LANES; i++)
        if (h->programs[i] >= 0) close(h->programs[i]);
    cr_expect_eq(uv_loop_close(&h->loop), 0);
}

static void came(void *context, bytes document)
{
    struct house *h = context;
    h->done++;
    h->document_len = document.len;
    memcpy(h->document, document.ptr, document.len);
}

static void complete(struct house *h, bytes document)
{
    collateral_complete(&h->collateral, document, "peer", came, h);
    turn(h);
}

/* Whether something is asked for on a lane. */
static bool is_asked(const struct house *h, enum fetch_lane lane)
{
    uint8_t byte;
    return recv(h->programs[lane], &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* What the front asks for next. */
static struct fetch_request asked(struct house *h, enum fetch_lane lane)
{
    static uint8_t room[FETCH_REQUEST_BYTES_MAX];
    uint8_t head[FETCH_LENGTH_BYTES];
    struct fetch_request r = {0};
    size_t len = 0;
    cr_assert_eq(read(h->programs[lane], head, sizeof head), (ssize_t)sizeof head);
    cr_assert(is_ok(fetch_length_parse(head, sizeof room, &len, NULL)));
    cr_assert_eq(read(h->programs[lane], room, len), (ssize_t)len);
    cr_assert(is_ok(fetch_request_parse(BYTES(room, len), &r, NULL)));
    return r;
}

static void answer(struct house *h, enum fetch_lane lane, enum fetch_outcome outcome, bytes content)
{
    struct fetch_answer a = {.outcome = outcome, .text = outcome == FETCH_FOUND ? BYTES_ABSENT : BYTES_LIT("why")};
    uint8_t head[FETCH_LENGTH_BYTES + FETCH_ANSWER_HEAD_BYTES + LIMIT_FETCH_TEXT_BYTES];
    size_t n = fetch_answer_write_head(&a, &head[FETCH_LENGTH_BYTES]);
    put_u32le(head, (uint32_t)(n + content.len));
    cr_assert_eq(write(h->programs[lane], head, FETCH_LENGTH_BYTES + n), (ssize_t)(FETCH_LENGTH_BYTES + n));
    cr_assert_eq(write(h->programs[lane], content.ptr, content.len), (ssize_t)content.len);
    turn(h);
}

static bytes document_of(unsigned slot, const char *line)
{
    return sim_file(simulated(slot, line), SIM_FILE_EVIDENCE);
}

/* ---- refusals --------------------------------------------------------------------------------------------------- */

/* Each of these ends the program for us: the document goes on as it was, and the next one is not asked about. */
static void expect_lost(const char *bytes_, size_t len)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    complete(&h, document);
    (void)asked(&h, FETCH_LANE_CACHE);
    cr_assert_eq(write(h.programs[FETCH_LANE_CACHE], bytes_, len), (ssize_t)len);
    turn(&h);
    cr_expect_eq(h.done, 1);
    cr_expect(bytes_eq(BYTES(h.document, h.document_len), document));
    complete(&h, document);
    cr_expect_eq(h.done, 2);
    close_house(&h);
}

Test(collateral_uv, a_program_that_talks_nonsense_is_given_up)
{
    expect_lost("\0\0\0\0", 4);
    expect_lost("\xff\xff\xff\xff", 4);
    expect_lost("\1\0\0\0\0", 5);
    expect_lost("\x08\0\0\0\x09\0\0\0\0\1\0x", 12);
}

Test(collateral_uv, a_program_that_answers_nobody_is_given_up)
{
    static struct house h;
    open_house(&h);
    for (unsigned i = 0; i < FETCH_LANES; i++) {
        answer(&h, (enum fetch_lane)i, FETCH_FOUND, BYTES_LIT("DER"));
        cr_expect_not(h.collateral.lanes[i].is_open);
    }
    close_house(&h);
}

Test(collateral_uv, a_program_that_ends_or_says_nothing_is_given_up)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    complete(&h, document);
    close(h.programs[FETCH_LANE_CACHE]);
    h.programs[FETCH_LANE_CACHE] = -1;
    turn(&h);
    cr_expect_eq(h.done, 1);
    close_house(&h);

    open_house(&h);
    complete(&h, document);
    collateral_tick(&h.collateral, h.collateral.lanes[FETCH_LANE_CACHE].asked_at + 15000);
    cr_expect_eq(h.done, 0);
    collateral_tick(&h.collateral, h.collateral.lanes[FETCH_LANE_CACHE].asked_at + 20000);
    cr_expect_eq(h.done, 1);
    close_house(&h);
}

Test(collateral_uv, without_a_program_documents_stay_as_they_are)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    collateral_complete(&h.collateral, document, "peer", came, &h);
    cr_expect(h.done == 1 && bytes_eq(BYTES(h.document, h.document_len), document));
}

/* Says no until a document has come back; how often the service was asked. */
static unsigned refuse_all(struct house *h)
{
    unsigned of_service = 0;
    for (unsigned done = h->done; h->done == done;) {
        enum fetch_lane lane = is_asked(h, FETCH_LANE_CACHE) ? FETCH_LANE_CACHE : FETCH_LANE_SERVICE;
        bool from_cache = asked(h, lane).from_cache;
        of_service += !from_cache;
        answer(h, lane, from_cache ? FETCH_NOT_CACHED : FETCH_ABSENT, BYTES_LIT(""));
    }
    return of_service;
}

/* Strangers may name as many chips as they like; the caches are asked about each, the service about some. */
Test(collateral_uv, the_service_is_asked_so_often_and_no_more)
{
    static struct house h;
    unsigned of_service = 0;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    for (unsigned i = 0; i < 2 * COLLATERAL_REQUESTS; i++) {
        complete(&h, document);
        of_service += refuse_all(&h);
        cr_expect(bytes_eq(BYTES(h.document, h.document_len), document));
    }
    cr_expect_eq(of_service, COLLATERAL_REQUESTS);
    close_house(&h);
}

Test(collateral_uv, so_many_wait_and_no_more)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    for (unsigned i = 0; i < LIMIT_COLLATERAL_JOBS; i++)
        complete(&h, document);
    cr_expect_eq(h.done, 0);
    complete(&h, document);
    cr_expect_eq(h.done, 1);
    close_house(&h);
}

Test(collateral_uv, so_many_wait_for_the_service_and_no_more)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    for (unsigned i = 0; i < LIMIT_COLLATERAL_SERVICE; i++) {
        complete(&h, document);
        (void)asked(&h, FETCH_LANE_CACHE);
        answer(&h, FETCH_LANE_CACHE, FETCH_NOT_CACHED, BYTES_LIT(""));
    }
    cr_expect_eq(h.done, 0);
    complete(&h, document);
    for (unsigned item = 0; item < 2; item++) {
        (void)asked(&h, FETCH_LANE_CACHE);
        answer(&h, FETCH_LANE_CACHE, FETCH_NOT_CACHED, BYTES_LIT(""));
    }
    cr_expect(h.done == 1 && bytes_eq(BYTES(h.document, h.document_len), document));
    close_house(&h);
}

/* Nobody asks the service for who is gone, and his place is free. */
Test(collateral_uv, who_has_gone_waits_no_more)
{
    static struct house h;
    static int contexts[LIMIT_COLLATERAL_JOBS];
    bytes document = document_of(0, LACKING);
    open_house(&h);
    for (unsigned i = 0; i < LIMIT_COLLATERAL_JOBS; i++)
        collateral_complete(&h.collateral, document, "peer", came, &contexts[i]);
    turn(&h);
    for (unsigned i = 0; i < LIMIT_COLLATERAL_JOBS; i++)
        cr_expect(collateral_cancel(&h.collateral, &contexts[i]), "%u", i);
    cr_expect_not(collateral_cancel(&h.collateral, &contexts[0]));
    cr_expect_eq(h.collateral.count, 1, "whose request is under way");
    complete(&h, document);
    (void)asked(&h, FETCH_LANE_CACHE);
    answer(&h, FETCH_LANE_CACHE, FETCH_NOT_CACHED, BYTES_LIT(""));
    cr_expect_not(is_asked(&h, FETCH_LANE_SERVICE));
    cr_expect_eq(h.collateral.count, 1);
    cr_expect_eq(refuse_all(&h), 2, "the one that is still there: a VCEK and a CRL");
    cr_expect_eq(h.done, 1);
    close_house(&h);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

Test(collateral_uv, what_lacks_nothing_is_not_asked_about)
{
    static struct house h;
    bytes document = document_of(0, "--envelope protobuf --include leaf --include crl");
    open_house(&h);
    complete(&h, document);
    cr_expect(h.done == 1 && bytes_eq(BYTES(h.document, h.document_len), document));
    complete(&h, BYTES_LIT("no document"));
    cr_expect_eq(h.done, 2);
    close_house(&h);
}

Test(collateral_uv, what_is_lacking_is_filled_in)
{
    static struct house h;
    uint8_t report[SNP_REPORT_BYTES];
    struct snp_attestation a = {0};
    const struct sim_evidence *whole = simulated(1, "--envelope protobuf");
    bytes leaf = sim_file(whole, SIM_FILE_LEAF), crl = sim_file(whole, SIM_FILE_CRL);
    bytes bare = document_of(0, LACKING);
    open_house(&h);
    complete(&h, bare);
    struct fetch_request r = asked(&h, FETCH_LANE_CACHE);
    cr_expect(r.kind == FETCH_VCEK && r.from_cache && r.product == 1 && r.chip_id.len == 64);
    answer(&h, FETCH_LANE_CACHE, FETCH_FOUND, leaf);
    r = asked(&h, FETCH_LANE_CACHE);
    cr_expect(r.kind == FETCH_CRL && r.from_cache);
    answer(&h, FETCH_LANE_CACHE, FETCH_STALE, BYTES_LIT("old"));
    r = asked(&h, FETCH_LANE_SERVICE);
    cr_expect(r.kind == FETCH_CRL && r.from_cache, "somebody may have got it meanwhile");
    answer(&h, FETCH_LANE_SERVICE, FETCH_NOT_CACHED, BYTES_LIT(""));
    r = asked(&h, FETCH_LANE_SERVICE);
    cr_expect(r.kind == FETCH_CRL && !r.from_cache);
    cr_expect_eq(h.done, 0);
    answer(&h, FETCH_LANE_SERVICE, FETCH_FOUND, crl);
    cr_expect_eq(h.done, 1);
    cr_assert(is_ok(snp_attestation_parse(BYTES(h.document, h.document_len), report, &a, NULL)));
    cr_expect(bytes_eq(a.vcek, leaf) && bytes_eq(a.crl, crl));
    cr_expect(bytes_eq(a.report, sim_file(whole, SIM_FILE_REPORT)));
    close_house(&h);
}

/* The service has not answered who came first; who lacks what is in the cache does not wait for that. */
Test(collateral_uv, what_is_in_the_cache_does_not_wait_for_the_service)
{
    static struct house h;
    const struct sim_evidence *whole = simulated(1, "--envelope protobuf");
    bytes document = document_of(0, LACKING);
    open_house(&h);
    complete(&h, document);
    (void)asked(&h, FETCH_LANE_CACHE);
    answer(&h, FETCH_LANE_CACHE, FETCH_NOT_CACHED, BYTES_LIT(""));
    (void)asked(&h, FETCH_LANE_SERVICE);
    answer(&h, FETCH_LANE_SERVICE, FETCH_NOT_CACHED, BYTES_LIT(""));
    cr_expect_not(asked(&h, FETCH_LANE_SERVICE).from_cache);
    complete(&h, document);
    cr_expect_eq(asked(&h, FETCH_LANE_CACHE).kind, FETCH_VCEK);
    answer(&h, FETCH_LANE_CACHE, FETCH_FOUND, sim_file(whole, SIM_FILE_LEAF));
    cr_expect_eq(asked(&h, FETCH_LANE_CACHE).kind, FETCH_CRL);
    answer(&h, FETCH_LANE_CACHE, FETCH_FOUND, sim_file(whole, SIM_FILE_CRL));
    cr_expect_eq(h.done, 1, "the second one");
    answer(&h, FETCH_LANE_SERVICE, FETCH_ABSENT, BYTES_LIT(""));
    (void)refuse_all(&h);
    cr_expect_eq(h.done, 2, "and the first one");
    close_house(&h);
}

/* Who only looks once more goes before who asks the service, but not before whose request is under way. */
Test(collateral_uv, a_second_look_goes_before_the_service)
{
    static struct house h;
    bytes document = document_of(0, LACKING);
    open_house(&h);
    for (unsigned i = 0; i < 3; i++) { /* the first is at the service, the others come behind it */
        complete(&h, document);
        (void)asked(&h, FETCH_LANE_CACHE);
        answer(&h, FETCH_LANE_CACHE, FETCH_NOT_CACHED, BYTES_LIT(""));
        if (i > 0) continue;
        (void)asked(&h, FETCH_LANE_SERVICE);
        answer(&h, FETCH_LANE_SERVICE, FETCH_NOT_CACHED, BYTES_LIT(""));
        cr_expect_not(asked(&h, FETCH_LANE_SERVICE).from_cache);
    }
    answer(&h, FETCH_LANE_SERVICE, FETCH_LIMITED, BYTES_LIT(""));
    for (unsigned i = 0; i < 2; i++) {
        cr_expect(asked(&h, FETCH_LANE_SERVICE).from_cache, "%u", i);
        answer(&h, FETCH_LANE_SERVICE, FETCH_NOT_CACHED, BYTES_LIT(""));
    }
    cr_expect_not(asked(&h, FETCH_LANE_SERVICE).from_cache);
    close_house(&h);
}
