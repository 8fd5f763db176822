// SPDX-License-Identifier: Apache-2.0
// One request on its way through the server, from its head to the last byte of its answer. It
// belongs to the thread of its connection; while the connection is suspended, to a worker.
#pragma once

#include "store/store.h"
#include "web/server.h"
#include "web/server_answer.h"
#include "web/server_head.h"

#include <stdatomic.h>

struct MHD_Connection;
struct connection;
struct live;
struct live_listener;
struct metrics;
struct once;
struct watch;
struct workers;

// What the exchanges of a server share.
struct serving {
    struct server_options options;
    struct store *store;
    struct workers *workers;
    struct live *live;
    struct watch *watch;
    struct metrics *metrics;
    void (*resume)(struct exchange *exchange); // its answer is ready
    atomic_int intake_count;                   // requests that the intake has or will have
    atomic_int_fast64_t intake_bytes;          // of them
    uint64_t id_seed;
    atomic_uint_fast64_t exchange_count; // ever made
    atomic_int open_exchanges;
    atomic_bool is_ending; // connections that come are closed
};

enum exchange_stage {
    EXCHANGE_NEW,       // the head has not been looked at
    EXCHANGE_ASKING,    // with a worker: may the sender do this? Before a large body is received
    EXCHANGE_ADMITTED,  // it may
    EXCHANGE_RECEIVING, // the body comes
    EXCHANGE_RUNNING,   // with a worker
    EXCHANGE_ANSWERED,  // the answer is ready
};

struct exchange {
    enum exchange_stage stage;
    struct serving *serving;
    struct MHD_Connection *handle;
    struct connection *connection;
    struct exchange *next; // in the queue of the workers

    char id[17];           // in the log, in the answer and in what is said about our own faults
    int64_t started_us;    // monotonic
    int64_t queued_us;     // monotonic
    char *target;          // "/path?query" as it came
    const char *target_at; // where it stood
    struct text query;
    bool is_head; // asked as a GET, answered without the body

    struct request request; // its texts are the connection's and live as long as this
    struct request_client client;
    struct request_file file; // of a route that takes one
    const struct route *route;
    int64_t content_bytes; // as the head says
    struct buffer body;    // received so far, unless it goes to the file
    int file_fd;           // -1: none
    code receive_problem;  // why the body could not be kept; told when all of it has come
    bool takes_gzip;
    bool is_heavy;    // waits and runs as route.is_heavy
    bool is_admitted; // `actor` was asked for before the body came
    struct actor actor;
    bool is_intake;  // the intake's (web/intake.h), with what follows
    bool is_instant; // answered without a worker
    bool is_packed;
    struct text authorization;
    int64_t intake_bytes; // of its place; 0: it has none
    struct once *once;    // of a request with an Idempotency-Key

    struct answer answer;
    struct live_listener *listener;
};

// `target` stays where it is, in the connection's memory; a copy is made.
struct exchange *exchange_new(struct serving *serving, struct MHD_Connection *handle,
                              const char *target);
// Its answer has gone, or its connection: logged, counted and freed.
void exchange_end(struct exchange *exchange);

// What becomes of a request with this head: an answer at once (EXCHANGE_ANSWERED), a question to a
// worker before the body may come (EXCHANGE_ASKING), or its body (EXCHANGE_RECEIVING), if it has
// one.
void exchange_begin(struct exchange *exchange, const struct head *head, bool is_encrypted);
// An answer of one sentence; EXCHANGE_ANSWERED.
void exchange_refuse(struct exchange *exchange, int status, const char *message);
// 503: the queue or the list of listeners is full, or its turn did not come.
void exchange_refuse_busy(struct exchange *exchange, int retry_after_s);
// Fields of every answer are added: it can be sent.
void exchange_seal(struct exchange *exchange);

// GET /metrics. Its row is none of the table, as it is answered by the server itself.
extern const struct route metrics_route;
code exchange_metrics(struct scope *scope, struct serving *serving, struct response *response);
