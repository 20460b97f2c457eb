/* SPDX-License-Identifier: Apache-2.0 */
#include "coordinator/nursery.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coordinator/keeper.h"
#include "net/log.h"

enum {
    PATIENCE_MS = 5000, /* what a child has to itself when all channels are taken */
    LAST_MS = 3000,     /* what children have in the end */
    LOOK_MS = 50,       /* between looks for children that have ended */
};

/* No request of a child has this number. */
#define CLEAR_ID UINT32_MAX

/* An answer of the keeper: a document with certificates, and what is around it. */
enum { PACKET_BYTES = 128 << 10 };

struct slot {
    int channel;
    pid_t child; /* 0: none */
    int64_t since;
    bool is_clearing; /* what the child before may have left unread is being read away */
};

struct nursery {
    const struct nursery_options *options;
    struct slot slots[NURSERY_SLOTS];
};

static int64_t now_ms(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- channels --------------------------------------------------------------------------------------------------- */

/* The keeper answers in order: when this is answered, nothing for the child before is left. */
static bool begin_clearing(struct slot *s)
{
    const struct message m = {.kind = KEEPER_STATE, .id = CLEAR_ID};
    uint8_t frame[16];
    size_t len = 0;
    s->child = 0;
    s->is_clearing = true;
    if (!is_ok(message_size(&m, &len, NULL)) || len > sizeof frame) return false;
    message_write(&m, frame);
    return write(s->channel, frame, len) == (ssize_t)len;
}

/* Takes one answer off a channel. */
static void clear(struct slot *s)
{
    static uint8_t packet[PACKET_BYTES];
    struct message m;
    ssize_t n = read(s->channel, packet, sizeof packet);
    if (n > 0 && is_ok(message_parse(BYTES(packet, (size_t)n), &m, NULL)) && m.id == CLEAR_ID) s->is_clearing = false;
}

/* ---- children --------------------------------------------------------------------------------------------------- */

static size_t count_children(const struct nursery *n)
{
    size_t count = 0;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        count += n->slots[i].child != 0;
    return count;
}

/* False when a channel is of no more use. */
static bool reap(struct nursery *n)
{
    pid_t child = 0;
    bool is_good = true;
    while ((child = waitpid(-1, NULL, WNOHANG)) > 0)
        for (size_t i = 0; i < NURSERY_SLOTS; i++)
            if (n->slots[i].child == child) is_good = begin_clearing(&n->slots[i]) && is_good;
    return is_good;
}

static struct slot *find_free(struct nursery *n)
{
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (n->slots[i].child == 0 && !n->slots[i].is_clearing) return &n->slots[i];
    return NULL;
}

/* Its place is free once it has been reaped and its channel cleared. */
static void end_oldest(struct nursery *n)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (n->slots[i].child != 0 && (!oldest || n->slots[i].since < oldest->since)) oldest = &n->slots[i];
    if (oldest && now_ms() - oldest->since >= PATIENCE_MS) (void)kill(oldest->child, SIGKILL);
}

static void close_channels(const struct nursery *n, const struct slot *but)
{
    close(n->options->listener);
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (&n->slots[i] != but) close(n->slots[i].channel);
}

static void bear(struct nursery *n, struct slot *s)
{
    int connection = accept(n->options->listener, NULL, NULL);
    if (connection < 0) return; /* it has gone away again */
    pid_t child = fork();
    if (child == 0) {
        close_channels(n, s);
        _exit(n->options->serve(n->options->context, connection, s->channel));
    }
    close(connection);
    if (child < 0) {
        LOG("warning", "a connection was not taken", {"cause", strerror(errno)}, );
        return;
    }
    s->child = child;
    s->since = now_ms();
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

enum { LISTENER = NURSERY_SLOTS, POLLED };

/* *is_over: the keeper has closed a channel. */
static status step(struct nursery *n, bool *is_over, struct err *err)
{
    struct pollfd fds[POLLED];
    struct slot *s = find_free(n);
    if (!s) end_oldest(n);
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        fds[i] = (struct pollfd){.fd = n->slots[i].channel, .events = n->slots[i].is_clearing ? POLLIN : 0};
    fds[LISTENER] = (struct pollfd){.fd = s ? n->options->listener : -1, .events = POLLIN};
    if (poll(fds, POLLED, count_children(n) > 0 ? LOOK_MS : -1) < 0)
        return errno == EINTR ? OK : err_set(err, ERR_IO, 0, "poll: %s", strerror(errno));
    for (size_t i = 0; i < NURSERY_SLOTS; i++) {
        *is_over |= (fds[i].revents & (POLLHUP | POLLERR)) != 0;
        if (fds[i].revents & POLLIN) clear(&n->slots[i]);
    }
    *is_over |= !reap(n);
    if (!*is_over && fds[LISTENER].revents) bear(n, s);
    return OK;
}

static void end_children(struct nursery *n)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    for (int64_t until = now_ms() + LAST_MS; count_children(n) > 0;) {
        for (size_t i = 0; i < NURSERY_SLOTS; i++) {
            struct slot *s = &n->slots[i];
            if (s->child == 0) continue;
            if (now_ms() >= until) (void)kill(s->child, SIGKILL);
            if (waitpid(s->child, NULL, WNOHANG) != 0) s->child = 0;
        }
        if (count_children(n) > 0) (void)nanosleep(&pause, NULL);
    }
}

status nursery_run(const struct nursery_options *options, struct err *err)
{
    struct nursery n = {.options = options};
    bool is_over = false;
    status s = OK;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        n.slots[i].channel = options->channels[i];
    while (is_ok(s) && !is_over)
        s = step(&n, &is_over, err);
    close_channels(&n, NULL);
    end_children(&n);
    return s;
}
