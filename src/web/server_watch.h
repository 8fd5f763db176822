// SPDX-License-Identifier: Apache-2.0
// Every connection, and how long it may take for what it does. The library knows only how long
// nothing came; one byte every few seconds would hold a connection for ever. Here a head has an
// absolute deadline, and bodies and answers a least speed. Connections that fail are cut.
//
// Nobody reads from a connection whose request is with a worker. Whether its other end has left
// meanwhile is looked up here, too, so that nothing is counted for nobody. One that has only ended
// its own direction counts as one that left.
//
// The thread sleeps while there is no connection.
#pragma once

#include "web/server_socket.h"

#include <stdatomic.h>

enum connection_phase {
    PHASE_HEAD,   // the next head, or the handshake before it: as long as the patience
    PHASE_BODY,   // a body: when the patience has ended, at least LIMIT_SLOWEST_BYTES_PER_S
    PHASE_WORK,   // with a worker: as long as it takes
    PHASE_ANSWER, // the answer: as a body
    PHASE_LIVE,   // events, as long as both sides like
    PHASE_CUT,    // its end is coming
};

struct connection {
    struct connection *next, *previous; // guarded by the watch's lock
    int fd;
    bool is_owner;
    char address[SOCKET_ADDRESS_SIZE];
    char user[SOCKET_USER_SIZE]; // of the owner
    _Atomic(enum connection_phase) phase;
    atomic_int_fast64_t since_us; // monotonic, when the phase began
    atomic_int_fast64_t bytes;    // received in PHASE_BODY; to send in PHASE_ANSWER
    atomic_bool is_stopped;       // its request is to end at the next safe point
    atomic_bool is_left;          // because nobody waits for the answer
};

struct watch;

// patience_ms 0: LIMIT_PATIENCE_MS.
code watch_start(struct scope *scope, int patience_ms, struct watch **ret_watch);
void watch_stop(struct watch *watch); // takes NULL

// Between the two a connection may be cut: its socket is shut down, which the library notices. Call
// watch_remove before the socket is closed.
struct connection *watch_add(struct watch *watch, int fd);
void watch_remove(struct watch *watch, struct connection *connection);
int watch_count(struct watch *watch);
int64_t watch_cut_count(struct watch *watch);  // ever
int64_t watch_left_count(struct watch *watch); // ever: whose other end left before the answer

// By the thread that has the connection's request.
void connection_enter(struct connection *connection, enum connection_phase phase, int64_t bytes);
void connection_received(struct connection *connection, size_t bytes);
// The other end does not keep up. Any thread, while the connection is sure to be there.
void connection_cut(struct connection *connection);
// Its request is to end, as the server does. The same.
void connection_stop(struct connection *connection);

// Whether it took too long: what the thread asks about each connection. For tests.
bool connection_is_late(const struct connection *connection, int patience_ms, int64_t now_us);
