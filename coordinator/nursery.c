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
    PATIENCE_MS = 5000, /* what a child has to itself when all channels are taken and somebody waits */
    CHILD_MS = 60000,   /* what it has at all: a handshake, and a call or two */
    WAIT_MS = 25000,    /* from a connection to its child, as long as a handshake may take */
    LAST_MS = 3000,     /* what children have in the end */
    LOOK_MS = 50,       /* between looks for children that have ended */
    IDLE_MS = 1000,     /* while there is none, and connections wait */
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
    bool has_asked;   /* the keeper, for the last of it */
};

/* A connection without a child. */
struct waiting {
    int connection;
    int64_t since;
    bool has_spoken;
};

struct nursery {
    const struct nursery_options *options;
    struct slot slots[NURSERY_SLOTS];
    struct waiting waiting[LIMIT_NURSERY_WAITING]; /* the oldest first */
    size_t waiting_count;
};

static int64_t now_ms(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- channels --------------------------------------------------------------------------------------------------- */

/* The keeper answers in order: when this is answered, nothing for the child before is left.  A channel that is full of
 * what that child has asked has room once some of it was answered. */
static void ask_for_last(struct slot *s)
{
    const struct message m = {.kind = KEEPER_STATE, .id = CLEAR_ID};
    uint8_t frame[16];
    size_t len = 0;
    if (!is_ok(message_size(&m, &len, NULL)) || len > sizeof frame) return;
    message_write(&m, frame);
    s->has_asked = write(s->channel, frame, len) == (ssize_t)len;
}

/* Takes one answer off a channel. */
static void clear(struct slot *s)
{
    static uint8_t packet[PACKET_BYTES];
    struct message m;
    ssize_t n = read(s->channel, packet, sizeof packet);
    if (n > 0 && is_ok(message_parse(BYTES(packet, (size_t)n), &m, NULL)) && m.id == CLEAR_ID) s->is_clearing = false;
}

static short events_of(const struct slot *s)
{
    if (!s->is_clearing) return 0;
    return s->has_asked ? POLLIN : POLLIN | POLLOUT;
}

/* ---- children --------------------------------------------------------------------------------------------------- */

static size_t count_children(const struct nursery *n)
{
    size_t count = 0;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        count += n->slots[i].child != 0;
    return count;
}

static void reap(struct nursery *n)
{
    pid_t child = 0;
    while ((child = waitpid(-1, NULL, WNOHANG)) > 0)
        for (size_t i = 0; i < NURSERY_SLOTS; i++)
            if (n->slots[i].child == child)
                n->slots[i] = (struct slot){.channel = n->slots[i].channel, .is_clearing = true};
}

static struct slot *find_free(struct nursery *n)
{
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (n->slots[i].child == 0 && !n->slots[i].is_clearing) return &n->slots[i];
    return NULL;
}

/* Its place is free once it has been reaped and its channel cleared. */
static void end_oldest_after(struct nursery *n, int64_t ms)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (n->slots[i].child != 0 && (!oldest || n->slots[i].since < oldest->since)) oldest = &n->slots[i];
    if (oldest && now_ms() - oldest->since >= ms) (void)kill(oldest->child, SIGKILL);
}

static void close_all(const struct nursery *n, const struct slot *but)
{
    close(n->options->listener);
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        if (&n->slots[i] != but) close(n->slots[i].channel);
    for (size_t i = 0; i < n->waiting_count; i++)
        close(n->waiting[i].connection);
}

static void bear(struct nursery *n, struct slot *s, int connection)
{
    pid_t child = fork();
    if (child == 0) {
        close_all(n, s);
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

/* ---- connections that wait -------------------------------------------------------------------------------------- */

/* The connection, out of the list. */
static int take(struct nursery *n, size_t i)
{
    int connection = n->waiting[i].connection;
    n->waiting_count--;
    memmove(&n->waiting[i], &n->waiting[i + 1], (n->waiting_count - i) * sizeof n->waiting[i]);
    return connection;
}

/* The oldest that has said nothing, or else the oldest. */
static void make_room(struct nursery *n)
{
    size_t i = 0;
    while (i < n->waiting_count && n->waiting[i].has_spoken)
        i++;
    if (n->waiting_count > 0) close(take(n, i < n->waiting_count ? i : 0));
}

static void receive(struct nursery *n)
{
    int connection = accept(n->options->listener, NULL, NULL);
    if (connection < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) make_room(n);
        return; /* or it has gone away again */
    }
    if (n->waiting_count == LIMIT_NURSERY_WAITING) make_room(n);
    n->waiting[n->waiting_count++] = (struct waiting){.connection = connection, .since = now_ms()};
}

/* Whether it is still there; nothing is taken from it. */
static bool listen_to(struct waiting *w)
{
    uint8_t byte = 0;
    ssize_t len = recv(w->connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    w->has_spoken |= len > 0;
    return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

static void listen_to_all(struct nursery *n, const struct pollfd *fds)
{
    int64_t now = now_ms();
    for (size_t i = n->waiting_count; i-- > 0;) {
        struct waiting *w = &n->waiting[i];
        bool is_here = (fds[i].revents & POLLIN) ? listen_to(w) : !(fds[i].revents & (POLLHUP | POLLERR));
        if (!is_here || now - w->since >= WAIT_MS) close(take(n, i));
    }
}

/* The one that came last is first: a crowd that was there before an owner does not keep him waiting. */
static void bear_all(struct nursery *n)
{
    for (size_t i = n->waiting_count; i-- > 0;) {
        if (!n->waiting[i].has_spoken) continue;
        struct slot *s = find_free(n);
        if (!s) {
            end_oldest_after(n, PATIENCE_MS);
            return;
        }
        bear(n, s, take(n, i));
    }
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

enum { LISTENER = NURSERY_SLOTS, WAITING, POLLED = WAITING + LIMIT_NURSERY_WAITING };

static int patience(const struct nursery *n)
{
    if (count_children(n) > 0) return LOOK_MS;
    return n->waiting_count > 0 ? IDLE_MS : -1;
}

/* *is_over: the keeper has closed a channel. */
static status step(struct nursery *n, bool *is_over, struct err *err)
{
    struct pollfd fds[POLLED];
    for (size_t i = 0; i < NURSERY_SLOTS; i++)
        fds[i] = (struct pollfd){.fd = n->slots[i].channel, .events = events_of(&n->slots[i])};
    fds[LISTENER] = (struct pollfd){.fd = n->options->listener, .events = POLLIN};
    for (size_t i = 0; i < n->waiting_count; i++)
        fds[WAITING + i] =
            (struct pollfd){.fd = n->waiting[i].connection, .events = n->waiting[i].has_spoken ? 0 : POLLIN};
    if (poll(fds, WAITING + n->waiting_count, patience(n)) < 0)
        return errno == EINTR ? OK : err_set(err, ERR_IO, 0, "poll: %s", strerror(errno));
    for (size_t i = 0; i < NURSERY_SLOTS; i++) {
        *is_over |= (fds[i].revents & (POLLHUP | POLLERR)) != 0;
        if (fds[i].revents & POLLIN) clear(&n->slots[i]);
        if (fds[i].revents & POLLOUT) ask_for_last(&n->slots[i]);
    }
    reap(n);
    end_oldest_after(n, CHILD_MS);
    listen_to_all(n, &fds[WAITING]);
    if (fds[LISTENER].revents) receive(n);
    if (!*is_over) bear_all(n);
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
    close_all(&n, NULL);
    end_children(&n);
    return s;
}
