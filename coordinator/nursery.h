/* SPDX-License-Identifier: Apache-2.0 */
/* coordinator/nursery.h: while a Coordinator needs recovery, each connection to its User API has a process of its own.
 *
 * Whoever recovers sends the seed.  So that it passes through no process that lives on, nor through one that a
 * stranger's connection shares, the nursery accepts connections, takes nothing from them, and forks a child for each
 * that has said something; the child serves it as a front does and ends with it.  A child has a channel to the keeper
 * for itself: one of a few that were made before the keeper was locked down, used again when the child before has ended
 * and what it left was read away.  They keep the bounds of messages (SOCK_SEQPACKET), so that a child that dies leaves
 * no half of one behind.
 *
 * Connections that say nothing have no child, and keep nobody out.  When all channels are taken the oldest child makes
 * room, after a while, and whoever came last is next.  The trap: strangers who speak and keep coming, faster than
 * children make room, keep an owner out.
 *
 * The keeper closes its ends of the channels when it has recovered, or when all is to end: then the nursery lets its
 * children finish and ends.  The front of the User API, which has the same listening socket, goes on from there.
 *
 * What it needs of the kernel: poll, accept, recvfrom (to look), fork (clone), wait4 and kill of its children, read and
 * write on the channels, close, and what its children need to lock themselves down; no file.  A child needs what a
 * front without a store does, and is locked down as one before it takes the first byte.
 */
#ifndef COORDINATOR_NURSERY_H
#define COORDINATOR_NURSERY_H

#include "parse/status.h"

/* Connections that are served at once. */
enum { NURSERY_SLOTS = 16 };

/* Connections that wait for a child, or have said nothing yet; for one more the oldest of those makes room.  A process
 * may have at least 1024 descriptors nearly everywhere. */
enum { LIMIT_NURSERY_WAITING = 512 };

struct nursery_options {
    int listener;                /* as all descriptors here: taken over, and does not block */
    int channels[NURSERY_SLOTS]; /* SOCK_SEQPACKET, with the keeper at the other end */

    /* Serves one connection in a child, which then ends; takes over both descriptors. */
    int (*serve)(void *context, int connection, int channel);
    void *context;
};

/* Returns when recovery is over, and all children have ended.  ERR_IO.
 *
 * In a child it does not return. */
MUST_USE status nursery_run(const struct nursery_options *options, struct err *err);

#endif
